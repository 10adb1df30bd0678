package account

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/outbox"
	"slices"
	"time"
)

// MailWishAge is how long the link works that shows that a new address is the member's.
const MailWishAge = 24 * time.Hour

// An Address is a mail address that has been shown to be the member's: it counts for login, a new password and letters. A
// member has at most one of a PC and one of a handset.
type Address struct {
	Mail      string
	Handset   bool
	ChangedAt time.Time // zero: the address of the registration
}

// A MailWish is the address that a member wants to have, until they open the link that is sent to it.
type MailWish struct {
	Mail      string
	ExpiresAt time.Time
}

// AddressStore keeps mail addresses. No two members have the same.
type AddressStore interface {
	// Addresses lists a member's addresses; Handset is for Services to say.
	Addresses(ctx context.Context, member core.ID) ([]Address, error)
	// PutAddress gives a member one more address; ErrMailTaken when somebody has it.
	PutAddress(ctx context.Context, member core.ID, a Address) error
	// DeleteAddress takes one away, or ErrNotFound.
	DeleteAddress(ctx context.Context, member core.ID, mail string) error
	// MailWish gives the address that waits, or ErrNotFound.
	MailWish(ctx context.Context, member core.ID) (MailWish, error)
	// PutMailWish replaces it.
	PutMailWish(ctx context.Context, member core.ID, w MailWish) error
	DeleteMailWish(ctx context.Context, member core.ID) error
}

const purposeMail = "mail"

// wishAgain is how long a wish for the same address is the same wish: a form sent twice sends one letter.
const wishAgain = time.Minute

// ErrLastMail refuses to take a member's only address.
var ErrLastMail = &core.Error{Code: core.Refused, Key: "error.lastmail"}

// Addresses lists a member's addresses, the PC's first.
func (s *Service) Addresses(ctx context.Context, member core.ID) ([]Address, error) {
	list, err := s.store.Addresses(ctx, member)
	for i := range list {
		list[i].Handset = s.outbox.HandsetMail(list[i].Mail)
	}
	slices.SortStableFunc(list, func(a, b Address) int {
		switch {
		case a.Handset == b.Handset:
			return 0
		case b.Handset:
			return -1
		}
		return 1
	})
	return list, err
}

// MailWish gives the address that waits for the member to open its link; ErrNotFound when there is none.
func (s *Service) MailWish(ctx context.Context, member core.ID) (MailWish, error) {
	w, err := s.store.MailWish(ctx, member)
	if err == nil && s.Now().After(w.ExpiresAt) {
		return MailWish{}, core.ErrNotFound
	}
	return w, err
}

// WishMail sends a link to an address that the member wants to have, after their password (SEC-23). It takes the place of
// the one of its kind, PC or handset, when they open the link. An address that another member has looks the same from
// here; its owner is told instead (SEC-103). Invalid, ErrThrottled after some letters.
func (s *Service) WishMail(ctx context.Context, member core.ID, mail, password, client string) error {
	mail, ok := core.NormalMail(mail)
	if !ok {
		return core.Invalid{{Field: "mail", Key: "field.mail"}}
	}
	if err := s.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	now := s.Now()
	if w, err := s.MailWish(ctx, member); err == nil && w.Mail == mail && w.ExpiresAt.Sub(now) > MailWishAge-wishAgain {
		return nil
	}
	if err := s.guard.CountTry(ctx, s.Keyed(s.Keys.Mail, "wish "+member.String())); err != nil {
		return err
	}
	seed, hash := s.outbox.NewSeed()
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		owner, _, err := s.store.Credentials(ctx, mail)
		taken := err == nil
		switch {
		case err != nil && !errors.Is(err, core.ErrNotFound):
			return err
		case owner == member:
			return core.Invalid{{Field: "mail", Key: "field.mailown"}}
		case !taken:
			owner = member
		}
		to, err := s.store.Member(ctx, owner)
		if err != nil {
			return err
		}
		if err := s.store.DeleteLinks(ctx, member, purposeMail); err != nil {
			return err
		}
		if !taken {
			err = s.store.InsertLink(ctx, hash, purposeMail, member, now.Add(MailWishAge))
		}
		return errors.Join(err,
			s.store.PutMailWish(ctx, member, MailWish{Mail: mail, ExpiresAt: now.Add(MailWishAge)}),
			s.writeAbout(ctx, to.ID, mail, func(l Letters) outbox.Mail {
				if taken {
					return l.MailTakenLetter(to, s.outbox.HandsetMail(mail))
				}
				return l.MailLetter(to, seed, s.outbox.HandsetMail(mail)).WithSeed(seed)
			}),
			s.Audit(ctx, "mailwish", member, client, ""))
	})
}

// DropMailWish forgets the address that waits; its link works no more.
func (s *Service) DropMailWish(ctx context.Context, member core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.store.DeleteLinks(ctx, member, purposeMail), s.store.DeleteMailWish(ctx, member))
	})
}

// CheckMailLink gives the address that the link is for; ErrLink unless the link is good and this very member's.
func (s *Service) CheckMailLink(ctx context.Context, member core.ID, token string) (string, error) {
	whose, _, err := s.openLink(ctx, token, purposeMail)
	if err == nil && whose != member {
		err = ErrLink
	}
	if err != nil {
		return "", err
	}
	w, err := s.MailWish(ctx, member)
	return w.Mail, notLink(err)
}

// ConfirmMail makes the address of the link the member's, in place of the one of its kind, and tells all addresses they
// had. ErrLink, or ErrMailTaken when somebody else has got the address meanwhile.
func (s *Service) ConfirmMail(ctx context.Context, member core.ID, token, client string) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		mail, err := s.CheckMailLink(ctx, member, token)
		if err != nil {
			return err
		}
		before, err := s.Addresses(ctx, member)
		if err != nil {
			return err
		}
		if err := s.store.PutAddress(ctx, member, Address{Mail: mail, ChangedAt: s.Now()}); err != nil {
			return err
		}
		for _, a := range before {
			if a.Handset != s.outbox.HandsetMail(mail) {
				continue
			}
			if err := s.store.DeleteAddress(ctx, member, a.Mail); err != nil {
				return err
			}
		}
		return errors.Join(s.DropMailWish(ctx, member), s.mailsChanged(ctx, member, before, client))
	})
}

// RemoveMail takes one of two addresses from a member, after their password, and tells both. ErrLastMail for the last one,
// ErrNotFound for one that is not theirs.
func (s *Service) RemoveMail(ctx context.Context, member core.ID, mail, password, client string) error {
	if err := s.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		before, err := s.Addresses(ctx, member)
		if err != nil {
			return err
		}
		if len(before) == 1 && before[0].Mail == mail {
			return ErrLastMail
		}
		if err := s.store.DeleteAddress(ctx, member, mail); err != nil {
			return err
		}
		return s.mailsChanged(ctx, member, before, client)
	})
}

// ForOperators is what who runs the service does to accounts.
type ForOperators struct{ *Service }

// ReplaceMail gives a member another address in place of one of theirs, for an operator who knows that it is right: the old one is told, and
// the new one gets a link to a new password. Invalid, core.ErrMailTaken.
func (s ForOperators) ReplaceMail(ctx context.Context, member core.ID, old, mail string) error {
	mail, ok := core.NormalMail(mail)
	if !ok {
		return core.Invalid{{Field: "mail", Key: "field.mail"}}
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		before, err := s.Addresses(ctx, member)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(before, func(a Address) bool { return a.Mail == old }) {
			return core.ErrNotFound
		}
		if err := s.store.PutAddress(ctx, member, Address{Mail: mail}); errors.Is(err, core.ErrMailTaken) {
			return core.Invalid{{Field: "mail", Key: core.ErrMailTaken.Key}}
		} else if err != nil {
			return err
		}
		return errors.Join(s.store.DeleteAddress(ctx, member, old), s.DropMailWish(ctx, member), s.mailsChanged(ctx, member, before, operatorClient), s.AskReset(ctx, mail))
	})
}

// mailsChanged tells the addresses that a member had before, and ends links that were sent to them.
func (s *Service) mailsChanged(ctx context.Context, member core.ID, before []Address, client string) error {
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return err
	}
	for _, a := range before {
		if err := s.writeAbout(ctx, member, a.Mail, func(l Letters) outbox.Mail { return l.MailChangedLetter(m, a.Handset) }); err != nil {
			return err
		}
	}
	return errors.Join(s.store.DeleteLinks(ctx, member, purposeReset), s.Audit(ctx, "mail", member, client, ""))
}
