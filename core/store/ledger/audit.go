// Package ledger keeps what the service itself writes down beside what members do: the audit log, and tasks.
package ledger

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Store is the ledger.
type Store struct{ base.Area }

const auditColumns = `SELECT seq, at, kind, member, client, object, peer, reason, subject, times, chain FROM audit `

func auditEntry(r engine.Scanner) (e core.Entry, err error) {
	return e, r.Scan(&e.Seq, engine.Moment(&e.At), &e.Kind, &e.Member, &e.Client, &e.Object, &e.Peer, &e.Reason, &e.Subject, &e.Times, &e.Chain)
}

// LastAudit implements core.AuditStore.
func (s Store) LastAudit(ctx context.Context, kind string) (core.Entry, error) {
	e, err := auditEntry(s.On(ctx).Row(ctx, auditColumns+`WHERE kind = $1 OR $1 = '' ORDER BY seq DESC LIMIT 1`, kind))
	return e, base.One(err)
}

// InsertAudit implements core.AuditStore.
func (s Store) InsertAudit(ctx context.Context, e core.Entry) error {
	return s.Change(ctx, `INSERT INTO audit (seq, at, kind, member, client, object, peer, reason, subject, times, chain)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.Seq, engine.Millis(e.At), e.Kind, e.Member, e.Client, e.Object, e.Peer, e.Reason, e.Subject, e.Times, e.Chain)
}

// AuditAfter implements core.AuditStore.
func (s Store) AuditAfter(ctx context.Context, seq int64, limit int) ([]core.Entry, error) {
	return engine.List(ctx, s.On(ctx), auditEntry, auditColumns+`WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// AuditAnchor implements core.AuditStore.
func (s Store) AuditAnchor(ctx context.Context) (seq int64, chain string, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT seq, chain FROM audit_anchor WHERE id = 1`).Scan(&seq, &chain))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return seq, chain, err
}

// DeleteAuditBefore implements core.AuditStore.
func (s Store) DeleteAuditBefore(ctx context.Context, t time.Time, limit int) (n int, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		list, err := engine.List(ctx, q, auditEntry, auditColumns+`ORDER BY seq LIMIT $1`, limit)
		if err != nil {
			return err
		}
		for n = 0; n < len(list) && list[n].At.Before(t); n++ {
		}
		if n == 0 {
			return nil
		}
		last := list[n-1]
		if _, err := q.Run(ctx, `INSERT INTO audit_anchor (id, seq, chain) VALUES (1, $1, $2)
			ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, chain = excluded.chain`, last.Seq, last.Chain); err != nil {
			return err
		}
		_, err = q.Run(ctx, `DELETE FROM audit WHERE seq <= $1`, last.Seq)
		return err
	})
	return n, err
}
