package archive

import (
	"bytes"
	"regexp"
	"strconv"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/emoji"
	"musubi/transcode/text"
)

// signs finds out whose a page is: its elements, its document type and the codes of its emoji are a carrier's own
// [carriers §5, imode-emoji §2]. "" if nothing tells.
func signs(src []byte) carriers.Carrier {
	start := bytes.ToLower(src[:min(len(src), 1024)])
	switch {
	case bytes.Contains(start, []byte("i-xhtml")), bytes.Contains(start, []byte("compact html")):
		return carriers.DoCoMo
	case bytes.Contains(start, []byte("//openwave//")), bytes.Contains(start, []byte("//kddi//")), auPicture.Match(src):
		return carriers.Au
	case bytes.Contains(start, []byte("//j-phone//")), bytes.Contains(src, []byte("\x1b$")):
		return carriers.SoftBank
	case iReference.Match(src), imodeBytes(src):
		return carriers.DoCoMo
	}
	return ""
}

var (
	auPicture  = regexp.MustCompile(`(?i)<img\s+(?:[^>]*\s)?(?:localsrc|icon)\s*=\s*["']?(\d{1,3})["']?[^>]*>`)
	iReference = regexp.MustCompile(`&#6(?:3[6-9]|4[01])\d\d;`) // i-mode's codes F89F–F9FC in decimal
	reference  = regexp.MustCompile(`&#(?:[xX]([0-9A-Fa-f]{4})|(\d{5}));`)
)

// imodeBytes says whether a page in Shift_JIS holds i-mode's codes, F89F–F9FC.
func imodeBytes(src []byte) bool {
	if utf8.Valid(src) {
		return false
	}
	for i := 0; i+1 < len(src); i++ {
		b := src[i]
		if b < 0x81 || b > 0x9F && b < 0xE0 || b > 0xFC {
			continue
		}
		trail := src[i+1]
		if b == 0xF8 && trail >= 0x9F && trail <= 0xFC || b == 0xF9 && trail >= 0x40 && trail <= 0xFC {
			return true
		}
		i++
	}
	return false
}

// byNumber are au's emoji by the number of their picture.
var byNumber = func() map[uint16]string {
	m := map[uint16]string{}
	for i := range emoji.Index(emoji.Count) {
		if c := emoji.At(i); c.AuNumber > 0 {
			m[c.AuNumber] = c.Canonical()
		}
	}
	return m
}()

// replaceCodes makes standard emoji of those that a page writes as references to private codes, or as au's pictures.
func replaceCodes(src []byte, set carriers.EmojiSet) []byte {
	codec := text.For("", set, carriers.UTF8)
	sjis := text.For("", set, carriers.ShiftJIS)
	src = reference.ReplaceAllFunc(src, func(ref []byte) []byte {
		m := reference.FindSubmatch(ref)
		if len(m[1]) > 0 {
			n, _ := strconv.ParseUint(string(m[1]), 16, 32)
			return private(ref, codec, rune(n))
		}
		n, _ := strconv.Atoi(string(m[2]))
		if n >= 0xE000 && n < 0xF8FF {
			if out := private(ref, codec, rune(n)); !bytes.Equal(out, ref) {
				return out
			}
		}
		if out := sjis.AppendDecode(nil, []byte{byte(n >> 8), byte(n)}); n < 1<<16 && n > 0xF000 && !bytes.ContainsRune(out, '\uFFFD') {
			return out
		}
		return ref
	})
	if set != carriers.EmojiAu {
		return src
	}
	return auPicture.ReplaceAllFunc(src, func(img []byte) []byte {
		n, _ := strconv.ParseUint(string(auPicture.FindSubmatch(img)[1]), 10, 16)
		if s := byNumber[uint16(n)]; s != "" {
			return []byte(s)
		}
		return img
	})
}

// private is the emoji at a private-use code point, or the reference as it was.
func private(ref []byte, codec *text.Codec, r rune) []byte {
	if r < 0xE000 || r > 0xF8FF {
		return ref
	}
	out := codec.AppendDecode(nil, []byte(string(r)))
	if bytes.ContainsRune(out, '\uFFFD') || string(out) == string(r) {
		return ref
	}
	return out
}
