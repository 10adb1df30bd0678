package haiku

import (
	"context"
	"strings"

	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/talk"
)

// Feature is what haiku bring. s may be nil when only the data is asked for.
func Feature(s *Service) feature.Feature {
	return feature.Feature{
		Name:    "haiku",
		News:    []news.Row{{Kind: CommentNews, Key: "haiku", ByThing: true, Letters: news.Letters{PC: true}, Title: s.title}},
		Threads: []talk.Row{{Kind: OnHaiku, Closed: ErrClosed, News: CommentNews, Topic: s.topic}},
		Finds:   []search.FindRow{{Kind: Haikus}},
		Photos:  []core.PhotoGate{{Kind: Photo, Name: "haiku", See: s.gate}},
	}
}

// first is the first line, by which a haiku is called.
func (h Haiku) first() string {
	line, _, _ := strings.Cut(h.Text, "\n")
	return line
}

func (s *Service) title(ctx context.Context, n news.News) (string, error) {
	h, err := s.store.Haiku(ctx, n.Member, n.Thing)
	return h.first(), err
}

func (s *Service) topic(ctx context.Context, viewer core.Viewer, on talk.Thread) (talk.Topic, error) {
	h, err := s.Haiku(ctx, viewer, on.Owner, on.Thing)
	return talk.Topic{Title: h.first(), Open: h.Visibility != core.Private, Comments: h.Comments}, err
}

func (s *Service) gate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	_, err := s.Haiku(ctx, viewer, to.Owner, to.Thing)
	return p, err
}
