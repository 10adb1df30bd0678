package markup

import (
	"bytes"
	"html"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"

	"musubi/carriers"
	"musubi/transcode/own"
	"musubi/transcode/text"
)

// A LinkKind says where a URL leads.
type LinkKind uint8

// Kinds of links.
const (
	LinkRefused  LinkKind = iota // a scheme that is not http, https, mailto or tel (SEC-46): no link
	LinkLocal                    // the page's own host
	LinkFragment                 // a place on this page
	LinkForeign                  // another host, through the cushion page
	LinkMail
	LinkTel
)

// Links rewrites the URLs of one page for one handset.
type Links struct {
	scheme, host string // of the page; host "" if not known
	path, query  string // of the page, without the gateway's own names
	baseHost     string // of <base href>, if another
	baseDir      string // "/dir/" that relative URLs start from, if <base href> moved it
	session      string // appended to local URLs, "" = none
	own          []byte // the parameter that carries it, escaped
	way          Way
	Posts        bool              // what is written next is where a form is posted to
	secret       bool              // and it said https
	across       bool              // the link being written leads to another site, through the gateway
	queryOut     *encoding.Encoder // of the page's charset; nil: UTF-8
	mail         *text.Codec
	western      bool // the screen has ISO-8859-1 only: its mail program is one of today
	guid         bool
	hdml         bool
	scratch      []byte

	Held    string   // by which the gateway knows the page, where it cannot be asked for again; "" for none
	Aliases []string // hosts that mean the page's own: what an application behind the gateway calls itself
}

// Reset prepares for a page. page is its absolute URL, "" if unknown; session the ID for local links, "" for none.
func (l *Links) Reset(h *carriers.Handset, page, session string) {
	*l = Links{session: session, own: l.own[:0], mail: text.ForHandset(h), western: h.Charset == carriers.Latin1, guid: h.Carrier == carriers.DoCoMo,
		hdml: h.Dialect.Deck(), scratch: l.scratch[:0]}
	l.own = appendComponent(append(append(l.own, own.Session...), '='), []byte(session))
	if rest, ok := strings.CutPrefix(page, "http://"); ok {
		l.scheme, page = "http", rest
	} else if rest, ok := strings.CutPrefix(page, "https://"); ok {
		l.scheme, page = "https", rest
	}
	if l.scheme != "" {
		i := strings.IndexAny(page, "/?#")
		if i < 0 {
			i = len(page)
		}
		l.host, page = normalHost(l.scheme, page[:i]), page[i:]
	}
	page, _, _ = strings.Cut(page, "#")
	l.path, l.query, _ = strings.Cut(page, "?")
	if l.path == "" && l.host != "" {
		l.path = "/"
	}
}

// SetCharset says in which charset the page's server reads the queries of its links.
func (l *Links) SetCharset(name string) {
	if l.queryOut = nil; webName(name) != "UTF-8" {
		if e, _ := charset.Lookup(name); e != nil {
			l.queryOut = encoding.HTMLEscapeUnsupported(e.NewEncoder())
		}
	}
}

// SetBase honours <base href>: relative URLs start there from now on.
func (l *Links) SetBase(href []byte) {
	href = bytes.TrimFunc(href, func(r rune) bool { return r <= ' ' })
	scheme, authority, rest := splitURL(string(href))
	if scheme != "" && scheme != "http" && scheme != "https" {
		return
	}
	if authority != "" {
		if host := normalHost(first(scheme, l.scheme), authority); host != l.host && !slices.Contains(l.Aliases, host) {
			l.baseHost = first(scheme, l.scheme, "http") + "://" + host
		}
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	if i := strings.LastIndexAny(rest, `/\`); i >= 0 {
		l.baseDir = string(slashes(rest[:i+1]))
		if l.baseDir[0] != '/' {
			l.baseDir = l.dir() + l.baseDir
		}
	} else if l.baseHost != "" {
		l.baseDir = "/"
	}
}

// Within returns the fragment of a link to a place on the page itself, however its address is spelled; nil if it leads elsewhere.
func (l *Links) Within(href []byte) []byte {
	at := bytes.IndexByte(href, '#')
	switch {
	case at < 0:
		return nil
	case at == 0:
		return href
	}
	scheme, authority, rest := splitURL(string(trimSpace(href[:at])))
	if authority != "" && l.host != "" {
		if host := normalHost(first(scheme, l.scheme), authority); host != l.host && !slices.Contains(l.Aliases, host) {
			return nil
		}
	} else if authority != "" || scheme != "" || l.baseHost != "" {
		return nil
	}
	path, query, _ := strings.Cut(rest, "?")
	switch {
	case path == "" && authority == "":
		path = l.path
	case path == "":
		path = "/"
	case path[0] != '/':
		path = first(l.baseDir, l.dir()) + strings.TrimPrefix(path, "./")
	}
	if path != l.path || query != l.query {
		return nil
	}
	return href[at:]
}

// dir is the directory of the page.
func (l *Links) dir() string {
	if i := strings.LastIndexByte(l.path, '/'); i >= 0 {
		return l.path[:i+1]
	}
	return "/"
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

// normalHost lowers the host of an authority and drops user names and the scheme's own port.
func normalHost(scheme, authority string) string {
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	authority = strings.ToLower(authority)
	if scheme == "https" {
		return strings.TrimSuffix(authority, ":443")
	}
	return strings.TrimSuffix(authority, ":80")
}

// splitURL cuts a URL as browsers do: a backslash is a slash, and after http: any number of slashes leads to a host.
func splitURL(s string) (scheme, authority, rest string) {
	if n := schemeLen([]byte(s)); n > 0 {
		scheme, s = strings.ToLower(s[:n]), s[n+1:]
		if scheme != "http" && scheme != "https" {
			return scheme, "", s
		}
		s = "//" + strings.TrimLeft(s, `/\`)
	}
	if len(s) < 2 || s[0] != '/' && s[0] != '\\' || s[1] != '/' && s[1] != '\\' {
		return scheme, "", s
	}
	s = strings.TrimLeft(s, `/\`)
	i := strings.IndexAny(s, `/\?#`)
	if i < 0 {
		i = len(s)
	}
	return scheme, s[:i], s[i:]
}

// schemeLen returns the length of a URL's scheme, 0 if it has none.
func schemeLen(s []byte) int {
	for i, c := range s {
		switch {
		case isAlpha(c) || i > 0 && (isDigit(c) || c == '+' || c == '-' || c == '.'):
		case c == ':' && i > 0:
			return i
		default:
			return 0
		}
	}
	return 0
}

// Append writes the rewritten URL, ready for a quoted attribute: ASCII, & as &amp;. A refused URL writes nothing.
// With easy the handset is asked for its ID (guid=ON on docomo), and the URL is absolute, as docomo advises.
func (l *Links) Append(dst, href []byte, easy bool) ([]byte, LinkKind) {
	start := len(dst)
	dst, kind := l.rewrite(dst, href, easy)
	if kind == LinkLocal {
		dst = l.stay(dst, start)
	}
	return dst, kind
}

// stay puts this host before a local path that begins with two slashes, which alone lead to another one, session and all (SEC-34).
func (l *Links) stay(dst []byte, start int) []byte {
	switch {
	case !bytes.HasPrefix(dst[start:], []byte("//")):
		return dst
	case l.host == "":
		return slices.Insert(dst, start, '/', '.')
	}
	return slices.Insert(dst, start, []byte(l.scheme+"://"+l.host)...)
}

func (l *Links) rewrite(dst, href []byte, easy bool) ([]byte, LinkKind) {
	href = l.clean(href)
	if len(href) > 0 && href[0] == '#' {
		return l.escape(dst, href, false), LinkFragment
	}
	if l.way != WayOne {
		return l.through(dst, href, easy)
	}
	if l.baseHost == "" && plain(href) { // what nearly every link of our own pages is
		return l.local(dst, href, easy), LinkLocal
	}
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
	if authority != "" {
		host := normalHost(first(scheme, l.scheme), authority)
		if host != l.host && !slices.Contains(l.Aliases, host) {
			return l.cushion(dst, first(scheme, l.scheme, "http")+"://"+host+rest), LinkForeign
		}
		if rest == "" || rest[0] != '/' && rest[0] != '\\' {
			rest = "/" + rest
		}
		if scheme != "" && scheme != l.scheme && host == l.host {
			dst = append(append(append(dst, scheme...), "://"...), host...)
		}
		return l.local(dst, slashes(rest), easy), LinkLocal
	}
	if l.baseHost != "" {
		if rest == "" || rest[0] != '/' {
			rest = l.baseDir + rest
		}
		return l.cushion(dst, l.baseHost+rest), LinkForeign
	}
	return l.local(dst, slashes(rest), easy), LinkLocal
}

// kept says whether a URL, as the source spells it, is written as it is but for the session: a path on this host in which
// nothing is decoded, dropped or escaped. Nearly every link of our own pages is such a one.
func (l *Links) kept(source []byte) bool {
	if l.baseHost != "" || l.hdml || l.way == WayPortal || !plain(source) || source[len(source)-1] == '?' {
		return false
	}
	if i := bytes.IndexByte(source, '?'); i >= 0 && !PlainQuery(source[i+1:]) {
		return false
	}
	for i, c := range source {
		if !urlSafe[c] && !(c == '&' && bytes.HasPrefix(source[i:], []byte("&amp;"))) || c == '_' || c == '#' {
			return false
		}
	}
	return true
}

// appendKept writes such a URL.
func (l *Links) appendKept(dst, source []byte) []byte {
	dst = append(dst, source...)
	switch {
	case l.session == "":
		return dst
	case bytes.IndexByte(source, '?') < 0:
		dst = append(dst, '?')
	default:
		dst = append(dst, "&amp;"...)
	}
	return append(dst, l.own...)
}

// plain says that a URL is an absolute path on this host, without anything that needs thought.
func plain(s []byte) bool {
	return len(s) > 0 && s[0] == '/' && (len(s) == 1 || s[1] != '/' && s[1] != '\\')
}

// PlainQuery says whether a query is printable ASCII also after percent-decoding, so that it means the same in every charset.
func PlainQuery[T string | []byte](query T) bool {
	for i := range len(query) {
		c := query[i]
		if c == '%' && i+2 < len(query) && isHex(query[i+1]) {
			c = unhex(query[i+1]) << 4
		}
		if c < ' ' || c >= 0x80 {
			return false
		}
	}
	return true
}

// slashes turns the backslashes of a path into slashes, as browsers do.
func slashes(s string) []byte {
	b := []byte(s)
	for i, c := range b {
		if c == '?' || c == '#' {
			break
		}
		if c == '\\' {
			b[i] = '/'
		}
	}
	return b
}

// clean drops what browsers drop: space and controls around a URL, tabs and line ends inside.
func (l *Links) clean(s []byte) []byte {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	if bytes.IndexByte(s, '\n') < 0 && bytes.IndexByte(s, '\t') < 0 && bytes.IndexByte(s, '\r') < 0 {
		return s
	}
	start := len(l.scratch)
	for _, c := range s {
		if c != '\n' && c != '\t' && c != '\r' {
			l.scratch = append(l.scratch, c)
		}
	}
	return l.scratch[start:]
}

// local writes a URL of this host: resolved against the base, without names of the gateway, with the session.
func (l *Links) local(dst, u []byte, easy bool) []byte {
	u, fragment := cutByte(u, '#')
	path, query := cutByte(u, '?')
	if easy && l.host != "" && (len(path) > 0 && path[0] == '/' || l.baseDir == "") {
		dst = append(append(append(dst, l.scheme...), "://"...), l.host...)
		if len(path) == 0 || path[0] != '/' {
			dst = l.escape(dst, []byte(l.dir()), false)
		}
	}
	switch {
	case len(path) == 0 && l.baseDir == "":
		if !easy || l.host == "" {
			dst = l.escape(dst, []byte(l.path), false)
		}
		if len(u) == 0 {
			query = []byte(l.query)
		}
	case len(path) > 0 && path[0] != '/' && l.baseDir != "", len(path) == 0:
		dst = l.escape(dst, []byte(l.baseDir), false)
	}
	if i := bytes.IndexAny(path, ":/"); i >= 0 && path[i] == ':' && l.baseDir == "" {
		dst = append(dst, "./"...) // a colon must not make a scheme of what is none
	}
	dst = l.escape(dst, path, false)
	dst = l.appendQuery(dst, query, easy)
	if len(fragment) > 0 {
		dst = l.escape(append(dst, '#'), fragment, false)
	}
	return dst
}

func cutByte(s []byte, c byte) (before, after []byte) {
	if i := bytes.IndexByte(s, c); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, nil
}

// appendQuery writes "?" and the parameters that are upstream's, byte for byte, then ours.
func (l *Links) appendQuery(dst, query []byte, easy bool) []byte {
	sep, asIs := "?", len(query) > 0 && !PlainQuery(query)
	for more := len(query) > 0; more; {
		param, rest := query, []byte(nil)
		if more = bytes.IndexByte(query, '_') >= 0; more {
			param, rest = cutByte(query, '&')
			more = len(param) < len(query)
		}
		query = rest
		if own.Ours(param) && (l.way != WayOne || own.Of(string(param)) != own.ForAcross && own.Of(string(param)) != own.ForSecret) {
			continue
		}
		dst = l.escape(append(dst, sep...), param, true)
		sep = "&amp;"
	}
	if asIs && sep != "?" {
		dst = append(append(dst, sep...), own.WrittenAsIs...)
	}
	if l.across {
		dst = append(append(append(dst, sep...), own.Across...), "=1"...)
		sep = "&amp;"
	}
	if l.secret {
		dst = append(append(append(dst, sep...), own.Secret...), "=1"...)
		sep = "&amp;"
	}
	if easy && l.guid {
		dst = append(append(dst, sep...), own.AskForID...)
		sep = "&amp;"
	}
	if l.session != "" {
		dst = append(append(dst, sep...), l.own...)
	}
	return dst
}

// Target resolves a URL of this host to the path and query that the application knows. It says false for other hosts. No
// URL is the page's own.
func (l *Links) Target(href []byte) (string, bool) {
	session, guid := l.session, l.guid
	l.session, l.guid = "", false
	defer func() { l.session, l.guid = session, guid }()
	if l.way != WayOne {
		return l.targetThrough(href)
	}
	written, kind := l.Append(nil, href, false)
	u := strings.ReplaceAll(string(written), "&amp;", "&")
	u, _, _ = strings.Cut(u, "#")
	for _, end := range [...]string{"&" + own.WrittenAsIs, "?" + own.WrittenAsIs} {
		u = strings.TrimSuffix(u, end)
	}
	switch {
	case kind != LinkLocal:
		return "", false
	case strings.HasPrefix(u, "http"): // the same host by another scheme
		_, _, u = splitURL(u)
	case !strings.HasPrefix(u, "/"):
		u = l.dir() + strings.TrimPrefix(u, "./")
	}
	return u, true
}

// Self writes the URL of this page for part n, or for posting a piece of a form when n is 0.
func (l *Links) Self(dst []byte, n int) []byte {
	if start := len(dst); l.way == WayPortal {
		dst = l.escape(append(append(dst, PortalPath...), l.host...), []byte(l.path), false)
	} else {
		dst = l.stay(l.escape(dst, []byte(l.path), false), start)
	}
	at := len(dst)
	dst = l.appendQuery(dst, []byte(l.query), false)
	name := func(s string) {
		if len(dst) > at {
			dst = append(dst, "&amp;"...)
		} else {
			dst = append(dst, '?')
		}
		dst = append(append(dst, s...), '=')
	}
	if l.Held != "" {
		name(own.Held)
		dst = append(dst, l.Held...)
	}
	if n > 0 {
		name(own.Part)
		dst = appendInt(dst, n)
	}
	return dst
}

// Session returns the session ID that local links carry.
func (l *Links) Session() string { return l.session }

const hexUpper = "0123456789ABCDEF"

// escape percent-encodes what must not stand in a URL attribute and writes & as &amp;. Text outside ASCII in a query is
// written in the charset of upstream's page, whose server will read it (H-22); elsewhere in UTF-8.
func (l *Links) escape(dst, s []byte, query bool) []byte {
	if query && l.queryOut != nil {
		if b, err := l.queryOut.Bytes(s); err == nil {
			s = b
		}
	}
	from := 0
	for i, c := range s {
		switch {
		case urlSafe[c] && (c != '$' || !l.hdml):
			continue
		case c == '&':
			dst = append(append(dst, s[from:i]...), "&amp;"...)
		default:
			dst = append(append(dst, s[from:i]...), '%', hexUpper[c>>4], hexUpper[c&15])
		}
		from = i + 1
	}
	return append(dst, s[from:]...)
}

// urlSafe are the bytes that stand in a URL attribute as they are.
var urlSafe = func() (t [256]bool) {
	for c := ' ' + 1; c < 0x7F; c++ {
		t[c] = !strings.ContainsRune("&\"'<>`{}|\\^", c)
	}
	return t
}()

// cushion writes the local page that stands before another host.
func (l *Links) cushion(dst []byte, u string) []byte {
	dst = append(dst, own.Cushion+"?u="...)
	return appendComponent(dst, []byte(u))
}

// appendComponent percent-encodes everything but RFC 3986's unreserved characters. A percent sign is encoded too.
func appendComponent(dst, s []byte) []byte {
	for _, c := range s {
		if isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~' {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', hexUpper[c>>4], hexUpper[c&15])
		}
	}
	return dst
}

func appendInt(dst []byte, n int) []byte {
	if n >= 10 {
		dst = appendInt(dst, n/10)
	}
	return append(dst, byte('0'+n%10))
}

// Foreign says whether a URL leads to another host.
func (l *Links) Foreign(href []byte) bool {
	at := len(l.scratch)
	_, kind := l.Append(nil, href, false)
	l.scratch = l.scratch[:at]
	return kind == LinkForeign
}

// EscapeAttr escapes a value for a quoted attribute of a UTF-8 page.
func EscapeAttr(s string) string { return html.EscapeString(s) }
