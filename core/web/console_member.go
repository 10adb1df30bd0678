package web

import (
	"errors"

	"musubi/core"
	"musubi/core/operator"
)

// serveMemberConsole is serveConsole on the site itself: for members who work as operators, and not there for anybody else.
func (s *Site) serveMemberConsole(v *visit, r *route) error {
	if v.member.ID == 0 {
		return core.ErrNotFound
	}
	if _, err := s.core.Operator.Of(v.ctx, v.member.ID); err != nil {
		return err
	}
	if v.ktai.handset {
		return v.show(&errorPage{frame{v}, onPCKey, v.t("error.onpchow")})
	}
	v.ctx.SetUserValue(core.PeerKey{}, peerOf(v))
	return s.serveConsole(v, r)
}

// ask asks for the second factor: password and code, or a passkey.
func (v enterPages) ask(w wrong) error {
	p := &consoleEnterPage{frame: frame(v), wrong: w}
	c, err := v.passkeys().BeginLogin(v.relying())
	if err == nil {
		p.ceremony = c
		v.allowScript()
	}
	return v.show(p)
}

// enter takes password and code.
func (v enterPages) enter() error {
	if _, err := v.site.core.Operator.Of(v.ctx, v.member.ID); err != nil {
		return err
	}
	token, _, err := v.site.core.Operator.EnterWithCode(v.ctx, v.member.ID, v.form.get("password"), v.form.get("code"))
	return v.entered(token, err)
}

// prove takes a passkey.
func (v enterPages) prove() error {
	if _, err := v.site.core.Operator.Of(v.ctx, v.member.ID); err != nil {
		return err
	}
	err := v.passkeys().Prove(v.ctx, v.relying(), v.member.ID, v.form.get("sealed"), v.form.get("answer"))
	token := ""
	if err == nil {
		token, _, err = v.site.core.Operator.EnterProved(v.ctx, v.member.ID)
	}
	return v.entered(token, err)
}

func (v enterPages) entered(token string, err error) error {
	if w, ok := invalid(err); ok || errors.Is(err, operator.ErrLogin) {
		retryAfter(v.visit, err)
		return v.ask(w)
	}
	if err != nil {
		return err
	}
	consolePages(v).setConsoleCookie(consoleCookie, token)
	v.redirect(consolePath)
	return nil
}
