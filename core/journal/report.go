package journal

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/report"
)

// Kinds of things that are reported: an entry, and a comment under one.
const (
	ReportedDiary   report.Kind = 1
	ReportedComment report.Kind = 2
)

// reportedDiary is the Look of a report.Row.
func (s *Service) reportedDiary(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	d, err := s.Diary(ctx, viewer, on.Owner, on.ID)
	return report.Copy{Author: d.Owner, Title: d.Title, Text: d.Body, At: d.CreatedAt, Photos: d.Photos}, err
}

// hideDiary makes an entry its owner's alone, whatever they choose (Shown), and remembers who read it before.
func (s *Service) hideDiary(ctx context.Context, on report.Thing) (was string, err error) {
	d, err := s.store.Diary(ctx, on.Owner, on.ID)
	if err != nil {
		return "", err
	}
	return d.Visibility.String(), s.setVisibility(ctx, d, core.Private)
}

func (s *Service) showDiary(ctx context.Context, on report.Thing, was string) error {
	d, err := s.store.Diary(ctx, on.Owner, on.ID)
	if err != nil {
		return err
	}
	v, _ := core.ParseVisibility(was)
	return s.setVisibility(ctx, d, v)
}

func (s *Service) setVisibility(ctx context.Context, d Diary, v core.Visibility) error {
	d.Visibility = v
	return errors.Join(s.store.UpdateDiary(ctx, d), s.search.Reindex(ctx, SearchDiaries, d.Owner, d.ID))
}

func (s *Service) removeReported(ctx context.Context, on report.Thing) error {
	return s.removeDiary(ctx, on.Owner, on.ID)
}

// reviewDiary has an entry looked at that was just written.
func (s *Service) reviewDiary(ctx context.Context, d Diary, n NewDiary) error {
	texts := []string{d.Title, d.Body}
	for _, caption := range n.Captions {
		texts = append(texts, caption)
	}
	return s.Review(ctx, core.Written{Kind: uint8(ReportedDiary), Owner: d.Owner, ID: d.ID, Author: d.Owner}, texts...)
}
