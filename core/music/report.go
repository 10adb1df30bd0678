package music

import (
	"context"

	"musubi/core"
	"musubi/core/report"
)

// Kinds of things that are reported: a playlist, and a comment under one.
const (
	ReportedPlaylist report.Kind = 8
	ReportedComment  report.Kind = 9
)

// reportedPlaylist is the Look of a report.Row.
func (s *Service) reportedPlaylist(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	l, err := s.seePlaylist(ctx, viewer, on.Owner, on.ID)
	return report.Copy{Author: l.Owner, Title: l.Title, Text: l.Note, At: l.CreatedAt}, err
}

// hideReported makes a playlist its owner's alone.
func (s *Service) hideReported(ctx context.Context, on report.Thing) (was string, err error) {
	l, err := s.store.Playlist(ctx, on.Owner, on.ID)
	if err != nil {
		return "", err
	}
	was, l.Visibility = l.Visibility.String(), core.Private
	return was, s.store.UpdatePlaylist(ctx, l)
}

func (s *Service) showReported(ctx context.Context, on report.Thing, was string) error {
	l, err := s.store.Playlist(ctx, on.Owner, on.ID)
	if err != nil {
		return err
	}
	l.Visibility, _ = core.ParseVisibility(was)
	return s.store.UpdatePlaylist(ctx, l)
}

func (s *Service) removeReported(ctx context.Context, on report.Thing) error {
	return s.store.DeletePlaylist(ctx, on.Owner, on.ID)
}

// reviewPlaylist has a playlist looked at that was just written.
func reviewPlaylist(ctx context.Context, s *Service, l Playlist) error {
	return s.Review(ctx, core.Written{Kind: uint8(ReportedPlaylist), Owner: l.Owner, ID: l.ID, Author: l.Owner}, l.Title, l.Note)
}
