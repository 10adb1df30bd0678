package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// LastVisit implements people.FootprintStore.
func (s People) LastVisit(ctx context.Context, owner, visitor core.ID) (at time.Time, err error) {
	err = one(s.on(ctx).Row(ctx, `SELECT visited_at FROM footprint WHERE member = $1 AND visitor = $2 ORDER BY day DESC LIMIT 1`, owner, visitor).
		Scan(engine.Moment(&at)))
	if err == core.ErrNotFound {
		err = nil
	}
	return at, err
}

// PutFootprint implements people.FootprintStore.
func (s People) PutFootprint(ctx context.Context, v people.Visit) error {
	return s.change(ctx, `INSERT INTO footprint (member, visitor, day, visited_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member, visitor, day) DO UPDATE SET visited_at = excluded.visited_at
		WHERE footprint.visited_at < excluded.visited_at`, v.Owner, v.Visitor, v.Day, engine.Millis(v.At))
}

// CountVisit implements people.FootprintStore.
func (s People) CountVisit(ctx context.Context, v people.Visit) (round int, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO footprint_book (member, total) VALUES ($1, 1)
			ON CONFLICT (member) DO UPDATE SET total = footprint_book.total + 1`, v.Owner)
		if err != nil {
			return err
		}
		n, err := q.Run(ctx, `UPDATE footprint_book SET reached = round, reached_by = $2, reached_at = $3, round = 0
			WHERE member = $1 AND round = total`, v.Owner, v.Visitor, engine.Millis(v.At))
		if err != nil || n == 0 {
			return err
		}
		return q.Row(ctx, `SELECT reached FROM footprint_book WHERE member = $1`, v.Owner).Scan(&round)
	})
	return round, err
}

// TrimFootprints implements people.FootprintStore.
func (s People) TrimFootprints(ctx context.Context, owner core.ID, keep int) error {
	return s.change(ctx, `DELETE FROM footprint WHERE member = $1 AND visited_at <=
		(SELECT visited_at FROM footprint WHERE member = $1 ORDER BY visited_at DESC LIMIT 1 OFFSET $2)`, owner, keep)
}

// Footprints implements people.FootprintStore.
func (s People) Footprints(ctx context.Context, member core.ID, p core.Page) ([]people.Footprint, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (f people.Footprint, err error) {
		err = r.Scan(append(memberFields(&f.Visitor), engine.Moment(&f.At))...)
		f.Visitor.Photo.Owner = f.Visitor.ID
		return f, err
	}, `SELECT `+memberColumns+`, f.visited_at FROM footprint f JOIN member m ON m.id = f.visitor`+memberPhoto+
		`WHERE f.member = $1 AND m.status = 0 ORDER BY f.visited_at DESC, m.id DESC LIMIT $2 OFFSET $3`,
		member, p.Limit(), p.Offset())
}

// FootprintBook implements people.FootprintStore.
func (s People) FootprintBook(ctx context.Context, member core.ID) (b people.FootprintBook, err error) {
	err = one(s.on(ctx).Row(ctx, `SELECT total, round, reached, reached_by, reached_at, stealth FROM footprint_book WHERE member = $1`, member).
		Scan(&b.Total, &b.Round, &b.Reached, &b.ReachedBy.ID, engine.Moment(&b.ReachedAt), &b.Stealth))
	if err == core.ErrNotFound {
		err = nil
	}
	return b, err
}

// SetRound implements people.FootprintStore.
func (s People) SetRound(ctx context.Context, member core.ID, round int) error {
	return s.change(ctx, `INSERT INTO footprint_book (member, round) VALUES ($1, $2)
		ON CONFLICT (member) DO UPDATE SET round = excluded.round`, member, round)
}

// SetStealth implements people.FootprintStore.
func (s People) SetStealth(ctx context.Context, member core.ID, on bool) error {
	return s.change(ctx, `INSERT INTO footprint_book (member, stealth) VALUES ($1, $2)
		ON CONFLICT (member) DO UPDATE SET stealth = excluded.stealth`, member, on)
}
