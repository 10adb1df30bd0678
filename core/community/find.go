package community

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/search"
)

// An Order of communities that are found.
type Order uint8

// Orders.
const (
	ByMembers Order = iota
	ByLife          // the last post first
)

// maxFound is how many communities with the words of a search are put in order.
const maxFound = 1000

// A Query asks for communities. What is empty narrows nothing.
type Query struct {
	Words    string
	Category core.ID
	Order    Order
}

// Find lists the communities that everybody may know of. With words, of the newest maxFound that have them.
func (s *Service) Find(ctx context.Context, viewer core.Viewer, q Query, p core.Page) (list []Line, more bool, err error) {
	if len(core.SearchWords(q.Words)) == 0 {
		rows, err := s.store.Best(ctx, viewer.Member, q.Category, q.Order, p)
		list, more = core.Cut(rows, p)
		return list, more, err
	}
	found, err := s.search.Search(ctx, viewer, search.Query{Kind: SearchCommunities, Words: q.Words, Size: maxFound})
	if err != nil {
		return nil, false, err
	}
	ids := make([]core.ID, len(found.Rows))
	for i, row := range found.Rows {
		ids[i] = row.ID
	}
	all, err := s.store.Lines(ctx, viewer.Member, ids)
	if err != nil {
		return nil, false, err
	}
	all = slices.DeleteFunc(all, func(l Line) bool { return q.Category != 0 && l.Category != q.Category })
	slices.SortFunc(all, func(a, b Line) int {
		if q.Order == ByLife {
			return cmp.Or(b.TouchedAt.Compare(a.TouchedAt), cmp.Compare(b.ID, a.ID))
		}
		return cmp.Or(cmp.Compare(b.Members, a.Members), cmp.Compare(b.ID, a.ID))
	})
	all = all[min(p.Offset(), len(all)):]
	list, more = core.Cut(all, p)
	return list, more, nil
}

// MaxBookmarks is how many communities one member may bookmark.
const MaxBookmarks = 300

// ErrBookmarksFull is returned for one more.
var ErrBookmarksFull = &core.Error{Code: core.Full, Key: "error.bookmarksfull"}

// A Look says when a member looked at a community that they bookmarked.
type Look struct {
	Member, Community core.ID
	At                time.Time
}

type lookKey struct{ member, community core.ID }

// AddBookmark puts a community among the viewer's bookmarks.
func (s *Service) AddBookmark(ctx context.Context, viewer core.Viewer, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		if _, err := s.look(ctx, viewer, id); err != nil {
			return err
		}
		if n, err := s.store.CountBookmarks(ctx, viewer.Member); err != nil || n >= MaxBookmarks {
			return errors.Join(err, ErrBookmarksFull)
		}
		return s.store.PutBookmark(ctx, viewer.Member, id, s.Now())
	})
}

// RemoveBookmark takes it out.
func (s *Service) RemoveBookmark(ctx context.Context, member, id core.ID) error {
	return s.store.DeleteBookmark(ctx, member, id)
}

// Bookmarked says whether the viewer has bookmarked a community that they look at now, and notes that they do.
func (s *Service) Bookmarked(ctx context.Context, c *Seen) (bool, error) {
	since, err := s.store.Bookmark(ctx, c.Viewer.Member, c.ID)
	if errors.Is(err, core.ErrNotFound) {
		return false, nil
	}
	if err == nil && c.TouchedAt.After(since) {
		s.looks.Put(lookKey{c.Viewer.Member, c.ID}, Look{c.Viewer.Member, c.ID, s.Now()})
	}
	return err == nil, err
}

// Bookmarks lists the communities that a member has bookmarked and may know of, newest bookmark first.
func (s *Service) Bookmarks(ctx context.Context, viewer core.Viewer, p core.Page) (list []Line, more bool, err error) {
	rows, err := s.store.Bookmarks(ctx, viewer.Member, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	list = rows[:0]
	for _, l := range rows {
		if _, err := s.look(ctx, viewer, l.ID); errors.Is(err, core.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, false, err
		}
		if look, ok := s.looks.Pending(lookKey{viewer.Member, l.ID}); ok && !l.TouchedAt.After(look.At) {
			l.New = false
		}
		list = append(list, l)
	}
	return list, more, nil
}

// Flush stores what pages have noted. Run of core/chores does so every core.FlushEvery.
func (s *Service) Flush(ctx context.Context) error {
	return errors.Join(s.flushReads(ctx), s.looks.Flush(func(some []Look) error { return s.store.PutLooks(ctx, some) }))
}
