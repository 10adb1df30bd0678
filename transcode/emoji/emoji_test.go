package emoji_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/emoji"
	"musubi/transcode/internal/emojitable"
)

var sets = map[string]carriers.EmojiSet{"docomo": carriers.EmojiDoCoMo, "au": carriers.EmojiAu, "softbank": carriers.EmojiSoftBank}

// TestTable compares every cell that the package uses with the table people edit.
func TestTable(t *testing.T) {
	rows := emojitable.Read(t, "data/emoji.tsv")
	if len(rows) != emoji.Count {
		t.Fatalf("%d rows, want %d", len(rows), emoji.Count)
	}
	codes := map[string]int{}
	for i, r := range rows {
		c := emoji.At(emoji.Index(i))
		got := emojitable.Row{
			"e4u_id": c.ID, "google_pua": fmt.Sprintf("%X", c.Private), "unicode": hex(c.Unicode), "unicode_fq": hex(c.Qualified),
			"name_ja": c.NameJA, "name_en": c.NameEN, "text": c.Text, "au_number": number(c.AuNumber),
		}
		for name, set := range sets {
			code := c.Code(set)
			got[name+"_sjis"], got[name+"_unicode"] = code4(code.SJIS), code4(code.PUA)
			if code.SJIS != 0 {
				codes[name]++
			}
		}
		for column, cell := range got {
			if cell != r[column] {
				t.Errorf("%s %s: %q, table says %q", r["e4u_id"], column, cell, r[column])
			}
		}
	}
	for name, want := range map[string]int{"docomo": 282, "au": 647, "softbank": 485} {
		if codes[name] != want {
			t.Errorf("%s has %d codes, want %d", name, codes[name], want)
		}
	}
}

func hex(s string) string {
	var out []string
	for _, r := range s {
		out = append(out, fmt.Sprintf("%04X", r))
	}
	return strings.Join(out, " ")
}

func code4(code uint16) string {
	if code == 0 {
		return ""
	}
	return fmt.Sprintf("%04X", code)
}

func number(n uint16) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}

// TestDataIsSound tests the data before any code: no code twice, the arithmetic that the carriers documented.
func TestDataIsSound(t *testing.T) {
	rows := emojitable.Read(t, "data/emoji.tsv")
	for _, column := range []string{"unicode", "unicode_fq", "e4u_id", "google_pua", "docomo_unicode", "docomo_sjis", "docomo_number",
		"au_number", "au_sjis", "au_unicode", "au_unicode_auto", "au_jis", "au_mail_sjis", "softbank_unicode", "softbank_sjis", "softbank_webcode"} {
		seen := map[string]string{}
		for _, r := range rows {
			if cell := r[column]; cell != "" && seen[cell] != "" {
				t.Errorf("%s %q is in rows %s and %s", column, cell, seen[cell], r["e4u_id"])
			}
			seen[r[column]] = r["e4u_id"]
		}
	}
	for _, r := range rows {
		if s := r["softbank_unicode"]; s != "" {
			n, _ := strconv.ParseUint(s, 16, 16)
			webcode := "$" + string("GEFOPQ"[n>>8-0xE0]) + string(rune(n&0xFF+0x20))
			if webcode != r["softbank_webcode"] {
				t.Errorf("%s: webcode %q, arithmetic says %q", r["e4u_id"], r["softbank_webcode"], webcode)
			}
		}
		for name := range sets {
			if (r[name+"_sjis"] == "") != (r[name+"_unicode"] == "") {
				t.Errorf("%s: %s has one code without the other", r["e4u_id"], name)
			}
			if (r[name+"_sjis"] == "") == (r[name+"_fallback"] == "") {
				t.Errorf("%s: %s needs either a code or a fallback", r["e4u_id"], name)
			}
		}
	}
}

// TestFallback: what stands for a concept on a carrier without a code is the table's first choice.
func TestFallback(t *testing.T) {
	rows := emojitable.Read(t, "data/emoji.tsv")
	private := map[string]string{}
	for _, r := range rows {
		n, _ := strconv.ParseInt(r["google_pua"], 16, 32)
		private[r["e4u_id"]] = string(rune(n))
	}
	for i, r := range rows {
		for name, set := range sets {
			want := r[name+"_fallback"]
			switch {
			case strings.HasPrefix(want, "e-"):
				var b strings.Builder
				for _, id := range strings.Split(want, "+") {
					b.WriteString(private[id])
				}
				want = b.String()
			case want == "(empty)":
				want = ""
			case want == `\u3000`:
				want = "\u3000"
			}
			if got := emoji.At(emoji.Index(i)).Fallback(set); got != want {
				t.Errorf("%s to %s: %q, want %q", r["e4u_id"], name, got, want)
			}
		}
	}
}

// TestCanonical: one text for each concept, in which no ordinary character is an emoji.
func TestCanonical(t *testing.T) {
	seen := map[string]string{}
	for i := range emoji.Index(emoji.Count) {
		c := emoji.At(i)
		s := c.Canonical()
		if s == "" || seen[s] != "" {
			t.Errorf("%s is %q, like %s", c.ID, s, seen[s])
		}
		seen[s] = c.ID
		if strings.ContainsAny(s, "\ufe0f \u2002\u2003\u2005") {
			t.Errorf("%s is %q: a selector or a typed space", c.ID, s)
		}
	}
}

// TestPlain: a reader without emoji gets words, and only for one nameless symbol a geta.
func TestPlain(t *testing.T) {
	getas := 0
	for i := range emoji.Index(emoji.Count) {
		c := emoji.At(i)
		if s := c.Fallback(carriers.EmojiNone); s == "〓" {
			getas++
		} else if s == "" || strings.ContainsRune(s, c.Private) {
			t.Errorf("%s is %q for a reader without emoji", c.ID, s)
		}
	}
	if getas != 1 {
		t.Errorf("%d concepts become 〓, want 1", getas)
	}
	for id, want := range map[string]string{"e-000": "[晴れ]", "e-82E": "[1]", "e-B29": "(C)", "e-B4D": " ", "e-01C": "[砂時計]"} {
		for i := range emoji.Index(emoji.Count) {
			if c := emoji.At(i); c.ID == id && c.Fallback(carriers.EmojiUnicode) != want {
				t.Errorf("%s is %q, want %q", id, c.Fallback(carriers.EmojiUnicode), want)
			}
		}
	}
}

// Every concept that rides on its plane-15 code has a word for who has no font of that carrier, and nothing else has.
func TestWord(t *testing.T) {
	n := 0
	for i := range emoji.Count {
		c := emoji.At(emoji.Index(i))
		got := emoji.Word(c.Private)
		if c.Standard() != "" {
			if got != "" {
				t.Errorf("%q has the word %q", c.Unicode, got)
			}
			continue
		}
		if n++; got == "" || strings.ContainsFunc(got, func(r rune) bool { return r >= 0xE000 && r < 0xF900 || r >= 0xF0000 }) {
			t.Errorf("U+%X: %q", c.Private, got)
		}
	}
	if n < 60 || emoji.Word('a') != "" || emoji.Word(0xFEE14) != "[iアプリ]" {
		t.Errorf("%d signs, %q", n, emoji.Word(0xFEE14))
	}
}
