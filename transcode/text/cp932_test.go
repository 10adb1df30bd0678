package text_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/internal/emojitable"
	"musubi/transcode/text"
)

// windowsRows are the two-way rows of the Windows table outside the user-defined area, bytes and character.
func windowsRows(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("../charset/testdata/cp932.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		var code, r rune
		var direction string
		if n, _ := fmt.Sscanf(s.Text(), "%X\t%X\t%s", &code, &r, &direction); n != 3 || direction != "=" || r >= 0xE000 && r < 0xE758 {
			continue
		}
		if code == 0x7F || code < 0x20 && code != '\t' && code != '\n' || code == 0x80 || code == 0xA0 || code > 0xFC && code < 0x100 {
			continue // control characters, and single bytes that are no text
		}
		b := string([]byte{byte(code)})
		if code > 0xFF {
			b = string([]byte{byte(code >> 8), byte(code)})
		}
		rows[b] = string(r)
	}
	return rows
}

// TestCP932Rows: every two-way row of the Windows table is written and read alike by every carrier, but for the rows that
// a carrier's emoji displace: SoftBank's FB41–FBDE, which are written in NEC's form.
func TestCP932Rows(t *testing.T) {
	rows := windowsRows(t)
	if len(rows) != 7326+63+97 {
		t.Errorf("%d rows, want 7,326 double bytes, 63 kana and 97 of ASCII", len(rows))
	}
	for _, tt := range []struct {
		name string
		c    *text.Codec
		// displaced says which codes are emoji, and how many rows that is.
		displaced func(code string) bool
		n         int
	}{
		{"plain", text.For(carriers.PC, carriers.EmojiUnicode, carriers.ShiftJIS), nil, 0},
		{"docomo", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), nil, 0},
		{"willcom", text.For(carriers.Willcom, carriers.EmojiDoCoMo, carriers.ShiftJIS), nil, 0},
		{"au", text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), nil, 0},
		{"au mail", text.ForMail(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), nil, 0},
		{"softbank", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS), func(code string) bool { return code >= "\xFB\x41" && code <= "\xFB\xDE" }, 157},
	} {
		n := 0
		for code, r := range rows {
			got, lost := tt.c.AppendString(nil, r, 0)
			if tt.displaced != nil && tt.displaced(code) {
				n++
				if got[0] != 0xED && got[0] != 0xEE {
					t.Errorf("%s writes %q as %X, want NEC's form of %X", tt.name, r, got, code)
				}
			} else if string(got) != code || lost != 0 {
				t.Errorf("%s writes %q as %X, want %X", tt.name, r, got, code)
			}
			if back := string(tt.c.AppendDecode(nil, got)); back != r {
				t.Errorf("%s reads %X as %q, want %q", tt.name, got, back, r)
			}
		}
		if n != tt.n {
			t.Errorf("%s displaces %d rows, want %d", tt.name, n, tt.n)
		}
	}
}

// TestNoForeignCode: whatever is written, every byte sequence is a row of the Windows table or an emoji of this carrier.
func TestNoForeignCode(t *testing.T) {
	windows := windowsRows(t)
	windows["\r"] = "\r"
	table := emojitable.Read(t, emojiTable)
	for _, side := range sides {
		c := text.For(side.carrier, side.set, carriers.ShiftJIS)
		own := map[string]bool{}
		for _, r := range table {
			if s := r[side.name+"_sjis"]; s != "" {
				own[string(unhex(t, s))] = true
			}
		}
		allowed := func(code string) bool {
			if own[code] {
				return true
			}
			if _, ok := windows[code]; ok {
				return !own[code]
			}
			return side.name == "softbank" && (code[0] == 0xED || code[0] == 0xEE) // NEC's form
		}
		for r := rune(0); r <= 0x10FFFF; r++ {
			if r >= 0x20000 && r < 0xE0000 || r > 0xFF000 && r < 0x10FF00 {
				continue // nothing there for us
			}
			out, lost := c.AppendString(nil, string(r), 0)
			if bad := firstBad(out, allowed); bad != "" {
				t.Fatalf("%s: %U is written %X, in which %X is no code of this carrier", side.name, r, out, bad)
			}
			if getas := strings.Count(string(out), "\x81\xAC"); r != '〓' && getas != lost {
				t.Errorf("%s: %U is written %X, lost %d", side.name, r, out, lost)
			}
		}
	}
}

// firstBad returns the first code in out that is not allowed.
func firstBad(out []byte, allowed func(string) bool) string {
	for i := 0; i < len(out); {
		n := 1
		if b := out[i]; b >= 0x81 && b <= 0x9F || b >= 0xE0 && b <= 0xFC {
			n = 2
		}
		code := string(out[i:min(i+n, len(out))])
		if len(code) < n || !allowed(code) {
			return code
		}
		i += n
	}
	return ""
}
