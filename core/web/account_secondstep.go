package web

import (
	"errors"

	"musubi/core/account"
)

// Addresses of the second step of a login.
const (
	codePath       = "/login/code"
	secondStepPath = "/settings/code"
)

// askCode shows the page that asks for the code after a right password.
func (v entryPages) askCode(ticket, next, kept string, w wrong) error {
	return v.show(&codePage{frame: frame(v), ticket: ticket, next: next, kept: kept, pre: v.preSession(), wrong: w})
}

// enterCode opens the session when the code is right.
func (v entryPages) enterCode() error {
	next, kept, ticket := safeNext(v.form.get("next")), v.form.get("kept"), v.form.get("ticket")
	if pre := v.preSession(); pre != "" {
		if _, ok := v.site.checkToken(v.form.get(tokenField), pre, codePath); !ok {
			return errPreSession
		}
	}
	token, session, err := v.site.core.Account.EnterCode(v.ctx, ticket, v.form.get("code"), v.ktai.client())
	if errors.Is(err, account.ErrTicket) {
		w, _ := invalid(err)
		return v.showLogin(loginPage{next: next, kept: kept, wrong: w})
	}
	if w, ok := invalid(err); ok {
		retryAfter(v.visit, err)
		return v.askCode(ticket, next, kept, w)
	}
	if err != nil {
		return err
	}
	return v.enter(token, session, next, kept)
}

// secondStepForm shows whether there is a second step, and what switches it on or off.
func (v accountPages) secondStepForm() error { return v.showSecondStep(nil, "") }

func (v accountPages) showSecondStep(w wrong, sealed string) (err error) {
	p := &secondStepPage{frame: frame(v), wrong: w}
	if p.since, p.unused, err = v.site.core.Account.SecondStepOn(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.since.IsZero() {
		if p.secret = v.site.core.Account.SecondStepSecret(sealed); p.secret == "" {
			p.secret, sealed = v.site.core.Account.NewSecondStep()
		}
		p.sealed, p.address = sealed, account.SecondStepAddress(v.site.name(), v.member.Name, p.secret)
	}
	return v.show(p)
}

// changeSecondStep switches it on, and shows the recovery codes this one time, or off.
func (v accountPages) changeSecondStep() error {
	sealed := v.form.get("sealed")
	if v.form.pressed("end") {
		err := v.site.core.Account.EndSecondStep(v.ctx, v.member.ID, v.form.get("password"))
		if w, ok := invalid(err); ok {
			retryAfter(v.visit, err)
			return v.showSecondStep(w, "")
		}
		if err == nil {
			v.redirect(secondStepPath)
		}
		return err
	}
	codes, err := v.site.core.Account.SetSecondStep(v.ctx, v.member.ID, v.form.get("password"), sealed, v.form.get("code"))
	if w, ok := invalid(err); ok {
		retryAfter(v.visit, err)
		return v.showSecondStep(w, sealed)
	}
	if err != nil {
		return err
	}
	return v.show(&recoveryPage{frame: frame(v), codes: codes})
}
