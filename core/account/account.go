package account

import (
	"context"
	"errors"
	"musubi/core"
	"slices"
)

// AccountStore keeps what a member sets about the account itself.
type AccountStore interface {
	// MemberSessions lists the sessions of a member, last seen first.
	MemberSessions(ctx context.Context, member core.ID) ([]Session, error)
	SetPreferences(ctx context.Context, member core.ID, p Preferences) error
}

// Preferences are choices that hold until a member makes another one.
type Preferences struct {
	Language        string          // "ja" or "en"
	Zone            string          // one of Zones; empty: the site's
	DiaryVisibility core.Visibility // of new entries
	SeenMarks       bool            // senders see that their messages were read, when they show it too
}

// Languages lists the values of Preferences.Language, in the order of forms.
var Languages = [...]string{"ja", "en"}

// Zones lists the values of Preferences.Zone, from east to west.
var Zones = [...]string{"Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila",
	"Asia/Bangkok", "Asia/Jakarta", "Asia/Ho_Chi_Minh", "Asia/Kolkata", "Asia/Dubai", "Europe/Moscow", "Europe/Istanbul", "Europe/Athens", "Africa/Cairo", "Africa/Johannesburg",
	"Europe/Berlin", "Europe/Paris", "Europe/Rome", "Europe/Madrid", "Europe/London", "Europe/Lisbon", "UTC", "America/Sao_Paulo", "America/New_York", "America/Chicago",
	"America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"}

// SetPreferences stores a member's preferences; Invalid for values that are none of the choices.
func (s *Service) SetPreferences(ctx context.Context, member core.ID, p Preferences) error {
	var c core.Check
	if p.Language != Languages[0] && p.Language != Languages[1] {
		c.Fail("language", "field.choice", 0)
	}
	if p.Zone != "" && !slices.Contains(Zones[:], p.Zone) {
		c.Fail("zone", "field.choice", 0)
	}
	if p.DiaryVisibility > core.Private {
		c.Fail("visibility", "field.choice", 0)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.store.SetPreferences(ctx, member, p)
}

// Sessions lists where a member is logged in, last seen first, without sessions that have expired.
func (s *Service) Sessions(ctx context.Context, member core.ID) ([]Session, error) {
	all, err := s.store.MemberSessions(ctx, member)
	if err != nil {
		return nil, err
	}
	now, list := s.Now(), all[:0]
	for _, v := range all {
		if now.Sub(v.SeenAt) <= SessionIdle && now.Sub(v.CreatedAt) <= SessionAbsolute {
			list = append(list, v)
		}
	}
	return list, nil
}

// MaxSessionName is how long a member's name for a session may be, in characters.
const MaxSessionName = 30

// NameSession gives one of the member's sessions a name; an empty one takes it away. Invalid for a name that is too long, ErrNotFound for a
// session that is not theirs.
func NameSession(ctx context.Context, s *Service, member core.ID, key, name string) error {
	var c core.Check
	c.Text("name", &name, core.OneLine, false, MaxSessionName)
	if err := c.Err(); err != nil {
		return err
	}
	return s.store.SetSessionName(ctx, member, key, name)
}

// EndSession ends one session of the member, from the next request on (SEC-24). ErrNotFound for a session that is not
// theirs.
func (s *Service) EndSession(ctx context.Context, member core.ID, key, client string) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		session, err := s.store.Session(ctx, key)
		if err != nil {
			return err
		}
		if session.Member != member {
			return core.ErrNotFound
		}
		return errors.Join(s.store.DeleteSession(ctx, key), s.Audit(ctx, "endsession", member, client, ""))
	})
}

// EndOtherSessions ends all sessions of the member but the one named.
func (s *Service) EndOtherSessions(ctx context.Context, member core.ID, keep, client string) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		list, err := s.store.MemberSessions(ctx, member)
		if err != nil {
			return err
		}
		for _, v := range list {
			if v.Key != keep {
				err = errors.Join(err, s.store.DeleteSession(ctx, v.Key))
			}
		}
		return errors.Join(err, s.Audit(ctx, "endsessions", member, client, ""))
	})
}

// ChangePassword gives a member a new password, after the old one. All sessions end (SEC-24) and the member is told by
// mail; the caller opens a new session for who just proved to be the member.
func (s *Service) ChangePassword(ctx context.Context, member core.ID, old, password, client string) (token string, session Session, err error) {
	if err := s.CheckPassword(ctx, member, old); errors.As(err, new(core.Invalid)) {
		return "", Session{}, core.Invalid{{Field: "old", Key: ErrPassword[0].Key}} // "password" is the new one's field
	} else if err != nil {
		return "", Session{}, err
	}
	hash, err := s.newPassword(ctx, member, password)
	if err != nil {
		return "", Session{}, err
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.setPassword(ctx, member, hash, client); err != nil {
			return err
		}
		token, session, err = s.open(ctx, Session{Member: member, Client: client}, "")
		return err
	})
	return token, session, err
}
