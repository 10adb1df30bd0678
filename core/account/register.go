package account

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"musubi/core"
	"musubi/core/guard"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/people"
	"slices"
	"time"
)

// A Registration is what an invited person tells about themselves. It is kept with the invitation as it is typed, so that
// one can begin on a PC and go on with the handset, or the other way round.
type Registration struct {
	Name         string
	Profile      []core.ProfileValue
	PasswordHash string       // of the password typed last; empty: none yet
	Handset      HandsetProof // where one is asked for
	Language     string       // in which they read the form last; empty: the inviter's
	Complete     bool         // nothing is missing or wrong
}

// RegistrationFields lists the profile fields of the registration form.
func RegistrationFields() (fields []people.ProfileField) {
	for _, f := range people.ProfileFields {
		if people.RequiredProfile[f.Key] || f.Key == "occupation" || f.Key == "intro" {
			fields = append(fields, f)
		}
	}
	return fields
}

// ReadDraft gives what was typed so far for an invitation.
func (i Invitation) ReadDraft() (r Registration, err error) {
	if i.Draft != "" {
		err = json.Unmarshal([]byte(i.Draft), &r)
	}
	return r, err
}

// DraftRegistration checks a registration and keeps it with its invitation. password may be empty when the draft has one
// already. Invalid says which fields are wrong; what is right is kept all the same.
func (s *Service) DraftRegistration(ctx context.Context, token string, r Registration, password string) (Registration, error) {
	i, _, err := s.Invited(ctx, token)
	if err != nil {
		return r, err
	}
	if err := s.House().MayJoin(ctx, i.Address); err != nil {
		return r, err
	}
	before, err := i.ReadDraft()
	if err != nil {
		return r, err
	}
	r.PasswordHash = before.PasswordHash
	var c core.Check
	c.Text("name", &r.Name, core.OneLine, true, core.MaxName)
	r.Profile = people.CleanProfile(&c, r.Profile)
	for _, v := range r.Profile {
		if people.RequiredProfile[v.Key] && v.Value == "" {
			c.Fail(v.Key, "field.required", 0)
		}
	}
	checkAge(ctx, s, &c, r.Profile)
	checkHandset(s, &c, i, &r, before.Handset)
	if err := draftPassword(s, ctx, &c, &r, i.Address, password); err != nil {
		return r, err
	}
	r.Complete = c.Err() == nil
	if err := s.keepDraft(ctx, i, r); err != nil {
		return r, err
	}
	return r, c.Err()
}

// checkAge refuses who is younger than the operator lets anybody be.
func checkAge(ctx context.Context, s *Service, c *core.Check, values []core.ProfileValue) {
	least := s.House().MinAge(ctx)
	for _, v := range values {
		if born, err := time.Parse(time.DateOnly, v.Value); v.Key == people.BirthdayField && err == nil && core.Age(born, s.Now()) < least {
			c.Fail(v.Key, "field.tooyoung", least)
		}
	}
}

func draftPassword(s *Service, ctx context.Context, c *core.Check, r *Registration, address, password string) (err error) {
	if password == "" {
		if r.PasswordHash == "" {
			c.Fail("password", "field.required", 0)
		}
		return nil
	}
	before := len(c.Wrong)
	personal := []string{address, r.Name}
	for _, v := range r.Profile {
		personal = append(personal, v.Value)
	}
	guard.Check(c, "password", password, personal)
	if len(c.Wrong) == before {
		r.PasswordHash, err = s.guard.HashPassword(ctx, password)
	}
	return err
}

// Register makes a member of the draft that was kept with an invitation, links them with the inviter, and opens their
// first session. Of many at once for one invitation exactly one succeeds; the others get ErrInvitation (SEC-111).
func (s *Service) Register(ctx context.Context, token, client string) (sessionToken string, session Session, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		i, inviter, err := s.Invited(ctx, token)
		if err != nil {
			return err
		}
		r, err := i.ReadDraft()
		if err != nil {
			return err
		}
		if !r.Complete {
			return ErrInvitation
		}
		if err := s.House().MayJoin(ctx, i.Address); err != nil {
			return err
		}
		handset := s.NeedsHandset(i.Address)
		if handset && (r.Handset.Shown == "" || r.Handset.Shown != r.Handset.Address) {
			return ErrNoProof
		}
		m, err := s.CreateMember(ctx, NewMember{
			Name: r.Name, Mail: i.Address, PasswordHash: r.PasswordHash, DiaryVisibility: core.Friends, Profile: r.Profile, Language: cmp.Or(r.Language, inviter.Language),
		})
		if err == nil && handset {
			err = s.store.PutAddress(ctx, m.ID, Address{Mail: r.Handset.Shown})
		}
		if err != nil {
			return err
		}
		if inviter.ID != 0 {
			if err := errors.Join(befriend(ctx, s, m.ID, inviter.ID), s.House().Joined(ctx, m.ID, inviter.ID)); err != nil {
				return err
			}
		}
		if err := s.writeAbout(ctx, m.ID, i.Address, func(l Letters) outbox.Mail { return l.WelcomeLetter(m, s.outbox.HandsetMail(i.Address)) }); err != nil {
			return err
		}
		sessionToken, session, err = s.open(ctx, Session{Member: m.ID, Client: client}, s.Keyed(s.Keys.Mail, i.Address))
		return errors.Join(err,
			s.store.SetInvitationState(ctx, i.Inviter, i.ID, Accepted),
			s.store.SetInvitationDraft(ctx, i.Inviter, i.ID, ""),
			s.Audit(ctx, "register", m.ID, client, i.ID.String()))
	})
	return sessionToken, session, err
}

// befriend links a new member with who invited them.
func befriend(ctx context.Context, s *Service, member, inviter core.ID) error {
	now := s.Now()
	if _, err := s.people.JoinFriends(ctx, member, inviter, now, now.Add(InviterLock)); err != nil {
		return err
	}
	return s.news.Tell(ctx, news.News{Member: inviter, Kind: people.AcceptedNews, Actor: member, At: now}, "")
}

// Notices lists for home what waits for a member, first of all that they will be suspended unless they find a friend.
func (s *Service) Notices(ctx context.Context, m core.Member) (list []news.Notice, err error) {
	list, err = s.news.NewsNotices(ctx, m.ID)
	if since, warned := alone(s, m); warned && err == nil {
		left := max(int((s.aloneLimit-since)/(24*time.Hour)), 1)
		list = slices.Insert(list, 0, news.Notice{Key: "alone", N: left})
	}
	return list, err
}

// Alone: a member without friends is warned, and in the end suspended, because an invitation-only service lives of ties
// [V1]. Operators choose the time with Config.AloneLimit.
func alone(s *Service, m core.Member) (since time.Duration, warned bool) {
	if m.AloneSince.IsZero() || s.aloneLimit <= 0 {
		return 0, false
	}
	since = s.Now().Sub(m.AloneSince)
	return since, since > s.aloneLimit/2
}

// AloneStore finds those without friends.
type AloneStore interface {
	// HoldAlone suspends the members that have been without friends since before t, and returns them.
	HoldAlone(ctx context.Context, t time.Time) ([]core.ID, error)
}

// HoldAlone suspends members who have been without friends for too long.
func (s *Service) HoldAlone(ctx context.Context, now time.Time) error {
	if s.aloneLimit <= 0 {
		return nil
	}
	held, err := s.store.HoldAlone(ctx, now.Add(-s.aloneLimit))
	for _, id := range held {
		err = errors.Join(err, s.Audit(ctx, "holdalone", id, "", ""))
	}
	return err
}
