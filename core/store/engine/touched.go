package engine

import (
	"cmp"
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
// each row that changes into musubi_touch, in the transaction that changes it, and tell it to the process that does so in a
// notice. Writers run beside each other, so that no number grows in the order of their COMMITs; but PostgreSQL says which transactions a
// snapshot saw. Whoever has read musubi_touch in one snapshot asks in the next for those of the transactions that the first did not see,
// and so knows all changes up to there; what is deleted of it is told by musubi_passed.
//
// The table has no log of its own (UNLOGGED): a crash of the server empties it. No connection outlives that, so that a new
// connection is a reason to forget all.

// ground is what the engine itself needs in a database, and what SQLite has and PostgreSQL has not.
const ground = `
CREATE UNLOGGED TABLE IF NOT EXISTS musubi_touch (xact BIGINT NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT), at TIMESTAMPTZ NOT NULL DEFAULT now(), what TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS musubi_touch_xact ON musubi_touch (xact);
CREATE TABLE IF NOT EXISTS musubi_passed (xact BIGINT NOT NULL);
INSERT INTO musubi_passed SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM musubi_passed);
CREATE SEQUENCE IF NOT EXISTS musubi_number MINVALUE 8000000000000000000;
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
DO $$ DECLARE t RECORD; BEGIN -- of a version whose writers were one after the other; one of its processes that still runs finds nothing to rely on
	IF to_regclass('musubi_touched') IS NOT NULL THEN
		FOR t IN SELECT CAST(tgrelid AS regclass) AS place, tgname FROM pg_trigger WHERE tgname IN ('musubi_touch', 'musubi_serial') LOOP
			EXECUTE format('DROP TRIGGER %I ON %s', t.tgname, t.place);
		END LOOP;
		DROP TABLE musubi_touched, musubi_gone;
		DROP FUNCTION musubi_serial();
		DELETE FROM musubi_watched;
		UPDATE musubi_node SET seen = 0;
	END IF;
END $$;
`

// apart stands between the parts of what touched holds.
const apart = "\x1f"

// asking stands for a lane: the connection of DB.Fresh.
const asking = -1

// maxTouches is how many changes of others are looked at one by one; after more everything is read again.
const maxTouches = 20_000

// touches is how far this process has read.
type touches struct {
	mu   sync.Mutex
	last snapshot           // up to which all is applied
	mine map[int64]struct{} // transactions of this process whose changes the Watcher knows, as far as last did not see them
	of   map[int]int64      // the connections that have read, by what they are for: a new one has nothing to rely on
	next *look              // that has not been asked yet
	busy bool               // one is being asked
}

// A snapshot says which transactions were over: those below xmin, and those below xmax that did not run.
type snapshot struct {
	text       string // as PostgreSQL writes it
	xmin, xmax int64
	running    int // from xmin on
}

// never saw anything.
var never = snapshot{text: "1:1:", xmin: 1, xmax: 1}

func parseSnapshot(text string) (s snapshot, err error) {
	least, rest, _ := strings.Cut(text, ":")
	most, running, _ := strings.Cut(rest, ":")
	s.text, s.running = text, strings.Count(running, ",")
	if running != "" {
		s.running++
	}
	if s.xmin, err = strconv.ParseInt(least, 10, 64); err == nil {
		s.xmax, err = strconv.ParseInt(most, 10, 64)
	}
	return s, err
}

// after says whether a snapshot was taken later: of one server, each later one sees more or the same.
func (s snapshot) after(o snapshot) bool {
	return cmp.Or(cmp.Compare(s.xmax, o.xmax), cmp.Compare(s.xmin, o.xmin), cmp.Compare(o.running, s.running)) > 0
}

// A look is one question that serves all who came before it was asked.
type look struct {
	done chan struct{}
	err  error
}

// fresh joins the next question.
func (p *postgres) fresh(ctx context.Context) error {
	if p.watching.Load() == nil {
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

// touchedSince finds what the snapshot of before did not see.
const touchedSince = `SELECT ` + touchedRest

const touchedRest = `pg_backend_pid(), (SELECT max(xact) FROM musubi_passed), CAST(pg_current_snapshot() AS TEXT), coalesce(t.what, '') FROM (SELECT 1) o
	LEFT JOIN (SELECT what FROM musubi_touch WHERE xact >= $2 AND NOT pg_visible_in_snapshot(CAST(CAST(xact AS TEXT) AS xid8), CAST($1 AS pg_snapshot))
		AND xact <> ALL(CAST($3 AS BIGINT[])) ORDER BY xact LIMIT $4) t ON true`

// hasNumber gives a transaction its number, and says whether this process still has its own. The transaction's is later than the snapshot of the
// statement that gives it; a later snapshot of its own would take it for one that is over.
const hasNumber = `CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT), $5 = '' OR EXISTS (SELECT 1 FROM musubi_node WHERE number = $6 AND holder = $5)`

const touchedAtFirst = `SELECT ` + hasNumber + `, ` + touchedRest

// lookNow applies what others have written, on the connection that is there for it.
func (p *postgres) lookNow() error {
	ctx, cancel := context.WithTimeout(context.Background(), freshWithin)
	defer cancel()
	return p.apply(func(query string, args ...any) (*sql.Rows, error) { return p.asking.QueryContext(ctx, query, args...) }, asking, 0)
}

// lookInside is the last word within the transaction that has just begun: nobody else writes what is its own until its end. It also looks whether
// the number of this process is still its own.
func (p *postgres) lookInside(ctx context.Context, w *writer) error {
	var mine bool
	var err error
	if p.watching.Load() != nil {
		err = p.apply(func(_ string, args ...any) (*sql.Rows, error) {
			return w.rowsOf(ctx, touchedAtFirst, append(args, p.holder(), int64(p.number))...)
		}, w.lane, 0, &w.xid, &mine)
	} else {
		err = w.rowOf(ctx, `SELECT `+hasNumber, nil, nil, nil, nil, p.holder(), int64(p.number)).Scan(&w.xid, &mine)
	}
	if err == nil && !mine {
		err = errNumber
	}
	return err
}

// lookAgain follows a lock that a transaction takes on its way: what was written of that owner since it began.
func (p *postgres) lookAgain(ctx context.Context, w *writer) error {
	if p.watching.Load() == nil {
		return nil
	}
	return p.apply(func(query string, args ...any) (*sql.Rows, error) { return w.rowsOf(ctx, query, args...) }, w.lane, w.xid)
}

// apply reads what was touched since the last time and tells the watcher. lane is that of the connection; asking: the one beside them. within
// is the transaction that asks, once it has a number: its snapshot takes itself for over, and so nobody else goes on from there. first is where the
// columns are read to that the question has before those of touchedRest.
func (p *postgres) apply(rowsOf func(query string, args ...any) (*sql.Rows, error), lane int, within int64, first ...any) error {
	to, t := p.watching.Load(), &p.touches
	t.mu.Lock()
	since, mine := t.last, "{"+strconv.FormatInt(within, 10)+","
	for xact := range t.mine {
		mine += strconv.FormatInt(xact, 10) + ","
	}
	t.mu.Unlock()
	rows, err := rowsOf(touchedSince, since.text, since.xmin, strings.TrimSuffix(mine, ",")+"}", int64(maxTouches))
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []Invalidation
	var backend, passed int64
	var text string
	n := 0
	for ; rows.Next(); n++ {
		var what string
		if err := rows.Scan(append(slices.Clip(first), &backend, &passed, &text, &what)...); err != nil {
			return err
		}
		if what == "" {
			continue
		}
		if err := to.touched(what, func(i Invalidation) { list = append(list, i) }); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	now, err := parseSnapshot(text)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	fresh := t.of[lane] == 0 // in watch: nothing is kept yet
	if lost := n >= maxTouches || passed >= since.xmin || t.of[lane] != backend; lost {
		if t.of[lane] = backend; !fresh {
			to.Lost()
		}
	} else if len(list) > 0 {
		to.Elsewhere(list)
	}
	if within == 0 && now.after(t.last) {
		t.last = now
		maps.DeleteFunc(t.mine, func(xact int64, _ struct{}) bool { return xact < now.xmin })
	}
	return nil
}

// told: what this process has committed itself, it was told by notices.
func (p *postgres) told(w *writer) {
	if t := &p.touches; w.watching != nil {
		t.mu.Lock()
		t.mine[w.xid] = struct{}{}
		t.mu.Unlock()
	}
}

// noticed hears of the changes of this process's own transaction, on the writer's goroutine.
func noticed(w *writer, n *pgconn.Notice) {
	what, ours := strings.CutPrefix(n.Message, "musubi"+apart)
	if w == nil || w.watching == nil || !ours {
		return
	}
	to := w.watching
	if err := to.touched(what, to.invalidated); err != nil {
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
	p.touches.last, p.touches.of, p.touches.mine = never, map[int]int64{}, map[int64]struct{}{}
	p.touches.mu.Unlock()
	w.watching = t
	p.watching.Store(t)
	if err := p.lookNow(); err != nil {
		return err
	}
	return p.apply(func(query string, args ...any) (*sql.Rows, error) { return w.rowsOf(ctx, query, args...) }, w.lane, 0)
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
		return `it := ` + key(row) + `; INSERT INTO musubi_touch (what) VALUES (it); RAISE NOTICE USING MESSAGE = 'musubi' || E'\x1f' || it;`
	}
	same := "true"
	for _, name := range names {
		same += ` AND OLD.` + name + ` IS NOT DISTINCT FROM NEW.` + name
	}
	for _, statement := range []string{
		`CREATE OR REPLACE FUNCTION musubi_touch_` + table + `() RETURNS trigger LANGUAGE plpgsql AS $touch$
DECLARE it TEXT;
BEGIN
	IF TG_OP <> 'INSERT' THEN ` + one("OLD") + ` END IF;
	IF TG_OP = 'UPDATE' THEN IF ` + same + ` THEN RETURN NULL; END IF; END IF;
	IF TG_OP <> 'DELETE' THEN ` + one("NEW") + ` END IF;
	RETURN NULL;
END $touch$`,
		`CREATE OR REPLACE TRIGGER musubi_touch AFTER INSERT OR UPDATE OR DELETE ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION musubi_touch_` + table + `()`,
	} {
		if _, err := w.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("store: the triggers of %s: %w", table, err)
		}
	}
	return nil
}

// look is called now and then, for readings that no request has asked for.
func (p *postgres) look(*writer) {
	if p.watching.Load() != nil {
		go p.fresh(context.Background())
	}
}

// sweep deletes what every process has read, or was told a minute ago.
func (p *postgres) sweep(ctx context.Context) error {
	_, err := p.asking.ExecContext(ctx, `WITH old AS (DELETE FROM musubi_touch WHERE at < now() - INTERVAL '1 minute'
		OR xact < (SELECT coalesce(min(seen), 0) FROM musubi_node WHERE until > now()) RETURNING xact)
		UPDATE musubi_passed SET xact = max(musubi_passed.xact, (SELECT max(xact) FROM old)) WHERE EXISTS (SELECT 1 FROM old)`)
	return err
}

// settled is how far the numbers of musubi_number are known to be stored, or never to be.
type settled struct {
	mu           sync.Mutex
	upTo         int64
	number, xact int64 // number is settled once every transaction below xact is over
}

// Settled is a number of the sequence musubi_number up to which no transaction under way can store one: whoever reads rows by such a
// number does not pass over one that is stored a moment later. Nobody has to wait for it; it grows from call to call.
func (db *DB) Settled(ctx context.Context) (int64, error) {
	p, ok := db.system.(*postgres)
	if !ok {
		return 0, errors.New("store: SQLite numbers nothing by musubi_number")
	}
	s := &p.settled
	s.mu.Lock()
	defer s.mu.Unlock()
	over := func() error { // a transaction has its number before it takes any of the sequence
		var xmin int64
		err := db.read.Row(ctx, `SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)`).Scan(&xmin)
		if err == nil && xmin >= s.xact {
			s.upTo, s.xact = s.number, 0
		}
		return err
	}
	if s.xact > 0 {
		if err := over(); err != nil || s.xact > 0 {
			return s.upTo, err
		}
	}
	if err := db.read.Row(ctx, `SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM musubi_number`).Scan(&s.number); err != nil {
		return s.upTo, err
	}
	if err := db.read.Row(ctx, `SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)`).Scan(&s.xact); err != nil {
		s.xact = 0
		return s.upTo, err
	}
	return s.upTo, over()
}
