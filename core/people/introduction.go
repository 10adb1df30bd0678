package people

import (
	"context"
	"musubi/core"
	"musubi/core/news"
	"time"
)

// IntroductionNews is news: Actor introduces the member Thing; waits until the two are friends, or it is dismissed.
const IntroductionNews news.Kind = 3

// MaxIntroduction is how long the words of an introduction may be, in characters.
const MaxIntroduction = 500

// An Introduction tells a member about a friend of a friend.
type Introduction struct {
	Introduced core.Member
	Introducer core.Member
	Message    string
	SentAt     time.Time
}

// IntroductionStore keeps introductions until they are dismissed or the two are friends.
type IntroductionStore interface {
	InsertIntroduction(ctx context.Context, to, introduced, introducer core.ID, message string, at time.Time) error
	Introductions(ctx context.Context, to core.ID, p core.Page) ([]Introduction, error)
	DeleteIntroduction(ctx context.Context, to, introduced, introducer core.ID) error
	// DeleteIntroductions removes all introductions of two members to each other.
	DeleteIntroductions(ctx context.Context, a, b core.ID) error
}

// IntroduceFriend tells one friend about another. Both must be friends of the introducer and not of each other already.
func (s *Service) IntroduceFriend(ctx context.Context, introducer, to, introduced core.ID, message string) error {
	var c core.Check
	c.Text("message", &message, core.ManyLines, true, MaxIntroduction)
	if to == introduced {
		c.Fail("friend", "field.choice", 0)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(introducer, to, introduced), func(ctx context.Context) error {
		for _, id := range [...]core.ID{to, introduced} {
			if r, err := s.Relation(ctx, core.Viewer{Member: introducer}, id); err != nil || r != core.Friend {
				return core.ErrNotFound
			}
		}
		r, err := s.Require(ctx, core.Viewer{Member: to}, introduced, core.Everyone)
		if err != nil {
			return err
		}
		if r == core.Friend {
			return ErrFriendAlready
		}
		m, err := s.store.Member(ctx, introduced)
		if err != nil {
			return err
		}
		if err := s.store.InsertIntroduction(ctx, to, introduced, introducer, message, s.Now()); err != nil {
			return err
		}
		return s.news.Tell(ctx, news.News{Member: to, Kind: IntroductionNews, Actor: introducer, Thing: introduced, At: s.Now()}, m.Name)
	})
}

// Introductions lists whom friends have introduced to the member, newest first.
func (s *Service) Introductions(ctx context.Context, member core.ID, p core.Page) (list []Introduction, more bool, err error) {
	rows, err := s.store.Introductions(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(core.Viewer{Member: member})
	list = rows[:0]
	for _, i := range rows {
		if g.May(ctx, i.Introduced.ID, core.Everyone) && g.May(ctx, i.Introducer.ID, core.Everyone) {
			list = append(list, i)
		}
	}
	return list, more, nil
}

// DismissIntroduction takes an introduction off the member's list.
func (s *Service) DismissIntroduction(ctx context.Context, member, introduced, introducer core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member, introduced, introducer), func(ctx context.Context) error {
		if err := s.store.DeleteIntroduction(ctx, member, introduced, introducer); err != nil {
			return err
		}
		return s.news.DropNews(ctx, member, IntroductionNews, introducer, introduced)
	})
}
