package fetch

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/pquerna/cachecontrol"
)

// A cache keeps answers that their sites allow everybody to share, in memory (RFC 9111). A stale one is asked for again with
// its validator.
type cache struct {
	next http.RoundTripper
	kept *otter.Cache[string, *answer]
	now  func() time.Time
}

// An answer is one kept response.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	vary    http.Header // the fields of the request that it was chosen by
	at      time.Time   // it was made, by our clock
	expires time.Time
}

// maxAnswer is the largest answer that is kept, bytes: pages, style and pictures, no downloads.
const maxAnswer = 1 << 20

func newCache(next http.RoundTripper, size int) (*cache, error) {
	kept, err := otter.New(&otter.Options[string, *answer]{MaximumWeight: uint64(size),
		Weigher: func(k string, a *answer) uint32 { return uint32(len(k) + len(a.body) + 1024) }})
	return &cache{next, kept, time.Now}, err
}

// RoundTrip implements http.RoundTripper.
func (c *cache) RoundTrip(req *http.Request) (*http.Response, error) {
	alone := (req.Method == http.MethodGet || req.Method == http.MethodHead) && hasDirective(req.Header, "only-if-cached")
	if !askable(req) && !alone {
		resp, err := c.next.RoundTrip(req)
		if err == nil && resp.StatusCode < 400 && req.Method != http.MethodGet && req.Method != http.MethodHead {
			c.kept.Invalidate(keyOf(req)) // RFC 9111 §4.4
		}
		return resp, err
	}
	key := keyOf(req)
	old, _ := c.kept.GetIfPresent(key)
	if old != nil && (!askable(req) || !old.chosenFor(req)) {
		old = nil
	}
	if old != nil && old.goodFor(req, c.now()) {
		return old.response(req, c.now()), nil
	}
	if alone { // RFC 9111 §5.2.1.7
		return &http.Response{StatusCode: http.StatusGatewayTimeout, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
	}
	if old != nil {
		req = old.question(req)
	}
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if old != nil && resp.StatusCode == http.StatusNotModified {
		resp.Body.Close()
		fresh := old.refreshed(resp.Header)
		c.store(key, req, fresh)
		return fresh.response(req, c.now()), nil
	}
	return c.keep(key, req, resp)
}

func keyOf(req *http.Request) string {
	return req.URL.Scheme + "://" + req.URL.Host + req.URL.RequestURI()
}

// usual are fields of a request that no site makes another page of without saying so in Vary. With any other, whose answer could be made for
// others to find, nothing is kept.
var usual = map[string]bool{"Accept": true, "Accept-Charset": true, "Accept-Encoding": true, "Accept-Language": true, "Cache-Control": true, "Dnt": true, "Pragma": true,
	"Referer": true, "Upgrade-Insecure-Requests": true, "User-Agent": true, "Via": true}

// askable says whether the answer to a request could be another's: no credentials of any kind, and the whole of it.
func askable(req *http.Request) bool {
	h := req.Header
	for name := range h {
		if !usual[name] && !strings.HasPrefix(name, "Ua-") && !strings.HasPrefix(name, "Sec-") && !strings.HasPrefix(name, "X-Up-") && !strings.HasPrefix(name, "X-Jphone-") {
			return false
		}
	}
	return req.Method == http.MethodGet && h.Get("Authorization") == "" && h.Get("Cookie") == "" && h.Get("Range") == "" &&
		h.Get("If-None-Match") == "" && h.Get("If-Modified-Since") == "" && !hasDirective(h, "no-store")
}

func hasDirective(h http.Header, name string) bool { return hasMember(h.Values("Cache-Control"), name) }

func hasMember(lists []string, name string) bool {
	for _, line := range lists {
		for d := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(d), name) {
				return true
			}
		}
	}
	return false
}

// goodFor says whether an answer need not be asked for again: it is fresh, and as young as this request wants it (RFC 9111 §5.2.1).
func (a *answer) goodFor(req *http.Request, now time.Time) bool {
	if !a.expires.After(now) || hasDirective(a.header, "no-cache") || hasDirective(req.Header, "no-cache") || req.Header.Get("Pragma") != "" {
		return false
	}
	for _, line := range req.Header.Values("Cache-Control") {
		for d := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
			n, err := strconv.ParseInt(value, 10, 32)
			wanted := time.Duration(n) * time.Second
			if strings.EqualFold(name, "max-age") && (err != nil || now.Sub(a.at) >= wanted) || strings.EqualFold(name, "min-fresh") && (err != nil || a.expires.Sub(now) < wanted) {
				return false
			}
		}
	}
	return true
}

// keep reads an answer that may be kept, and keeps it.
func (c *cache) keep(key string, req *http.Request, resp *http.Response) (*http.Response, error) {
	if resp.StatusCode == http.StatusPartialContent || hasMember(resp.Header.Values("Vary"), "*") || resp.Header.Get("Set-Cookie") != "" || resp.ContentLength > maxAnswer {
		return resp, nil
	}
	reasons, _, err := cachecontrol.CachableResponse(req, resp, cachecontrol.Options{})
	if err != nil || len(reasons) > 0 {
		return resp, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	if len(body) > maxAnswer {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), resp.Body), resp.Body}
		return resp, nil
	}
	resp.Body.Close()
	if resp.ContentLength >= 0 && int64(len(body)) != resp.ContentLength {
		return nil, io.ErrUnexpectedEOF
	}
	c.store(key, req, &answer{status: resp.StatusCode, header: resp.Header.Clone(), body: body})
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// store works out how long an answer is fresh, and keeps it if it can be used again at all.
func (c *cache) store(key string, req *http.Request, a *answer) {
	resp := &http.Response{StatusCode: a.status, Header: a.header, Request: req}
	_, expires, err := cachecontrol.CachableResponse(req, resp, cachecontrol.Options{})
	if err != nil {
		return
	}
	// Who said nothing of Vary sends all the same what this client's Accept-Encoding lets it.
	a.at, a.vary = c.now(), http.Header{"Accept-Encoding": req.Header.Values("Accept-Encoding")}
	old := time.Duration(0) // as others say, or the date does (RFC 9111 §4.2.3)
	if n, err := strconv.ParseInt(a.header.Get("Age"), 10, 32); err == nil && n > 0 {
		old = time.Duration(n) * time.Second
	}
	if made, err := http.ParseTime(a.header.Get("Date")); err == nil {
		old = max(old, a.at.Sub(made))
	}
	a.at, a.expires = a.at.Add(-old), expires.Add(-old)
	if !a.expires.After(c.now()) && a.header.Get("ETag") == "" && a.header.Get("Last-Modified") == "" {
		return
	}
	for _, line := range a.header.Values("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			a.vary[name] = req.Header.Values(name)
		}
	}
	c.kept.Set(key, a)
}

// chosenFor says whether a request would have been given this answer (RFC 9111 §4.1).
func (a *answer) chosenFor(req *http.Request) bool {
	for name, values := range a.vary {
		if strings.Join(req.Header.Values(name), ",") != strings.Join(values, ",") {
			return false
		}
	}
	return true
}

// question asks whether the answer is still true.
func (a *answer) question(req *http.Request) *http.Request {
	out := req.Clone(req.Context())
	if tag := a.header.Get("ETag"); tag != "" {
		out.Header.Set("If-None-Match", tag)
	} else if at := a.header.Get("Last-Modified"); at != "" {
		out.Header.Set("If-Modified-Since", at)
	}
	return out
}

// refreshed is the answer with the fields of a 304 (RFC 9111 §3.2).
func (a *answer) refreshed(h http.Header) *answer {
	b := *a
	b.header = a.header.Clone()
	for name, values := range h {
		if name != "Content-Length" && name != "Content-Encoding" && name != "Content-Type" {
			b.header[name] = values
		}
	}
	return &b
}

func (a *answer) response(req *http.Request, now time.Time) *http.Response {
	h := a.header.Clone()
	h.Set("Age", strconv.Itoa(max(int(now.Sub(a.at)/time.Second), 0)))
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: req}
}
