package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// How a Watcher stays exact when several processes write one PostgreSQL database: triggers on the watched tables put the key of
// each row that changes into musubi_touched, in the transaction that changes it, and tell it to the process that does so in a
// notice. seq grows in the order of COMMITs, because writers are serial. Whoever has read musubi_touched up to a seq knows all
// changes up to there; what is deleted of it is told by musubi_gone.
//
// The table has no log of its own (UNLOGGED): a crash of the server empties it. No connection outlives that, so that a new
// connection is a reason to forget all.

// ground is what the engine itself needs in a database, and what SQLite has and PostgreSQL has not.
const ground = `
CREATE UNLOGGED TABLE IF NOT EXISTS musubi_touched (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at TIMESTAMPTZ NOT NULL DEFAULT now(), what TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS musubi_gone (seq BIGINT NOT NULL);
INSERT INTO musubi_gone SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM musubi_gone);
CREATE TABLE IF NOT EXISTS musubi_watched (name TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (name, place));
CREATE TABLE IF NOT EXISTS musubi_node (number BIGINT PRIMARY KEY, holder TEXT NOT NULL, until TIMESTAMPTZ NOT NULL, seen BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS musubi_kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE OR REPLACE FUNCTION instr(TEXT, TEXT) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS 'SELECT strpos($1, $2)::BIGINT';
CREATE OR REPLACE FUNCTION max(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 >= $2 THEN $1 WHEN $1 < $2 THEN $2 END';
CREATE OR REPLACE FUNCTION min(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 <= $2 THEN $1 WHEN $1 > $2 THEN $2 END';
CREATE OR REPLACE FUNCTION musubi_counted(BIGINT, BOOLEAN) RETURNS BIGINT LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1, 0) + CASE WHEN $2 THEN 1 ELSE 0 END';
CREATE OR REPLACE AGGREGATE sum(BOOLEAN) (SFUNC = musubi_counted, STYPE = BIGINT);
CREATE OR REPLACE FUNCTION musubi_joined(TEXT, TEXT, TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1 || $3 || $2, $1, $2)';
CREATE OR REPLACE AGGREGATE group_concat(TEXT, TEXT) (SFUNC = musubi_joined, STYPE = TEXT);
CREATE OR REPLACE FUNCTION musubi_serial() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1836413811, 1); RETURN NULL; END';
`

// apart stands between the parts of what touched holds.
const apart = "\x1f"

// maxTouches is how many changes of others are looked at one by one; after more everything is read again.
const maxTouches = 20_000

// touches is how far this process has read.
type touches struct {
	mu   sync.Mutex
	last int64            // seq up to which all is applied
	mine int64            // the highest of the transaction under way, on the writer's goroutine
	of   map[string]int64 // the connections that have read, by what they are for: a new one has nothing to rely on
	next *look            // that has not been asked yet
	busy bool             // one is being asked
}

// A look is one question that serves all who came before it was asked.
type look struct {
	done chan struct{}
	err  error
}

// fresh joins the next question.
func (p *postgres) fresh(ctx context.Context) error {
	if p.told.Load() == nil {
		return nil
	}
	t := &p.touches
	t.mu.Lock()
	if t.next == nil {
		t.next = &look{done: make(chan struct{})}
	}
	mine := t.next
	if !t.busy {
		t.busy = true
		go p.ask()
	}
	t.mu.Unlock()
	select {
	case <-mine.done:
		return mine.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ask asks as long as somebody waits.
func (p *postgres) ask() {
	t := &p.touches
	for {
		t.mu.Lock()
		now := t.next
		t.next, t.busy = nil, now != nil
		t.mu.Unlock()
		if now == nil {
			return
		}
		now.err = p.lookNow()
		close(now.done)
	}
}

const touchedSince = `SELECT pg_backend_pid(), (SELECT max(seq) FROM musubi_gone), coalesce(t.seq, 0), coalesce(t.what, '') FROM (SELECT 1) o
	LEFT JOIN (SELECT seq, what FROM musubi_touched WHERE seq > $1 ORDER BY seq LIMIT $2) t ON true ORDER BY t.seq`

// lookNow applies what others have written, on the connection that is there for it.
func (p *postgres) lookNow() error {
	ctx, cancel := context.WithTimeout(context.Background(), freshWithin)
	defer cancel()
	return p.apply(func(query string, args ...any) (*sql.Rows, error) { return p.asking.QueryContext(ctx, query, args...) }, "asking")
}

// lookInside is the last word within the transaction that has just begun: nobody else writes until its end. It also looks whether the
// number of this process is still its own.
func (p *postgres) lookInside(ctx context.Context, w *writer) error {
	var mine bool
	if err := w.rowOf(ctx, `SELECT CAST(pg_current_xact_id() AS TEXT), $1 = '' OR EXISTS (SELECT 1 FROM musubi_node WHERE number = $2 AND holder = $1)`, p.holder(), int64(p.number)).Scan(&p.xid, &mine); err != nil {
		return err
	}
	if !mine {
		return errNumber
	}
	if p.told.Load() == nil {
		return nil
	}
	p.touches.mine = 0
	return p.apply(func(query string, args ...any) (*sql.Rows, error) { return w.rowsOf(ctx, query, args...) }, "writing")
}

// apply reads what was touched since the last time and tells the watcher. name is that of a connection.
func (p *postgres) apply(rowsOf func(query string, args ...any) (*sql.Rows, error), name string) error {
	to, t := p.told.Load(), &p.touches
	t.mu.Lock()
	since := t.last
	t.mu.Unlock()
	rows, err := rowsOf(touchedSince, since, int64(maxTouches))
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []Invalidation
	var backend, gone int64
	last, n := since, 0
	for ; rows.Next(); n++ {
		var seq int64
		var what string
		if err := rows.Scan(&backend, &gone, &seq, &what); err != nil {
			return err
		}
		if seq == 0 {
			continue
		}
		last = seq
		if err := to.touched(what, func(i Invalidation) { list = append(list, i) }); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	first := t.of[name] == 0 // in watch: nothing is kept yet
	lost := n >= maxTouches || gone > since || t.of[name] != backend
	if lost {
		rows.Close()
		most, err := rowsOf(`SELECT max(g.seq, coalesce((SELECT max(seq) FROM musubi_touched), 0)) FROM musubi_gone g`)
		if err != nil {
			return err
		}
		defer most.Close()
		for most.Next() {
			if err := most.Scan(&last); err != nil {
				return err
			}
		}
		if err := most.Err(); err != nil {
			return err
		}
		if t.of[name] = backend; !first {
			to.Lost()
		}
	} else if len(list) > 0 {
		to.Elsewhere(list)
	}
	t.last = max(t.last, last)
	return nil
}

// applied: what this process has committed itself, it was told by notices.
func (p *postgres) applied() {
	t := &p.touches
	t.mu.Lock()
	t.last = max(t.last, t.mine)
	t.mu.Unlock()
}

// noticed hears of the changes of this process's own transaction, on the writer's goroutine.
func (p *postgres) noticed(_ *pgconn.PgConn, n *pgconn.Notice) {
	to := p.told.Load()
	rest, ours := strings.CutPrefix(n.Message, "musubi"+apart)
	if to == nil || !ours {
		return
	}
	number, what, _ := strings.Cut(rest, apart)
	seq, err := strconv.ParseInt(number, 10, 64)
	if err == nil {
		p.touches.mine = max(p.touches.mine, seq)
		err = to.touched(what, to.invalidated)
	}
	if err != nil {
		to.err = errors.Join(to.err, err)
		to.Lost() // and once more after the COMMIT
	}
}

// touched reads the key of a row: table:column,column and the values.
func (t *watching) touched(what string, tell func(Invalidation)) error {
	parts := strings.Split(what, apart)
	table, names, _ := strings.Cut(parts[0], ":")
	groups := t.groups[table]
	if len(groups) == 0 {
		return nil // another version of the program watches it
	}
	columns := make([]any, t.columns[table])
	i := 0
	for name := range strings.SplitSeq(names, ",") {
		i++
		column, ok := t.places[table][name]
		if !ok || column.place >= len(columns) {
			continue
		}
		if i >= len(parts) {
			return fmt.Errorf("store: %q has too few values", what)
		}
		columns[column.place] = parts[i]
		if !column.text {
			n, err := strconv.ParseInt(parts[i], 10, 64)
			if err != nil {
				return err
			}
			columns[column.place] = n
		}
	}
	t.each(groups, columns, tell)
	return nil
}

// A place is a column of a watched table.
type place struct {
	place int
	text  bool
}

// watch makes the triggers that are missing. They tell of every column that any version of the program watches.
func (p *postgres) watch(w *writer, t *watching) error {
	ctx := context.Background()
	t.places = map[string]map[string]place{}
	for _, table := range slices.Sorted(maps.Keys(t.groups)) {
		names, err := p.columnsOf(ctx, w, t, table)
		if err != nil {
			return err
		}
		missing := false
		for _, g := range t.groups[table] {
			for _, column := range t.Groups[g].Columns {
				if column >= len(names) {
					return fmt.Errorf("store: %s has %d columns, and column %d is watched", table, len(names), column)
				}
				n, err := w.Run(ctx, `INSERT INTO musubi_watched (name, place) VALUES ($1, $2) ON CONFLICT DO NOTHING`, table, names[column])
				if err != nil {
					return err
				}
				missing = missing || n > 0
			}
		}
		n, err := w.Run(ctx, `INSERT INTO musubi_watched (name, place) VALUES ($1, '') ON CONFLICT DO NOTHING`, table)
		if err != nil {
			return err
		}
		if missing || n > 0 {
			if err := p.trigger(ctx, w, table); err != nil {
				return err
			}
		}
	}
	p.touches.mu.Lock()
	p.touches.of = map[string]int64{}
	p.touches.mu.Unlock()
	w.watching = t
	p.told.Store(t)
	if err := p.lookNow(); err != nil {
		return err
	}
	return p.apply(func(query string, args ...any) (*sql.Rows, error) { return w.rowsOf(ctx, query, args...) }, "writing")
}

// columnsOf names the columns of a table by their places, as SQLite counts them.
func (p *postgres) columnsOf(ctx context.Context, w *writer, t *watching, table string) (names []string, err error) {
	rows, err := w.Rows(ctx, `SELECT attname, format_type(atttypid, NULL) = 'text' FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	t.places[table] = map[string]place{}
	for rows.Next() {
		var name string
		var text bool
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		t.places[table][name] = place{len(names), text}
		names = append(names, name)
	}
	if len(names) == 0 && rows.Err() == nil {
		return nil, fmt.Errorf("store: there is no table %s, which is watched", table)
	}
	return names, rows.Err()
}

// trigger makes or renews the triggers of a table.
func (p *postgres) trigger(ctx context.Context, w *writer, table string) error {
	names, err := List(ctx, w, func(r Scanner) (s string, err error) { return s, r.Scan(&s) },
		`SELECT place FROM musubi_watched WHERE name = $1 AND place <> '' ORDER BY place`, table)
	if err != nil {
		return err
	}
	key := func(row string) string {
		b := `'` + table + ":" + strings.Join(names, ",") + `'`
		for _, name := range names {
			b += ` || E'\x1f' || coalesce(CAST(` + row + `.` + name + ` AS TEXT), '')`
		}
		return b
	}
	one := func(row string) string {
		return `what := ` + key(row) + `; INSERT INTO musubi_touched (what) VALUES (what) RETURNING musubi_touched.seq INTO seq; RAISE NOTICE USING MESSAGE = 'musubi' || E'\x1f' || seq || E'\x1f' || what;`
	}
	same := "true"
	for _, name := range names {
		same += ` AND OLD.` + name + ` IS NOT DISTINCT FROM NEW.` + name
	}
	for _, statement := range []string{
		`CREATE OR REPLACE FUNCTION musubi_touch_` + table + `() RETURNS trigger LANGUAGE plpgsql AS $touch$
DECLARE what TEXT; seq BIGINT;
BEGIN
	IF TG_OP <> 'INSERT' THEN ` + one("OLD") + ` END IF;
	IF TG_OP = 'UPDATE' THEN IF ` + same + ` THEN RETURN NULL; END IF; END IF;
	IF TG_OP <> 'DELETE' THEN ` + one("NEW") + ` END IF;
	RETURN NULL;
END $touch$`,
		`CREATE OR REPLACE TRIGGER musubi_touch AFTER INSERT OR UPDATE OR DELETE ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION musubi_touch_` + table + `()`,
		`CREATE OR REPLACE TRIGGER musubi_serial BEFORE INSERT OR UPDATE OR DELETE ON ` + table + ` FOR EACH STATEMENT EXECUTE FUNCTION musubi_serial()`,
	} {
		if _, err := w.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("store: the triggers of %s: %w", table, err)
		}
	}
	return nil
}

// look is called now and then, for readings that no request has asked for.
func (p *postgres) look(*writer) {
	if p.told.Load() != nil {
		go p.fresh(context.Background())
	}
}

// sweep deletes what every process has read, or was told a minute ago.
func (p *postgres) sweep(ctx context.Context) error {
	_, err := p.asking.ExecContext(ctx, `WITH old AS (DELETE FROM musubi_touched WHERE at < now() - INTERVAL '1 minute'
		OR seq <= (SELECT coalesce(min(seen), 0) FROM musubi_node WHERE until > now()) RETURNING seq)
		UPDATE musubi_gone SET seq = max(musubi_gone.seq, (SELECT max(seq) FROM old)) WHERE EXISTS (SELECT 1 FROM old)`)
	return err
}
