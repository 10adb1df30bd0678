// Package pushdb is the SQL of Web Push: what core/push asks of the database. core/store joins it.
package pushdb

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/push"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Store keeps browsers and choices. Safe for concurrent use.
type Store struct{ base.Area }

// Feature is what the room brings to what the database does for all areas.
var Feature = base.Feature{
	Name: "push",
	Tables: []core.Table{
		{Name: "push_browser", Key: "hash", Columns: "hash:secret member:self session:secret endpoint:secret p256dh:secret auth:secret agent:text made_at:time sent_at:time due_at:inner tries:inner",
			Members: []core.Reference{{Column: "member"}}, Export: "push_browsers"},
		{Name: "push_choice", Key: "member", Columns: "member:self kinds_off:number quiet_from:number quiet_to:number", Members: []core.Reference{{Column: "member"}}, Export: "push_choice"},
	},
}

const browserColumns = `SELECT b.member, b.hash, b.session, b.endpoint, b.p256dh, b.auth, b.agent, b.made_at, b.sent_at, b.due_at, b.tries
	FROM push_browser b JOIN session s ON s.key = b.session AND s.member = b.member`

func browserRow(r engine.Scanner) (b push.Browser, err error) {
	return b, r.Scan(&b.Member, &b.Hash, &b.Session, &b.Endpoint, &b.Key, &b.Auth, &b.Agent, engine.Moment(&b.MadeAt), engine.Moment(&b.SentAt), engine.Moment(&b.DueAt), &b.Tries)
}

// PutBrowser implements push.BrowserStore.
func (db Store) PutBrowser(ctx context.Context, b push.Browser) error {
	return db.Change(ctx, `INSERT INTO push_browser (hash, member, session, endpoint, p256dh, auth, agent, made_at, sent_at, due_at, tries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0)
		ON CONFLICT (hash) DO UPDATE SET member = excluded.member, session = excluded.session, p256dh = excluded.p256dh, auth = excluded.auth, agent = excluded.agent,
		made_at = excluded.made_at, sent_at = 0, due_at = 0, tries = 0`, b.Hash, b.Member, b.Session, b.Endpoint, b.Key, b.Auth, b.Agent, engine.Millis(b.MadeAt))
}

// Browsers implements push.BrowserStore.
func (db Store) Browsers(ctx context.Context, member core.ID) ([]push.Browser, error) {
	return engine.List(ctx, db.On(ctx), browserRow, browserColumns+` WHERE b.member = $1 ORDER BY b.made_at DESC, b.hash LIMIT 100`, member)
}

// DeleteBrowser implements push.BrowserStore.
func (db Store) DeleteBrowser(ctx context.Context, member core.ID, hash string) error {
	return db.Change(ctx, `DELETE FROM push_browser WHERE member = $1 AND hash = $2`, member, hash)
}

// WakeBrowsers implements push.BrowserStore.
func (db Store) WakeBrowsers(ctx context.Context, member core.ID, now, at time.Time, apart time.Duration) error {
	return db.Change(ctx, `UPDATE push_browser SET tries = 0, due_at = CASE WHEN sent_at + $4 > $3 THEN sent_at + $4 ELSE $3 END WHERE member = $1 AND due_at <= $2`,
		member, engine.Millis(now), engine.Millis(at), apart.Milliseconds())
}

// DueBrowsers implements push.BrowserStore.
func (db Store) DueBrowsers(ctx context.Context, now time.Time, limit int) ([]push.Browser, error) {
	return engine.List(ctx, db.On(ctx), browserRow, browserColumns+` WHERE b.due_at > 0 AND b.due_at <= $1 ORDER BY b.due_at LIMIT $2`, engine.Millis(now), limit)
}

// SetDue implements push.BrowserStore.
func (db Store) SetDue(ctx context.Context, b push.Browser, was time.Time) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `UPDATE push_browser SET sent_at = $2 WHERE hash = $1`, b.Hash, engine.Millis(b.SentAt))
		if err == nil {
			_, err = q.Run(ctx, `UPDATE push_browser SET due_at = $3, tries = $4 WHERE hash = $1 AND due_at = $2`, b.Hash, engine.Millis(was), engine.Millis(b.DueAt), b.Tries)
		}
		return err
	})
}

// DeleteOrphans implements push.BrowserStore.
func (db Store) DeleteOrphans(ctx context.Context) error {
	return db.Change(ctx, `DELETE FROM push_browser WHERE NOT EXISTS (SELECT 1 FROM session WHERE session.key = push_browser.session AND session.member = push_browser.member)`)
}

// PushChoice implements push.BrowserStore.
func (db Store) PushChoice(ctx context.Context, member core.ID) (c push.Choice, err error) {
	var off int64
	err = db.On(ctx).Row(ctx, `SELECT kinds_off, quiet_from, quiet_to FROM push_choice WHERE member = $1`, member).Scan(&off, &c.From, &c.To)
	c.Off = uint64(off)
	return c, base.One(err)
}

// SetPushChoice implements push.BrowserStore.
func (db Store) SetPushChoice(ctx context.Context, member core.ID, c push.Choice) error {
	return db.Change(ctx, `INSERT INTO push_choice (member, kinds_off, quiet_from, quiet_to) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member) DO UPDATE SET kinds_off = excluded.kinds_off, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to`, member, int64(c.Off), c.From, c.To)
}
