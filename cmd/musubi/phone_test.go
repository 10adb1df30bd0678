package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// phone is a handset as the end-to-end tests see it: it shares no code with the program under test. It speaks raw
// bytes: in Shift_JIS no second byte is < > " or &, so the tokenizer below may read any carrier's page undecoded.
type phone struct {
	t      *testing.T
	ua     string
	base   *url.URL
	header http.Header // further request fields
	// gateway holds the fields that docomo's gateway adds to requests whose query has guid=ON.
	gateway map[string]string
	session string // the newest session ID in the links of a page
	client  *http.Client
}

// newPhone makes a handset; cookies says whether it keeps any.
func newPhone(t *testing.T, base, ua string, cookies bool) *phone {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, ua: ua, base: u, header: http.Header{}, client: &http.Client{
		Timeout:       20 * time.Second,
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if cookies {
		p.client.Jar, _ = cookiejar.New(nil)
	}
	return p
}

// screen is what came back: raw bytes, and the links and forms in them.
type screen struct {
	phone  *phone
	url    *url.URL
	status int
	header http.Header
	raw    []byte
	links  []link
	forms  []*webForm
	images []string
}

type link struct{ text, href, key string }

type webForm struct {
	action, method string
	enctype        string
	fields         []*field
}

type field struct{ kind, name, value string }

// get fetches a path or absolute URL, following at most four redirects as a docomo handset does.
func (p *phone) get(ref string) *screen {
	p.t.Helper()
	return p.do(http.MethodGet, p.base, ref, "", nil)
}

func (p *phone) do(method string, from *url.URL, ref, contentType string, body []byte) *screen {
	p.t.Helper()
	s, err := p.request(method, from, ref, contentType, body)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// request is do for requests that may find the connection closed.
func (p *phone) request(method string, from *url.URL, ref, contentType string, body []byte) (*screen, error) {
	for range 5 {
		u, err := from.Parse(ref)
		if err != nil {
			return nil, fmt.Errorf("bad link %q: %w", ref, err)
		}
		u.Fragment = ""
		req, err := http.NewRequest(method, u.String(), bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		for name, values := range p.header {
			req.Header[name] = values
		}
		req.Header.Set("User-Agent", p.ua)
		if strings.EqualFold(u.Query().Get("guid"), "on") {
			for name, value := range p.gateway {
				req.Header.Set(name, value)
			}
		}
		if contentType != "" {
			req.Header.Set("Content-Type", contentType)
		}
		resp, err := p.client.Do(req)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, u, err)
		}
		raw, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, u, err)
		}
		if loc := resp.Header.Get("Location"); loc != "" && resp.StatusCode/100 == 3 {
			from, ref, method, body, contentType = u, loc, http.MethodGet, nil, ""
			continue
		}
		s := &screen{phone: p, url: u, status: resp.StatusCode, header: resp.Header, raw: raw}
		if strings.Contains(resp.Header.Get("Content-Type"), "html") {
			s.scan()
			s.noteSession()
		}
		return s, nil
	}
	return nil, fmt.Errorf("%s: more than four redirects", ref)
}

// noteSession remembers the session that the page's links carry.
func (s *screen) noteSession() {
	for _, l := range s.links {
		if u, err := url.Parse(l.href); err == nil && u.Query().Get("_s") != "" {
			s.phone.session = u.Query().Get("_s")
		}
	}
}

// scan collects links, forms and images with a tokenizer of its own.
func (s *screen) scan() {
	z := html.NewTokenizer(bytes.NewReader(s.raw))
	var open *link
	var form *webForm
	var area *field
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			text := string(z.Raw())
			if open != nil {
				open.text += text
			}
			if area != nil {
				area.value += html.UnescapeString(text)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			at := map[string]string{}
			for _, a := range tok.Attr {
				at[a.Key] = a.Val
			}
			switch tok.DataAtom {
			case atom.A:
				s.links = append(s.links, link{href: at["href"], key: at["accesskey"]})
				open = &s.links[len(s.links)-1]
			case atom.Img:
				s.images = append(s.images, at["src"])
				if open != nil {
					open.text += at["alt"]
				}
			case atom.Form:
				form = &webForm{action: at["action"], method: strings.ToUpper(at["method"]), enctype: at["enctype"]}
				s.forms = append(s.forms, form)
			case atom.Input, atom.Textarea, atom.Select, atom.Button:
				if form == nil {
					continue
				}
				f := &field{kind: at["type"], name: at["name"], value: at["value"]}
				if tok.DataAtom != atom.Input {
					f.kind = tok.Data
				}
				if (f.kind == "radio" || f.kind == "checkbox") && !has(tok, "checked") {
					f.name = "" // not sent
				}
				form.fields = append(form.fields, f)
				if tok.DataAtom == atom.Textarea {
					area = f
				}
			case atom.Option:
				if n := len(form.fields); n > 0 && (form.fields[n-1].value == "" || has(tok, "selected")) {
					form.fields[n-1].value = at["value"]
				}
			}
		case html.EndTagToken:
			switch name, _ := z.TagName(); atom.Lookup(name) {
			case atom.A:
				open = nil
			case atom.Form:
				form = nil
			case atom.Textarea:
				area = nil
			}
		}
	}
}

func has(tok html.Token, key string) bool {
	for _, a := range tok.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// follow opens the first link whose text contains the raw bytes given.
func (s *screen) follow(text string) *screen {
	s.phone.t.Helper()
	for _, l := range s.links {
		if strings.Contains(l.text, text) {
			return s.phone.do(http.MethodGet, s.url, l.href, "", nil)
		}
	}
	s.phone.t.Fatalf("no link %q on %s:\n%s", text, s.url, s.raw)
	return nil
}

// followTo follows the first link whose address has the path.
func (s *screen) followTo(path string) *screen {
	s.phone.t.Helper()
	for _, l := range s.links {
		if strings.Contains(l.href, path) {
			return s.phone.do(http.MethodGet, s.url, l.href, "", nil)
		}
	}
	s.phone.t.Fatalf("no link to %q on %s:\n%s", path, s.url, s.raw)
	return nil
}

// form finds the form that has a field of the kind.
func (s *screen) form(kind string) *webForm {
	s.phone.t.Helper()
	for _, f := range s.forms {
		for _, fl := range f.fields {
			if fl.kind == kind {
				return f
			}
		}
	}
	s.phone.t.Fatalf("no form with a %s field on %s (%d):\n%s", kind, s.url, s.status, s.raw)
	return nil
}

// submit fills fields by kind or name with raw bytes and sends the form as a handset does: urlencoded, byte by byte.
// A field named "+name" presses the submit button of that name.
func (s *screen) submit(f *webForm, fill map[string]string) *screen {
	s.phone.t.Helper()
	next, err := s.send(f, fill)
	if err != nil {
		s.phone.t.Fatal(err)
	}
	return next
}

// send is submit for requests that may find the connection closed.
func (s *screen) send(f *webForm, fill map[string]string) (*screen, error) {
	var body strings.Builder
	for _, fl := range f.fields {
		if fl.name == "" || fl.kind == "file" {
			continue
		}
		if fl.kind == "submit" || fl.kind == "button" {
			// A handset sends a button's label; which one it was, the gateway reads from a name of its own.
			name, _, _ := strings.Cut(strings.TrimPrefix(fl.name, "_b."), "=")
			if _, pressed := fill["+"+name]; !pressed {
				continue
			}
		}
		v := fl.value
		if w, ok := fill[fl.name]; ok {
			v = w
		} else if w, ok := fill[fl.kind]; ok {
			v = w
		}
		fmt.Fprintf(&body, "&%s=%s", url.QueryEscape(fl.name), url.QueryEscape(v))
	}
	sent := strings.TrimPrefix(body.String(), "&")
	if f.method == http.MethodPost {
		return s.phone.request(http.MethodPost, s.url, f.action, "application/x-www-form-urlencoded", []byte(sent))
	}
	path, _, _ := strings.Cut(f.action, "?")
	return s.phone.request(http.MethodGet, s.url, path+"?"+sent, "", nil)
}

// must stops the test unless the page has the status and contains the bytes.
func (s *screen) must(status int, contains ...string) *screen {
	s.phone.t.Helper()
	if s.status != status {
		s.phone.t.Fatalf("%s: status %d, want %d:\n%s", s.url, s.status, status, s.raw)
	}
	for _, c := range contains {
		if !bytes.Contains(s.raw, []byte(c)) {
			s.phone.t.Fatalf("%s: the page does not contain %q (% X):\n%s", s.url, c, c, s.raw)
		}
	}
	return s
}
