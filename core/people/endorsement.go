package people

import (
	"context"
	"musubi/core"
	"musubi/core/news"
	"time"
)

// EndorsementNews is news: Actor wrote about the member.
const EndorsementNews news.Kind = 5

// Limits of endorsements (紹介文), in characters.
const (
	MaxRelationship = 40
	MaxEndorsement  = 1000
)

// An Endorsement is what a friend says of a member, one from each friend.
type Endorsement struct {
	About        core.ID
	AboutName    string
	Author       core.ID
	AuthorName   string
	AuthorPhoto  core.Photo
	Relationship string // how they know each other, in the author's words
	Body         string
	WrittenAt    time.Time
}

// EndorsementStore keeps endorsements.
type EndorsementStore interface {
	// PutEndorsement stores the endorsement in place of the author's earlier one.
	PutEndorsement(ctx context.Context, e Endorsement) error
	Endorsement(ctx context.Context, about, author core.ID) (Endorsement, error)
	DeleteEndorsement(ctx context.Context, about, author core.ID) error
	// Endorsements lists what was written about a member, newest first.
	Endorsements(ctx context.Context, about core.ID, p core.Page) ([]Endorsement, error)
	// EndorsementsBy lists what a member has written, newest first.
	EndorsementsBy(ctx context.Context, author core.ID, p core.Page) ([]Endorsement, error)
}

// CheckEndorsement cleans an endorsement in place and returns Invalid.
func CheckEndorsement(relationship, body *string) error {
	var c core.Check
	c.Text("relationship", relationship, core.OneLine, true, MaxRelationship)
	c.Text("body", body, core.ManyLines, true, MaxEndorsement)
	return c.Err()
}

// WriteEndorsement stores what author says of a friend, in place of what they said before. ErrNotFound for anybody who
// is not a friend.
func (s *Service) WriteEndorsement(ctx context.Context, author, about core.ID, relationship, body string, at time.Time) error {
	if err := CheckEndorsement(&relationship, &body); err != nil {
		return err
	}
	if at.IsZero() {
		at = s.Now()
	}
	return s.store.AtomicOf(ctx, core.Of(author, about), func(ctx context.Context) error {
		if err := s.MayWrite(ctx, author); err != nil {
			return err
		}
		r, err := s.Require(ctx, core.Viewer{Member: author}, about, core.Friends)
		if err != nil || r != core.Friend {
			return core.ErrNotFound
		}
		if err := s.store.PutEndorsement(ctx, Endorsement{About: about, Author: author, Relationship: relationship, Body: body, WrittenAt: at}); err != nil {
			return err
		}
		return s.news.Tell(ctx, news.News{Member: about, Kind: EndorsementNews, Actor: author, At: at}, "")
	})
}

// Endorsement gives what author wrote about a friend, for editing it, or ErrNotFound.
func (s *Service) Endorsement(ctx context.Context, about, author core.ID) (Endorsement, error) {
	return s.store.Endorsement(ctx, about, author)
}

// DeleteEndorsement removes an endorsement: its author may, and the member it is about.
func (s *Service) DeleteEndorsement(ctx context.Context, member, about, author core.ID) error {
	if member != about && member != author {
		return core.ErrNotFound
	}
	return s.store.AtomicOf(ctx, core.Of(member, about, author), func(ctx context.Context) error {
		if err := s.dropEndorsement(ctx, about, author); err != nil {
			return err
		}
		return s.AuditDelete(ctx, member, "endorsement", about)
	})
}

func (s *Service) dropEndorsement(ctx context.Context, about, author core.ID) error {
	if err := s.store.DeleteEndorsement(ctx, about, author); err != nil {
		return err
	}
	return s.news.DropNews(ctx, about, EndorsementNews, author, 0)
}

// Endorsements lists what was written about a member, newest first, without what blocked members wrote.
func (s *Service) Endorsements(ctx context.Context, viewer core.Viewer, about core.ID, p core.Page) (list []Endorsement, more bool, err error) {
	if _, err := s.Require(ctx, viewer, about, core.Everyone); err != nil {
		return nil, false, err
	}
	rows, err := s.store.Endorsements(ctx, about, p)
	if err != nil {
		return nil, false, err
	}
	list, more = core.Cut(rows, p)
	return s.endorsementsSeen(ctx, viewer, list, func(e Endorsement) core.ID { return e.Author }), more, nil
}

// EndorsementsBy lists what a member has written about friends, newest first; only the member may ask.
func (s *Service) EndorsementsBy(ctx context.Context, member core.ID, p core.Page) (list []Endorsement, more bool, err error) {
	rows, err := s.store.EndorsementsBy(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	list, more = core.Cut(rows, p)
	return s.endorsementsSeen(ctx, core.Viewer{Member: member}, list, func(e Endorsement) core.ID { return e.About }), more, nil
}

func (s *Service) endorsementsSeen(ctx context.Context, viewer core.Viewer, rows []Endorsement, who func(Endorsement) core.ID) []Endorsement {
	g := s.Sight(viewer)
	seen := rows[:0]
	for _, e := range rows {
		if g.May(ctx, who(e), core.Everyone) {
			seen = append(seen, e)
		}
	}
	return seen
}
