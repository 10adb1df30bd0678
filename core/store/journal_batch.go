package store

import (
	"cmp"
	"slices"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/journal"
	"musubi/core/store/engine"
)

func bulkDiaries(out *engine.Queue, b *chores.Batch) {
	diaries := out.Rows("diary", "member, id, title, body, visibility, comments_open, comments, photos, created_at, updated_at, category")
	newest := out.Rows("newest_diary", "diary, owner")
	var open []*journal.Diary
	for i := range b.Diaries {
		d := &b.Diaries[i]
		diaries.Add(int64(d.Owner), int64(d.ID), d.Title, d.Body, int64(d.Visibility), d.CommentsOpen, int64(d.Comments),
			int64(len(d.Photos)), engine.Millis(d.CreatedAt), max(engine.Millis(d.CreatedAt), engine.Millis(d.UpdatedAt)), int64(d.Category))
		if d.Visibility == core.Everyone {
			open = append(open, &d.Diary)
		}
	}
	diaries.End()
	slices.SortFunc(open, func(x, y *journal.Diary) int { return cmp.Compare(x.ID, y.ID) })
	for _, d := range open {
		newest.Add(int64(d.ID), int64(d.Owner))
	}
	newest.End()
}

func bulkLists(out *engine.Queue, b *chores.Batch) {
	delivered := out.Rows("friend_diary", "member, diary, owner")
	for _, d := range b.Delivered {
		delivered.Add(int64(d.Member), int64(d.Diary), int64(d.Owner))
	}
	delivered.End()
	commented := out.Rows("commented", "member, owner, diary, updated_at")
	for _, c := range b.Commented {
		commented.Add(int64(c.Member), int64(c.Owner), int64(c.Diary), engine.Millis(c.At))
	}
	commented.End()
}
