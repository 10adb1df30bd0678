package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strconv"

	"musubi/core"
	"musubi/core/push"
)

// What names the content of the scripts.
var (
	pushScript   = version(assets["/push.js"].body)
	workerScript = "const look = \"" + version(mustRead("worker.js")+assets["/style.css"].body) + "\", style = \"/style.css?v=" + styleVersion + "\";\n" + mustRead("worker.js")
)

// app shows how the site becomes an application, by which browsers the member is told, and of what.
func (v appPages) app() error { return v.showApp(nil) }

func (v appPages) showApp(w wrong) (err error) {
	p := &appPage{frame: frame(v), wrong: w}
	if p.list, err = v.site.core.Push.Browsers(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.choice, err = v.site.core.Push.Choice(v.ctx, v.member.ID); err != nil {
		return err
	}
	v.allowScript()
	return v.show(p)
}

// siteKey is what a browser asks its push service for us with.
func (p *appPage) siteKey() string {
	return base64.RawURLEncoding.EncodeToString(p.site.core.Push.Key().PublicKey().Bytes())
}

// changeApp adds this browser, or stores what the member wants to be told.
func (v appPages) changeApp() error {
	return v.onceOr(v.showApp, func(ctx context.Context) (string, error) {
		if v.form.get("endpoint") != "" {
			return appPath, v.site.core.Push.Subscribe(ctx, push.Browser{Member: v.member.ID, Session: v.session.Key, Endpoint: v.form.get("endpoint"),
				Key: v.form.get("p256dh"), Auth: v.form.get("auth"), Agent: v.session.Client})
		}
		return appPath, v.site.core.Push.Choose(ctx, v.member.ID, v.readChoice())
	})
}

func (v appPages) readChoice() (c push.Choice) {
	for _, kind := range kinds.News {
		if !v.form.pressed(letterField(kind.Kind)) {
			c = c.Without(kind.Kind)
		}
	}
	hour := func(field string) int {
		if n, err := strconv.Atoi(v.form.get(field)); err == nil {
			return n
		}
		return -1
	}
	c.From, c.To = hour("from"), hour("to")
	return c
}

// endPush tells the member no more by one browser.
func (v appPages) endPush() error {
	return v.once(func(ctx context.Context) (string, error) {
		return appPath, v.site.core.Push.End(ctx, v.member.ID, v.form.get("browser"))
	})
}

// PushMessage implements push.Words: a line for each kind, what it is and how many.
func (l letterWriter) PushMessage(to core.Member, waits []push.Count) []byte {
	w := languageOf(to)
	var m struct {
		Lines []string `json:"lines"`
	}
	for _, c := range waits {
		kind := kinds.News[c.Kind]
		line := w.t("notice."+kind.Key, c.N)
		if kind.Numbered { // its sentence has a name
			line = w.t("push.line", w.t("letter."+kind.Key), c.N)
		}
		m.Lines = append(m.Lines, line)
	}
	b, err := json.Marshal(m)
	for err == nil && len(b) > push.MaxMessage {
		m.Lines = m.Lines[:len(m.Lines)-1]
		b, err = json.Marshal(m)
	}
	return b
}
