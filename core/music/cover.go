package music

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"musubi/core"
)

// Bounds of looking up covers.
const (
	coverAgain  = 30 * 24 * time.Hour // after this long an album without a cover is asked for again
	coverLater  = time.Hour           // and this long after a service did not answer
	coverWanted = 64                  // albums that wait for their turn; further ones are wanted again by the next who looks
)

// A CoverSource knows covers of albums: a web service that the operator switches on. nil is none; an error is that of the service.
type CoverSource interface {
	Cover(ctx context.Context, artist, title string) ([]byte, error)
}

// A Cover is the picture of an album, or that none was found.
type Cover struct {
	Picture
	AskedAt time.Time // zero: never
}

// CoverStore keeps covers of albums.
type CoverStore interface {
	SetCover(ctx context.Context, album core.ID, c Cover) error
	// CoverOf gives it without its data, AlbumCover with it.
	CoverOf(ctx context.Context, album core.ID) (Cover, error)
	AlbumCover(ctx context.Context, album core.ID) (Cover, error)
}

// Covers are pictures of albums. Without a source nobody is asked, and nothing that members hear leaves the site.
type Covers struct{ *Service }

// Use says who knows covers. Call it before the service is used, and let Run be beside it.
func (s Covers) Use(c CoverSource) {
	if c != nil {
		s.covers, s.wanted = c, make(chan Album, coverWanted)
	}
}

// CoverOf gives the cover of an album, without its data, that a viewer looks at; one that nobody has asked for yet is wanted then. What fewer than
// MinListeners hear is told to nobody, the service that knows covers included.
func (s Covers) CoverOf(ctx context.Context, a *Album) (Picture, error) {
	c, err := s.store.CoverOf(ctx, a.ID)
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	if err == nil && c.Hash == "" && a.Listeners >= MinListeners && s.due(&c) {
		select {
		case s.wanted <- *a:
		default: // too many are, or nobody is asked
		}
	}
	return c.Picture, err
}

// due says whether an album without a cover is to be asked for.
func (s Covers) due(c *Cover) bool { return c.AskedAt.Before(s.Now().Add(-coverAgain)) }

// SetCover makes a file the cover of an album, which no service is asked for then; nil takes it away. The operator's to do.
func (s Covers) SetCover(ctx context.Context, album core.ID, file []byte) error {
	c := Cover{}
	if file != nil {
		made, picture, err := s.MakePhoto(ctx, file)
		if err != nil {
			return err
		}
		c.AskedAt = s.Now()
		c.Picture = Picture{Type: made.Type, Width: made.Width, Height: made.Height, Hash: made.Hash, Data: base64.StdEncoding.EncodeToString(picture.Bytes)}
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		a, err := s.store.Album(ctx, album)
		if err != nil {
			return err
		}
		return errors.Join(s.store.SetCover(ctx, a.ID, c), s.Audit(ctx, "albumcover", 0, "", a.ID.String()))
	})
}

// AlbumCover gives the cover of an album that the viewer may know of.
func (s Covers) AlbumCover(ctx context.Context, viewer core.Viewer, album core.ID) (Picture, error) {
	a, _, err := s.Album(ctx, viewer, album)
	if err != nil {
		return Picture{}, err
	}
	c, err := s.store.AlbumCover(ctx, a.ID)
	if err == nil && c.Hash == "" {
		err = core.ErrNotFound
	}
	return c.Picture, err
}

// Run asks for the covers that are wanted, one after the other, until ctx ends. It returns at once when there is nobody to ask.
func (s Covers) Run(ctx context.Context, problem func(error)) {
	if s.covers == nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-s.wanted:
			if err := s.lookUp(ctx, &a); err != nil && ctx.Err() == nil {
				problem(err)
			}
		}
	}
}

// lookUp asks for one cover and stores it, or that there is none.
func (s Covers) lookUp(ctx context.Context, a *Album) error {
	c, err := s.store.CoverOf(ctx, a.ID)
	if err == nil && (c.Hash != "" || !s.due(&c)) { // two have looked
		return nil
	}
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return err
	}
	c = Cover{AskedAt: s.Now()}
	file, failed := s.covers.Cover(ctx, a.ArtistName, a.Title)
	if failed != nil {
		c.AskedAt = c.AskedAt.Add(coverLater - coverAgain)
	}
	if file != nil {
		if made, picture, err := s.MakePhoto(ctx, file); err == nil { // what is no picture is none
			c.Picture = Picture{Type: made.Type, Width: made.Width, Height: made.Height, Hash: made.Hash, Data: base64.StdEncoding.EncodeToString(picture.Bytes)}
		}
	}
	return errors.Join(failed, s.store.SetCover(ctx, a.ID, c))
}
