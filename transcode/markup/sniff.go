package markup

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"musubi/carriers"
	"musubi/transcode/text"
)

// Canonical returns the page in UTF-8 without byte order mark. Its charset is found by the HTML standard's rules: byte
// order mark, Content-Type, a meta element in the first 1024 bytes; failing these UTF-8 if it is that, else what Japanese
// pages are most likely in. A UTF-8 page is returned as it is.
func Canonical(src []byte, contentType string) []byte {
	if declaresUTF8(contentType) {
		return bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF"))
	}
	_, params, _ := mime.ParseMediaType(contentType)
	if bytes.HasPrefix(src, []byte("\xEF\xBB\xBF")) {
		return src[3:]
	}
	enc, name, certain := charset.DetermineEncoding(src[:min(len(src), 1024)], contentType)
	if !certain && params["charset"] == "" && name != "iso-2022-jp" { // which is ASCII, and so UTF-8, to look at
		if mostlyUTF8(src) {
			return src
		}
		name = likelyJapanese(src)
	}
	switch name {
	case "utf-8":
		return src
	case "shift_jis":
		return text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS).AppendDecode(nil, src)
	case "euc-jp":
		return text.For(carriers.PC, carriers.EmojiNone, carriers.EUCJP).AppendDecode(nil, src)
	}
	out, err := enc.NewDecoder().Bytes(src)
	if err != nil {
		return src
	}
	return bytes.TrimPrefix(out, []byte("\xEF\xBB\xBF"))
}

func declaresUTF8(contentType string) bool {
	i := strings.IndexByte(contentType, '=')
	return i > 0 && len(contentType) >= i+6 && strings.EqualFold(strings.Trim(contentType[i+1:], `" `), "utf-8") &&
		strings.HasSuffix(strings.ToLower(contentType[:i]), "charset")
}

// mostlyUTF8 says whether more of the bytes outside ASCII make UTF-8 characters than do not.
func mostlyUTF8(src []byte) bool {
	if utf8.Valid(src) {
		return true
	}
	good, bad := 0, 0
	for i := 0; i < len(src); {
		if src[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good += size
		}
		i += size
	}
	return good > bad
}

// likelyJapanese tells Shift_JIS from EUC-JP by the pairs that only one of them has.
func likelyJapanese(src []byte) string {
	sjis, euc := 0, 0
	for i := 0; i+1 < len(src); i++ {
		a, b := src[i], src[i+1]
		switch {
		case a < 0x80:
			continue
		case a >= 0xA1 && b >= 0xA1:
			euc++
		case a >= 0x81 && a <= 0x9F && b >= 0x40, a >= 0xE0 && a <= 0xFC && b >= 0x40 && b <= 0xA0:
			sjis++
		}
		i++
	}
	if euc > sjis {
		return "euc-jp"
	}
	return "shift_jis"
}
