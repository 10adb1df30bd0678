package gateway

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"musubi/gateway/fetch"
	"musubi/gateway/session"
	"musubi/transcode/markup"
	"musubi/transcode/own"

	"github.com/valyala/fasthttp"
	"golang.org/x/net/idna"
)

// A World is set for a gateway that leads to any site, not before one application: as the proxy that a screen is set up with,
// or as a portal below whose path every site lies. Its Upstream goes where the Host field says (package fetch).
type World struct {
	Proxy, Portal bool
	// Allow are the addresses that may use it, and Password lets in whoever types it once. Neither: everybody who reaches the
	// listener, which has to be this machine's own.
	Allow    []netip.Prefix
	Password string
	// Connect are the places to which CONNECT leads, HOST:PORT, *.HOST:PORT for all names below one, *:PORT for every one; Dial goes
	// there, and refuses what must not be reached. None: CONNECT is refused.
	Connect []string
	Dial    func(ctx context.Context, address string) (net.Conn, error)
	// Addresses says that the gateway has no name, and answers to whatever address of this machine, or of a router before it, it is asked
	// by: no name of somebody else's is one (SEC-15).
	Addresses bool
	// Rate is how many requests a minute one visitor makes in the long run, a fifth of them at once. 0: as many as Limits say.
	Rate int
	// Archive says that the sites are stored ones: what they say is not to be transformed goes out as it is where its links come here again.
	Archive bool
	// Bookmarks stand on everybody's start page.
	Bookmarks []session.Visit
}

// findSite reads the site that a request is for out of its target, and leaves a target as that site's own server would see it.
// It says false when the request is for the gateway itself.
func (x *exchange) findSite(raw, host string) (bool, *refusal) {
	w := x.g.cfg.World
	x.front, x.home, x.way = host, true, markup.WayOwn
	if !w.Portal {
		x.way = markup.WayProxy
	}
	if rest, ok := cutScheme(raw); ok {
		authority, path := cutAuthority(rest)
		if host != "" && bareName(host) != authority {
			return false, refuse(errMalformed, "the request target names another host than the Host field")
		}
		if x.g.hostList().allows(authority, x.peer.tls) {
			x.front, x.way, raw = authority, markup.WayProxy, path // the gateway's own, asked for through itself
		} else if w.Proxy {
			x.front, x.way, x.home = x.ownName(), markup.WayProxy, false
			return true, x.aim(authority, path)
		}
	}
	if rest, ok := strings.CutPrefix(raw, markup.PortalPath); ok && w.Portal {
		if typed, ok := cutScheme(rest); ok { // an address pasted behind ours
			rest = typed
		}
		x.way, x.home = markup.WayPortal, false
		return true, x.aim(cutAuthority(rest))
	}
	return false, nil
}

func cutAuthority(rest string) (authority, path string) {
	path = "/"
	authority = rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, path = rest[:i], rest[i:]
		if path[0] == '?' {
			path = "/" + path
		}
	}
	return bareName(authority), path
}

// bareName is a host in its one spelling: small letters, without the usual port and the dot that ends a whole name.
func bareName(host string) string {
	host = strings.TrimSuffix(strings.ToLower(hostInASCII(host)), ":80")
	if name, port, ok := strings.Cut(host, ":"); ok && strings.HasSuffix(name, ".") {
		return strings.TrimSuffix(name, ".") + ":" + port
	}
	return strings.TrimSuffix(host, ".")
}

// hostInASCII is a host as it is asked for: names of other scripts as IDNA has them, also typed with full-width letters and dots, or
// percent-encoded by the screen. What is no such name stays as it came, and is refused for it.
func hostInASCII(host string) string {
	if strings.IndexFunc(host, func(r rune) bool { return r >= 0x80 || r == '%' }) < 0 {
		return host
	}
	plain, err := url.PathUnescape(host)
	if err != nil {
		return host
	}
	port := ""
	if i := strings.LastIndexByte(plain, ':'); i >= 0 && isDigits(plain[i+1:]) {
		plain, port = plain[:i], plain[i:]
	}
	name, err := idna.Lookup.ToASCII(plain)
	if err != nil {
		return host
	}
	return name + port
}

// aim makes a site's path and query the target. What two servers might read differently is no matter here: the site alone
// reads it.
func (x *exchange) aim(host, raw string) *refusal {
	if x.nowhere = !validHost(host); x.nowhere { // it is said when the screen is known
		host, raw = "invalid", "/"
	}
	path, query, _ := strings.Cut(raw, "?")
	if strings.ContainsAny(raw, "# \t\\\"<>") || hasControl(raw) || !strings.HasPrefix(path, "/") {
		return refuse(errMalformed, "a byte that an address cannot have")
	}
	x.target = target{path, query, host}
	return nil
}

// answersTo says whether a client that asks this name asks the gateway itself.
func (g *Gateway) answersTo(host string, tls bool) bool {
	if g.hostList().allows(host, tls) {
		return true
	}
	if g.cfg.World == nil || !g.cfg.World.Addresses {
		return false
	}
	_, err := netip.ParseAddr(strings.Trim(hostname(host), "[]"))
	return err == nil
}

// ownName is what a client of the proxy reaches the gateway itself by.
func (x *exchange) ownName() string {
	if a, ok := x.ctx.LocalAddr().(*net.TCPAddr); ok && x.g.cfg.World.Addresses {
		return a.AddrPort().String()
	}
	return x.g.ownName()
}

// ownName is the first name of the gateway itself.
func (g *Gateway) ownName() string {
	if len(g.cfg.Hosts) > 0 {
		return strings.ToLower(g.cfg.Hosts[0])
	}
	return "localhost"
}

// welcome lets those go on who may, with a session that goes along to every site, and answers what is the gateway's own.
func (x *exchange) welcome() *refusal {
	if x.g.cfg.World == nil {
		return nil
	}
	if !x.mayEnter() {
		x.done = true
		return x.askForPassword()
	}
	if x.nowhere {
		return refuse(errForbidden, "no site has such a name")
	}
	if x.bridged && x.session == nil {
		if err := x.beginSession(); err != nil {
			return x.storeRefusal(err)
		}
	}
	if x.home {
		x.done = true
		return x.ownWorld()
	}
	return nil
}

// visitor names who is counted for World.Rate: as clientKey does, but within a private network each machine is one.
func (x *exchange) visitor() string {
	if a := x.peer.addr; a.IsValid() && x.verdict.subscriber == "" && (a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast()) {
		return a.String()
	}
	return x.clientKey()
}

// beginSession makes the session that knows a screen, wherever it goes.
func (x *exchange) beginSession() error {
	s, err := x.g.sessions.Create(context.Background(), session.InURL, session.Anywhere, x.binding(), nil)
	if err == nil {
		x.session, x.token = s, s.ID
	}
	return err
}

// mayEnter says whether this client may use the gateway: by its address, by the password that it sends with every request, or
// because its session knows that it was typed.
func (x *exchange) mayEnter() bool {
	w := x.g.cfg.World
	if len(w.Allow) == 0 && w.Password == "" {
		return true
	}
	for _, p := range w.Allow {
		if p.Contains(x.peer.addr) {
			return true
		}
	}
	if w.Password == "" {
		return false
	}
	if x.session != nil && x.session.Entered {
		return true
	}
	_, sent := basic(x.head.get("Proxy-Authorization"))
	if sent == "" && x.way != markup.WayProxy {
		_, sent = basic(x.head.get("Authorization"))
	}
	return sent != "" && x.isPassword(sent)
}

// bearsOurs says whether the Authorization of a request has the gateway's own password, which is no site's to read.
func (x *exchange) bearsOurs() bool {
	w := x.g.cfg.World
	if w == nil || w.Password == "" || x.way == markup.WayProxy {
		return false
	}
	_, sent := basic(x.head.get("Authorization"))
	return subtle.ConstantTimeCompare([]byte(sent), []byte(w.Password)) == 1
}

// isPassword compares, and slows down who guesses: only wrong ones count, for a browser sends the right one with every request.
func (x *exchange) isPassword(typed string) bool {
	from := network(x.peer.addr)
	if subtle.ConstantTimeCompare([]byte(typed), []byte(x.g.cfg.World.Password)) == 1 {
		return x.g.guesses.left(from, x.start)
	}
	x.g.guesses.take(from, x.start)
	return false
}

// basic reads the credentials of a Basic field.
func basic(field string) (user, password string) {
	scheme, coded, _ := strings.Cut(field, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", ""
	}
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(coded))
	if err != nil {
		return "", ""
	}
	user, password, _ = strings.Cut(string(plain), ":")
	return user, password
}

// askForPassword asks a browser by its own dialogue, and a handset by a page.
func (x *exchange) askForPassword() *refusal {
	w := x.g.cfg.World
	if w.Password == "" {
		return refuse(errStranger, "address not in the list")
	}
	if !x.bridged {
		return refuse(errPassword, "no password")
	}
	u := x.url()
	if x.home {
		if x.target.path == enterPath && x.method == "POST" {
			return x.enterByPassword()
		}
		u = "http://" + x.front + "/"
	} else if x.way == markup.WayPortal { // the page is ours, at the site's address
		x.way, x.home, x.target.host = markup.WayOwn, true, x.front
	}
	return x.showOwn(passwordPage(x.front, u, x.english()), fasthttp.StatusForbidden)
}

// enterByPassword remembers in the session that the password was typed, and goes where the screen wanted to.
func (x *exchange) enterByPassword() *refusal {
	fields, _ := url.ParseQuery(string(x.body))
	if !x.isPassword(fields.Get("w")) {
		return x.showOwn(passwordPage(x.front, fields.Get("u"), x.english()), fasthttp.StatusForbidden)
	}
	if x.session == nil {
		if err := x.beginSession(); err != nil {
			return x.storeRefusal(err)
		}
	}
	s, err := x.g.sessions.Edit(context.Background(), x.session, func(s *session.Session) { s.Entered = true })
	if err != nil {
		return x.storeRefusal(err)
	}
	x.session = s
	return x.goOut(fields.Get("u"))
}

// Paths of the gateway's own pages where it leads to any site.
const (
	openPath  = own.Pages + "open"
	markPath  = own.Pages + "mark"
	enterPath = own.Pages + "enter"
	pacPath   = own.Pages + "proxy.pac"
)

// ownWorld answers what is the gateway's own: the start page, and what it leads to.
func (x *exchange) ownWorld() *refusal {
	x.stats.route = "own"
	switch {
	case x.target.path == "/":
		return x.showOwn(x.startPage(""), fasthttp.StatusOK)
	case x.target.path == openPath:
		fields, _ := url.ParseQuery(x.query)
		return x.goOut(fields.Get("u"))
	case x.target.path == enterPath:
		fields, _ := url.ParseQuery(string(x.body))
		return x.goOut(fields.Get("u"))
	case x.target.path == markPath && x.method == "POST" && x.session != nil:
		return x.mark()
	}
	return refuse(errNoPage, "own path")
}

// sendPAC tells a browser that asks for its proxy settings: everything in the clear goes through us.
func (x *exchange) sendPAC() {
	x.stats.route = "own"
	out := &x.ctx.Response
	out.Header.SetContentType("application/x-ns-proxy-autoconfig")
	out.SetBodyString("function FindProxyForURL(url, host) { return \"PROXY " + x.front + "\"; }\n")
}

// goOut sends a screen to an address that somebody typed: with or without http://.
func (x *exchange) goOut(typed string) *refusal {
	typed = strings.TrimSpace(typed)
	if _, ok := cutScheme(strings.ToLower(typed)); !ok {
		typed = "http://" + typed
	}
	u, err := url.Parse(typed)
	if err == nil {
		u.Host = bareName(u.Host)
	}
	if err != nil || u.Host == "" || u.User != nil || !validHost(u.Host) {
		return x.showOwn(x.startPage(typed), fasthttp.StatusBadRequest)
	}
	if u.Host == x.front {
		x.redirect(x.frontOrigin() + "/" + x.ownSession("?"))
		return nil
	}
	x.redirect(x.outer(u))
	return nil
}

// mark keeps an address on the screen's start page, or takes it off.
func (x *exchange) mark() *refusal {
	fields, _ := url.ParseQuery(string(x.body))
	u := fields.Get("u")
	s, err := x.g.sessions.Edit(context.Background(), x.session, func(s *session.Session) {
		if fields.Get("off") != "" {
			s.Marks = without(s.Marks, u)
			return
		}
		for _, v := range s.Visited {
			if v.URL == u {
				s.Marks = session.Remember(s.Marks, v)
			}
		}
	})
	if err != nil {
		return x.storeRefusal(err)
	}
	x.session = s
	x.redirect(x.frontOrigin() + "/" + x.ownSession("?"))
	return nil
}

func without(list []session.Visit, u string) (kept []session.Visit) {
	for _, v := range list {
		if v.URL != u {
			kept = append(kept, v)
		}
	}
	return kept
}

// remember puts a page that was shown into the screen's history.
func (x *exchange) remember(title string) {
	if x.session == nil || x.session.Host != session.Anywhere || x.method != "GET" || x.part > 1 || x.resp.StatusCode() != fasthttp.StatusOK {
		return
	}
	v := session.Visit{URL: x.url(), Title: title}
	if len(x.session.Visited) > 0 && x.session.Visited[0] == v {
		return
	}
	if s, err := x.g.sessions.Edit(context.Background(), x.session, func(s *session.Session) { s.Visited = session.Remember(s.Visited, v) }); err == nil {
		x.session = s
	}
}

// frontOrigin is the gateway's own origin, as the client wrote it.
func (x *exchange) frontOrigin() string {
	if x.peer.tls {
		return "https://" + x.front
	}
	return "http://" + x.front
}

// ownSession is the parameter of the session behind a separator, "" if it needs none.
func (x *exchange) ownSession(sep string) string {
	if x.token == "" {
		return ""
	}
	return sep + own.Session + "=" + x.token
}

// outer is an address of some site as the client has to ask for it.
func (x *exchange) outer(u *url.URL) string {
	query := u.RawQuery
	if x.transforms() && !markup.PlainQuery(query) {
		query = withParam(query, own.AsIs, "1")
	}
	if x.token != "" {
		query = withParam(query, own.Session, x.token)
	}
	if !x.home && u.Host != x.target.host && x.bridged {
		query = withParam(query, own.Across, "1")
	}
	if u.Scheme == "https" && u.RawQuery != "" {
		query = withParam(query, own.Secret, "1")
	}
	if query != "" {
		query = "?" + query
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.Fragment != "" {
		query += "#" + u.EscapedFragment()
	}
	if x.way != markup.WayProxy {
		return x.frontOrigin() + markup.PortalPath + u.Host + path + query
	}
	return "http://" + u.Host + path + query
}

// answerOut sends a client on to where a site sends it.
func (x *exchange) answerOut(location string) *refusal {
	u, _, r := x.resolve(location)
	if r != nil {
		return r
	}
	secret := u.Scheme == "https" || x.encrypted || len(x.resp.Header.Peek(fetch.OverTLS)) > 0
	if status := x.resp.StatusCode(); x.method == "POST" && secret && (status == fasthttp.StatusTemporaryRedirect || status == fasthttp.StatusPermanentRedirect) {
		u.RawQuery = withParam(u.RawQuery, own.Secret, "1") // it posts the form again
	}
	if u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
	u.Host = strings.TrimSuffix(u.Host, ":80")
	if x.way == markup.WayProxy && !x.bridged {
		x.ctx.Response.Header.Set("Location", x.outer(u))
		x.oldStatus()
		return x.passThrough()
	}
	x.redirect(x.outer(u))
	return nil
}

// unwrapped is a URL that the client quotes, of a page that it was shown, as the site asked now may learn it: whole from itself,
// the origin from others, nothing of ours.
func (x *exchange) unwrapped(quoted string) string {
	if rest, ok := strings.CutPrefix(quoted, x.frontOrigin()); ok && (rest == "" || rest[0] == '/') {
		if rest, ok = strings.CutPrefix(rest, markup.PortalPath); !ok {
			return ""
		}
		quoted = "http://" + rest
	}
	u, err := url.Parse(quoted)
	if err != nil || u.Host == "" {
		return ""
	}
	if u.Host != x.target.host {
		return u.Scheme + "://" + u.Host + "/"
	}
	return quoted
}
