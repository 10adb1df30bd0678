package web

import (
	"musubi/core"
	"musubi/core/account"
	"musubi/core/people"
)

// registerForm is where an invitation leads: the form, filled in with what was typed so far on either screen.
func (v entryPages) registerForm() error {
	i, inviter, err := v.site.core.Account.Invited(v.ctx, v.query("t"))
	if err != nil {
		return err
	}
	draft, err := i.ReadDraft()
	if err != nil {
		return err
	}
	return v.show(&registerPage{frame: frame(v), inviter: inviter, token: v.query("t"), address: i.Address, draft: draft})
}

// register takes the form on its way: 確認 keeps and shows it, 修正する goes back, 送信 makes the member. What was typed is
// kept with the invitation, the password as its hash, so nothing secret travels through the preview.
func (v entryPages) register() error {
	token := v.form.get("t")
	if v.form.pressed("send") {
		return v.sendRegistration(token)
	}
	i, inviter, err := v.site.core.Account.Invited(v.ctx, token)
	if err != nil {
		return err
	}
	p := registerPage{frame: frame(v), inviter: inviter, token: token, address: i.Address}
	if v.form.pressed("edit") {
		if p.draft, err = i.ReadDraft(); err != nil {
			return err
		}
		return v.show(&p)
	}
	typed := account.Registration{Name: v.form.get("name"), Profile: v.form.profile(account.RegistrationFields())}
	p.draft, err = v.site.core.Account.DraftRegistration(v.ctx, token, typed, v.form.get("password"))
	if w, ok := invalid(err); ok {
		p.wrong = w
		return v.show(&p)
	}
	if err != nil {
		return err
	}
	return v.show(&registerPreviewPage{p})
}

func (v entryPages) sendRegistration(token string) error {
	session, opened, err := v.site.core.Account.Register(v.ctx, token, v.ktai.client())
	if err != nil {
		return err
	}
	return v.enter(session, opened, homePath, "")
}

// profile reads profile fields from the form. Who may see a field is the field's own choice unless the form says
// otherwise, which a handset's shorter form does not.
func (f form) profile(fields []people.ProfileField) (values []core.ProfileValue) {
	for _, field := range fields {
		value := core.ProfileValue{Key: field.Key, Value: f.get(field.Key), Visibility: field.Default}
		if seen, ok := core.ParseVisibility(f.get(field.Key + "-v")); ok {
			value.Visibility = seen
		}
		values = append(values, value)
	}
	return values
}
