package gateway

import (
	"strings"
)

// maxTarget bounds the request target in bytes (SEC-64); the URLs we write are far shorter.
const maxTarget = 2048

// A target is where a request is going: an origin-form path and query, and the host it was meant for. Path and query are
// forwarded as they came, except for parameters that are the gateway's own.
type target struct {
	path  string // starts with "/", percent-encoding kept
	query string // without "?", "" if none
	host  string // name or address with port if given, as allowed by the host list
}

// parseTarget checks a request target and its Host field. The two views of the host must agree (SEC-16), and anything on
// which a gateway and an upstream might disagree (dot segments, encoded separators unless slashes says that they are the
// upstream's own affair, NUL) is refused (SEC-61).
func parseTarget(raw, host string, slashes bool) (target, *refusal) {
	if len(raw) > maxTarget {
		return target{}, refuse(errTargetTooLong, "request target longer than 2048 bytes")
	}
	if !validHost(host) {
		return target{}, refuse(errMalformed, "the Host field is not a host name or address")
	}
	if rest, ok := cutScheme(raw); ok {
		authority, path := rest, "/"
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			authority, path = rest[:i], rest[i:]
		}
		if authority != host {
			return target{}, refuse(errMalformed, "the request target names another host than the Host field")
		}
		raw = path
	}
	path, query, _ := strings.Cut(raw, "?")
	if r := checkPath(path, slashes); r != nil {
		return target{}, r
	}
	if strings.ContainsAny(query, "# \t") || hasControl(query) {
		return target{}, refuse(errMalformed, "a byte that a query cannot have")
	}
	return target{path, query, host}, nil
}

// cutScheme returns what follows http:// or https:// in an absolute-form target, however it is spelled (RFC 3986 §3.1).
func cutScheme(raw string) (string, bool) {
	for _, scheme := range [...]string{"http://", "https://"} {
		if len(raw) >= len(scheme) && strings.EqualFold(raw[:len(scheme)], scheme) {
			return raw[len(scheme):], true
		}
	}
	return raw, false
}

// checkPath refuses paths that two servers may read differently. Encoded slashes are such a thing, but applications that have
// them in their names (wikis) know their own server: before a foreign one they pass as they came.
func checkPath(path string, slashes bool) *refusal {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return refuse(errMalformed, "the path must begin with exactly one slash")
	}
	if strings.ContainsAny(path, "\\#\" <>\t") || hasControl(path) {
		return refuse(errMalformed, "a byte that a path cannot have")
	}
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			continue
		}
		c, ok := unhex(path[i:])
		if !ok || c < ' ' || c == '/' && !slashes || c == '\\' || c == 0x7f {
			return refuse(errMalformed, "a percent-encoding in the path that is broken or hides a separator")
		}
	}
	for segment := range strings.SplitSeq(plainDots.Replace(path), "/") {
		if segment == "." || segment == ".." {
			return refuse(errMalformed, "a dot segment in the path")
		}
	}
	return nil
}

// plainDots decodes what dot segments could hide in.
var plainDots = strings.NewReplacer("%2e", ".", "%2E", ".", "%2f", "/", "%2F", "/")

// unhex decodes the percent-encoding at the start of s.
func unhex(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	hi, lo := hexDigit(s[1]), hexDigit(s[2])
	return hi<<4 | lo, hi|lo < 16
}

func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 0xff
}
