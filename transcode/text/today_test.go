package text_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/text"
)

var update = flag.Bool("update", false, "rewrite the conformance suite in testdata/text")

// A reader is what one column of the conformance suite is for.
type reader struct {
	column string
	c      *text.Codec
	o      text.Option
}

// readers are the columns: bytes of Shift_JIS in hexadecimal for the carriers, text where there are no emoji.
var readers = []reader{
	{"docomo", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), 0},
	{"willcom", text.For(carriers.Willcom, carriers.EmojiDoCoMo, carriers.ShiftJIS), 0},
	{"au", text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), 0},
	{"softbank", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS), 0},
	{"none_ja", text.For(carriers.PC, carriers.EmojiNone, carriers.UTF8), 0},
	{"none_en", text.For(carriers.PC, carriers.EmojiNone, carriers.UTF8), text.English},
	{"short_en", text.For(carriers.PC, carriers.EmojiNone, carriers.UTF8), text.English | text.Short},
}

func (r reader) cell(t *testing.T, s string) string {
	t.Helper()
	out, lost := r.c.AppendString(nil, s, r.o)
	if lost != 0 || bytes.Contains(out, []byte("\x81\xAC")) && !strings.HasPrefix(r.column, "none") && r.column != "short_en" {
		t.Errorf("%s: %+q (%s) is 〓", r.column, s, s)
	}
	if strings.HasPrefix(r.column, "none") || r.column == "short_en" {
		return string(out)
	}
	return strings.ToUpper(hex.EncodeToString(out))
}

// TestToday: every emoji that Unicode recommends for interchange (RGI, 17.0) is a picture or a word on every carrier, as
// the conformance suite says; without its selectors it is the same.
func TestToday(t *testing.T) {
	var file bytes.Buffer
	file.WriteString("# What each RGI emoji of Unicode 17.0 is on each set: Shift_JIS in hexadecimal for carriers, text where there are no emoji.\n" +
		"# README.md says how to run it. Written by: go test ./transcode/text -run TestToday -update\nsequence")
	for _, r := range readers {
		file.WriteString("\t" + r.column)
	}
	file.WriteByte('\n')
	n := 0
	for _, s := range rgi(t) {
		n++
		for i, h := range []rune(s) {
			if i > 0 {
				file.WriteByte(' ')
			}
			fmt.Fprintf(&file, "%04X", h)
		}
		for _, r := range readers {
			cell := r.cell(t, s)
			if bare := r.cell(t, strings.ReplaceAll(s, "\ufe0f", "")); bare != cell {
				t.Errorf("%s: %+q is %s, without selectors %s", r.column, s, cell, bare)
			}
			if strings.HasSuffix(r.column, "_en") && strings.ContainsFunc(cell, func(r rune) bool { return r >= 0x3041 && r < 0xFF00 }) {
				t.Errorf("%s: %+q is %s", r.column, s, cell)
			}
			file.WriteString("\t" + cell)
		}
		file.WriteByte('\n')
	}
	if n != 3953 {
		t.Errorf("%d sequences, want 3953", n)
	}
	golden(t, "../../testdata/text/emoji.tsv", file.Bytes())
}

// TestTodayEveryCharset: none of them is 〓 in another character set or in mail either, in either language.
func TestTodayEveryCharset(t *testing.T) {
	all := rgi(t)
	everyCodec := func(f func(string, *text.Codec)) {
		allCodecs(f)
		f("a browser of the West", text.For(carriers.PC, carriers.EmojiNone, carriers.Latin1))
	}
	everyCodec(func(name string, c *text.Codec) {
		for _, o := range []text.Option{0, text.English, text.Short | text.HalfKana | text.EscapeHTML, text.Webcode} {
			for _, s := range all {
				if out, lost := c.AppendString(nil, s, o); lost != 0 {
					t.Fatalf("%s, options %b: %+q (%s) is %q", name, o, s, s, out)
				}
			}
		}
	})
}

// rgi returns the sequences of testdata/rgi.txt.
func rgi(t *testing.T) (all []string) {
	t.Helper()
	f, err := os.Open("testdata/rgi.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line[0] != '#' || strings.Contains(line, "\u20e3") {
			all = append(all, line)
		}
	}
	return all
}

// golden compares a file of the conformance suite with what we write, or rewrites it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wants, gots := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(wants), len(gots)) {
		switch {
		case i >= len(wants):
			t.Fatalf("%s ends, but there is also %q", path, gots[i])
		case i >= len(gots):
			t.Fatalf("%s has %q, nothing is written", path, wants[i])
		case wants[i] != gots[i]:
			t.Fatalf("%s line %d has %q, written is %q", path, i+1, wants[i], gots[i])
		}
	}
}
