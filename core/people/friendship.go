package people

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/news"
	"time"
)

// AcceptedNews is news: Actor and the member are friends now.
const AcceptedNews news.Kind = 4

// A FriendSettings is what one member knows of a friend.
type FriendSettings struct {
	Since       time.Time
	LockedUntil time.Time // an inviter and the member they brought stay friends until then
	OnHome      bool      // home shows the friend's entries
}

// A FriendOrder is an order of the list of friends.
type FriendOrder uint8

// Orders.
const (
	ByLogin FriendOrder = iota // last here first
	BySince                    // newest friend first
	ByName
)

// FriendOrders lists all orders, as forms offer them.
var FriendOrders = [...]FriendOrder{ByLogin, BySince, ByName}

// FriendSettings gives what member knows of a friend, or ErrNotFound.
func (s *Service) FriendSettings(ctx context.Context, member, friend core.ID) (FriendSettings, error) {
	return s.store.FriendSettings(ctx, member, friend)
}

// SetOnHome chooses whether home shows a friend's entries. The friend does not learn of it.
func (s *Service) SetOnHome(ctx context.Context, member, friend core.ID, on bool) error {
	return s.store.SetOnHome(ctx, member, friend, on)
}

// RemoveFriend ends a friendship and, with it, the endorsements the two wrote about each other. ErrFriendLocked while
// the friendship is that of an inviter and the member they brought.
func (s *Service) RemoveFriend(ctx context.Context, member, friend core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member, friend), func(ctx context.Context) error {
		f, err := s.store.FriendSettings(ctx, member, friend)
		if err != nil {
			return err
		}
		if s.Now().Before(f.LockedUntil) {
			return ErrFriendLocked
		}
		for _, pair := range [...][2]core.ID{{member, friend}, {friend, member}} {
			if err := s.dropEndorsement(ctx, pair[0], pair[1]); err != nil && err != core.ErrNotFound {
				return err
			}
			if err := s.news.DropNews(ctx, pair[0], AcceptedNews, pair[1], 0); err != nil {
				return err
			}
		}
		return errors.Join(s.store.DeleteFriends(ctx, member, friend), s.AuditDelete(ctx, member, "friend", friend))
	})
}

// MutualFriends lists the friends that viewer and another member have in common.
func (s *Service) MutualFriends(ctx context.Context, viewer, other core.ID, p core.Page) (members []core.Member, more bool, err error) {
	if _, err := s.Require(ctx, core.Viewer{Member: viewer}, other, core.Everyone); err != nil {
		return nil, false, err
	}
	rows, err := s.store.MutualFriends(ctx, viewer, other, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(core.Viewer{Member: viewer})
	members = rows[:0]
	for _, m := range rows {
		if g.May(ctx, m.ID, core.Everyone) {
			members = append(members, m)
		}
	}
	return members, more, nil
}

// PathTo finds how viewer knows another member: the members between them, nearest first; none for friends. It looks
// over at most two members in between and may miss a longer way. nil and false mean no way was found.
func (s *Service) PathTo(ctx context.Context, viewer, other core.ID) (between []core.Member, ok bool, err error) {
	r, err := s.Require(ctx, core.Viewer{Member: viewer}, other, core.Everyone)
	if err != nil || r == core.Self || r == core.Operator {
		return nil, false, err
	}
	if r == core.Friend {
		return nil, true, nil
	}
	ids, err := s.store.PathBetween(ctx, viewer, other)
	if err != nil || len(ids) == 0 {
		return nil, false, err
	}
	g := s.Sight(core.Viewer{Member: viewer})
	for _, id := range ids {
		if !g.May(ctx, id, core.Everyone) {
			return nil, false, nil
		}
		m, err := s.store.Member(ctx, id)
		if err != nil {
			return nil, false, err
		}
		between = append(between, m)
	}
	return between, true, nil
}
