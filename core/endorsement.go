package core

import (
	"context"
	"time"
)

// EndorsementNews is news: Actor wrote about the member.
const EndorsementNews NewsKind = 5

// Limits of endorsements (紹介文), in characters.
const (
	MaxRelationship = 40
	MaxEndorsement  = 1000
)

// An Endorsement is what a friend says of a member, one from each friend.
type Endorsement struct {
	About        ID
	AboutName    string
	Author       ID
	AuthorName   string
	AuthorPhoto  Photo
	Relationship string // how they know each other, in the author's words
	Body         string
	WrittenAt    time.Time
}

// EndorsementStore keeps endorsements.
type EndorsementStore interface {
	// PutEndorsement stores the endorsement in place of the author's earlier one.
	PutEndorsement(ctx context.Context, e Endorsement) error
	Endorsement(ctx context.Context, about, author ID) (Endorsement, error)
	DeleteEndorsement(ctx context.Context, about, author ID) error
	// Endorsements lists what was written about a member, newest first.
	Endorsements(ctx context.Context, about ID, p Page) ([]Endorsement, error)
	// EndorsementsBy lists what a member has written, newest first.
	EndorsementsBy(ctx context.Context, author ID, p Page) ([]Endorsement, error)
}

// CheckEndorsement cleans an endorsement in place and returns Invalid.
func CheckEndorsement(relationship, body *string) error {
	var c check
	c.text("relationship", relationship, OneLine, true, MaxRelationship)
	c.text("body", body, ManyLines, true, MaxEndorsement)
	return c.err()
}

// WriteEndorsement stores what author says of a friend, in place of what they said before. ErrNotFound for anybody who
// is not a friend.
func (s *Services) WriteEndorsement(ctx context.Context, author, about ID, relationship, body string, at time.Time) error {
	if err := CheckEndorsement(&relationship, &body); err != nil {
		return err
	}
	if at.IsZero() {
		at = s.now()
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.require(ctx, Viewer{Member: author}, about, Friends)
		if err != nil || r != Friend {
			return ErrNotFound
		}
		if err := s.store.PutEndorsement(ctx, Endorsement{About: about, Author: author, Relationship: relationship, Body: body, WrittenAt: at}); err != nil {
			return err
		}
		return s.tell(ctx, News{Member: about, Kind: EndorsementNews, Actor: author, At: at}, "")
	})
}

// Endorsement gives what author wrote about a friend, for editing it, or ErrNotFound.
func (s *Services) Endorsement(ctx context.Context, about, author ID) (Endorsement, error) {
	return s.store.Endorsement(ctx, about, author)
}

// DeleteEndorsement removes an endorsement: its author may, and the member it is about.
func (s *Services) DeleteEndorsement(ctx context.Context, member, about, author ID) error {
	if member != about && member != author {
		return ErrNotFound
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error { return s.dropEndorsement(ctx, about, author) })
}

func (s *Services) dropEndorsement(ctx context.Context, about, author ID) error {
	if err := s.store.DeleteEndorsement(ctx, about, author); err != nil {
		return err
	}
	return s.dropNews(ctx, about, EndorsementNews, author, 0)
}

// Endorsements lists what was written about a member, newest first, without what blocked members wrote.
func (s *Services) Endorsements(ctx context.Context, viewer Viewer, about ID, p Page) (list []Endorsement, more bool, err error) {
	if _, err := s.require(ctx, viewer, about, Everyone); err != nil {
		return nil, false, err
	}
	rows, err := s.store.Endorsements(ctx, about, p)
	if err != nil {
		return nil, false, err
	}
	list, more = cut(rows, p)
	return s.endorsementsSeen(ctx, viewer, list, func(e Endorsement) ID { return e.Author }), more, nil
}

// EndorsementsBy lists what a member has written about friends, newest first; only the member may ask.
func (s *Services) EndorsementsBy(ctx context.Context, member ID, p Page) (list []Endorsement, more bool, err error) {
	rows, err := s.store.EndorsementsBy(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	list, more = cut(rows, p)
	return s.endorsementsSeen(ctx, Viewer{Member: member}, list, func(e Endorsement) ID { return e.About }), more, nil
}

func (s *Services) endorsementsSeen(ctx context.Context, viewer Viewer, rows []Endorsement, who func(Endorsement) ID) []Endorsement {
	g := s.sight(viewer)
	seen := rows[:0]
	for _, e := range rows {
		if g.may(ctx, who(e), Everyone) {
			seen = append(seen, e)
		}
	}
	return seen
}
