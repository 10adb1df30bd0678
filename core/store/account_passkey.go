package store

import (
	"context"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/store/engine"
)

const passkeyRows = `SELECT member, id, credential, data, name, made_at, used_at FROM passkey WHERE `

func passkey(r engine.Scanner) (p account.Passkey, err error) {
	return p, r.Scan(&p.Member, &p.ID, &p.Credential, &p.Data, &p.Name, engine.Moment(&p.MadeAt), engine.Moment(&p.UsedAt))
}

// Passkeys implements account.PasskeyStore.
func (s Account) Passkeys(ctx context.Context, member core.ID) ([]account.Passkey, error) {
	return engine.List(ctx, s.on(ctx), passkey, passkeyRows+`member = $1 ORDER BY id`, member)
}

// PasskeyOf implements account.PasskeyStore.
func (s Account) PasskeyOf(ctx context.Context, credential string) (account.Passkey, error) {
	p, err := passkey(s.on(ctx).Row(ctx, passkeyRows+`credential = $1`, credential))
	return p, one(err)
}

// InsertPasskey implements account.PasskeyStore.
func (s Account) InsertPasskey(ctx context.Context, p account.Passkey) error {
	return s.change(ctx, `INSERT INTO passkey (member, id, credential, data, name, made_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.Member, p.ID, p.Credential, p.Data, p.Name, engine.Millis(p.MadeAt), engine.Millis(p.UsedAt))
}

// UsePasskey implements account.PasskeyStore.
func (s Account) UsePasskey(ctx context.Context, p account.Passkey) error {
	return s.change(ctx, `UPDATE passkey SET data = $3, used_at = $4 WHERE member = $1 AND id = $2`, p.Member, p.ID, p.Data, engine.Millis(p.UsedAt))
}

// DeletePasskey implements account.PasskeyStore.
func (s Account) DeletePasskey(ctx context.Context, member, id core.ID) error {
	found, err := s.changed(ctx, `DELETE FROM passkey WHERE member = $1 AND id = $2`, member, id)
	if err == nil && !found {
		err = core.ErrNotFound
	}
	return err
}
