package form

import (
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Where browsers write less than x/text can [Encoding Standard]: no JIS X 0212 in EUC-JP, no half-width kana in ISO-2022-JP, no codes of Hong
// Kong in Big5. A character that is left goes as a reference, as in every other charset.

// grid reads all two-byte codes of an encoding whose lead bytes are from and above: the first code of each character counts, or, where last
// says so, its last.
func grid(e encoding.Encoding, from byte, last string) map[rune]string {
	codes, decode := map[rune]string{}, e.NewDecoder()
	for lead := int(from); lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			code := string([]byte{byte(lead), byte(trail)})
			read, err := decode.String(code)
			r := []rune(read)
			if err != nil || len(r) != 1 || r[0] == '\uFFFD' || r[0] < 0x80 {
				continue
			}
			if _, known := codes[r[0]]; !known || strings.ContainsRune(last, r[0]) {
				codes[r[0]] = code
			}
		}
	}
	return codes
}

var (
	big5Codes = sync.OnceValue(func() map[rune]string { return grid(traditionalchinese.Big5, 0xA1, "═╞╡╪十卅") })
	// jisCodes are those of JIS X 0208 as EUC-JP has them.
	jisCodes = sync.OnceValue(func() map[rune]string { return grid(japanese.EUCJP, 0xA1, "") })
)

// reference is what stands for a character that a charset has not.
func reference(r rune) string { return "&#" + strconv.Itoa(int(r)) + ";" }

// each writes a text character by character; code is "" for what the charset has not.
func each(s string, code func(r rune) string) string {
	var out strings.Builder
	for _, r := range s {
		switch c := code(r); {
		case r < 0x80:
			out.WriteByte(byte(r))
		case c != "":
			out.WriteString(c)
		default:
			out.WriteString(reference(r))
		}
	}
	return out.String()
}

func big5(s string) string {
	return each(s, func(r rune) string { return big5Codes()[r] })
}

// Signs that Japanese charsets write where others of today are meant.
const (
	yen, overline, minus = '¥', '‾', '−'
	wideMinus            = '－'
)

func eucJP(s string) string {
	return each(s, func(r rune) string {
		switch {
		case r == yen:
			return "\\"
		case r == overline:
			return "~"
		case r == minus:
			r = wideMinus
		case r >= '｡' && r <= 'ﾟ':
			return string([]byte{0x8E, byte(r - '｡' + 0xA1)})
		}
		return jisCodes()[r]
	})
}

// wideKana are the half-width kana from ｡ on as ISO-2022-JP writes them, each by itself.
var wideKana = []rune("。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜")

// Escapes of ISO-2022-JP.
const toASCII, toRoman, toJIS = "\x1b(B", "\x1b(J", "\x1b$B"

func iso2022JP(s string) string {
	var out strings.Builder
	state := toASCII
	in := func(set string) {
		if state != set {
			out.WriteString(set)
			state = set
		}
	}
	for _, r := range s {
		switch {
		case r == minus:
			r = wideMinus
		case r >= '｡' && r <= 'ﾟ':
			r = wideKana[r-'｡']
		}
		code := jisCodes()[r]
		switch {
		case r < 0x80:
			if state == toJIS || r == '\\' || r == '~' {
				in(toASCII)
			}
			out.WriteByte(byte(r))
		case r == yen || r == overline:
			in(toRoman)
			out.WriteByte(map[rune]byte{yen: '\\', overline: '~'}[r])
		case code != "":
			in(toJIS)
			out.Write([]byte{code[0] & 0x7F, code[1] & 0x7F})
		default:
			if state == toJIS {
				in(toASCII)
			}
			out.WriteString(reference(r))
		}
	}
	in(toASCII)
	return out.String()
}
