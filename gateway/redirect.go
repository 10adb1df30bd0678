package gateway

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"musubi/gateway/fetch"
	"musubi/transcode/markup"
	"musubi/transcode/own"

	"github.com/valyala/fasthttp"
)

// answerRedirect sends the client on. Handsets get an absolute URL with their session in it, and 302 whatever the
// upstream chose: they know no other [carriers §8]. A redirect to another host would carry the session's URL in its
// Referer, so a handset with a session sees the cushion page first (SEC-34).
func (x *exchange) answerRedirect(location string) *refusal {
	x.stats.route = "redirect"
	u, ours, r := x.resolve(location)
	if r != nil {
		return r
	}
	switch {
	case !x.bridged:
		if ours && x.target.host == u.Host && !strings.Contains(location, "//") {
			x.ctx.Response.Header.Set("Location", location) // a browser gets what the upstream wrote
		} else {
			x.ctx.Response.Header.Set("Location", u.String())
		}
		x.oldStatus()
		return x.passThrough()
	case ours:
		if !markup.PlainQuery(u.RawQuery) {
			u.RawQuery = withParam(u.RawQuery, own.AsIs, "1")
		}
		if x.token != "" {
			u.RawQuery = withParam(u.RawQuery, own.Session, x.token)
		}
		x.redirect(u.String())
	case x.g.hostList().allows(u.Host, u.Scheme == "https") && len(x.g.hosts.names) > 0:
		x.redirect(u.String()) // another of our names, where this session means nothing
	default:
		x.redirect(x.origin() + own.Cushion + "?u=" + url.QueryEscape(u.String()))
	}
	return nil
}

// oldStatus makes a redirect one that an old browser knows: 303, 307 and 308 came after it, and it shows their empty page.
func (x *exchange) oldStatus() {
	out := &x.ctx.Response
	switch status := out.StatusCode(); {
	case !x.transforms(), status != fasthttp.StatusSeeOther && status != fasthttp.StatusTemporaryRedirect && status != fasthttp.StatusPermanentRedirect:
	case x.method == "POST" && status != fasthttp.StatusSeeOther: // it would ask with GET what is to be posted again
	default:
		out.SetStatusCode(fasthttp.StatusFound)
	}
}

// resolve makes a Location absolute, as the world knows this site, and says whether it leads to it.
func (x *exchange) resolve(location string) (u *url.URL, ours bool, r *refusal) {
	if hasControl(location) || len(location) > 2*maxTarget {
		return nil, false, refuse(errBadUpstream, "upstream redirects to what is no URL")
	}
	base, err := url.Parse(x.url())
	if err != nil {
		return nil, false, refuse(errMalformed, "URL: "+err.Error())
	}
	u, err = base.Parse(strings.ReplaceAll(location, "\\", "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, false, refuse(errBadUpstream, "upstream redirects to what is no web page")
	}
	u.Host = strings.ToLower(hostInASCII(u.Host)) // a screen need not know other scripts
	ours = withoutPort(u.Host) == withoutPort(x.target.host)
	if !ours && (x.g.cfg.UpstreamHost != "" && u.Host == x.g.cfg.UpstreamHost || slices.Contains(x.g.cfg.UpstreamNames, u.Host)) {
		u.Scheme, u.Host, ours = base.Scheme, base.Host, true // the upstream's own name is ours to the world
	}
	if ours && x.peer.tls {
		u.Scheme = "https" // the upstream may not know, and https is never weakened (CT-20)
	}
	return u, ours, nil
}

// maxReposts is how often the gateway posts a form again for a handset.
const maxReposts = 3

// postsAgain says whether the upstream wants the same form posted elsewhere on this site (307, 308). Handsets and old browsers know
// no such redirect, so the gateway goes there itself.
func (x *exchange) postsAgain() bool {
	status := x.resp.StatusCode()
	if !x.bridged && !x.transforms() || x.method != "POST" || x.piece || status != fasthttp.StatusTemporaryRedirect && status != fasthttp.StatusPermanentRedirect {
		return false
	}
	u, ours, r := x.resolve(string(x.resp.Header.Peek("Location")))
	if r != nil || !ours && (x.way == markup.WayOne || x.home) {
		return false
	}
	if !x.bridged && !x.elsewhere {
		x.passed = append(x.passed, setCookies(x.resp)...)
	}
	if ours {
		r = x.goTo(u.RequestURI())
	} else {
		r = x.goElsewhere(u)
	}
	if r != nil {
		return false
	}
	if x.resp.IsBodyStream() {
		x.resp.CloseBodyStream()
	}
	x.req.Reset()
	x.resp.Reset()
	return true
}

// goElsewhere makes another site the target of a form that was sent to this one: its cookies and what this site knows stay behind, and what
// went out encrypted, or is to, does not go in the clear.
func (x *exchange) goElsewhere(u *url.URL) *refusal {
	if x.first == "" {
		x.first = x.target.host
	}
	secret := x.encrypted || u.Scheme == "https" || len(x.resp.Header.Peek(fetch.OverTLS)) > 0
	if r := x.aim(withoutPort(u.Host), u.RequestURI()); r != nil || x.nowhere {
		return refuse(errBadUpstream, "upstream redirects a form to what is no site")
	}
	x.query, x.across, x.elsewhere, x.encrypted = x.target.query, true, true, secret
	x.site = x.g.cfg.Rules.For(hostname(x.target.host), x.target.path)
	return nil
}

// answerElsewhere sends the screen to where its form went, and holds what was answered there: at the address of the first site the links and
// cookies of the second would be the first one's.
func (x *exchange) answerElsewhere() *refusal {
	kind := x.kind()
	leads := x.redirects()
	if !leads && !x.isPage(kind) && !x.isDocument(kind) {
		return x.answer()
	}
	a := &heldAnswer{key: newHeldKey(), site: x.target.host, owner: x.owner(), until: x.g.cfg.Now().Add(heldAge), status: x.resp.StatusCode(), contentType: string(x.resp.Header.ContentType())}
	if leads {
		a.location = string(x.resp.Header.Peek("Location"))
	} else {
		src, cut, r := x.readBeginning()
		if r != nil {
			return r
		}
		if cut {
			src, a.contentType = x.saysCut(src, a.contentType)
		}
		a.src = bytes.Clone(src)
	}
	if !x.bridged {
		a.cookies = setCookies(x.resp)
	}
	x.g.held.put(a)
	u, err := url.Parse(x.url())
	if err != nil {
		return refuse(errBadUpstream, "URL: "+err.Error())
	}
	u.RawQuery = withParam(u.RawQuery, own.Held, a.key)
	x.redirect(x.outer(u))
	if !x.bridged {
		for _, v := range x.passed {
			x.passCookie(v, x.first)
		}
	}
	return nil
}

// redirect answers 302 with an absolute Location and no body.
func (x *exchange) redirect(location string) {
	out := &x.ctx.Response
	x.stats.route = "redirect"
	out.ResetBody()
	out.SetStatusCode(fasthttp.StatusFound)
	setPrivate(&out.Header)
	out.Header.Set("Location", location)
}

// withoutPort drops the ports that a URL's scheme implies.
func withoutPort(host string) string {
	return strings.TrimSuffix(strings.TrimSuffix(host, ":80"), ":443")
}

// withParam sets one parameter in a raw query, in place of any it had. The others stay byte for byte.
func withParam(query, name, value string) string {
	kept := make([]string, 0, 4)
	for pair := range strings.SplitSeq(query, "&") {
		if n, _, _ := strings.Cut(pair, "="); query != "" && n != name {
			kept = append(kept, pair)
		}
	}
	return strings.Join(append(kept, name+"="+value), "&")
}
