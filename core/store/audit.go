package store

import (
	"context"

	"musubi/core"
)

const auditColumns = `SELECT seq, at, kind, member, client, object, chain FROM audit `

func auditEntry(r scanner) (e core.Entry, err error) {
	return e, r.Scan(&e.Seq, moment{&e.At}, &e.Kind, &e.Member, &e.Client, &e.Object, &e.Chain)
}

// LastAudit implements core.AuditStore.
func (s *Store) LastAudit(ctx context.Context) (core.Entry, error) {
	e, err := auditEntry(s.on(ctx).row(ctx, auditColumns+`ORDER BY seq DESC LIMIT 1`))
	return e, one(err)
}

// InsertAudit implements core.AuditStore.
func (s *Store) InsertAudit(ctx context.Context, e core.Entry) error {
	return s.change(ctx, `INSERT INTO audit (seq, at, kind, member, client, object, chain) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.Seq, millis(e.At), e.Kind, e.Member, e.Client, e.Object, e.Chain)
}

// AuditAfter implements core.AuditStore.
func (s *Store) AuditAfter(ctx context.Context, seq int64, limit int) ([]core.Entry, error) {
	return list(ctx, s.on(ctx), auditEntry, auditColumns+`WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}
