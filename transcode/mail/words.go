package mail

import (
	"bytes"
	"strings"
)

// header reads an unstructured field such as Subject: encoded words (RFC 2047), and the raw ISO-2022-JP, Shift_JIS or UTF-8
// that handsets and old programs put there without any.
//
// Words of one charset that follow each other are joined before they are read: programs cut them within a character.
func (r *reader) header(value string) string {
	var out, run []byte // run: bytes of words of one charset, not yet read
	charset := ""
	flush := func() {
		if len(run) > 0 {
			s, _ := r.text(run, charset)
			out, run = append(out, s...), nil
		}
	}
	var open string // base64 that a word left unfinished
	for value != "" {
		raw, w, rest := nextWord(value)
		if strings.Trim(raw, " \t") != "" || w == (word{}) {
			flush()
			open = ""
			s, _ := r.text([]byte(raw), "")
			out = append(out, s...)
		} else if len(run) == 0 {
			out = append(out, raw...) // white space before the first word; between words it is none
		}
		if w != (word{}) {
			if !strings.EqualFold(w.charset, charset) {
				flush()
				open = ""
			}
			charset = w.charset
			run, open = w.decode(run, open)
		}
		value = rest
	}
	flush()
	return oneLine(string(out))
}

// oneLine makes one line of a text: a title has no line ends, tabs or edges of blanks.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\t' || r == ' ' }), " ")
}

// A word is an encoded word: charset without language, B or Q in upper case, the encoded text.
type word struct{ charset, encoding, text string }

// nextWord cuts s before and after its first encoded word. The kanji of raw ISO-2022-JP may have =? in them: they are
// skipped.
func nextWord(s string) (raw string, w word, rest string) {
	for i := 0; i < len(s); i++ {
		if n := doubleBytes(s[i:]); n > 0 {
			i += n - 1
			continue
		}
		if strings.HasPrefix(s[i:], "=?") {
			if w, n := parseWord(s[i:]); n > 0 {
				return s[:i], w, s[i+n:]
			}
		}
	}
	return s, word{}, ""
}

// parseWord reads the encoded word at the start of s and returns its length, or 0. Blanks within are read, because programs
// write them in Q.
func parseWord(s string) (w word, n int) {
	charset, rest, ok := strings.Cut(s[2:], "?")
	if !ok || charset == "" || len(charset) > 40 || strings.ContainsAny(charset, " \t=") {
		return word{}, 0
	}
	encoding, rest, ok := strings.Cut(rest, "?")
	if encoding = strings.ToUpper(encoding); !ok || encoding != "B" && encoding != "Q" {
		return word{}, 0
	}
	text, rest, ok := strings.Cut(rest, "?=")
	if !ok || encoding == "B" && strings.Contains(text, "=?") {
		return word{}, 0
	}
	charset, _, _ = strings.Cut(charset, "*") // RFC 2231 §5: a language
	return word{charset, encoding, text}, len(s) - len(rest)
}

// decode appends the bytes of a word. open is the base64 that the word before left unfinished, for programs that cut the
// encoded text wherever the line was full.
func (w word) decode(dst []byte, open string) (_ []byte, left string) {
	if w.encoding == "Q" {
		return appendQuoted(dst, []byte(strings.ReplaceAll(w.text, "_", " "))), ""
	}
	text := open + w.text
	if n := len(text) % 4; n > 0 && !strings.Contains(text, "=") {
		return appendBase64(dst, []byte(text[:len(text)-n])), text[len(text)-n:]
	}
	return appendBase64(dst, []byte(text)), ""
}

// doubleBytes returns how long the double-byte text is that s begins with, from its escape (ESC $ @, ESC $ B) to before the
// next one; 0 when it begins with none.
func doubleBytes(s string) int {
	if len(s) < 3 || s[0] != 0x1B || s[1] != '$' {
		return 0
	}
	if end := strings.IndexByte(s[1:], 0x1B); end >= 0 {
		return end + 1
	}
	return len(s)
}

// hasEscapes says whether b has escapes of ISO-2022-JP.
func hasEscapes(b []byte) bool {
	return bytes.Contains(b, []byte("\x1b$")) || bytes.Contains(b, []byte("\x1b(I")) || bytes.Contains(b, []byte("\x1b(J"))
}
