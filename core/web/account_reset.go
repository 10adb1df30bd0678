package web

import (
	"musubi/core"
	"musubi/core/account"
)

// resetForm asks for the address to which the way to a new password is sent.
func (v entryPages) resetForm() error { return v.show(&resetPage{frame: frame(v)}) }

// askReset answers alike whether the address is a member's or nobody's (SEC-103).
func (v entryPages) askReset() error {
	mail := v.form.get("mail")
	err := v.site.core.Account.AskReset(v.ctx, mail)
	if w, ok := invalid(err); ok {
		return v.show(&resetPage{frame(v), mail, w})
	}
	if err != nil {
		return err
	}
	return v.show(&messagePage{frame(v), "reset.sent", "reset.sentlead"})
}

// newPasswordForm is where the mail leads. Looking at it uses nothing up: mail readers look at links, too.
func (v entryPages) newPasswordForm() error {
	token := v.query("t")
	if err := v.site.core.Account.CheckReset(v.ctx, token); err != nil {
		return err
	}
	return v.show(&newPasswordPage{frame: frame(v), token: token})
}

func (v entryPages) setNewPassword() error {
	token := v.form.get("t")
	err := v.site.core.Account.Reset(v.ctx, token, v.form.get("password"), v.ktai.client())
	if w, ok := invalid(err); ok {
		return v.show(&newPasswordPage{frame(v), token, w})
	}
	if err != nil {
		return err
	}
	v.session, v.member = account.Session{}, core.Member{} // it ended with all the others
	v.setCookie(sessionCookie, "", 0)
	return v.show(&messagePage{frame(v), "reset.new", "reset.done"})
}
