package emoji_test

import (
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/emoji"
)

// TestFind: each row is found by its key and by no beginning of it; others are not.
func TestFind(t *testing.T) {
	n, size := 0, 0
	for row := range emoji.Rows {
		n++
		size += len(row) + 16
		if got := emoji.Find(row.Key()); got != row {
			t.Errorf("Find(%+q) = %q, want its row", row.Key(), got)
		}
		if got := emoji.Find([]byte(row.Key() + "x")); got != "" {
			t.Errorf("Find(%+q and x) = %q", row.Key(), got)
		}
		if row.Name(false) == "" || row.Name(true) == "" || strings.ContainsAny(row.Name(false)+row.Name(true), "[]") {
			t.Errorf("%+q is called %q and %q", row.Key(), row.Name(false), row.Name(true))
		}
	}
	if n != 1935 {
		t.Errorf("%d rows, want 1935", n)
	}
	if size > 200_000 { // with the signs of transcode/charset: at most 400 kB in the binary
		t.Errorf("the rows take %d bytes", size)
	}
	for _, key := range []string{"", "a", "\t", "\U0001F469\u200d", "\U0010FFFF"} {
		if got := emoji.Find(key); got != "" {
			t.Errorf("Find(%+q) = %q, want none", key, got)
		}
	}
}

// TestFlags: a flag is only ever itself: its own picture, or its name and the letters of its region.
func TestFlags(t *testing.T) {
	n := 0
	for row := range emoji.Rows {
		key := []rune(row.Key())
		if len(key) != 2 || key[0] < 0x1F1E6 || key[0] > 0x1F1FF {
			continue
		}
		n++
		letters := string([]rune{'A' + key[0] - 0x1F1E6, 'A' + key[1] - 0x1F1E6})
		if row.Short(false) != letters || row.Short(true) != letters {
			t.Errorf("%s is %s in short, want %s", row.Key(), row.Short(false), letters)
		}
		for _, set := range []carriers.EmojiSet{carriers.EmojiDoCoMo, carriers.EmojiAu, carriers.EmojiSoftBank} {
			if near := row.Near(set); near != "" {
				t.Errorf("%s is %q on %s", row.Key(), near, set)
			}
		}
	}
	if n != 259 && n != 258 {
		t.Errorf("%d flags, want 258 or 259", n)
	}
}

// TestNear: the nearest picture is one of the set's own.
func TestNear(t *testing.T) {
	own := map[carriers.EmojiSet]map[rune]bool{}
	for _, set := range []carriers.EmojiSet{carriers.EmojiDoCoMo, carriers.EmojiAu, carriers.EmojiSoftBank} {
		own[set] = map[rune]bool{}
		for i := range emoji.Index(emoji.Count) {
			if c := emoji.At(i); c.Code(set).SJIS != 0 {
				own[set][c.Private] = true
			}
		}
	}
	for row := range emoji.Rows {
		for set, has := range own {
			for _, r := range row.Near(set) {
				if r>>12 == 0xFE && !has[r] {
					t.Errorf("%s on %s is %U, which it has no code for", row.Key(), set, r)
				}
			}
		}
	}
	for key, want := range map[string]string{"😀": "😃", "🥰": "😍", "🧋": "🍵", "🤣": "😆"} {
		concept := emoji.At(0)
		for i := range emoji.Index(emoji.Count) {
			if c := emoji.At(i); c.Unicode == want {
				concept = c
			}
		}
		if got := emoji.Find(key).Near(carriers.EmojiDoCoMo); got != string(concept.Private) {
			t.Errorf("%s on DoCoMo is %U, want %s", key, []rune(got), want)
		}
	}
}
