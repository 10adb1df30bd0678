package review

import (
	"context"

	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
	"musubi/core/talk"
)

// Kinds of things that are reported: a review, a comment under one, and a product.
const (
	ReportedReview  report.Kind = 10
	ReportedComment report.Kind = 11
	ReportedProduct report.Kind = 12 // as a member entered it
)

// Feature is what reviews bring. s may be nil when only the data is asked for.
func Feature(s *Service, said *talk.Service) feature.Feature {
	return feature.Feature{
		Name:    "review",
		News:    []news.Row{{Kind: CommentNews, Key: "review", ByThing: true, Letters: news.Letters{PC: true}, Title: s.title}},
		Threads: []talk.Row{{Kind: OnReview, Closed: ErrClosed, News: CommentNews, Topic: s.topic}},
		Finds:   []search.FindRow{{Kind: SearchReviews}},
		Photos:  []core.PhotoGate{{Kind: Photo, Name: "review", See: s.gate}},
		Reports: []report.Row{
			{Kind: ReportedReview, Key: "review", Look: s.reported, Hide: s.hide, Show: s.unhide, Delete: s.removeReported},
			said.Reports(ReportedComment, "reviewcomment", OnReview),
			{Kind: ReportedProduct, Key: "product", Look: s.reportedProduct, Hide: s.hideProduct, Show: s.showProduct},
		},
	}
}

// reported is the Look of a report.Row.
func (s *Service) reported(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	r, err := s.Review(ctx, viewer, on.Owner, on.ID)
	return report.Copy{Author: r.Owner, Title: r.Product.Title, Text: r.Body, At: r.CreatedAt, Photos: r.Photos}, err
}

// hide makes a review its owner's alone, whatever they choose (Shown).
func (s *Service) hide(ctx context.Context, on report.Thing) (was string, err error) {
	r, err := s.store.Review(ctx, on.Owner, on.ID)
	if err != nil {
		return "", err
	}
	was, r.Visibility = r.Visibility.String(), core.Private
	return was, s.update(ctx, r)
}

func (s *Service) unhide(ctx context.Context, on report.Thing, was string) error {
	r, err := s.store.Review(ctx, on.Owner, on.ID)
	if err != nil {
		return err
	}
	r.Visibility, _ = core.ParseVisibility(was)
	return s.update(ctx, r)
}

func (s *Service) removeReported(ctx context.Context, on report.Thing) error {
	return s.remove(ctx, on.Owner, on.ID)
}
