package web

import (
	"errors"

	"musubi/core/account"
)

// enterPath is where the letter leads that answers an empty mail of a member.
const enterPath = "/enter"

// enterForm asks for a press: looking at the page uses nothing up, because mail readers look at links, too.
func (v entryPages) enterForm() error {
	token := v.query("t")
	if err := (account.ByMail{Service: v.site.core.Account}).CheckEnter(v.ctx, token); err != nil {
		return err
	}
	return v.show(&enterPage{frame(v), token})
}

func (v entryPages) enterByMail() error {
	token, session, err := account.ByMail{Service: v.site.core.Account}.Enter(v.ctx, v.form.get("t"), v.ktai.client())
	var code *account.SecondStepNeeded
	if errors.As(err, &code) {
		return v.askCode(code.Ticket, homePath, "", nil)
	}
	if err != nil {
		return err
	}
	return v.enter(token, session, homePath, "")
}
