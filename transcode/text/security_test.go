package text_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/text"
)

// TestSEC40_DecodeSwallowsNothing puts every lead and trail byte before every character that matters to markup, in every
// Shift_JIS and EUC codec: what follows bad bytes is still there, and what is written from it cannot leave an attribute,
// neither for an HTML parser nor for a phone that takes two bytes whenever it sees a lead byte.
func TestSEC40_DecodeSwallowsNothing(t *testing.T) {
	allCodecs(func(name string, c *text.Codec) {
		if strings.Contains(name, "ISO") {
			return
		}
		var in, out []byte
		for lead := 0x80; lead <= 0xFF; lead++ {
			for trail := -1; trail <= 0xFF; trail++ {
				for _, quote := range []byte("\"'<>&\\") {
					if quote == '\\' && (trail < 0 || trail > 0x80) {
						continue // 5C may end a pair
					}
					in = append(in[:0], byte(lead))
					if trail >= 0 {
						in = append(in, byte(trail))
					}
					out = c.AppendDecode(out[:0], append(in, quote))
					if out[len(out)-1] != quote || !utf8.Valid(out) {
						t.Fatalf("%s: %X before %q became %q", name, in, quote, out)
					}
					if want := 1 + bytes.Count(in, []byte{quote}); bytes.Count(out, []byte{quote}) < want && !(trail == int(quote) && trail >= 0x40) {
						t.Fatalf("%s: %X before %q became %q: a quote is gone", name, in, quote, out)
					}
				}
			}
		}
	})
}

func TestSEC40_AttributesHold(t *testing.T) {
	for _, side := range sides {
		c := text.For(side.carrier, side.set, carriers.ShiftJIS)
		var page, back []byte
		for lead := 0x80; lead <= 0xFF; lead++ {
			for trail := 0; trail <= 0xFF; trail++ {
				posted := []byte{byte(lead), byte(trail), '"', '>', '<', 'b', '>', '\'', '\\'}
				page = append(page[:0], `<p title="`...)
				page, _ = c.Append(page, c.AppendDecode(nil, posted), text.EscapeHTML)
				page = append(page, `">x</p>`...)
				if n := quotesSeenByPhone(page); n != 2 {
					t.Fatalf("%s: %X makes a page in which a phone sees %d quotes: %q", side.name, posted, n, page)
				}
				back = c.AppendDecode(back[:0], page)
				if trail%16 == 0 { // the parser is slow, and sees the same text in each of these rows
					checkOneAttribute(t, string(back))
				}
			}
		}
	}
}

// quotesSeenByPhone counts double quotes as a careless browser does, for which a lead byte always takes the next byte.
func quotesSeenByPhone(page []byte) (n int) {
	for i := 0; i < len(page); i++ {
		switch b := page[i]; {
		case b >= 0x81 && b <= 0x9F || b >= 0xE0 && b <= 0xFC:
			i++
		case b == '"':
			n++
		}
	}
	return n
}

func checkOneAttribute(t *testing.T, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	z.Next()
	if tag := z.Token(); tag.Data != "p" || len(tag.Attr) != 1 {
		t.Fatalf("%q begins with %v", page, tag)
	}
	z.Next()
	if body := z.Token(); body.Data != "x" {
		t.Fatalf("%q goes on with %v", page, body)
	}
}

// TestSEC41_TrailBytes: the 412 codes whose second byte is an ASCII character that some parser would act on. The 332 of
// characters survive, the 80 of the user-defined area are one emoji or U+FFFD, and none touches what follows.
func TestSEC41_TrailBytes(t *testing.T) {
	c := text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS)
	n, userDefined := 0, 0
	for lead := byte(0x81); lead <= 0xFC; lead++ {
		for _, trail := range []byte("\\|[]@`{}") {
			code := []byte{lead, trail}
			r := charset.Decode(uint16(lead)<<8 | uint16(trail))
			if isUserDefined := lead >= 0xF0 && lead <= 0xF9; isUserDefined {
				userDefined++
				for _, side := range sides {
					in := string(code) + "\\|" + string(code)
					out := string(text.For(side.carrier, side.set, carriers.ShiftJIS).AppendDecode(nil, []byte(in)))
					if strings.Count(out, "\\") != 1 || strings.Count(out, "|") != 1 {
						t.Errorf("%s: %q became %q", side.name, in, out)
					}
				}
				continue
			}
			if r == 0 {
				continue
			}
			n++
			in := string(r) + "\\" + string(r) + "|"
			out, _ := c.AppendString(nil, in, text.EscapeHTML)
			if back := string(c.AppendDecode(nil, out)); back != in {
				t.Errorf("%q came back as %q", in, back)
			}
		}
	}
	if n != 332 || userDefined != 80 {
		t.Errorf("%d characters and %d of the user-defined area, want 332 and 80", n, userDefined)
	}
}

// TestSEC42_UTF8Hygiene: what is not UTF-8 becomes U+FFFD, controls go, and nothing is decoded twice.
func TestSEC42_UTF8Hygiene(t *testing.T) {
	for _, set := range []carriers.EmojiSet{carriers.EmojiUnicode, carriers.EmojiSoftBank} {
		c := text.For(carriers.PC, set, carriers.UTF8)
		for _, tt := range []struct{ name, in, want string }{
			{"overlong <", "a\xC0\xBCb", "a\ufffd\ufffdb"},
			{"overlong, three bytes", "\xE0\x80\xBC", "\ufffd\ufffd\ufffd"},
			{"surrogate", "\xED\xA0\x80", "\ufffd\ufffd\ufffd"},
			{"above U+10FFFF", "\xF4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
			{"five bytes", "\xF8\x88\x80\x80\x80", "\ufffd\ufffd\ufffd\ufffd\ufffd"},
			{"noncharacters", "\uFFFE\uFDD0\U0001FFFF", "\ufffd\ufffd\ufffd"},
			{"NUL", "a\x00b", "ab"},
			{"C0", "\x01\x08\x0b\x0c\x1f\x7f", ""},
			{"C1", "a\u0085\u009bb", "ab"},
			{"TAB and LF stay", "\t\n", "\t\n"},
			{"line ends", "a\r\nb\rc", "a\nb\nc"},
			{"cut character", "\xE3\x81\"", "\ufffd\ufffd\""},
			{"lone continuation", "\x80<", "\ufffd<"},
		} {
			if got := string(c.AppendDecode(nil, []byte(tt.in))); got != tt.want {
				t.Errorf("%v %s: %q became %q, want %q", set, tt.name, tt.in, got, tt.want)
			}
		}
	}
}

// TestSEC44_Escapes: an ESC is a whole webcode from a SoftBank handset, or it is gone.
func TestSEC44_Escapes(t *testing.T) {
	for _, cs := range []carriers.Charset{carriers.ShiftJIS, carriers.UTF8, carriers.EUCJP} {
		sb := text.For(carriers.SoftBank, carriers.EmojiSoftBank, cs)
		for _, tt := range []struct{ name, in, want string }{
			{"one", "a\x1b$Gj\x0fb", "a☀b"},
			{"run", "\x1b$Gji\x0f", "☀☁"},
			{"code that is markup", "\x1b$G<\x0f", "⛵"},
			{"code that nobody has", "\x1b$Qz\x0f", "\ufffd"},
			{"introducer alone", "\x1b$", "$"},
			{"without end", "a\x1b$Ej\"<", "a$Ej\"<"},
			{"without codes", "\x1b$G\x0f<", "$G<"},
			{"unknown bank", "\x1b$B\"$\x0f", "$B\"$"},
			{"SI alone", "\x0f<", "<"},
			{"nested", "\x1b$G\x1b$Gj\x0f", "$G☀"},
			{"control inside", "\x1b$Gj\n\x0f", "$Gj\n"},
			{"high byte inside", "\x1b$Gj\x80\x0f", "$Gj\ufffd"},
		} {
			if got := string(sb.AppendDecode(nil, []byte(tt.in))); got != tt.want {
				t.Errorf("%v %s: %q became %q, want %q", cs, tt.name, tt.in, got, tt.want)
			}
		}
		for _, other := range []*text.Codec{text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, cs), text.For(carriers.Au, carriers.EmojiAu, cs), text.For(carriers.PC, carriers.EmojiUnicode, cs)} {
			if got := string(other.AppendDecode(nil, []byte("\x1b$Gj\x0f"))); got != "$Gj" {
				t.Errorf("%v: a webcode from another carrier became %q", cs, got)
			}
		}
	}
}

// TestSEC44_NothingForgesEmoji: control characters, private-use code points and references in canonical text make no
// carrier's emoji.
func TestSEC44_NothingForgesEmoji(t *testing.T) {
	allCodecs(func(name string, c *text.Codec) {
		if strings.HasPrefix(name, "unicode UTF-8") {
			return // a browser draws nothing for them
		}
		for _, o := range []text.Option{text.EscapeHTML, text.EscapeHTML | text.Webcode, text.EscapeHTML | text.LocalSrc} {
			for _, tt := range []struct{ in, want string }{
				{"\x1b$Gj\x0f", "$Gj"}, {"\x1b\x0f\x0e", ""}, {"&#xE63E;", "&amp;#xE63E;"}, {`<img localsrc="44">`, "&lt;img localsrc=&quot;44&quot;&gt;"},
			} {
				if out, _ := c.AppendString(nil, tt.in, o); string(out) != tt.want {
					t.Errorf("%s: %q is written %q, want %q", name, tt.in, out, tt.want)
				}
			}
			geta, _ := c.AppendString(nil, "〓", o)
			for _, r := range []rune{0xE001, 0xE04A, 0xE488, 0xE63E, 0xEF60, 0xF8FF, 0xFF000, 0x100000} {
				if out, lost := c.AppendString(nil, string(r), o); string(out) != string(geta) || lost != 1 {
					t.Errorf("%s: %U is written %q, want 〓", name, r, out)
				}
			}
		}
	})
}

// TestSEC45_BestFit: no character outside ASCII becomes an ASCII character with a meaning in markup, but for the texts of
// emoji, which EscapeHTML escapes like everything else.
func TestSEC45_BestFit(t *testing.T) {
	allCodecs(func(name string, c *text.Codec) {
		for r := rune(0x80); r <= 0x1FFFF; r++ {
			out, _ := c.AppendString(nil, string(r), text.EscapeHTML)
			if s := string(c.AppendDecode(nil, out)); strings.ContainsAny(s, "<>\"'") || r < 0x1F000 && strings.Contains(s, "\\") {
				t.Fatalf("%s: %U is written %q", name, r, out)
			}
		}
	})
}

// TestLongRuns: text that is nothing but one special character is written and read in one pass; a look back over all of
// it would not end within the test's time.
func TestLongRuns(t *testing.T) {
	allCodecs(func(name string, c *text.Codec) {
		for _, unit := range []string{"\u20e3", "\u0301", "\u3099", "\u200d", "\ufe0f", "🏽", "🇯", "ﾞ", "\x1b$G", "\xff", "👩\u200d", "☀"} {
			in := []byte(strings.Repeat(unit, 64<<10/len(unit)))
			out, _ := c.Append(nil, in, text.EscapeHTML|text.Webcode)
			c.AppendDecode(nil, out)
			c.AppendDecode(nil, in)
		}
	})
}
