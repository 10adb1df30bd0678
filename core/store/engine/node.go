package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"time"
)

// What processes that share a database have to agree on: who has which number, and who does what only one may do. On SQLite,
// which one process serves from, each is settled.

// Bounds of a number.
const (
	numbers    = 256 // core.ID has eight bits for it
	leaseFor   = 30 * time.Second
	beat       = 2 * time.Second
	aloneRetry = time.Second
)

// errNumber is what writes get once another process has the number of this one.
var errNumber = errors.New("store: the number of this process among those of the database belongs to another one now, because it was not heard of for long; it has to be started again")

// Lease takes a number that no other process of the database has, for the IDs that this one makes, until Close. An error when all
// 256 are taken. The number of a process that is gone is free after half a minute.
func (db *DB) Lease(ctx context.Context) (number uint8, err error) {
	p, ok := db.system.(*postgres)
	if !ok {
		return 0, nil
	}
	err = db.Exec(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.Run(ctx, `DELETE FROM musubi_node WHERE until < now()`); err != nil {
			return err
		}
		taken, err := List(ctx, q, func(r Scanner) (n int64, err error) { return n, r.Scan(&n) }, `SELECT number FROM musubi_node ORDER BY number`)
		if err != nil {
			return err
		}
		n := int64(0)
		for _, t := range taken {
			if t == n {
				n++
			}
		}
		if n >= numbers {
			return fmt.Errorf("store: all %d numbers for processes of this database are taken; one that is gone is free after %v", numbers, leaseFor)
		}
		number = uint8(n)
		_, err = q.Run(ctx, `INSERT INTO musubi_node (number, holder, until, seen) VALUES ($1, $2, now() + $3 * INTERVAL '1 millisecond', $4)`,
			n, p.origin, leaseFor.Milliseconds(), p.seen())
		return err
	})
	if err != nil {
		return 0, err
	}
	p.number = number
	p.leased.Store(true)
	beating, stop := context.WithCancel(context.Background())
	p.stopBeat = stop
	p.beating.Go(func() { p.beat(beating) })
	return number, nil
}

// holder is who has the number; "": this process has none.
func (p *postgres) holder() string {
	if p.leased.Load() {
		return p.origin
	}
	return ""
}

func (p *postgres) seen() int64 {
	p.touches.mu.Lock()
	defer p.touches.mu.Unlock()
	return p.touches.last.xmin
}

// beat says now and then that this process is there and how far it has read.
func (p *postgres) beat(ctx context.Context) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.Background(), freshWithin)
			defer cancel()
			p.asking.ExecContext(last, `DELETE FROM musubi_node WHERE number = $1 AND holder = $2`, int64(p.number), p.origin)
			return
		case <-tick.C:
		}
		once, cancel := context.WithTimeout(ctx, beat)
		if _, err := p.asking.ExecContext(once, `UPDATE musubi_node SET until = now() + $3 * INTERVAL '1 millisecond', seen = $4 WHERE number = $1 AND holder = $2`,
			int64(p.number), p.origin, leaseFor.Milliseconds(), p.seen()); err == nil {
			p.sweep(once) // what is left is deleted the next time
		}
		cancel()
	}
}

// Alone runs f again and again until ctx ends, and in no two processes of the database at once: whoever has the lock of that name. The ctx
// of f ends when the lock is lost; another process has it five seconds later at most. f is to end with its ctx.
func (db *DB) Alone(ctx context.Context, name string, f func(ctx context.Context)) {
	p, ok := db.system.(*postgres)
	if !ok {
		f(ctx)
		return
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	key := lockAlone + int64(h.Sum32()&0x7fff_ffff)%(1<<30)
	for ctx.Err() == nil {
		p.alone(ctx, key, f)
		select {
		case <-ctx.Done():
		case <-time.After(aloneRetry):
		}
	}
}

// alone runs f if nobody else has the lock.
func (p *postgres) alone(ctx context.Context, key int64, f func(ctx context.Context)) {
	db := sql.OpenDB(p.connector)
	defer db.Close() // and so gives the lock back
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return
	}
	defer conn.Close()
	once := func(query string, args ...any) (yes bool) {
		short, cancel := context.WithTimeout(ctx, freshWithin)
		defer cancel()
		return conn.QueryRowContext(short, query, args...).Scan(&yes) == nil && yes
	}
	if !once(`SELECT pg_try_advisory_lock($1, $2)`, int64(lockClass), key) {
		return
	}
	inside, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(inside)
	}()
	tick := time.NewTicker(aloneRetry)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			if !once(`SELECT true`) {
				stop()
				<-done
				return
			}
		}
	}
}

// Shared says whether several processes serve from the database.
func (db *DB) Shared() bool {
	_, is := db.system.(*postgres)
	return is
}

// Keep stores a small value that all processes of a shared database need, unless one of that name is there, and gives the one that is there
// then.
func (db *DB) Keep(ctx context.Context, name, value string) (kept string, err error) {
	err = db.Exec(ctx, func(ctx context.Context, q Querier) error {
		if _, err := q.Run(ctx, `INSERT INTO musubi_kept (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, name, value); err != nil {
			return err
		}
		return q.Row(ctx, `SELECT value FROM musubi_kept WHERE name = $1`, name).Scan(&kept)
	})
	return kept, err
}

// Forget removes values that Keep has stored.
func (db *DB) Forget(ctx context.Context, names ...string) error {
	return db.Exec(ctx, func(ctx context.Context, q Querier) (err error) {
		for _, name := range names {
			_, more := q.Run(ctx, `DELETE FROM musubi_kept WHERE name = $1`, name)
			err = errors.Join(err, more)
		}
		return err
	})
}

// Kept gives a value that Keep has stored; "" when there is none.
func (db *DB) Kept(ctx context.Context, name string) (value string, err error) {
	err = db.On(ctx).Row(ctx, `SELECT value FROM musubi_kept WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return value, err
}
