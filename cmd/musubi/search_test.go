package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A P903i writes a diary and another finds it less than a second later, in Shift_JIS: the second byte of 表 is a backslash,
// the emoji a code of the carrier's own, half-width kana finds the other.
func TestSearchFromAHandset(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	ann := newPhone(t, d.URL, uaDoCoMo, false)
	home := ann.logIn(d.Members[0].Mail, d.Members[0].Password)
	const title = "\x95\x5C\x8E\x51\x93\xB9" // 表参道
	s := home.follow(sjis("日記を書く")).must(http.StatusOK)
	s = s.submit(s.form("textarea"), map[string]string{"title": title + docomoSun, "textarea": sjis("カバンを買った"), "+confirm": "1"}).must(http.StatusOK)
	for _, f := range s.forms {
		if strings.HasPrefix(f.action, "/diary/write") {
			s.submit(f, map[string]string{"+send": "1"}).must(http.StatusOK)
			break
		}
	}
	ben := newPhone(t, d.URL, uaDoCoMo, false)
	form := ben.logIn(d.Members[1].Mail, d.Members[1].Password).follow(sjis("検索")).must(http.StatusOK)
	finds := func(query string) bool {
		s := form.submit(form.formWith("q"), map[string]string{"in": "diaries", "q": query}).must(http.StatusOK)
		for _, l := range s.links {
			if strings.HasPrefix(l.href, "/diary?") && strings.Contains(l.text, "\x93\xB9") {
				return bytes.Contains(s.raw, []byte(docomoSun))
			}
		}
		return false
	}
	for _, query := range []string{title, "\x95\x5C", docomoSun, "\xB6\xCA\xDE\xDD", "\x95\x5C\x8E\x51 " + sjis("かばん")} {
		for began := time.Now(); !finds(query); time.Sleep(50 * time.Millisecond) {
			if time.Since(began) > 10*time.Second { // the tests of other rooms share the machine
				t.Fatalf("%q is not found", query)
			}
		}
	}
	if finds("\x95\x5C " + sjis("りんご")) {
		t.Error("found by a word that it has not")
	}
}
