package gateway

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// validHost says whether host is reg-name, IPv4 or [IPv6], with an optional port of 1 to 65535 (SEC-16). It is our own
// grammar: the parsers in front accept userinfo, commas, percent signs, trailing dots and zone names. Upper case is
// refused with the rest: no client sends it, and one spelling means one comparison.
func validHost(host string) bool {
	name, port, ok := splitPort(host)
	if !ok || port > 65535 {
		return false
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		a, err := netip.ParseAddr(inner)
		return ok && err == nil && a.Is6() && a.Zone() == ""
	}
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if !validLabel(label) {
			return false
		}
	}
	if last := name[strings.LastIndexByte(name, '.')+1:]; isDigits(last) {
		_, err := netip.ParseAddr(name) // 1.2.3, 0x7f.1 and 999.1.1.1 are no addresses
		return err == nil
	}
	return !inHex(name[strings.LastIndexByte(name, '.')+1:])
}

// inHex says whether a last label is a number in hexadecimal: to some parsers 0x7f000001 is an address, and no name ends so.
func inHex(label string) bool {
	digits, ok := strings.CutPrefix(label, "0x")
	return ok && strings.Trim(digits, "0123456789abcdef") == ""
}

// validLabel says whether s is a label of lower-case letters, digits, hyphens and underscores.
func validLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// splitPort cuts ":port" off a host; port is 0 if there is none.
func splitPort(host string) (name string, port int, ok bool) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.HasSuffix(host, "]") {
		return host, 0, host != ""
	}
	digits := host[i+1:]
	if !isDigits(digits) || len(digits) > 5 || digits[0] == '0' {
		return "", 0, false
	}
	port, _ = strconv.Atoi(digits)
	return host[:i], port, i > 0
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// A hostList is the set of host names a gateway answers to (SEC-15). An entry without a port also stands for itself
// with the scheme's own port and with the port the gateway listens on.
type hostList struct {
	names map[string]bool
	ports []int // of the listeners
}

// newHostList checks and collects the configured names.
// ErrHosts says that one of Config.Hosts is no name.
var ErrHosts = errors.New("no host name")

func newHostList(hosts []string) (*hostList, error) {
	l := &hostList{names: map[string]bool{}}
	for _, h := range hosts {
		h = strings.ToLower(strings.TrimSpace(h))
		if !validHost(h) {
			return nil, fmt.Errorf("%w: %q; write it like example.org or 192.0.2.1:8080", ErrHosts, h)
		}
		l.names[h] = true
	}
	return l, nil
}

// allows says whether the gateway answers to host, which parseTarget has checked. An empty list allows every host; easy
// login is then off.
func (l hostList) allows(host string, tls bool) bool {
	if len(l.names) == 0 || l.names[host] {
		return true
	}
	name, port, ok := splitPort(host)
	return ok && l.names[name] && (slices.Contains(l.ports, port) || port == 80 && !tls || port == 443 && tls)
}
