package carriers

import "strings"

// Small readers of User-Agent text, none of which allocates.

// upTo returns s up to the first byte of stops.
func upTo(s, stops string) string {
	end := len(s)
	for i := 0; i < len(stops); i++ {
		if j := strings.IndexByte(s[:end], stops[i]); j >= 0 {
			end = j
		}
	}
	return s[:end]
}

// after returns what follows the first c, "" when there is none.
func after(s string, c byte) string {
	if i := strings.IndexByte(s, c); i >= 0 {
		return s[i+1:]
	}
	return ""
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func letterOrDigit(c byte) bool { return digit(c) || 'a' <= lower(c) && lower(c) <= 'z' }

func upper(c byte) bool { return 'A' <= c && c <= 'Z' }

// digits says whether s is one to fifteen decimal digits.
func digits(s string) bool {
	if s == "" || len(s) > 15 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

// number reads decimal digits; the largest is 1<<30.
func number(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = min(n*10+int(s[i]-'0'), 1<<30)
	}
	return n
}

// alphanumeric says whether s is n ASCII letters and digits.
func alphanumeric(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := 0; i < n; i++ {
		if !letterOrDigit(s[i]) {
			return false
		}
	}
	return true
}

// version says whether s starts with "d.d".
func version(s string) bool {
	return len(s) >= 3 && digit(s[0]) && s[1] == '.' && digit(s[2])
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && compareFold(s[:len(prefix)], prefix) == 0
}

// compareFold compares two strings, ASCII letters without case.
func compareFold(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
