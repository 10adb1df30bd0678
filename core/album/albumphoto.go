package album

import (
	"cmp"
	"context"
	"errors"
	"musubi/core"
	"musubi/core/report"
	"slices"
	"time"
)

// albumPause is how long an album must have rested before a new photo brings it to the top of the friends' newest again: a
// row for each friend is written then, and not for every photo of an afternoon.
const albumPause = time.Hour

// An AlbumPhoto is a photo in its album.
type AlbumPhoto struct {
	core.Photo
	Album    core.ID
	Caption  string
	Comments int
	Film     FilmMark // zero: it stands still
	// Where it stands, for a single photo only.
	Number         int     // from 1
	Previous, Next core.ID // 0: none
}

// AlbumPhotoStore keeps the photos of albums.
type AlbumPhotoStore interface {
	// PutAlbumPhoto puts an unattached photo of the owner at the end of an album; ErrNotFound when there is none. It counts,
	// and brings the album before the friends when show says so.
	PutAlbumPhoto(ctx context.Context, owner, album, photo core.ID, show bool, at time.Time) error
	// AlbumPhotos lists the photos of an album in its order.
	AlbumPhotos(ctx context.Context, owner, album core.ID, p core.Page) ([]AlbumPhoto, error)
	AlbumPhoto(ctx context.Context, owner, album, photo core.ID) (AlbumPhoto, error)
	// AlbumOrder lists all IDs of an album's photos in its order, SetAlbumOrder changes the order of those that are there.
	AlbumOrder(ctx context.Context, owner, album core.ID) ([]core.ID, error)
	SetAlbumOrder(ctx context.Context, owner, album core.ID, order []core.ID) error
	SetCaption(ctx context.Context, owner, album, photo core.ID, caption string) error
	SetCover(ctx context.Context, owner, album, photo core.ID) error
	// SetPhotoHidden takes a photo out of its album, where nothing of it is lost, or puts it back; ErrNotFound when it is not there.
	SetPhotoHidden(ctx context.Context, owner, album, photo core.ID, hidden bool) error
	// MoveAlbumPhoto puts a photo with its comments at the end of another album, and brings that before the friends when show
	// says so.
	MoveAlbumPhoto(ctx context.Context, owner, from, to, photo core.ID, show bool, at time.Time) error
}

// MayUpload refuses an upload into an album of the owner before any work is spent on it: ErrAlbumFull, ErrAlbumSpace,
// ErrUploads.
func (s *Service) MayUpload(ctx context.Context, owner, album core.ID) error {
	_, err := s.mayUpload(ctx, owner, album, 0, s.Now())
	return err
}

func (s *Service) mayUpload(ctx context.Context, owner, album core.ID, bytes int, at time.Time) (Album, error) {
	a, err := s.store.Album(ctx, owner, album)
	if err != nil {
		return a, err
	}
	if err := s.MayWrite(ctx, owner); err != nil {
		return a, err
	}
	room, err := s.AlbumRoom(ctx, owner)
	switch {
	case err != nil:
		return a, err
	case a.Photos >= MaxAlbumPhotos:
		return a, ErrAlbumFull
	case room.Bytes >= room.Limit || room.Bytes+int64(bytes) > room.Limit:
		return a, ErrAlbumSpace
	case room.Hour == at.Unix()/3600 && room.Uploads >= MaxHourlyUploads:
		return a, ErrUploads
	}
	return a, nil
}

// HangPhoto puts a photo of AddPhoto at the end of an album of the owner. When there is no room for it the photo is deleted,
// and the error is as of MayUpload. at zero means now.
func (s *Service) HangPhoto(ctx context.Context, owner, album, photo core.ID, at time.Time) error {
	if at.IsZero() {
		at = s.Now()
	}
	var full error // must not undo the deleting
	err := s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		full = nil
		p, err := s.UnattachedPhoto(ctx, owner, photo)
		if err != nil {
			return err
		}
		a, err := s.mayUpload(ctx, owner, album, p.Bytes, at)
		var refusal *core.Error
		if errors.As(err, &refusal) && refusal.Code != core.NotFound {
			full = err
			return s.store.DeletePhoto(ctx, owner, photo)
		}
		if err != nil {
			return err
		}
		show := a.Photos == 0 || at.Sub(a.UpdatedAt) >= albumPause
		return s.store.PutAlbumPhoto(ctx, owner, album, photo, show, at)
	})
	return orElse(err, full)
}

// AlbumPhotos lists photos of an album in its order. ErrAlbumLocked before the password.
func (s *Service) AlbumPhotos(ctx context.Context, a Seen, p core.Page) (photos []AlbumPhoto, more bool, err error) {
	if a.Locked {
		return nil, false, ErrAlbumLocked
	}
	rows, err := s.store.AlbumPhotos(ctx, a.Owner, a.ID, p)
	if err != nil {
		return nil, false, err
	}
	photos, more = core.Cut(rows, p)
	return photos, more, nil
}

// AlbumPhoto gives one photo of an album with its neighbours. ErrAlbumLocked before the password.
func (s *Service) AlbumPhoto(ctx context.Context, a Seen, photo core.ID) (AlbumPhoto, error) {
	if a.Locked {
		return AlbumPhoto{}, ErrAlbumLocked
	}
	return s.store.AlbumPhoto(ctx, a.Owner, a.ID, photo)
}

// AlbumOfPhoto says which album of the owner a photo is in now; ErrNotFound when it is in none whose photos the viewer may see.
func (s *Service) AlbumOfPhoto(ctx context.Context, viewer core.Viewer, owner, photo core.ID) (core.ID, error) {
	_, to, err := s.store.Photo(ctx, owner, photo)
	if err != nil {
		return 0, err
	}
	if to.Kind != InAlbum {
		return 0, core.ErrNotFound
	}
	if _, err = s.openAlbum(ctx, viewer, to.Owner, to.Thing); errors.Is(err, ErrAlbumLocked) {
		err = core.ErrNotFound
	}
	return to.Thing, err
}

// A PhotoChange is what the owner changes of one photo of an album.
type PhotoChange struct {
	Photo   core.ID
	Caption string
	Number  int // where it is to stand, from 1; 0: where it stands
	Cover   bool
	MoveTo  core.ID // another album of the owner; 0: none
}

// CheckPhotos cleans captions in place and returns Invalid for those that are too long, each under "caption" and the ID.
func CheckPhotos(changes []PhotoChange) error {
	var c core.Check
	for i := range changes {
		n := &changes[i]
		c.Text("caption"+n.Photo.String(), &n.Caption, core.OneLine, false, MaxCaption)
	}
	return c.Err()
}

// ChangePhotos carries out changes to photos of an album of the owner, all or, at the first error, none. A photo that is no
// longer in the album is passed over.
func (s *Service) ChangePhotos(ctx context.Context, owner, album core.ID, changes []PhotoChange) error {
	if err := CheckPhotos(changes); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		if _, err := s.store.Album(ctx, owner, album); err != nil {
			return err
		}
		if err := s.search.Reindex(ctx, SearchAlbums, owner, album); err != nil {
			return err
		}
		had, err := s.store.AlbumOrder(ctx, owner, album)
		if err != nil {
			return err
		}
		numbers := map[core.ID]int{}
		for _, n := range changes {
			if !slices.Contains(had, n.Photo) {
				continue
			}
			if err := s.changePhoto(ctx, owner, album, n); err != nil {
				return err
			}
			if n.Number != 0 {
				numbers[n.Photo] = n.Number
			}
		}
		order := reorder(had, numbers)
		if slices.Equal(had, order) {
			return nil
		}
		return s.store.SetAlbumOrder(ctx, owner, album, order)
	})
}

func (s *Service) changePhoto(ctx context.Context, owner, album core.ID, n PhotoChange) error {
	if err := s.store.SetCaption(ctx, owner, album, n.Photo, n.Caption); err != nil {
		return err
	}
	if n.MoveTo != 0 && n.MoveTo != album {
		if v, err := s.Shown(ctx, uint8(ReportedAlbum), owner, album, core.Everyone); err != nil || v != core.Everyone {
			return orElse(err, report.ErrHidden) // what an operator hides does not come out by another door
		}
		to, err := s.store.Album(ctx, owner, n.MoveTo)
		if err != nil {
			return err
		}
		if to.Photos >= MaxAlbumPhotos {
			return ErrAlbumFull
		}
		return errors.Join(s.store.MoveAlbumPhoto(ctx, owner, album, n.MoveTo, n.Photo, to.Photos == 0, s.Now()),
			s.search.Reindex(ctx, SearchAlbums, owner, n.MoveTo))
	}
	if n.Cover {
		if err := s.store.SetCover(ctx, owner, album, n.Photo); err != nil {
			return err
		}
	}
	return s.Review(ctx, core.Written{Kind: uint8(ReportedAlbum), Owner: owner, ID: album, Piece: n.Photo, Author: owner}, n.Caption)
}

// DeleteAlbumPhotos removes photos with their comments from an album of the owner. One that is no longer there is passed over.
func (s *Service) DeleteAlbumPhotos(ctx context.Context, owner, album core.ID, photos []core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		had, err := s.store.AlbumOrder(ctx, owner, album)
		if err != nil {
			return err
		}
		for _, id := range photos {
			if !slices.Contains(had, id) {
				continue
			}
			if err := errors.Join(s.store.DeletePhoto(ctx, owner, id), s.AuditDelete(ctx, owner, "photo", id)); err != nil {
				return err
			}
			had = slices.DeleteFunc(had, func(h core.ID) bool { return h == id }) // named twice, deleted once
		}
		return nil
	})
}

// reorder gives the photos the places that numbers ask for, counted from 1; those that ask for the place they have, or for
// none, fill the rest in their order. Of two that ask for the same place the one that came later in the album is put first,
// so that typing a number always brings a photo to just that place.
func reorder(had []core.ID, numbers map[core.ID]int) []core.ID {
	type wish struct {
		id    core.ID
		place int
	}
	var wishes []wish
	order := make([]core.ID, 0, len(had))
	for i, id := range had {
		if n, ok := numbers[id]; ok && n != i+1 {
			wishes = append(wishes, wish{id, max(n-1, 0)})
		} else {
			order = append(order, id)
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(a.place, b.place) })
	for _, w := range wishes {
		order = slices.Insert(order, min(w.place, len(order)), w.id)
	}
	return order
}
