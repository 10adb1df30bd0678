package charset_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"musubi/transcode/charset"
)

// A windowsRow is one row of testdata/cp932.tsv.
type windowsRow struct {
	code      uint16
	r         rune
	direction string
}

func windowsTable(t *testing.T) []windowsRow {
	t.Helper()
	f, err := os.Open("testdata/cp932.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []windowsRow
	for s := bufio.NewScanner(f); s.Scan(); {
		cells := strings.Split(s.Text(), "\t")
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		code, err1 := strconv.ParseUint(cells[0], 16, 16)
		r, err2 := strconv.ParseUint(cells[1], 16, 16)
		if err1 != nil || err2 != nil || len(cells) != 3 {
			t.Fatalf("row %q", s.Text())
		}
		rows = append(rows, windowsRow{uint16(code), rune(r), cells[2]})
	}
	return rows
}

// outside says that a row is not for text: the user-defined area, where the carriers put their emoji, and five single
// bytes that no font has (80, A0, FD–FF), and NUL.
func (w windowsRow) outside() bool {
	return w.code >= 0xF040 && w.code <= 0xF9FC || w.code == 0x80 || w.code == 0xA0 || w.code >= 0xFD && w.code <= 0xFF || w.code == 0
}

func TestWindowsTable(t *testing.T) {
	count := map[string]int{}
	for _, w := range windowsTable(t) {
		if w.outside() {
			count["outside"]++
			if got := charset.Decode(w.code); got != 0 {
				t.Errorf("Decode(%04X) = %U, want none", w.code, got)
			}
			continue
		}
		count[w.direction]++
		if got := charset.Decode(w.code); got != w.r && w.direction != "<" {
			t.Errorf("Decode(%04X) = %U, want %U", w.code, got, w.r)
		}
		if got := charset.Encode(w.r); got != w.code && w.direction == "=" {
			t.Errorf("Encode(%U) = %04X, want %04X", w.r, got, w.code)
		}
		if got := charset.Encode(w.r); w.direction == "<" && got != w.code && got != instead[w.r] {
			t.Errorf("Encode(%U) = %04X, want best fit %04X or %04X", w.r, got, w.code, instead[w.r])
		}
	}
	for direction, want := range map[string]int{"=": 9402 - 1880 - 5 - 1, ">": 398, "<": 83, "outside": 1886} {
		if count[direction] != want {
			t.Errorf("%d rows %q, want %d", count[direction], direction, want)
		}
	}
}

// instead lists the best fits of Windows that we do not follow: it writes ASCII where a character of the same look, or
// the decomposition, is safer (SEC-45). 0: charset.Substitute decides.
var instead = map[rune]uint16{'¥': 0x818F, '¦': 0xFA55}

func TestDecodeAll(t *testing.T) {
	known := map[uint16]bool{}
	for _, w := range windowsTable(t) {
		known[w.code] = !w.outside() && w.direction != "<" || known[w.code]
	}
	for code := range 0x10000 {
		if code == 0 {
			continue
		}
		if got := charset.Decode(uint16(code)) != 0; got != known[uint16(code)] {
			t.Errorf("Decode(%04X) knows a character: %v, want %v", code, got, known[uint16(code)])
		}
	}
}

// TestBothColumns: the characters that JIS and Windows tables name differently are written alike.
func TestBothColumns(t *testing.T) {
	for _, tt := range []struct {
		code   uint16
		ours   rune
		others string
	}{
		{0x8160, '～', "〜"}, {0x817C, '－', "−"}, {0x8161, '∥', "‖"}, {0x815C, '―', "—"},
		{0x8191, '￠', "¢"}, {0x8192, '￡', "£"}, {0x81CA, '￢', "¬"}, {0x818F, '￥', "¥"}, {0x8150, '￣', "‾"}, {0xFA55, '￤', "¦"},
	} {
		for _, r := range string(tt.ours) + tt.others {
			if got := charset.Encode(r); got != tt.code {
				t.Errorf("Encode(%q) = %04X, want %04X", r, got, tt.code)
			}
		}
		if got := charset.Decode(tt.code); got != tt.ours {
			t.Errorf("Decode(%04X) = %q, want %q", tt.code, got, tt.ours)
		}
	}
}

// TestNECSelected: every IBM extension has a twin that decodes to the same character and stands in JIS rows 89–92.
func TestNECSelected(t *testing.T) {
	n := 0
	for code := uint16(0xFA40); code <= 0xFC4B; code++ {
		r := charset.Decode(code)
		if r == 0 || charset.Encode(r) != code {
			continue
		}
		n++
		twin := charset.NECSelected(code)
		if row := charset.JIS(twin)>>8 - 0x20; charset.Decode(twin) != r || row < 89 || row > 92 {
			t.Errorf("NECSelected(%04X) = %04X (%q, row %d), want a twin of %q", code, twin, charset.Decode(twin), row, r)
		}
	}
	if n != 373 {
		t.Errorf("%d IBM extensions, want 373", n)
	}
	if got := charset.NECSelected(0x889F); got != 0x889F {
		t.Errorf("NECSelected(889F) = %04X", got)
	}
}

// TestJIS compares the arithmetic with x/text's EUC-JP, for every code of rows 1 to 94.
func TestJIS(t *testing.T) {
	for row := uint16(0x21); row <= 0x7E; row++ {
		for cell := uint16(0x21); cell <= 0x7E; cell++ {
			jis := row<<8 | cell
			code := charset.FromJIS(jis)
			if back := charset.JIS(code); back != jis {
				t.Fatalf("JIS(FromJIS(%04X)) = %04X", jis, back)
			}
			euc, err := japanese.EUCJP.NewDecoder().Bytes([]byte{byte(row) | 0x80, byte(cell) | 0x80})
			if err != nil {
				t.Fatal(err)
			}
			if want := []rune(string(euc))[0]; want != '\uFFFD' && charset.Decode(code) != want {
				t.Errorf("JIS %04X is %04X %q, want %q", jis, code, charset.Decode(code), want)
			}
		}
	}
}
