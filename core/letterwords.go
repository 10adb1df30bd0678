package core

import "context"

// AccountLetters are the words of the mails that services send on their own, in the language of who gets them; core/web has them.
// handset: for a small display, paid by the byte.
type AccountLetters interface {
	// MailLetter goes to an address that the member wants to have, with the token that shows it is theirs.
	MailLetter(to Member, token string, handset bool) Mail
	// MailTakenLetter tells a member that somebody wanted to have their address.
	MailTakenLetter(to Member, handset bool) Mail
	// MailChangedLetter goes to the addresses a member had before, when one came or went.
	MailChangedLetter(to Member, handset bool) Mail
	// ResetLetter has the token for a new password.
	ResetLetter(to Member, token string) Mail
	// ResetLaterLetter says that the address is too new for a new password.
	ResetLaterLetter(to Member) Mail
	// PasswordLetter tells that the password was changed.
	PasswordLetter(to Member) Mail
}

// writeAbout has a letter to a member about themselves written and puts it into the outbox; without anybody who writes, none.
func (s *Services) writeAbout(ctx context.Context, member ID, address string, letter func(l AccountLetters) Mail) error {
	if s.letters == nil {
		return nil
	}
	return s.write(ctx, member, address, member, letter(s.letters))
}
