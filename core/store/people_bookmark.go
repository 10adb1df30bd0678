package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// bookmarkedBack is how many of a bookmarked member's entries are looked at.
const bookmarkedBack = 20

// InsertBookmark implements people.BookmarkStore.
func (s People) InsertBookmark(ctx context.Context, member, other core.ID, at time.Time) error {
	return s.change(ctx, `INSERT INTO bookmark (member, other, added_at) VALUES ($1, $2, $3)
			ON CONFLICT (member, other) DO NOTHING`, member, other, engine.Millis(at))
}

// DeleteBookmark implements people.BookmarkStore.
func (s People) DeleteBookmark(ctx context.Context, member, other core.ID) error {
	return s.change(ctx, `DELETE FROM bookmark WHERE member = $1 AND other = $2`, member, other)
}

// HasBookmark implements people.BookmarkStore.
func (s People) HasBookmark(ctx context.Context, member, other core.ID) (has bool, err error) {
	err = s.on(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM bookmark WHERE member = $1 AND other = $2)`, member, other).Scan(&has)
	return has, err
}

// CountBookmarks implements people.BookmarkStore.
func (s People) CountBookmarks(ctx context.Context, member core.ID) (n int, err error) {
	err = s.on(ctx).Row(ctx, `SELECT count(*) FROM bookmark WHERE member = $1`, member).Scan(&n)
	return n, err
}

// Bookmarks implements people.BookmarkStore.
func (s People) Bookmarks(ctx context.Context, member core.ID, p core.Page) ([]people.BookmarkLine, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (b people.BookmarkLine, err error) {
		err = r.Scan(append(memberFields(&b.Member), engine.Moment(&b.Since))...)
		b.Member.Photo.Owner = b.Member.ID
		return b, err
	}, `SELECT `+memberColumns+`, b.added_at FROM bookmark b JOIN member m ON m.id = b.other`+memberPhoto+
		`WHERE b.member = $1 AND m.status = 0 ORDER BY b.added_at DESC, m.id DESC LIMIT $2 OFFSET $3`,
		member, p.Limit(), p.Offset())
}

// BookmarkedIDs lists those a member has bookmarked, by ID.
func (s People) BookmarkedIDs(ctx context.Context, member core.ID) ([]core.ID, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) },
		`SELECT other FROM bookmark WHERE member = $1 ORDER BY other`, member)
}
