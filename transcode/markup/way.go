package markup

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"musubi/transcode/own"
)

// A Way says where links to other hosts lead.
type Way uint8

const (
	WayOne    Way = iota // one site: others stand behind the cushion page
	WayProxy             // the gateway is the screen's proxy: every site by its own name, in the clear, since its TLS is not today's
	WayPortal            // every site is below a path of the gateway's own
	WayOwn               // the page is the gateway's own, beside such sites
)

// PortalPath begins the path of a page of another site: /~/HOST/path or /~/HOST:PORT/path.
const PortalPath = "/~/"

// SetWay says how links to other hosts are written; Reset forgets it.
func (l *Links) SetWay(w Way) { l.way = w }

// through writes a URL of any site so that the screen comes through the gateway again.
func (l *Links) through(dst, href []byte, easy bool) ([]byte, LinkKind) {
	scheme, authority, rest := splitURL(string(href))
	switch scheme {
	case "", "http", "https":
	case "mailto":
		return l.mailto(dst, rest), LinkMail
	case "tel":
		return tel(dst, rest)
	default:
		return dst, LinkRefused
	}
	if scheme != "" && authority == "" {
		return dst, LinkRefused
	}
	host, ok := l.siteOf(scheme, authority)
	if !ok {
		return dst, LinkRefused
	}
	rest = l.resolve(authority != "", rest)
	switch {
	case l.way == WayPortal, l.way == WayOwn && host != l.host:
		dst = append(append(dst, PortalPath...), host...)
	case host != l.host || strings.HasPrefix(rest, "//") || easy:
		dst = append(append(dst, "http://"...), host...)
	}
	l.across = host != l.host && l.way != WayOwn && (l.way != WayProxy || l.session != "") // a browser keeps its cookies itself
	l.secret = scheme == "https" && (l.Posts || strings.Contains(rest, "?"))
	dst = l.local(dst, []byte(rest), false)
	l.across, l.secret = false, false
	return dst, LinkLocal
}

// siteOf is the host that a link leads to, as it is written for the screen, and whether it is one.
func (l *Links) siteOf(scheme, authority string) (string, bool) {
	switch {
	case authority != "":
		authority = normalHost(first(scheme, l.scheme), authority)
	case l.baseHost != "":
		_, authority, _ = strings.Cut(l.baseHost, "://")
	default:
		authority = l.host
	}
	for _, c := range []byte(authority) {
		if c >= 0x80 || c == '%' {
			return hostInASCII(authority)
		}
		if !isAlpha(c) && !isDigit(c) && strings.IndexByte(".-_:[]", c) < 0 {
			return "", false
		}
	}
	return authority, authority != ""
}

// hostInASCII is a host as it is asked for: names of other scripts as IDNA has them.
func hostInASCII(host string) (string, bool) {
	host, err := url.PathUnescape(host)
	if err != nil {
		return "", false
	}
	host, err = idna.Lookup.ToASCII(host)
	return host, err == nil
}

// resolve makes the path of a link one from the root of its site, without dot segments: a screen that resolves it itself would
// leave the site where the path of a portal begins. Query and fragment stay.
func (l *Links) resolve(rooted bool, rest string) string {
	p, tail := rest, ""
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		p, tail = rest[:i], rest[i:]
	}
	p = string(slashes(p))
	switch {
	case p == "" && rooted:
		return "/" + tail
	case p == "" && l.baseDir == "":
		if tail == "" || tail[0] == '#' {
			if l.query != "" {
				tail = "?" + l.query + tail
			}
		}
		return l.path + tail
	case strings.HasPrefix(p, "/"):
	case l.baseDir != "":
		p = l.baseDir + p
	default:
		p = l.dir() + p
	}
	if strings.Contains(p, "/.") {
		p = withoutDots(p)
	}
	return p + tail
}

// withoutDots takes dot segments out of a path (RFC 3986 §5.2.4). Empty segments stay.
func withoutDots(p string) string {
	var kept []string
	for _, s := range strings.Split(p[1:], "/") {
		switch s {
		case ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, s)
		}
	}
	if last := p[strings.LastIndexByte(p, '/')+1:]; last == "." || last == ".." {
		kept = append(kept, "")
	}
	return "/" + strings.Join(kept, "/")
}

// targetThrough is Target where there are many sites: path and query of this one, or the whole URL of another.
func (l *Links) targetThrough(href []byte) (string, bool) {
	way := l.way
	l.way = WayProxy
	written, kind := l.through(nil, l.clean(href), false)
	l.way = way
	u := strings.ReplaceAll(string(written), "&amp;", "&")
	u, _, _ = strings.Cut(u, "#")
	for _, end := range [...]string{"&" + own.Secret + "=1", "?" + own.Secret + "=1", "&" + own.Across + "=1", "?" + own.Across + "=1", "&" + own.WrittenAsIs, "?" + own.WrittenAsIs} {
		u = strings.TrimSuffix(u, end)
	}
	if l.Secret(href) { // it is written last, where the gateway looks for it
		sep := "?"
		if strings.Contains(u, "?") {
			sep = "&"
		}
		u += sep + own.Secret + "=1"
	}
	return u, kind == LinkLocal
}

// Away says whether a URL leads to another site than the page's own, through the gateway.
func (l *Links) Away(href []byte) bool {
	if l.way == WayOne || l.way == WayOwn {
		return false
	}
	scheme, authority, _ := splitURL(string(l.clean(bytes.Clone(href))))
	host, _ := l.siteOf(scheme, authority)
	return host != l.host
}

// FormFields are the names of our own that a form of GET has to bear as fields, since what is filled in takes the place of a query.
func (l *Links) FormFields(action []byte) (names []string) {
	if len(trimSpace(action)) == 0 {
		return nil
	}
	if l.Away(action) && (l.way != WayProxy || l.session != "") {
		names = append(names, own.Across)
	}
	if l.Secret(action) {
		names = append(names, own.Secret)
	}
	return names
}

// Host is the site that a URL leads to, as the gateway asks for it; "" if it is none.
func (l *Links) Host(href []byte) string {
	scheme, authority, _ := splitURL(string(l.clean(bytes.Clone(href))))
	host, _ := l.siteOf(scheme, authority)
	return host
}

// Secret says whether a form that is sent to a URL must not go there in the clear: it says https, and there are many sites.
func (l *Links) Secret(href []byte) bool {
	scheme, _, _ := splitURL(string(l.clean(bytes.Clone(href))))
	return l.way != WayOne && scheme == "https"
}
