package web

import (
	"context"

	"musubi/core"
)

// Rows of the bookmarks' page.
const (
	bookmarkRows   = 50
	bookmarkedRows = 20 // newest entries of those bookmarked, on PC
)

const bookmarksPath = "/bookmarks"

// bookmarks lists the members one has bookmarked, and on PC their newest entries.
func (v friendPages) bookmarks() error {
	p := &bookmarksPage{frame: frame(v), page: v.page(bookmarkRows)}
	var err error
	if p.lines, p.more, err = v.site.core.People.Bookmarks(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	if p.communities, _, err = v.site.core.Community.Bookmarks(v.ctx, v.viewer(), core.Page{Size: bookmarkRows}); err != nil {
		return err
	}
	if p.diaries, err = v.site.core.Journal.BookmarkedDiaries(v.ctx, v.member.ID, bookmarkedRows); err != nil {
		return err
	}
	return v.show(p)
}

// changeBookmark adds a member to one's bookmarks or removes them, from their profile.
func (v friendPages) changeBookmark() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	change := v.site.core.People.AddBookmark
	if v.form.pressed("remove") {
		change = v.site.core.People.RemoveBookmark
	}
	return v.onceOr(func(w wrong) error { return profilePages(v).showProfile(id, w) }, func(ctx context.Context) (string, error) {
		return memberPath(id), change(ctx, v.member.ID, id)
	})
}
