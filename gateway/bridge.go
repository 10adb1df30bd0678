package gateway

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"musubi/gateway/fetch"
	"musubi/gateway/session"
	"musubi/transcode/markup"
	"musubi/transcode/own"

	"github.com/valyala/fasthttp"
)

// place is where this exchange's session ID would travel if it could in a cookie, and that cookie's name.
func (x *exchange) place() (session.Place, string) {
	if x.peer.tls {
		return session.InTLS, own.CookieHTTPS
	}
	return session.InCookie, own.CookieHTTP
}

// binding is what a session of this exchange is bound to (SEC-32).
func (x *exchange) binding() session.Binding {
	return session.Binding{Carrier: string(x.hs.Carrier), Class: x.class(), Model: x.hs.Model, Subscriber: x.verdict.subscriber}
}

// openSession finds the session that a cookie or, failing that, the URL names. IDs that we did not issue are as good as
// none, and are never written into a link (SEC-31). A session used from elsewhere has been ended: its request does
// nothing and starts again without it. While the parts of a page are read the ID stays where it is: shorter links would let its parts end
// elsewhere, and what stood between would be on none.
func (x *exchange) openSession() *refusal {
	token := x.token
	x.token = ""
	place, name := x.place()
	inCookie := x.ownCookies(name)
	if x.way == markup.WayProxy { // a cookie would belong to one site
		x.cookies, inCookie = false, ""
	}
	if x.bridged && inCookie != "" {
		found, r := x.open(place, inCookie)
		if r != nil || x.done || found {
			return r
		}
	}
	if token == "" {
		return nil
	}
	found, r := x.open(session.InURL, token)
	if !found || r != nil || x.done {
		return r
	}
	x.bySession = true
	if x.cookies && x.session.Superseded.IsZero() && !x.turned && !x.piece { // the probe came back: from now on the ID stays out of URLs
		moved, err := x.g.sessions.Move(context.Background(), x.session, x.session.Jar, place)
		if err != nil {
			return x.storeRefusal(err)
		}
		x.session = moved
		x.sendCookie(name, moved.ID)
		return nil
	}
	x.token = x.session.ID
	return nil
}

// sessionHost is what a session belongs to: the site, or, where there are many, all of them.
func (x *exchange) sessionHost() string {
	if x.way != markup.WayOne {
		return session.Anywhere
	}
	return x.target.host
}

// open looks one ID up and says whether it was good.
func (x *exchange) open(p session.Place, id string) (bool, *refusal) {
	s, err := x.g.sessions.Open(context.Background(), p, x.sessionHost(), id, x.binding())
	switch {
	case errors.Is(err, session.ErrMismatch):
		x.startAgain()
		return false, nil
	case err != nil:
		return false, x.storeRefusal(err)
	}
	x.session = s
	return true, nil
}

// startAgain sends a client whose session has just been ended to the same page without it, or, when it wanted to change
// something, to the front page: the upstream then shows its login.
func (x *exchange) startAgain() {
	x.done = true
	x.g.metrics.ended.Inc()
	to := x.url()
	if u, err := url.Parse(to); err == nil && x.way != markup.WayOne && !x.home {
		to = x.outer(u)
	}
	if x.bridged && !markup.PlainQuery(x.query) {
		to += "&" + own.WrittenAsIs
	}
	if x.method != "GET" && x.method != "HEAD" {
		to = x.origin() + "/"
		if x.way != markup.WayOne {
			to = x.frontOrigin() + "/"
		}
	}
	if _, name := x.place(); x.bridged {
		x.dropCookie(name)
	}
	x.redirect(to)
}

// ownCookies reads the gateway's own cookies: whether the probe came back, and the session ID.
func (x *exchange) ownCookies(name string) (id string) {
	for pair := range strings.SplitSeq(x.head.joinedBy("Cookie", ";"), ";") {
		n, v, _ := strings.Cut(strings.TrimSpace(pair), "=")
		switch n {
		case own.CookieProbe:
			x.cookies = true
		case name:
			x.cookies, id = true, v
		}
	}
	return id
}

// keepCookies puts the upstream's Set-Cookie fields into the handset's jar, making a session for the first of them and
// giving it a new ID at a login.
func (x *exchange) keepCookies() *refusal {
	if !x.bridged {
		return nil
	}
	values := setCookies(x.resp)
	if x.way != markup.WayOne && len(values) > 0 && len(x.resp.Header.Peek(fetch.OverTLS)) == 0 {
		var jar session.Jar
		if x.session != nil {
			jar = x.session.Jar
		}
		values = jar.FromClear(x.target.host, x.target.path, values, x.g.sessions.Now())
	}
	if len(values) == 0 {
		return nil
	}
	place, name := x.place()
	if !x.cookies {
		place = session.InURL
	}
	next, err := x.changeSession(values, place)
	if err != nil {
		return x.storeRefusal(err)
	}
	switch {
	case next == nil:
		x.session, x.token = nil, ""
		x.dropCookie(name)
	case next.Place == session.InURL:
		x.session, x.token = next, next.ID
	default:
		if x.session == nil || x.session.ID != next.ID {
			x.sendCookie(name, next.ID)
		}
		x.session, x.token = next, ""
	}
	return nil
}

func (x *exchange) changeSession(values []string, place session.Place) (*session.Session, error) {
	m := x.g.sessions
	if x.session != nil {
		return m.Apply(context.Background(), x.session, x.target.host, x.target.path, values, x.isLogin, place)
	}
	jar, _ := session.Jar(nil).Set(x.sessionHost(), x.target.host, x.target.path, values, m.Now())
	if len(jar) == 0 {
		return nil, nil
	}
	return m.Create(context.Background(), place, x.sessionHost(), x.binding(), jar)
}

// isLogin says whether a change of cookies looks like a login or a change of rights, at which the session's ID is
// replaced. The gateway does not know the application, but every one shows a login the same way: it sets a cookie that
// was not there, or gives one another value in answer to a form, to a redirect's request or to a login key. Applications
// that renew a cookie with every page change values outside of these and keep their ID, so that the pages a handset still
// shows stay usable.
//
// A picture or a style sheet cannot tell the handset another ID, and nobody logs in with one: the links of the page around it stay good.
func (x *exchange) isLogin(c session.Change) bool {
	if kind := x.kind(); kind != "" && !x.redirects() && !x.isPage(kind) && !x.isDocument(kind) && x.method == "GET" {
		return false
	}
	return c.Added || c.Changed && (x.method == "POST" || x.redirects() || x.verdict.key != "")
}

// redirects says whether the upstream sends the client elsewhere.
func (x *exchange) redirects() bool {
	status := x.resp.StatusCode()
	return 300 <= status && status < 400 && len(x.resp.Header.Peek("Location")) > 0
}

// setCookies copies the values of all Set-Cookie fields.
func setCookies(resp *fasthttp.Response) []string {
	var values []string
	for _, v := range resp.Header.Cookies() {
		values = append(values, string(v))
	}
	return values
}

// sendCookie gives the handset the cookie that carries its session.
func (x *exchange) sendCookie(name, id string) {
	x.setCookie(name+"="+id, x.g.sessions.Now().Add(x.g.sessions.MaxAge()))
}

func (x *exchange) dropCookie(name string) {
	if x.cookies {
		x.setCookie(name+"=", time.Unix(0, 0))
	}
}

// probe sends the cookie that shows whether this handset keeps cookies. It is sent once: a handset that keeps it shows
// it from then on, and one that does not is known by its model.
func (x *exchange) probe() {
	if x.bridged && x.hs.Cookies && !x.cookies && x.way != markup.WayProxy {
		x.setCookie(own.CookieProbe+"=1", x.g.sessions.Now().Add(x.g.sessions.MaxAge()))
	}
}

// setCookie writes a Set-Cookie field that browsers of 2000 read as well: an Expires date, no Max-Age (SEC-37).
func (x *exchange) setCookie(pair string, expires time.Time) {
	line := pair + "; path=/; expires=" + expires.UTC().Format("Mon, 02-Jan-2006 15:04:05") + " GMT; HttpOnly; SameSite=Lax"
	if x.peer.tls {
		line += "; secure"
	}
	x.cookieLines = append(x.cookieLines, line)
}
