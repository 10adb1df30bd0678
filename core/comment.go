package core

import (
	"context"
	"errors"
	"time"
)

// Limits of comments.
const (
	MaxComment  = 2000 // characters
	MaxComments = 1000 // under one entry
)

// ErrCommentsFull is returned for one comment more than MaxComments.
var ErrCommentsFull = &Error{Full, "error.commentsfull"}

// A Comment stands under a diary entry.
type Comment struct {
	Owner, Diary ID // the entry
	ID           ID
	Author       ID
	AuthorName   string
	AuthorPhoto  Photo
	Body         string
	CreatedAt    time.Time
}

// CommentStore keeps comments.
type CommentStore interface {
	// InsertComment stores the comment, counts it, and moves the entry to the top of the comment history of everyone
	// who commented on it.
	InsertComment(ctx context.Context, c Comment) error
	Comment(ctx context.Context, owner, diary, id ID) (Comment, error)
	// DeleteComment removes a comment, counts it off, and takes the entry out of its author's history when it was their
	// last one there.
	DeleteComment(ctx context.Context, c Comment) error
	// Comments lists the comments of an entry, oldest first.
	Comments(ctx context.Context, owner, diary ID, p Page) ([]Comment, error)
}

// CheckComment cleans a comment in place and returns Invalid when it is empty or too long.
func CheckComment(body *string) error {
	var c check
	c.text("body", body, ManyLines, true, MaxComment)
	return c.err()
}

// WriteComment stores a comment of the author under an entry they may see. ErrClosed when the entry takes none,
// ErrCommentsFull when it has MaxComments. at zero means now.
func (s *Services) WriteComment(ctx context.Context, author, owner, diary ID, body string, at time.Time) (Comment, error) {
	if err := CheckComment(&body); err != nil {
		return Comment{}, err
	}
	c := Comment{Owner: owner, Diary: diary, Author: author, Body: body}
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		d, err := s.store.Diary(ctx, owner, diary)
		if err != nil {
			return err
		}
		if _, err := s.require(ctx, Viewer{Member: author}, owner, d.Visibility); err != nil {
			return err
		}
		if !d.CommentsOpen {
			return ErrClosed
		}
		if d.Comments >= MaxComments {
			return ErrCommentsFull
		}
		c.ID, c.CreatedAt = s.stamp(at)
		if err := s.store.InsertComment(ctx, c); err != nil {
			return err
		}
		return s.tell(ctx, commentNews(c), d.Title)
	})
	return c, err
}

// Comments lists the comments of an entry, oldest first, without those of members whom the viewer may not see: a block hides
// them, or they are suspended or have left. The caller has the entry from Diary, which asked whether the viewer may see it.
func (s *Services) Comments(ctx context.Context, viewer Viewer, d Diary, p Page) (comments []Comment, more bool, err error) {
	if _, err := s.require(ctx, viewer, d.Owner, d.Visibility); err != nil {
		return nil, false, err
	}
	rows, err := s.store.Comments(ctx, d.Owner, d.ID, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = cut(rows, p)
	g := s.sight(viewer)
	comments = rows[:0]
	for _, c := range rows {
		if g.may(ctx, c.Author, Everyone) {
			comments = append(comments, c)
		}
	}
	return comments, more, nil
}

// DeleteComment removes a comment: its author may, and the owner of the entry. ErrNotFound for anybody else.
func (s *Services) DeleteComment(ctx context.Context, member, owner, diary, id ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		c, err := s.store.Comment(ctx, owner, diary, id)
		if err != nil {
			return err
		}
		if member != c.Author && member != c.Owner {
			return ErrNotFound
		}
		return errors.Join(s.store.DeleteComment(ctx, c), s.store.TakeNews(ctx, commentNews(c)))
	})
}

func commentNews(c Comment) News {
	return News{Member: c.Owner, Kind: CommentNews, Actor: c.Author, Thing: c.Diary, At: c.CreatedAt}
}
