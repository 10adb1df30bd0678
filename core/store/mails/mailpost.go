// Package mails is the SQL of mail in and out: core/mailpost and core/outbox.
package mails

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/mailpost"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// A Store keeps the letters that go out, and what posting by mail needs.
type Store struct{ base.Area }

// PostSeed implements mailpost.AddressStore.
func (s Store) PostSeed(ctx context.Context, t mailpost.Target) (seed string, err error) {
	err = s.On(ctx).Row(ctx, `SELECT seed FROM post_address WHERE member = $1 AND purpose = $2 AND kind = $3 AND owner = $4 AND thing = $5 AND piece = $6`,
		t.Member, t.Purpose, t.On.Kind, t.On.Owner, t.On.Thing, t.On.Piece).Scan(&seed)
	return seed, base.One(err)
}

// PutPostAddress implements mailpost.AddressStore.
func (s Store) PutPostAddress(ctx context.Context, t mailpost.Target, seed, hash string, at time.Time) error {
	return s.Change(ctx, `INSERT INTO post_address (hash, member, purpose, kind, owner, thing, piece, seed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (member, purpose, kind, owner, thing, piece) DO UPDATE SET hash = excluded.hash, seed = excluded.seed, created_at = excluded.created_at`,
		hash, t.Member, t.Purpose, t.On.Kind, t.On.Owner, t.On.Thing, t.On.Piece, seed, engine.Millis(at))
}

// PostTarget implements mailpost.AddressStore.
func (s Store) PostTarget(ctx context.Context, hash string) (t mailpost.Target, err error) {
	err = s.On(ctx).Row(ctx, `SELECT member, purpose, kind, owner, thing, piece FROM post_address WHERE hash = $1`, hash).
		Scan(&t.Member, &t.Purpose, &t.On.Kind, &t.On.Owner, &t.On.Thing, &t.On.Piece)
	return t, base.One(err)
}

// DeleteThreadAddressesBefore implements mailpost.AddressStore.
func (s Store) DeleteThreadAddressesBefore(ctx context.Context, t time.Time) error {
	return s.Change(ctx, `DELETE FROM post_address WHERE purpose = $1 AND created_at < $2`, mailpost.ToThread, engine.Millis(t))
}

// SeenMail implements mailpost.SeenStore.
func (s Store) SeenMail(ctx context.Context, hash string) (was bool, err error) {
	return was, s.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM post_seen WHERE hash = $1)`, hash).Scan(&was)
}

// SeeMail implements mailpost.SeenStore.
func (s Store) SeeMail(ctx context.Context, hash string, at time.Time) (first bool, err error) {
	return s.changed(ctx, `INSERT INTO post_seen (hash, at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, engine.Millis(at))
}

// AnswerMail implements mailpost.SeenStore.
func (s Store) AnswerMail(ctx context.Context, member core.ID, kind string, since, at time.Time) (bool, error) {
	return s.changed(ctx, `INSERT INTO post_answer (member, kind, at) VALUES ($1, $2, $4)
		ON CONFLICT (member, kind) DO UPDATE SET at = excluded.at WHERE post_answer.at <= $3`, member, kind, engine.Millis(since), engine.Millis(at))
}

// DeleteSeenBefore implements mailpost.SeenStore.
func (s Store) DeleteSeenBefore(ctx context.Context, t time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q, engine.Step{Query: `DELETE FROM post_seen WHERE at < $1`, Args: []any{engine.Millis(t)}},
			engine.Step{Query: `DELETE FROM post_answer WHERE at < $1`, Args: []any{engine.Millis(t)}})
	})
}

// changed runs one statement as one atomic step and says whether it changed a row.
func (s Store) changed(ctx context.Context, query string, args ...any) (was bool, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, query, args...)
		was = n > 0
		return err
	})
	return was, err
}
