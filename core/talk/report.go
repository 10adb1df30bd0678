package talk

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/report"
)

// Reports is the row of comments under things of a kind: the area whose things they are has it in its feature.
func (s *Service) Reports(kind report.Kind, key string, on Kind) report.Row {
	c := reported{s, on}
	if s != nil {
		s.reports[on] = kind
	}
	return report.Row{Kind: kind, Key: key, Look: c.look, Hide: c.hide, Show: c.show, Delete: c.remove}
}

// reviewComment has a comment looked at that was just written.
func (s *Service) reviewComment(ctx context.Context, c Comment) error {
	kind, ok := s.reports[c.Kind]
	if !ok {
		return nil
	}
	return s.Review(ctx, core.Written{Kind: uint8(kind), Owner: c.Owner, ID: c.Thing, Piece: c.Piece, Comment: c.ID, Author: c.Author}, c.Body)
}

// reported are the comments under things of a kind, as reports ask for them.
type reported struct {
	s  *Service
	on Kind
}

func (c reported) thread(t report.Thing) Thread {
	return Thread{Kind: c.on, Owner: t.Owner, Thing: t.ID, Piece: t.Piece}
}

// look gives a comment that the viewer sees on the page of its thing.
func (c reported) look(ctx context.Context, viewer core.Viewer, on report.Thing) (was report.Copy, err error) {
	topic, err := c.s.See(ctx, viewer, c.thread(on))
	if err != nil {
		return was, err
	}
	said, err := c.s.store.Comment(ctx, c.thread(on), on.Comment)
	if err != nil {
		return was, err
	}
	_, err = c.s.Require(ctx, viewer, said.Author, core.Everyone)
	return report.Copy{Author: said.Author, Title: topic.Title, Text: said.Body, At: said.CreatedAt}, err
}

// A kept comment is one that an operator hides: it lies with the measure, and what is not on the page nobody can read there.
type kept struct {
	Author core.ID
	Body   string
	At     int64
}

func (c reported) hide(ctx context.Context, on report.Thing) (was string, err error) {
	said, err := c.s.store.Comment(ctx, c.thread(on), on.Comment)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(kept{said.Author, said.Body, said.CreatedAt.UnixMilli()})
	if err != nil {
		return "", err
	}
	return string(text), c.take(ctx, said)
}

// show brings a comment back to its place, unless its author or the thing is gone.
func (c reported) show(ctx context.Context, on report.Thing, was string) error {
	var k kept
	if err := json.NewDecoder(strings.NewReader(was)).Decode(&k); err != nil {
		return err
	}
	operator := core.Viewer{Operator: true}
	if _, err := c.s.See(ctx, operator, c.thread(on)); err != nil {
		return err
	}
	if m, err := c.s.store.Member(ctx, k.Author); err != nil || m.Status == core.Withdrawn {
		return errors.Join(err, core.ErrNotFound)
	}
	return c.s.store.InsertComment(ctx, Comment{Thread: c.thread(on), ID: on.Comment, Author: k.Author, Body: k.Body, CreatedAt: time.UnixMilli(k.At)})
}

func (c reported) remove(ctx context.Context, on report.Thing) error {
	said, err := c.s.store.Comment(ctx, c.thread(on), on.Comment)
	if err != nil {
		return err
	}
	return c.take(ctx, said)
}

// take removes a comment and what its thing's owner is told of it.
func (c reported) take(ctx context.Context, said Comment) error {
	return errors.Join(c.s.store.DeleteComment(ctx, said), c.s.news.TakeNews(ctx, c.s.commentNews(&said)))
}
