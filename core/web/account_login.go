package web

import (
	"errors"

	"musubi/core"
	"musubi/core/account"
)

// front is the login form for a visitor, home for a member.
func (v entryPages) front() error {
	if v.member.ID != 0 {
		v.redirect(homePath)
		return nil
	}
	next := v.query("next")
	if next != "" {
		next = safeNext(next)
	}
	return v.showLogin(loginPage{next: next})
}

func (v entryPages) showLogin(p loginPage) error {
	p.frame, p.easy, p.pre = frame(v), v.site.core.Account.EasyLoginOn(), v.preSession()
	return v.show(&p)
}

// login opens a session. The answer to an unknown address and to a wrong password is the same page (SEC-103).
func (v entryPages) login() error {
	mail := v.form.get("mail")
	if err := v.checkPreSession(); err != nil {
		v.ctx.SetStatusCode(statuses[core.Refused])
		w, _ := invalid(err)
		return v.showLogin(loginPage{mail: mail, next: v.form.get("next"), kept: v.form.get("kept"), wrong: w})
	}
	token, session, err := v.site.core.Account.LoginFrom(v.ctx, mail, v.form.get("password"), v.ktai.client(), v.cookie(deviceCookie))
	if held := (core.HeldBack{}); errors.As(err, &held) {
		return v.showLogin(loginPage{mail: mail, held: heldWords(v.visit, held)})
	}
	var code *account.SecondStepNeeded
	if errors.As(err, &code) {
		return v.askCode(code.Ticket, safeNext(v.form.get("next")), v.form.get("kept"), nil)
	}
	if w, ok := invalid(err); ok {
		var e *core.Error
		if errors.As(err, &e) {
			v.ctx.SetStatusCode(statuses[e.Code])
		}
		retryAfter(v.visit, err)
		return v.showLogin(loginPage{mail: mail, next: v.form.get("next"), kept: v.form.get("kept"), wrong: w})
	}
	if err != nil {
		return err
	}
	return v.enter(token, session, safeNext(v.form.get("next")), v.form.get("kept"))
}

// heldWords are what a member reads who is held, after the right password and only then.
func heldWords(v *visit, held core.HeldBack) string {
	says := v.t("error.heldback")
	if held.Reason != "" {
		says = v.t("login.heldback", held.Reason)
	}
	if !held.Until.IsZero() {
		says += "\n" + v.t("login.helduntil", v.moment(held.Until))
	}
	return says
}

// enter gives the browser its new session in place of any old one, which ends (SEC-31), and goes on to next or to the
// form that was kept.
func (v entryPages) enter(token string, session account.Session, next, kept string) error {
	if v.session.Key != "" {
		if err := v.site.core.Account.Logout(v.ctx, v.session.Key); err != nil {
			return err
		}
	}
	device, err := v.site.core.Account.Device(v.ctx, session.Member)
	if err != nil {
		return err
	}
	v.session = session
	v.setCookie(sessionCookie, token, account.SessionIdle)
	v.setCookie(deviceCookie, device, deviceAge)
	if kept != "" {
		var err error
		if v.session, v.member, err = v.site.core.Account.Session(v.ctx, token); err != nil {
			return err
		}
		if ok, err := (keptForm(v)).restore(kept); ok {
			return err
		}
	}
	v.redirect(next)
	return nil
}

// logout ends this session; the member's others live on.
func (v entryPages) logout() error {
	if err := v.site.core.Account.Logout(v.ctx, v.session.Key); err != nil {
		return err
	}
	v.setCookie(sessionCookie, "", 0)
	v.redirect("/")
	return nil
}
