package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/album"
	"musubi/core/journal"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/people"
	"musubi/core/search"
	"musubi/core/store"
	"musubi/core/store/pgtest"
	"musubi/core/talk"
)

// database is a PostgreSQL database of its own, with the triggers, where the suite runs on PostgreSQL.
func database(t testing.TB) string {
	return pgtest.Chosen(t, func(url string) error {
		st, err := store.Open(context.Background(), store.Config{URL: url})
		if err != nil {
			return err
		}
		_, err = New(context.Background(), st, Config{Bytes: 1 << 10})
		return errors.Join(err, st.Close())
	})
}

func fresh(t testing.TB, bytes int) (*Cache, *store.Store) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "musubi.db"), URL: database(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	c, err := New(t.Context(), st, Config{Bytes: bytes})
	if err != nil {
		t.Fatal(err)
	}
	return c, st
}

// town is a handful of members who do everything at random.
type town struct {
	*testing.T
	ctx     context.Context
	dice    *rand.Rand
	cached  network.Stores
	store   *store.Store
	next    core.ID
	members []core.ID
	diaries []journal.Diary
	photos  []core.Photo
	replies []talk.Comment
	album   core.ID // what pictures are attached to
	albums  []album.Album
	boards  board
	things  things
	wrong   string // within the transaction under way
}

func (w *town) id() core.ID          { w.next++; return w.next }
func (w *town) time() time.Time      { return time.UnixMilli(int64(w.id())) }
func (w *town) someone() core.ID     { return w.members[w.dice.IntN(len(w.members))] }
func pick[T any](w *town, l []T) T   { return l[w.dice.IntN(len(l))] }
func (w *town) chance(n int) bool    { return w.dice.IntN(n) == 0 }
func (w *town) two() (a, b core.ID)  { a, b = w.someone(), w.someone(); return a, b }
func (w *town) word(s string) string { return fmt.Sprint(s, w.dice.IntN(100)) }
func (w *town) key() string          { return fmt.Sprint("session", w.dice.IntN(3)) }

// deed is one write at random, as the services do them.
func (w *town) deed() error {
	if w.chance(3) {
		return w.boardDeed()
	}
	if w.chance(3) {
		return w.thingDeed()
	}
	a, b := w.two()
	switch w.dice.IntN(30) {
	case 24:
		n := album.Album{Owner: a, ID: w.id(), Title: w.word("冊"), Visibility: core.Visibility(w.dice.IntN(4)), CreatedAt: w.time()}
		w.albums = append(w.albums, n)
		return w.cached.Album.InsertAlbum(w.ctx, n, "")
	case 25, 26, 27:
		n := pick(w, w.albums)
		p := core.Photo{Owner: n.Owner, ID: w.id(), Hash: w.word("h"), Type: "image/png", Width: 1, Height: 1, Bytes: 9}
		w.photos = append(w.photos, p)
		return errors.Join(w.cached.Desk.InsertPhoto(w.ctx, p, w.time()), w.cached.Album.PutAlbumPhoto(w.ctx, n.Owner, n.ID, p.ID, true, w.time()))
	case 28:
		n := pick(w, w.albums)
		switch w.dice.IntN(4) {
		case 0:
			return w.cached.Album.DeleteAlbum(w.ctx, n.Owner, n.ID)
		case 1:
			return w.cached.Album.SetAlbumPassword(w.ctx, n.Owner, n.ID, w.word("鍵"))
		case 2:
			return w.cached.Album.SetCover(w.ctx, n.Owner, n.ID, pick(w, w.photos).ID)
		}
		now, err := w.store.Album.Album(w.ctx, n.Owner, n.ID)
		now.Title, now.Visibility = w.word("改"), core.Visibility(w.dice.IntN(4))
		return errors.Join(err, w.cached.Album.UpdateAlbum(w.ctx, now))
	case 29:
		n, p := pick(w, w.albums), pick(w, w.photos)
		if p, at, err := w.store.Desk.Photo(w.ctx, p.Owner, p.ID); err == nil && at.Kind == album.InAlbum && p.Owner == n.Owner && at.Thing != n.ID {
			return w.cached.Album.MoveAlbumPhoto(w.ctx, n.Owner, at.Thing, n.ID, p.ID, true, w.time())
		}
		return w.cached.Talk.InsertComment(w.ctx, talk.Comment{Thread: album.AlbumThread(n.Owner, n.ID, 0), ID: w.id(), Author: b, Body: w.word("返"), CreatedAt: w.time()})
	case 0:
		_, err := w.cached.People.InsertFriends(w.ctx, a, b, w.time(), time.Time{})
		return err
	case 1:
		return w.cached.People.DeleteFriends(w.ctx, a, b)
	case 2:
		return w.cached.People.InsertBlock(w.ctx, a, b, w.time())
	case 3:
		return w.cached.People.DeleteBlock(w.ctx, a, b)
	case 4:
		return w.cached.Desk.SetStatus(w.ctx, a, core.Status(w.dice.IntN(8)%3))
	case 5:
		return w.cached.Desk.SetName(w.ctx, a, w.word("名"))
	case 6:
		return w.cached.Account.SetLastLogin(w.ctx, a, w.time())
	case 7, 8:
		d := journal.Diary{Owner: a, ID: w.id(), Title: w.word("題"), Body: "文", Visibility: core.Visibility(w.dice.IntN(4)), CommentsOpen: true, CreatedAt: w.time()}
		w.diaries = append(w.diaries, d)
		return w.cached.Journal.InsertDiary(w.ctx, d)
	case 9:
		d := pick(w, w.diaries)
		d.Title, d.Visibility = w.word("改"), core.Visibility(w.dice.IntN(4))
		return w.cached.Journal.UpdateDiary(w.ctx, d)
	case 10:
		d := pick(w, w.diaries)
		return w.cached.Journal.DeleteDiary(w.ctx, d.Owner, d.ID)
	case 11, 12, 13:
		d := pick(w, w.diaries)
		c := talk.Comment{Thread: journal.DiaryThread(d.Owner, d.ID), ID: w.id(), Author: a, Body: w.word("返"), CreatedAt: w.time()}
		w.replies = append(w.replies, c)
		return w.cached.Talk.InsertComment(w.ctx, c)
	case 14:
		return w.cached.Talk.DeleteComment(w.ctx, pick(w, w.replies))
	case 15:
		d := pick(w, w.diaries)
		return w.cached.Journal.PutReadMarks(w.ctx, []journal.ReadMark{{Member: a, Owner: d.Owner, Diary: d.ID, Comments: w.dice.IntN(9)}})
	case 16:
		return w.cached.People.SetProfile(w.ctx, a, []core.ProfileValue{{Key: "intro", Value: w.word("自")}, {Key: "birthday", Value: fmt.Sprintf("1980-03-%02d", 1+w.dice.IntN(9)), Visibility: core.Visibility(w.dice.IntN(4))}})
	case 17:
		p := core.Photo{Owner: a, ID: w.id(), Hash: w.word("h"), Type: "image/png", Width: 1, Height: 1}
		w.photos = append(w.photos, p)
		return errors.Join(w.cached.Desk.InsertPhoto(w.ctx, p, w.time()), w.cached.Desk.SetMemberPhoto(w.ctx, a, p.ID))
	case 18:
		p := pick(w, w.photos)
		return w.cached.Desk.AttachPhoto(w.ctx, p.Owner, p.ID, core.Attached{Kind: journal.DiaryPhoto, Owner: p.Owner, Thing: w.album}, 0)
	case 19:
		p := pick(w, w.photos)
		return w.cached.Desk.DeletePhoto(w.ctx, p.Owner, p.ID)
	case 20:
		if w.chance(3) {
			return w.cached.People.DeleteEndorsement(w.ctx, a, b)
		}
		return w.cached.People.PutEndorsement(w.ctx, people.Endorsement{About: a, Author: b, Relationship: "友", Body: w.word("紹"), WrittenAt: w.time()})
	case 21:
		if w.chance(2) {
			return w.cached.People.DeleteBookmark(w.ctx, a, b)
		}
		return w.cached.People.InsertBookmark(w.ctx, a, b, w.time())
	case 22:
		if w.chance(2) {
			return w.cached.People.DeleteRequest(w.ctx, a, b)
		}
		return w.cached.People.InsertRequest(w.ctx, a, b, "", w.time())
	default:
		_, err := w.cached.People.CountVisit(w.ctx, people.Visit{Owner: a, Visitor: b, At: w.time()})
		switch {
		case w.chance(3):
			return w.cached.News.DropNews(w.ctx, a, journal.CommentNews, b, 0)
		case w.chance(3):
			return w.cached.Account.DeleteAddress(w.ctx, a, w.word("m"))
		case w.chance(3):
			return w.cached.Account.PutAddress(w.ctx, a, account.Address{Mail: w.word("m")})
		}
		return errors.Join(err,
			w.cached.News.PutNews(w.ctx, news.News{Member: a, Kind: journal.CommentNews, Actor: b, Thing: core.ID(w.dice.IntN(3)), At: w.time()}, 3),
			w.cached.News.PutTold(w.ctx, news.Told{Member: a, Kind: journal.CommentNews, About: b, At: w.time()}),
			w.cached.News.SetNewsLetters(w.ctx, a, map[news.Kind]news.Letters{journal.CommentNews: {PC: w.chance(2)}}),
			w.cached.Account.InsertSession(w.ctx, account.Session{Key: w.key(), Member: a}),
			w.cached.Account.DeleteSessions(w.ctx, b),
		)
	}
}

// inOrder sorts news whose order says nothing.
func inOrder(list []news.News, err error) ([]news.News, error) {
	slices.SortFunc(list, func(x, y news.News) int { return cmp.Compare(x.Thing, y.Thing) })
	return list, err
}

// same compares what the cache says with what the store says.
func (w *town) same(what string, of func(s network.Stores) (any, error)) {
	w.Helper()
	got, err := of(w.cached)
	want, wantErr := of(w.store.Stores())
	if !errors.Is(err, wantErr) && fmt.Sprint(err) != fmt.Sprint(wantErr) {
		w.differs("%s: error %v, the store says %v", what, err, wantErr)
	}
	if wantErr != nil {
		return
	}
	if g, s := reflect.ValueOf(got), reflect.ValueOf(want); g.Kind() == reflect.Slice && g.Len() == 0 && s.Len() == 0 {
		return
	}
	if !reflect.DeepEqual(got, want) {
		w.differs("%s:\n cache %+v\n store %+v", what, got, want)
	}
}

func (w *town) compare() {
	w.Helper()
	a, b := w.two()
	page := core.Page{Number: 1, Size: 3 + w.dice.IntN(3)}
	w.same("Member", func(s network.Stores) (any, error) { return s.Desk.Member(w.ctx, a) })
	w.same("Profile", func(s network.Stores) (any, error) { return s.People.Profile(w.ctx, a) })
	w.same("Ties", func(s network.Stores) (any, error) { return s.Desk.Ties(w.ctx, a, b) })
	w.same("NearTies", func(s network.Stores) (any, error) { return s.Desk.NearTies(w.ctx, a, b) })
	w.same("Ties of a stranger", func(s network.Stores) (any, error) { return s.Desk.Ties(w.ctx, a, 99999999) })
	w.same("FriendIDs", func(s network.Stores) (any, error) { return s.Search.FriendIDs(w.ctx, a) })
	for _, order := range people.FriendOrders {
		w.same("FriendLines", func(s network.Stores) (any, error) { return s.People.FriendLines(w.ctx, a, order, page) })
	}
	w.same("MutualFriends", func(s network.Stores) (any, error) { return s.People.MutualFriends(w.ctx, a, b, page) })
	w.same("length of PathBetween", func(s network.Stores) (any, error) {
		ids, err := s.People.PathBetween(w.ctx, a, b)
		return len(ids), err
	})
	w.same("FriendsDiaryLines", func(s network.Stores) (any, error) { return s.Journal.FriendsDiaryLines(w.ctx, a, page) })
	w.same("CommentedDiaryLines", func(s network.Stores) (any, error) { return s.Journal.CommentedDiaryLines(w.ctx, a, page) })
	w.same("EveryonesDiaryLines", func(s network.Stores) (any, error) { return s.Journal.EveryonesDiaryLines(w.ctx, page) })
	reach := core.Visibility(w.dice.IntN(4))
	w.same("DiaryLines", func(s network.Stores) (any, error) {
		return s.Journal.DiaryLines(w.ctx, a, reach, 0, 0, math.MaxInt64, page)
	})
	w.same("Albums", func(s network.Stores) (any, error) { return s.Album.Albums(w.ctx, a, reach, page) })
	w.same("FriendsAlbums", func(s network.Stores) (any, error) { return s.Album.FriendsAlbums(w.ctx, a, page) })
	d := pick(w, w.diaries)
	w.same("Diary", func(s network.Stores) (any, error) { return s.Journal.Diary(w.ctx, d.Owner, d.ID) })
	w.same("Comments", func(s network.Stores) (any, error) {
		return s.Talk.Comments(w.ctx, journal.DiaryThread(d.Owner, d.ID), page)
	})
	w.same("ReadMarks", func(s network.Stores) (any, error) { return s.Journal.ReadMarks(w.ctx, a, []core.ID{d.ID}) })
	for _, owner := range w.members {
		w.same("AttachedPhotos", func(s network.Stores) (any, error) {
			return s.Desk.AttachedPhotos(w.ctx, core.Attached{Kind: journal.DiaryPhoto, Owner: owner, Thing: w.album})
		})
	}
	p := pick(w, w.photos)
	w.same("Photo", func(s network.Stores) (any, error) {
		p, at, err := s.Desk.Photo(w.ctx, p.Owner, p.ID)
		return [2]any{p, at}, err
	})
	w.same("FriendsBirthdays", func(s network.Stores) (any, error) {
		near, visible, err := s.People.FriendsBirthdays(w.ctx, a, []int{301, 302, 303, 304})
		all := make(map[people.Birthday]core.Visibility)
		for i, b := range near {
			all[b] = visible[i]
		}
		return all, err
	})
	w.same("Endorsements", func(s network.Stores) (any, error) { return s.People.Endorsements(w.ctx, a, page) })
	w.same("HasBookmark", func(s network.Stores) (any, error) { return s.People.HasBookmark(w.ctx, a, b) })
	w.same("News", func(s network.Stores) (any, error) { return s.News.News(w.ctx, a) })
	w.same("NewsAbout", func(s network.Stores) (any, error) {
		return inOrder(s.News.NewsAbout(w.ctx, a, journal.CommentNews, b, 0))
	})
	w.same("Mails", func(s network.Stores) (any, error) { return s.Desk.Mails(w.ctx, a) })
	w.same("NewsLetters", func(s network.Stores) (any, error) { return s.News.NewsLetters(w.ctx, a) })
	since := time.UnixMilli(int64(w.next) - int64(w.dice.IntN(200)))
	w.same("Told", func(s network.Stores) (any, error) { return s.News.Told(w.ctx, a, since) })
	w.same("FootprintBook", func(s network.Stores) (any, error) { return s.People.FootprintBook(w.ctx, a) })
	for i := range network.SearchKinds {
		kind := search.Kind(i)
		keys := []search.Key{{Owner: a, ID: a}}
		switch kind {
		case journal.SearchDiaries:
			keys = []search.Key{{Owner: d.Owner, ID: d.ID}}
		case album.SearchAlbums:
			keys = []search.Key{{Owner: w.albums[0].Owner, ID: w.albums[0].ID}}
		}
		if keys[0].Owner == b {
			continue // nobody befriends or blocks themselves, but the dice do
		}
		w.same("SearchRows", func(s network.Stores) (any, error) { return s.Search.SearchRows(w.ctx, kind, b, keys) })
	}
	name := w.key()
	w.same("Session", func(s network.Stores) (any, error) { return s.Account.Session(w.ctx, name) })
	w.compareThings()
	w.compareBoards(a, b)
}

// The cache says at any time what the store says, whatever was written in between.
func TestCacheIsExact(t *testing.T) {
	for _, bytes := range []int{DefaultBytes, 20_000} {
		t.Run(fmt.Sprint(bytes), func(t *testing.T) {
			c, st := fresh(t, bytes)
			w := &town{T: t, ctx: t.Context(), dice: rand.New(rand.NewPCG(7, uint64(bytes))), cached: c.Stores(), store: st}
			for i := range 12 {
				m := core.Member{ID: w.id(), Name: w.word("名"), CreatedAt: w.time()}
				if err := c.Stores().Desk.InsertMember(w.ctx, m, fmt.Sprintf("%d@example.jp", i), ""); err != nil {
					t.Fatal(err)
				}
				w.members = append(w.members, m.ID)
			}
			w.album = w.id()
			w.diaries = []journal.Diary{{Owner: w.members[0], ID: w.id()}}
			w.albums = []album.Album{{Owner: w.members[0], ID: w.id()}}
			w.photos = []core.Photo{{Owner: w.members[0], ID: w.id()}}
			w.replies = []talk.Comment{{Thread: journal.DiaryThread(w.members[0], w.diaries[0].ID), ID: w.id()}}
			w.openBoards()
			for range 900 {
				if w.chance(4) {
					w.transaction()
				} else if err := w.deed(); !expected(err) {
					t.Fatal(err)
				}
				w.compare()
			}
		})
	}
}

// expected lets the dice try what a service would have refused, a second session of one name for instance.
func expected(err error) bool {
	return err == nil || errors.Is(err, core.ErrNotFound) || reflect.ValueOf(err).Kind() == reflect.Pointer
}

// transaction does several deeds as one and compares between them, within it; half of the transactions are undone.
func (w *town) transaction() {
	w.Helper()
	outside, undo := w.ctx, errors.New("undo")
	defer func() { w.ctx = outside }()
	err := w.cached.Desk.Atomic(outside, func(ctx context.Context) error {
		w.ctx, w.wrong = ctx, ""
		for range 1 + w.dice.IntN(4) {
			w.compare()
			if err := w.deed(); !expected(err) {
				return err
			}
		}
		w.compare()
		if w.chance(2) {
			return undo
		}
		return nil
	})
	if err != nil && err != undo || w.wrong != "" {
		w.Fatalf("in a transaction: %v, %s", err, w.wrong)
	}
}

// differs notes a difference; a transaction, on another goroutine than the test's, goes on to its end.
func (w *town) differs(format string, args ...any) {
	w.Helper()
	if laneOf(w.ctx) != outside {
		w.wrong += fmt.Sprintf(format, args...)
		return
	}
	w.Fatalf(format, args...)
}

// Who was answered that something is written reads it from then on, however many read and write beside.
func TestReadAfterWrite(t *testing.T) {
	c, _ := fresh(t, 0)
	const members, rounds = 8, 200
	for id := core.ID(1); id <= members; id++ {
		if err := c.Stores().Desk.InsertMember(t.Context(), core.Member{ID: id, Name: "0", CreatedAt: time.UnixMilli(1)}, fmt.Sprintf("%d@example.jp", id), ""); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					for id := core.ID(1); id <= members; id++ {
						if _, err := c.Stores().Desk.Member(t.Context(), id); err != nil {
							t.Error(err)
						}
					}
				}
			}
		})
	}
	var writers sync.WaitGroup
	for id := core.ID(1); id <= members; id++ {
		writers.Go(func() {
			for i := range rounds {
				name := fmt.Sprint(i)
				if err := c.Stores().Desk.SetName(t.Context(), id, name); err != nil {
					t.Error(err)
				}
				if m, err := c.Stores().Desk.Member(t.Context(), id); err != nil || m.Name != name {
					t.Errorf("after %q was stored: %q, %v", name, m.Name, err)
				}
			}
		})
	}
	writers.Wait()
	close(done)
	all.Wait()
}

// Inside a transaction its own changes are seen, and what it reads of them is not kept: they may be undone.
func TestTransactionsSeeTheirChanges(t *testing.T) {
	c, _ := fresh(t, 0)
	if err := c.Stores().Desk.InsertMember(t.Context(), core.Member{ID: 1, Name: "前", CreatedAt: time.UnixMilli(1)}, "1@example.jp", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Stores().Desk.Member(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	undo := errors.New("undo")
	err := c.Atomic(t.Context(), func(ctx context.Context) error {
		if err := c.Stores().Desk.SetName(ctx, 1, "後"); err != nil {
			return err
		}
		if m, err := c.Stores().Desk.Member(ctx, 1); err != nil || m.Name != "後" {
			t.Errorf("inside: %q, %v", m.Name, err)
		}
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	if m, err := c.Stores().Desk.Member(t.Context(), 1); err != nil || m.Name != "前" {
		t.Errorf("after it was undone: %q, %v", m.Name, err)
	}
}

// What another process writes is seen within a second.
func TestOtherProcesses(t *testing.T) {
	path, url := filepath.Join(t.TempDir(), "musubi.db"), database(t)
	here, err := store.Open(t.Context(), store.Config{Path: path, URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	there, err := store.Open(t.Context(), store.Config{Path: path, URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	c, err := New(t.Context(), here, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Stores().Desk.InsertMember(t.Context(), core.Member{ID: 1, Name: "名", CreatedAt: time.UnixMilli(1)}, "1@example.jp", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Stores().Desk.Member(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := there.Desk.SetStatus(t.Context(), 1, core.Held); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if m, err := c.Stores().Desk.Member(t.Context(), 1); err != nil || m.Status == core.Held {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the member is still active after four seconds")
}

// A line that was left out because its author was away comes back with them.
func TestEndorsementsOfWhoComesBack(t *testing.T) {
	c, _ := fresh(t, 0)
	for id := core.ID(1); id <= 2; id++ {
		if err := c.Stores().Desk.InsertMember(t.Context(), core.Member{ID: id, CreatedAt: time.UnixMilli(1)}, fmt.Sprintf("%d@example.jp", id), ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Stores().People.PutEndorsement(t.Context(), people.Endorsement{About: 1, Author: 2, WrittenAt: time.UnixMilli(1)}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		status core.Status
		lines  int
	}{{core.Active, 1}, {core.Held, 0}, {core.Active, 1}, {core.Withdrawn, 0}, {core.Active, 1}} {
		if err := c.Stores().Desk.SetStatus(t.Context(), 2, step.status); err != nil {
			t.Fatal(err)
		}
		lines, err := c.Stores().People.Endorsements(t.Context(), 1, core.Page{Number: 1, Size: 5})
		if err != nil || len(lines) != step.lines {
			t.Errorf("author of status %d: %d lines, %v", step.status, len(lines), err)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	const bytes = 100_000
	c, _ := fresh(t, bytes)
	for id := core.ID(1); id <= 2000; id++ {
		if err := c.Stores().Desk.InsertMember(t.Context(), core.Member{ID: id, Name: "名", CreatedAt: time.UnixMilli(1)}, fmt.Sprintf("%d@example.jp", id), ""); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Stores().Desk.Member(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	c.kept.CleanUp()
	if c.Bytes() > bytes || c.Bytes() < bytes/2 {
		t.Errorf("%d bytes are kept, expected at most %d and not much less", c.Bytes(), bytes)
	}
}

func BenchmarkTies(b *testing.B) {
	c, _ := fresh(b, 0)
	for id := core.ID(1); id <= 200; id++ {
		if err := c.Stores().Desk.InsertMember(b.Context(), core.Member{ID: id, CreatedAt: time.UnixMilli(1)}, fmt.Sprintf("%d@example.jp", id), ""); err != nil {
			b.Fatal(err)
		}
		if id > 2 {
			if _, err := c.Stores().People.InsertFriends(b.Context(), 1+id%2, id, time.UnixMilli(1), time.Time{}); err != nil {
				b.Fatal(err)
			}
		}
	}
	for name, other := range map[string]core.ID{"friend": 4, "friend of nobody": 2} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Stores().Desk.Ties(b.Context(), 1, other); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
