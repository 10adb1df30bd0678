package music

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"musubi/core"
)

// MaxLinks is how many artists a community names as its own.
const MaxLinks = 20

// ErrLinks is returned for one more.
var ErrLinks = &core.Error{Code: core.Full, Key: "error.musiclinks"}

// Boards says what a viewer may do in a community; the area of communities does.
type Boards interface {
	// MayRead is nil when the viewer sees what stands in the community, MayGovern when they look after it.
	MayRead(ctx context.Context, viewer core.Viewer, community core.ID) error
	MayGovern(ctx context.Context, viewer core.Viewer, community core.ID) error
}

// UseBoards says who knows communities. Call it before the service is used.
func (s *Service) UseBoards(b Boards) { s.boards = b }

// Links are what artists have to do with communities, and their pictures.
type Links struct{ *Service }

// A Picture is an artist's, as the operator set it.
type Picture struct {
	Type          string
	Width, Height int
	Hash          string // of the content; "": there is none
	Data          string // base64; only of ArtistPicture
}

// Bytes is the picture itself.
func (p *Picture) Bytes() ([]byte, error) { return base64.StdEncoding.DecodeString(p.Data) }

// LinkStore keeps which communities are about which artists, and pictures of artists.
type LinkStore interface {
	InsertLink(ctx context.Context, community, artist core.ID, at time.Time) error
	DeleteLink(ctx context.Context, community, artist core.ID) error
	// LinkedArtists lists those of a community, LinkedCommunities those of an artist, oldest first.
	LinkedArtists(ctx context.Context, community core.ID) ([]Artist, error)
	LinkedCommunities(ctx context.Context, artist core.ID, limit int) ([]core.ID, error)
	// SetArtistPicture replaces the picture; one without data takes it away. PictureOf gives it without its data.
	SetArtistPicture(ctx context.Context, artist core.ID, p Picture) error
	ArtistPicture(ctx context.Context, artist core.ID) (Picture, error)
	PictureOf(ctx context.Context, artist core.ID) (Picture, error)
}

// Link says that a community, which the viewer looks after, is about an artist.
func (s Links) Link(ctx context.Context, viewer core.Viewer, community, artist core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		a, err := s.Artist(ctx, viewer, artist)
		if err != nil {
			return err
		}
		if err := errors.Join(s.MayWrite(ctx, viewer.Member), s.boards.MayGovern(ctx, viewer, community)); err != nil {
			return err
		}
		has, err := s.store.LinkedArtists(ctx, community)
		if err == nil && len(has) >= MaxLinks {
			err = ErrLinks
		}
		if err != nil {
			return err
		}
		return s.store.InsertLink(ctx, community, a.ID, s.Now())
	})
}

// Unlink takes it back.
func (s Links) Unlink(ctx context.Context, viewer core.Viewer, community, artist core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.boards.MayGovern(ctx, viewer, community); err != nil {
			return err
		}
		return s.store.DeleteLink(ctx, community, artist)
	})
}

// A Place is a community that the viewer was let look at, as its room gives it.
type Place interface {
	Key() core.ID
	MayRead() bool
}

// LinkedArtists lists the artists of a community whose threads the viewer reads.
func (s Links) LinkedArtists(ctx context.Context, viewer core.Viewer, of Place) ([]Artist, error) {
	if !of.MayRead() {
		return nil, core.ErrNotFound
	}
	all, err := s.store.LinkedArtists(ctx, of.Key())
	var seen []Artist
	for _, a := range all {
		if s.heard(ctx, viewer, a.Listeners, a.ID, 0, 0) == nil {
			seen = append(seen, a)
		}
	}
	return seen, err
}

// linked bounds the communities that an artist's page names.
const linked = 50

// LinkedCommunities lists the communities about an artist, those that the viewer reads.
func (s Links) LinkedCommunities(ctx context.Context, viewer core.Viewer, artist core.ID) (ids []core.ID, err error) {
	all, err := s.store.LinkedCommunities(ctx, artist, linked)
	for _, id := range all {
		if s.boards.MayRead(ctx, viewer, id) == nil {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// SetPicture makes a file the picture of an artist; nil takes the picture away. The operator's to do.
func (s Links) SetPicture(ctx context.Context, artist core.ID, file []byte) error {
	var p Picture
	if file != nil {
		made, picture, err := s.MakePhoto(ctx, file)
		if err != nil {
			return err
		}
		p = Picture{Type: made.Type, Width: made.Width, Height: made.Height, Hash: made.Hash, Data: base64.StdEncoding.EncodeToString(picture.Bytes)}
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		a, err := s.store.Artist(ctx, artist)
		if err != nil {
			return err
		}
		return errors.Join(s.store.SetArtistPicture(ctx, a.ID, p), s.Audit(ctx, "artistpicture", 0, "", a.ID.String()))
	})
}

// ArtistPicture gives the picture of an artist that the viewer may know of.
func (s Links) ArtistPicture(ctx context.Context, viewer core.Viewer, artist core.ID) (Picture, error) {
	a, err := s.Artist(ctx, viewer, artist)
	if err != nil {
		return Picture{}, err
	}
	return s.store.ArtistPicture(ctx, a.ID)
}

// PictureOf says whether an artist has a picture, and how large; without its data.
func (s Links) PictureOf(ctx context.Context, artist core.ID) (Picture, error) {
	p, err := s.store.PictureOf(ctx, artist)
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return p, err
}
