package text

import (
	"testing"

	"musubi/carriers"
)

// TestLatin: what ISO-8859-1 has comes through as it is, signs of typesetting as typewriters have them, all else as references
// where they are shown and as a question mark, counted, where they are not; and what a form sends is read.
func TestLatin(t *testing.T) {
	c := For(carriers.PC, carriers.EmojiNone, carriers.Latin1)
	for _, row := range []struct {
		in, want string
		lost     int
		o        Option
	}{
		{"Grüße, été <b>", "Gr\xFC\xDFe, \xE9t\xE9 &lt;b&gt;", 0, EscapeHTML},
		{"“a” – b…", "&quot;a&quot; - b...", 0, EscapeHTML},
		{"‘x’", "'x'", 0, 0},
		{"日本 é", "&#26085;&#26412; \xE9", 0, EscapeHTML | References},
		{"日本 é", "?? \xE9", 2, EscapeHTML},
		{"☀", "[sun]", 0, EscapeHTML | English},
		{"⬜♀🙌", "[white large square](f)[raising hands]", 0, 0}, // a picture's likeness may have no code here, its name has
		{"Привет", "??????", 6, 0},
		{"a\x00b\u200bc", "abc", 0, 0},
	} {
		got, lost := c.AppendString(nil, row.in, row.o)
		if string(got) != row.want || lost != row.lost {
			t.Errorf("%q: %q, %d lost; want %q, %d", row.in, got, lost, row.want, row.lost)
		}
	}
	if got := string(c.AppendDecode(nil, []byte("\xE9\x80\x93\r\nx"))); got != "é€“\nx" {
		t.Errorf("a form reads as %q", got)
	}
}

// Signs of typesetting that carriers drew as pictures stand on a screen in UTF-8 without emoji; where there is no code for them, in ASCII.
func TestTypedSigns(t *testing.T) {
	const signs = "©®™"
	for _, row := range []struct {
		cs   carriers.Charset
		want string
	}{{carriers.UTF8, signs}, {carriers.ShiftJIS, "(C)(R)TM"}, {carriers.Latin1, "\xA9\xAETM"}} {
		if got, lost := For(carriers.PC, carriers.EmojiNone, row.cs).AppendString(nil, signs, 0); string(got) != row.want || lost != 0 {
			t.Errorf("%v: %q, %d lost, want %q", row.cs, got, lost, row.want)
		}
	}
}
