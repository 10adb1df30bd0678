package account

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/outbox"
)

// A HandsetRule says who has to show a handset's mail address when they register, as mixi asked from March 2007 on: such an address
// belongs to a contract, so that nobody has a hundred.
type HandsetRule uint8

// The rules.
const (
	NoHandset       HandsetRule = iota
	FreeMailHandset             // who registers with an address that anybody gets for nothing
	EveryHandset                // everybody
)

// freeMail are domains where anybody gets an address for nothing: those of 2007 and of today.
var freeMail = func() map[string]bool {
	domains := map[string]bool{}
	for _, domain := range strings.Fields(`yahoo.co.jp ymail.ne.jp yahoo.com ymail.com rocketmail.com hotmail.com hotmail.co.jp live.jp live.com msn.com outlook.com outlook.jp
		gmail.com googlemail.com goo.jp mail.goo.ne.jp excite.co.jp infoseek.jp infoseek.co.jp livedoor.com livedoor.jp lycos.jp aol.com aol.jp freeml.com
		kobej.zzn.com mail.com gmx.com gmx.net icloud.com me.com mac.com proton.me protonmail.com tutanota.com tuta.io yandex.com yandex.ru mail.ru
		naver.com hanmail.net daum.net 163.com 126.com qq.com`) {
		domains[domain] = true
	}
	return domains
}()

// ErrNoProof: the registration waits until the link is opened that was sent to the handset.
var ErrNoProof = &core.Error{Code: core.Refused, Key: "error.noproof"}

// maxHandsetLetters is how many letters one registration sends to handsets; handsetAgain how long the last one is waited for.
const (
	maxHandsetLetters = 5
	handsetAgain      = 10 * time.Minute
)

// A HandsetProof is what is known of the handset's address of a registration.
type HandsetProof struct {
	Address string // as typed last
	Shown   string // whose link was opened
	Hash    string // of the token of that link
	Letters int    // sent so far
	To      string // of the last letter
	At      time.Time
}

// NeedsHandset says whether who registers with an address has to show one of a handset besides.
func (s *Service) NeedsHandset(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	return !s.outbox.HandsetMail(address) && (s.handsetRule == EveryHandset || s.handsetRule == FreeMailHandset && freeMail[domain])
}

// checkHandset takes the handset's address of a registration, as far as one is asked for.
func checkHandset(s *Service, c *core.Check, i Invitation, r *Registration, before HandsetProof) {
	typed := r.Handset.Address
	r.Handset = before
	if !s.NeedsHandset(i.Address) {
		return
	}
	address, ok := core.NormalMail(typed)
	if r.Handset.Address = address; !ok || !s.outbox.HandsetMail(address) {
		r.Handset.Address = typed
		c.Fail("handset", "field.handset", 0)
	}
}

// AskHandset sends the link that shows that the handset's address of a registration is theirs. An address that a member has looks the
// same from here; its owner is told instead (SEC-103). core.ErrThrottled after some letters.
func (s *Service) AskHandset(ctx context.Context, token string) error {
	seed, hash := s.outbox.NewSeed()
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		i, inviter, err := s.Invited(ctx, token)
		if err != nil {
			return err
		}
		r, err := i.ReadDraft()
		switch {
		case err != nil:
			return err
		case r.Handset.To == r.Handset.Address && s.Now().Sub(r.Handset.At) < handsetAgain:
			return nil // its link works
		case r.Handset.Letters >= maxHandsetLetters:
			return core.ErrThrottled
		}
		to := r.Handset.Address
		write := func(l Letters) outbox.Mail {
			return l.HandsetLetter(inviter, i, seed).WithSeed(seed)
		}
		owner, _, err := s.store.Credentials(ctx, to)
		if err == nil {
			member, err := s.store.Member(ctx, owner)
			if err != nil {
				return err
			}
			hash, write = "", func(l Letters) outbox.Mail { return l.MailTakenLetter(member, true) }
		} else if !errors.Is(err, core.ErrNotFound) {
			return err
		}
		r.Handset.Hash = hash
		r.Handset.Letters, r.Handset.To, r.Handset.At = r.Handset.Letters+1, to, s.Now()
		return errors.Join(s.keepDraft(ctx, i, r), s.writeAbout(ctx, owner, to, write))
	})
}

func (s *Service) keepDraft(ctx context.Context, i Invitation, r Registration) error {
	draft, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return s.store.SetInvitationDraft(ctx, i.Inviter, i.ID, string(draft))
}

// HandsetAsked gives the address that a link was sent to, while its registration waits; ErrLink for any other link.
func (s *Service) HandsetAsked(ctx context.Context, inviter, id core.ID, token string) (string, error) {
	_, r, err := s.askedHandset(ctx, inviter, id, token)
	return r.Handset.Address, err
}

func (s *Service) askedHandset(ctx context.Context, inviter, id core.ID, token string) (i Invitation, r Registration, err error) {
	i, err = s.store.Invitation(ctx, inviter, id)
	if err == nil {
		r, err = i.ReadDraft()
	}
	if errors.Is(err, core.ErrNotFound) || err == nil && (i.State != Waiting || s.Now().After(i.ExpiresAt) || r.Handset.Hash == "" || r.Handset.Hash != s.Keyed(s.Keys.Link, token)) {
		err = ErrLink
	}
	return i, r, err
}

// ShowHandset notes that a link was opened: the address it was sent to is theirs.
func (s *Service) ShowHandset(ctx context.Context, inviter, id core.ID, token string) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		i, r, err := s.askedHandset(ctx, inviter, id, token)
		if err != nil {
			return err
		}
		r.Handset.Shown, r.Handset.Hash = r.Handset.Address, ""
		return s.keepDraft(ctx, i, r)
	})
}
