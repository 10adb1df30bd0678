package people

import (
	"context"
	"musubi/core"
	"time"
)

// MaxBookmarks is how many members one member may bookmark. It also bounds what BookmarkedDiaries looks through.
const MaxBookmarks = 300

// ErrBookmarksFull is returned for one bookmark more than MaxBookmarks.
var ErrBookmarksFull = &core.Error{Code: core.Full, Key: "error.bookmarksfull"}

// A BookmarkLine is one row of a member's bookmarks.
type BookmarkLine struct {
	Member core.Member
	Since  time.Time
}

// BookmarkStore keeps bookmarks of members (お気に入り).
type BookmarkStore interface {
	// InsertBookmark stores a bookmark; one that exists stays as it is.
	InsertBookmark(ctx context.Context, member, other core.ID, at time.Time) error
	// DeleteBookmark removes a bookmark if there is one.
	DeleteBookmark(ctx context.Context, member, other core.ID) error
	HasBookmark(ctx context.Context, member, other core.ID) (bool, error)
	CountBookmarks(ctx context.Context, member core.ID) (int, error)
	// Bookmarks lists the active members that the member has bookmarked, newest bookmark first.
	Bookmarks(ctx context.Context, member core.ID, p core.Page) ([]BookmarkLine, error)
}

// AddBookmark puts another member among the member's bookmarks. Nobody is asked, and the other does not learn of it.
// ErrNotFound for a member one may not see and for oneself, ErrBookmarksFull.
func (s *Service) AddBookmark(ctx context.Context, member, other core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member, other), func(ctx context.Context) error {
		r, err := s.Require(ctx, core.Viewer{Member: member}, other, core.Everyone)
		if err != nil {
			return err
		}
		if r == core.Self {
			return core.ErrNotFound
		}
		n, err := s.store.CountBookmarks(ctx, member)
		if err != nil {
			return err
		}
		if n >= MaxBookmarks {
			return ErrBookmarksFull
		}
		return s.store.InsertBookmark(ctx, member, other, s.Now())
	})
}

// RemoveBookmark takes a member out of the bookmarks; it does not mind when they are not there.
func (s *Service) RemoveBookmark(ctx context.Context, member, other core.ID) error {
	return s.store.DeleteBookmark(ctx, member, other)
}

// HasBookmark says whether the member has bookmarked the other.
func (s *Service) HasBookmark(ctx context.Context, member, other core.ID) (bool, error) {
	return s.store.HasBookmark(ctx, member, other)
}

// Bookmarks lists those the member has bookmarked, newest first, without those a block hides: they come back with the end
// of the block.
func (s *Service) Bookmarks(ctx context.Context, member core.ID, p core.Page) (lines []BookmarkLine, more bool, err error) {
	rows, err := s.store.Bookmarks(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(core.Viewer{Member: member})
	lines = rows[:0]
	for _, b := range rows {
		if g.May(ctx, b.Member.ID, core.Everyone) {
			lines = append(lines, b)
		}
	}
	return lines, more, nil
}
