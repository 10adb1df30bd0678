package talk

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// A Liking is what one member likes (いいね): the thing of a thread, or one of its comments.
type Liking struct {
	Thread
	Comment core.ID // 0: the thing itself
	Member  core.ID
	At      time.Time
}

// Likes are those of one thing.
type Likes struct {
	N    int
	Mine bool // one is the viewer's
}

// LikeStore keeps who likes what.
type LikeStore interface {
	// PutLike and DropLike say whether that changed anything.
	PutLike(ctx context.Context, l Liking) (bool, error)
	DropLike(ctx context.Context, l Liking) (bool, error)
	// Likes counts those of a thread by comment; 0 is the thing itself.
	Likes(ctx context.Context, on Thread, viewer core.ID) (map[core.ID]Likes, error)
}

// ErrOwnLike: one's own words one likes anyway.
var ErrOwnLike = &core.Error{Code: core.Refused, Key: "error.ownlike"}

// Like notes that the viewer likes a thing that they may see, or a comment on it; a second time changes nothing.
func (s *Service) Like(ctx context.Context, viewer core.Viewer, on Thread, comment core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, on.Owner), func(ctx context.Context) error {
		t, err := s.See(ctx, viewer, on)
		if err != nil {
			return err
		}
		if err := errors.Join(s.MayWrite(ctx, viewer.Member), s.mayLike(ctx, viewer, on, comment)); err != nil {
			return err
		}
		l := Liking{Thread: on, Comment: comment, Member: viewer.Member, At: s.Now()}
		fresh, err := s.store.PutLike(ctx, l)
		if err != nil || !fresh || comment != 0 || s.threads[on.Kind].Liked == 0 {
			return err
		}
		return s.news.Tell(ctx, s.likeNews(l), t.Title)
	})
}

// mayLike refuses what is the viewer's own, and comments that they may not see.
func (s *Service) mayLike(ctx context.Context, viewer core.Viewer, on Thread, comment core.ID) error {
	author := on.Owner
	if comment != 0 {
		c, err := s.store.Comment(ctx, on, comment)
		if err != nil {
			return err
		}
		author = c.Author
	}
	if author == viewer.Member {
		return ErrOwnLike
	}
	_, err := s.Require(ctx, viewer, author, core.Everyone)
	return err
}

// Unlike takes it back, also of what the viewer may see no more.
func (s *Service) Unlike(ctx context.Context, viewer core.Viewer, on Thread, comment core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, on.Owner), func(ctx context.Context) error {
		l := Liking{Thread: on, Comment: comment, Member: viewer.Member, At: s.Now()}
		gone, err := s.store.DropLike(ctx, l)
		if err != nil || !gone || comment != 0 || s.threads[on.Kind].Liked == 0 {
			return err
		}
		return s.news.TakeNews(ctx, s.likeNews(l))
	})
}

// Likes counts what is liked of a thread, by comment; 0 is the thing itself.
func (s *Service) Likes(ctx context.Context, t Seen) (map[core.ID]Likes, error) {
	return s.store.Likes(ctx, t.Thread, t.viewer.Member)
}

func (s *Service) likeNews(l Liking) news.News {
	thing := l.Piece
	if thing == 0 {
		thing = l.Thing
	}
	return news.News{Member: l.Owner, Kind: s.threads[l.Kind].Liked, Actor: l.Member, Thing: thing, At: l.At}
}
