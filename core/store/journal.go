package store

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store/engine"
)

// DiaryBytes implements journal.DiaryStore.
func (s Journal) DiaryBytes(ctx context.Context, member core.ID) (n int64, err error) {
	err = s.on(ctx).Row(ctx, `SELECT coalesce(sum(bytes), 0) FROM photo WHERE member = $1 AND kind = $2`, member, journal.DiaryPhoto).Scan(&n)
	return n, err
}

// InsertDiary implements journal.DiaryStore.
func (s Journal) InsertDiary(ctx context.Context, d journal.Diary) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO diary (member, id, title, body, visibility, comments_open, created_at, updated_at, category)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
			d.Owner, d.ID, d.Title, d.Body, d.Visibility, d.CommentsOpen, engine.Millis(d.CreatedAt), d.Category)
		if err != nil {
			return err
		}
		return deliver(ctx, q, d)
	})
}

// deliver puts an entry into the lists that its visibility names.
func deliver(ctx context.Context, q engine.Querier, d journal.Diary) error {
	if d.Visibility == core.Everyone {
		_, err := q.Run(ctx, `INSERT INTO newest_diary (diary, owner) VALUES ($1, $2) ON CONFLICT (diary, owner) DO NOTHING`, d.ID, d.Owner)
		if err != nil {
			return err
		}
	}
	if d.Visibility == core.Private {
		return nil
	}
	_, err := q.Run(ctx, `INSERT INTO friend_diary (member, diary, owner) SELECT friend, $1, member FROM friend WHERE member = $2
		ON CONFLICT (member, diary, owner) DO NOTHING`, d.ID, d.Owner)
	return err
}

// withdraw takes an entry out of the lists of friends and of everyone.
func withdraw(ctx context.Context, q engine.Querier, owner, id core.ID) error {
	if _, err := q.Run(ctx, `DELETE FROM newest_diary WHERE diary = $1 AND owner = $2`, id, owner); err != nil {
		return err
	}
	_, err := q.Run(ctx, `DELETE FROM friend_diary WHERE diary = $1 AND owner = $2 AND member IN (SELECT friend FROM friend WHERE member = $2)`,
		id, owner)
	return err
}

// UpdateDiary implements journal.DiaryStore.
func (s Journal) UpdateDiary(ctx context.Context, d journal.Diary) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE diary SET title = $1, body = $2, visibility = $3, comments_open = $4, category = $5 WHERE member = $6 AND id = $7`,
			d.Title, d.Body, d.Visibility, d.CommentsOpen, d.Category, d.Owner, d.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		if err := withdraw(ctx, q, d.Owner, d.ID); err != nil {
			return err
		}
		return deliver(ctx, q, d)
	})
}

// DeleteDiary implements journal.DiaryStore.
func (s Journal) DeleteDiary(ctx context.Context, owner, id core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM diary WHERE member = $1 AND id = $2`, owner, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		for _, query := range [...]string{
			`DELETE FROM comment WHERE owner = $1 AND diary = $2`,
			`DELETE FROM commented WHERE owner = $1 AND diary = $2`,
			`DELETE FROM liked WHERE owner = $1 AND kind = 0 AND thing = $2`,
		} {
			if _, err := q.Run(ctx, query, owner, id); err != nil {
				return err
			}
		}
		return withdraw(ctx, q, owner, id)
	})
}

// Diary implements journal.DiaryStore.
func (s Journal) Diary(ctx context.Context, owner, id core.ID) (journal.Diary, error) {
	d := journal.Diary{Owner: owner, ID: id}
	err := s.on(ctx).Row(ctx, `SELECT m.name, d.title, d.body, d.visibility, d.comments_open, d.comments, d.created_at, d.category
		FROM diary d JOIN member m ON m.id = d.member WHERE d.member = $1 AND d.id = $2`, owner, id).
		Scan(&d.OwnerName, &d.Title, &d.Body, &d.Visibility, &d.CommentsOpen, &d.Comments, engine.Moment(&d.CreatedAt), &d.Category)
	return d, one(err)
}

// DiaryNeighbours implements journal.DiaryStore.
func (s Journal) DiaryNeighbours(ctx context.Context, owner, id core.ID, reach core.Visibility) (before, after core.ID, err error) {
	err = s.on(ctx).Row(ctx, `SELECT coalesce((SELECT id FROM diary WHERE member = $1 AND id < $2 AND visibility <= $3 ORDER BY id DESC LIMIT 1), 0),
		coalesce((SELECT id FROM diary WHERE member = $1 AND id > $2 AND visibility <= $3 ORDER BY id LIMIT 1), 0)`, owner, id, reach).Scan(&before, &after)
	return before, after, err
}

const lineColumns = `SELECT d.member, d.id, m.name, d.title, d.visibility, d.comments, d.photos, d.created_at, d.updated_at`

const lineTables = ` JOIN diary d ON d.member = l.owner AND d.id = l.diary JOIN member m ON m.id = l.owner `

func diaryLine(r engine.Scanner) (l journal.DiaryLine, err error) {
	return l, r.Scan(&l.Owner, &l.ID, &l.OwnerName, &l.Title, &l.Visibility, &l.Comments, &l.Photos,
		engine.Moment(&l.CreatedAt), engine.Moment(&l.UpdatedAt))
}

// DiaryLines implements journal.DiaryStore.
func (s Journal) DiaryLines(ctx context.Context, owner core.ID, reach core.Visibility, category, from, to core.ID, p core.Page) ([]journal.DiaryLine, error) {
	const lines = lineColumns + ` FROM diary d JOIN member m ON m.id = d.member WHERE d.member = $1 AND d.visibility <= $2 AND d.id >= $3 AND d.id < $4 `
	const newest = ` ORDER BY d.id DESC LIMIT $5 OFFSET $6`
	if category == 0 {
		return engine.List(ctx, s.on(ctx), diaryLine, lines+newest, owner, reach, from, to, p.Limit(), p.Offset())
	}
	return engine.List(ctx, s.on(ctx), diaryLine, lines+`AND d.category = $7`+newest, owner, reach, from, to, p.Limit(), p.Offset(), category)
}

// FriendsDiaryLines implements journal.DiaryStore.
func (s Journal) FriendsDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]journal.DiaryLine, error) {
	return engine.List(ctx, s.on(ctx), diaryLine, lineColumns+` FROM friend_diary l
		JOIN friend f ON f.member = l.member AND f.friend = l.owner AND f.on_home = 1`+lineTables+
		`WHERE l.member = $1 ORDER BY l.diary DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// EveryonesDiaryLines implements journal.DiaryStore.
func (s Journal) EveryonesDiaryLines(ctx context.Context, p core.Page) ([]journal.DiaryLine, error) {
	return engine.List(ctx, s.on(ctx), diaryLine, lineColumns+` FROM newest_diary l`+lineTables+
		`ORDER BY l.diary DESC LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// CommentedDiaryLines implements journal.DiaryStore.
func (s Journal) CommentedDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]journal.DiaryLine, error) {
	return engine.List(ctx, s.on(ctx), diaryLine, lineColumns+` FROM commented l`+lineTables+
		`WHERE l.member = $1 ORDER BY l.updated_at DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// DiaryLine gives the row of one entry as lists have it.
func (s Journal) DiaryLine(ctx context.Context, owner, id core.ID) (journal.DiaryLine, error) {
	l, err := diaryLine(s.on(ctx).Row(ctx, lineColumns+` FROM diary d JOIN member m ON m.id = d.member WHERE d.member = $1 AND d.id = $2`, owner, id))
	return l, one(err)
}

// A DiaryName names an entry in a list.
type DiaryName struct{ Owner, ID core.ID }

func diaryName(r engine.Scanner) (n DiaryName, err error) { return n, r.Scan(&n.Owner, &n.ID) }

// FriendsDiaryNames, EveryonesDiaryNames and CommentedDiaryNames are the lists of the same names without what the entries
// say: for a cache that has it.
func (s Journal) FriendsDiaryNames(ctx context.Context, member core.ID, limit int) ([]DiaryName, error) {
	return engine.List(ctx, s.on(ctx), diaryName, `SELECT l.owner, l.diary FROM friend_diary l
		JOIN friend f ON f.member = l.member AND f.friend = l.owner AND f.on_home = 1
		WHERE l.member = $1 ORDER BY l.diary DESC LIMIT $2`, member, limit)
}

// EveryonesDiaryNames: see FriendsDiaryNames.
func (s Journal) EveryonesDiaryNames(ctx context.Context, limit int) ([]DiaryName, error) {
	return engine.List(ctx, s.on(ctx), diaryName, `SELECT owner, diary FROM newest_diary ORDER BY diary DESC LIMIT $1`, limit)
}

// CommentedDiaryNames: see FriendsDiaryNames.
func (s Journal) CommentedDiaryNames(ctx context.Context, member core.ID, limit int) ([]DiaryName, error) {
	return engine.List(ctx, s.on(ctx), diaryName, `SELECT owner, diary FROM commented WHERE member = $1 ORDER BY updated_at DESC LIMIT $2`, member, limit)
}

// BookmarkedDiaryLines implements journal.DiaryStore, from the newest bookmarkedBack entries of each.
func (s Journal) BookmarkedDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]journal.DiaryLine, error) {
	return engine.List(ctx, s.on(ctx), diaryLine, lineColumns+` FROM bookmark b JOIN diary d ON d.member = b.other
		AND d.id IN (SELECT id FROM diary WHERE member = b.other ORDER BY id DESC LIMIT $2) JOIN member m ON m.id = b.other
		WHERE b.member = $1 AND d.visibility <= $3 ORDER BY d.id DESC LIMIT $4 OFFSET $5`,
		member, bookmarkedBack, core.Friends, p.Limit(), p.Offset())
}
