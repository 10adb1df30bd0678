package communities

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Mailing keeps of which posts letters go out.
type Mailing struct{ base.Area }

// QueueLetters implements community.MailingStore.
func (s Mailing) QueueLetters(ctx context.Context, t community.Thread, author core.ID, number int, id core.ID) error {
	return s.Change(ctx, `INSERT INTO community_mailing (id, community, thread, author, number) VALUES ($1, $2, $3, $4, $5)`, id, t.Community, t.ID, author, number)
}

// NextMailing implements community.MailingStore.
func (s Mailing) NextMailing(ctx context.Context) (m community.Mailing, err error) {
	err = s.On(ctx).Row(ctx, `SELECT id, community, thread, author, after FROM community_mailing ORDER BY id LIMIT 1`).
		Scan(&m.ID, &m.Community, &m.Thread, &m.Author, &m.After)
	return m, base.One(err)
}

// MoveMailing implements community.MailingStore.
func (s Mailing) MoveMailing(ctx context.Context, m community.Mailing) error {
	return s.Change(ctx, `UPDATE community_mailing SET after = $2 WHERE id = $1`, m.ID, m.After)
}

// DeleteMailing implements community.MailingStore.
func (s Mailing) DeleteMailing(ctx context.Context, id core.ID) error {
	return s.Change(ctx, `DELETE FROM community_mailing WHERE id = $1`, id)
}

// EachMembers implements community.MailingStore.
func (s Mailing) EachMembers(ctx context.Context, id, after core.ID, limit int) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), anID, `SELECT x.member FROM community_member x JOIN member m ON m.id = x.member AND m.status = 0
		WHERE x.community = $1 AND x.member > $2 AND x.letters = 2 AND x.role >= 3 ORDER BY x.member LIMIT $3`, id, after, limit)
}

// DigestMembers implements community.MailingStore.
func (s Mailing) DigestMembers(ctx context.Context, t time.Time, limit int) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), anID, `SELECT DISTINCT x.member FROM community_member x JOIN member m ON m.id = x.member AND m.status = 0
		LEFT JOIN community_digest d ON d.member = x.member WHERE x.letters = 1 AND x.role >= 3 AND coalesce(d.sent_at, 0) < $1 ORDER BY x.member LIMIT $2`,
		engine.Millis(t), limit)
}

// DigestThreads implements community.MailingStore.
func (s Mailing) DigestThreads(ctx context.Context, member core.ID, t time.Time, limit int) ([]community.Thread, error) {
	return engine.List(ctx, s.On(ctx), threadRow, `WITH top (id) AS (SELECT c.id FROM community_member x JOIN community c ON c.id = x.community
			WHERE x.member = $1 AND x.role >= 3 AND x.letters = 1 AND c.deleted_at = 0 AND c.touched > $2 ORDER BY c.touched DESC, c.id DESC LIMIT $3)
		SELECT `+threadColumns+` FROM top CROSS JOIN community_thread t`+threadJoins+`WHERE t.community = top.id AND t.last_at > $2
			AND t.id IN (SELECT n.id FROM community_thread n WHERE n.community = top.id AND n.hidden = 0 ORDER BY n.last_at DESC, n.id DESC LIMIT $3)
		ORDER BY t.last_at DESC, t.id DESC LIMIT $3`, member, engine.Millis(t), limit)
}

// PutDigest implements community.MailingStore.
func (s Mailing) PutDigest(ctx context.Context, member core.ID, at time.Time) error {
	return s.Change(ctx, `INSERT INTO community_digest (member, sent_at) VALUES ($1, $2) ON CONFLICT (member) DO UPDATE SET sent_at = excluded.sent_at`,
		member, engine.Millis(at))
}
