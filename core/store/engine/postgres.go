package engine

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgres is the system of a PostgreSQL database that several processes share. Every group of writes begins with advisory locks on whose it
// names (locks), so that transactions that share an owner are serial over all processes, as all are on SQLite: what is read of that owner in
// one is true until its end.
type postgres struct {
	connector driver.Connector
	asking    *sql.DB // one connection for DB.Fresh alone, which never waits behind a reading
	origin    string  // names this process among those that have a number
	texts     sync.Map
	watching  atomic.Pointer[watching]
	touches   touches
	settled   settled

	number   uint8 // see DB.Lease
	leased   atomic.Bool
	stopBeat func()
	beating  sync.WaitGroup
}

// The first number of our advisory locks; the second says what it is for.
const (
	lockClass     = 0x6d757375
	lockWriting   = 1 // exclusive for who writes what is everybody's, shared by all who name their owners, whose locks have one number: theirs
	lockMigrating = 2
	lockAlone     = 0x10000 // and the hash of a name: see DB.Alone
)

// Bounds of waiting for PostgreSQL.
const (
	connectWithin = 3 * time.Second
	deadAfter     = 5 * time.Second // without a sign of life of the other side
	inDoubt       = 5 * time.Second // after a COMMIT without an answer, for asking what became of it
	freshWithin   = 2 * time.Second
)

// parameters of each connection. Statements are planned once, and not compiled: plans for each set of values, and machine code for what runs a
// millisecond, cost more than they bring.
// Who holds the lock and is gone, by a cut cable, say, is noticed soon.
var postgresSettings = map[string]string{
	"application_name": "musubi", "plan_cache_mode": "force_generic_plan", "client_min_messages": "notice", "jit": "off", "TimeZone": "UTC",
	"lock_timeout": fmt.Sprint(busyTimeout.Milliseconds()), "idle_in_transaction_session_timeout": "30000",
	"tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "3", "tcp_user_timeout": fmt.Sprint(deadAfter.Milliseconds()),
}

// parsePostgres reads the address of a database.
func parsePostgres(url string) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("store: the address of the database cannot be read, expected postgres://USER@HOST:PORT/DB?sslmode=…: %w", err)
	}
	for name, value := range postgresSettings {
		if _, own := c.RuntimeParams[name]; !own {
			c.RuntimeParams[name] = value
		}
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectWithin
	}
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 2 * time.Second, Interval: time.Second, Count: 3}, Control: giveUp}
	c.DialFunc = dialer.DialContext
	return c, nil
}

// openPostgres opens a database, and makes an empty one ready.
func openPostgres(ctx context.Context, c Config, schema fs.FS) (*DB, error) {
	config, err := parsePostgres(c.URL)
	if err != nil {
		return nil, err
	}
	name := make([]byte, 8)
	rand.Read(name)
	p := &postgres{origin: hex.EncodeToString(name)}
	p.connector = stdlib.GetConnector(*config)
	reading := sql.OpenDB(p.connector)
	p.asking = sql.OpenDB(p.connector)
	p.asking.SetMaxOpenConns(1)
	pools := []*sql.DB{reading, p.asking}
	closeAll := func(err error) error {
		err = unreached(err)
		for _, pool := range pools {
			err = errors.Join(err, pool.Close())
		}
		return err
	}
	// lane makes the pool of a writer, of one connection that tells it what its statements change.
	lane := func() (pool *sql.DB, of func(*writer)) {
		var w *writer
		noting := config.Copy()
		noting.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { noticed(w, n) }
		pool = sql.OpenDB(stdlib.GetConnector(*noting))
		pool.SetMaxOpenConns(1)
		pools = append(pools, pool)
		return pool, func(its *writer) { w = its }
	}
	if schema != nil {
		if err := migratePostgres(ctx, reading, schema, c); err != nil {
			return nil, closeAll(err)
		}
	}
	first, of := lane()
	db, err := join(ctx, c, p, reading, first)
	if err != nil {
		return nil, closeAll(err)
	}
	of(db.write)
	for n := 1; n < Lanes; n++ {
		pool, of := lane()
		w, err := newWriter(ctx, pool, db.write.machine, n, c.Rehearse)
		if err != nil {
			return nil, closeAll(errors.Join(err, db.Close()))
		}
		of(w)
		db.lanes, db.pools = append(db.lanes, w), append(db.pools, pool)
	}
	return db, nil
}

func (p *postgres) close() error {
	if p.leased.Load() {
		p.stopBeat()
		p.beating.Wait()
	}
	return p.asking.Close()
}

// troubled: what the server says of itself, and what keeps us from hearing it.
func (p *postgres) troubled(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		if said.Code == pgInFailed {
			return false
		}
		switch said.Code[:2] {
		case "08", "53", "57", "58", "25", "40", "55": // connection, resources, operator, system, read-only, deadlock, lock
			return true
		}
		return false
	}
	var network net.Error
	var connecting *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &connecting) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, errDoubt) || errors.Is(err, errEnded) || errors.Is(err, errNumber) || err.Error() == "conn closed"
}

// pgInFailed is the code of a statement in a transaction that has failed already: what counts is what failed first.
const pgInFailed = "25P02"

// raw runs f on the connection below a writer's.
func raw(conn *sql.Conn, f func(c *pgx.Conn)) error {
	return conn.Raw(func(c any) error {
		f(c.(*stdlib.Conn).Conn())
		return nil
	})
}

// begin takes the locks behind which all that others have written of these owners is seen. A connection that was lost is made anew.
func (p *postgres) begin(w *writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), busyTimeout+connectWithin)
	defer cancel()
	closed := true
	if err := raw(w.conn, func(c *pgx.Conn) { closed = c.IsClosed() }); err != nil || closed {
		if err := p.reconnect(ctx, w); err != nil {
			return err
		}
	}
	_, err := w.conn.ExecContext(ctx, begins(&w.locks), pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		p.rollback(w)
		return err
	}
	if err := p.lookInside(ctx, w); err != nil {
		p.rollback(w)
		return err
	}
	return nil
}

// begins are the statements that begin a transaction.
func begins(l *locks) string {
	if l.all {
		return fmt.Sprintf(`BEGIN; SELECT pg_advisory_xact_lock(%d, %d)`, lockClass, lockWriting)
	}
	b := fmt.Appendf(nil, `BEGIN; SELECT pg_advisory_xact_lock_shared(%d, %d)`, lockClass, lockWriting)
	for _, key := range l.held {
		b = fmt.Appendf(b, `, pg_advisory_xact_lock(%d)`, key) // from left to right, one after the other
	}
	return string(b)
}

func (p *postgres) shared() bool { return true }

func (p *postgres) lock(ctx context.Context, w *writer, key int64, wait bool) (got bool, err error) {
	if wait {
		got, err = true, w.rowOf(ctx, `SELECT 1 FROM pg_advisory_xact_lock($1)`, key).Scan(new(int))
	} else {
		err = w.rowOf(ctx, `SELECT pg_try_advisory_xact_lock($1)`, key).Scan(&got)
	}
	if got && err == nil {
		err = p.lookAgain(ctx, w)
	}
	return got, err
}

func (p *postgres) collided(err error) bool {
	var said *pgconn.PgError
	return errors.As(err, &said) && (said.Code == "40P01" || said.Code == "40001")
}

func (p *postgres) rollback(w *writer) {
	ctx, cancel := context.WithTimeout(context.Background(), freshWithin)
	defer cancel()
	w.conn.ExecContext(ctx, `ROLLBACK`, pgx.QueryExecModeSimpleProtocol)
}

// reconnect gives the writer another connection.
func (p *postgres) reconnect(ctx context.Context, w *writer) error {
	clear(w.prepared) // they belonged to the old one
	w.conn.Raw(func(any) error { return driver.ErrBadConn })
	w.conn.Close()
	conn, err := w.pool.Conn(ctx)
	if err == nil {
		w.conn = conn
	}
	return err
}

func (p *postgres) standing(w *writer, _ error) transaction {
	status := byte(0)
	if err := raw(w.conn, func(c *pgx.Conn) {
		if !c.IsClosed() {
			status = c.PgConn().TxStatus()
		}
	}); err != nil {
		return ended
	}
	switch status {
	case 'T':
		return open
	case 'E':
		return failed
	}
	return ended
}

// errDoubt is a COMMIT of which nobody knows what became.
var errDoubt = errors.New("store: the connection was lost in a COMMIT")

// commit asks, when the connection is lost before the answer, another one what became of the transaction.
func (p *postgres) commit(w *writer) error {
	_, err := w.exec(context.Background(), `COMMIT`, nil)
	if err == nil {
		return nil
	}
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code[:2] != "57" && said.Code[:2] != "08" {
		return err // it was refused
	}
	ctx, cancel := context.WithTimeout(context.Background(), inDoubt)
	defer cancel()
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, 500*time.Millisecond) {
		var became sql.NullString
		if p.asking.QueryRowContext(ctx, `SELECT pg_xact_status(CAST($1 AS xid8))`, strconv.FormatInt(w.xid, 10)).Scan(&became) == nil {
			switch became.String {
			case "committed":
				return nil
			case "aborted", "":
				return fmt.Errorf("store: the connection was lost: %w", err)
			}
		}
		select {
		case <-ctx.Done():
			return errors.Join(errDoubt, err)
		case <-time.After(wait):
		}
	}
}

func (p *postgres) fragile() bool { return true }

func (p *postgres) rest(*writer) {}

func (p *postgres) bulk(context.Context, *writer) (end func(), err error) { return func() {}, nil }

func (p *postgres) scrub(context.Context, *writer) error { return nil }

func (p *postgres) damage(context.Context, *sql.DB, bool) (string, error) { return "", nil }

func (p *postgres) textColumns() string {
	return `SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind = 'r'
		AND a.atttypid = to_regtype('text') AND a.attnum > 0 AND NOT a.attisdropped AND left(c.relname, 7) <> 'musubi_'`
}

// errBackup tells who wants a copy of the file what to do instead.
var errBackup = errors.New("a PostgreSQL database is copied by its own tools: pg_dump --format=custom, or pg_basebackup with its log")

func (p *postgres) backup(context.Context, *sql.DB, string) error { return errBackup }

// A translation is a statement for parameters of certain kinds.
type translation struct {
	kinds, text string
	uses        []int // the parameters that it has, where it has not all of them
}

// of gives the parameters that the statement has.
func (t *translation) of(values []any) []any {
	if t.uses == nil {
		return values
	}
	used := make([]any, len(t.uses))
	for i, n := range t.uses {
		used[i] = values[n]
	}
	return used
}

// text numbers the parameters of a statement and names their kinds: without, PostgreSQL takes one that stands alone for a text, and
// SQLite asks no such thing. It does so once for each statement.
func (p *postgres) text(query string, args []any) (string, []any) {
	if len(args) == 0 {
		return query, nil
	}
	var room [64]byte
	kinds, values := room[:0], make([]any, len(args))
	for i, arg := range args {
		values[i] = plain(arg)
		kinds = append(kinds, kindOf(values[i]))
	}
	known, _ := p.texts.Load(query)
	list, _ := known.([]translation)
	for i := range list {
		if list[i].kinds == string(kinds) {
			return list[i].text, list[i].of(values)
		}
	}
	t := numbered(query, string(kinds))
	p.texts.Store(query, append(list[:len(list):len(list)], t)) // two at once: one of them is made again
	return t.text, t.of(values)
}

// plain makes of a value one of those that columns hold.
func plain(v any) any {
	switch v := v.(type) {
	case int64, string, nil, []byte, float64:
		return v
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	value, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return v // the driver says what is wrong
	}
	if truth, ok := value.(bool); ok {
		return plain(truth)
	}
	return value
}

// kindOf is the letter of a kind in a translation.
func kindOf(v any) byte {
	switch v.(type) {
	case int64:
		return 'i'
	case string:
		return 's'
	case float64:
		return 'f'
	}
	return '?'
}

var kindNames = map[byte]string{'i': "::BIGINT", 's': "::TEXT", 'f': "::DOUBLE PRECISION"}

// ordered is a join that SQLite is to make in the order in which it is written; PostgreSQL finds its own.
var ordered = regexp.MustCompile(`CROSS JOIN (\w+(?:\s+\w+)?)\s+ON`)

// numbered writes ? as $1, $2 and so on, and the kind behind each parameter. Those that the statement does not have are left out: SQLite
// does not mind them.
func numbered(query, kinds string) translation {
	var b strings.Builder
	t := translation{kinds: kinds}
	places := make([]int, len(kinds)) // of each parameter in the statement that is sent, from 1
	parameter := func(n int) {
		if n < 1 || n > len(kinds) {
			fmt.Fprintf(&b, "$%d", n) // the server says that it is not there
			return
		}
		if places[n-1] == 0 {
			t.uses = append(t.uses, n-1)
			places[n-1] = len(t.uses)
		}
		fmt.Fprintf(&b, "$%d%s", places[n-1], kindNames[kinds[n-1]])
	}
	query = ordered.ReplaceAllString(query, "JOIN $1 ON")
	next := 0
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case c == '\'' || c == '"':
			end := strings.IndexByte(query[i+1:], c)
			if end < 0 {
				end = len(query) - i - 2
			}
			b.WriteString(query[i : i+end+2])
			i += end + 1
		case c == '?':
			next++
			parameter(next)
		case c == '$':
			n, end := 0, i+1
			for ; end < len(query) && '0' <= query[end] && query[end] <= '9'; end++ {
				n = 10*n + int(query[end]-'0')
			}
			if end == i+1 {
				b.WriteByte(c)
				continue
			}
			parameter(n)
			i = end - 1
		default:
			b.WriteByte(c)
		}
	}
	if slices.IsSorted(t.uses) && len(t.uses) == len(kinds) {
		t.uses = nil
	}
	t.text = b.String()
	return t
}
