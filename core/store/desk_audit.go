package store

import (
	"context"

	"musubi/core"
	"musubi/core/store/engine"
)

const auditColumns = `SELECT seq, at, kind, member, client, object, chain FROM audit `

func auditEntry(r engine.Scanner) (e core.Entry, err error) {
	return e, r.Scan(&e.Seq, engine.Moment(&e.At), &e.Kind, &e.Member, &e.Client, &e.Object, &e.Chain)
}

// LastAudit implements core.AuditStore.
func (s Desk) LastAudit(ctx context.Context) (core.Entry, error) {
	e, err := auditEntry(s.on(ctx).Row(ctx, auditColumns+`ORDER BY seq DESC LIMIT 1`))
	return e, one(err)
}

// InsertAudit implements core.AuditStore.
func (s Desk) InsertAudit(ctx context.Context, e core.Entry) error {
	return s.change(ctx, `INSERT INTO audit (seq, at, kind, member, client, object, chain) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.Seq, engine.Millis(e.At), e.Kind, e.Member, e.Client, e.Object, e.Chain)
}

// AuditAfter implements core.AuditStore.
func (s Desk) AuditAfter(ctx context.Context, seq int64, limit int) ([]core.Entry, error) {
	return engine.List(ctx, s.on(ctx), auditEntry, auditColumns+`WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit)
}
