package journal

import (
	"context"
	"errors"
	"maps"
	"time"

	"musubi/core"
)

// MaxDrafts is how many drafts of entries a member may have.
const MaxDrafts = 50

// ErrDraftsFull: a draft has to go before another is kept.
var ErrDraftsFull = &core.Error{Code: core.Refused, Key: "error.diarydraftsfull"}

// DraftPhoto hangs on a draft: its owner's alone.
const DraftPhoto core.Attachment = 8

// A Draft is an entry that its owner has not sent yet: begun on one device, finished on any. Nobody else knows of it.
type Draft struct {
	Owner, ID core.ID
	NewDiary
	SavedAt time.Time
}

// DraftStore keeps drafts.
type DraftStore interface {
	// PutDraft stores a draft, or what has become of it since.
	PutDraft(ctx context.Context, d Draft) error
	// Draft gives one without its photos.
	Draft(ctx context.Context, owner, id core.ID) (Draft, error)
	// Drafts lists them without their photos, saved last first.
	Drafts(ctx context.Context, owner core.ID) ([]Draft, error)
	DeleteDraft(ctx context.Context, owner, id core.ID) error
}

// CheckDraft cleans a draft in place; it may lack what an entry needs, but nothing may be too long.
func CheckDraft(n *NewDiary) error {
	var c core.Check
	c.Text("title", &n.Title, core.OneLine, false, MaxDiaryTitle)
	c.Text("body", &n.Body, core.ManyLines, false, MaxDiaryBody)
	c.Captions(n.Captions)
	if len(n.Photos) > MaxDiaryPhotos {
		c.Fail("photo", "field.photos", MaxDiaryPhotos)
	}
	return c.Err()
}

// SaveDraft keeps what the owner has written so far. id is that of the draft it goes on from, 0 for a new one; a draft that is
// gone meanwhile becomes a new one, so that no words are lost. n.Photos are those that stay, and unused ones that come.
func (s *Service) SaveDraft(ctx context.Context, owner, id core.ID, n NewDiary) (Draft, error) {
	if err := CheckDraft(&n); err != nil {
		return Draft{}, err
	}
	d := Draft{Owner: owner, ID: id, NewDiary: n}
	err := s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		fresh, at := s.Stamp(time.Time{})
		d.ID, d.SavedAt = id, at
		if _, err := s.store.Draft(ctx, owner, id); errors.Is(err, core.ErrNotFound) {
			if err := s.roomForDraft(ctx, owner); err != nil {
				return err
			}
			d.ID = fresh
		} else if err != nil {
			return err
		}
		if err := s.store.PutDraft(ctx, d); err != nil {
			return err
		}
		return s.ReattachSaid(ctx, owner, n.Photos, n.Captions, draftPlace(owner, d.ID))
	})
	return d, err
}

func (s *Service) roomForDraft(ctx context.Context, owner core.ID) error {
	list, err := s.store.Drafts(ctx, owner)
	if err == nil && len(list) >= MaxDrafts {
		return ErrDraftsFull
	}
	return err
}

// Draft gives a draft of the owner with its photos.
func (s *Service) Draft(ctx context.Context, owner, id core.ID) (Draft, error) {
	d, err := s.store.Draft(ctx, owner, id)
	if err != nil {
		return d, err
	}
	photos, err := s.store.AttachedPhotos(ctx, draftPlace(owner, id))
	d.Captions = core.Captions{}
	for _, p := range photos {
		d.Photos = append(d.Photos, p.ID)
		d.Captions[p.ID] = p.Caption
	}
	return d, err
}

// Drafts lists the owner's drafts, saved last first.
func (s *Service) Drafts(ctx context.Context, owner core.ID) ([]Draft, error) {
	return s.store.Drafts(ctx, owner)
}

// SendDraft makes an entry of a draft, as n says: the draft is gone then. One that is gone already changes nothing.
func (s *Service) SendDraft(ctx context.Context, owner, id core.ID, n NewDiary) (d Diary, err error) {
	err = s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		said, err := s.captionsOf(ctx, draftPlace(owner, id))
		if err != nil {
			return err
		}
		maps.Copy(said, n.Captions)
		n.Captions = said
		if err := s.Detach(ctx, owner, n.Photos, draftPlace(owner, id)); err != nil {
			return err
		}
		if err := s.store.DeleteDraft(ctx, owner, id); err != nil {
			return err
		}
		d, err = s.WriteDiary(ctx, owner, n)
		return err
	})
	return d, err
}

// DeleteDraft throws a draft of the owner away, with its photos.
func (s *Service) DeleteDraft(ctx context.Context, owner, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		if err := s.Detach(ctx, owner, nil, draftPlace(owner, id)); err != nil {
			return err
		}
		return errors.Join(s.store.DeleteDraft(ctx, owner, id), s.AuditDelete(ctx, owner, "draft", id))
	})
}

// captionsOf is what is said of the photos of a thing.
func (s *Service) captionsOf(ctx context.Context, of core.Attached) (core.Captions, error) {
	photos, err := s.store.AttachedPhotos(ctx, of)
	said := core.Captions{}
	for _, p := range photos {
		said[p.ID] = p.Caption
	}
	return said, err
}

func draftPlace(owner, id core.ID) core.Attached {
	return core.Attached{Kind: DraftPhoto, Owner: owner, Thing: id}
}

func (s *Service) draftGate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	_, err := s.Require(ctx, viewer, to.Owner, core.Private)
	return p, err
}
