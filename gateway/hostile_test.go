package gateway

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/carriers"
	"musubi/gateway/door"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

// fast makes the limits of time small enough for a test.
func fast(c *Config) {
	c.Limits.HeaderTime, c.Limits.BodyTime, c.Limits.IdleTime = 300*time.Millisecond, 500*time.Millisecond, 400*time.Millisecond
}

// trickle sends bytes one by one until the connection ends, and returns how long that took.
func trickle(c net.Conn, text string) time.Duration {
	began := time.Now()
	go io.Copy(io.Discard, c)
	for i := range len(text) {
		if _, err := c.Write([]byte{text[i]}); err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(began)
}

func TestSEC64_SlowAndIdleClients(t *testing.T) {
	for name, text := range map[string]string{
		"slow header": "GET / HTTP/1.1\r\nHost: " + ourHost + "\r\nX-A: " + strings.Repeat("a", 400),
		"slow body":   "POST / HTTP/1.1\r\nHost: " + ourHost + "\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\n" + strings.Repeat("a", 400),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, hello, fast)
			c := w.dial(anywhere)
			defer c.Close()
			head, body, _ := strings.Cut(text, "\r\n\r\n")
			if body != "" {
				fmt.Fprintf(c, "%s\r\n\r\n", head)
				text = body
			}
			if d := trickle(c, text); d > 4*time.Second {
				t.Errorf("held for %v", d)
			}
		})
	}
	t.Run("idle", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hello, fast)
		c := w.dial(anywhere)
		defer c.Close()
		fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", ourHost)
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Errorf("an idle connection was not closed: %v", err)
		}
	})
	t.Run("half closed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hello, fast)
		for range 200 {
			c := w.dial(anywhere)
			fmt.Fprintf(c, "GET / HTT")
			c.Close()
		}
		if r := w.get(anywhere, uaChrome, "/"); r.StatusCode() != 200 {
			t.Errorf("afterwards: %d", r.StatusCode())
		}
	})
}

// A chunked body without end is cut off at the limit and costs no more memory than that.
func TestSEC64_EndlessBody(t *testing.T) {
	w := newWorld(t, hello, nil)
	c := w.dial(anywhere)
	defer c.Close()
	fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n", ourHost)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	chunk := []byte("10000\r\n" + strings.Repeat("a", 65536) + "\r\n")
	sent := 0
	go func() {
		for sent < 1<<30 {
			if _, err := c.Write(chunk); err != nil {
				return
			}
			sent += 65536
		}
	}()
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	var r fasthttp.Response
	if err := r.Read(bufio.NewReader(c)); err != nil || r.StatusCode() != 413 {
		t.Fatalf("answer %v %d", err, r.StatusCode())
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 64<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

// Ten thousand connections that say nothing do not keep the others waiting.
func TestSEC64_ManyIdleConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("opens 10,000 connections")
	}
	w := newWorld(t, hello, nil)
	var idle []net.Conn
	defer func() {
		for _, c := range idle {
			c.Close()
		}
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10_000 {
		idle = append(idle, w.dial(anywhere))
	}
	var times []time.Duration
	for range 300 {
		began := time.Now()
		if r := w.get(docomo, uaP903i, "/"); r.StatusCode() != 200 {
			t.Fatalf("status %d", r.StatusCode())
		}
		times = append(times, time.Since(began))
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	runtime.ReadMemStats(&after)
	t.Logf("99 of 100 answers within %v; heap %d MB for 10,000 idle connections", times[297], (after.HeapAlloc-before.HeapAlloc)>>20)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 400<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

func TestSEC64_RateKnowsCarrierGateways(t *testing.T) {
	w := newWorld(t, hello, func(c *Config) { c.Limits.ClientRate, c.Limits.ClientBurst = 1, 20 })
	refused := func(from, ua string, lines ...string) (n int) {
		for range 40 {
			if w.get(from, ua, "/", lines...).StatusCode() == 429 {
				n++
			}
		}
		return n
	}
	g := genuines[1]
	if n := refused(anywhere, uaChrome); n < 15 {
		t.Errorf("one PC: %d of 40 refused", n)
	}
	if n := refused("192.0.2.77", uaChrome); n < 35 {
		t.Errorf("its neighbour in the same network: %d of 40 refused", n)
	}
	if n := refused("198.51.100.1", uaChrome); n > 25 {
		t.Errorf("another network: %d of 40 refused", n)
	}
	if n := refused(docomo, uaP903i); n != 0 {
		t.Errorf("a carrier's gateway: %d of 40 refused", n)
	}
	if n := refused(handsetAddr[carriers.Au], g.ua, g.field+": "+g.id); n < 15 {
		t.Errorf("one subscriber: %d of 40 refused", n)
	}
	if n := refused(handsetAddr[carriers.Au], g.ua, g.field+": "+g.other); n > 25 {
		t.Errorf("another subscriber behind the same gateway: %d of 40 refused", n)
	}
	if n := refused("127.0.0.1", uaChrome); n != 0 {
		t.Errorf("this machine: %d of 40 refused", n)
	}
}

// A thousand members log in at once, on handsets of one model behind one gateway, and look around: nobody ever sees
// another's page.
func TestAThousandLoginsAreNeverMixedUp(t *testing.T) {
	const atOnce = 64
	a := newApp()
	w := newWorld(t, a.handle, func(c *Config) { c.Limits.Door = door.Limits{Inside: atOnce, Forms: atOnce} })
	var wg sync.WaitGroup
	gate := make(chan struct{}, atOnce)
	for i := range 1000 {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			name := fmt.Sprintf("member%04d", i)
			r := w.post(docomo, uaP903i, "/login", "name="+name)
			token := tokenOf(r)
			for range 3 {
				if got := w.who(t, docomo, uaP903i, token); got != name {
					t.Errorf("%s sees the home of %q", name, got)
				}
			}
		})
	}
	wg.Wait()
}

func TestSEC25_KeyFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "keys")
	made, err := OpenLoginKeys(name)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(name); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	again, err := OpenLoginKeys(name)
	if err != nil {
		t.Fatal(err)
	}
	key, old := made.Of("docomo", "subscriber", "AbCdEf1")
	if k, _ := again.Of("docomo", "subscriber", "AbCdEf1"); k != key || old != "" || strings.Contains(key, "AbCdEf1") {
		t.Errorf("%q, again %q, old %q", key, k, old)
	}
	for _, other := range [][3]string{{"au", "subscriber", "AbCdEf1"}, {"docomo", "card", "AbCdEf1"}, {"docomo", "subscriber", "abcdef1"}, {"docomos", "ubscriber", "AbCdEf1"}} {
		if k, _ := made.Of(other[0], other[1], other[2]); k == key {
			t.Errorf("%v has the same key", other)
		}
	}
	before, _ := os.ReadFile(name)
	os.WriteFile(name, append([]byte(strings.Repeat("ab", 32)+"\n"), before...), 0o600)
	rotated, err := OpenLoginKeys(name)
	if err != nil {
		t.Fatal(err)
	}
	if now, old := rotated.Of("docomo", "subscriber", "AbCdEf1"); old != key || now == key {
		t.Errorf("after a rotation: %q, old %q", now, old)
	}
	for text, mode := range map[string]os.FileMode{"short\n": 0o600, strings.Repeat("ab", 32): 0o644, "": 0o600, strings.Repeat(strings.Repeat("ab", 32)+"\n", 3): 0o600} {
		bad := filepath.Join(t.TempDir(), "bad")
		os.WriteFile(bad, []byte(text), mode)
		os.Chmod(bad, mode)
		if _, err := OpenLoginKeys(bad); err == nil {
			t.Errorf("%.20q with mode %v was taken", text, mode)
		}
	}
}

func TestSEC27_OperatorsPages(t *testing.T) {
	w := newWorld(t, hello, nil)
	reloads := 0
	ask := func(method, uri string, lines ...string) (int, string) {
		var ctx fasthttp.RequestCtx
		var req fasthttp.Request
		req.Header.SetMethod(method)
		req.Header.SetHost("127.0.0.1:8081")
		req.SetRequestURI(uri)
		for _, l := range lines {
			name, v, _ := strings.Cut(l, ": ")
			req.Header.Set(name, v)
		}
		ctx.Init(&req, nil, quiet{})
		w.g.AdminServer(Operators{Reload: func() error {
			if reloads++; reloads > 1 {
				return fmt.Errorf("line 3 is wrong")
			}
			return nil
		}}).Handler(&ctx)
		return ctx.Response.StatusCode(), string(ctx.Response.Body())
	}
	w.get(docomo, uaP903i, "/")
	for _, row := range []struct {
		method, uri, line string
		status            int
		has               string
	}{
		{"GET", "/healthz", "", 200, "ok"}, {"GET", "/readyz", "", 200, "ready"}, {"GET", "/metrics", "", 200, `musubi_requests_total{carrier="docomo",dialect="ixhtml-`},
		{"POST", "/easy-login?on=0&carrier=au", "", 200, "done"}, {"POST", "/easy-login?on=2", "", 400, "on must be"}, {"GET", "/easy-login?on=0", "", 405, "POST"},
		{"POST", "/easy-login?on=1", "Origin: http://evil.example", 403, ""}, {"POST", "/reload", "Sec-Fetch-Site: cross-site", 403, ""},
		{"GET", "/debug/pprof/heap", "", 200, ""}, {"GET", "/debug/pprof/goroutine", "", 200, ""}, {"GET", "/debug/pprof/trace?seconds=1", "", 200, ""},
		{"GET", "/debug/pprof/", "", 200, "goroutine"}, {"GET", "/debug/pprof/cmdline", "", 200, "gateway"}, {"GET", "/debug/pprof/symbol", "", 200, "num_symbols: 1"}, {"POST", "/debug/pprof/symbol", "", 200, "num_symbols"},
		{"GET", "/debug/pprof/goroutine?debug=1", "", 200, "goroutine profile: total"}, {"GET", "/debug/pprof", "", 301, ""}, {"GET", "/debug/pprof/nothing", "", 404, ""}, {"GET", "/debug/pprof/profile?seconds=1", "", 200, ""}, {"GET", "/debug/pprof/profile?seconds=61", "", 400, "1 to 60"},
		{"GET", "/debug/pprof/profile?seconds=1", "Sec-Fetch-Site: cross-site", 403, ""}, {"POST", "/debug/pprof/heap", "", 405, "GET"},
		{"POST", "/reload", "", 200, "reloaded"}, {"POST", "/reload", "", 422, "line 3"}, {"GET", "/reload", "", 405, ""}, {"GET", "/", "", 404, ""},
	} {
		var lines []string
		if row.line != "" {
			lines = append(lines, row.line)
		}
		if status, body := ask(row.method, row.uri, lines...); status != row.status || !strings.Contains(body, row.has) {
			t.Errorf("%s %s: %d %.200s", row.method, row.uri, status, body)
		}
	}
	if w.g.easyLogin(carriers.Au) || !w.g.easyLogin(carriers.DoCoMo) {
		t.Error("the switch for au did not switch au alone")
	}
}

// A page that gives its own name the address of the operators' listener reads nothing there: its requests bear that name.
func TestSEC15_OperatorsListenerKnowsItsNames(t *testing.T) {
	w := newWorld(t, hello, nil)
	outbox := func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("a live link") }
	s := w.g.AdminServer(Operators{Hosts: []string{"ops.example", "ops.example:9000"}, More: outbox})
	for host, want := range map[string]int{
		"127.0.0.1:8081": 200, "127.0.0.1": 200, "[::1]:8081": 200, "localhost:8081": 200, "LOCALHOST": 200, "192.0.2.7:8081": 200, "ops.example:8081": 200, "ops.example": 200,
		"evil.example": 421, "evil.example:8081": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example:8081": 421, "": 421, "ops.example.": 421, "a@127.0.0.1": 421, "127.1": 421,
	} {
		for _, path := range []string{"/", "/outbox", "/metrics", "/healthz"} {
			var ctx fasthttp.RequestCtx
			var req fasthttp.Request
			req.SetRequestURI(path)
			req.Header.SetHost(host)
			ctx.Init(&req, nil, quiet{})
			s.Handler(&ctx)
			if got := ctx.Response.StatusCode(); got != want || want == 421 && strings.Contains(string(ctx.Response.Body()), "link") {
				t.Errorf("Host %q, %s: %d, want %d", host, path, got, want)
			}
		}
	}
}

// A form has 200 fields at most, whoever sends it: one that has more reaches no upstream.
func TestSEC64_FormsOfBrowsersAreBoundedToo(t *testing.T) {
	w := newWorld(t, hello, nil)
	for _, ua := range []string{uaChrome, uaP903i} {
		for n, want := range map[int]int{1: 200, 200: 200, 201: 413, 5000: 413} {
			plain := strings.TrimSuffix(strings.Repeat("a=b&", n), "&")
			files := strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n", n) + "--x--\r\n"
			for kind, body := range map[string]string{"application/x-www-form-urlencoded": plain, "multipart/form-data; boundary=x": files} {
				r := w.raw(anywhere, fmt.Sprintf("POST / HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", ourHost, ua, kind, len(body), body))
				if r == nil || r.StatusCode() != want && (want != 413 || r.StatusCode() != 400) {
					t.Errorf("%.8s, %d fields of %s: %v, want %d", ua, n, kind, r, want)
				}
				if asked := len(w.requests()) > 0; asked != (want == 200) {
					t.Errorf("%.8s, %d fields of %s: the upstream was asked: %v", ua, n, kind, asked)
				}
			}
		}
	}
}

// Operators send logos, adverts and tables: as large as what members may send.
func TestOperatorsMaySendFiles(t *testing.T) {
	w := newWorld(t, hello, nil)
	got := 0
	s := w.g.AdminServer(Operators{More: func(ctx *fasthttp.RequestCtx) { got = len(ctx.PostBody()) }})
	l := fasthttputil.NewInmemoryListener()
	go s.Serve(l)
	t.Cleanup(func() { s.Shutdown() })
	c, err := l.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const size = 300 << 10
	fmt.Fprintf(c, "POST /operator/ad HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat("x", size))
	var r fasthttp.Response
	if err := r.Read(bufio.NewReader(c)); err != nil || r.StatusCode() != 200 || got != size {
		t.Errorf("%v, status %d, %d of %d bytes", err, r.StatusCode(), got, size)
	}
}
