package elsewheredb

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/elsewhere"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

const feedColumns = `SELECT member, kind, thing, texts, seed, hash, made_at, fetched_at, program FROM feed`

func feedRow(r engine.Scanner) (f elsewhere.Feed, err error) {
	return f, r.Scan(&f.Member, &f.Kind, &f.Thing, &f.Full, &f.Seed, &f.Hash, engine.Moment(&f.MadeAt), engine.Moment(&f.FetchedAt), &f.Program)
}

// PutFeed implements elsewhere.FeedStore.
func (db Store) PutFeed(ctx context.Context, f elsewhere.Feed) error {
	return db.Change(ctx, `INSERT INTO feed (member, kind, thing, texts, seed, hash, made_at, fetched_at, program) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (member, kind, thing) DO UPDATE SET texts = excluded.texts, seed = excluded.seed, hash = excluded.hash, made_at = excluded.made_at,
		fetched_at = excluded.fetched_at, program = excluded.program`,
		f.Member, f.Kind, f.Thing, f.Full, f.Seed, f.Hash, engine.Millis(f.MadeAt), engine.Millis(f.FetchedAt), f.Program)
}

// Feeds implements elsewhere.FeedStore.
func (db Store) Feeds(ctx context.Context, member core.ID) ([]elsewhere.Feed, error) {
	return engine.List(ctx, db.On(ctx), feedRow, feedColumns+` WHERE member = $1 ORDER BY kind, thing LIMIT 200`, member)
}

// FeedOf implements elsewhere.FeedStore.
func (db Store) FeedOf(ctx context.Context, hash string) (elsewhere.Feed, error) {
	f, err := feedRow(db.On(ctx).Row(ctx, feedColumns+` WHERE hash = $1`, hash))
	return f, base.One(err)
}

// SetFetched implements elsewhere.FeedStore.
func (db Store) SetFetched(ctx context.Context, f elsewhere.Feed) error {
	return db.Change(ctx, `UPDATE feed SET fetched_at = $4, program = $5 WHERE member = $1 AND kind = $2 AND thing = $3`, f.Member, f.Kind, f.Thing, engine.Millis(f.FetchedAt), f.Program)
}

// DeleteFeed implements elsewhere.FeedStore.
func (db Store) DeleteFeed(ctx context.Context, member core.ID, kind elsewhere.FeedKind, thing core.ID) error {
	return db.Change(ctx, `DELETE FROM feed WHERE member = $1 AND kind = $2 AND thing = $3`, member, kind, thing)
}

// DeleteFeeds implements elsewhere.FeedStore.
func (db Store) DeleteFeeds(ctx context.Context, member core.ID) error {
	return db.Change(ctx, `DELETE FROM feed WHERE member = $1`, member)
}

// DeleteFeedsUnused implements elsewhere.FeedStore. A few for each member at most: the table is small enough to be read once an hour.
func (db Store) DeleteFeedsUnused(ctx context.Context, t time.Time) error {
	return db.Change(ctx, `DELETE FROM feed WHERE made_at < $1 AND fetched_at < $1`, engine.Millis(t))
}

// Share implements elsewhere.FeedStore.
func (db Store) Share(ctx context.Context, member core.ID) (share elsewhere.Share, err error) {
	err = base.One(db.On(ctx).Row(ctx, `SELECT share FROM feed_share WHERE member = $1`, member).Scan(&share))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return share, err
}

// SetShare implements elsewhere.FeedStore.
func (db Store) SetShare(ctx context.Context, member core.ID, share elsewhere.Share) error {
	return db.Change(ctx, `INSERT INTO feed_share (member, share) VALUES ($1, $2) ON CONFLICT (member) DO UPDATE SET share = excluded.share`, member, share)
}
