package keep_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/keep"
	"musubi/transcode/text"
)

var handsets = []string{
	"DoCoMo/1.0/N502i/c08", "DoCoMo/2.0 P903i(c100;TB;W24H12)", "UP.Browser/3.04-TST4 UP.Link/3.4.4", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0",
	"J-PHONE/3.0/J-SH07", "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3", "emobile/1.0.0 (H11T; like Gecko; Wireless) NetFront/3.4",
	"Mozilla/3.0(WILLCOM;KYOCERA/WX310K/2;1.2.3.16.000000/0.1/C100) Opera 7.0", "Mozilla/2.0 (compatible; MSIE 3.02; Windows 95)",
}

// returned is what the handset gives back of text it was filled with.
func returned(h *carriers.Handset, s string) string {
	c := text.ForHandset(h)
	b, _ := c.AppendString(nil, s, 0)
	return string(c.AppendDecode(nil, b))
}

func onEach(t *testing.T, f func(t *testing.T, h *carriers.Handset, s *keep.Screen)) {
	for _, ua := range handsets {
		h := carriers.Identify(carriers.Request{UserAgent: ua})
		s := keep.Of(&h)
		t.Run(ua, func(t *testing.T) { f(t, &h, &s) })
	}
}

const entry = "한국어 é ✓ Zürich 🧑‍🚀 end ½ ☀️ 👨‍👩‍👧 🇯🇵🇫🇷 ♡ 𠮷野家 ｶﾞｷﾞ ①  \n髙橋\t2 ? 〓\n\n終わり 〜−\u200d "

func TestUntouchedIsTheOriginal(t *testing.T) {
	onEach(t, func(t *testing.T, h *carriers.Handset, s *keep.Screen) {
		for _, o := range []string{entry, "", " ", "\n", "é", "\u200d", "a \n", "〓", "🇯🇵🇯", "か\u3099", " \n \n"} {
			if got := s.Merge(keep.Record{Original: o}, returned(h, o)); got != o {
				t.Errorf("%q comes back as %q, shown %q", o, got, returned(h, o))
			}
		}
	})
}

func TestSpacesAtLineEndsMayBeLost(t *testing.T) {
	onEach(t, func(t *testing.T, h *carriers.Handset, s *keep.Screen) {
		const o = "前  \n 中 \t\n後  "
		if got := s.Merge(keep.Record{Original: o}, "前\n 中\n後"); got != o {
			t.Errorf("%q", got)
		}
	})
}

func TestEditsStayEdited(t *testing.T) {
	h := carriers.Identify(carriers.Request{UserAgent: handsets[1]})
	s := keep.Of(&h)
	for _, c := range []struct{ original, returned, want string }{
		{"한국어 é ก Zürich", "〓〓〓 e 〓 Zurich!", "한국어 é ก Zürich!"},
		{"한국어 é ก Zürich", "Hello 〓〓〓 e 〓 Zurich", "Hello 한국어 é ก Zürich"},
		{"한국어 é ก Zürich", "〓〓〓 e と 〓 Zurich", "한국어 é と ก Zürich"},
		{"한국어", "", ""},
		{"é", "he said no", "he said no"},
		{"Zürich ist schön", "Zurich ist sehr schon", "Zürich ist sehr schön"},
		{"Zürich", "Bern", "Bern"},
		{"𠀋野家と𠀋田", "〓田と〓野家", "𠀋田と𠀋野家"},
		{"a ก b", "a ? b", "a ก b"},
		{"a ✓ b", "aa レ b", "aa ✓ b"},
		{"見て👩‍🚀だ", "見て[女性宇宙飛行士]だよ", "見て👩‍🚀だよ"},
		{"a\n한\nb\n국\nc", "a\nb\n〓\nc", "a\nb\n국\nc"},
		{"", "new", "new"},
	} {
		if got := s.Merge(keep.Record{Original: c.original}, c.returned); got != c.want {
			t.Errorf("%q shown, %q returned: %q, want %q", c.original, c.returned, got, c.want)
		}
	}
}

// TestOrdinaryIsFaithful: what is taken for faithful at a glance is so on every handset.
func TestOrdinaryIsFaithful(t *testing.T) {
	onEach(t, func(t *testing.T, h *carriers.Handset, s *keep.Screen) {
		for r := rune(0x80); r <= 0x9FFF; r++ {
			if o := string(r); s.Faithful([]byte(o)) && returned(h, o) != o {
				t.Errorf("%q comes back as %q", o, returned(h, o))
			}
		}
	})
}

// random text of all of Unicode, with line ends, spaces and the same characters again.
func random(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n) {
		switch r.IntN(10) {
		case 0:
			b.WriteByte(" \n a?"[r.IntN(5)])
		case 1:
			b.WriteString([]string{"☀️", "👨‍👩‍👧", "🇯🇵", "é", "ｶﾞ", "♡", "𠮷", "1️⃣", "〓", "ゔ", "👍🏽"}[r.IntN(11)])
		case 2:
			b.WriteRune(0x3041 + rune(r.IntN(86)))
		case 3:
			b.WriteRune(0x4E00 + rune(r.IntN(0x51A5)))
		default:
			if c := rune(r.IntN(utf8.MaxRune + 1)); utf8.ValidRune(c) && c >= ' ' && c != 0x7F && (c < 0x80 || c > 0x9F) {
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

// Spaces at the ends of lines stay beside what was edited there, on a handset that sends them back, and at the other ends on one that does
// not.
func TestSpacesAtTheEndsOfEditedLines(t *testing.T) {
	onEach(t, func(t *testing.T, h *carriers.Handset, s *keep.Screen) {
		for _, c := range []struct{ original, returned, want string }{
			{"한 \nline 2 ", returned(h, "한 \n") + "line two ", "한 \nline two "},
			{"한 \nline 2  ", returned(h, "한 \n") + "line two", "한 \nline two"}, // the last one came back without: whoever edits there means it
			{"한 \nline 2", returned(h, "한") + "\nline two", "한 \nline two"},    // all were lost on the way
			{"a \n한\nb ", "c \n" + returned(h, "한") + "\nb ", "c \n한\nb "},
			{"a \n한\nb ", "c \n" + returned(h, "한") + "\nb", "c \n한\nb "}, // lost at the end of the field alone
		} {
			if got := s.Merge(keep.Record{Original: c.original}, c.returned); got != c.want {
				t.Errorf("%q, sent back as %q, became %q, want %q", c.original, c.returned, got, c.want)
			}
		}
	})
}

func TestAnyTextComesBack(t *testing.T) {
	onEach(t, func(t *testing.T, h *carriers.Handset, s *keep.Screen) {
		r := rand.New(rand.NewPCG(16, 1))
		for range 600 {
			o := random(r, 60)
			if s.Faithful([]byte(o)) != (returned(h, o) == o) && s.Faithful([]byte(o)) {
				t.Fatalf("%q is called faithful and comes back as %q", o, returned(h, o))
			}
			if got := s.Merge(keep.Record{Original: o}, returned(h, o)); got != o {
				t.Fatalf("%q comes back as %q, shown %q", o, got, returned(h, o))
			}
			const typed = "【追記】"
			a, b := "始め"+random(r, 30)+"一", "二"+random(r, 30)+"末"
			if got := s.Merge(keep.Record{Original: a + b}, returned(h, a)+typed+returned(h, b)); got != a+typed+b {
				t.Fatalf("%q + %q with %q between comes back as %q", a, b, typed, got)
			}
		}
	})
}

func TestOneLine(t *testing.T) {
	h := carriers.Identify(carriers.Request{UserAgent: handsets[2]})
	s := keep.Of(&h)
	r := keep.Record{Original: "一行目 \n한\n\n四行目", OneLine: true}
	if got := s.Merge(r, "一行目 ¶〓¶¶四行目です"); got != "一行目 \n한\n\n四行目です" {
		t.Errorf("%q", got)
	}
}

func TestRecordsAreSigned(t *testing.T) {
	key := []byte("key")
	for _, r := range []keep.Record{{Name: "body", Original: entry}, {Name: "", Original: "", OneLine: true}, {Name: "名", Original: strings.Repeat("한", 10000)}} {
		sealed := string(keep.Seal(nil, key, r))
		if got, ok := keep.Open(key, sealed); !ok || got != r {
			t.Errorf("opened %v %v, want %v", got, ok, r)
		}
		if _, ok := keep.Open([]byte("other"), sealed); ok {
			t.Error("another key opens it")
		}
		for i := range sealed {
			b := []byte(sealed)
			b[i] ^= 1
			if got, ok := keep.Open(key, string(b)); ok && got != r {
				t.Fatalf("changed at %d it opens as %v", i, got)
			}
			if len(sealed) > 500 {
				break
			}
		}
	}
}

func TestOpaque(t *testing.T) {
	for _, v := range []string{"", "✓", "한국어", "\xff\x00", "x"} {
		if got, ok := keep.Clear(string(keep.Opaque(nil, []byte(v)))); !ok || got != v {
			t.Errorf("%q becomes %q, %v", v, got, ok)
		}
	}
}

func FuzzMerge(f *testing.F) {
	f.Add(entry, "〓〓〓")
	f.Add("é", "e")
	h := carriers.Identify(carriers.Request{UserAgent: handsets[1]})
	s := keep.Of(&h)
	f.Fuzz(func(t *testing.T, original, back string) {
		s.Merge(keep.Record{Original: original}, back)
	})
}

func BenchmarkFaithful(b *testing.B) {
	h := carriers.Identify(carriers.Request{UserAgent: handsets[1]})
	s := keep.Of(&h)
	v := []byte("今日は海へ行きました。とても楽しかったです。")
	b.SetBytes(int64(len(v)))
	b.ReportAllocs()
	for b.Loop() {
		s.Faithful(v)
	}
}

// TestMarksThatAreTyped: who adds a line where a field has only one types the mark that stands for its end.
func TestMarksThatAreTyped(t *testing.T) {
	h := carriers.Identify(carriers.Request{UserAgent: "UP.Browser/3.04-CA13 UP.Link/3.4.4"})
	s := keep.Of(&h)
	if got := s.Merge(keep.Record{Name: "a", Original: "雨\n한국", OneLine: true}, "雨¶〓〓¶追記"); got != "雨\n한국\n追記" {
		t.Errorf("%q", got)
	}
	if got := s.Merge(keep.Record{Name: "a", Original: "雨¶한국", OneLine: true}, "雨¶〓〓"); got != "雨¶한국" {
		t.Errorf("a mark of the text itself: %q", got)
	}
}

// TestRecordOfATextElsewhere: a record without the text is short whatever the text is, and tells it from every other.
func TestRecordOfATextElsewhere(t *testing.T) {
	key := []byte("key")
	r := keep.Record{Name: "body", Original: strings.Repeat(entry, 100), OneLine: true, Page: "/diary/edit?id=1&x=名"}
	sealed := string(keep.Seal(nil, key, r))
	if len(sealed) > 100 {
		t.Errorf("%d characters", len(sealed))
	}
	got, ok := keep.Open(key, sealed)
	if !ok || got.Name != r.Name || got.Page != r.Page || got.Original != "" || !got.OneLine {
		t.Errorf("opened %v %v", got, ok)
	}
	if !got.Means(key, r.Original) || got.Means(key, entry) || got.Means(key, "") || got.Means([]byte("other"), r.Original) {
		t.Error("the text is not told from others")
	}
	if _, ok := keep.Open([]byte("other"), sealed); ok {
		t.Error("another key opens it")
	}
}
