package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"musubi/core"
)

// SearchFile is the name of the search index beside the database. It can be deleted at any time: it is made again.
const SearchFile = "search.db"

// searchVersion of the file and of what is in it, tokens and core.Fold included: another one is thrown away.
const searchVersion = 1

// A block holds the things of one kind under 8,192 following numbers, in the order of their IDs, so that a set of them is
// 1 kB of bits and a search goes from block to block, the newest first. Blocks of things new since the index was filled
// count up from firstBlock, those that are filled in count down.
const (
	blockBits  = 13
	blockSize  = 1 << blockBits
	firstBlock = 1 << 20
)

const _ = uint(blockSize - core.MaxSearchFill) // a filling fits into a block

// maxYoung bounds the entries of lists in memory, some 10 bytes each.
const maxYoung = 2 << 20

const searchSchema = `
CREATE TABLE filling (id BIGINT NOT NULL, seals BIGINT NOT NULL);
INSERT INTO filling VALUES (0, 0);
CREATE TABLE shelf ( -- what is there of each kind
	kind BIGINT NOT NULL PRIMARY KEY,
	low  BIGINT NOT NULL, -- the lowest block
	high BIGINT NOT NULL, -- the block after the highest
	till BIGINT NOT NULL, -- filled in down to this ID
	done BIGINT NOT NULL  -- 1: there is nothing older
);
CREATE TABLE entry ( -- the things by their numbers: block * blockSize + place in it
	kind  BIGINT NOT NULL,
	seq   BIGINT NOT NULL,
	owner BIGINT NOT NULL,
	id    BIGINT NOT NULL,
	PRIMARY KEY (kind, seq)
) WITHOUT ROWID;
CREATE INDEX entry_id ON entry (kind, id);
CREATE TABLE posting ( -- which things of a block have a token in a text for everyone, for friends of friends, for fewer
	token BIGINT NOT NULL,
	block BIGINT NOT NULL,
	open  BLOB,
	far   BLOB,
	near  BLOB,
	PRIMARY KEY (token, block)
) WITHOUT ROWID;
`

// searchIndex is core.SearchIndex on a file: for each token the blocks that have it, and in memory the things that came
// since the last block was written. Nothing in it is a text.
type searchIndex struct {
	path  string
	read  *reader
	write *writer // without its loop: the one goroutine that changes the index writes here
	db    []*sql.DB

	mu      sync.RWMutex // what follows; only the one goroutine changes it
	filling core.SearchFilling
	shelves [len(core.SearchKinds)]shelf
	young   *young
}

type shelf struct {
	low, high int64
	till      core.ID
	done      bool
}

// OpenSearchIndex implements core.SearchStore.
func (s *Store) OpenSearchIndex(ctx context.Context) (core.SearchIndex, error) {
	s.searching.Lock()
	defer s.searching.Unlock()
	if s.search == nil {
		x, err := openSearch(context.WithoutCancel(ctx), filepath.Join(filepath.Dir(s.path), SearchFile))
		if err != nil {
			return nil, err
		}
		s.search = x
	}
	return s.search, nil
}

// openSearch opens an index, and makes an empty one in place of one that is missing, damaged or of another version.
func openSearch(ctx context.Context, path string) (*searchIndex, error) {
	x, err := loadSearch(ctx, path)
	if err == nil {
		return x, nil
	}
	for _, name := range [...]string{path, path + "-wal", path + "-shm"} {
		if gone := os.Remove(name); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			return nil, errors.Join(err, gone)
		}
	}
	return loadSearch(ctx, path)
}

func loadSearch(ctx context.Context, path string) (*searchIndex, error) {
	if err := private(path); err != nil {
		return nil, err
	}
	x := &searchIndex{path: path, young: newYoung()}
	err := x.connect(ctx)
	if err == nil {
		err = x.make(ctx)
	}
	if err == nil {
		err = x.load(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, x.close())
	}
	return x, nil
}

// connect opens the connections, one to write with and some to read.
func (x *searchIndex) connect(ctx context.Context) error {
	dsn := func(mode string) string {
		q := url.Values{"mode": {mode}, "_pragma": {"page_size(8192)", "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)",
			"temp_store(MEMORY)", "cache_size(-4096)", fmt.Sprintf("mmap_size(%d)", searchMapped)}}
		return "file:" + (&url.URL{Path: x.path}).EscapedPath() + "?" + q.Encode()
	}
	writing, err := sql.Open("sqlite", dsn("rwc"))
	if err != nil {
		return err
	}
	x.db = append(x.db, writing)
	writing.SetMaxOpenConns(1)
	conn, err := writing.Conn(ctx)
	if err != nil {
		return err
	}
	x.write = &writer{conn: conn, prepared: make(map[string]*sql.Stmt)}
	reading, err := sql.Open("sqlite", dsn("ro"))
	if err != nil {
		return err
	}
	x.db = append(x.db, reading)
	reading.SetMaxOpenConns(searchReaders)
	reading.SetMaxIdleConns(searchReaders)
	x.read = newReader(reading)
	return nil
}

// make makes the tables in an empty file, and refuses one with others.
func (x *searchIndex) make(ctx context.Context) error {
	var version, objects int
	err := x.write.row(ctx, `SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version`).Scan(&version, &objects)
	if err != nil || version == searchVersion {
		return err
	}
	if objects > 0 {
		return fmt.Errorf("store: %s has version %d, expected %d", x.path, version, searchVersion)
	}
	_, err = x.write.conn.ExecContext(ctx, `BEGIN; `+searchSchema+fmt.Sprintf(`PRAGMA user_version = %d; COMMIT`, searchVersion))
	return err
}

const (
	searchReaders = 2         // searches that look into the file at once; further ones wait
	searchMapped  = 128 << 20 // bytes of the file mapped into memory
)

// load reads what the index keeps in memory of the file.
func (x *searchIndex) load(ctx context.Context) error {
	for i := range x.shelves {
		x.shelves[i] = shelf{low: firstBlock, high: firstBlock, till: newestID}
	}
	if err := x.write.row(ctx, `SELECT id, seals FROM filling`).Scan(&x.filling.ID, &x.filling.Seals); err != nil {
		return err
	}
	type row struct {
		kind core.SearchKind
		shelf
	}
	rows, err := list(ctx, x.write, func(r scanner) (v row, err error) {
		return v, r.Scan(&v.kind, &v.low, &v.high, &v.till, &v.done)
	}, `SELECT kind, low, high, till, done FROM shelf`)
	for _, r := range rows {
		if int(r.kind) < len(x.shelves) {
			x.shelves[r.kind] = r.shelf
		}
	}
	return err
}

const newestID = core.ID(1<<63 - 1)

func (x *searchIndex) close() (err error) {
	if x.read != nil {
		x.read.close()
	}
	if x.write != nil {
		for _, st := range x.write.prepared {
			st.Close()
		}
		err = x.write.conn.Close()
	}
	for _, db := range x.db {
		err = errors.Join(err, db.Close())
	}
	return err
}

// Filling implements core.SearchIndex.
func (x *searchIndex) Filling() core.SearchFilling {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.filling
}

// FilledTo implements core.SearchIndex.
func (x *searchIndex) FilledTo(kind core.SearchKind) (core.ID, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := x.shelves[kind]
	return s.till, !s.done
}

// Refill implements core.SearchIndex.
func (x *searchIndex) Refill(ctx context.Context, id core.ID) error {
	err := x.transaction(ctx, func() error {
		for _, query := range [...]string{`DELETE FROM shelf`, `DELETE FROM entry`, `DELETE FROM posting`} {
			if _, err := x.write.run(ctx, query); err != nil {
				return err
			}
		}
		_, err := x.write.run(ctx, `UPDATE filling SET id = $1, seals = 0`, id)
		return err
	})
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.young = newYoung()
	return x.load(ctx)
}

// transaction runs f between BEGIN and COMMIT.
func (x *searchIndex) transaction(ctx context.Context, f func() error) error {
	if _, err := x.write.run(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	if err := f(); err != nil {
		_, undone := x.write.run(context.WithoutCancel(ctx), `ROLLBACK`)
		return errors.Join(err, undone)
	}
	_, err := x.write.run(ctx, `COMMIT`)
	return err
}

// Forget implements core.SearchIndex. The bits of a thing without an entry mean nothing.
func (x *searchIndex) Forget(ctx context.Context, kind core.SearchKind, key core.SearchKey) error {
	x.mu.Lock()
	x.young.forget(kind, key)
	x.mu.Unlock()
	query, args := `DELETE FROM entry WHERE kind = $1 AND id = $2 AND owner = $3`, []any{kind, key.ID, key.Owner}
	if kind == core.SearchMembers { // the member has left: rare enough to look through all entries
		query, args = `DELETE FROM entry WHERE owner = $1`, []any{key.Owner}
	}
	_, err := x.write.run(ctx, query, args...)
	return err
}

// Put implements core.SearchIndex.
func (x *searchIndex) Put(kind core.SearchKind, docs []core.SearchDoc) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range docs {
		x.young.put(kind, &docs[i])
	}
}

// Full implements core.SearchIndex.
func (x *searchIndex) Full() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.young.full()
}

// Fill implements core.SearchIndex.
func (x *searchIndex) Fill(ctx context.Context, kind core.SearchKind, docs []core.SearchDoc) error {
	s := x.shelves[kind]
	if s.done = len(docs) == 0; !s.done {
		s.low--
		s.till = docs[len(docs)-1].ID
	}
	err := x.transaction(ctx, func() error {
		l := newLists(len(docs) * 8)
		err := insertRows(ctx, x.write, func(out *bulkQueue) {
			entries := newBulk(out, "entry", "kind, seq, owner, id")
			for i := len(docs) - 1; i >= 0; i-- { // the oldest first, under the smallest number
				place := uint16(blockSize - 1 - i)
				l.add(kind, place, &docs[i])
				entries.row(int64(kind), s.low<<blockBits|int64(place), int64(docs[i].Owner), int64(docs[i].ID))
			}
			entries.end()
		})
		return errors.Join(err, x.insert(ctx, s.low, l), x.shelve(ctx, kind, s))
	})
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.shelves[kind] = s
	return nil
}

// shelve stores what is there of a kind.
func (x *searchIndex) shelve(ctx context.Context, kind core.SearchKind, s shelf) error {
	_, err := x.write.run(ctx, `INSERT INTO shelf (kind, low, high, till, done) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind) DO UPDATE SET low = excluded.low, high = excluded.high, till = excluded.till, done = excluded.done`,
		kind, s.low, s.high, s.till, s.done)
	return err
}

// insert writes the lists of a new block.
func (x *searchIndex) insert(ctx context.Context, block int64, l lists) error {
	return insertRows(ctx, x.write, func(out *bulkQueue) {
		postings := newBulk(out, "posting", "token, block, open, far, near")
		for token, sets := range l.tokens() {
			postings.row(token, block, pack(sets[0]), pack(sets[1]), pack(sets[2]))
		}
		postings.end()
	})
}

// Seal implements core.SearchIndex: the young things of each kind become a block, and what has changed in older ones is
// written into their blocks.
func (x *searchIndex) Seal(ctx context.Context) (late []core.SearchNote, err error) {
	shelves, seals := x.shelves, x.filling.Seals+1
	err = x.transaction(ctx, func() error {
		for _, kind := range core.SearchKinds {
			older, err := x.sealKind(ctx, kind, &shelves[kind])
			if err != nil {
				return err
			}
			late = append(late, older...)
		}
		_, err := x.write.run(ctx, `UPDATE filling SET seals = $1`, seals)
		return err
	})
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.shelves, x.filling.Seals, x.young = shelves, seals, newYoung()
	return late, nil
}

func (x *searchIndex) sealKind(ctx context.Context, kind core.SearchKind, s *shelf) (late []core.SearchNote, err error) {
	var newest core.ID
	if err := x.write.row(ctx, `SELECT coalesce(max(id), 0) FROM entry WHERE kind = $1`, kind).Scan(&newest); err != nil {
		return nil, err
	}
	var fresh []uint16 // places in young, to be ordered by ID
	home := make(map[uint16]int64)
	for place, e := range x.young.entries {
		if e.kind != kind || e.ID == 0 {
			continue
		}
		var seq int64
		err := one(x.write.row(ctx, `SELECT seq FROM entry WHERE kind = $1 AND id = $2 AND owner = $3`, kind, e.ID, e.Owner).Scan(&seq))
		switch {
		case err == nil:
			home[uint16(place)] = seq
		case err != core.ErrNotFound:
			return nil, err
		case e.ID < newest:
			late = append(late, core.SearchNote{Kind: kind, SearchKey: e.SearchKey})
		default:
			fresh = append(fresh, uint16(place))
		}
	}
	slices.SortFunc(fresh, func(a, b uint16) int { return cmp.Compare(x.young.entries[a].ID, x.young.entries[b].ID) })
	err = insertRows(ctx, x.write, func(out *bulkQueue) {
		entries := newBulk(out, "entry", "kind, seq, owner, id")
		for i, place := range fresh {
			seq, e := s.high<<blockBits|int64(i), x.young.entries[place]
			home[place] = seq
			entries.row(int64(kind), seq, int64(e.Owner), int64(e.ID))
		}
		entries.end()
	})
	if err != nil || len(home) == 0 {
		return late, err
	}
	fill := newLists(len(x.young.lists))
	blocks := make(map[int64]lists) // of older things that were changed
	for key, places := range x.young.lists {
		if key.kind() != kind {
			continue
		}
		for _, place := range places {
			seq, ok := home[place]
			if !ok {
				continue // forgotten, or late
			}
			l, block := fill, seq>>blockBits
			if block != s.high {
				if l = blocks[block]; l == nil {
					l = newLists(0)
					blocks[block] = l
				}
			}
			l[key] = append(l[key], uint16(seq&(blockSize-1)))
		}
	}
	for block, l := range blocks {
		if err := x.mend(ctx, block, l); err != nil {
			return nil, err
		}
	}
	if len(fresh) > 0 {
		if err := x.insert(ctx, s.high, fill); err != nil {
			return nil, err
		}
		s.high++
	}
	return late, x.shelve(ctx, kind, *s)
}

// mend adds to the lists of a block.
func (x *searchIndex) mend(ctx context.Context, block int64, l lists) error {
	for token, sets := range l.tokens() {
		var p posting
		err := one(x.write.row(ctx, `SELECT open, far, near FROM posting WHERE token = $1 AND block = $2`, token, block).Scan(&p[0], &p[1], &p[2]))
		if err != nil && err != core.ErrNotFound {
			return err
		}
		for a := range sets {
			var whole placeSet
			whole.unpack(p[a])
			for _, place := range sets[a] {
				whole.add(place)
			}
			sets[a] = whole.places()
		}
		if _, err := x.write.run(ctx, `INSERT INTO posting (token, block, open, far, near) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (token, block) DO UPDATE SET open = excluded.open, far = excluded.far, near = excluded.near`,
			token, block, pack(sets[0]), pack(sets[1]), pack(sets[2])); err != nil {
			return err
		}
	}
	return nil
}
