package web

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/outbox"
)

// setupPath is the page of the first member; the token in t opens it, once.
const setupPath = "/setup"

// SetupPath is where a token of account.First leads.
func SetupPath(token string) string { return setupPath + "?t=" + escapeQuery(token) }

// Setup is what the page of the first member settles beside their account.
type Setup interface {
	// MailIsSet says that the mail server is chosen elsewhere, and NameIsSet that the name is: what is typed would change nothing.
	MailIsSet() bool
	NameIsSet() bool
	// Try has a letter sent by a mail server at once; server is smtp://user:password@host:port?from=address.
	Try(ctx context.Context, server string, m outbox.Mail) error
	// Save keeps the name of the service and its mail server, "" for none, and takes them into use.
	Save(name, server string) error
}

// setupPages are the pages of a service without members.
type setupPages struct{ *visit }

// form is where the address leads that the program prints when it starts without members.
func (v setupPages) form() error {
	token := v.query("t")
	if err := (account.First{Service: v.site.core.Account}).Check(v.ctx, token); err != nil {
		return v.settled(err)
	}
	return v.show(&setupPage{frame: frame(v), token: token, site: v.site.name()})
}

// settled tells whoever comes too late that they do.
func (v setupPages) settled(err error) error {
	if !errors.Is(err, account.ErrSettled) {
		return err
	}
	v.session, v.member = account.Session{}, core.Member{} // a page without any form
	v.ctx.SetStatusCode(fasthttp.StatusGone)
	return v.show(&messagePage{frame(v), "setup", "error.settled"})
}

// send makes the first member, or tries the mail server that they typed.
func (v setupPages) send() error {
	f := v.visit.form
	p := &setupPage{frame: frame(v), token: f.get("t"), site: f.get("site"), name: f.get("name"), mail: f.get("mail"),
		server: f.get("server"), user: f.get("user"), from: f.get("from")}
	if err := (account.First{Service: v.site.core.Account}).Check(v.ctx, p.token); err != nil {
		return v.settled(err)
	}
	var c core.Check
	if p.nameIsSet() {
		p.site = v.site.name()
	} else {
		c.Text("site", &p.site, core.OneLine, true, core.MaxName)
	}
	mailServer, trial := p.mailServer(&c, f.get("secret")), f.pressed("trymail")
	who := account.NewMember{Name: p.name, Mail: p.mail, Password: f.get("password"), DiaryVisibility: core.Friends, Language: v.words.lang()}
	if trial {
		v.try(&c, p, mailServer)
	} else {
		account.CheckNew(&c, &who)
	}
	if p.wrong, _ = invalid(c.Err()); trial || p.wrong != nil {
		return v.show(p)
	}
	session, opened, err := account.First{Service: v.site.core.Account}.Register(v.ctx, p.token, who, v.ktai.client())
	if err != nil {
		return v.settled(err)
	}
	if v.site.setup != nil {
		if err := v.site.setup.Save(p.site, mailServer); err != nil { // the member is there, and the settings can be made elsewhere
			v.site.log.Error("the settings of the first page are not kept", "error", err.Error())
		}
	}
	return entryPages(v).enter(session, opened, homePath, "")
}

// try sends the letter that shows whether the mail server works.
func (v setupPages) try(c *core.Check, p *setupPage, server string) {
	to, ok := core.NormalMail(p.mail)
	switch {
	case len(c.Wrong) > 0:
		return
	case !ok:
		c.Fail("mail", "field.mail", 0)
		return
	case server == "":
		c.Fail("server", "field.required", 0)
		return
	}
	letter := outbox.Mail{To: to, Subject: v.t("letter.try", p.site), Body: v.t("letter.trybody", p.site)}
	if err := v.site.setup.Try(v.ctx, server, letter); err != nil {
		v.site.log.Warn("the test letter was not sent", "error", err.Error())
		c.Fail("server", "field.mailrefused", 0)
		return
	}
	p.tried = to
}

// mailServer puts together what was typed of the mail server; "" when nothing was.
func (p *setupPage) mailServer(c *core.Check, secret string) string {
	if p.server == "" || p.mailIsSet() {
		return ""
	}
	host, port, err := net.SplitHostPort(p.server)
	if err != nil || host == "" || port == "" || strings.ContainsAny(p.server, "/@? ") {
		c.Fail("server", "field.server", 0)
	}
	from, ok := core.NormalMail(p.from)
	if !ok {
		c.Fail("from", "field.mail", 0)
	}
	u := url.URL{Scheme: "smtp", Host: p.server, RawQuery: url.Values{"from": {from}}.Encode()}
	if p.user != "" {
		u.User = url.UserPassword(p.user, secret)
	}
	return u.String()
}

func (p *setupPage) nameIsSet() bool {
	return p.visit.site.setup != nil && p.visit.site.setup.NameIsSet()
}

func (p *setupPage) mailIsSet() bool {
	return p.visit.site.setup == nil || p.visit.site.setup.MailIsSet()
}
