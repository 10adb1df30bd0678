package web

import (
	"context"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/outbox"
)

// invitationRows is how many sent invitations a page lists.
const invitationRows = 20

// maxInviteMessage is how long the words to an invited friend may be, in characters.
const maxInviteMessage = 500

// inviteForm asks for the address of a friend, and lists the invitations sent so far.
func (v accountPages) inviteForm() error { return v.showInvite("", "", nil) }

func (v accountPages) showInvite(address, message string, w wrong) error {
	p := &invitePage{frame: frame(v), address: address, message: message, wrong: w, page: v.page(invitationRows), done: v.query("sent") != ""}
	var err error
	if p.sent, p.more, err = v.site.core.Account.Invitations(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// invite takes the form on its way: 確認 asks whether this is a friend one really knows, 送信 sends the letter.
func (v accountPages) invite() error {
	address := v.form.get("address")
	message := core.Clean(v.form.get("message"), core.ManyLines)
	if v.form.pressed("edit") {
		return v.showInvite(address, message, nil)
	}
	if w, ok := invalid(account.CheckInvitation(&address, true)); ok {
		return v.showInvite(address, message, w)
	}
	if len([]rune(message)) > maxInviteMessage {
		return v.showInvite(address, message, wrong{{Field: "message", Key: "field.toolong", N: maxInviteMessage}})
	}
	if !v.form.pressed("send") {
		return v.show(&invitePreviewPage{frame: frame(v), address: address, message: message})
	}
	return v.onceOr(func(w wrong) error { return v.show(&invitePreviewPage{frame(v), address, message, w}) }, func(ctx context.Context) (string, error) {
		return "/invite?sent=1", v.site.core.Account.Invite(ctx, v.member.ID, address, v.form.pressed("known"), v.ktai.client(),
			func(token string) outbox.Mail { return inviteLetter(v.visit, message, token) })
	})
}

// withdrawInvitations takes back the chosen ones that still wait.
func (v accountPages) withdrawInvitations() error {
	if _, err := v.site.core.Account.Withdraw(v.ctx, v.member.ID, v.form.ids("invitation", invitationRows)); err != nil {
		return err
	}
	v.redirect("/invite")
	return nil
}

// stateWord is what became of an invitation, as a key of the catalogue.
func (p *invitePage) stateWord(i account.Invitation) string {
	switch {
	case i.State == account.Accepted:
		return "invite.accepted"
	case i.State == account.WithdrawnInvitation:
		return "invite.withdrawn"
	case p.site.core.Now().After(i.ExpiresAt):
		return "invite.expired"
	}
	return "invite.waiting"
}
