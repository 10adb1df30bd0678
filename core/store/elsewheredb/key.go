package elsewheredb

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/elsewhere"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

const keyColumns = `SELECT member, id, purpose, name, made_at, used_at FROM api_key`

func keyRow(r engine.Scanner) (k elsewhere.Key, err error) {
	return k, r.Scan(&k.Member, &k.ID, &k.Purpose, &k.Name, engine.Moment(&k.MadeAt), engine.Moment(&k.UsedAt))
}

// InsertKey implements elsewhere.KeyStore.
func (db Store) InsertKey(ctx context.Context, k elsewhere.Key) error {
	return db.Change(ctx, `INSERT INTO api_key (member, id, purpose, name, made_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)`, k.Member, k.ID, k.Purpose, k.Name, engine.Millis(k.MadeAt))
}

// Key implements elsewhere.KeyStore.
func (db Store) Key(ctx context.Context, id core.ID) (elsewhere.Key, error) {
	k, err := keyRow(db.On(ctx).Row(ctx, keyColumns+` WHERE id = $1`, id))
	return k, base.One(err)
}

// Keys implements elsewhere.KeyStore.
func (db Store) Keys(ctx context.Context, member core.ID) ([]elsewhere.Key, error) {
	return engine.List(ctx, db.On(ctx), keyRow, keyColumns+` WHERE member = $1 ORDER BY id DESC LIMIT 100`, member)
}

// DeleteKey implements elsewhere.KeyStore.
func (db Store) DeleteKey(ctx context.Context, member, id core.ID) error {
	return db.Change(ctx, `DELETE FROM api_key WHERE member = $1 AND id = $2`, member, id)
}

// DeleteKeys implements elsewhere.KeyStore.
func (db Store) DeleteKeys(ctx context.Context, member core.ID) error {
	return db.Change(ctx, `DELETE FROM api_key WHERE member = $1`, member)
}

// SetKeyUsed implements elsewhere.KeyStore.
func (db Store) SetKeyUsed(ctx context.Context, id core.ID, at time.Time) error {
	return db.Change(ctx, `UPDATE api_key SET used_at = $2 WHERE id = $1`, id, engine.Millis(at))
}

// DeleteKeysUnused implements elsewhere.KeyStore.
func (db Store) DeleteKeysUnused(ctx context.Context, t time.Time) error {
	return db.Change(ctx, `DELETE FROM api_key WHERE made_at < $1 AND used_at < $1`, engine.Millis(t))
}

// MemberOfMail implements elsewhere.KeyStore.
func (db Store) MemberOfMail(ctx context.Context, mail string) (member core.ID, err error) {
	err = db.On(ctx).Row(ctx, `SELECT member FROM mail WHERE address = $1`, mail).Scan(&member)
	return member, base.One(err)
}

// PutNonce implements elsewhere.KeyStore.
func (db Store) PutNonce(ctx context.Context, hash string, at time.Time) (first bool, err error) {
	err = db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `INSERT INTO wsse_nonce (hash, at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, engine.Millis(at))
		first = n > 0
		return err
	})
	return first, err
}

// DeleteNoncesBefore implements elsewhere.KeyStore.
func (db Store) DeleteNoncesBefore(ctx context.Context, t time.Time) error {
	return db.Change(ctx, `DELETE FROM wsse_nonce WHERE at < $1`, engine.Millis(t))
}
