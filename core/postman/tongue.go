package postman

import (
	"encoding/base64"
	"mime"
	"strings"

	"github.com/rivo/uniseg"
)

// A Tongue is how the mail of one carrier's handsets is written where it has emoji, or whatever else ISO-2022-JP has not.
type Tongue struct {
	Charset  string
	SevenBit bool // ISO-2022-JP goes as it is, everything else in base64
	// Append writes canonical text in the handset's bytes. What it has no code for is a near sign or 〓, as on its pages: a letter in another
	// charset would have none of its words on a handset of 2007, for the sake of one name.
	Append func(dst []byte, text string) []byte
}

// SpeakTo says how the handset behind an address reads; ok is false for whoever reads Unicode. Without it all others get UTF-8, which
// no handset of 2007 but SoftBank's reads.
func (p *Postman) SpeakTo(tongue func(address string) (t Tongue, ok bool)) { p.tongue = tongue }

// tongueOf is how the receiver of a letter reads.
func (p *Postman) tongueOf(address string) (Tongue, bool) {
	if p.tongue == nil {
		return Tongue{}, false
	}
	return p.tongue(address)
}

// encode writes a letter for a tongue.
func (t Tongue) encode(title, lines string) (subject, body, transfer string) {
	if t.SevenBit { // whose kana are full width
		title, lines = wide(title), wide(lines)
	}
	raw := t.Append(nil, lines)
	subject = words(title, t.Charset, func(s string) []byte { return t.Append(nil, s) })
	if t.SevenBit && !longLine(string(raw)) {
		return subject, string(raw), "7bit"
	}
	return subject, wrap(base64.StdEncoding.EncodeToString(raw)), "base64"
}

// maxWord is how long an encoded word may be (RFC 2047 §2).
const maxWord = 75

// words is a header text as encoded words, one under the other, each of which begins and ends in ASCII and cuts no sign in two.
func words(s, charset string, encode func(s string) []byte) string {
	before, after := "=?"+charset+"?B?", "?="
	word := func(s string) string { return before + base64.StdEncoding.EncodeToString(encode(s)) + after }
	var out []string
	for out == nil || s != "" {
		end := 0
		for rest := s; rest != ""; {
			sign, more, _, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
			if end > 0 && len(word(s[:end+len(sign)])) > maxWord {
				break
			}
			end, rest = end+len(sign), more
		}
		out, s = append(out, word(s[:end])), s[end:]
	}
	return strings.Join(out, "\r\n ")
}

// unicodeWords is a header text in UTF-8; what is ASCII stays as it is.
func unicodeWords(s string) string {
	return strings.ReplaceAll(mime.BEncoding.Encode("UTF-8", s), "?= =?", "?=\r\n =?")
}
