package main

import (
	"bytes"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"
)

// User-Agents of the story's handsets, and of others that must find a login form.
const (
	uaDoCoMo   = "DoCoMo/2.0 P903i(c100;TB;W24H12)"
	uaAu       = "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"
	uaSoftBank = "SoftBank/1.0/910T/TJ001/SN123456789012345 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1"
	uaMova     = "DoCoMo/1.0/D505i/c20/TB/W20H10"
	uaPDC      = "J-PHONE/3.0/V301D"
	uaHDML     = "UP.Browser/3.04-KCTA UP.Link/3.4.5.9"
	uaPC       = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
	uaIPhone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)

// sjis encodes plain text as the story's DoCoMo and au handsets send it.
func sjis(s string) string {
	b, err := japanese.ShiftJIS.NewEncoder().String(s)
	if err != nil {
		panic(fmt.Sprintf("%q: %v", s, err))
	}
	return b
}

// logIn logs a handset in with the form at "/".
func (p *phone) logIn(mail, password string) *screen {
	p.t.Helper()
	s := p.get("/").must(http.StatusOK)
	f := s.form("password")
	fill := map[string]string{"password": password}
	for _, fl := range f.fields {
		if fl.kind == "text" || fl.kind == "email" || fl.kind == "" {
			fill[fl.name] = mail
		}
	}
	return s.submit(f, fill).must(http.StatusOK)
}

func TestDemoContract(t *testing.T) {
	data := filepath.Join(t.TempDir(), "demo")
	d := freshDemo(t, data)
	other := startDemo(t, "") // two demos beside each other
	if d.URL == other.URL || len(d.Members) < 3 || d.Admin == "" {
		t.Fatalf("the demo's line: %+v, and of a second demo: %s", d, other.URL)
	}
	for _, ua := range []string{uaPC, uaIPhone, uaDoCoMo, uaMova, uaAu, uaSoftBank, uaPDC} {
		s := newPhone(t, d.URL, ua, ua == uaPC).get("/").must(http.StatusOK)
		passwords, texts := 0, 0
		for _, fl := range s.form("password").fields {
			switch fl.kind {
			case "password":
				passwords++
			case "text", "email", "":
				texts++
			}
		}
		if passwords != 1 || texts != 1 {
			t.Errorf("%s: the login form has %d password and %d text fields, want one each", ua, passwords, texts)
		}
		for _, m := range d.Members {
			for _, name := range []string{m.Name, sjisOr(m.Name)} {
				if bytes.Contains(s.raw, []byte(name)) {
					t.Errorf("%s: the page before login shows the name %s", ua, m.Name)
				}
			}
		}
	}
	for _, m := range d.Members {
		s := newPhone(t, d.URL, uaPC, true).logIn(m.Mail, m.Password)
		s.must(http.StatusOK, m.Name)
	}
	other.stop()
	d.stop()
	again := startDemo(t, data) // the second start keeps the data
	if fmt.Sprint(again.Members) != fmt.Sprint(d.Members) {
		t.Errorf("logins after a restart: %v, before: %v", again.Members, d.Members)
	}
	newPhone(t, again.URL, uaPC, true).logIn(again.Members[0].Mail, again.Members[0].Password).must(http.StatusOK, again.Members[0].Name)
	again.stop()
}

// sjisOr is sjis, or the text itself where Shift_JIS has no code for it.
func sjisOr(s string) string {
	if b, err := japanese.ShiftJIS.NewEncoder().String(s); err == nil {
		return b
	}
	return s
}

// TestDemoBadInput: the right status and a short clear page in the handset's own encoding, and the site lives on.
func TestDemoBadInput(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	for _, ua := range []string{uaPC, uaDoCoMo, uaAu, uaSoftBank, uaMova} {
		charset := "shift_jis"
		if ua == uaPC || ua == uaSoftBank {
			charset = "utf-8"
		}
		rows := []struct {
			name, method, path, contentType string
			body                            []byte
			want                            []int
		}{
			{"unknown page", "GET", "/no-such-page", "", nil, []int{404, 200}}, // 200: the login page, for nobody is logged in
			{"missing photo", "GET", "/photo/999999?box=thumb", "", nil, []int{404, 200}},
			{"malformed form body", "POST", "/login", "application/x-www-form-urlencoded", []byte("mail=%zz&password=%8&=&&%"), []int{200, 400, 403, 422}},
			{"malformed multipart", "POST", "/login", "multipart/form-data; boundary=x", []byte("--x\r\nnot a header"), []int{400, 403, 422}},
			{"20 MB body", "POST", "/login", "application/x-www-form-urlencoded", bytes.Repeat([]byte("a=b&"), 5<<20), []int{413}},
			{"invalid bytes", "GET", "/?q=%ff%fe%00", "", nil, []int{200, 400}},
		}
		for _, row := range rows {
			t.Run(strings.SplitN(ua, " ", 2)[0]+"/"+row.name, func(t *testing.T) {
				p := newPhone(t, d.URL, ua, ua == uaPC)
				s, err := p.request(row.method, p.base, row.path, row.contentType, row.body)
				if err != nil {
					t.Fatal(err)
				}
				if !contains(row.want, s.status) {
					t.Errorf("status %d, want one of %v:\n%s", s.status, row.want, s.raw)
				}
				if got := strings.ToLower(s.header.Get("Content-Type")); !strings.Contains(got, charset) {
					t.Errorf("content type %q, want %s", got, charset)
				}
				if s.status >= 400 && ua != uaPC && (len(s.raw) == 0 || len(s.raw) > 2048) {
					t.Errorf("the error page has %d bytes, want 1 to 2048", len(s.raw))
				}
			})
		}
	}
	newPhone(t, d.URL, uaPC, true).logIn(d.Members[0].Mail, d.Members[0].Password).must(200, d.Members[0].Name)
}

func contains(list []int, n int) bool {
	for _, m := range list {
		if m == n {
			return true
		}
	}
	return false
}

// TestDemoFirstPage: the first page is there soon after the start. The bound is wide, for test machines are slow.
func TestDemoFirstPage(t *testing.T) {
	start := time.Now()
	d := startDemo(t, "")
	newPhone(t, d.URL, uaPC, true).get("/").must(http.StatusOK)
	t.Logf("first page %v after the start of the process", time.Since(start).Round(time.Millisecond))
	d.stop()
}
