package session

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"musubi/gateway/redis"
	"musubi/gateway/redis/redistest"
)

func openShared(t *testing.T, url string) *Shared {
	t.Helper()
	db, err := redis.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	s := OpenShared(db)
	t.Cleanup(func() { s.Close() })
	return s
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
			if _, err := m.Apply(bg, sessions[0], site, "/", []string{fmt.Sprintf("c%d=1; Path=/", i)}, never, InURL); err != nil {
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

func TestSharedOnOneServer(t *testing.T) {
	addr, _ := redistest.Server(t)
	examine(t, openShared(t, "redis://"+addr+"/0"), openShared(t, "redis://"+addr+"/0"))
}

func TestSharedOnAClusterOfThree(t *testing.T) {
	url := redistest.Cluster(t)
	examine(t, openShared(t, url), openShared(t, url))
}

// A lost Redis is not a session that is not there: nobody is logged out by it.
func TestSharedIsLost(t *testing.T) {
	addr, stop := redistest.Server(t)
	m := NewManager(openShared(t, "redis://"+addr+"/0"), Terms{}, nil)
	s := mustCreate(t, m, InURL, Jar{{Name: "a", Value: "1"}})
	stop()
	for range 3 {
		if _, err := m.Open(bg, InURL, site, s.ID, p903i); err == nil || errors.Is(err, ErrUnknown) {
			t.Fatalf("without Redis: %v", err)
		}
	}
}
