package gateway

import (
	"fmt"
	"strings"
	"testing"
)

const anywhere = "192.0.2.9"

// vectors are requests that two servers might read differently, and what the gateway answers. Each starts after the Host
// line; H stands for it.
var vectors = []struct {
	name, raw string
	want      int
}{
	{"plain", "GET / HTTP/1.1\r\nH\r\n\r\n", 200},
	{"plain HTTP/1.0", "GET / HTTP/1.0\r\nH\r\n\r\n", 200},
	{"empty line first", "\r\nGET / HTTP/1.1\r\nH\r\n\r\n", 200},
	{"space before colon", "GET / HTTP/1.1\r\nH\r\nX-Dcmguid : v\r\n\r\n", 400},
	{"tab in name", "GET / HTTP/1.1\r\nH\r\nX-Dcmguid\t: v\r\n\r\n", 400},
	{"space in name", "GET / HTTP/1.1\r\nH\r\nX Dcmguid: v\r\n\r\n", 400},
	{"SEC-11 folded line", "GET / HTTP/1.1\r\nH\r\nX-A: b\r\n X-Dcmguid: v\r\n\r\n", 400},
	{"folded first line", "GET / HTTP/1.1\r\n X-Dcmguid: a\r\nH\r\n\r\n", 400},
	{"NUL in value", "GET / HTTP/1.1\r\nH\r\nX-Dcmguid: v\x00w\r\n\r\n", 400},
	{"bare CR in value", "GET / HTTP/1.1\r\nH\r\nX-A: v\rX-Dcmguid: w\r\n\r\n", 400},
	{"SEC-11 bare LF in request line", "GET / HTTP/1.1\nH\r\n\r\n", 400},
	{"bare LF after an empty line", "\r\nGET / HTTP/1.1\nH\r\n\r\n", 400},
	{"bare LF between fields", "GET / HTTP/1.1\r\nH\r\nX-A: b\nX-B: c\r\n\r\n", 400},
	{"8-bit name", "GET / HTTP/1.1\r\nH\r\nX-\x81Dcmguid: w\r\n\r\n", 400},
	{"empty name", "GET / HTTP/1.1\r\nH\r\n: w\r\n\r\n", 400},
	{"no colon", "GET / HTTP/1.1\r\nH\r\nX-Dcmguid\r\n\r\n", 400},
	{"SEC-60 length and coding", "POST / HTTP/1.1\r\nH\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"SEC-60 coding and length", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400},
	{"two lengths", "POST / HTTP/1.1\r\nH\r\nContent-Length: 4\r\nContent-Length: 0\r\n\r\nabcd", 400},
	{"same length twice", "POST / HTTP/1.1\r\nH\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", 400},
	{"list of lengths", "POST / HTTP/1.1\r\nH\r\nContent-Length: 4, 4\r\n\r\nabcd", 400},
	{"signed length", "POST / HTTP/1.1\r\nH\r\nContent-Length: +4\r\n\r\nabcd", 400},
	{"hexadecimal length", "POST / HTTP/1.1\r\nH\r\nContent-Length: 0x4\r\n\r\nabcd", 400},
	{"overflowing length", "POST / HTTP/1.1\r\nH\r\nContent-Length: 99999999999999999999\r\n\r\nabcd", 400},
	{"unknown coding", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
	{"identity coding", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: identity\r\n\r\n", 400},
	{"identity, chunked", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n", 400},
	{"two codings", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400},
	{"coding on HTTP/1.0", "POST / HTTP/1.0\r\nH\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"chunked", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na=bc\r\n0\r\n\r\n", 200},
	{"LF in chunk extension", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\n\r\n4;a\nabcd\r\n0\r\n\r\n", 400},
	{"chunk size 0x", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\n\r\n0x4\r\nabcd\r\n0\r\n\r\n", 400},
	{"negative chunk", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabcd\r\n0\r\n\r\n", 400},
	{"huge chunk", "POST / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nabcd\r\n0\r\n\r\n", 400},
	{"no host", "GET / HTTP/1.1\r\n\r\n", 400},
	{"two hosts", "GET / HTTP/1.1\r\nH\r\nHost: b\r\n\r\n", 400},
	{"absolute form, same host", "GET http://sns.example/x HTTP/1.1\r\nH\r\n\r\n", 200},
	{"SEC-16 absolute form, other host", "GET http://evil.example/x HTTP/1.1\r\nH\r\n\r\n", 400},
	{"absolute form, no path", "GET http://sns.example HTTP/1.1\r\nH\r\n\r\n", 200},
	{"absolute form, userinfo", "GET http://a@sns.example/ HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path //", "GET //evil.example/x HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path /..", "GET /a/../b HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path /%2e%2E", "GET /a/%2e%2E/b HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path .%2e", "GET /a/.%2e HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path %2f", "GET /a%2fb HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path %5c", "GET /a%5cb HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path %00", "GET /a%00 HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path bad percent", "GET /%zz HTTP/1.1\r\nH\r\n\r\n", 400},
	{"path short percent", "GET /a%4 HTTP/1.1\r\nH\r\n\r\n", 400},
	{"asterisk", "GET * HTTP/1.1\r\nH\r\n\r\n", 400},
	{"HTTP/0.9", "GET /\r\n\r\n", 400},
	{"HTTP/2.0 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
	{"SEC-61 HTTP/1.9", "GET / HTTP/1.9\r\nH\r\n\r\n", 505},
	{"lower-case http", "GET / http/1.1\r\nH\r\n\r\n", 400},
	{"bad method", "G@T / HTTP/1.1\r\nH\r\n\r\n", 400},
	{"SEC-61 lower-case method", "get / HTTP/1.1\r\nH\r\n\r\n", 501},
	{"unknown method", "BREW / HTTP/1.1\r\nH\r\n\r\n", 501},
	{"TRACE", "TRACE / HTTP/1.1\r\nH\r\n\r\n", 405},
	{"OPTIONS", "OPTIONS / HTTP/1.1\r\nH\r\n\r\n", 405},
	{"SEC-68 CONNECT", "CONNECT sns.example:443 HTTP/1.1\r\nH\r\n\r\n", 400},
	{"space in target", "GET /a b HTTP/1.1\r\nH\r\n\r\n", 400},
	{"body on GET", "GET / HTTP/1.1\r\nH\r\nContent-Length: 4\r\n\r\nabcd", 400},
	{"chunked body on GET", "GET / HTTP/1.1\r\nH\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"SEC-61 unknown Expect", "POST / HTTP/1.1\r\nH\r\nExpect: junk\r\nContent-Length: 4\r\n\r\na=bc", 417},
	{"compressed body", "POST / HTTP/1.1\r\nH\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", 415},
	{"Upgrade is not followed", "GET / HTTP/1.1\r\nH\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", 200},
	{"long URL", "GET /" + strings.Repeat("a", 2100) + " HTTP/1.1\r\nH\r\n\r\n", 414},
	{"many fields", "GET / HTTP/1.1\r\nH\r\n" + strings.Repeat("A: b\r\n", 120) + "\r\n", 431},
	{"large header", "GET / HTTP/1.1\r\nH\r\nA: " + strings.Repeat("b", 9000) + "\r\n\r\n", 431},
	{"SEC-64 large form", "POST / HTTP/1.1\r\nH\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 300000\r\n\r\n" + strings.Repeat("a", 300000), 413},
	{"huge upload", "POST / HTTP/1.1\r\nH\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 6000000\r\n\r\n" + strings.Repeat("a", 6000000), 413},
}

func TestSEC60_Vectors(t *testing.T) {
	w := newWorld(t, hello, nil)
	for _, v := range vectors {
		for _, ua := range []string{uaChrome, uaP903i} {
			raw := strings.Replace(v.raw, "H\r\n", "Host: "+ourHost+"\r\nUser-Agent: "+ua+"\r\n", 1)
			resp := w.raw(anywhere, raw)
			if resp == nil {
				t.Errorf("%s: no answer", v.name)
				continue
			}
			if got := resp.StatusCode(); got != v.want {
				t.Errorf("%s: status %d, want %d", v.name, got, v.want)
			}
			if v.want >= 400 {
				if len(resp.Body()) > 2048 || len(resp.Body()) == 0 {
					t.Errorf("%s: error page of %d bytes", v.name, len(resp.Body()))
				}
				if n := len(w.requests()); n != 0 {
					t.Errorf("%s: %d requests reached the upstream", v.name, n)
				}
			}
			if len(resp.Header.Peek("Set-Cookie")) > 0 && v.want >= 400 {
				t.Errorf("%s: an error page sets a cookie", v.name)
			}
			w.requests()
		}
	}
}

// What comes after a refused request on the same connection is never run.
func TestSEC60_NothingIsSmuggledBehindARefusal(t *testing.T) {
	w := newWorld(t, hello, nil)
	behind := "GET /smuggled HTTP/1.1\r\nHost: " + ourHost + "\r\n\r\n"
	for _, v := range vectors {
		if v.want < 400 {
			continue
		}
		raw := strings.Replace(v.raw, "H\r\n", "Host: "+ourHost+"\r\n", 1)
		w.raw(anywhere, raw+behind)
		for _, r := range w.requests() {
			t.Errorf("%s: the upstream saw %.60q", v.name, r)
		}
	}
}

func TestSEC61_MethodsAreOnlyWhatTheConfigSays(t *testing.T) {
	w := newWorld(t, hello, func(c *Config) { c.Methods = []string{"GET", "HEAD", "POST", "PUT", "CONNECT", "TRACE"} })
	for method, want := range map[string]int{"PUT": 200, "DELETE": 405, "TRACE": 405} {
		r := w.raw(anywhere, method+" / HTTP/1.1\r\nHost: "+ourHost+"\r\nContent-Length: 0\r\n\r\n")
		if r == nil || r.StatusCode() != want {
			t.Errorf("%s: %v, want %d", method, r, want)
		}
	}
}

// What a program's own protocol asks with passes at its addresses, and nowhere else.
func TestSEC61_MethodsOfPrograms(t *testing.T) {
	w := newWorld(t, hello, func(c *Config) {
		c.Program = func(method, path, _ string) bool { return method == "PUT" && path == "/atom/entry" }
	})
	for target, want := range map[string]int{"PUT /atom/entry": 200, "PUT /": 405, "DELETE /atom/entry": 405} {
		r := w.raw(anywhere, target+" HTTP/1.1\r\nHost: "+ourHost+"\r\nContent-Length: 0\r\n\r\n")
		if r == nil || r.StatusCode() != want {
			t.Errorf("%s: %v, want %d", target, r, want)
		}
	}
}

// Requests in a row on one connection, one of them with lines in its body that look like anything.
func TestPipelinedRequests(t *testing.T) {
	w := newWorld(t, hello, nil)
	c := w.dial(anywhere)
	defer c.Close()
	one := "POST /a HTTP/1.1\r\nHost: " + ourHost + "\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n\r\nGET / HTTP/1.1\nline\nline"
	go c.Write([]byte(strings.Repeat(one, 3)))
	if r := readAnswer(c); r == nil || r.StatusCode() != 200 {
		t.Fatalf("first: %v", r)
	}
}

// The same requests to a site through proxy and portal: what two servers might frame differently is refused there as well, and nothing
// behind a refusal is run. Paths are the site's own affair: it alone reads them, as they came.
func TestSEC60_VectorsThroughProxyAndPortal(t *testing.T) {
	const site = "shop.example"
	for way, w := range map[string]*world{
		"proxy": newWorld(t, hello, func(c *Config) { c.World = &World{Proxy: true} }), "portal": newWorld(t, hello, func(c *Config) { c.World = &World{Portal: true} }),
	} {
		host, root := site, "http://"+site
		if way == "portal" {
			host, root = ourHost, "/~/"+site
		}
		for i, v := range vectors {
			want := v.want
			switch {
			case strings.HasPrefix(v.name, "path "), v.name == "long URL":
				want = 200
			case v.name == "SEC-68 CONNECT":
				want = 405
			case strings.HasPrefix(v.name, "absolute form") && way == "portal":
				continue // a proxy's way of asking
			}
			for _, ua := range []string{uaChrome, uaP903i, uaNetscape} {
				raw := strings.ReplaceAll(strings.Replace(v.raw, "H\r\n", "Host: "+host+"\r\nUser-Agent: "+ua+"\r\n", 1), "http://sns.example", "http://"+host)
				raw = strings.Replace(raw, " /", " "+root+"/", 1)
				raw = strings.Replace(raw, "CONNECT sns.example", "CONNECT "+site, 1)
				behind := fmt.Sprintf("smuggled-%d", i)
				r := w.raw(anywhere, raw+"GET "+root+"/"+behind+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
				if r == nil || r.StatusCode() != want {
					t.Errorf("%s, %s, %.10s: %v, want %d", way, v.name, ua, r, want)
					continue
				}
				for _, asked := range w.requests() {
					if strings.Contains(asked, behind) && want >= 400 {
						t.Errorf("%s, %s: the site saw %.60q", way, v.name, asked)
					}
				}
			}
		}
	}
}
