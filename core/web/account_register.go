package web

import (
	"errors"
	"strconv"

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
	return v.show(&registerPage{frame: frame(v), inviter: inviter, token: v.query("t"), address: i.Address, draft: draft, handset: v.site.core.Account.NeedsHandset(i.Address)})
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
	p := registerPage{frame: frame(v), inviter: inviter, token: token, address: i.Address, handset: v.site.core.Account.NeedsHandset(i.Address)}
	if v.form.pressed("edit") {
		if p.draft, err = i.ReadDraft(); err != nil {
			return err
		}
		return v.show(&p)
	}
	typed := account.Registration{Name: v.form.get("name"), Profile: v.form.profile(account.RegistrationFields()), Handset: account.HandsetProof{Address: v.form.get("handset")}, Language: v.words.lang()}
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
	if errors.Is(err, account.ErrNoProof) {
		return v.askHandset(token)
	}
	if err != nil {
		return err
	}
	return v.enter(session, opened, homePath, "")
}

// askHandset sends the link to the handset and waits for it. Whoever presses the button again before has another letter.
func (v entryPages) askHandset(token string) error {
	err := v.site.core.Account.AskHandset(v.ctx, token)
	if err != nil && !errors.Is(err, core.ErrThrottled) {
		return err
	}
	i, _, err := v.site.core.Account.Invited(v.ctx, token)
	if err != nil {
		return err
	}
	draft, err := i.ReadDraft()
	if err != nil {
		return err
	}
	return v.show(&registerWaitPage{frame(v), token, draft.Handset.Address})
}

// registerHandset is where the link leads: a press shows that the letter was read on the handset.
func (v entryPages) registerHandset() error {
	inviter, id, err := v.handsetLink(v.query)
	if err != nil {
		return err
	}
	p := &registerHandsetPage{frame: frame(v), inviter: inviter, id: id, token: v.query("t")}
	if p.address, err = v.site.core.Account.HandsetAsked(v.ctx, inviter, id, p.token); err != nil {
		return err
	}
	return v.show(p)
}

func (v entryPages) showHandset() error {
	inviter, id, err := v.handsetLink(v.form.get)
	if err == nil {
		err = v.site.core.Account.ShowHandset(v.ctx, inviter, id, v.form.get("t"))
	}
	if err != nil {
		return err
	}
	return v.show(&messagePage{frame(v), "register.handset", "register.handsetdone"})
}

// handsetLink reads which registration a link is of.
func (v entryPages) handsetLink(field func(string) string) (inviter, id core.ID, err error) {
	n, err := strconv.ParseInt(field("o"), 10, 64) // 0: they asked by mail
	id, ok := core.ParseID(field("i"))
	if err != nil || n < 0 || !ok {
		return 0, 0, account.ErrLink
	}
	return core.ID(n), id, nil
}

const registerHandsetAt = "/register/handset"

func registerHandsetPath(inviter, id core.ID, token string) string {
	return registerHandsetAt + "?o=" + inviter.String() + "&i=" + id.String() + "&t=" + escapeQuery(token)
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
