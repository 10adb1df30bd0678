package gateway

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/gateway/fetch"
)

// An echo is the other end of every tunnel: it says what it is told, and notes who was called.
type echo struct {
	mu     sync.Mutex
	called []string
}

func (e *echo) dial(_ context.Context, address string) (net.Conn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.called = append(e.called, address)
	if strings.HasPrefix(address, "inner.") {
		return nil, fmt.Errorf("%w: private", fetch.ErrRefused)
	}
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		io.Copy(far, far)
	}()
	return near, nil
}

// tunnels is a proxy whose rule has two places.
func tunnels(t *testing.T, edit func(*Config)) (*world, *echo) {
	e := new(echo)
	return newWorld(t, twoSites, func(c *Config) {
		c.World = &World{Proxy: true, Connect: []string{"shop.example:443", "*.mail.example:993", "inner.example:443"}, Dial: e.dial}
		if edit != nil {
			edit(c)
		}
	}), e
}

// CONNECT leads where the operator's rule says, and nowhere else; what came along with the request goes on.
func TestSEC68_ConnectByRule(t *testing.T) {
	w, e := tunnels(t, nil)
	for _, row := range []struct {
		target, lines string
		status        int
	}{
		{"shop.example:443", "Host: shop.example:443\r\n", 200}, {"SHOP.example:443", "Host: shop.example\r\n", 200}, {"shop.example:443", "", 200}, {"a.b.mail.example:993", "", 200},
		{"shop.example:22", "", 403}, {"evil.example:443", "", 403}, {"mail.example:993", "", 403}, {"evilmail.example:993", "", 403}, {"a.mail.example:443", "", 403},
		{"inner.example:443", "", 403}, {"shop.example", "", 400}, {"shop.example:", "", 400}, {":443", "", 400}, {"user@shop.example:443", "", 400}, {"shop.example.:443", "", 400},
		{"shop.example:0443", "", 400}, {"shop.example:443/", "", 400}, {"http://shop.example:443", "", 400}, {"/", "Host: shop.example:443\r\n", 400},
		{"shop.example:443", "Host: evil.example:443\r\n", 400}, {"shop.example:443", "Host: shop.example:443\r\nHost: shop.example:443\r\n", 400},
		{"shop.example:443", "Content-Length: 5\r\n", 400}, {"shop.example:443", "Transfer-Encoding: chunked\r\n", 400},
	} {
		e.called = nil
		c := w.dial(anywhere)
		c.SetDeadline(time.Now().Add(5 * time.Second))
		fmt.Fprintf(c, "CONNECT %s HTTP/1.0\r\nUser-Agent: %s\r\n%s\r\nalong\r\n", row.target, uaNetscape, row.lines)
		r := bufio.NewReader(c)
		status, _ := r.ReadString('\n')
		if !strings.HasPrefix(status, fmt.Sprintf("HTTP/1.1 %d ", row.status)) {
			t.Errorf("%s %q: %q, want %d", row.target, row.lines, status, row.status)
		} else if row.status == 200 {
			r.ReadString('\n')
			fmt.Fprint(c, "GET / HTTP/1.1\nbare\n")
			if got := make([]byte, 27); true {
				if _, err := io.ReadFull(r, got); err != nil || string(got) != "along\r\nGET / HTTP/1.1\nbare\n" {
					t.Errorf("%s: %q came back: %v", row.target, got, err)
				}
			}
		}
		if want := row.status == 200 || strings.HasPrefix(row.target, "inner"); len(e.called) > 0 != want {
			t.Errorf("%s: called %q", row.target, e.called)
		}
		c.Close()
	}
	if len(w.requests()) > 0 {
		t.Error("a site was asked")
	}
}

// A tunnel is for those who may use the proxy.
func TestSEC68_ConnectWantsThePassword(t *testing.T) {
	w, e := tunnels(t, func(c *Config) { c.World.Password = "himitsu" })
	for line, want := range map[string]int{"": 407, "wrong": 407, "himitsu": 200} {
		credentials := ""
		if line != "" {
			credentials = "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("x:"+line)) + "\r\n"
		}
		c := w.dial(anywhere)
		fmt.Fprintf(c, "CONNECT shop.example:443 HTTP/1.0\r\nUser-Agent: %s\r\n%s\r\n", uaP903i, credentials)
		c.SetDeadline(time.Now().Add(5 * time.Second))
		if status, _ := bufio.NewReader(c).ReadString('\n'); !strings.Contains(status, fmt.Sprint(" ", want, " ")) {
			t.Errorf("%q: %s", line, status)
		}
		c.Close()
	}
	if len(e.called) != 1 {
		t.Errorf("called %q", e.called)
	}
}

// A tunnel ends when too much has passed, when nobody says anything, and when its client goes; there are only so many.
func TestSEC64_TunnelsAreBounded(t *testing.T) {
	open := func(w *world) (net.Conn, *bufio.Reader) {
		c := w.dial(anywhere)
		c.SetDeadline(time.Now().Add(5 * time.Second))
		fmt.Fprint(c, "CONNECT shop.example:443 HTTP/1.0\r\n\r\n")
		r := bufio.NewReader(c)
		if status, _ := r.ReadString('\n'); !strings.Contains(status, " 200 ") {
			t.Fatal(status)
		}
		r.ReadString('\n')
		return c, r
	}
	w, _ := tunnels(t, func(c *Config) { c.Limits.StreamBytes = 10_000 })
	c, r := open(w)
	go c.Write(make([]byte, 50_000))
	if n, _ := io.Copy(io.Discard, r); n > 10_000 {
		t.Errorf("%d bytes of 10,000 came back", n)
	}
	w, _ = tunnels(t, func(c *Config) { c.Limits.IdleTime = 50 * time.Millisecond })
	_, r = open(w)
	if _, err := r.ReadByte(); err != io.EOF {
		t.Errorf("a quiet tunnel: %v", err)
	}
	w, _ = tunnels(t, nil)
	w.g.tunnels.Acquire(context.Background(), maxTunnels-1)
	c, _ = open(w)
	late := w.raw(anywhere, "CONNECT shop.example:443 HTTP/1.0\r\n\r\n")
	if late == nil || late.StatusCode() != 503 {
		t.Errorf("one more than there may be: %v", late)
	}
	c.Close()
	for until := time.Now().Add(5 * time.Second); !w.g.tunnels.TryAcquire(1); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the place of a tunnel whose client has gone is not free again")
		}
	}
}
