package store

import (
	"context"
	"embed"
	"errors"
	"slices"

	"musubi/core"
	"musubi/core/store/albums"
	"musubi/core/store/base"
	"musubi/core/store/bringdb"
	"musubi/core/store/communities"
	"musubi/core/store/console"
	"musubi/core/store/elsewheredb"
	"musubi/core/store/engine"
	"musubi/core/store/ledger"
	"musubi/core/store/mails"
	"musubi/core/store/messages"
	"musubi/core/store/musicdb"
	"musubi/core/store/pushdb"
	"musubi/core/store/reviews"
)

//go:embed migrations
var migrations embed.FS

// Config says where the database is. Zero values mean the documented default.
type Config = engine.Config

// What each area of the community keeps. Each is a small value on the same database.
type (
	Desk     struct{ area } // members, ties, photos, forms that came once
	People   struct{ area } // profiles, friends, requests, endorsements, introductions, bookmarks, blocks, footprints, birthdays
	Account  struct{ area } // sessions, passwords, easy login, addresses, links, invitations, letters to go out
	Journal  struct{ area } // diaries, their categories, read marks
	Calendar struct{ area } // own dates
	Talk     struct{ area } // comments
	News     struct{ area } // what members are told of, and how
	Search   struct {       // what a search reads, and what its index has yet to read
		area
		file *indexFile
	}
	Chores struct{ area } // over all areas: leaving, exports, sweeping, batches
)

// A Store is an open database: all areas of it. Safe for concurrent use.
type Store struct {
	area
	Desk      Desk
	Ledger    ledger.Store
	People    People
	Account   Account
	Journal   Journal
	Album     albums.Store
	Films     albums.Films
	Music     musicdb.Store
	Review    reviews.Store
	Letters   messages.Store
	Community communities.Store
	Events    communities.Events
	BoardMail communities.Mailing
	Calendar  Calendar
	Elsewhere elsewheredb.Store
	Bring     bringdb.Store
	Push      pushdb.Store
	Mail      mails.Store
	Talk      Talk
	News      News
	Console   console.Stores // what operators work with
	Search    Search
	Chores    Chores
}

// Open opens the database, makes it when it is not there, and brings its schema up to date. more are features of areas that
// are no part of this house; their rows go before those of the others, on which they stand.
func Open(ctx context.Context, c Config, more ...Feature) (*Store, error) {
	all := slices.Concat(more, features)
	rows, err := join(all)
	if err != nil {
		return nil, err
	}
	c.Unavailable, c.Lives = core.ErrNotStored, "member"
	db, err := engine.Open(ctx, c, schema(all))
	if err != nil {
		return nil, err
	}
	a := area{base.Area{DB: db}, db, &rows}
	return &Store{area: a, Desk: Desk{a}, Ledger: ledger.Store{Area: a.Area}, People: People{a}, Account: Account{a}, Journal: Journal{a}, Album: albums.Store{Area: a.Area}, Films: albums.Films{Area: a.Area}, Music: musicdb.Store{Area: a.Area}, Review: reviews.Store{Area: a.Area},
		Letters: messages.Store{Area: a.Area}, Calendar: Calendar{a}, Elsewhere: elsewheredb.Store{Area: a.Area}, Bring: bringdb.Store{Area: a.Area}, Push: pushdb.Store{Area: a.Area}, Community: communities.Store{Area: a.Area, Life: communities.Life{Area: a.Area}, Likes: communities.Likes{Area: a.Area}}, BoardMail: communities.Mailing{Area: a.Area}, Events: communities.Events{Area: a.Area}, Mail: mails.Store{Area: a.Area}, Talk: Talk{a}, News: News{a}, Console: console.On(a.Area), Search: Search{a, &indexFile{}}, Chores: Chores{a}}, nil
}

// Migrations tells which changes of the schema a database has; Open makes the missing ones.
func Migrations(ctx context.Context, c Config) ([]engine.Migration, error) {
	return engine.Migrations(ctx, c, schema(features))
}

// AsItIs opens a database for who copies it, also one whose schema is an older one: nothing of it is changed.
func AsItIs(ctx context.Context, c Config) (db *engine.DB, older bool, err error) {
	list, err := Migrations(ctx, c)
	if err != nil {
		return nil, false, err
	}
	older = slices.ContainsFunc(list, func(m engine.Migration) bool { return !m.Applied })
	c.Look = true
	db, err = engine.Open(ctx, c, nil)
	return db, older, err
}

// Check looks through a database file for damage. It changes nothing.
func Check(ctx context.Context, path string) error { return engine.Check(ctx, path) }

// Close waits for the writes under way and closes the database. Further calls do nothing.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.Search.file.close()) }

// Ping says whether the database answers, for the readiness check.
func (s *Store) Ping(ctx context.Context) error { return s.db.Ping(ctx) }

// Fresh makes sure that what is kept in memory knows of everything that any process had written when Fresh was called. With an error
// nothing kept may be shown.
func (s *Store) Fresh(ctx context.Context) error { return s.db.Fresh(ctx) }

// Lease takes the number of this process among those of the database: see engine.
func (s *Store) Lease(ctx context.Context) (uint8, error) { return s.db.Lease(ctx) }

// Alone runs f in one process of the database at a time: see engine.
func (s *Store) Alone(ctx context.Context, name string, f func(ctx context.Context)) {
	s.db.Alone(ctx, name, f)
}

// Atomic implements core.Transactions.
func (s *Store) Atomic(ctx context.Context, f func(ctx context.Context) error) error {
	return s.db.Atomic(ctx, f)
}

// AtomicOf implements core.Transactions.
func (s *Store) AtomicOf(ctx context.Context, owners core.Owners, f func(ctx context.Context) error) error {
	return s.db.AtomicOf(ctx, owners, f)
}

// Backup writes a whole, consistent copy of the database to a new file, while members go on reading and writing. The
// file gets mode 0600. It is an error when there is one already.
func (s *Store) Backup(ctx context.Context, path string) error { return s.db.Backup(ctx, path) }

// Watch begins to tell w what is written. Call it once, before the store is shared.
func (s *Store) Watch(ctx context.Context, w engine.Watcher) error { return s.db.Watch(ctx, w) }

// Engine is the database itself, for the SQL of an area that is no part of this house.
func (s *Store) Engine() *engine.DB { return s.db }

// area is what each type stands on.
type area struct {
	base.Area
	db *engine.DB
	*joined
}

// on, exec, change and one are those of base.
func (a area) on(ctx context.Context) engine.Querier { return a.On(ctx) }

func (a area) exec(ctx context.Context, f func(ctx context.Context, q engine.Querier) error) error {
	return a.Exec(ctx, f)
}

func (a area) change(ctx context.Context, query string, args ...any) error {
	return a.Change(ctx, query, args...)
}

func one(err error) error { return base.One(err) }
