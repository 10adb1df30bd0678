package markup

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"

	"musubi/carriers"
	gb "musubi/transcode/charset"
	"musubi/transcode/text"
)

// Canonical returns the page in UTF-8 without byte order mark. Its charset is found as browsers do: byte order mark, the
// charset of Content-Type, a meta element or an XML declaration in the first 1024 bytes, and failing these the bytes. A
// declaration is overruled only when the bytes cannot be what it says. A UTF-8 page is returned as it is.
func Canonical(src []byte, contentType string) []byte {
	page, _ := CanonicalOf(src, contentType)
	return page
}

// CanonicalOf is Canonical, and tells the charset by its name in the HTML standard.
func CanonicalOf(src []byte, contentType string) (page []byte, name string) {
	switch {
	case bytes.HasPrefix(src, []byte("\xEF\xBB\xBF")):
		return src[3:], "utf-8"
	case bytes.HasPrefix(src, []byte("\xFF\xFE")):
		return decoded(src, "utf-16le"), "utf-16le"
	case bytes.HasPrefix(src, []byte("\xFE\xFF")):
		return decoded(src, "utf-16be"), "utf-16be"
	}
	if declaresUTF8(contentType) && utf8.Valid(src) {
		return src, "utf-8"
	}
	_, params, _ := mime.ParseMediaType(contentType)
	for _, label := range [...]string{params["charset"], declared(src)} {
		_, name := charset.Lookup(label)
		if name == "" || name == "replacement" || name == "x-user-defined" {
			continue
		}
		if out := decoded(src, name); fits(src, out, name) {
			return out, name
		}
	}
	name = guess(src)
	return decoded(src, name), name
}

func declaresUTF8(contentType string) bool {
	i := strings.IndexByte(contentType, '=')
	return i > 0 && len(contentType) >= i+6 && strings.EqualFold(strings.Trim(contentType[i+1:], `" `), "utf-8") &&
		strings.HasSuffix(strings.ToLower(contentType[:i]), "charset")
}

// sniffed is how far into a page a declaration may stand [HTML §13.2.3.2].
const sniffed = 1024

// declared returns the charset that the page itself declares.
func declared(src []byte) string {
	head := bytes.Clone(src[:min(len(src), sniffed)])
	for i, b := range head {
		if b >= utf8.RuneSelf { // DetermineEncoding would guess from them
			head[i] = '?'
		}
	}
	if label := xmlEncoding(head); label != "" {
		return label
	}
	_, name, _ := charset.DetermineEncoding(head, "")
	if name == "windows-1252" && !declaresName(head) {
		return "" // what it says when it found nothing
	}
	return name
}

// declaresName says whether the beginning of a page names windows-1252 or one of the labels that mean it.
func declaresName(head []byte) bool {
	for part := range bytes.SplitSeq(bytes.ToLower(head), []byte("charset")) {
		label := bytes.TrimLeft(part, " \t\r\n=\"'")
		end := bytes.IndexAny(label, " \t\r\n\"'>;/")
		if end < 0 {
			continue
		}
		if _, name := charset.Lookup(string(label[:end])); name == "windows-1252" {
			return true
		}
	}
	return false
}

// xmlEncoding returns the encoding that an XML declaration names.
func xmlEncoding(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	end := bytes.IndexByte(head, '>')
	if end < 0 {
		return ""
	}
	_, value, ok := bytes.Cut(head[:end], []byte("encoding"))
	value = bytes.TrimLeft(value, " \t\r\n=")
	if !ok || len(value) < 2 || value[0] != '"' && value[0] != '\'' {
		return ""
	}
	label, _, _ := bytes.Cut(value[1:], value[:1])
	if _, name := charset.Lookup(string(label)); strings.HasPrefix(name, "utf-16") {
		return "utf-8"
	}
	return string(label)
}

// decoded returns the page in UTF-8, read as the charset of that name. Bytes that are none of it become U+FFFD; a page in
// UTF-8 stays as it is.
func decoded(src []byte, name string) []byte {
	switch name {
	case "utf-8":
		return src
	case "shift_jis":
		return text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS).AppendDecode(nil, src)
	case "euc-jp":
		return text.For(carriers.PC, carriers.EmojiNone, carriers.EUCJP).AppendDecode(nil, src)
	case "iso-2022-jp":
		return text.For(carriers.PC, carriers.EmojiNone, carriers.ISO2022JP).AppendDecode(nil, src)
	}
	enc, _ := charset.Lookup(name)
	if name == "gbk" || name == "gb18030" {
		enc = gb.GB18030
	}
	if enc == nil {
		return src
	}
	out, err := enc.NewDecoder().Bytes(src)
	if err != nil {
		return src
	}
	return bytes.TrimPrefix(out, []byte("\xEF\xBB\xBF"))
}

// fits says whether the bytes of a page can be what it was read as: more of what is not ASCII makes characters than does
// not, and it is not rather UTF-8. Anything can be a charset of single bytes.
func fits(src, out []byte, name string) bool {
	switch name {
	case "utf-8":
		return mostlyUTF8(src)
	case "iso-2022-jp":
		return bytes.IndexByte(src, 0x1B) >= 0 || ascii(src)
	case "shift_jis", "euc-jp", "gbk", "gb18030", "big5", "euc-kr":
		good, bad := 0, 0
		for _, r := range string(out) {
			switch {
			case r == utf8.RuneError:
				bad++
			case r >= utf8.RuneSelf:
				good++
			}
		}
		if name[0] != 's' && name != "euc-jp" && bad < few && !utf8.Valid(src) { // a slip of the page, not of what it declares
			return true
		}
		return good >= bad && (bad == 0 || !utf8.Valid(src))
	}
	return true
}

// few is how many characters that are none say nothing about a page.
const few = 4

func ascii(src []byte) bool {
	for _, b := range src {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// guessed is how much of a page is looked at when it declares nothing.
const guessed = 16 << 10

// sure is the confidence, of 100, from which a guess counts against Japanese.
const sure = 40

// guess returns the charset of a page that says nothing, or nothing true, about it: UTF-8 and ISO-2022-JP show themselves; a
// page that reads as Japanese is that; for others letters and their frequency are compared.
func guess(src []byte) string {
	if bytes.Contains(src, []byte("\x1b$B")) || bytes.Contains(src, []byte("\x1b$@")) {
		return "iso-2022-jp"
	}
	if halfKana(src) && !utf8.Valid(src) { // some of its pairs look like UTF-8, in a short page most of them
		return "shift_jis"
	}
	if mostlyUTF8(src) {
		return "utf-8"
	}
	japanese := likelyJapanese(src)
	found, err := chardet.NewHtmlDetector().DetectAll(src[:min(len(src), guessed)])
	if err != nil || len(found) == 0 {
		return japanese
	}
	best := found[0]
	for _, f := range found[1:] { // Western Europe before its likes
		if f.Charset == "ISO-8859-1" && strings.HasPrefix(best.Charset, "ISO-8859-") && best.Confidence-f.Confidence < 10 {
			best = f
		}
	}
	_, name := charset.Lookup(best.Charset)
	if name == "" || best.Confidence < sure && fits(src, decoded(src, japanese), japanese) {
		return japanese
	}
	return name
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

// likelyJapanese tells Shift_JIS from EUC-JP by the pairs that only one of them has. EUC-JP of some length has kana of two
// bytes; a page of half-width kana in Shift_JIS, whose pairs could be EUC-JP, has hardly any.
func likelyJapanese(src []byte) string {
	sjis, euc, kana := 0, 0, 0
	for i := 0; i+1 < len(src); i++ {
		a, b := src[i], src[i+1]
		switch {
		case a < 0x80:
			continue
		case a >= 0xA1 && b >= 0xA1:
			euc++
			if a == 0xA4 || a == 0xA5 || a == 0xA1 {
				kana++
			}
		case a >= 0x81 && a <= 0x9F && b >= 0x40, a >= 0xE0 && a <= 0xFC && b >= 0x40 && b <= 0xA0:
			sjis++
		}
		i++
	}
	if euc > sjis && (euc < 8 && !halfKana(src) || kana*5 > euc) {
		return "euc-jp"
	}
	return "shift_jis"
}

// halfKana says whether the bytes outside ASCII are half-width kana of Shift_JIS with a sound mark among them.
func halfKana(src []byte) bool {
	marks := false
	for i, b := range src {
		if b >= 0x80 && (b < 0xA1 || b > 0xDF) {
			return false
		}
		marks = marks || b >= 0xDE && i > 0 && src[i-1] >= 0xA6
	}
	return marks
}
