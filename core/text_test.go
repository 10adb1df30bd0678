package core

import (
	"testing"
	"unicode/utf8"
)

func TestSEC42_Clean(t *testing.T) {
	rows := []struct {
		name, in, want string
		lines          Lines
	}{
		{"plain", "こんにちは", "こんにちは", OneLine},
		{"line ends", "a\r\nb\rc\nd", "a\nb\nc\nd", ManyLines},
		{"one line", "a\r\nb", "a b", OneLine},
		{"controls", "a\x00\x1b$Ej\x0fb\x7f\u0085c", "a$Ejbc", ManyLines},
		{"bad bytes", "a\xff\xc0\xbcb", "a\uFFFDb", OneLine},
		{"noncharacter", "a\uFFFEb\uFDD0", "a\uFFFDb\uFFFD", OneLine},
		{"bidi in a name", "a\u202Eb\u2066c", "abc", OneLine},
		{"bidi in a text stays", "a\u202Eb", "a\u202Eb", ManyLines},
		{"spaces around", "\u3000 a \n", "a", ManyLines},
		{"marks compose", "か\u3099きごう", "がきごう", OneLine},
		{"compatibility kanji stays", "\uFA19社", "\uFA19社", OneLine},
		{"angstrom stays", "5\u212B か\u3099", "5\u212B が", OneLine},
		{"emoji stays", "☀🍙👨‍👩‍👧#️⃣🇯🇵", "☀🍙👨‍👩‍👧#️⃣🇯🇵", OneLine},
		{"carrier's own symbol stays", "\U000FE82C", "\U000FE82C", OneLine},
		{"separators go", "a\u2028b\u2029c", "abc", ManyLines},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if got := Clean(r.in, r.lines); got != r.want {
				t.Errorf("Clean(%q) = %q, want %q", r.in, got, r.want)
			}
		})
	}
}

// What is required has something to see in it.
func TestBlank(t *testing.T) {
	for _, s := range []string{"", " \u3000", "\u200b\u200b", "\ufeff", "\u00ad\u200d\u2060", "\ufe0f", "\u3164\uffa0\u115f", "\u2800", "\u034f", "\U000E0020", "\u200e\n"} {
		var c Check
		text := s
		if c.Text("title", &text, ManyLines, true, 10); !Blank(s) || c.Err() == nil {
			t.Errorf("%q is taken for text", s)
		}
	}
	for _, s := range []string{"a", "\u200b.", "☀", "゛", "\u0301", "\uFFFD", "\U000FE82C", "👨\u200d👩"} {
		var c Check
		text := s
		if c.Text("title", &text, ManyLines, true, 10); Blank(s) || c.Err() != nil {
			t.Errorf("%q is taken for nothing", s)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "か\u3099", "\uFA19\u3099", "a\xffb", "☀️🍙", "\U000FE82C\u202E"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, many bool) {
		got := Clean(s, Lines(many))
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) = %q is not UTF-8", s, got)
		}
		if again := Clean(got, Lines(many)); again != got {
			t.Fatalf("Clean(%q) = %q, and once more %q", s, got, again)
		}
		for _, r := range got {
			if r < ' ' && (r != '\n' || !many) || r >= 0x7F && r < 0xA0 {
				t.Fatalf("Clean(%q) keeps %U", s, r)
			}
		}
	})
}

func TestNormalMail(t *testing.T) {
	rows := []struct {
		in, want string
		ok       bool
	}{
		{"Hanako@Example.JP ", "hanako@example.jp", true},
		{"a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp", true},
		{"hanako+x@ezweb.ne.jp", "hanako+x@ezweb.ne.jp", true},
		{"hanako", "", false},
		{"@docomo.ne.jp", "", false},
		{"a@", "", false},
		{"a@b", "", false},
		{"a@b.", "", false},
		{"a@b..c", "", false},
		{"a b@c.jp", "", false},
		{"a@b@c.jp", "", false},
		{"a\r\nBcc: x@c.jp", "", false},
		{"<a@c.jp>", "", false},
		{"花子@c.jp", "", false},
	}
	for _, r := range rows {
		if got, ok := NormalMail(r.in); ok != r.ok || ok && got != r.want {
			t.Errorf("NormalMail(%q) = %q, %v; want %q, %v", r.in, got, ok, r.want, r.ok)
		}
	}
}
