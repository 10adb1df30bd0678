package core

import (
	"context"
	"errors"
	"time"
)

// An AlbumComment stands under an album, or under one of its photos.
type AlbumComment struct {
	Owner, Album ID
	Photo        ID // 0: under the album itself
	ID           ID
	Author       ID
	AuthorName   string
	AuthorPhoto  Photo
	Body         string
	CreatedAt    time.Time
}

// AlbumCommentStore keeps the comments on albums and photos.
type AlbumCommentStore interface {
	// InsertAlbumComment stores the comment and counts it.
	InsertAlbumComment(ctx context.Context, c AlbumComment) error
	AlbumComment(ctx context.Context, owner, album, photo, id ID) (AlbumComment, error)
	DeleteAlbumComment(ctx context.Context, c AlbumComment) error
	// AlbumComments lists the comments under a photo, or (0) under the album itself, oldest first.
	AlbumComments(ctx context.Context, owner, album, photo ID, p Page) ([]AlbumComment, error)
}

// WriteAlbumComment stores a comment under an album, or one of its photos, that the viewer may see. ErrAlbumLocked before the
// password, ErrAlbumClosed when the album takes none, ErrCommentsFull when there are MaxComments. at zero means now.
func (s *Services) WriteAlbumComment(ctx context.Context, viewer Viewer, owner, album, photo ID, body string, at time.Time) (AlbumComment, error) {
	if err := CheckComment(&body); err != nil {
		return AlbumComment{}, err
	}
	c := AlbumComment{Owner: owner, Album: album, Photo: photo, Author: viewer.Member, Body: body}
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		a, err := s.openAlbum(ctx, viewer, owner, album)
		if err != nil {
			return err
		}
		count := a.Comments
		if photo != 0 {
			p, err := s.store.AlbumPhoto(ctx, owner, album, photo)
			if err != nil {
				return err
			}
			count = p.Comments
		}
		if !a.CommentsOpen {
			return ErrAlbumClosed
		}
		if count >= MaxComments {
			return ErrCommentsFull
		}
		c.ID, c.CreatedAt = s.stamp(at)
		if err := s.store.InsertAlbumComment(ctx, c); err != nil {
			return err
		}
		return s.tell(ctx, albumNews(c), a.Title)
	})
	return c, err
}

// albumNews is what the owner is told of a comment.
func albumNews(c AlbumComment) News {
	thing := c.Photo
	if thing == 0 {
		thing = c.Album
	}
	return News{Member: c.Owner, Kind: AlbumNews, Actor: c.Author, Thing: thing, At: c.CreatedAt}
}

// albumNewsTitle is the title of an album, or of the one that a photo is in now.
func (s *Services) albumNewsTitle(ctx context.Context, owner, thing ID) (string, error) {
	a, err := s.store.Album(ctx, owner, thing)
	if !errors.Is(err, ErrNotFound) {
		return a.Title, err
	}
	_, to, err := s.store.Photo(ctx, owner, thing)
	if err != nil || to.Kind != InAlbum {
		return "", orElse(err, ErrNotFound)
	}
	a, err = s.store.Album(ctx, owner, to.Thing)
	return a.Title, err
}

// ErrAlbumClosed: the owner wants no comments there.
var ErrAlbumClosed = &Error{Refused, "error.albumclosed"}

// AlbumComments lists the comments under a photo, or (0) under the album itself, oldest first, without those of members whom
// the viewer may not see. ErrAlbumLocked before the password.
func (s *Services) AlbumComments(ctx context.Context, viewer Viewer, owner, album, photo ID, p Page) (comments []AlbumComment, more bool, err error) {
	if _, err := s.openAlbum(ctx, viewer, owner, album); err != nil {
		return nil, false, err
	}
	rows, err := s.store.AlbumComments(ctx, owner, album, photo, p)
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

// DeleteAlbumComment removes a comment: its author may, and the owner of the album. ErrNotFound for anybody else.
func (s *Services) DeleteAlbumComment(ctx context.Context, member, owner, album, photo, id ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		c, err := s.store.AlbumComment(ctx, owner, album, photo, id)
		if err != nil {
			return err
		}
		if member != c.Author && member != c.Owner {
			return ErrNotFound
		}
		return errors.Join(s.store.DeleteAlbumComment(ctx, c), s.store.TakeNews(ctx, albumNews(c)))
	})
}
