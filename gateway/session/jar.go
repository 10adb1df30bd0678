package session

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Limits of one site's part of a jar, in cookies and in bytes of names and values, and of the whole jar. What does not fit
// pushes the oldest cookie out.
const (
	maxCookies     = 40
	maxCookieBytes = 4096
	maxJarBytes    = 12 << 10
	maxAllCookies  = 10 * maxCookies
	maxAllBytes    = 4 * maxJarBytes
)

// Anywhere is the host of a session that goes along to every site: a proxy's or a portal's. Each cookie in it then knows whose
// it is.
const Anywhere = "~"

// A Cookie is one cookie of the upstream, as far as it matters for sending it back.
type Cookie struct {
	Name, Value string
	Path        string    `json:",omitempty"` // "" means "/"
	Expires     time.Time `json:",omitzero"`  // zero: with the session
	Secure      bool      `json:",omitempty"`
	Strict      bool      `json:",omitempty"` // SameSite=Strict: it goes along from its own pages only
	// Site is whose it is: "" the session's own host, "example.org" that host alone, ".example.org" also all below it.
	Site string `json:",omitempty"`
}

// A Jar is the cookies that upstreams have set for one handset, oldest first.
type Jar []Cookie

// A Change is what the Set-Cookie fields of one answer did to a jar.
type Change struct {
	Added   bool // a cookie that was not there before
	Changed bool // another value for a cookie that was there
	Removed bool
}

// Any says whether the jar differs now.
func (c Change) Any() bool { return c.Added || c.Changed || c.Removed }

// Set takes in Set-Cookie values of an answer from host to a request for path, received at now, into the jar of a session of
// its owner: that host, or Anywhere. Malformed ones, and those for another domain, are left out. The receiver is not modified.
func (j Jar) Set(owner, host, path string, values []string, now time.Time) (Jar, Change) {
	out, change := slices.Clone(j), Change{}
	for _, line := range values {
		c, ok := parseCookie(host, path, line, owner == Anywhere, now)
		if !ok {
			continue
		}
		i := slices.IndexFunc(out, c.same)
		dead := !c.Expires.IsZero() && !c.Expires.After(now)
		switch {
		case i < 0 && dead:
		case i < 0:
			out, change.Added = append(out, c), true
		case dead:
			out, change.Removed = slices.Delete(out, i, i+1), true
		default:
			change.Changed = change.Changed || out[i].Value != c.Value
			out[i] = c
		}
	}
	return out.trimmed(), change
}

// without is the cookies that others are not, whatever their values.
func (j Jar) without(others Jar) (rest Jar) {
	for _, c := range j {
		if !slices.ContainsFunc(others, c.same) {
			rest = append(rest, c)
		}
	}
	return rest
}

// same says whether one cookie takes the place of another.
func (c *Cookie) same(o Cookie) bool { return o.Name == c.Name && o.Path == c.Path && o.Site == c.Site }

// trimmed drops what is too much: of one site, then of all.
func (j Jar) trimmed() Jar {
	if len(j) > 0 {
		last := j[len(j)-1].Site
		for n, b := j.size(last); n > maxCookies || b > maxJarBytes; n, b = j.size(last) {
			i := slices.IndexFunc(j, func(c Cookie) bool { return c.Site == last })
			j = slices.Delete(j, i, i+1)
		}
	}
	for len(j) > maxAllCookies || j.bytes() > maxAllBytes {
		j = j[1:]
	}
	return j
}

// size is how many cookies of a site there are, and their bytes.
func (j Jar) size(site string) (n, bytes int) {
	for _, c := range j {
		if c.Site == site {
			n, bytes = n+1, bytes+len(c.Name)+len(c.Value)
		}
	}
	return n, bytes
}

func (j Jar) bytes() int {
	n := 0
	for _, c := range j {
		n += len(c.Name) + len(c.Value)
	}
	return n
}

// Lax are the cookies that go along from another site's page, too.
func (j Jar) Lax() Jar {
	return slices.DeleteFunc(slices.Clone(j), func(c Cookie) bool { return c.Strict })
}

// Header returns the value of the Cookie field for a request to path of host, longer paths first as browsers do, "" if the jar
// has nothing for it. Cookies marked Secure are left out unless tls.
func (j Jar) Header(host, path string, tls bool, now time.Time) string {
	fit := make([]Cookie, 0, len(j))
	for _, c := range j {
		if c.sentTo(host) && (c.Expires.IsZero() || c.Expires.After(now)) && (tls || !c.Secure) && pathMatch(path, c.Path) {
			fit = append(fit, c)
		}
	}
	slices.SortStableFunc(fit, func(a, b Cookie) int { return len(b.Path) - len(a.Path) })
	var b strings.Builder
	for i, c := range fit {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(c.Name + "=" + c.Value)
	}
	return b.String()
}

// parseCookie reads one Set-Cookie value (RFC 6265 §5.2).
func parseCookie(host, path, line string, anywhere bool, now time.Time) (Cookie, bool) {
	if len(line) > maxCookieBytes {
		return Cookie{}, false
	}
	h, err := http.ParseSetCookie(line)
	if err != nil || !domainMatch(host, h.Domain) {
		return Cookie{}, false
	}
	if !keepsPrefix(h) {
		return Cookie{}, false
	}
	c := Cookie{Name: h.Name, Value: h.Value, Path: h.Path, Expires: h.Expires, Secure: h.Secure, Strict: h.SameSite == http.SameSiteStrictMode}
	if h.Quoted {
		c.Value = `"` + c.Value + `"`
	}
	switch {
	case h.MaxAge < 0:
		c.Expires = now
	case h.MaxAge > 0:
		c.Expires = now.Add(time.Duration(min(h.MaxAge, 400*24*3600)) * time.Second)
	}
	if !strings.HasPrefix(c.Path, "/") {
		c.Path = path[:max(strings.LastIndexByte(path, '/'), 1)]
	}
	if anywhere {
		c.Site = siteOf(host, h.Domain)
	}
	return c, c.Site != "" || !anywhere
}

// keepsPrefix says whether a cookie is what its name promises: one of a single host, or one that came encrypted (RFC 6265bis §4.1.3).
func keepsPrefix(c *http.Cookie) bool {
	name := strings.ToLower(c.Name)
	return !strings.HasPrefix(name, "__secure-") && !strings.HasPrefix(name, "__host-") ||
		c.Secure && (name[2] == 's' || c.Domain == "" && c.Path == "/")
}

// FromClear are those of the Set-Cookie values of an answer that came in the clear which may be believed: whoever stood between could have
// written them, so they are neither marked Secure nor take the place of one that is (RFC 6265bis §5.7).
func (j Jar) FromClear(host, path string, values []string, now time.Time) (kept []string) {
	for _, line := range values {
		c, ok := parseCookie(host, path, line, true, now)
		hides := func(o Cookie) bool {
			return o.Secure && o.Name == c.Name && (o.sentTo(host) || c.sentTo(strings.TrimPrefix(o.Site, ".")))
		}
		if ok && !c.Secure && !slices.ContainsFunc(j, hides) {
			kept = append(kept, line)
		}
	}
	return kept
}

// MayKeep says whether a browser of a host may keep a cookie line of it: those of 1998 know no public suffixes, and would send what says
// Domain=co.jp to everybody below. It reads a Domain as any of them might.
func MayKeep(host, line string) bool {
	pair, attributes, _ := strings.Cut(line, ";")
	alone := strings.HasPrefix(strings.ToLower(strings.TrimSpace(pair)), "__host-")
	for part := range strings.SplitSeq(attributes, ";") {
		name, domain, _ := strings.Cut(part, "=")
		domain = strings.Trim(domain, " \t\".")
		if strings.EqualFold(strings.TrimSpace(name), "domain") && (!domainMatch(host, domain) || siteOf(host, domain) == "" || alone && domain != "") {
			return false
		}
	}
	return true
}

// siteOf is whose a cookie of a host with this Domain attribute is; "" refuses one that would be everybody's under a public
// suffix.
func siteOf(host, domain string) string {
	host = withoutPort(host)
	if domain = strings.TrimPrefix(strings.ToLower(domain), "."); domain == "" {
		return host
	}
	if suffix, _ := publicsuffix.PublicSuffix(domain); suffix == domain {
		if domain == host {
			return host
		}
		return ""
	}
	return "." + domain
}

// sentTo says whether a cookie belongs to a host.
func (c *Cookie) sentTo(host string) bool {
	if c.Site == "" {
		return true
	}
	host = withoutPort(host)
	return host == c.Site || c.Site[0] == '.' && (host == c.Site[1:] || strings.HasSuffix(host, c.Site))
}

func withoutPort(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		return host[:i]
	}
	return host
}

// domainMatch says whether a cookie with this Domain attribute may be kept for host. A bare public suffix cannot do
// harm here: a jar serves one host only.
func domainMatch(host, domain string) bool {
	host = withoutPort(host)
	domain = strings.TrimPrefix(strings.ToLower(domain), ".")
	return domain == "" || host == domain || strings.HasSuffix(host, "."+domain)
}

// pathMatch is RFC 6265 §5.1.4.
func pathMatch(path, cookie string) bool {
	return strings.HasPrefix(path, cookie) &&
		(len(path) == len(cookie) || strings.HasSuffix(cookie, "/") || path[len(cookie)] == '/')
}
