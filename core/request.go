package core

import (
	"context"
	"errors"
	"time"
)

// RequestNews is news: Actor asks to be friends; waits until the answer.
const RequestNews NewsKind = 0

// Limits of friend requests.
const (
	MaxRequestMessage = 500 // characters
	MaxRequests       = 100 // that a member has sent and nobody has answered yet
)

// Refusals about friendship.
var (
	ErrFriendAlready = &Error{Conflict, "error.friendalready"}
	ErrRequestsFull  = &Error{Full, "error.requestsfull"}
	ErrFriendLocked  = &Error{Refused, "error.friendlocked"}
)

// A FriendRequest is one member's wish to be another's friend, until it is answered.
type FriendRequest struct {
	Other    Member // who asks, or who is asked
	Incoming bool
	Message  string
	SentAt   time.Time
}

// RequestStore keeps friend requests, one row with the sender and one with the receiver.
type RequestStore interface {
	// InsertRequest stores a request; sending again replaces the message.
	InsertRequest(ctx context.Context, from, to ID, message string, at time.Time) error
	// DeleteRequest takes a request back, or ErrNotFound.
	DeleteRequest(ctx context.Context, from, to ID) error
	// Requests lists the requests a member has got or sent, newest first.
	Requests(ctx context.Context, member ID, incoming bool, p Page) ([]FriendRequest, error)
	// CountSentRequests counts no further than max.
	CountSentRequests(ctx context.Context, member ID, max int) (int, error)
}

// RequestFriend asks another member to be friends. When the other has asked already, they are friends at once (made is
// true). Invalid, ErrNotFound for a member one may not see, ErrFriendAlready, ErrFriends or ErrRequestsFull.
func (s *Services) RequestFriend(ctx context.Context, from, to ID, message string) (made bool, err error) {
	var c check
	c.text("message", &message, ManyLines, false, MaxRequestMessage)
	if err := c.err(); err != nil {
		return false, err
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.require(ctx, Viewer{Member: from}, to, Everyone)
		switch {
		case err != nil:
			return err
		case r == Self:
			return ErrNotFound
		case r == Friend:
			return ErrFriendAlready
		}
		if err := s.roomForFriends(ctx, from, to); err != nil {
			return err
		}
		if err := s.dropRequest(ctx, to, from); err == nil {
			made = true
			return s.befriend(ctx, from, to)
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		n, err := s.store.CountSentRequests(ctx, from, MaxRequests)
		if err != nil {
			return err
		}
		if n >= MaxRequests {
			return ErrRequestsFull
		}
		if err := s.store.InsertRequest(ctx, from, to, message, s.now()); err != nil {
			return err
		}
		return s.tell(ctx, News{Member: to, Kind: RequestNews, Actor: from, At: s.now()}, "")
	})
	return made, err
}

// dropRequest removes a request that was answered or taken back.
func (s *Services) dropRequest(ctx context.Context, from, to ID) error {
	if err := s.store.DeleteRequest(ctx, from, to); err != nil {
		return err
	}
	return s.dropNews(ctx, to, RequestNews, from, 0)
}

// AnswerRequest accepts or rejects the request that from has sent. Nobody is told of a rejection.
func (s *Services) AnswerRequest(ctx context.Context, member, from ID, accept bool) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.dropRequest(ctx, from, member); err != nil || !accept {
			return err
		}
		if _, err := s.require(ctx, Viewer{Member: member}, from, Everyone); err != nil {
			return err
		}
		if err := s.roomForFriends(ctx, member, from); err != nil {
			return err
		}
		return s.befriend(ctx, member, from)
	})
}

// WithdrawRequest takes back a request that is not answered yet.
func (s *Services) WithdrawRequest(ctx context.Context, from, to ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error { return s.dropRequest(ctx, from, to) })
}

// Requests lists the requests a member has got or sent, newest first, without those of members a block hides.
func (s *Services) Requests(ctx context.Context, member ID, incoming bool, p Page) (requests []FriendRequest, more bool, err error) {
	rows, err := s.store.Requests(ctx, member, incoming, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = cut(rows, p)
	g := s.sight(Viewer{Member: member})
	requests = rows[:0]
	for _, r := range rows {
		if g.may(ctx, r.Other.ID, Everyone) {
			requests = append(requests, r)
		}
	}
	return requests, more, nil
}

// roomForFriends is ErrFriends when one of the two has as many friends as there may be.
func (s *Services) roomForFriends(ctx context.Context, members ...ID) error {
	for _, id := range members {
		m, err := s.store.Member(ctx, id)
		if err != nil {
			return err
		}
		if m.Friends >= s.maxFriends {
			return ErrFriends
		}
	}
	return nil
}

// befriend links member with asker, whose request they have just agreed to, and ends what led there.
func (s *Services) befriend(ctx context.Context, member, asker ID) error {
	if _, err := s.store.InsertFriends(ctx, member, asker, s.now(), time.Time{}); err != nil {
		return err
	}
	return errors.Join(
		s.store.DeleteIntroductions(ctx, member, asker),
		s.dropNews(ctx, member, IntroductionNews, 0, asker),
		s.dropNews(ctx, asker, IntroductionNews, 0, member),
		s.tell(ctx, News{Member: asker, Kind: AcceptedNews, Actor: member, At: s.now()}, ""))
}
