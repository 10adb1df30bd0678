package mail

import "strings"

// maxAddress is how long an address may be (RFC 5321 §4.5.3.1.3).
const maxAddress = 254

// An Address is a mail address in lower case and unquoted, because carriers and secret addresses know no case, and a relay
// quotes what another leaves bare. Zero: none.
type Address struct{ Local, Domain string }

// String is the address as members type it: "a..b@docomo.ne.jp".
func (a Address) String() string {
	if a == (Address{}) {
		return ""
	}
	return a.Local + "@" + a.Domain
}

// Wire is the address as SMTP takes it: carriers gave out "a..b@" and "a.@", which RFC 5321 knows only in quotes.
func (a Address) Wire() string {
	if strings.Contains(a.Local, "..") || strings.HasPrefix(a.Local, ".") || strings.HasSuffix(a.Local, ".") {
		return `"` + a.Local + `"@` + a.Domain
	}
	return a.String()
}

// ParseAddress reads an address alone, bare or quoted. It takes every local part that is printable ASCII without space,
// brackets and quotes, dots wherever they are.
func ParseAddress(s string) (Address, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	at := strings.LastIndexByte(s, '@')
	if at < 0 || len(s) > maxAddress {
		return Address{}, false
	}
	local, domain := s[:at], strings.TrimSuffix(s[at+1:], ".")
	if n := len(local); n > 2 && local[0] == '"' && local[n-1] == '"' {
		local = strings.ReplaceAll(local[1:n-1], `\`, "")
	}
	if local == "" || strings.ContainsFunc(local, notLocal) || !domainName(domain) {
		return Address{}, false
	}
	return Address{local, domain}, true
}

// notLocal says whether r may not be in a local part: what core.NormalMail refuses, so that every address that comes in can
// be compared with a member's.
func notLocal(r rune) bool { return r <= ' ' || r >= 0x7F || strings.ContainsRune(`<>(),;:\"[]@`, r) }

func domainName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
		}) {
			return false
		}
	}
	return strings.Contains(s, ".")
}

// headerAddress reads the first address of a From or Sender field: what is between < and >, or the field without its
// comments. Display names are not read: they may be in any charset.
func headerAddress(value string) (Address, bool) {
	if i := openAngle(value); i >= 0 {
		inside, _, ok := strings.Cut(value[i+1:], ">")
		if !ok {
			return Address{}, false
		}
		return ParseAddress(inside)
	}
	first, _, _ := strings.Cut(value, ",")
	before, _, _ := strings.Cut(first, "(")
	return ParseAddress(before)
}

// openAngle finds the < that begins an address: the first outside quotes and outside the kanji of raw ISO-2022-JP, where the
// same byte is half of a character.
func openAngle(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case 0x1B:
			if n := doubleBytes(s[i:]); n > 0 {
				i += n - 1
			}
		case '"':
			end := closeQuote(s, i+1)
			if end < 0 {
				continue // an odd quote in a name
			}
			i = end
		case '<':
			return i
		}
	}
	return -1
}

func closeQuote(s string, i int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}
