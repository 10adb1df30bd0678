package store

import (
	"context"
	"fmt"
	"strings"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/store/engine"
)

// Nouns implements chores.ExportStore.
func (s Chores) Nouns() (list []chores.Noun) {
	for _, t := range s.tables {
		if t.Export != "" {
			list = append(list, chores.Noun{Name: t.Export, Fields: t.Fields()})
		}
	}
	return list
}

// CountBelongings implements chores.ExportStore.
func (s Chores) CountBelongings(ctx context.Context, member core.ID) (n int, err error) {
	for _, t := range s.tables {
		if t.Export == "" {
			continue
		}
		var rows int
		query := `SELECT count(*) FROM ` + t.Name + ` WHERE (` + strings.Join(t.ExportedRows(), `) OR (`) + `)`
		if err := s.on(ctx).Row(ctx, query, member).Scan(&rows); err != nil {
			return 0, fmt.Errorf("store: count %s: %w", t.Export, err)
		}
		n += rows
	}
	return n, nil
}

// exportBite is how many rows are read at once.
const exportBite = 500

// Belongings implements chores.ExportStore.
func (s Chores) Belongings(ctx context.Context, member core.ID, noun string, each func(row []core.Field) error) error {
	for _, t := range s.tables {
		if t.Export != noun {
			continue
		}
		conditions := t.ExportedRows()
		for i, where := range conditions {
			for _, earlier := range conditions[:i] { // a row that meets two of them comes once
				where += ` AND NOT (` + earlier + `)`
			}
			if err := s.batches(ctx, t, member, where, each); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("store: members have no %q", noun)
}

// batches reads the rows of one condition in the order of their key.
func (s Chores) batches(ctx context.Context, t core.Table, member core.ID, where string, each func(row []core.Field) error) error {
	fields, keys := t.Fields(), t.Keys()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	order := strings.Join(keys, ", ")
	query := `SELECT ` + order + `, ` + strings.Join(names, ", ") + ` FROM ` + t.Name + ` WHERE ` + where
	next := ` AND (` + order + `) > (` + engine.Places(3, len(keys)) + `)`
	args := []any{member, exportBite}
	for {
		rows, err := engine.List(ctx, s.on(ctx), row(len(keys)+len(fields)), query+` ORDER BY `+order+` LIMIT $2`, args...)
		if err != nil {
			return fmt.Errorf("store: read %s: %w", t.Export, err)
		}
		for _, values := range rows {
			for i := range fields {
				fields[i].Value = values[len(keys)+i]
			}
			if err := each(fields); err != nil {
				return err
			}
		}
		if len(rows) < exportBite {
			return nil
		}
		if len(args) == 2 {
			query += next
		}
		args = append(args[:2], rows[len(rows)-1][:len(keys)]...)
	}
}

// PutExport implements chores.ExportStore.
func (s Chores) PutExport(ctx context.Context, e chores.Export) error {
	return s.change(ctx, `INSERT INTO export (member, id, state, asked_at, ready_at, bytes, language) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (member) DO UPDATE SET id = excluded.id, state = excluded.state, asked_at = excluded.asked_at,
			ready_at = excluded.ready_at, bytes = excluded.bytes, language = excluded.language`,
		e.Member, e.ID, e.State, engine.Millis(e.AskedAt), engine.Millis(e.ReadyAt), e.Bytes, e.Language)
}

const exportColumns = `SELECT member, id, state, asked_at, ready_at, bytes, language FROM export`

func export(r engine.Scanner) (e chores.Export, err error) {
	return e, r.Scan(&e.Member, &e.ID, &e.State, engine.Moment(&e.AskedAt), engine.Moment(&e.ReadyAt), &e.Bytes, &e.Language)
}

// Export implements chores.ExportStore.
func (s Chores) Export(ctx context.Context, member core.ID) (chores.Export, error) {
	e, err := export(s.on(ctx).Row(ctx, exportColumns+` WHERE member = $1`, member))
	return e, one(err)
}

// Exports implements chores.ExportStore.
func (s Chores) Exports(ctx context.Context) ([]chores.Export, error) {
	return engine.List(ctx, s.on(ctx), export, exportColumns+` ORDER BY asked_at`)
}

// DeleteExport implements chores.ExportStore.
func (s Chores) DeleteExport(ctx context.Context, member, id core.ID) error {
	return s.change(ctx, `DELETE FROM export WHERE member = $1 AND id = $2`, member, id)
}
