package text_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"musubi/carriers"
	"musubi/transcode/internal/emojitable"
	"musubi/transcode/text"
)

const emojiTable = "../emoji/data/emoji.tsv"

// side is a carrier with emoji of its own, by the prefix of its columns.
var sides = []struct {
	name    string
	carrier carriers.Carrier
	set     carriers.EmojiSet
}{
	{"docomo", carriers.DoCoMo, carriers.EmojiDoCoMo},
	{"au", carriers.Au, carriers.EmojiAu},
	{"softbank", carriers.SoftBank, carriers.EmojiSoftBank},
}

// TestConversion: each emoji of each carrier, converted to each other carrier through bytes, is what the table names
// first: the own code, the nearest emoji, or the text.
func TestConversion(t *testing.T) {
	rows := emojitable.Read(t, emojiTable)
	byID := map[string]emojitable.Row{}
	for _, r := range rows {
		byID[r["e4u_id"]] = r
	}
	n := 0
	for _, from := range sides {
		for _, to := range sides {
			decode := text.For(from.carrier, from.set, carriers.ShiftJIS)
			encode := text.For(to.carrier, to.set, carriers.ShiftJIS)
			for _, r := range rows {
				if r[from.name+"_sjis"] == "" {
					continue
				}
				n++
				want, geta := firstChoice(t, byID, r, to.name)
				got, lost := encode.Append(nil, decode.AppendDecode(nil, unhex(t, r[from.name+"_sjis"])), 0)
				if string(got) != want || (lost == 1) != geta {
					t.Errorf("%s from %s to %s: %X lost %d, want %X", r["e4u_id"], from.name, to.name, got, lost, want)
				}
			}
		}
	}
	if want := 3 * (282 + 647 + 485); n != want {
		t.Errorf("%d conversions, want %d", n, want)
	}
}

// firstChoice returns the bytes that the table wants for a row on a carrier.
func firstChoice(t *testing.T, byID map[string]emojitable.Row, r emojitable.Row, carrier string) (want string, geta bool) {
	if own := r[carrier+"_sjis"]; own != "" {
		return string(unhex(t, own)), false
	}
	switch f := r[carrier+"_fallback"]; {
	case f == "(empty)":
		return "", false
	case f == `\u3000`:
		return "\x81\x40", false
	case strings.HasPrefix(f, "e-"):
		for _, id := range strings.Split(f, "+") {
			want += string(unhex(t, byID[id][carrier+"_sjis"]))
		}
		return want, false
	default:
		s, err := japanese.ShiftJIS.NewEncoder().String(f)
		if err != nil {
			t.Fatalf("fallback %q: %v", f, err)
		}
		return s, f == "〓"
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil || len(b) == 0 {
		t.Fatalf("%q is no code", s)
	}
	return b
}

// TestColumns: every code that the table lists for a carrier is read as the row's emoji, in each form that handsets post
// or mails carry, and written where we write that form.
func TestColumns(t *testing.T) {
	au := text.For(carriers.Au, carriers.EmojiAu, carriers.UTF8)
	sb := text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS)
	forms := []struct {
		column string
		c      *text.Codec
		form   string // of the code, with %s for its bytes or character
		o      text.Option
		write  bool
	}{
		{"docomo_sjis", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), "bytes", 0, true},
		{"docomo_sjis", text.For(carriers.Willcom, carriers.EmojiDoCoMo, carriers.ShiftJIS), "bytes", 0, true},
		{"docomo_sjis", text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), "bytes", 0, false},
		{"docomo_sjis", text.ForMail(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), "bytes", 0, true},
		{"docomo_sjis", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ISO2022JP), "\x1b$B%s\x1b(B", 0, true},
		{"docomo_unicode", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.UTF8), "rune", 0, true},
		{"docomo_unicode", au, "rune", 0, false},
		{"au_sjis", text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), "bytes", 0, true},
		{"au_unicode", au, "rune", 0, false},
		{"au_unicode_auto", au, "rune", 0, true},
		{"au_mail_sjis", text.ForMail(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), "bytes", 0, false},
		{"au_sjis", text.ForMail(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), "bytes", 0, true},
		{"au_jis", text.For(carriers.Au, carriers.EmojiAu, carriers.ISO2022JP), "\x1b$B%s\x1b(B", 0, true},
		{"softbank_sjis", sb, "bytes", 0, true},
		{"softbank_unicode", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.UTF8), "rune", 0, true},
		{"softbank_webcode", sb, "\x1b%s\x0f", text.Webcode, true},
		{"softbank_webcode", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.UTF8), "\x1b%s\x0f", text.Webcode, true},
		{"softbank_webcode", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.EUCJP), "\x1b%s\x0f", text.Webcode, true},
		{"softbank_webcode", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ISO2022JP), "\x1b%s\x0f", text.Webcode, true},
	}
	rows := emojitable.Read(t, emojiTable)
	for _, f := range forms {
		for _, r := range rows {
			cell := r[f.column]
			if cell == "" {
				continue
			}
			var code string
			switch {
			case f.column == "softbank_webcode":
				code = fmt.Sprintf(f.form, cell)
			case f.form == "rune":
				b := unhex(t, cell)
				code = string(rune(b[0])<<8 | rune(b[1]))
			case f.form == "bytes":
				code = string(unhex(t, cell))
			default:
				code = fmt.Sprintf(f.form, unhex(t, cell))
			}
			canonical := canonicalOf(t, r)
			if got := string(f.c.AppendDecode(nil, []byte("a"+code+"b"))); got != "a"+canonical+"b" {
				t.Errorf("%s %s: %q reads as %q, want %q", r["e4u_id"], f.column, code, got, canonical)
			}
			if got, lost := f.c.AppendString(nil, "a"+canonical+"b", f.o); f.write && (string(got) != "a"+code+"b" || lost != 0) {
				t.Errorf("%s %s: written as %q, want %q", r["e4u_id"], f.column, got, code)
			}
		}
	}
}

// canonicalOf returns the canonical text of a row: its standard code, or the plane-15 code of the private ones and of
// au's blanks.
func canonicalOf(t *testing.T, r emojitable.Row) string {
	column := "unicode"
	if u := r["unicode"]; u == "" || u == "2002" || u == "2003" || u == "2005" {
		column = "google_pua"
	}
	var b strings.Builder
	for _, h := range strings.Fields(r[column]) {
		var n rune
		if _, err := fmt.Sscanf(h, "%X", &n); err != nil {
			t.Fatal(err)
		}
		b.WriteRune(n)
	}
	return b.String()
}

// TestQualified: the form with U+FE0F is written like the one without, and so is every concept's plane-15 code.
func TestQualified(t *testing.T) {
	for _, r := range emojitable.Read(t, emojiTable) {
		if r["unicode"] == "2002" || r["unicode"] == "2003" || r["unicode"] == "2005" {
			continue
		}
		for _, side := range sides {
			for _, cs := range []carriers.Charset{carriers.ShiftJIS, carriers.UTF8} {
				c := text.For(side.carrier, side.set, cs)
				want, wantLost := c.AppendString(nil, canonicalOf(t, r), text.EscapeHTML)
				for _, column := range []string{"unicode_fq", "google_pua"} {
					if r[column] == "" {
						continue
					}
					form := canonicalOf(t, emojitable.Row{"unicode": r[column]})
					got, lost := c.AppendString(nil, form, text.EscapeHTML)
					if string(got) != string(want) || lost != wantLost {
						t.Errorf("%s %v: %q is written %q, want %q", side.name, cs, form, got, want)
					}
				}
			}
		}
	}
}

// TestLocalSrc: au's image form for every au emoji.
func TestLocalSrc(t *testing.T) {
	c := text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS)
	for _, r := range emojitable.Read(t, emojiTable) {
		if r["au_sjis"] == "" {
			continue
		}
		want := fmt.Sprintf(`&lt;<img localsrc="%s">`, r["au_number"])
		if got, _ := c.AppendString(nil, "<"+canonicalOf(t, r), text.LocalSrc|text.EscapeHTML); string(got) != want {
			t.Errorf("%s: %q, want %q", r["e4u_id"], got, want)
		}
	}
}

// What programs write as ISO-2022-JP beyond RFC 1468: JIS X 0212, the four-byte escapes, rows that users define (DoCoMo's
// emoji are there), NEC's and IBM's rows, half-width kana of both kinds.
func TestMailBeyondRFC1468(t *testing.T) {
	docomo := text.ForMail(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ISO2022JP)
	pc := text.ForMail(carriers.PC, carriers.EmojiUnicode, carriers.ISO2022JP)
	for _, tt := range []struct {
		name     string
		codec    *text.Codec
		in, want string
	}{
		{"ISO-2022-JP-1", pc, "\x1b$(D0\x21\x1b(B.", "丂."},
		{"four bytes for JIS X 0208", pc, "\x1b$(B$\"\x1b(B.", "あ."},
		{"ISO-2022-JP-MS, DoCoMo's sun", docomo, "\x1b$(?2!\x1b(B", "☀"},
		{"ISO-2022-JP-MS, nobody's", pc, "\x1b$(?!!\x1b(B.", "\ufffd."},
		{"ISO-2022-JP-MS, past the last row", pc, "\x1b$(?z!\x1b(B.", "\ufffd."},
		{"NEC row 13", pc, "\x1b$B-!-j\x1b(B", "①㈱"},
		{"IBM's kanji in NEC's rows", pc, "\x1b$By!|q\x1b(B", "纊ⅰ"},
		{"half-width kana by escape", pc, "\x1b(I6^\x1b(B.", "ｶﾞ."},
		{"half-width kana by shift", pc, "\x0e6^\x0f.", "ｶﾞ."},
		{"a line end is ASCII again", pc, "\x1b$(D0\x21\nab", "丂\nab"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.codec.AppendDecode(nil, []byte(tt.in))); got != tt.want {
				t.Errorf("%q reads as %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
