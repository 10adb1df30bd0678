// Package cache keeps in memory what pages ask the store for most: members, ties, lists, entries, comments, communities. It stands in
// front of a store as network.Stores itself, and what it does not know it passes through. Start reading at Cache.
//
// It is exact. Every entry notes at which commit it was read and can say which rows it was made of; the store tells
// after each commit which rows have changed, before the writers are answered. An entry older than the last change of one
// of its rows is read again. Nobody removes entries, and no write has to remember which ones it makes stale. Transactions
// read through it, too: the store also tells which rows the one under way has changed.
//
// Lists are kept as names of rows and rows by themselves, so that a comment makes one row stale and not the lists of all
// friends. What a service is given is its own to change.
package cache

import (
	"context"

	"github.com/maypok86/otter/v2"

	"musubi/core"
	"musubi/core/network"
	"musubi/core/store"
	"musubi/core/store/albums"
	"musubi/core/store/engine"
)

// DefaultBytes is the memory that entries take when Config says nothing.
const DefaultBytes = 96 << 20

// Config of a cache. Zero values mean the documented default.
type Config struct {
	Bytes int // of memory for entries, as near as they can be counted; default DefaultBytes
}

// Cache remembers what a store has read. Safe for concurrent use.
type Cache struct {
	source   *store.Store
	versions versions
	kept     *otter.Cache[key, entry]
}

// What each area keeps in memory stands in front of what the store has of it.
type (
	// Desk keeps members, ties and photos.
	Desk struct {
		store.Desk
		*Cache
	}
	// People keeps profiles, friends, footprints, bookmarks, endorsements and birthdays.
	People struct {
		store.People
		*Cache
	}
	// Account keeps sessions.
	Account struct {
		store.Account
		*Cache
	}
	// Journal keeps entries and the lists of them.
	Journal struct {
		store.Journal
		*Cache
	}
	// Album keeps lists of albums.
	Album struct {
		storedAlbum
		*Cache
	}
	// Talk keeps comments.
	Talk struct {
		store.Talk
		*Cache
	}
	// News keeps what waits for a member.
	News struct {
		storedNews
		*Cache
	}
	// Search keeps what was found.
	Search struct {
		store.Search
		*Cache
	}
)

// Under names that hide no method.
type (
	storedAlbum = albums.Store
	storedNews  = store.News
)

// Stores is the database as the rooms of core ask for it, with what is kept in front. A read method that is not here asks the
// store.
func (c *Cache) Stores() network.Stores {
	s := c.source.Stores()
	desk, people := Desk{c.source.Desk, c}, People{c.source.People, c}
	s.Desk.Transactions, s.Desk.MemberStore, s.Desk.PermissionStore, s.Desk.PhotoStore = c, desk, desk, desk
	s.People.ProfileStore, s.People.FriendStore, s.People.FootprintStore = people, people, people
	s.People.BookmarkStore, s.People.EndorsementStore, s.People.BirthdayStore = people, people, people
	s.Account.SessionStore = Account{c.source.Account, c}
	journal := Journal{c.source.Journal, c}
	s.Journal.DiaryStore, s.Journal.CategoryStore, s.Journal.ReadStore = journal, journal, journal
	s.Album.AlbumStore, s.Album.FilmStore = Album{c.source.Album, c}, Films{c.source.Films, c}
	listeners := Music{c.source.Music, c}
	s.Music.PlaylistStore, s.Music.ListenerStore = listeners, listeners
	s.Review.ReviewStore = Review{c.source.Review, c}
	boards, events := Community{c.source.Community, c}, Events{c.source.Events, c}
	s.Community.CommunityStore, s.Community.MemberStore, s.Community.ThreadStore, s.Community.LifeStore = boards, boards, boards, boards
	s.Community.EventStore, s.Community.EventWordStore, s.Community.PollStore = events, events, events
	s.Talk.CommentStore = Talk{c.source.Talk, c}
	news := News{c.source.News, c}
	s.News.NewsStore, s.News.TellStore = news, news
	s.Search.SearchStore, s.Search.FriendIDStore = Search{c.source.Search, c}, people
	return s
}

// New puts a cache in front of a store that nobody uses yet.
func New(ctx context.Context, of *store.Store, config Config) (*Cache, error) {
	bytes := config.Bytes
	if bytes <= 0 {
		bytes = DefaultBytes
	}
	kept, err := otter.New(&otter.Options[key, entry]{
		MaximumWeight: uint64(bytes),
		Weigher:       func(_ key, e entry) uint32 { return entryBytes + e.bytes },
	})
	if err != nil {
		return nil, err
	}
	c := &Cache{source: of, kept: kept}
	return c, of.Watch(ctx, engine.Watcher{Groups: groups[:],
		Changing: c.versions.changing, Changed: c.versions.changed, Lost: c.versions.lost, Elsewhere: c.versions.elsewhere})
}

// Bytes is how much memory the entries take, about.
func (c *Cache) Bytes() uint64 { return c.kept.WeightedSize() }

// entryBytes is what an entry costs beside its value: key, node of the cache, box of the value.
const entryBytes = 160

// A key names an entry. What a and b are is the kind's business.
type key struct {
	kind kind
	a, b core.ID
}

type entry struct {
	seq   uint64 // of the last commit that the reading is sure to have seen
	bytes uint32 // of the value
	value any
}

// A value that depends on more rows than its key tells says itself whether it is still true.
type freshness interface{ fresh(r reading) bool }

type laneKey struct{}

// Atomic implements core.Transactions. A transaction may rely on what is kept as long as it has not changed it.
func (c *Cache) Atomic(ctx context.Context, f func(ctx context.Context) error) error {
	return c.AtomicOf(ctx, nil, f)
}

// AtomicOf implements core.Transactions.
func (c *Cache) AtomicOf(ctx context.Context, owners core.Owners, f func(ctx context.Context) error) error {
	return c.source.AtomicOf(ctx, owners, func(ctx context.Context) error {
		return f(context.WithValue(ctx, laneKey{}, engine.Lane(ctx)))
	})
}

// outside is the lane of who reads in no transaction.
const outside = -1

// laneOf is that of the transaction that ctx carries.
func laneOf(ctx context.Context) int {
	if lane, inside := ctx.Value(laneKey{}).(int); inside {
		return lane
	}
	return outside
}

// find gives a kept value that is still true.
func find[V any](ctx context.Context, c *Cache, k key) (v V, ok bool) {
	e, ok := c.kept.GetIfPresent(k)
	if !ok || !(reading{&c.versions, e.seq, laneOf(ctx)}).true(k, e.value) {
		return v, false
	}
	return e.value.(V), true
}

// hasBeen says whether a value was kept that may not be true any more.
func (c *Cache) hasBeen(k key) bool {
	_, ok := c.kept.GetIfPresent(k)
	return ok
}

// keep stores what was read after seq was taken, unless a transaction has read what it changed itself: that may be undone.
func (c *Cache) keep(ctx context.Context, k key, seq uint64, value any, bytes int) {
	if lane := laneOf(ctx); lane != outside && !(reading{&c.versions, seq, lane}).true(k, value) {
		return
	}
	c.kept.Set(k, entry{seq, uint32(min(bytes, 1<<30)), value})
}

// through gives the kept value of a key, or reads and keeps it. The value is shared: it must not be changed.
func through[V any](ctx context.Context, c *Cache, k key, bytes func(V) int, load func() (V, error)) (V, error) {
	if v, ok := find[V](ctx, c, k); ok {
		return v, nil
	}
	seq := c.versions.now()
	v, err := load()
	if err == nil {
		c.keep(ctx, k, seq, v, bytes(v))
	}
	return v, err
}
