package gateway

import (
	"net/url"
	"strings"
	"testing"
)

func FuzzParseHead(f *testing.F) {
	for _, v := range vectors {
		if _, head, ok := strings.Cut(v.raw, "\r\n"); ok {
			f.Add(strings.ReplaceAll(head, "H\r\n", "Host: a\r\n"))
		}
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var h head
		r := h.parse(raw)
		if r != nil {
			return
		}
		for _, field := range h.fields {
			if !isToken(field.name) || hasControl(field.value) || strings.ContainsAny(field.value, "\r\n") {
				t.Errorf("field %q: %q", field.name, field.value)
			}
			if _, n := h.Header(field.name); n < 1 {
				t.Errorf("field %q is not found again", field.name)
			}
		}
	})
}

func FuzzParseTarget(f *testing.F) {
	for _, v := range vectors {
		if words := strings.Fields(v.raw); len(words) > 1 {
			f.Add(words[1], ourHost)
		}
	}
	for _, host := range []string{"127.0.0.1:80", "[::1]", "a.example.", "a@b", "あ.jp"} {
		f.Add("/", host)
	}
	f.Add("/\t", "a") // found by fuzzing: a tab is no control character to a header field, but it is to a target
	f.Add("/?\t", "a")
	f.Fuzz(func(t *testing.T, raw, host string) {
		to, r := parseTarget(raw, host, false)
		if r != nil {
			return
		}
		u, err := url.Parse("http://" + to.host + to.path)
		if err != nil || u.Host != to.host || u.User != nil {
			t.Fatalf("another parser reads %q %q as %v: %v", raw, host, u, err)
		}
		for segment := range strings.SplitSeq(u.Path, "/") {
			if segment == "." || segment == ".." {
				t.Errorf("dot segment in %q", raw)
			}
		}
		if strings.ContainsAny(to.path+to.query, "\r\n\x00 #") || strings.HasPrefix(to.path, "//") {
			t.Errorf("%q gives path %q, query %q", raw, to.path, to.query)
		}
	})
}

func FuzzAnswerHead(f *testing.F) {
	for _, lie := range lies {
		head, _, _ := strings.Cut(lie.raw, "\r\n\r\n")
		f.Add(head)
	}
	f.Fuzz(func(t *testing.T, head string) {
		if _, _, err := checkAnswerHead(head); err == nil && strings.ContainsAny(head, "\x00") {
			t.Errorf("%q was taken", head)
		}
	})
}
