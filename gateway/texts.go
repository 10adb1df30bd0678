package gateway

import (
	"strings"

	"musubi/transcode/form"
	"musubi/transcode/own"
	"musubi/transcode/page"

	"github.com/valyala/fasthttp"
)

// maxSource is the longest path and query of a page that a form without room for its texts may name.
const maxSource = 400

// source is path and query of the page that is answered, where asking for it again gives the same page.
func (x *exchange) source() string {
	if x.upstreamMethod() != "GET" || x.resp.StatusCode() != fasthttp.StatusOK {
		return ""
	}
	at := x.target.path
	if x.query != "" {
		at += "?" + x.query
	}
	if len(at) > maxSource {
		return ""
	}
	return at
}

// A carrier makes a restored form part of the request for the upstream.
type carrier func(page.Sent) *refusal

// restore makes of a form that came what the application is to get. Where its page has to be read again for that, this waits until
// the session is open.
func (x *exchange) restore(fields form.Fields, carry carrier) *refusal {
	if at := page.TextsAt(x.g.formKey, fields); at != "" && x.unread == nil {
		x.unread = func() *refusal {
			texts, r := x.textsOf(at)
			if r != nil {
				return r
			}
			return x.restoreFrom(fields, texts, carry)
		}
		return nil
	}
	return x.restoreFrom(fields, nil, carry)
}

func (x *exchange) restoreFrom(fields, texts form.Fields, carry carrier) *refusal {
	sent, err := page.Restore(&x.hs, x.g.formKey, fields, texts)
	if err != nil {
		return refuse(errKept, err.Error())
	}
	return carry(sent)
}

// readTexts restores a form whose page has to be read again: it had no room for the text behind what its fields show.
func (x *exchange) readTexts() *refusal {
	if x.unread == nil {
		return nil
	}
	return x.unread()
}

// textsOf asks the upstream for a page of the same site, as the same client, and returns its text fields.
func (x *exchange) textsOf(at string) (form.Fields, *refusal) {
	to, r := parseTarget(at, x.target.host, x.g.cfg.Foreign)
	if r != nil {
		return nil, r
	}
	if key, ok := strings.CutPrefix(to.query, own.Held+"="); ok { // the answer to a form
		a := x.g.held.get(key, x.target.host, x.owner(), x.g.cfg.Now())
		if a == nil {
			return nil, nil
		}
		return page.Texts(a.src, page.Options{URL: x.url(), ContentType: a.contentType, Rules: x.g.cfg.Rules}), nil
	}
	asked := *x
	x.method, x.target, x.query, x.body, x.ctype, x.turned = "GET", to, to.query, nil, "", true
	texts, r := x.readPage()
	x.method, x.target, x.query, x.body, x.ctype, x.turned = asked.method, asked.target, asked.query, asked.body, asked.ctype, asked.turned
	x.req.Reset()
	x.resp.Reset()
	return texts, r
}

// readPage asks for the page that is the target now.
func (x *exchange) readPage() (form.Fields, *refusal) {
	x.buildRequest()
	if r := x.do(); r != nil {
		return nil, r
	}
	if r := x.keepCookies(); r != nil {
		return nil, r
	}
	src, _, r := x.readBeginning()
	if r != nil {
		return nil, r
	}
	if x.resp.StatusCode() != fasthttp.StatusOK || !strings.Contains(x.kind(), "html") {
		return nil, nil
	}
	return page.Texts(src, page.Options{URL: x.url(), ContentType: string(x.resp.Header.ContentType()), Rules: x.g.cfg.Rules}), nil
}

func (x *exchange) carryInQuery(sent page.Sent) *refusal {
	if r := x.goTo(sent.Target); r != nil {
		return r
	}
	x.query = string(sent.Fields.AppendEncodeIn(nil, sent.Charset))
	return nil
}

func (x *exchange) carryInBody(sent page.Sent) *refusal {
	x.marked = sent.Mark
	if r := x.goTo(sent.Target); r != nil {
		return r
	}
	if sent.Method == "get" { // the button's form is a GET of the page, which a handset cannot be told
		x.method, x.ctype = "GET", ""
		x.query = string(sent.Fields.AppendEncodeIn(nil, sent.Charset))
		return nil
	}
	x.body, x.ctype = sent.Body()
	return nil
}
