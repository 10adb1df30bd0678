package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/store/engine"
)

// unshared are tables that a site makes again by itself: the notes of its search index, and what processes and forms keep for a moment.
var unshared = map[string]bool{"search_note": true, "search_filling": true, "form_once": true}

// isSchema says whether a table says how the others are made.
func isSchema(t core.Table) bool { return strings.HasPrefix(t.Name, "goose") }

// ErrNotEmpty: rows would come beside others.
var ErrNotEmpty = errors.New("store: there are members already")

// WholeTables are the tables that make up a site, in the order in which rows may come: none stands on a later one.
func (s *Store) WholeTables() (list []core.Table) {
	for i := len(s.tables) - 1; i >= 0; i-- {
		if t := s.tables[i]; !unshared[t.Name] && !isSchema(t) {
			list = append(list, t)
		}
	}
	return list
}

// EachRow gives all rows of a table in the order of its key: for every column an int64, a string, or nil.
func (s *Store) EachRow(ctx context.Context, t core.Table, each func(values []any) error) error {
	fields := t.Fields()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	rows, err := s.on(ctx).Rows(ctx, `SELECT `+strings.Join(names, ", ")+` FROM `+t.Name+` ORDER BY `+strings.Join(t.Keys(), ", "))
	if err != nil {
		return fmt.Errorf("store: read %s: %w", t.Name, err)
	}
	defer rows.Close()
	values, at := make([]any, len(fields)), make([]any, len(fields))
	for i := range values {
		at[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(at...); err != nil {
			return fmt.Errorf("store: read %s: %w", t.Name, err)
		}
		for i, v := range values {
			switch v := v.(type) {
			case []byte:
				values[i] = string(v)
			case bool:
				values[i] = int64(0)
				if v {
					values[i] = int64(1)
				}
			case time.Time:
				values[i] = v.UnixMilli()
			}
		}
		if err := each(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Clear makes room for the rows of another site: what a new one begins with goes. ErrNotEmpty when somebody is there, unless they go too.
func (s *Store) Clear(ctx context.Context, membersToo bool) error {
	var members int
	if err := s.on(ctx).Row(ctx, `SELECT count(*) FROM member`).Scan(&members); err != nil {
		return err
	}
	if members > 0 && !membersToo {
		return ErrNotEmpty
	}
	return s.db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, t := range s.tables {
			if isSchema(t) {
				continue
			}
			if _, err := q.Run(ctx, `DELETE FROM `+t.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutRows stores rows of a table as EachRow gave them, all or none. columns are those of its values; what is not among them has the
// default of the schema.
func (s *Store) PutRows(ctx context.Context, t core.Table, columns []string, rows [][]any) error {
	statement := `INSERT INTO ` + t.Name + ` (` + strings.Join(columns, ", ") + `) VALUES (` + engine.Places(1, len(columns)) + `)`
	return s.db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, values := range rows {
			if _, err := q.Run(ctx, statement, values...); err != nil {
				return fmt.Errorf("store: %s: %w", t.Name, err)
			}
		}
		return nil
	})
}
