package album

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/report"
)

// Kinds of things that are reported: an album or a photo in one, and a comment under either.
const (
	ReportedAlbum   report.Kind = 3
	ReportedComment report.Kind = 4
)

// reportedAlbum is the Look of a report.Row: of an album its first photos, of a photo itself.
func (s *Service) reportedAlbum(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	a, err := s.openAlbum(ctx, viewer, on.Owner, on.ID)
	if err != nil {
		return report.Copy{}, err
	}
	was := report.Copy{Author: a.Owner, Title: a.Title, Text: a.Note, At: a.CreatedAt}
	if on.Piece != 0 {
		p, err := s.store.AlbumPhoto(ctx, on.Owner, on.ID, on.Piece)
		was.Text, was.At, was.Photos = p.Caption, p.ID.Time(), []core.Photo{p.Photo}
		return was, err
	}
	photos, err := s.store.AlbumPhotos(ctx, on.Owner, on.ID, core.Page{Number: 1, Size: reportedPhotos})
	for _, p := range photos {
		was.Photos = append(was.Photos, p.Photo)
	}
	return was, err
}

// reportedPhotos is how many photos of an album a report keeps, beside the album.
const reportedPhotos = 20

// hideReported makes an album its owner's alone, whatever they choose (Shown), and takes a single photo out of its album.
func (s *Service) hideReported(ctx context.Context, on report.Thing) (was string, err error) {
	if on.Piece != 0 {
		return "", s.setPhotoHidden(ctx, on, true)
	}
	a, err := s.store.Album(ctx, on.Owner, on.ID)
	if err != nil {
		return "", err
	}
	return a.Visibility.String(), s.setVisibility(ctx, a, core.Private)
}

func (s *Service) showReported(ctx context.Context, on report.Thing, was string) error {
	if on.Piece != 0 {
		return s.setPhotoHidden(ctx, on, false)
	}
	a, err := s.store.Album(ctx, on.Owner, on.ID)
	if err != nil {
		return err
	}
	v, _ := core.ParseVisibility(was)
	return s.setVisibility(ctx, a, v)
}

func (s *Service) setPhotoHidden(ctx context.Context, on report.Thing, hidden bool) error {
	return errors.Join(s.store.SetPhotoHidden(ctx, on.Owner, on.ID, on.Piece, hidden), s.search.Reindex(ctx, SearchAlbums, on.Owner, on.ID))
}

func (s *Service) setVisibility(ctx context.Context, a Album, v core.Visibility) error {
	a.Visibility = v
	return errors.Join(s.store.UpdateAlbum(ctx, a), s.search.Reindex(ctx, SearchAlbums, a.Owner, a.ID))
}

func (s *Service) removeReported(ctx context.Context, on report.Thing) error {
	if on.Piece != 0 {
		return errors.Join(s.store.DeletePhoto(ctx, on.Owner, on.Piece), s.search.Reindex(ctx, SearchAlbums, on.Owner, on.ID))
	}
	return errors.Join(s.store.DeleteAlbum(ctx, on.Owner, on.ID), s.search.Reindex(ctx, SearchAlbums, on.Owner, on.ID))
}

// reviewAlbum has an album looked at whose title or note was just written.
func reviewAlbum(ctx context.Context, s *Service, a Album) error {
	return s.Review(ctx, core.Written{Kind: uint8(ReportedAlbum), Owner: a.Owner, ID: a.ID, Author: a.Owner}, a.Title, a.Note)
}
