package communities

import (
	"context"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// InsertThread implements community.ThreadStore.
func (s Store) InsertThread(ctx context.Context, t community.Thread) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO community_thread (community, id, kind, author, title, body, previous, created_at, last_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, t.Community, t.ID, t.Kind, t.Author, t.Title, t.Body, t.Previous, engine.Millis(t.CreatedAt), engine.Millis(t.LastAt))
		if err != nil {
			return err
		}
		return touchCommunity(ctx, q, t.Community, t.LastAt)
	})
}

// touchCommunity says that something was written in a community.
func touchCommunity(ctx context.Context, q engine.Querier, id core.ID, at time.Time) error {
	_, err := q.Run(ctx, `UPDATE community SET touched = $2 WHERE id = $1 AND touched < $2`, id, engine.Millis(at))
	return err
}

// threadColumns: of one who is suspended or has left, only the title shows.
const threadColumns = `t.community, t.id, t.kind, coalesce(m.id, 0), coalesce(m.name, ''), t.title, CASE WHEN m.id IS NULL THEN '' ELSE t.body END,
	t.comments, CASE WHEN m.id IS NULL THEN 0 ELSE t.photos END, t.pinned, t.previous, t.next, t.created_at, t.last_at, c.name, t.hidden, t.likes`

const threadJoins = ` JOIN community c ON c.id = t.community LEFT JOIN member m ON m.id = t.author AND m.status = 0 `

func threadRow(r engine.Scanner) (t community.Thread, err error) {
	return t, r.Scan(&t.Community, &t.ID, &t.Kind, &t.Author, &t.AuthorName, &t.Title, &t.Body, &t.Comments, &t.PhotoCount, &t.Pinned, &t.Previous, &t.Next,
		engine.Moment(&t.CreatedAt), engine.Moment(&t.LastAt), &t.CommunityName, &t.Hidden, &t.Likes)
}

// Thread implements community.ThreadStore.
func (s Store) Thread(ctx context.Context, id, thread core.ID) (community.Thread, error) {
	t, err := threadRow(s.On(ctx).Row(ctx, `SELECT `+threadColumns+` FROM community_thread t`+threadJoins+`WHERE t.id = $1`, thread))
	if err == nil && id != 0 && t.Community != id {
		return community.Thread{}, core.ErrNotFound
	}
	return t, base.One(err)
}

// UpdateThread implements community.ThreadStore.
func (s Store) UpdateThread(ctx context.Context, t community.Thread) error {
	return s.Change(ctx, `UPDATE community_thread SET title = $3, body = $4 WHERE community = $1 AND id = $2`, t.Community, t.ID, t.Title, t.Body)
}

// threadRows are the statements that remove what stands under thread $2 of community $1, at the time $3, and then the thread.
var threadRows = []string{
	base.SparePhotos(3, `community_comment x JOIN photo ON photo.owner = x.author AND photo.thing = x.id AND photo.kind = 7
		WHERE x.community = $1 AND x.thread = $2 AND x.photos > 0`),
	base.SparePhotos(3, `community_thread t JOIN photo ON photo.owner = t.author AND photo.thing = t.id AND photo.kind = 6 WHERE t.community = $1 AND t.id = $2`),
	`DELETE FROM photo WHERE kind = 7 AND (owner, thing) IN (SELECT author, id FROM community_comment WHERE community = $1 AND thread = $2 AND photos > 0)`,
	`DELETE FROM photo WHERE kind = 6 AND (owner, thing) IN (SELECT author, id FROM community_thread WHERE community = $1 AND id = $2)`,
	`DELETE FROM community_commented WHERE thread = $2 AND member IN (SELECT author FROM community_comment WHERE community = $1 AND thread = $2)`,
	`DELETE FROM community_liked WHERE community = $1 AND thread = $2`,
	`DELETE FROM community_comment WHERE community = $1 AND thread = $2`,
	`DELETE FROM news WHERE thing = $2 AND kind IN (13, 14) AND member IN (SELECT member FROM community_seat WHERE community = $1 AND event = $2)`,
	`DELETE FROM news_seen WHERE thing = $2 AND kind IN (13, 14) AND member IN (SELECT member FROM community_seat WHERE community = $1 AND event = $2)`,
	`DELETE FROM community_seat WHERE community = $1 AND event = $2`,
	`DELETE FROM community_vacancy WHERE community = $1 AND event = $2`,
	`DELETE FROM community_event_word WHERE community = $1 AND event = $2`,
	`DELETE FROM community_event WHERE community = $1 AND id = $2`,
	`DELETE FROM community_vote WHERE community = $1 AND poll = $2`,
	`DELETE FROM community_choice WHERE community = $1 AND poll = $2`,
	`DELETE FROM community_poll WHERE community = $1 AND id = $2`,
	`UPDATE community_thread SET next = 0 WHERE community = $1 AND id = (SELECT previous FROM community_thread WHERE community = $1 AND id = $2)`,
	`UPDATE community_thread SET previous = 0 WHERE community = $1 AND id = (SELECT next FROM community_thread WHERE community = $1 AND id = $2)`,
	`DELETE FROM community_thread WHERE community = $1 AND id = $2`,
}

// DeleteThread implements community.ThreadStore.
func (s Store) DeleteThread(ctx context.Context, t community.Thread, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error { return deleteThread(ctx, q, t.Community, t.ID, at) })
}

func deleteThread(ctx context.Context, q engine.Querier, id, thread core.ID, at time.Time) error {
	for _, query := range threadRows {
		if _, err := q.Run(ctx, query, id, thread, engine.Millis(at)); err != nil {
			return err
		}
	}
	return nil
}

// SetPinned implements community.ThreadStore.
func (s Store) SetPinned(ctx context.Context, id, thread core.ID, pinned bool) error {
	return s.Change(ctx, `UPDATE community_thread SET pinned = $3 WHERE community = $1 AND id = $2`, id, thread, pinned)
}

// SetHidden implements community.ThreadStore.
func (s Store) SetHidden(ctx context.Context, id, thread core.ID, hidden bool) error {
	return s.Change(ctx, `UPDATE community_thread SET hidden = $3 WHERE community = $1 AND id = $2`, id, thread, hidden)
}

// SetNumberedHidden implements community.ThreadStore.
func (s Store) SetNumberedHidden(ctx context.Context, comment core.ID, hidden bool) error {
	return s.Change(ctx, `UPDATE community_comment SET hidden = $2 WHERE id = $1`, comment, hidden)
}

// CountPinned implements community.ThreadStore.
func (s Store) CountPinned(ctx context.Context, id core.ID, kind community.ThreadKind) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM community_thread WHERE community = $1 AND kind = $2 AND pinned = 1`, id, kind).Scan(&n)
	return n, err
}

// SetNext implements community.ThreadStore.
func (s Store) SetNext(ctx context.Context, id, thread, next core.ID) error {
	return s.Change(ctx, `UPDATE community_thread SET next = $3 WHERE community = $1 AND id = $2`, id, thread, next)
}

// Threads implements community.ThreadStore.
func (s Store) Threads(ctx context.Context, id core.ID, kind community.ThreadKind, p core.Page) ([]community.Thread, error) {
	return engine.List(ctx, s.On(ctx), threadRow, `SELECT `+threadColumns+` FROM community_thread t`+threadJoins+
		`WHERE t.community = $1 AND t.kind = $2 AND t.hidden = 0 ORDER BY t.pinned DESC, t.last_at DESC, t.id DESC LIMIT $3 OFFSET $4`, id, kind, p.Limit(), p.Offset())
}

// ThreadsFrom implements community.ThreadStore.
func (s Store) ThreadsFrom(ctx context.Context, id core.ID, kind community.ThreadKind, part community.Stretch) ([]community.Thread, error) {
	side, order := `<`, ` ORDER BY t.pinned DESC, t.last_at DESC, t.id DESC`
	if part.Back {
		side, order = `>`, ` ORDER BY t.pinned, t.last_at, t.id`
	}
	list, err := engine.List(ctx, s.On(ctx), threadRow, `SELECT `+threadColumns+` FROM community_thread t`+threadJoins+
		`WHERE t.community = $1 AND t.kind = $2 AND (t.pinned, t.last_at, t.id) `+side+` ($3, $4, $5) AND t.hidden = 0`+order+` LIMIT $6`,
		id, kind, part.From.Role, engine.Millis(part.From.At), part.From.Member, part.Size+1)
	if part.Back {
		slices.Reverse(list)
	}
	return list, err
}

// NewestThreads implements community.ThreadStore: the n threads last written to stand in the n communities last written to.
func (s Store) NewestThreads(ctx context.Context, member core.ID, p core.Page) ([]community.Thread, error) {
	return engine.List(ctx, s.On(ctx), threadRow, `WITH top (id) AS (SELECT c.id FROM community_member x JOIN community c ON c.id = x.community
			WHERE x.member = $1 AND x.role >= 3 AND x.on_home = 1 AND c.deleted_at = 0 ORDER BY c.touched DESC, c.id DESC LIMIT $4)
		SELECT `+threadColumns+` FROM top CROSS JOIN community_thread t`+threadJoins+`WHERE t.community = top.id
			AND t.id IN (SELECT n.id FROM community_thread n WHERE n.community = top.id AND n.hidden = 0 ORDER BY n.last_at DESC, n.id DESC LIMIT $4)
		ORDER BY t.last_at DESC, t.id DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset(), p.Limit()+p.Offset())
}

// CommentedThreads implements community.ThreadStore.
func (s Store) CommentedThreads(ctx context.Context, member core.ID, p core.Page) ([]community.Thread, error) {
	return engine.List(ctx, s.On(ctx), threadRow, `SELECT `+threadColumns+` FROM community_commented l JOIN community_thread t ON t.id = l.thread`+threadJoins+
		`WHERE l.member = $1 AND t.hidden = 0 ORDER BY l.at DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// PutReadMarks implements community.ThreadStore.
func (s Store) PutReadMarks(ctx context.Context, marks []community.ReadMark) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, m := range marks {
			_, err := q.Run(ctx, `INSERT INTO community_read (member, thread, comments) VALUES ($1, $2, $3)
				ON CONFLICT (member, thread) DO UPDATE SET comments = excluded.comments`, m.Member, m.Thread, m.Comments)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadMarks implements community.ThreadStore.
func (s Store) ReadMarks(ctx context.Context, member core.ID, threads []core.ID) ([]community.ReadMark, error) {
	args := []any{member}
	for _, id := range threads {
		args = append(args, id)
	}
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (community.ReadMark, error) {
		m := community.ReadMark{Member: member}
		return m, r.Scan(&m.Thread, &m.Comments)
	}, `SELECT thread, comments FROM community_read WHERE member = $1 AND thread IN (`+engine.Places(2, len(threads))+`)`, args...)
}
