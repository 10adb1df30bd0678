package web

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"musubi/core"
	"musubi/core/account"
)

// Addresses of passkeys.
const (
	passkeysPath      = "/settings/passkeys"
	passkeyRemovePath = "/settings/passkeys/remove"
	passkeyLoginPath  = "/login/passkey"
)

// passkeyScript names the content of the script.
var passkeyScript = version(assets["/passkey.js"].body)

// relying says for which host the keys of this visit are good: the one that was asked for, which the gateway has checked.
func (v *visit) relying() account.Relying {
	host := string(v.ctx.Host())
	scheme := "http://"
	if v.site.secure {
		scheme = "https://"
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return account.Relying{Name: v.site.name(), Host: name, Origin: scheme + host}
}

// passkeysHere says whether a passkey can be used at the address that was asked for.
func passkeysHere(v *visit) bool { return v.relying().ByName() }

// byName says by which name to open the site, where it was opened by an address of numbers.
func byName(v *visit) string {
	r, name := v.relying(), v.site.link("")
	u, err := url.Parse(name)
	named := err == nil && account.Relying{Host: u.Hostname()}.ByName()
	if a, err := netip.ParseAddr(r.Host); err == nil && a.IsLoopback() {
		_, port, _ := net.SplitHostPort(string(v.ctx.Host()))
		name, named = strings.TrimSuffix("http://localhost:"+port, ":"), true
	}
	if !named {
		return v.t("passkey.noname", r.Host)
	}
	return v.t("passkey.byname", r.Host, name+string(v.ctx.Path()))
}

func (v *visit) passkeys() account.Passkeys { return account.Passkeys{Service: v.site.core.Account} }

// passkeyForm lists the member's passkeys, and asks for one more. Handsets have none, and are sent neither form nor script.
func (v accountPages) passkeyForm() error { return v.showPasskeys("", nil) }

func (v accountPages) showPasskeys(name string, w wrong) (err error) {
	p := &passkeysPage{frame: frame(v), name: name, wrong: w}
	if p.list, err = v.passkeys().List(v.ctx, v.member.ID); err != nil {
		return err
	}
	p.here = passkeysHere(v.visit)
	if v.forPC() && !p.here {
		p.byName = byName(v.visit)
	} else if v.forPC() {
		if p.ceremony, err = v.passkeys().BeginAdd(v.ctx, v.relying(), v.member.ID); err != nil {
			return err
		}
		v.allowScript()
	}
	return v.show(p)
}

// addPasskey keeps the key that the browser made.
func (v accountPages) addPasskey() error {
	if !passkeysHere(v.visit) {
		return v.showPasskeys("", nil)
	}
	name := v.form.get("name")
	err := v.passkeys().Add(v.ctx, v.relying(), v.member.ID, v.form.get("password"), name, v.form.get("sealed"), v.form.get("answer"))
	if w, ok := invalid(err); ok {
		retryAfter(v.visit, err)
		return v.showPasskeys(name, w)
	}
	if err != nil {
		return err
	}
	v.redirect(passkeysPath)
	return nil
}

// removePasskey takes one away.
func (v accountPages) removePasskey() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	if err := v.passkeys().Remove(v.ctx, v.member.ID, id); err != nil {
		return err
	}
	v.redirect(passkeysPath)
	return nil
}

// passkeyLoginForm asks the browser for a key.
func (v entryPages) passkeyLoginForm() error {
	return v.showPasskeyLogin(safeNext(v.query("next")), nil)
}

func (v entryPages) showPasskeyLogin(next string, w wrong) (err error) {
	if !passkeysHere(v.visit) {
		v.ctx.SetStatusCode(statuses[core.Refused])
		return v.show(&errorPage{frame(v), "", byName(v.visit)})
	}
	p := &passkeyLoginPage{frame: frame(v), next: next, pre: v.preSession(), wrong: w}
	if p.ceremony, err = v.passkeys().BeginLogin(v.relying()); err != nil {
		return err
	}
	v.allowScript()
	return v.show(p)
}

// passkeyLogin opens a session for the owner of the key that answered.
func (v entryPages) passkeyLogin() error {
	next := safeNext(v.form.get("next"))
	if !passkeysHere(v.visit) {
		return v.showPasskeyLogin(next, nil)
	}
	if pre := v.preSession(); pre != "" {
		if _, ok := v.site.checkToken(v.form.get(tokenField), pre, passkeyLoginPath); !ok {
			return errPreSession
		}
	}
	token, session, err := v.passkeys().Login(v.ctx, v.relying(), v.form.get("sealed"), v.form.get("answer"), v.ktai.client())
	if w, ok := invalid(err); ok && !errors.As(err, new(*account.SecondStepNeeded)) {
		return v.showPasskeyLogin(next, w)
	}
	if err != nil {
		return err
	}
	return v.enter(token, session, next, "")
}
