package charset_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"

	"musubi/transcode/charset"
)

// TestVoiced compares with Unicode's composition, for every kana and both marks.
func TestVoiced(t *testing.T) {
	for r := rune(0x3041); r <= 0x30FF; r++ {
		for _, mark := range []rune{0x3099, 0x309A} {
			want := []rune(norm.NFC.String(string([]rune{r, mark})))
			got := charset.Voiced(r, mark)
			composed := len(want) == 1 && charset.Encode(want[0]) != 0
			if composed && got != want[0] || !composed && got != 0 {
				t.Errorf("Voiced(%q, %U) = %q, want %q", r, mark, got, string(want))
			}
		}
	}
}

// TestHalfAndWide: every half-width spelling widens to where it came from.
func TestHalfAndWide(t *testing.T) {
	n := 0
	for r := rune(0); r <= 0xFFFF; r++ {
		h := charset.Half(r)
		if h == 0 {
			continue
		}
		n++
		var half string
		if h > 0xFF {
			half = string(charset.Decode(h >> 8))
		}
		half += string(charset.Decode(h & 0xFF))
		if got := string(charset.AppendWide(nil, half)); got != string(r) {
			t.Errorf("%q is %q half-width, which is %q full-width", r, half, got)
		}
	}
	if n != 83 {
		t.Errorf("%d characters have a half-width spelling, want 83", n)
	}
}

func TestAppendWide(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"ｶﾞｷﾞﾊﾟｳﾞ", "ガギパヴ"},
		{"ｱﾞﾞ", "ア゛゛"},
		{"｡｢｣､･ｰﾟ", "。「」、・ー゜"},
		{"abc かな 漢字 ☀", "abc かな 漢字 ☀"},
		{"\xffｶ\xe3", "\xffカ\xe3"},
		{"ｶ", "カ"},
	} {
		if got := string(charset.AppendWide(nil, tt.in)); got != tt.want {
			t.Errorf("AppendWide(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
