package gateway

import (
	"html"
	"strings"

	"musubi/gateway/session"
)

// The start page and the page that asks for the password, in canonical markup: the page stage makes them each screen's own.

// english says whether this client asks for English.
func (x *exchange) english() bool {
	accept, _ := x.head.Header("Accept-Language")
	return wantsEnglish(accept)
}

// showOwn answers with a page of the gateway's own that carries the session.
func (x *exchange) showOwn(canonical []byte, status int) *refusal {
	out := &x.ctx.Response
	out.SetStatusCode(status)
	if err := x.renderPage(canonical, canonicalType, "", ""); err != nil {
		return refuse(errInternal, "own page: "+err.Error())
	}
	setPrivate(&out.Header)
	if !x.transforms() {
		out.Header.Set("Content-Security-Policy", ownPagePolicy)
	}
	return nil
}

// worldWords are what the pages say, Japanese and English.
var worldWords = map[string][2]string{
	"title":    {"ウェブを見る", "The web"},
	"address":  {"アドレス", "Address"},
	"open":     {"開く", "Open"},
	"bad":      {"このアドレスは開けません", "This address cannot be opened"},
	"marks":    {"ブックマーク", "Bookmarks"},
	"history":  {"見たページ", "History"},
	"keep":     {"ブックマークに追加", "Add to bookmarks"},
	"drop":     {"ブックマークから外す", "Remove from bookmarks"},
	"page":     {"ページ", "Page"},
	"password": {"パスワード", "Password"},
	"enter":    {"入る", "Enter"},
	"asked":    {"この中継を使うにはパスワードが必要です", "A password is needed to go on from here"},
	"none":     {"まだありません", "None yet"},
}

// A worldPage is one of them while it is written.
type worldPage struct {
	b       strings.Builder
	english bool
}

func newWorldPage(english bool) *worldPage {
	p := &worldPage{english: english}
	lang := "ja"
	if english {
		lang = "en"
	}
	p.b.WriteString(`<!DOCTYPE html><html lang="` + lang + `"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width"><title>` +
		p.say("title") + `</title><style>body{font-family:sans-serif;max-width:40em;margin:1em auto;padding:0 1em}</style></head><body><h1>` + p.say("title") + `</h1>`)
	return p
}

func (p *worldPage) say(key string) string {
	if p.english {
		return worldWords[key][1]
	}
	return worldWords[key][0]
}

func (p *worldPage) done() []byte { return []byte(p.b.String() + "</body></html>\n") }

// startPage is where a screen begins: an address box, bookmarks, and what it looked at. wrong is an address that was typed and
// is none.
func (x *exchange) startPage(wrong string) []byte {
	p := newWorldPage(x.english())
	if wrong != "" {
		p.b.WriteString(`<p>` + p.say("bad") + `</p>`)
	}
	p.b.WriteString(`<form action="` + openPath + `" method="get"><p><label>` + p.say("address") + ` <input type="text" name="u" value="` + html.EscapeString(wrong) +
		`" inputmode="url" data-ime="alphabet" maxlength="512"></label> <input type="submit" value="` + p.say("open") + `"></p></form>`)
	var own, seen []session.Visit
	if x.session != nil {
		own, seen = x.session.Marks, x.session.Visited
	}
	p.list("marks", append(append([]session.Visit(nil), own...), x.g.cfg.World.Bookmarks...))
	p.list("history", seen)
	p.choose("keep", "", seen)
	p.choose("drop", "1", own)
	return p.done()
}

// list writes links.
func (p *worldPage) list(title string, list []session.Visit) {
	p.b.WriteString(`<h2>` + p.say(title) + `</h2>`)
	if len(list) == 0 {
		p.b.WriteString(`<p>` + p.say("none") + `</p>`)
		return
	}
	p.b.WriteString(`<ul>`)
	for _, v := range list {
		p.b.WriteString(`<li><a href="` + html.EscapeString(v.URL) + `">` + html.EscapeString(nameOf(v)) + `</a></li>`)
	}
	p.b.WriteString(`</ul>`)
}

// choose writes a form that does something with one of a list.
func (p *worldPage) choose(label, off string, list []session.Visit) {
	if len(list) == 0 {
		return
	}
	p.b.WriteString(`<form action="` + markPath + `" method="post"><p><label>` + p.say("page") + ` <select name="u">`)
	for _, v := range list {
		p.b.WriteString(`<option value="` + html.EscapeString(v.URL) + `">` + html.EscapeString(nameOf(v)) + `</option>`)
	}
	p.b.WriteString(`</select></label><input type="hidden" name="off" value="` + off + `"> <input type="submit" value="` + p.say(label) + `"></p></form>`)
}

// nameOf is the title of a page, or its address without what all have.
func nameOf(v session.Visit) string {
	if v.Title != "" {
		return v.Title
	}
	return strings.TrimSuffix(strings.TrimPrefix(v.URL, "http://"), "/")
}

// passwordPage asks for the password once, and goes on to u.
func passwordPage(front, u string, english bool) []byte {
	p := newWorldPage(english)
	p.b.WriteString(`<p>` + p.say("asked") + `</p><form action="http://` + html.EscapeString(front) + enterPath + `" method="post"><p><input type="hidden" name="u" value="` +
		html.EscapeString(u) + `"><label>` + p.say("password") + ` <input type="password" name="w" maxlength="64"></label> <input type="submit" value="` + p.say("enter") + `"></p></form>`)
	return p.done()
}
