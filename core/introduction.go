package core

import (
	"context"
	"time"
)

// IntroductionNews is news: Actor introduces the member Thing; waits until the two are friends, or it is dismissed.
const IntroductionNews NewsKind = 3

// MaxIntroduction is how long the words of an introduction may be, in characters.
const MaxIntroduction = 500

// An Introduction tells a member about a friend of a friend.
type Introduction struct {
	Introduced Member
	Introducer Member
	Message    string
	SentAt     time.Time
}

// IntroductionStore keeps introductions until they are dismissed or the two are friends.
type IntroductionStore interface {
	InsertIntroduction(ctx context.Context, to, introduced, introducer ID, message string, at time.Time) error
	Introductions(ctx context.Context, to ID, p Page) ([]Introduction, error)
	DeleteIntroduction(ctx context.Context, to, introduced, introducer ID) error
	// DeleteIntroductions removes all introductions of two members to each other.
	DeleteIntroductions(ctx context.Context, a, b ID) error
}

// IntroduceFriend tells one friend about another. Both must be friends of the introducer and not of each other already.
func (s *Services) IntroduceFriend(ctx context.Context, introducer, to, introduced ID, message string) error {
	var c check
	c.text("message", &message, ManyLines, true, MaxIntroduction)
	if to == introduced {
		c.fail("friend", "field.choice", 0)
	}
	if err := c.err(); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		for _, id := range [...]ID{to, introduced} {
			if r, err := s.Relation(ctx, Viewer{Member: introducer}, id); err != nil || r != Friend {
				return ErrNotFound
			}
		}
		r, err := s.require(ctx, Viewer{Member: to}, introduced, Everyone)
		if err != nil {
			return err
		}
		if r == Friend {
			return ErrFriendAlready
		}
		m, err := s.store.Member(ctx, introduced)
		if err != nil {
			return err
		}
		if err := s.store.InsertIntroduction(ctx, to, introduced, introducer, message, s.now()); err != nil {
			return err
		}
		return s.tell(ctx, News{Member: to, Kind: IntroductionNews, Actor: introducer, Thing: introduced, At: s.now()}, m.Name)
	})
}

// Introductions lists whom friends have introduced to the member, newest first.
func (s *Services) Introductions(ctx context.Context, member ID, p Page) (list []Introduction, more bool, err error) {
	rows, err := s.store.Introductions(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = cut(rows, p)
	g := s.sight(Viewer{Member: member})
	list = rows[:0]
	for _, i := range rows {
		if g.may(ctx, i.Introduced.ID, Everyone) && g.may(ctx, i.Introducer.ID, Everyone) {
			list = append(list, i)
		}
	}
	return list, more, nil
}

// DismissIntroduction takes an introduction off the member's list.
func (s *Services) DismissIntroduction(ctx context.Context, member, introduced, introducer ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.DeleteIntroduction(ctx, member, introduced, introducer); err != nil {
			return err
		}
		return s.dropNews(ctx, member, IntroductionNews, introducer, introduced)
	})
}
