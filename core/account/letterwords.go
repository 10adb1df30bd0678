package account

import (
	"context"
	"musubi/core"
	"musubi/core/outbox"
)

// Letters are the words of the mails that services send on their own, in the language of who gets them; core/web has them.
// handset: for a small display, paid by the byte.
type Letters interface {
	// MailLetter goes to an address that the member wants to have, with the token that shows it is theirs.
	MailLetter(to core.Member, token string, handset bool) outbox.Mail
	// MailTakenLetter tells a member that somebody wanted to have their address.
	MailTakenLetter(to core.Member, handset bool) outbox.Mail
	// MailChangedLetter goes to the addresses a member had before, when one came or went.
	MailChangedLetter(to core.Member, handset bool) outbox.Mail
	// EnterLetter has the token with which a member comes in who asked for it by mail.
	EnterLetter(to core.Member, token string, handset bool) outbox.Mail
	// InvitedLetter has the token with which somebody becomes a member who asked for it by mail.
	InvitedLetter(token string, handset bool) outbox.Mail
	// HandsetLetter has the token that shows that an address is of a handset of who registers.
	HandsetLetter(inviter core.Member, i Invitation, token string) outbox.Mail
	// ResetLetter has the token for a new password.
	ResetLetter(to core.Member, token string) outbox.Mail
	// ResetLaterLetter says that the address is too new for a new password.
	ResetLaterLetter(to core.Member) outbox.Mail
	// DeviceLetter tells that somebody came in with what the member is not known to use.
	DeviceLetter(to core.Member, client string, handset bool) outbox.Mail
	// WelcomeLetter greets a new member and says what to do first.
	WelcomeLetter(to core.Member, handset bool) outbox.Mail
	// PasswordLetter tells that the password was changed.
	PasswordLetter(to core.Member) outbox.Mail
}

// writeAbout has a letter to a member about themselves written and puts it into the outbox; without anybody who writes, none.
func (s *Service) writeAbout(ctx context.Context, member core.ID, address string, letter func(l Letters) outbox.Mail) error {
	if s.letters == nil {
		return nil
	}
	return s.outbox.Write(ctx, member, address, member, letter(s.letters))
}
