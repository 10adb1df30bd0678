package core

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// MaxUpload is the largest picture a member may send, in bytes (SEC-80): phones of today write 7 MB and more.
const MaxUpload = 25 << 20

// A PhotoMaker makes the picture we keep from what a member sent: bounded in size, turned upright, without metadata
// (SEC-80…82). It returns ErrPhoto (perhaps wrapped) for anything that is not a picture it can read; its result does
// not alias upload. Implementations are safe for concurrent use.
type PhotoMaker interface {
	MakePhoto(ctx context.Context, upload []byte) (MadePhoto, error)
}

// MadePhoto is what a PhotoMaker makes: the picture that all members' pages show, and, of one that was larger, the two below.
type MadePhoto struct {
	Bytes         []byte
	Type          string // "image/jpeg", "image/png" or "image/gif"
	Width, Height int    // pixels
	Wide          MadeFile
	// Original is what was sent, pixel for pixel, without what tells of place, time and camera.
	Original     []byte
	OriginalType string
}

// A MadeFile is a picture for large displays; without Bytes there is none.
type MadeFile struct {
	Bytes         []byte
	Width, Height int
}

// ErrPhoto is a file that is no picture we take. ErrPhotoKind and ErrPhotoLarge say more; they come with ErrPhoto in one chain.
var (
	ErrPhoto      = &Error{Refused, "field.photo"}
	ErrPhotoKind  = &Error{Refused, "field.photokind"}
	ErrPhotoLarge = &Error{Refused, "field.photolarge"}
)

// A Photo is a stored picture. The zero Photo is none.
type Photo struct {
	Owner         ID
	ID            ID
	Hash          string // of the content: the blob's name and the ETag
	Type          string
	Width, Height int
	Caption       string   // set where the photos of one thing are read
	Bytes         int      // of all that we keep of it; set where quotas are counted
	Wide          Wide     // for large displays; set where a single picture or those of one thing are read
	Original      Original // what was sent, for its owner; set as Wide is
	Protected     bool     // handsets are asked not to pass it on; set by Desk.Photo
}

// Wide is a JPEG of up to 2,048 pixels a side; without Hash there is none.
type Wide struct {
	Hash          string
	Width, Height int
}

// An Original is a file as it was sent; without Hash it was not kept.
type Original struct{ Hash, Type string }

// An Attachment is what kind of thing a photo belongs to.
type Attachment uint8

// Unattached: uploaded, its entry not yet sent; for the owner's preview only. Every other kind is an area's.
const Unattached Attachment = 0

// A PhotoGate says who sees the photos that hang somewhere; the area whose things they hang on supplies it.
type PhotoGate struct {
	Kind Attachment
	Name string // of the place, as exports write it
	// See gives the photo as the viewer may see it, asking the same question as the page of the thing; ErrNotFound when not.
	See func(ctx context.Context, viewer Viewer, p Photo, to Attached) (Photo, error)
}

// Attached says what a photo belongs to.
type Attached struct {
	Kind  Attachment
	Owner ID // of the thing
	Thing ID
}

// PhotoStore keeps what we know of pictures; their bytes are in Blobs.
type PhotoStore interface {
	InsertPhoto(ctx context.Context, p Photo, at time.Time) error
	Photo(ctx context.Context, owner, id ID) (Photo, Attached, error)
	// AttachPhoto gives an unattached photo of the owner its place; ErrNotFound when there is none.
	AttachPhoto(ctx context.Context, owner, id ID, to Attached, place int) error
	// DetachPhoto takes a photo of the owner from where it belongs.
	DetachPhoto(ctx context.Context, owner, id ID) error
	// AttachedPhotos lists the photos of a thing by place.
	AttachedPhotos(ctx context.Context, to Attached) ([]Photo, error)
	// CaptionPhoto says of a photo of the owner what it shows.
	CaptionPhoto(ctx context.Context, owner, id ID, caption string) error
	// DeletePhoto forgets a photo and remembers that its blob may be in nobody's use.
	DeletePhoto(ctx context.Context, owner, id ID) error
	// UnusedBlobs lists blobs that lost a photo before t and that no photo uses now, and forgets the others.
	UnusedBlobs(ctx context.Context, t time.Time, limit int) ([]string, error)
	// ForgetBlob ends the remembering.
	ForgetBlob(ctx context.Context, hash string) error
}

// AddPhoto makes and stores a picture of the owner that belongs to nothing yet. ErrPhoto when it is no picture or too
// large. Making a picture takes time: never inside Bulk or Once.
func (s *Desk) AddPhoto(ctx context.Context, owner ID, upload []byte, at time.Time) (Photo, error) {
	p, made, err := s.MakePhoto(ctx, upload)
	if err != nil {
		return Photo{}, err
	}
	p.Owner = owner
	p.ID, at = s.Stamp(at)
	if err := s.store.AtomicOf(ctx, Of(owner), func(ctx context.Context) error { return s.store.InsertPhoto(ctx, p, at) }); err != nil {
		return Photo{}, err
	}
	// Once more: the same picture may have been in nobody's use until this moment, and swept away just then.
	_, err = s.putPhoto(ctx, made)
	return p, err
}

// MakePhoto makes the pictures we keep and stores their bytes; Owner and ID are the caller's to set.
func (s *Desk) MakePhoto(ctx context.Context, upload []byte) (p Photo, made MadePhoto, err error) {
	if len(upload) > MaxUpload {
		return Photo{}, made, fmt.Errorf("%w (%w)", ErrPhotoLarge, ErrPhoto)
	}
	if made, err = s.photos.MakePhoto(ctx, upload); err != nil {
		return Photo{}, made, err
	}
	p, err = s.putPhoto(ctx, made)
	return p, made, err
}

// putPhoto stores the bytes of what was made.
func (s *Desk) putPhoto(ctx context.Context, made MadePhoto) (p Photo, err error) {
	p = Photo{Type: made.Type, Width: made.Width, Height: made.Height, Wide: Wide{Width: made.Wide.Width, Height: made.Wide.Height},
		Original: Original{Type: made.OriginalType}}
	for _, file := range []struct {
		name  *string
		bytes []byte
	}{{&p.Hash, made.Bytes}, {&p.Wide.Hash, made.Wide.Bytes}, {&p.Original.Hash, made.Original}} {
		if len(file.bytes) == 0 {
			continue
		}
		if *file.name, err = s.Blobs.Put(ctx, file.bytes); err != nil {
			return Photo{}, err
		}
		p.Bytes += len(file.bytes)
	}
	return p, nil
}

// Attach gives photos their places under a thing.
func (s *Desk) Attach(ctx context.Context, owner ID, photos []ID, to Attached) error {
	for place, id := range photos {
		if err := s.store.AttachPhoto(ctx, owner, id, to, place); err != nil {
			return err
		}
	}
	return nil
}

// Reattach makes photos, in their order, the ones that belong to a thing. Each must belong to it already or be one of
// the owner's that belongs to nothing. Those left out are deleted.
func (s *Desk) Reattach(ctx context.Context, owner ID, photos []ID, to Attached) error {
	if err := s.Detach(ctx, owner, photos, to); err != nil {
		return err
	}
	return s.Attach(ctx, owner, photos, to)
}

// MaxCaption is how long what is said of a photo may be, in characters.
const MaxCaption = 140

// Captions are what is said of photos, by their IDs. Of a photo that is not among them nothing new is said.
type Captions map[ID]string

// CheckCaptions cleans captions in place and fails those that are too long, each under "caption" and the ID.
func (c *Check) Captions(said Captions) {
	for id, caption := range said {
		c.Text("caption"+id.String(), &caption, OneLine, false, MaxCaption)
		said[id] = caption
	}
}

// ReattachSaid is Reattach for photos with captions: those of said, and for the others what was said of them before.
func (s *Desk) ReattachSaid(ctx context.Context, owner ID, photos []ID, said Captions, to Attached) error {
	had, err := s.store.AttachedPhotos(ctx, to)
	if err != nil {
		return err
	}
	if err := s.Reattach(ctx, owner, photos, to); err != nil {
		return err
	}
	all := Captions{}
	for _, p := range had {
		all[p.ID] = p.Caption
	}
	maps.Copy(all, said)
	for _, id := range photos {
		if all[id] == "" {
			continue
		}
		if err := s.store.CaptionPhoto(ctx, owner, id, all[id]); err != nil {
			return err
		}
	}
	return nil
}

// Detach takes the photos from a thing: those to keep belong to nothing then, the others are deleted.
func (s *Desk) Detach(ctx context.Context, owner ID, keep []ID, from Attached) error {
	had, err := s.store.AttachedPhotos(ctx, from)
	if err != nil {
		return err
	}
	for _, p := range had {
		if slices.Contains(keep, p.ID) {
			err = s.store.DetachPhoto(ctx, owner, p.ID)
		} else {
			err = s.store.DeletePhoto(ctx, owner, p.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Photo gives a picture that the viewer may see, asking the same question as the page it stands on; ErrNotFound for
// every other one.
func (s *Desk) Photo(ctx context.Context, viewer Viewer, owner, id ID) (Photo, error) {
	p, to, err := s.store.Photo(ctx, owner, id)
	if err != nil {
		return Photo{}, err
	}
	return s.gates[to.Kind].See(ctx, viewer, p, to)
}

// UnattachedGate is the one of the desk itself.
func (s *Desk) UnattachedGate() PhotoGate { return PhotoGate{Unattached, "nothing", s.unattachedGate} }

// unattachedGate: what belongs to nothing yet is its owner's alone.
func (s *Desk) unattachedGate(ctx context.Context, viewer Viewer, p Photo, _ Attached) (Photo, error) {
	_, err := s.Require(ctx, viewer, p.Owner, Private)
	return p, err
}

// PhotoBytes reads the bytes of a picture that Photo gave.
func (s *Desk) PhotoBytes(ctx context.Context, p Photo) ([]byte, error) {
	return s.Blobs.Get(ctx, p.Hash)
}

// UnattachedPhoto gives a picture of the owner that belongs to nothing yet, for the preview of an entry.
func (s *Desk) UnattachedPhoto(ctx context.Context, owner, id ID) (Photo, error) {
	p, to, err := s.store.Photo(ctx, owner, id)
	if err == nil && to.Kind != Unattached {
		err = ErrNotFound
	}
	return p, err
}
