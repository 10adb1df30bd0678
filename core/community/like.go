package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/talk"
)

// A Liking is what a member likes (いいね): a thread, or one of its comments.
type Liking struct {
	Community, Thread core.ID
	Comment           core.ID // 0: the thread itself
	Member            core.ID
	At                time.Time
}

// LikeStore keeps who likes what, and counts it beside the thing, since there may be many who do.
type LikeStore interface {
	// PutLike and DropLike say whether that changed anything.
	PutLike(ctx context.Context, l Liking) (bool, error)
	DropLike(ctx context.Context, l Liking) (bool, error)
	// LikedIn lists what of a thread a member likes; 0 is the thread itself.
	LikedIn(ctx context.Context, community, thread, member core.ID) ([]core.ID, error)
	// ChangeNumbered replaces the words of a comment.
	ChangeNumbered(ctx context.Context, c Comment) error
}

// Like notes that the viewer, who may write there, likes a thread, or its comment with a number that is not 0; a second time changes
// nothing. The author of a thread is told.
func (s *Boards) Like(ctx context.Context, viewer core.Viewer, id core.ID, number int) error {
	return s.liking(ctx, viewer, id, number, func(ctx context.Context, l Liking, t *Thread) error {
		fresh, err := s.store.PutLike(ctx, l)
		if err != nil || !fresh || l.Comment != 0 {
			return err
		}
		return s.news.Tell(ctx, likeNews(l, t), t.Title)
	})
}

// Unlike takes it back.
func (s *Boards) Unlike(ctx context.Context, viewer core.Viewer, id core.ID, number int) error {
	return s.liking(ctx, viewer, id, number, func(ctx context.Context, l Liking, t *Thread) error {
		gone, err := s.store.DropLike(ctx, l)
		if err != nil || !gone || l.Comment != 0 {
			return err
		}
		return s.news.TakeNews(ctx, likeNews(l, t))
	})
}

// liking runs f on what somebody else wrote and the viewer may see and like.
func (s *Boards) liking(ctx context.Context, viewer core.Viewer, id core.ID, number int, f func(ctx context.Context, l Liking, t *Thread) error) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		c, t, m, err := s.piece(ctx, viewer, id, number)
		if err == nil {
			err = errors.Join(c.mayWrite(), s.MayWrite(ctx, viewer.Member))
		}
		author := t.Author
		if number != 0 {
			author = m.Author
		}
		switch {
		case err != nil:
			return err
		case author == 0:
			return core.ErrNotFound
		case author == viewer.Member:
			return talk.ErrOwnLike
		}
		return f(ctx, Liking{t.Community, t.ID, m.ID, viewer.Member, s.Now()}, &t)
	})
}

// piece gives a thread by its ID, and its comment with a number that is not 0, as the viewer may see them.
func (s *Boards) piece(ctx context.Context, viewer core.Viewer, id core.ID, number int) (c Seen, t Thread, m Comment, err error) {
	if t, err = s.ThreadByID(ctx, viewer, id); err != nil {
		return c, t, m, err
	}
	if c, err = s.read(ctx, viewer, t.Community); err != nil || number == 0 {
		return c, t, m, err
	}
	list, err := s.store.Numbered(ctx, t.Community, id, number, number)
	if err == nil && (len(list) == 0 || !shows(viewer, list[0].Hidden, list[0].Author)) {
		err = core.ErrNotFound
	}
	if err == nil {
		m = list[0]
	}
	return c, t, m, err
}

// Liked lists what the viewer likes of a thread that they have been shown, by the IDs of its comments; 0 is the thread itself.
func (s *Boards) Liked(ctx context.Context, viewer core.Viewer, t *Thread) (map[core.ID]bool, error) {
	list, err := s.store.LikedIn(ctx, t.Community, t.ID, viewer.Member)
	liked := make(map[core.ID]bool, len(list))
	for _, id := range list {
		liked[id] = true
	}
	return liked, err
}

func likeNews(l Liking, t *Thread) news.News {
	return news.News{Member: t.Author, Kind: LikeNews, Actor: l.Member, Thing: t.ID, At: l.At}
}

// Editable says whether the member may change the words of a comment at a time: who wrote it, for an hour.
func (m *Comment) Editable(member core.ID, at time.Time) bool {
	return !m.Removed && member == m.Author && at.Sub(m.CreatedAt) < talk.EditAge
}

// OwnComment gives a comment that the viewer may change; ErrNotFound for every other one.
func (s *Boards) OwnComment(ctx context.Context, viewer core.Viewer, id core.ID, number int) (Thread, Comment, error) {
	c, t, m, err := s.piece(ctx, viewer, id, number)
	if err == nil && (number == 0 || !m.Editable(viewer.Member, s.Now()) || !c.MayWrite()) {
		err = core.ErrNotFound
	}
	return t, m, err
}

// EditComment changes the words of a comment of the viewer that is not older than [talk.EditAge].
func (s *Boards) EditComment(ctx context.Context, viewer core.Viewer, id core.ID, number int, body string) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		_, m, err := s.OwnComment(ctx, viewer, id, number)
		if err != nil {
			return err
		}
		n := NewComment{Body: body, Photos: make([]core.ID, m.PhotoCount)}
		if err := errors.Join(CheckComment(&n), s.MayWrite(ctx, viewer.Member)); err != nil {
			return err
		}
		m.Body = n.Body
		return errors.Join(s.store.ChangeNumbered(ctx, m), s.reviewComment(ctx, m))
	})
}
