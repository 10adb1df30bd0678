package form

import (
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"

	"musubi/carriers"
	gb "musubi/transcode/charset"
	"musubi/transcode/text"
)

// encoderOf returns what writes text in the charset of a server's forms.
func encoderOf(name string) func(string) string {
	e, known := charset.Lookup(name)
	switch {
	case name == "" || e == nil || known == "utf-8":
		return func(s string) string { return s }
	case known == "shift_jis":
		return windows31J
	case known == "euc-jp":
		return eucJP
	case known == "iso-2022-jp":
		return iso2022JP
	case known == "big5":
		return big5
	case known == "gbk":
		e = gb.GBK
	case known == "gb18030":
		e = gb.GB18030
	}
	encoder := encoding.HTMLEscapeUnsupported(e.NewEncoder())
	return func(s string) string {
		out, err := encoder.String(s)
		if err != nil {
			return s
		}
		return out
	}
}

// windows31J writes Shift_JIS as browsers do: x/text writes other codes than Windows for the IBM extensions.
func windows31J(s string) string {
	c := text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS)
	var out strings.Builder
	for _, r := range s {
		switch r {
		case yen:
			r = '\\'
		case overline:
			r = '~'
		case minus:
			r = wideMinus
		}
		b, lost := c.AppendString(nil, string(r), 0)
		if lost > 0 || string(c.AppendDecode(nil, b)) != string(r) && r >= 0x80 {
			out.WriteString(reference(r))
			continue
		}
		out.Write(b)
	}
	return out.String()
}
