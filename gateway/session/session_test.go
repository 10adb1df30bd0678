package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a settable time, safe for concurrent use.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2007, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) step(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

var (
	bg    = context.Background()
	p903i = Binding{Carrier: "docomo", Class: "handset", Model: "P903i"}
	atEnd = func(Change) bool { return true }
	never = func(Change) bool { return false }
)

const site = "sns.example"

// memory makes a manager over a store in memory.
func memory(t *testing.T) (*Manager, *File, *clock) {
	t.Helper()
	c := newClock()
	store := OpenFile("", 0, c.now)
	t.Cleanup(func() { store.Close() })
	return NewManager(store, Terms{}, c.now), store, c
}

func mustCreate(t *testing.T, m *Manager, p Place, jar Jar) *Session {
	t.Helper()
	s, err := m.Create(bg, p, site, p903i, jar)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSEC30_IDsAre128BitsAndNeverRepeat(t *testing.T) {
	const n = 1_000_000
	seen := make(map[string]bool, n)
	for range n {
		id := newID()
		if !ValidID(id) || seen[id] {
			t.Fatalf("ID %q is malformed or came twice", id)
		}
		seen[id] = true
	}
}

func TestSEC30_StoreHoldsNeitherIDNorCookies(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sessions")
	store := OpenFile(name, 0, nil)
	m := NewManager(store, Terms{}, nil)
	s := mustCreate(t, m, InURL, Jar{{Name: "sid", Value: "canary-cookie", Path: "/"}})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	disk, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{s.ID, "canary-cookie", "P903i"} {
		if bytes.Contains(disk, []byte(secret)) {
			t.Errorf("the journal holds %q in the clear", secret)
		}
	}
	if info, _ := os.Stat(name); info.Mode().Perm() != 0o600 {
		t.Errorf("the journal's mode is %v", info.Mode())
	}
}

func TestSEC31_UnknownAndMalformedIDs(t *testing.T) {
	m, _, _ := memory(t)
	s := mustCreate(t, m, InURL, Jar{{Name: "a", Value: "1"}})
	for name, id := range map[string]string{
		"empty": "", "attacker's": strings.Repeat("A", IDLen), "short": s.ID[:21], "long": s.ID + "A", "other alphabet": strings.Repeat("+", IDLen),
	} {
		if _, err := m.Open(bg, InURL, site, id, p903i); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, other := range []struct {
		p    Place
		host string
	}{{InCookie, site}, {InTLS, site}, {InURL, "other.example"}} {
		if _, err := m.Open(bg, other.p, other.host, s.ID, p903i); !errors.Is(err, ErrUnknown) {
			t.Errorf("an ID for URLs of %s was good for %s at %s: %v", site, other.p, other.host, err)
		}
	}
}

func TestSEC31_LoginMovesTheStateAndLeavesTheOldJarBehind(t *testing.T) {
	m, _, c := memory(t)
	planted := mustCreate(t, m, InURL, Jar{{Name: "pre", Value: "1", Path: "/"}})
	next, err := m.Apply(bg, planted, site, "/login", []string{"sid=member; Path=/; HttpOnly"}, atEnd, InURL)
	if err != nil || next.ID == planted.ID {
		t.Fatalf("no new ID: %v", err)
	}
	if got := next.Jar.Header("sns.example", "/", false, c.now()); got != "pre=1; sid=member" {
		t.Errorf("new jar sends %q", got)
	}
	old, err := m.Open(bg, InURL, site, planted.ID, p903i)
	if err != nil {
		t.Fatalf("within the grace the old ID should open: %v", err)
	}
	if got := old.Jar.Header("sns.example", "/", false, c.now()); got != "pre=1" {
		t.Errorf("the old ID sends %q: it must never see the login", got)
	}
	if after, err := m.Apply(bg, old, site, "/", []string{"late=1; Path=/"}, never, InURL); err != nil || len(after.Jar) != 1 {
		t.Errorf("a superseded session took a cookie: %v %v", after, err)
	}
	c.step(61 * time.Second)
	if _, err := m.Open(bg, InURL, site, planted.ID, p903i); !errors.Is(err, ErrUnknown) {
		t.Errorf("after the grace the planted ID gives %v", err)
	}
}

// A logout on a page that still bears the old ID is one of the session that goes on, also through several moves; of what came after the
// old ID sees nothing.
func TestSEC31_LogoutGoesAlong(t *testing.T) {
	for _, host := range []string{site, Anywhere} {
		m, _, c := memory(t)
		old, err := m.Create(bg, InURL, host, p903i, nil)
		if err != nil {
			t.Fatal(err)
		}
		old, _ = m.Apply(bg, old, site, "/", []string{"sid=member; Path=/"}, never, InURL)
		next, last := old, old
		for _, line := range []string{"a=1; Path=/", "b=1; Path=/"} {
			if next, err = m.Apply(bg, last, site, "/", []string{line}, atEnd, InURL); err != nil || next.ID == last.ID {
				t.Fatal(err)
			}
			last = next
		}
		if old, err = m.Open(bg, InURL, host, old.ID, p903i); err != nil {
			t.Fatal(err)
		}
		out, err := m.Apply(bg, old, site, "/logout", []string{"sid=; Path=/; Max-Age=0", "late=1; Path=/"}, never, InURL)
		if err != nil || out != nil && len(out.Jar) > 0 {
			t.Errorf("%s: the old ID has %v, %v", host, out, err)
		}
		if last, err = m.Open(bg, InURL, host, last.ID, p903i); err != nil || last.Jar.Header(site, "/", false, c.now()) != "a=1; b=1" {
			t.Errorf("%s: the session goes on with %v, %v", host, last, err)
		}
	}
}

func TestSEC32_Binding(t *testing.T) {
	with := func(edit func(*Binding)) Binding { b := p903i; edit(&b); return b }
	for name, row := range map[string]struct {
		made, used Binding
		want       error
	}{
		"same":                  {p903i, p903i, nil},
		"other carrier":         {p903i, with(func(b *Binding) { b.Carrier = "au" }), ErrMismatch},
		"other model":           {p903i, with(func(b *Binding) { b.Model = "N903i" }), ErrMismatch},
		"outside the range":     {p903i, with(func(b *Binding) { b.Class = "other" }), ErrMismatch},
		"ID appears":            {p903i, with(func(b *Binding) { b.Subscriber = "x" }), nil},
		"ID missing this time":  {with(func(b *Binding) { b.Subscriber = "x" }), p903i, nil},
		"other ID, same model":  {with(func(b *Binding) { b.Subscriber = "x" }), with(func(b *Binding) { b.Subscriber = "y" }), ErrMismatch},
		"same ID, other letter": {with(func(b *Binding) { b.Subscriber = "x" }), with(func(b *Binding) { b.Subscriber = "X" }), ErrMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			m, _, _ := memory(t)
			s, err := m.Create(bg, InURL, site, row.made, Jar{{Name: "a", Value: "1"}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.Open(bg, InURL, site, s.ID, row.used); !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
			if row.want == nil {
				return
			}
			if _, err := m.Open(bg, InURL, site, s.ID, row.made); !errors.Is(err, ErrUnknown) {
				t.Errorf("the session survived the mismatch: %v", err)
			}
		})
	}
}

func TestSEC32_AnIDSeenLaterBindsToo(t *testing.T) {
	m, _, _ := memory(t)
	s := mustCreate(t, m, InURL, Jar{{Name: "a", Value: "1"}})
	first, second := p903i, p903i
	first.Subscriber, second.Subscriber = "x", "y"
	if _, err := m.Open(bg, InURL, site, s.ID, first); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Open(bg, InURL, site, s.ID, second); !errors.Is(err, ErrMismatch) {
		t.Errorf("another subscriber: %v", err)
	}
}

func TestSEC33_Expiry(t *testing.T) {
	for _, row := range []struct {
		name  string
		place Place
		every time.Duration // used this often
		until time.Duration // still good then
		dead  time.Duration // and no longer then
	}{
		{"URL idle", InURL, 0, 29 * time.Minute, 31 * time.Minute},
		{"URL in use", InURL, 20 * time.Minute, 11*time.Hour + 50*time.Minute, 12*time.Hour + time.Minute},
		{"cookie idle", InCookie, 0, 14*24*time.Hour - time.Minute, 14*24*time.Hour + time.Minute},
		{"cookie in use", InCookie, 24 * time.Hour, 59 * 24 * time.Hour, 60*24*time.Hour + time.Minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, at := range []time.Duration{row.until, row.dead} {
				m, _, c := memory(t)
				s := mustCreate(t, m, row.place, Jar{{Name: "a", Value: "1"}})
				start := c.now()
				for row.every > 0 && c.now().Sub(start)+row.every < at {
					c.step(row.every)
					m.Open(bg, row.place, site, s.ID, p903i)
				}
				c.step(at - c.now().Sub(start))
				_, err := m.Open(bg, row.place, site, s.ID, p903i)
				if alive := err == nil; alive != (at == row.until) {
					t.Errorf("after %v: %v", at, err)
				}
			}
		})
	}
}

func TestLogoutEndsTheSession(t *testing.T) {
	m, _, _ := memory(t)
	s := mustCreate(t, m, InURL, Jar{{Name: "sid", Value: "1", Path: "/"}})
	next, err := m.Apply(bg, s, site, "/logout", []string{"sid=; Path=/; Max-Age=0"}, never, InURL)
	if err != nil || next != nil {
		t.Fatalf("got %v, %v; want no session", next, err)
	}
	if _, err := m.Open(bg, InURL, site, s.ID, p903i); !errors.Is(err, ErrUnknown) {
		t.Error("the session outlived its last cookie")
	}
}

func TestAnswersAtTheSameTimeLoseNoCookie(t *testing.T) {
	m, _, c := memory(t)
	s := mustCreate(t, m, InURL, Jar{{Name: "sid", Value: "1", Path: "/"}})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			mine, err := m.Open(bg, InURL, site, s.ID, p903i)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := m.Apply(bg, mine, site, "/", []string{fmt.Sprintf("c%d=1; Path=/", i)}, never, InURL); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	last, err := m.Open(bg, InURL, site, s.ID, p903i)
	if err != nil || len(last.Jar) != 21 {
		t.Errorf("%d cookies (%v) in %q", len(last.Jar), err, last.Jar.Header("sns.example", "/", false, c.now()))
	}
}
