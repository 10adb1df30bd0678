package charset

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
)

// TestGBComesBack: each two-byte code of GB 18030 reads as one character and is written with the same code; A3A0 is a space to browsers.
func TestGBComesBack(t *testing.T) {
	var all []byte
	private := 0
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if trail == 0x7F || lead == 0xA3 && trail == 0xA0 {
				continue
			}
			all = append(all, byte(lead), byte(trail))
		}
	}
	for name, e := range map[string]encoding.Encoding{"GB18030": GB18030, "GBK": GBK} {
		read, err := e.NewDecoder().Bytes(all)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(read), "\uFFFD"); n > 0 || len([]rune(string(read))) != len(all)/2 {
			t.Errorf("%s: %d codes are read as %d characters, %d of them lost", name, len(all)/2, len([]rune(string(read))), n)
		}
		for _, r := range string(read) {
			if r >= 0xE000 && r < 0xF900 {
				private++
			}
		}
		if back, err := e.NewEncoder().Bytes(read); name == "GB18030" && (err != nil || string(back) != string(all)) {
			t.Errorf("%s does not come back: %v", name, err)
		}
	}
	if private < 2*1894 {
		t.Errorf("%d private-use characters", private)
	}
	// What Python's codec says of some.
	for code, want := range map[string]rune{"\xAA\xA1": 0xE000, "\xAF\xFE": 0xE233, "\xFE\xFE": 0xE4C5, "\xA1\x40": 0xE4C6, "\xA7\xA0": 0xE765, "\xA3\x80": 0xE5C5,
		"\xA9\xA3": 0xE800, "\xFE\x91": 0xE855, "\xFE\xA0": 0x9FBB, "\xA8\xBC": 0x1E3F} { // the last two: GB 18030-2022
		if got, err := GB18030.NewDecoder().String("a" + code + "b"); err != nil || got != "a"+string(want)+"b" {
			t.Errorf("% x is %+q, want %+q", code, got, want)
		}
	}
}
