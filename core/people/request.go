package people

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/news"
	"time"
)

// RequestNews is news: Actor asks to be friends; waits until the answer.
const RequestNews news.Kind = 0

// Limits of friend requests.
const (
	MaxRequestMessage = 500 // characters
	MaxRequests       = 100 // that a member has sent and nobody has answered yet
)

// Refusals about friendship.
var (
	ErrFriendAlready = &core.Error{Code: core.Conflict, Key: "error.friendalready"}
	ErrRequestsFull  = &core.Error{Code: core.Full, Key: "error.requestsfull"}
	ErrFriendLocked  = &core.Error{Code: core.Refused, Key: "error.friendlocked"}
)

// A FriendRequest is one member's wish to be another's friend, until it is answered.
type FriendRequest struct {
	Other    core.Member // who asks, or who is asked
	Incoming bool
	Message  string
	SentAt   time.Time
}

// RequestStore keeps friend requests, one row with the sender and one with the receiver.
type RequestStore interface {
	// InsertRequest stores a request; sending again replaces the message.
	InsertRequest(ctx context.Context, from, to core.ID, message string, at time.Time) error
	// DeleteRequest takes a request back, or ErrNotFound.
	DeleteRequest(ctx context.Context, from, to core.ID) error
	// Requests lists the requests a member has got or sent, newest first.
	Requests(ctx context.Context, member core.ID, incoming bool, p core.Page) ([]FriendRequest, error)
	// CountSentRequests counts no further than max.
	CountSentRequests(ctx context.Context, member core.ID, max int) (int, error)
}

// RequestFriend asks another member to be friends. When the other has asked already, they are friends at once (made is
// true). Invalid, ErrNotFound for a member one may not see, ErrFriendAlready, ErrFriends or ErrRequestsFull.
func (s *Service) RequestFriend(ctx context.Context, from, to core.ID, message string) (made bool, err error) {
	var c core.Check
	c.Text("message", &message, core.ManyLines, false, MaxRequestMessage)
	if err := c.Err(); err != nil {
		return false, err
	}
	err = s.store.AtomicOf(ctx, core.Of(from, to), func(ctx context.Context) error {
		made = false
		r, err := s.Require(ctx, core.Viewer{Member: from}, to, core.Everyone)
		switch {
		case err != nil:
			return err
		case r == core.Self:
			return core.ErrNotFound
		case r == core.Friend:
			return ErrFriendAlready
		}
		if err := s.roomForFriends(ctx, from, to); err != nil {
			return err
		}
		if err := s.dropRequest(ctx, to, from); err == nil {
			made = true
			return s.befriend(ctx, from, to)
		} else if !errors.Is(err, core.ErrNotFound) {
			return err
		}
		n, err := s.store.CountSentRequests(ctx, from, MaxRequests)
		if err != nil {
			return err
		}
		if n >= MaxRequests {
			return ErrRequestsFull
		}
		if err := s.store.InsertRequest(ctx, from, to, message, s.Now()); err != nil {
			return err
		}
		return s.news.Tell(ctx, news.News{Member: to, Kind: RequestNews, Actor: from, At: s.Now()}, "")
	})
	return made, err
}

// dropRequest removes a request that was answered or taken back.
func (s *Service) dropRequest(ctx context.Context, from, to core.ID) error {
	if err := s.store.DeleteRequest(ctx, from, to); err != nil {
		return err
	}
	return s.news.DropNews(ctx, to, RequestNews, from, 0)
}

// AnswerRequest accepts or rejects the request that from has sent. Nobody is told of a rejection.
func (s *Service) AnswerRequest(ctx context.Context, member, from core.ID, accept bool) error {
	return s.store.AtomicOf(ctx, core.Of(member, from), func(ctx context.Context) error {
		if !accept {
			return s.dropRequest(ctx, from, member)
		}
		if err := s.store.DeleteRequest(ctx, from, member); err != nil {
			return err
		}
		if err := s.news.Answered(ctx, member, RequestNews, from, 0); err != nil {
			return err
		}
		if _, err := s.Require(ctx, core.Viewer{Member: member}, from, core.Everyone); err != nil {
			return err
		}
		if err := s.roomForFriends(ctx, member, from); err != nil {
			return err
		}
		return s.befriend(ctx, member, from)
	})
}

// WithdrawRequest takes back a request that is not answered yet.
func (s *Service) WithdrawRequest(ctx context.Context, from, to core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(from, to), func(ctx context.Context) error { return s.dropRequest(ctx, from, to) })
}

// Requests lists the requests a member has got or sent, newest first, without those of members a block hides.
func (s *Service) Requests(ctx context.Context, member core.ID, incoming bool, p core.Page) (requests []FriendRequest, more bool, err error) {
	rows, err := s.store.Requests(ctx, member, incoming, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(core.Viewer{Member: member})
	requests = rows[:0]
	for _, r := range rows {
		if g.May(ctx, r.Other.ID, core.Everyone) {
			requests = append(requests, r)
		}
	}
	return requests, more, nil
}

// roomForFriends is ErrFriends when one of the two has as many friends as there may be.
func (s *Service) roomForFriends(ctx context.Context, members ...core.ID) error {
	for _, id := range members {
		m, err := s.store.Member(ctx, id)
		if err != nil {
			return err
		}
		if m.Friends >= s.maxFriends {
			return core.ErrFriends
		}
	}
	return nil
}

// befriend links member with asker, whose request they have just agreed to, and ends what led there.
func (s *Service) befriend(ctx context.Context, member, asker core.ID) error {
	if _, err := s.store.InsertFriends(ctx, member, asker, s.Now(), time.Time{}); err != nil {
		return err
	}
	return errors.Join(
		s.store.DeleteIntroductions(ctx, member, asker),
		s.news.DropNews(ctx, member, IntroductionNews, 0, asker),
		s.news.DropNews(ctx, asker, IntroductionNews, 0, member),
		s.news.Tell(ctx, news.News{Member: asker, Kind: AcceptedNews, Actor: member, At: s.Now()}, ""))
}
