package communities

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Life is what goes on around communities: announcements, endings, nearness, bookmarks and looks.
type Life struct{ base.Area }

// InsertAnnouncement implements community.LifeStore.
func (s Life) InsertAnnouncement(ctx context.Context, a community.Announcement) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `INSERT INTO community_announcement (community, id, author, body, sent_at) VALUES ($1, $2, $3, $4, $5)`,
				Args: []any{a.Community, a.ID, a.Author, a.Body, engine.Millis(a.At)}},
			engine.Step{Query: `UPDATE community SET announced_at = $2 WHERE id = $1`, Args: []any{a.Community, engine.Millis(a.At)}})
	})
}

// Announcements implements community.LifeStore.
func (s Life) Announcements(ctx context.Context, id core.ID, p core.Page) ([]community.Announcement, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (community.Announcement, error) {
		a := community.Announcement{Community: id}
		return a, r.Scan(&a.ID, &a.Author, &a.AuthorName, &a.Body, engine.Moment(&a.At))
	}, `SELECT x.id, x.author, m.name, x.body, x.sent_at FROM community_announcement x JOIN member m ON m.id = x.author AND m.status = 0
		WHERE x.community = $1 ORDER BY x.id DESC LIMIT $2 OFFSET $3`, id, p.Limit(), p.Offset())
}

// Waitings implements community.LifeStore.
func (s Life) Waitings(ctx context.Context, member core.ID, since time.Time, limit int) ([]community.Waiting, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (w community.Waiting, err error) {
		return w, r.Scan(&w.Community, &w.Name, &w.Announced, &w.Vacant)
	}, `SELECT c.id, c.name, c.announced_at > x.announced AND c.announced_at > $2, c.vacant_since > 0 FROM community_member x JOIN community c ON c.id = x.community
		WHERE x.member = $1 AND x.role >= 3 AND c.deleted_at = 0 AND (c.announced_at > x.announced AND c.announced_at > $2 OR c.vacant_since > 0)
		ORDER BY c.announced_at DESC, c.id LIMIT $3`, member, engine.Millis(since), limit)
}

func anID(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) }

// Ended implements community.LifeStore.
func (s Life) Ended(ctx context.Context, t time.Time, limit int) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), anID, `SELECT id FROM community WHERE deleted_at > 0 AND deleted_at < $1 ORDER BY deleted_at LIMIT $2`, engine.Millis(t), limit)
}

// ending are the statements that remove some rows of a community, $2 at most each. Threads go before, one by one.
var ending = []string{
	`DELETE FROM community_member WHERE community = $1 AND member IN (SELECT member FROM community_member WHERE community = $1 LIMIT $2)`,
	`DELETE FROM community_invitation WHERE (member, community, inviter) IN (SELECT member, community, inviter FROM community_invitation WHERE community = $1 LIMIT $2)`,
	`DELETE FROM community_bookmark WHERE (member, community) IN (SELECT member, community FROM community_bookmark WHERE community = $1 LIMIT $2)`,
	`DELETE FROM community_announcement WHERE community = $1 AND id IN (SELECT id FROM community_announcement WHERE community = $1 LIMIT $2)`,
	`DELETE FROM community_near WHERE community = $1 AND place < $2`,
	`DELETE FROM community_mailing WHERE id IN (SELECT id FROM community_mailing WHERE community = $1 LIMIT $2)`,
}

// EndSome implements community.LifeStore.
func (s Life) EndSome(ctx context.Context, id core.ID, limit int, at time.Time) (done bool, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		done = false
		var thread core.ID
		switch err := base.One(q.Row(ctx, `SELECT id FROM community_thread WHERE community = $1 LIMIT 1`, id).Scan(&thread)); err {
		case nil:
			return deleteThread(ctx, q, id, thread, at)
		case core.ErrNotFound:
		default:
			return err
		}
		for _, query := range ending {
			if n, err := q.Run(ctx, query, id, limit); err != nil || n > 0 {
				return err
			}
		}
		done = true
		return engine.RunAll(ctx, q,
			engine.Step{Query: base.SparePhotos(2, `community c JOIN photo ON photo.member = c.photo_member AND photo.id = c.photo WHERE c.id = $1`), Args: []any{id, engine.Millis(at)}},
			engine.Step{Query: `DELETE FROM photo WHERE (member, id) IN (SELECT photo_member, photo FROM community WHERE id = $1)`, Args: []any{id}},
			engine.Step{Query: `DELETE FROM community WHERE id = $1`, Args: []any{id}})
	})
	return done, err
}

// nearMembers is how many of a community's members are looked at for what else they are in.
const nearMembers = 100

// Nearest implements community.LifeStore. The square of count/√size orders as it does itself.
func (s Life) Nearest(ctx context.Context, id core.ID, size int) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), anID, `WITH fellow (member) AS (SELECT member FROM community_member WHERE community = $1 AND role >= 3 ORDER BY role DESC, joined_at DESC LIMIT $2)
		SELECT y.community FROM fellow CROSS JOIN community_member y JOIN community c ON c.id = y.community
		WHERE y.member = fellow.member AND y.role >= 3 AND y.community <> $1 AND c.members >= 5 AND c.hidden = 0 AND c.deleted_at = 0
		GROUP BY y.community, c.members ORDER BY count(*) * count(*) * 1.0 / c.members DESC, y.community LIMIT $3`, id, nearMembers, size)
}

// RecentAnnouncements implements community.LifeStore.
func (s Life) RecentAnnouncements(ctx context.Context, member core.ID, since time.Time, limit int) ([]community.Announcement, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (a community.Announcement, err error) {
		return a, r.Scan(&a.Community, &a.ID, &a.Author, &a.AuthorName, &a.Body, engine.Moment(&a.At), &a.CommunityName, &a.New)
	}, `SELECT a.community, a.id, a.author, m.name, a.body, a.sent_at, c.name, a.sent_at > x.announced
		FROM community_member x JOIN community c ON c.id = x.community JOIN community_announcement a ON a.community = c.id JOIN member m ON m.id = a.author AND m.status = 0
		WHERE x.member = $1 AND x.role >= 3 AND c.deleted_at = 0 AND c.announced_at > $2 AND a.sent_at > $2
		ORDER BY a.sent_at DESC, a.id DESC LIMIT $3`, member, engine.Millis(since), limit)
}

// PutNear implements community.LifeStore.
func (s Life) PutNear(ctx context.Context, id core.ID, others []core.ID, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		steps := []engine.Step{{Query: `DELETE FROM community_near WHERE community = $1`, Args: []any{id}},
			{Query: `UPDATE community SET near_at = $2 WHERE id = $1`, Args: []any{id, engine.Millis(at)}}}
		for place, other := range others {
			steps = append(steps, engine.Step{Query: `INSERT INTO community_near (community, place, other) VALUES ($1, $2, $3)`, Args: []any{id, place, other}})
		}
		return engine.RunAll(ctx, q, steps...)
	})
}

// NearBefore implements community.LifeStore.
func (s Life) NearBefore(ctx context.Context, t time.Time, limit int) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), anID, `SELECT id FROM community WHERE near_at < $1 ORDER BY near_at, id LIMIT $2`, engine.Millis(t), limit)
}

// Near implements community.LifeStore. What was hidden since is not there.
func (s Life) Near(ctx context.Context, id core.ID) ([]community.Line, error) {
	return engine.List(ctx, s.On(ctx), communityLine, `SELECT `+communityColumns+`, 1, 0, 0 FROM community_near n JOIN community c ON c.id = n.other`+communityJoins+
		`WHERE n.community = $1 AND c.hidden = 0 AND c.deleted_at = 0 ORDER BY n.place`, id)
}

// PutBookmark implements community.LifeStore.
func (s Life) PutBookmark(ctx context.Context, member, id core.ID, at time.Time) error {
	return s.Change(ctx, `INSERT INTO community_bookmark (member, community, added_at, looked_at) VALUES ($1, $2, $3, $3)
		ON CONFLICT (member, community) DO NOTHING`, member, id, engine.Millis(at))
}

// DeleteBookmark implements community.LifeStore.
func (s Life) DeleteBookmark(ctx context.Context, member, id core.ID) error {
	return s.Change(ctx, `DELETE FROM community_bookmark WHERE member = $1 AND community = $2`, member, id)
}

// Bookmark implements community.LifeStore.
func (s Life) Bookmark(ctx context.Context, member, id core.ID) (looked time.Time, err error) {
	err = s.On(ctx).Row(ctx, `SELECT looked_at FROM community_bookmark WHERE member = $1 AND community = $2`, member, id).Scan(engine.Moment(&looked))
	return looked, base.One(err)
}

// CountBookmarks implements community.LifeStore.
func (s Life) CountBookmarks(ctx context.Context, member core.ID) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM community_bookmark WHERE member = $1`, member).Scan(&n)
	return n, err
}

// Bookmarks implements community.LifeStore.
func (s Life) Bookmarks(ctx context.Context, member core.ID, p core.Page) ([]community.Line, error) {
	return engine.List(ctx, s.On(ctx), communityLine, `SELECT `+communityColumns+`, 1, 0, c.touched > b.looked_at FROM community_bookmark b JOIN community c ON c.id = b.community`+
		communityJoins+`WHERE b.member = $1 ORDER BY b.added_at DESC, c.id DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// PutLooks implements community.LifeStore.
func (s Life) PutLooks(ctx context.Context, looks []community.Look) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, l := range looks {
			if _, err := q.Run(ctx, `UPDATE community_bookmark SET looked_at = $3 WHERE member = $1 AND community = $2`, l.Member, l.Community, engine.Millis(l.At)); err != nil {
				return err
			}
		}
		return nil
	})
}

// foundColumns are those of a communityLine for viewer $1.
const foundColumns = `SELECT ` + communityColumns + `, coalesce(x.role, 1), coalesce(x.role, 1) >= 3, 0 FROM community c
	LEFT JOIN community_member x ON x.community = c.id AND x.member = $1` + communityJoins + `WHERE c.hidden = 0 AND c.deleted_at = 0`

// linesAtOnce is how many communities are read with one statement.
const linesAtOnce = 100

// Lines implements community.LifeStore.
func (s Life) Lines(ctx context.Context, viewer core.ID, ids []core.ID) (all []community.Line, err error) {
	for len(ids) > 0 && err == nil {
		n := min(linesAtOnce, len(ids))
		args := []any{viewer}
		for _, id := range ids[:n] {
			args = append(args, id)
		}
		var some []community.Line
		some, err = engine.List(ctx, s.On(ctx), communityLine, foundColumns+` AND c.id IN (`+engine.Places(2, n)+`)`, args...)
		all, ids = append(all, some...), ids[n:]
	}
	return all, err
}

// bestOrders are the orders of communities, each along an index.
var bestOrders = [...]string{community.ByMembers: ` ORDER BY c.members DESC, c.id DESC`, community.ByLife: ` ORDER BY c.touched DESC, c.id DESC`}

// Best implements community.LifeStore.
func (s Life) Best(ctx context.Context, viewer, category core.ID, o community.Order, p core.Page) ([]community.Line, error) {
	order := bestOrders[o] + ` LIMIT $2 OFFSET $3`
	if category == 0 {
		return engine.List(ctx, s.On(ctx), communityLine, foundColumns+order, viewer, p.Limit(), p.Offset())
	}
	return engine.List(ctx, s.On(ctx), communityLine, foundColumns+` AND c.category = $4`+order, viewer, p.Limit(), p.Offset(), category)
}
