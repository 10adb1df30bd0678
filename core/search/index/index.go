package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"musubi/core/store/engine"
)

// version of the file and of what is in it, tokens and the folding of texts included: another one is thrown away.
const version = 2

// A segment holds the things of one kind under 8,192 following numbers, in the order of their IDs, so that a set of them is
// 1 kB of bits and a search goes from segment to segment, the newest first. Segments of things new since the index was
// filled count up from firstSegment, those that are filled in count down.
const (
	segmentBits  = 13
	segmentSize  = 1 << segmentBits
	firstSegment = 1 << 20
)

// MaxFill is how many things may be filled in at once.
const MaxFill = segmentSize

// maxBuffer bounds the entries of lists in memory, some 10 bytes each.
const maxBuffer = 2 << 20

var schema = [...]string{
	`CREATE TABLE filling (id BIGINT NOT NULL, flushes BIGINT NOT NULL)`,
	`INSERT INTO filling VALUES (0, 0)`,
	`CREATE TABLE manifest ( -- the segments that are there of each kind
		kind BIGINT NOT NULL PRIMARY KEY,
		low  BIGINT NOT NULL, -- the lowest segment
		high BIGINT NOT NULL, -- the segment after the highest
		till BIGINT NOT NULL, -- filled in down to this ID
		done BIGINT NOT NULL  -- 1: there is nothing older
	)`,
	`CREATE TABLE entry ( -- the things by their numbers: segment * segmentSize + place in it
		kind  BIGINT NOT NULL,
		seq   BIGINT NOT NULL,
		owner BIGINT NOT NULL,
		id    BIGINT NOT NULL,
		PRIMARY KEY (kind, seq)
	) WITHOUT ROWID`,
	`CREATE INDEX entry_id ON entry (kind, id)`,
	`CREATE TABLE posting ( -- which things of a segment have a token in a text for everyone, for friends of friends, for fewer
		token   BIGINT NOT NULL,
		segment BIGINT NOT NULL,
		open    BLOB,
		far     BLOB,
		near    BLOB,
		PRIMARY KEY (token, segment)
	) WITHOUT ROWID`,
}

// A Kind tells apart the things that are looked for. Each is searched for itself.
type Kind uint8

// A Key names a thing by its owner's ID and its own. IDs grow with time.
type Key struct{ Owner, ID int64 }

// A Candidate is a thing that has, as far as the index knows, all the words.
type Candidate struct {
	Key
	Audience Audience // the widest that sees all the words
}

// An Audience is how the index tells apart who may see a text. It only spares a search from reading what the searcher
// cannot see: permission is asked for every thing that is found.
type Audience uint8

// Audiences, each part of the one before.
const (
	All       Audience = iota // everyone
	Common                    // friends of friends
	Near                      // fewer
	Audiences                 // how many there are
)

// A Doc is a thing as the index takes it in: what each audience sees of it beyond what the audiences before it see.
type Doc struct {
	Key
	Texts [Audiences]string // folded, words with a space between
}

// Size is how long the texts are, in bytes.
func (d *Doc) Size() (n int) {
	for _, t := range d.Texts {
		n += len(t)
	}
	return n
}

// A Late thing came after newer ones had been put on disk.
type Late struct {
	Kind Kind
	Key
}

// A Filling names one filling of the index, and how often it was put on disk since. The zero value is none.
type Filling struct{ ID, Flushes int64 }

// An Index is on a file: for each token the segments that have it, and in memory the things that came since the last
// segment was written. One goroutine changes it while others look. Nothing in it is a text.
type Index struct {
	path string
	db   *engine.DB

	mu        sync.RWMutex // what follows; only the one goroutine changes it
	filling   Filling
	manifests map[Kind]manifest
	buffer    *buffer
}

// manifest says which segments of a kind there are.
type manifest struct {
	low, high int64
	till      int64
	done      bool
}

// Newest is before what a search begins that begins with the newest.
const Newest = int64(1<<63 - 1)

// manifest gives that of a kind, which may have nothing yet.
func (x *Index) manifest(kind Kind) manifest {
	if m, ok := x.manifests[kind]; ok {
		return m
	}
	return manifest{low: firstSegment, high: firstSegment, till: Newest}
}

// Open opens an index, and makes an empty one in place of one that is missing, damaged or of another version: it can be made
// again from what it tells of.
func Open(ctx context.Context, path string) (*Index, error) {
	x, err := open(ctx, path)
	if err == nil {
		return x, nil
	}
	for _, name := range [...]string{path, path + "-wal", path + "-shm"} {
		if gone := os.Remove(name); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			return nil, errors.Join(err, gone)
		}
	}
	return open(ctx, path)
}

const (
	readers   = 2         // searches that look into the file at once; further ones wait
	mapped    = 128 << 20 // bytes of the file mapped into memory
	pageBytes = 8192
	cacheKiB  = 4096
)

func open(ctx context.Context, path string) (*Index, error) {
	db, err := engine.Open(ctx, engine.Config{Path: path, Readers: readers, MapBytes: mapped, CachePage: cacheKiB, PageBytes: pageBytes}, nil)
	if err != nil {
		return nil, err
	}
	x := &Index{path: path, db: db, buffer: newBuffer()}
	err = x.change(ctx, func(ctx context.Context, q engine.Querier) error { return x.make(ctx, q) })
	if err == nil {
		err = x.load(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return x, nil
}

// make makes the tables in an empty file, and refuses one with others.
func (x *Index) make(ctx context.Context, q engine.Querier) error {
	var found, objects int
	err := q.Row(ctx, `SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version`).Scan(&found, &objects)
	if err != nil || found == version {
		return err
	}
	if objects > 0 {
		return fmt.Errorf("index: %s has version %d, expected %d", x.path, found, version)
	}
	for _, query := range schema {
		if _, err := q.Run(ctx, query); err != nil {
			return err
		}
	}
	_, err = q.Run(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, version))
	return err
}

// change runs f as one transaction. What it does to the index in memory waits until that is on disk.
func (x *Index) change(ctx context.Context, f func(ctx context.Context, q engine.Querier) error) error {
	return x.db.Exec(ctx, f)
}

// load reads what the index keeps in memory of the file.
func (x *Index) load(ctx context.Context) error {
	x.manifests = make(map[Kind]manifest)
	q := x.db.On(ctx)
	if err := q.Row(ctx, `SELECT id, flushes FROM filling`).Scan(&x.filling.ID, &x.filling.Flushes); err != nil {
		return err
	}
	type row struct {
		kind Kind
		manifest
	}
	rows, err := engine.List(ctx, q, func(r engine.Scanner) (v row, err error) {
		return v, r.Scan(&v.kind, &v.low, &v.high, &v.till, &v.done)
	}, `SELECT kind, low, high, till, done FROM manifest`)
	for _, r := range rows {
		x.manifests[r.kind] = r.manifest
	}
	return err
}

// Close closes the file. Further calls do nothing.
func (x *Index) Close() error { return x.db.Close() }

// Filling names the filling that the index has.
func (x *Index) Filling() Filling {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.filling
}

// Refill empties the index for a new filling.
func (x *Index) Refill(ctx context.Context, id int64) error {
	err := x.change(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `DELETE FROM manifest`}, engine.Step{Query: `DELETE FROM entry`}, engine.Step{Query: `DELETE FROM posting`},
			engine.Step{Query: `UPDATE filling SET id = $1, flushes = 0`, Args: []any{id}})
	})
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.buffer = newBuffer()
	return x.load(ctx)
}

// Put takes in things, which are found from then on; what the index knew of them before may stay.
func (x *Index) Put(kind Kind, docs []Doc) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range docs {
		x.buffer.put(kind, &docs[i])
	}
}

// Full says whether so much was put in since Flush that the next thing must wait for it: it is in memory only.
func (x *Index) Full() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.buffer.full()
}

// Forget removes a thing. The bits of a thing without an entry mean nothing.
func (x *Index) Forget(ctx context.Context, kind Kind, key Key) error {
	x.mu.Lock()
	x.buffer.forget(func(e entry) bool { return e.kind == kind && e.Key == key })
	x.mu.Unlock()
	return x.run(ctx, `DELETE FROM entry WHERE kind = $1 AND id = $2 AND owner = $3`, kind, key.ID, key.Owner)
}

// ForgetOwner removes everything that is an owner's: rare enough to look through all entries.
func (x *Index) ForgetOwner(ctx context.Context, owner int64) error {
	x.mu.Lock()
	x.buffer.forget(func(e entry) bool { return e.Owner == owner })
	x.mu.Unlock()
	return x.run(ctx, `DELETE FROM entry WHERE owner = $1`, owner)
}

func (x *Index) run(ctx context.Context, query string, args ...any) error {
	return x.change(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, query, args...)
		return err
	})
}

// FilledTo says before which ID things are still to be filled in, and whether there are any.
func (x *Index) FilledTo(kind Kind) (before int64, more bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	m := x.manifest(kind)
	return m.till, !m.done
}

// Fill takes in up to MaxFill things that are older than all filled in before, newest first, and puts them on disk; none:
// that was all.
func (x *Index) Fill(ctx context.Context, kind Kind, docs []Doc) error {
	m := x.manifest(kind)
	if m.done = len(docs) == 0; !m.done {
		m.low--
		m.till = docs[len(docs)-1].ID
	}
	err := x.change(ctx, func(ctx context.Context, q engine.Querier) error {
		l := newLists(len(docs) * 8)
		err := engine.Insert(ctx, q, func(out *engine.Queue) {
			entries := out.Rows("entry", entryColumns)
			for i := len(docs) - 1; i >= 0; i-- { // the oldest first, under the smallest number
				place := uint16(segmentSize - 1 - i)
				l.add(kind, place, &docs[i])
				entries.Add(int64(kind), m.low<<segmentBits|int64(place), docs[i].Owner, docs[i].ID)
			}
			entries.End()
		})
		if err == nil {
			err = insertSegment(ctx, q, m.low, l)
		}
		if err == nil {
			err = putManifest(ctx, q, kind, m)
		}
		return err
	})
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.manifests[kind] = m
	return nil
}

const entryColumns = "kind, seq, owner, id"

// putManifest stores what is there of a kind.
func putManifest(ctx context.Context, q engine.Querier, kind Kind, m manifest) error {
	_, err := q.Run(ctx, `INSERT INTO manifest (kind, low, high, till, done) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind) DO UPDATE SET low = excluded.low, high = excluded.high, till = excluded.till, done = excluded.done`,
		kind, m.low, m.high, m.till, m.done)
	return err
}

// insertSegment writes the lists of a new segment.
func insertSegment(ctx context.Context, q engine.Querier, segment int64, l lists) error {
	return engine.Insert(ctx, q, func(out *engine.Queue) {
		postings := out.Rows("posting", "token, segment, open, far, near")
		for token, sets := range l.tokens() {
			postings.Add(token, segment, pack(sets[0]), pack(sets[1]), pack(sets[2]))
		}
		postings.End()
	})
}
