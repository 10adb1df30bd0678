package markup

import "strings"

// mailto writes an address and its subject and body, these percent-encoded in the handset's charset.
func (l *Links) mailto(dst []byte, s string) []byte {
	address, query, _ := strings.Cut(s, "?")
	dst = l.escape(append(dst, "mailto:"...), []byte(address), false)
	sep := "?"
	for param := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(param, "=")
		name = strings.ToLower(name)
		if name != "subject" && name != "body" && name != "cc" && name != "bcc" {
			continue
		}
		dst = append(append(append(dst, sep...), name...), '=')
		encoded, lost := l.mail.Append(nil, unescapePercent(value), 0)
		if lost > 0 && l.western { // in UTF-8, which a handset's mail program would not read
			encoded = unescapePercent(value)
		}
		dst = appendComponent(dst, encoded)
		sep = "&amp;"
	}
	return dst
}

// unescapePercent decodes %XX; what is no escape stays. Line ends become CR LF, as mail wants.
func unescapePercent(s string) []byte {
	var b []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
		}
		switch {
		case c == '\r':
		case c == '\n':
			b = append(b, "\r\n"...)
		default:
			b = append(b, c)
		}
	}
	return b
}

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// tel writes a telephone number: digits and the signs that dial.
func tel(dst []byte, s string) ([]byte, LinkKind) {
	at := len(dst)
	dst = append(dst, "tel:"...)
	for _, c := range []byte(s) {
		if isDigit(c) || c == '+' || c == '*' || c == '#' || c == '-' || c == ',' {
			dst = append(dst, c)
		}
	}
	if len(dst) == at+4 {
		return dst[:at], LinkRefused
	}
	return dst, LinkTel
}
