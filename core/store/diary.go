package store

import (
	"context"

	"musubi/core"
)

// InsertDiary implements core.DiaryStore.
func (s *Store) InsertDiary(ctx context.Context, d core.Diary) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		_, err := q.run(ctx, `INSERT INTO diary (member, id, title, body, visibility, comments_open, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			d.Owner, d.ID, d.Title, d.Body, d.Visibility, d.CommentsOpen, millis(d.CreatedAt))
		if err != nil || d.Visibility == core.Private {
			return err
		}
		if d.Visibility == core.Everyone {
			if _, err := q.run(ctx, `INSERT INTO newest_diary (diary, owner) VALUES ($1, $2)`, d.ID, d.Owner); err != nil {
				return err
			}
		}
		_, err = q.run(ctx, `INSERT INTO friend_diary (member, diary, owner) SELECT friend, $1, member FROM friend WHERE member = $2`,
			d.ID, d.Owner)
		return err
	})
}

// Diary implements core.DiaryStore.
func (s *Store) Diary(ctx context.Context, owner, id core.ID) (core.Diary, error) {
	d := core.Diary{Owner: owner, ID: id}
	err := s.on(ctx).row(ctx, `SELECT m.name, d.title, d.body, d.visibility, d.comments_open, d.comments, d.created_at
		FROM diary d JOIN member m ON m.id = d.member WHERE d.member = $1 AND d.id = $2`, owner, id).
		Scan(&d.OwnerName, &d.Title, &d.Body, &d.Visibility, &d.CommentsOpen, &d.Comments, moment{&d.CreatedAt})
	return d, one(err)
}

const lineColumns = `SELECT d.member, d.id, m.name, d.title, d.visibility, d.comments, d.photos, d.created_at, d.updated_at`

const lineTables = ` JOIN diary d ON d.member = l.owner AND d.id = l.diary JOIN member m ON m.id = l.owner `

func diaryLine(r scanner) (l core.DiaryLine, err error) {
	return l, r.Scan(&l.Owner, &l.ID, &l.OwnerName, &l.Title, &l.Visibility, &l.Comments, &l.Photos,
		moment{&l.CreatedAt}, moment{&l.UpdatedAt})
}

// DiaryLines implements core.DiaryStore.
func (s *Store) DiaryLines(ctx context.Context, owner core.ID, reach core.Visibility, p core.Page) ([]core.DiaryLine, error) {
	return list(ctx, s.on(ctx), diaryLine, lineColumns+` FROM diary d JOIN member m ON m.id = d.member
		WHERE d.member = $1 AND d.visibility <= $2 ORDER BY d.id DESC LIMIT $3 OFFSET $4`,
		owner, reach, p.Limit(), p.Offset())
}

// FriendsDiaryLines implements core.DiaryStore.
func (s *Store) FriendsDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]core.DiaryLine, error) {
	return list(ctx, s.on(ctx), diaryLine, lineColumns+` FROM friend_diary l
		JOIN friend f ON f.member = l.member AND f.friend = l.owner AND f.on_home = 1`+lineTables+
		`WHERE l.member = $1 ORDER BY l.diary DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// EveryonesDiaryLines implements core.DiaryStore.
func (s *Store) EveryonesDiaryLines(ctx context.Context, p core.Page) ([]core.DiaryLine, error) {
	return list(ctx, s.on(ctx), diaryLine, lineColumns+` FROM newest_diary l`+lineTables+
		`ORDER BY l.diary DESC LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// CommentedDiaryLines implements core.DiaryStore.
func (s *Store) CommentedDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]core.DiaryLine, error) {
	return list(ctx, s.on(ctx), diaryLine, lineColumns+` FROM commented l`+lineTables+
		`WHERE l.member = $1 ORDER BY l.updated_at DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}
