package account

import (
	"context"
	"musubi/core"
	"musubi/core/people"
	"time"
)

// NewMember is what a member is made of.
type NewMember struct {
	Name     string
	Mail     string
	Password string // empty: PasswordHash is stored as it is
	// PasswordHash, of HashPassword, lets a seed give many members one password without hashing it many times.
	PasswordHash    string
	Language        string
	DiaryVisibility core.Visibility
	Profile         []core.ProfileValue
	At              time.Time // zero: now
	LastLoginAt     time.Time // zero: never
}

// CreateMember makes a member without an invitation, for seeds and operators; the web's way in is a registration by
// invitation. It returns Invalid for fields that are wrong and ErrMailTaken.
func (s *Service) CreateMember(ctx context.Context, n NewMember) (core.Member, error) {
	var c core.Check
	c.Text("name", &n.Name, core.OneLine, true, core.MaxName)
	mail, ok := core.NormalMail(n.Mail)
	if !ok {
		c.Fail("mail", "field.mail", 0)
	}
	n.Profile = people.CleanProfile(&c, n.Profile)
	if err := c.Err(); err != nil {
		return core.Member{}, err
	}
	hash := n.PasswordHash
	if n.Password != "" {
		var err error
		if hash, err = s.guard.HashPassword(ctx, n.Password); err != nil {
			return core.Member{}, err
		}
	}
	id, at := s.Stamp(n.At)
	m := core.Member{ID: id, Name: n.Name, Language: n.Language, DiaryVisibility: n.DiaryVisibility, CreatedAt: at, LastLoginAt: n.LastLoginAt}
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.InsertMember(ctx, m, mail, hash); err != nil {
			return err
		}
		if err := s.search.Reindex(ctx, people.SearchMembers, id, id); err != nil {
			return err
		}
		if err := s.people.SetProfile(ctx, id, n.Profile); err != nil || n.LastLoginAt.IsZero() {
			return err
		}
		return s.store.SetLastLogin(ctx, id, n.LastLoginAt)
	})
	return m, err
}
