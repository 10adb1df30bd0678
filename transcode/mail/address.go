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

// headerAddress reads the address of a From or Sender field (RFC 5322 §3.4): what is between < and >, or what stands alone. Comments
// and quoted strings count for nothing; display names are not read, they may be in any charset. A field with several addresses has none.
func headerAddress(value string) (found Address, ok bool) {
	bare, n := "", 0
	take := func(s string) {
		if strings.Contains(s, "@") {
			n++
			found, ok = ParseAddress(s)
		}
	}
	angled := false
	for i := 0; i < len(value); {
		size := tokenLen(value[i:])
		switch token := value[i : i+size]; {
		case token == ",":
			if !angled {
				take(bare)
			}
			bare, angled = "", false
		case token[0] == '<':
			if angled {
				n++
			}
			angled = true
			take(strings.TrimSuffix(token[1:], ">"))
		case token[0] != '(' || size == 1:
			bare += token
		}
		i += size
	}
	if !angled {
		take(bare)
	}
	if n != 1 || !ok {
		return Address{}, false
	}
	return found, true
}

// tokenLen is how many bytes of a field of addresses belong together: a quoted string, a comment with those within, what is between < and >,
// the kanji of raw ISO-2022-JP, whose bytes look like any of these, or one byte. An odd quote or bracket of a name is one byte.
func tokenLen(s string) int {
	n := 0
	switch s[0] {
	case 0x1B:
		if n = doubleBytes(s); n == 0 { // back to one byte: ESC ( B
			n = min(3, len(s))
		}
	case '"':
		n = closeQuote(s, 1) + 1
	case '(':
		n = closeComment(s)
	case '<':
		n = strings.IndexByte(s, '>') + 1
	}
	return max(n, 1)
}

// closeComment is how long the comment is that s begins with, 0 if it is never closed.
func closeComment(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case 0x1B:
			i += tokenLen(s[i:]) - 1
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// closeQuote is where the quoted string ends that goes on at i, -1 if nowhere.
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
