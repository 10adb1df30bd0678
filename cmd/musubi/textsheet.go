package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strings"

	"musubi/carriers"
	"musubi/transcode/emoji"
	"musubi/transcode/text"
)

// sheetColumns are whose screens the sheet shows. Willcom has DoCoMo's emoji.
var sheetColumns = []struct {
	name  string
	codec *text.Codec
	o     text.Option
}{
	{"DoCoMo, Willcom", text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS), 0},
	{"au", text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS), 0},
	{"SoftBank", text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS), 0},
	{"without emoji", text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS), 0},
	{"in English", text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS), text.English},
	{"short", text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS), text.English | text.Short},
}

const sheetHead = `<!DOCTYPE html>
<html lang="en"><head><meta charset="UTF-8"><title>musubi: every emoji on every carrier</title>
<style>
body { font: 15px/1.4 "Noto Sans CJK JP", "Hiragino Sans", Meiryo, sans-serif; margin: 1em; }
table { border-collapse: collapse; } th { position: sticky; top: 0; background: #eee; text-align: left; }
th, td { border: 1px solid #bbb; padding: .15em .5em; } td:first-child, .own, .near { font-size: 22px; font-family: "Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", sans-serif; }
.own { background: #e2f4df; } .near { background: #fdf3cc; } .word { background: #fff; } .lost { background: #f66; } small { font: 11px monospace; color: #666; }
</style></head><body>
<h1>Every emoji on every carrier</h1>
<p><span class="own">green</span>: the carrier's own. <span class="near">yellow</span>: the nearest picture or sign. white: a word. <span class="lost">red</span>: lost.
Pictures are this computer's; the bytes are the carrier's.</p>
`

// writeSheet prints each emoji of today, and what the carriers drew beside, as a page of pictures: a row for each emoji.
func writeSheet(w io.Writer) error {
	out := bufio.NewWriter(w)
	out.WriteString(sheetHead + "<table>\n<tr><th>emoji<th>name")
	for _, column := range sheetColumns {
		out.WriteString("<th>" + column.name)
	}
	out.WriteByte('\n')
	for row := range emoji.Rows {
		sheetRow(out, row.Key(), row.Name(false)+" / "+row.Name(true))
	}
	for i := range emoji.Index(emoji.Count) {
		if c := emoji.At(i); c.Standard() == "" {
			sheetRow(out, c.Canonical(), strings.TrimPrefix(c.NameJA+" / "+c.NameEN, " / "))
		}
	}
	out.WriteString("</table></body></html>\n")
	return out.Flush()
}

// sheetRow writes the row of one emoji.
func sheetRow(out *bufio.Writer, key, name string) {
	own := canonicalCode(key)
	fmt.Fprintf(out, "<tr><td>%s<td>%s<br><small>%s</small>", html.EscapeString(pictured(key)), html.EscapeString(name), codePoints(key))
	for _, column := range sheetColumns {
		b, lost := column.codec.AppendString(nil, key, column.o)
		shown := string(column.codec.AppendDecode(nil, b))
		kind := "near"
		switch {
		case lost > 0:
			kind = "lost"
		case own != nil && shown == own.Canonical():
			kind = "own"
		case strings.HasPrefix(shown, "[") && strings.HasSuffix(shown, "]"):
			kind = "word"
		}
		fmt.Fprintf(out, `<td class="%s">%s`, kind, html.EscapeString(pictured(shown)))
		if kind == "own" || kind == "near" {
			fmt.Fprintf(out, " <small>%X</small>", b)
		}
	}
	out.WriteByte('\n')
}

// canonicalCode returns the concept that a text is, nil when no carrier drew it.
func canonicalCode(s string) *emoji.Concept {
	for i := range emoji.Index(emoji.Count) {
		if c := emoji.At(i); c.Canonical() == s || c.Unicode == s {
			return c
		}
	}
	return nil
}

// pictured returns text as a browser shows it: emoji in colour, and names for what Unicode has not.
func pictured(s string) string {
	var out strings.Builder
	for _, r := range s {
		if r>>12 == 0xFE {
			c := canonicalCode(string(r))
			if c != nil && c.NameJA != "" {
				out.WriteString("〈" + c.NameJA + "〉")
			} else {
				fmt.Fprintf(&out, "〈%U〉", r)
			}
			continue
		}
		out.WriteRune(r)
	}
	if row := emoji.Find(s); row != "" && len([]rune(s)) == 1 {
		out.WriteString("\ufe0f")
	}
	return out.String()
}

func codePoints(s string) string {
	var out []string
	for _, r := range s {
		out = append(out, fmt.Sprintf("%04X", r))
	}
	return strings.Join(out, " ")
}
