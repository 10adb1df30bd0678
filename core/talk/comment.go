package talk

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/news"
	"time"
)

// Limits of comments.
const (
	MaxComment  = 2000 // characters
	MaxComments = 1000 // in one thread
)

// ErrCommentsFull is returned for one comment more than MaxComments.
var ErrCommentsFull = &core.Error{Code: core.Full, Key: "error.commentsfull"}

// A Kind is a kind of thing that takes comments.
type Kind uint8

// A Row is what there is to know of a kind of thread; the area whose things take comments supplies it.
type Row struct {
	Kind   Kind
	Closed *core.Error // the owner wants no comments there
	News   news.Kind   // what the owner is told; its Thing is the piece, or the thing itself

	Mentioned news.Kind // what friends are told whom a comment names; its Actor is the owner; 0: nothing

	Liked news.Kind // what the owner is told when somebody likes it, with the same Thing; 0: nothing

	// Topic looks at the thing as the viewer may see it: with the error of its own page when they may not.
	Topic func(ctx context.Context, viewer core.Viewer, on Thread) (Topic, error)
	// Piece counts the comments under a piece of a thing that the viewer may see; nil: things of this kind have none.
	Piece func(ctx context.Context, on Thread) (comments int, err error)
}

// A Thread is where comments stand: under a thing of a member, or under a piece of it.
type Thread struct {
	Kind  Kind
	Owner core.ID // whose thing it is
	Thing core.ID // the entry, the album
	Piece core.ID // a photo of the album; 0: under the thing itself
}

// A Topic is what a thread is about.
type Topic struct {
	Title    string
	Open     bool // takes comments
	Comments int  // in the thread
}

// Seen is a thread under a thing that the viewer was let look at: whoever opened the thing has asked, and comments and likes ask not again.
// It is good for one answer, and only the rooms whose things take comments make one (Show).
type Seen struct {
	Thread
	Topic
	viewer core.Viewer
}

// Show is for the room that has let the viewer look at the thing.
func Show(viewer core.Viewer, on Thread, about Topic) Seen { return Seen{on, about, viewer} }

// A Comment stands in a thread.
type Comment struct {
	Thread
	ID          core.ID
	Author      core.ID
	AuthorName  string
	AuthorPhoto core.Photo
	Body        string
	CreatedAt   time.Time
}

// CommentStore keeps comments.
type CommentStore interface {
	// InsertComment stores the comment, counts it, and moves an entry to the top of the comment history of everyone who
	// commented on it, unless it was moved there within the last minute.
	InsertComment(ctx context.Context, c Comment) error
	Comment(ctx context.Context, on Thread, id core.ID) (Comment, error)
	// ChangeComment replaces the words of a comment.
	ChangeComment(ctx context.Context, c Comment) error
	// DeleteComment removes the comment, counts it off, and takes an entry out of its author's history when it was their
	// last one there.
	DeleteComment(ctx context.Context, c Comment) error
	// Comments lists the comments of a thread, oldest first.
	Comments(ctx context.Context, on Thread, p core.Page) ([]Comment, error)
}

// CheckComment cleans a comment in place and returns Invalid when it is empty or too long.
func CheckComment(body *string) error {
	var c core.Check
	c.Text("body", body, core.ManyLines, true, MaxComment)
	return c.Err()
}

// See opens the thing of a thread for who comes by the thread alone. The errors are those of the page of the thing: ErrNotFound when the
// viewer may not see it, ErrAlbumLocked before an album's password.
func (s *Service) See(ctx context.Context, viewer core.Viewer, on Thread) (Seen, error) {
	kind := &s.threads[on.Kind]
	t, err := kind.Topic(ctx, viewer, on)
	if err == nil && on.Piece != 0 {
		if kind.Piece == nil {
			return Seen{}, core.ErrNotFound
		}
		t.Comments, err = kind.Piece(ctx, on)
	}
	if err != nil {
		return Seen{}, err
	}
	return Show(viewer, on, t), nil
}

// WriteComment stores a comment of the viewer in a thread under a thing that they may see. Errors are those of Topic; Closed
// of the kind when the thing takes none; ErrCommentsFull when there are MaxComments. at zero means now.
func (s *Service) WriteComment(ctx context.Context, viewer core.Viewer, on Thread, body string, at time.Time) (Comment, error) {
	if err := CheckComment(&body); err != nil {
		return Comment{}, err
	}
	c := Comment{Thread: on, Author: viewer.Member, Body: body}
	err := s.store.AtomicOf(ctx, core.Of(viewer.Member, on.Owner), func(ctx context.Context) error {
		if err := s.MayWrite(ctx, viewer.Member); err != nil {
			return err
		}
		t, err := s.See(ctx, viewer, on)
		switch {
		case err != nil:
			return err
		case !t.Open:
			return s.threads[on.Kind].Closed
		case t.Comments >= MaxComments:
			return ErrCommentsFull
		}
		c.ID, c.CreatedAt = s.Stamp(at)
		if err := s.store.InsertComment(ctx, c); err != nil {
			return err
		}
		return errors.Join(s.news.Tell(ctx, s.commentNews(&c), t.Title), s.reviewComment(ctx, c), s.tellMentioned(ctx, &c, t.Title))
	})
	return c, err
}

// Comments lists the comments of a thread, oldest first, without those of members whom its viewer may not see: a block hides them, or they
// are suspended or have left.
func (s *Service) Comments(ctx context.Context, t Seen, p core.Page) (comments []Comment, more bool, err error) {
	rows, err := s.store.Comments(ctx, t.Thread, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(t.viewer)
	comments = rows[:0]
	for _, c := range rows {
		if g.May(ctx, c.Author, core.Everyone) {
			comments = append(comments, c)
		}
	}
	return comments, more, nil
}

// DeleteComment removes a comment: its author may, and the owner of the thing. ErrNotFound for anybody else.
func (s *Service) DeleteComment(ctx context.Context, member core.ID, on Thread, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member, on.Owner), func(ctx context.Context) error {
		c, err := s.store.Comment(ctx, on, id)
		if err != nil {
			return err
		}
		if !c.Mine(member) {
			return core.ErrNotFound
		}
		return errors.Join(s.store.DeleteComment(ctx, c), s.news.TakeNews(ctx, s.commentNews(&c)), s.AuditDelete(ctx, member, "comment", id))
	})
}

// EditAge is how long the words of a comment can be changed by who wrote it.
const EditAge = time.Hour

// Editable says whether the member may change the comment at a time.
func (c *Comment) Editable(member core.ID, at time.Time) bool {
	return member == c.Author && at.Sub(c.CreatedAt) < EditAge
}

// Comment gives a comment that the viewer may change; ErrNotFound for every other one.
func (s *Service) Comment(ctx context.Context, viewer core.Viewer, on Thread, id core.ID) (Comment, error) {
	if _, err := s.threads[on.Kind].Topic(ctx, viewer, on); err != nil {
		return Comment{}, err
	}
	c, err := s.store.Comment(ctx, on, id)
	if err == nil && !c.Editable(viewer.Member, s.Now()) {
		err = core.ErrNotFound
	}
	return c, err
}

// EditComment changes the words of a comment of the viewer that is not older than EditAge.
func (s *Service) EditComment(ctx context.Context, viewer core.Viewer, on Thread, id core.ID, body string) error {
	if err := CheckComment(&body); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, on.Owner), func(ctx context.Context) error {
		c, err := s.Comment(ctx, viewer, on, id)
		if err != nil {
			return err
		}
		c.Body = body
		return errors.Join(s.MayWrite(ctx, viewer.Member), s.store.ChangeComment(ctx, c), s.reviewComment(ctx, c))
	})
}

// Mine says whether the member may delete the comment.
func (c *Comment) Mine(member core.ID) bool { return member == c.Author || member == c.Owner }

// commentNews is what the owner is told of the comment.
func (s *Service) commentNews(c *Comment) news.News {
	thing := c.Piece
	if thing == 0 {
		thing = c.Thing
	}
	return news.News{Member: c.Owner, Kind: s.threads[c.Kind].News, Actor: c.Author, Thing: thing, At: c.CreatedAt}
}
