package store

import (
	"context"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/store/engine"
)

// Addresses implements account.AddressStore.
func (s Account) Addresses(ctx context.Context, member core.ID) ([]account.Address, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (a account.Address, err error) {
		return a, r.Scan(&a.Mail, engine.Moment(&a.ChangedAt))
	}, `SELECT address, changed_at FROM mail WHERE member = $1 ORDER BY address`, member)
}

// PutAddress implements account.AddressStore.
func (s Account) PutAddress(ctx context.Context, member core.ID, a account.Address) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `INSERT INTO mail (address, member, changed_at) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING`,
			a.Mail, member, engine.Millis(a.ChangedAt))
		if err == nil && n == 0 {
			err = core.ErrMailTaken
		}
		return err
	})
}

// DeleteAddress implements account.AddressStore.
func (s Account) DeleteAddress(ctx context.Context, member core.ID, mail string) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM mail WHERE member = $1 AND address = $2`, member, mail)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// MailWish implements account.AddressStore.
func (s Account) MailWish(ctx context.Context, member core.ID) (w account.MailWish, err error) {
	err = s.on(ctx).Row(ctx, `SELECT address, expires_at FROM mail_wish WHERE member = $1`, member).Scan(&w.Mail, engine.Moment(&w.ExpiresAt))
	return w, one(err)
}

// PutMailWish implements account.AddressStore.
func (s Account) PutMailWish(ctx context.Context, member core.ID, w account.MailWish) error {
	return s.change(ctx, `INSERT INTO mail_wish (member, address, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (member) DO UPDATE SET address = excluded.address, expires_at = excluded.expires_at`, member, w.Mail, engine.Millis(w.ExpiresAt))
}

// DeleteMailWish implements account.AddressStore.
func (s Account) DeleteMailWish(ctx context.Context, member core.ID) error {
	return s.change(ctx, `DELETE FROM mail_wish WHERE member = $1`, member)
}
