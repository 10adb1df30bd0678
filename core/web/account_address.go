package web

import (
	"cmp"

	"musubi/core"
)

// Addresses of the settings of mail addresses.
const (
	mailPath        = "/settings/mail"
	mailConfirmPath = "/settings/mail/confirm"
)

// mailForm lists the addresses that the member has, the one that waits, and asks for a new one.
func (v accountPages) mailForm() error { return v.showMails(&mailsPage{frame: frame(v)}) }

func (v accountPages) showMails(p *mailsPage) (err error) {
	if p.list, err = v.site.core.Account.Addresses(v.ctx, v.member.ID); err != nil {
		return err
	}
	if err := p.lookAtFailures(v.visit); err != nil {
		return err
	}
	if p.wish, err = v.site.core.Account.MailWish(v.ctx, v.member.ID); err != nil && err != core.ErrNotFound {
		return err
	}
	return v.show(p)
}

// changeMails carries out a button: send the link to a new address, forget it, take an address away. The first and the last
// need the password (SEC-23).
func (v accountPages) changeMails() error {
	p := &mailsPage{frame: frame(v), typed: v.form.get("mail")}
	place, password := &p.wrong, v.form.get("password")
	var err error
	switch {
	case v.form.pressed("retry"):
		err = v.retryMail(v.form.get("address"))
	case v.form.pressed("remove"):
		place = &p.kept
		err = v.site.core.Account.RemoveMail(v.ctx, v.member.ID, v.form.get("address"), password, v.ktai.client())
	case v.form.pressed("forget"):
		err = v.site.core.Account.DropMailWish(v.ctx, v.member.ID)
	default:
		err = v.site.core.Account.WishMail(v.ctx, v.member.ID, p.typed, password, v.ktai.client())
	}
	var ok bool
	if *place, ok = invalid(err); ok {
		return v.showMails(p)
	}
	if err != nil {
		return err
	}
	v.redirect(mailPath)
	return nil
}

// lookAtFailures notes which addresses letters do not reach.
func (p *mailsPage) lookAtFailures(v *visit) error {
	for _, a := range p.list {
		f, err := v.site.core.Outbox.Failure(v.ctx, a.Mail)
		if err != nil {
			return err
		}
		p.failures = append(p.failures, f)
	}
	return nil
}

// retryMail has letters sent again to an address of the member.
func (v accountPages) retryMail(address string) error {
	list, err := v.site.core.Account.Addresses(v.ctx, v.member.ID)
	for _, a := range list {
		if a.Mail == address {
			return v.site.core.Outbox.Retry(v.ctx, address)
		}
	}
	return cmp.Or(err, error(core.ErrNotFound))
}

// mailConfirmForm is where the letter to a new address leads. Looking at it changes nothing: mail readers look at links, too.
// It needs the login of the member who asked: whoever reads the address and is somebody else can do nothing with it.
func (v accountPages) mailConfirmForm() error {
	token := v.query("t")
	mail, err := v.site.core.Account.CheckMailLink(v.ctx, v.member.ID, token)
	if err != nil {
		return err
	}
	return v.show(&mailConfirmPage{frame(v), mail, token})
}

func (v accountPages) confirmMail() error {
	if err := v.site.core.Account.ConfirmMail(v.ctx, v.member.ID, v.form.get("t"), v.ktai.client()); err != nil {
		return err
	}
	v.redirect(mailPath)
	return nil
}
