// Package haiku is a small area of life that only a test has: it tries whether a new kind of content needs one folder, and
// nothing of the others. A haiku is three lines with a visibility and a photo; it takes comments, is told of, is found, is
// exported and goes with its author. Read docs/core.md beside it, "To add a kind of content".
//
// An area of the house differs in two things: its SQL stands in core/store, whose engine no other room takes, and its kinds
// are constants. Those of a toy come after all others, so that no area has to make room for it.
package haiku

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/talk"
)

// The numbers of haiku among all kinds.
var (
	CommentNews = news.Kind(len(network.NewsKinds))
	OnHaiku     = talk.Kind(len(network.ThreadKinds))
	Haikus      = search.Kind(len(network.SearchKinds))
	Photo       = core.Attachment(len(network.PhotoKinds))
)

// MaxText is how long the three lines may be together, in characters.
const MaxText = 120

// ErrClosed: nobody says anything to a private haiku.
var ErrClosed = &core.Error{Code: core.Refused, Key: "error.haikuclosed"}

// A Haiku is three lines of a member.
type Haiku struct {
	Owner      core.ID
	ID         core.ID
	Text       string
	Visibility core.Visibility
	Comments   int
	CreatedAt  time.Time
}

// HaikuStore keeps haiku.
type HaikuStore interface {
	InsertHaiku(ctx context.Context, h Haiku) error
	Haiku(ctx context.Context, owner, id core.ID) (Haiku, error)
	// DeleteHaiku removes the haiku and its comments.
	DeleteHaiku(ctx context.Context, owner, id core.ID) error
}

// Store is what haiku need of the database.
type Store struct {
	core.Store
	HaikuStore
}

// Service is haiku. Safe for concurrent use.
type Service struct {
	*core.Desk
	store  Store
	news   *news.Service
	search *search.Service
}

// New returns the service.
func New(desk *core.Desk, store Store, told *news.Service, found *search.Service) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, store: store, news: told, search: found}
}

// Thread is under a haiku.
func Thread(h Haiku) talk.Thread { return talk.Thread{Kind: OnHaiku, Owner: h.Owner, Thing: h.ID} }

// place is where the photo of a haiku hangs.
func place(owner, id core.ID) core.Attached {
	return core.Attached{Kind: Photo, Owner: owner, Thing: id}
}

// Write stores a haiku with the photos, which are the owner's and hang nowhere yet.
func (s *Service) Write(ctx context.Context, owner core.ID, text string, v core.Visibility, photos ...core.ID) (Haiku, error) {
	var c core.Check
	c.Text("text", &text, core.ManyLines, true, MaxText)
	if err := c.Err(); err != nil {
		return Haiku{}, err
	}
	h := Haiku{Owner: owner, Text: text, Visibility: v}
	h.ID, h.CreatedAt = s.Stamp(time.Time{})
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := errors.Join(s.store.InsertHaiku(ctx, h), s.search.Reindex(ctx, Haikus, owner, h.ID)); err != nil {
			return err
		}
		return s.Attach(ctx, owner, photos, place(owner, h.ID))
	})
	return h, err
}

// Haiku gives one that the viewer may see; ErrNotFound for every other one.
func (s *Service) Haiku(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Haiku, error) {
	h, err := s.store.Haiku(ctx, owner, id)
	if err != nil {
		return Haiku{}, err
	}
	if _, err := s.Require(ctx, viewer, owner, h.Visibility); err != nil {
		return Haiku{}, err
	}
	return h, nil
}

// Delete removes a haiku of the owner with its comments and photos.
func (s *Service) Delete(ctx context.Context, owner, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.Reattach(ctx, owner, nil, place(owner, id)); err != nil {
			return err
		}
		return errors.Join(s.store.DeleteHaiku(ctx, owner, id), s.news.DropNews(ctx, owner, CommentNews, 0, id),
			s.search.Reindex(ctx, Haikus, owner, id), s.AuditDelete(ctx, owner, "haiku", id))
	})
}
