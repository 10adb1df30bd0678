package engine

import (
	"context"
	"crypto/md5"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrFilled says that a database to which rows are to be moved has rows of its own.
var ErrFilled = errors.New("the database has members already: name an empty one (createdb NAME), nothing is overwritten")

// Move copies the rows of tables from SQLite's file to PostgreSQL, as one transaction: all are there and equal, in number and in the sum
// of each column, or nothing is. Nobody writes to either meanwhile. A table of empty with rows is ErrFilled. progress is told how many
// rows are copied.
func Move(ctx context.Context, from, to *DB, tables, empty []string, progress func(rows int)) error {
	file, isFile := from.system.(*sqliteFile)
	server, isServer := to.system.(*postgres)
	if !isFile || !isServer {
		return fmt.Errorf("store: rows are moved from a SQLite file to PostgreSQL, not from %T to %T", file, server)
	}
	return from.write.outside(ctx, func() error {
		if _, err := from.write.conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
			return err
		}
		defer from.write.conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		return to.write.outside(ctx, func() (err error) {
			if broken := raw(to.write.conn, func(c *pgx.Conn) {
				m := move{ctx, from.write.conn, c, progress, 0}
				err = m.all(tables, empty)
			}); broken != nil {
				return broken
			}
			return err
		})
	})
}

// Filled is ErrFilled when one of the tables has rows.
func (db *DB) Filled(ctx context.Context, tables []string) error {
	return filled(tables, func(query string, has *bool) error { return db.On(ctx).Row(ctx, query).Scan(has) })
}

func filled(tables []string, ask func(query string, has *bool) error) error {
	for _, table := range tables {
		has := false
		if err := ask(`SELECT EXISTS (SELECT 1 FROM `+quoted(table)+`)`, &has); err != nil {
			return err
		}
		if has {
			return ErrFilled
		}
	}
	return nil
}

// A move is one under way.
type move struct {
	ctx      context.Context
	from     *sql.Conn
	to       *pgx.Conn
	progress func(rows int)
	done     int
}

func (m *move) all(tables, empty []string) error {
	begin := fmt.Sprintf(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(%d, %d)`, lockClass, lockWriting)
	if _, err := m.to.Exec(m.ctx, begin, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	err := m.tables(tables, empty)
	if err != nil {
		_, undone := m.to.Exec(context.WithoutCancel(m.ctx), `ROLLBACK`)
		return errors.Join(err, undone)
	}
	if _, err := m.to.Exec(m.ctx, `COMMIT`); err != nil {
		return err
	}
	_, err = m.to.Exec(m.ctx, `ANALYZE`) // plans are made once: see postgresSettings
	return err
}

func (m *move) tables(tables, empty []string) error {
	if err := filled(empty, func(query string, has *bool) error { return m.to.QueryRow(m.ctx, query).Scan(has) }); err != nil {
		return err
	}
	for _, table := range tables { // what a new database begins with goes
		if _, err := m.to.Exec(m.ctx, `DELETE FROM `+quoted(table)); err != nil {
			return err
		}
	}
	for _, table := range tables {
		if err := m.table(table); err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
	}
	return nil
}

// table copies one, and compares it.
func (m *move) table(table string) error {
	described, err := m.to.Query(m.ctx, `SELECT attname, format_type(atttypid, NULL) = 'text' FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, table)
	if err != nil {
		return err
	}
	columns, err := pgx.CollectRows(described, pgx.RowToStructByPos[column])
	if err != nil {
		return err
	}
	names, list := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], list[i] = c.Name, quoted(c.Name)
	}
	there := 0
	if err := m.from.QueryRowContext(m.ctx, `SELECT count(*) FROM pragma_table_info($1)`, table).Scan(&there); err != nil {
		return err
	}
	if there != len(columns) {
		return fmt.Errorf("it has %d columns in one database and %d in the other", there, len(columns))
	}
	rows, err := m.from.QueryContext(m.ctx, `SELECT `+strings.Join(list, ", ")+` FROM `+quoted(table))
	if err != nil {
		return err
	}
	defer rows.Close()
	s := &moved{Rows: rows, values: make([]any, len(columns)), sums: make([]uint64, len(columns)), tell: func() {
		m.done++
		m.progress(m.done)
	}}
	if _, err := m.to.CopyFrom(m.ctx, pgx.Identifier{table}, names, s); err != nil {
		return err
	}
	return m.compare(table, columns, s)
}

// A column of a table.
type column struct {
	Name string
	Text bool
}

// compare asks PostgreSQL for the number of rows and for the sum of each column: of numbers, and of the first 60 bits of the MD5 of texts.
func (m *move) compare(table string, columns []column, s *moved) error {
	sums := []string{`CAST(count(*) AS TEXT)`}
	for _, c := range columns {
		value := `CAST(` + quoted(c.Name) + ` AS NUMERIC)`
		if c.Text {
			value = `CAST(('x' || left(md5(` + quoted(c.Name) + `), 15))::BIT(60) AS BIGINT)`
		}
		sums = append(sums, `coalesce(CAST(sum(`+value+`) AS TEXT), '0')`)
	}
	var got []string
	if err := m.to.QueryRow(m.ctx, `SELECT ARRAY[`+strings.Join(sums, ", ")+`] FROM `+quoted(table)).Scan(&got); err != nil {
		return err
	}
	for i, want := range append([]uint64{s.rows}, s.sums...) {
		if sum, ok := new(big.Int).SetString(got[i], 10); !ok || sum.Mod(sum, wrap).Uint64() != want {
			what := "the number of rows"
			if i > 0 {
				what = "the sum of column " + columns[i-1].Name
			}
			return fmt.Errorf("%s is not what it was: nothing was moved", what)
		}
	}
	return nil
}

// wrap is where sums begin anew.
var wrap = new(big.Int).Lsh(big.NewInt(1), 64)

// moved are the rows of a table on their way; it is a pgx.CopyFromSource that keeps the sums.
type moved struct {
	*sql.Rows
	values []any
	rows   uint64
	sums   []uint64
	tell   func()
}

// Values implements pgx.CopyFromSource.
func (s *moved) Values() ([]any, error) {
	to := make([]any, len(s.values))
	for i := range s.values {
		to[i] = &s.values[i]
	}
	if err := s.Scan(to...); err != nil {
		return nil, err
	}
	for i, v := range s.values {
		switch v := v.(type) {
		case int64:
			s.sums[i] += uint64(v)
		case string:
			sum := md5.Sum([]byte(v))
			s.sums[i] += binary.BigEndian.Uint64(sum[:8]) >> 4
		case nil:
		default:
			return nil, fmt.Errorf("a column holds %T, expected an integer or a text", v)
		}
	}
	s.rows++
	s.tell()
	return s.values, nil
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
