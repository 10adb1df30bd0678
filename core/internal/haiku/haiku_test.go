package haiku

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/cache"
	"musubi/core/feature"
	"musubi/core/files"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/store"
	"musubi/core/store/engine"
)

// keep is a core.PhotoMaker that stores what it is given.
type keep struct{}

func (keep) MakePhoto(_ context.Context, upload []byte) (core.MadePhoto, error) {
	return core.MadePhoto{Bytes: bytes.Clone(upload), Type: "image/png", Width: 1, Height: 1}, nil
}

// world is the real network with haiku in it: basho has a friend, sora, and a stranger, kikaku.
type world struct {
	*testing.T
	*network.Services
	haiku               *Service
	db                  *store.Store
	now                 time.Time
	basho, sora, kikaku core.Member
}

// each runs a test over the database, and over the cache before it.
func each(t *testing.T, test func(w *world)) {
	for _, cached := range []bool{false, true} {
		t.Run(fmt.Sprintf("cached=%v", cached), func(t *testing.T) { test(newWorld(t, cached)) })
	}
}

func newWorld(t *testing.T, cached bool) *world {
	dir := t.TempDir()
	w := &world{T: t, now: time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)}
	var err error
	w.db, err = store.Open(t.Context(), store.Config{Path: filepath.Join(dir, "musubi.db"), Rehearse: true}, Tables())
	w.must(err)
	t.Cleanup(func() { w.db.Close() })
	c := network.Config{Stores: w.db.Stores(), Blobs: files.Blobs(filepath.Join(dir, "blobs")), Photos: keep{}, Secret: bytes.Repeat([]byte("k"), 32),
		Now: func() time.Time { return w.now }, More: []func(*network.Services) feature.Feature{w.join}}
	if cached {
		kept, err := cache.New(t.Context(), w.db, cache.Config{})
		w.must(err)
		c.Stores = kept.Stores()
	}
	w.Services, err = network.New(c)
	w.must(err)
	w.basho, w.sora, w.kikaku = w.member("basho"), w.member("sora"), w.member("kikaku")
	w.must(w.People.LinkFriends(t.Context(), w.basho.ID, w.sora.ID, w.now, time.Time{}))
	return w
}

// join is what network does for the areas of the house.
func (w *world) join(s *network.Services) feature.Feature {
	w.haiku = New(s.Desk, Store{HaikuStore: DB{w.db.Engine()}}, s.News, s.Search)
	return Feature(w.haiku)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) member(name string) core.Member {
	w.Helper()
	m, err := w.Account.CreateMember(w.Context(), account.NewMember{Name: name, Mail: name + "@example.jp", PasswordHash: "none"})
	w.must(err)
	return m
}

const pond = "古池や\n蛙飛びこむ\n水の音"

// writes gives a haiku with a photo.
func (w *world) writes(m core.Member, v core.Visibility) (Haiku, core.Photo) {
	w.Helper()
	p, err := w.AddPhoto(w.Context(), m.ID, []byte(m.Name+" draws a frog"), time.Time{})
	w.must(err)
	h, err := w.haiku.Write(w.Context(), m.ID, pond, v, p.ID)
	w.must(err)
	return h, p
}

func as(m core.Member) core.Viewer { return core.Viewer{Member: m.ID} }

// count says how many rows of a table there are.
func (w *world) count(of string) (n int) {
	w.Helper()
	w.must(w.db.Engine().On(w.Context()).Row(w.Context(), `SELECT count(*) FROM `+of).Scan(&n))
	return n
}

func TestHaikuAreCommentedAndTold(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		h, _ := w.writes(w.basho, core.Friends)
		if _, err := w.Talk.WriteComment(ctx, as(w.kikaku), Thread(h), "見た", time.Time{}); !errors.Is(err, core.ErrNotFound) {
			w.Errorf("a stranger comments: %v", err)
		}
		c, err := w.Talk.WriteComment(ctx, as(w.sora), Thread(h), "静か", time.Time{})
		w.must(err)
		seen, err := w.Talk.See(ctx, as(w.basho), Thread(h))
		w.must(err)
		list, _, err := w.Talk.Comments(ctx, seen, core.Page{Size: 9})
		if w.must(err); len(list) != 1 || list[0].Body != "静か" || list[0].AuthorName != "sora" {
			w.Errorf("the comments are %+v", list)
		}
		if now, err := w.haiku.Haiku(ctx, as(w.sora), h.Owner, h.ID); err != nil || now.Comments != 1 {
			w.Errorf("counted %d comments, %v", now.Comments, err)
		}
		told, err := w.News.NewsNotices(ctx, w.basho.ID)
		if w.must(err); len(told) != 1 || told[0].Key != "haiku" || told[0].N != 1 {
			w.Errorf("the poet is told %+v", told)
		}
		lines, _, err := w.News.NewsLines(ctx, w.basho.ID, core.Page{Size: 9})
		if w.must(err); len(lines) != 1 || lines[0].Title != "古池や" || lines[0].ActorName != "sora" {
			w.Errorf("the lines are %+v", lines)
		}
		if letters, err := w.News.NewsLetters(ctx, w.basho.ID); err != nil || letters[CommentNews] != (news.Letters{PC: true}) {
			w.Errorf("letters go to %+v, %v", letters[CommentNews], err)
		}
		w.must(w.Talk.DeleteComment(ctx, w.sora.ID, Thread(h), c.ID))
		told, err = w.News.NewsNotices(ctx, w.basho.ID)
		if now, _ := w.haiku.Haiku(ctx, as(w.sora), h.Owner, h.ID); err != nil || len(told) != 0 || now.Comments != 0 {
			w.Errorf("after the comment went: told %+v, %d comments, %v", told, now.Comments, err)
		}
	})
}

func TestPrivateHaikuAreClosed(t *testing.T) {
	each(t, func(w *world) {
		h, _ := w.writes(w.basho, core.Private)
		if _, err := w.Talk.WriteComment(w.Context(), as(w.basho), Thread(h), "独り言", time.Time{}); !errors.Is(err, ErrClosed) {
			w.Errorf("a comment on a private haiku: %v", err)
		}
	})
}

// finds says how many haiku with the word the member finds.
func (w *world) finds(m core.Member, word string) int {
	w.Helper()
	w.must(w.Search.UpdateSearch(w.Context()))
	found, err := w.Search.Search(w.Context(), as(m), search.Query{Kind: Haikus, Words: word, Size: 9})
	w.must(err)
	for _, row := range found.Rows {
		if row.Owner != w.basho.ID || row.Member.Name != "basho" || row.Photos != 1 {
			w.Errorf("found %+v", row)
		}
	}
	return len(found.Rows)
}

func TestHaikuAreFoundByWhoSeesThem(t *testing.T) {
	each(t, func(w *world) {
		w.must(w.Search.UpdateSearch(w.Context())) // what comes later is found by its note
		h, _ := w.writes(w.basho, core.Friends)
		for m, want := range map[*core.Member]int{&w.basho: 1, &w.sora: 1, &w.kikaku: 0} {
			if n := w.finds(*m, "水の音"); n != want {
				w.Errorf("%s finds %d, want %d", m.Name, n, want)
			}
		}
		w.must(w.haiku.Delete(w.Context(), w.basho.ID, h.ID))
		if n := w.finds(w.sora, "水の音"); n != 0 {
			w.Errorf("a deleted haiku is found %d times", n)
		}
	})
}

// An index that is filled anew reads haiku of itself.
func TestHaikuAreFilledIn(t *testing.T) {
	each(t, func(w *world) {
		w.writes(w.basho, core.Everyone)
		w.must(w.db.Engine().Exec(w.Context(), func(ctx context.Context, q engine.Querier) error {
			return engine.RunAll(ctx, q, engine.Step{Query: `DELETE FROM search_filling`}, engine.Step{Query: `DELETE FROM search_note`})
		}))
		if n := w.finds(w.kikaku, "蛙"); n != 1 {
			w.Errorf("found %d after filling anew", n)
		}
	})
}

func TestSEC112_PhotosOfHaikuAreGated(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		h, p := w.writes(w.basho, core.Friends)
		for m, want := range map[*core.Member]error{&w.basho: nil, &w.sora: nil, &w.kikaku: core.ErrNotFound} {
			if _, err := w.Photo(ctx, as(*m), p.Owner, p.ID); !errors.Is(err, want) {
				w.Errorf("%s asks for the photo: %v, want %v", m.Name, err, want)
			}
		}
		w.must(w.People.Block(ctx, w.basho.ID, w.sora.ID))
		if _, err := w.Photo(ctx, as(w.sora), p.Owner, p.ID); !errors.Is(err, core.ErrNotFound) {
			w.Errorf("a blocked friend asks for the photo: %v", err)
		}
		w.must(w.haiku.Delete(ctx, w.basho.ID, h.ID))
		if _, err := w.Photo(ctx, as(w.basho), p.Owner, p.ID); !errors.Is(err, core.ErrNotFound) {
			w.Errorf("the photo of a deleted haiku: %v", err)
		}
	})
}

// exported reads one file of an export of the member.
func (w *world) exported(m core.Member, noun string) (rows []map[string]any) {
	w.Helper()
	var b bytes.Buffer
	w.must(w.Chores.ExportTo(w.Context(), m.ID, "ja", &b, func(int, int) {}))
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	w.must(err)
	f, err := z.Open(noun + ".json")
	w.must(err)
	defer f.Close()
	w.must(json.NewDecoder(f).Decode(&rows))
	return rows
}

func TestSEC122_HaikuAreExported(t *testing.T) {
	each(t, func(w *world) {
		h, _ := w.writes(w.basho, core.Friends)
		_, err := w.Talk.WriteComment(w.Context(), as(w.sora), Thread(h), "静か", time.Time{})
		w.must(err)
		if rows := w.exported(w.basho, "haiku"); len(rows) != 1 || rows[0]["text"] != pond || rows[0]["visibility"] != "friends" {
			w.Errorf("haiku.json has %v", rows)
		}
		for _, m := range []core.Member{w.basho, w.sora} { // whose haiku it is, and who wrote there
			if rows := w.exported(m, "haiku_comments"); len(rows) != 1 || rows[0]["body"] != "静か" {
				w.Errorf("haiku_comments.json of %s has %v", m.Name, rows)
			}
		}
		if rows := w.exported(w.basho, "photos"); len(rows) != 1 || rows[0]["kind"] != "haiku" {
			w.Errorf("photos.json has %v", rows)
		}
		w.must(w.News.SetNewsLetters(w.Context(), w.basho.ID, map[news.Kind]news.Letters{CommentNews: {}}))
		if rows := w.exported(w.basho, "news_letters"); len(rows) != 1 || rows[0]["kind"] != "haiku" {
			w.Errorf("news_letters.json has %v", rows)
		}
	})
}

func TestSEC115_HaikuGoWithTheirAuthor(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		h, p := w.writes(w.basho, core.Everyone)
		other, _ := w.writes(w.sora, core.Everyone)
		_, err := w.Talk.WriteComment(ctx, as(w.sora), Thread(h), "静か", time.Time{})
		w.must(err)
		_, err = w.Talk.WriteComment(ctx, as(w.basho), Thread(other), "似ている", time.Time{})
		w.must(err)
		w.must(w.Chores.Remove(ctx, w.basho.ID, "operator")) // hidden at once
		if _, err := w.haiku.Haiku(ctx, as(w.kikaku), h.Owner, h.ID); !errors.Is(err, core.ErrNotFound) {
			w.Errorf("the haiku of one who has left: %v", err)
		}
		for range 2 { // and gone soon
			w.now = w.now.Add(time.Minute)
			w.must(w.Chores.PurgeLeft(ctx))
		}
		for what, want := range map[string]int{"haiku": 1, "haiku_comment": 0, "photo": 1, "news": 0} {
			if n := w.count(what); n != want {
				w.Errorf("%d rows of %s are left, want %d", n, what, want)
			}
		}
		if _, err := w.Blobs.Get(ctx, p.Hash); !errors.Is(err, core.ErrNotFound) {
			w.Errorf("the picture is still there: %v", err)
		}
		if now, err := w.haiku.Haiku(ctx, as(w.kikaku), other.Owner, other.ID); err != nil || now.Comments != 0 {
			w.Errorf("the other's haiku counts %d comments, %v", now.Comments, err)
		}
	})
}

// A haiku that lacks a row anywhere is refused before anybody is served, by a sentence that names it.
func TestHaikuWithoutARowAreRefused(t *testing.T) {
	threads, finds := len(network.ThreadKinds), len(network.SearchKinds)
	for _, c := range []struct {
		want  string
		spoil func(f *feature.Feature, tables *store.Feature)
	}{
		{fmt.Sprint("none has the news kind ", CommentNews), func(f *feature.Feature, _ *store.Feature) { f.News[0].Kind++ }},
		{fmt.Sprintf("tells of the news kind %d, which none has", CommentNews), func(f *feature.Feature, _ *store.Feature) { f.News = nil }},
		{fmt.Sprintf("have %d kinds of threads, the database keeps the comments of %d", threads+1, threads), func(_ *feature.Feature, tables *store.Feature) { tables.Boards = nil }},
		{fmt.Sprintf("have %d kinds of threads, the database keeps the comments of %d", threads, threads+1), func(f *feature.Feature, _ *store.Feature) { f.Threads = nil }},
		{fmt.Sprintf("have %d kinds of things that are found, the database reads %d", finds+1, finds), func(_ *feature.Feature, tables *store.Feature) { tables.Finds = nil }},
		{fmt.Sprintf("have %d kinds of things that are found, the database reads %d", finds, finds+1), func(f *feature.Feature, _ *store.Feature) { f.Finds = nil }},
		{"needs See, who sees such a photo", func(f *feature.Feature, _ *store.Feature) { f.Photos[0].See = nil }},
		{"needs Topic, who may look at it", func(f *feature.Feature, _ *store.Feature) { f.Threads[0].Topic = nil }},
		{`"letters" and "haiku" both have the photo kind 3`, func(f *feature.Feature, _ *store.Feature) { f.Photos[0].Kind = 3 }},
	} {
		f, tables := Feature(nil), Tables()
		c.spoil(&f, &tables)
		if err := opened(t, f, tables); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("refused with %v, want %q", err, c.want)
		}
	}
	if err := opened(t, Feature(nil), Tables()); err != nil {
		t.Errorf("whole, but refused: %v", err)
	}
}

// opened tries to join a feature with the house.
func opened(t *testing.T, f feature.Feature, tables store.Feature) error {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "musubi.db")}, tables)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = network.New(network.Config{Stores: db.Stores(), Blobs: files.Blobs(t.TempDir()), Photos: keep{}, Secret: make([]byte, 32),
		More: []func(*network.Services) feature.Feature{func(*network.Services) feature.Feature { return f }}})
	return err
}
