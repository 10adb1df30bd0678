package core

import (
	"context"
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
	DiaryVisibility Visibility
	Profile         []ProfileValue
	At              time.Time // zero: now
	LastLoginAt     time.Time // zero: never
}

// CreateMember makes a member without an invitation, for seeds and operators; the web's way in is a registration by
// invitation. It returns Invalid for fields that are wrong and ErrMailTaken.
func (s *Services) CreateMember(ctx context.Context, n NewMember) (Member, error) {
	var c check
	c.text("name", &n.Name, OneLine, true, MaxName)
	mail, ok := NormalMail(n.Mail)
	if !ok {
		c.fail("mail", "field.mail", 0)
	}
	cleanProfile(&c, n.Profile)
	if err := c.err(); err != nil {
		return Member{}, err
	}
	hash := n.PasswordHash
	if n.Password != "" {
		var err error
		if hash, err = s.HashPassword(ctx, n.Password); err != nil {
			return Member{}, err
		}
	}
	id, at := s.stamp(n.At)
	m := Member{ID: id, Name: n.Name, Language: n.Language, DiaryVisibility: n.DiaryVisibility, CreatedAt: at, LastLoginAt: n.LastLoginAt}
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.InsertMember(ctx, m, mail, hash); err != nil {
			return err
		}
		if err := s.reindex(ctx, SearchMembers, id, id); err != nil {
			return err
		}
		if err := s.setProfile(ctx, id, n.Profile); err != nil || n.LastLoginAt.IsZero() {
			return err
		}
		return s.store.SetLastLogin(ctx, id, n.LastLoginAt)
	})
	return m, err
}
