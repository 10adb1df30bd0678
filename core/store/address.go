package store

import (
	"context"

	"musubi/core"
)

// Addresses implements core.AddressStore.
func (s *Store) Addresses(ctx context.Context, member core.ID) ([]core.Address, error) {
	return list(ctx, s.on(ctx), func(r scanner) (a core.Address, err error) {
		return a, r.Scan(&a.Mail, moment{&a.ChangedAt})
	}, `SELECT address, changed_at FROM mail WHERE member = $1 ORDER BY address`, member)
}

// PutAddress implements core.AddressStore.
func (s *Store) PutAddress(ctx context.Context, member core.ID, a core.Address) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		n, err := q.run(ctx, `INSERT INTO mail (address, member, changed_at) VALUES ($1, $2, $3) ON CONFLICT (address) DO NOTHING`,
			a.Mail, member, millis(a.ChangedAt))
		if err == nil && n == 0 {
			err = core.ErrMailTaken
		}
		return err
	})
}

// DeleteAddress implements core.AddressStore.
func (s *Store) DeleteAddress(ctx context.Context, member core.ID, mail string) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		n, err := q.run(ctx, `DELETE FROM mail WHERE member = $1 AND address = $2`, member, mail)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// MailWish implements core.AddressStore.
func (s *Store) MailWish(ctx context.Context, member core.ID) (w core.MailWish, err error) {
	err = s.on(ctx).row(ctx, `SELECT address, expires_at FROM mail_wish WHERE member = $1`, member).Scan(&w.Mail, moment{&w.ExpiresAt})
	return w, one(err)
}

// PutMailWish implements core.AddressStore.
func (s *Store) PutMailWish(ctx context.Context, member core.ID, w core.MailWish) error {
	return s.change(ctx, `INSERT INTO mail_wish (member, address, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (member) DO UPDATE SET address = excluded.address, expires_at = excluded.expires_at`, member, w.Mail, millis(w.ExpiresAt))
}

// DeleteMailWish implements core.AddressStore.
func (s *Store) DeleteMailWish(ctx context.Context, member core.ID) error {
	return s.change(ctx, `DELETE FROM mail_wish WHERE member = $1`, member)
}
