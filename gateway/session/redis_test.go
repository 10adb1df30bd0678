package session

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// needs skips the test without a program, or fails it where all services are promised.
func needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") == "1" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed", program)
	}
	return path
}

// redisServer starts a real server on a free port and returns its address and a way to stop it.
func redisServer(t *testing.T, args ...string) (addr string, stop func()) {
	t.Helper()
	program := needs(t, "redis-server")
	for range 20 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := ln.Addr().(*net.TCPAddr).Port
		ln.Close()
		if port > 55000 { // a cluster node also listens 10,000 higher
			continue
		}
		cmd := exec.Command(program, append([]string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir()}, args...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var once sync.Once
		stop = func() { once.Do(func() { cmd.Process.Kill(); cmd.Wait() }) }
		t.Cleanup(stop)
		addr = fmt.Sprintf("127.0.0.1:%d", port)
		waitFor(t, func() bool {
			c, err := net.Dial("tcp", addr)
			if err == nil {
				c.Close()
			}
			return err == nil
		})
		return addr, stop
	}
	t.Fatal("no free port")
	return "", nil
}

func waitFor(t *testing.T, ready func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ready(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not ready in time")
		}
	}
}

func openRedis(t *testing.T, url string) *Redis {
	t.Helper()
	r, err := OpenRedis(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// examine is what every store must do, and what two gateways before one store see of each other.
func examine(t *testing.T, here, there Store) {
	t.Helper()
	a, b := NewManager(here, Terms{}, nil), NewManager(there, Terms{}, nil)
	var sessions []*Session
	for i := range 50 { // over all nodes of a cluster
		s, err := a.Create(bg, InURL, site, p903i, Jar{{Name: "sid", Value: fmt.Sprint(i), Path: "/"}})
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, s)
	}
	for i, s := range sessions {
		got, err := b.Open(bg, InURL, site, s.ID, p903i)
		if err != nil || got.Jar[0].Value != fmt.Sprint(i) {
			t.Fatalf("the other gateway: %v", err)
		}
	}
	var wg sync.WaitGroup
	for i := range 16 {
		m := map[int]*Manager{0: a, 1: b}[i%2]
		wg.Go(func() {
			if _, err := m.Apply(bg, sessions[0], "/", []string{fmt.Sprintf("c%d=1; Path=/", i)}, never, InURL); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if s, err := a.Open(bg, InURL, site, sessions[0].ID, p903i); err != nil || len(s.Jar) != 17 {
		t.Errorf("16 cookies at once: %v, jar %v", err, s)
	}
	other := p903i
	other.Model = "N903i"
	if _, err := b.Open(bg, InURL, site, sessions[1].ID, other); !errors.Is(err, ErrMismatch) {
		t.Errorf("mismatch: %v", err)
	}
	if _, err := a.Open(bg, InURL, site, sessions[1].ID, p903i); !errors.Is(err, ErrUnknown) {
		t.Errorf("the other gateway's end of a session is not seen: %v", err)
	}
	if err := here.Save(bg, Key{9}, []byte("x"), 30*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	if _, err := there.Load(bg, Key{9}); !errors.Is(err, ErrUnknown) {
		t.Errorf("an expired record: %v", err)
	}
}

func TestFileStoreExam(t *testing.T) {
	f := OpenFile("", 0, nil)
	defer f.Close()
	examine(t, f, f)
}

func TestRedisSingleServer(t *testing.T) {
	addr, _ := redisServer(t)
	examine(t, openRedis(t, "redis://"+addr+"/0"), openRedis(t, "redis://"+addr+"/0"))
}

func TestRedisClusterOfThree(t *testing.T) {
	cli := needs(t, "redis-cli")
	var nodes []string
	for range 3 {
		addr, _ := redisServer(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		nodes = append(nodes, addr)
	}
	out, err := exec.Command(cli, append(append([]string{"--cluster", "create"}, nodes...), "--cluster-replicas", "0", "--cluster-yes")...).CombinedOutput()
	if err != nil {
		t.Fatalf("redis-cli: %v\n%s", err, out)
	}
	waitFor(t, func() bool {
		for _, n := range nodes {
			host, port, _ := net.SplitHostPort(n)
			b, _ := exec.Command(cli, "-h", host, "-p", port, "cluster", "info").Output()
			if !strings.Contains(string(b), "cluster_state:ok") {
				return false
			}
		}
		return true
	})
	url := "redis+cluster://" + strings.Join(nodes, ",")
	examine(t, openRedis(t, url), openRedis(t, url))
}

// A lost Redis is an error at once, and a Redis that is back is used again.
func TestRedisLostAndBack(t *testing.T) {
	addr, stop := redisServer(t)
	r := openRedis(t, "redis://"+addr+"/0")
	m := NewManager(r, Terms{}, nil)
	s := mustCreate(t, m, InURL, Jar{{Name: "a", Value: "1"}})
	stop()
	for range 3 {
		began := time.Now()
		if _, err := m.Open(bg, InURL, site, s.ID, p903i); err == nil || errors.Is(err, ErrUnknown) {
			t.Fatalf("without Redis: %v", err)
		}
		if d := time.Since(began); d > 3*redisTimeout {
			t.Errorf("took %v to say so", d)
		}
	}
	_, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command(needs(t, "redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	waitFor(t, func() bool { return r.Ping(bg) == nil })
	if _, err := m.Open(bg, InURL, site, s.ID, p903i); !errors.Is(err, ErrUnknown) {
		t.Errorf("with an empty Redis: %v", err)
	}
}

func TestRedisURLs(t *testing.T) {
	for _, bad := range []string{"", "localhost:6379", "http://a", "redis+sentinel://a:1", "redis://a:b:c"} {
		if _, err := OpenRedis(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	o, err := redisOptions("redis+cluster://us%40er:pa%2Fss@a:1,b:2")
	if err != nil || !o.IsClusterMode || len(o.Addrs) != 2 || o.Username != "us@er" || o.Password != "pa/ss" {
		t.Errorf("%+v %v", o, err)
	}
}

func TestRedisSharesPictures(t *testing.T) {
	addr, stop := redisServer(t)
	one, err := OpenRedis("redis://" + addr + "/0")
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	other, err := OpenRedis("redis://" + addr + "/0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	ctx := t.Context()
	if _, err := other.Picture(ctx, "a"); !errors.Is(err, ErrUnknown) {
		t.Errorf("a picture that nobody kept: %v", err)
	}
	if err := one.KeepPicture(ctx, "a", []byte("bytes")); err != nil {
		t.Fatal(err)
	}
	if b, err := other.Picture(ctx, "a"); err != nil || string(b) != "bytes" {
		t.Errorf("%q, %v", b, err)
	}
	if err := one.KeepPicture(ctx, "large", make([]byte, maxPictureBytes+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Picture(ctx, "large"); !errors.Is(err, ErrUnknown) {
		t.Errorf("a picture over the limit: %v", err)
	}
	stop()
	if _, err := other.Picture(ctx, "a"); err == nil {
		t.Error("a lost Redis gave a picture")
	}
}
