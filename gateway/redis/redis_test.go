package redis

import (
	"errors"
	"math"
	"net"
	"os/exec"
	"testing"
	"time"

	"musubi/gateway/redis/redistest"
)

func open(t *testing.T, addr string) *DB {
	t.Helper()
	d, err := Open("redis://" + addr + "/0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// What one keeps the other finds, until it is removed.
func TestRecords(t *testing.T) {
	addr, _ := redistest.Server(t)
	one, other, ctx := open(t, addr), open(t, addr), t.Context()
	if _, err := other.Get(ctx, "a"); !errors.Is(err, ErrNone) {
		t.Errorf("a record that nobody kept: %v", err)
	}
	if err := one.Set(ctx, "a", []byte("1"), time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		made string
		ttl  time.Duration
		err  error
		want string
	}{
		{"refused", "2", time.Hour, errors.New("no"), "1"},
		{"made", "3", time.Hour, nil, "3"},
		{"removed", "4", 0, nil, ""},
	} {
		err := other.Update(ctx, "a", func(b []byte) ([]byte, time.Duration, error) { return []byte(c.made), c.ttl, c.err })
		if err != c.err {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
		if b, err := one.Get(ctx, "a"); string(b) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %q, %v, want %q", c.name, b, err, c.want)
		}
	}
	if err := one.Update(ctx, "a", func(b []byte) ([]byte, time.Duration, error) { return b, time.Hour, nil }); !errors.Is(err, ErrNone) {
		t.Errorf("what is not there is updated: %v", err)
	}
}

// A lost Redis is an error, one that is known to be away is not asked, and one that is back is used again.
func TestLostAndBack(t *testing.T) {
	addr, stop := redistest.Server(t)
	d, ctx := open(t, addr), t.Context()
	if err := d.Set(ctx, "a", []byte("1"), time.Hour); err != nil {
		t.Fatal(err)
	}
	stop()
	if _, err := d.Get(ctx, "a"); err == nil || errors.Is(err, ErrNone) {
		t.Errorf("without Redis: %v", err)
	}
	if d.downUntil.Load() == 0 {
		t.Error("after a failure it would be asked again at once")
	}
	_, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command(redistest.Needs(t, "redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	redistest.WaitFor(t, func() bool { return d.Ping(ctx) == nil })
	if _, err := d.Get(ctx, "a"); !errors.Is(err, ErrNone) {
		t.Errorf("with an empty Redis: %v", err)
	}
	d.downUntil.Store(math.MaxInt64)
	if _, err := d.Get(ctx, "a"); !errors.Is(err, ErrDown) {
		t.Errorf("while it is known to be away: %v", err)
	}
}

func TestURLs(t *testing.T) {
	for _, bad := range []string{"", "localhost:6379", "http://a", "redis+sentinel://a:1", "redis://a:b:c"} {
		if _, err := Open(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	o, err := options("redis+cluster://us%40er:pa%2Fss@a:1,b:2")
	if err != nil || !o.IsClusterMode || len(o.Addrs) != 2 || o.Username != "us@er" || o.Password != "pa/ss" {
		t.Errorf("%+v %v", o, err)
	}
}
