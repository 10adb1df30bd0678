package network_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/files"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/store"
	"musubi/core/store/pgtest"
)

// keep is a core.PhotoMaker that stores what it is given.
type keep struct{}

func (keep) MakePhoto(_ context.Context, upload []byte) (core.MadePhoto, error) {
	return core.MadePhoto{Bytes: upload, Type: "image/png", Width: 4, Height: 3}, nil
}

// world is the real services on a real database with a clock that the test sets.
type world struct {
	testing.TB
	*network.Services
	db  *store.Store
	now time.Time
}

func newWorld(t testing.TB) *world {
	dir := t.TempDir()
	w := &world{TB: t, now: time.Date(2007, 3, 1, 12, 0, 0, 0, music.Tokyo)}
	var err error
	w.db, err = store.Open(t.Context(), store.Config{Path: filepath.Join(dir, "musubi.db"), URL: pgtest.Chosen(t, prepare)})
	w.must(err)
	t.Cleanup(func() { w.db.Close() })
	w.Services, err = network.New(network.Config{Stores: w.db.Stores(), Blobs: files.Blobs(filepath.Join(dir, "blobs")), Photos: keep{},
		Secret: bytes.Repeat([]byte("k"), 32), Now: func() time.Time { return w.now }})
	w.must(err)
	return w
}

// prepare makes a database of PostgreSQL ready, where the suite runs on one.
func prepare(url string) error {
	s, err := store.Open(context.Background(), store.Config{URL: url})
	if err != nil {
		return err
	}
	return s.Close()
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) member(name string) core.ID {
	w.Helper()
	m, err := w.Account.CreateMember(w.Context(), account.NewMember{Name: name, Mail: name + "@example.jp", PasswordHash: "none"})
	w.must(err)
	return m.ID
}

func song(n int) music.Play {
	return music.Play{Artist: fmt.Sprintf("楽団%d", n%7), Title: fmt.Sprintf("曲%d☀", n), Length: 200 * time.Second}
}

func (w *world) hears(m core.ID, n int, at time.Time) music.Verdict {
	w.Helper()
	p := song(n)
	p.At = at
	v, err := w.Music.Submit(w.Context(), m, []music.Play{p})
	w.must(err)
	return v[0]
}

// A heard play, as the other count has it.
type heard struct {
	member, song int
	at, received time.Time
}

// listener is a member of the other count.
type listener struct {
	id                   core.ID
	private, held, going bool
}

// counts is a chart counted from nothing: by song, listeners and plays.
func counts(plays []heard, members []listener, p music.Period, frozen bool) map[int][2]int {
	who, out := map[[2]int]bool{}, map[int][2]int{}
	for _, h := range plays {
		m := members[h.member]
		if h.at.Before(p.Start()) || !h.at.Before(p.End()) || !frozen && (m.private || m.held || m.going) || !p.Open(h.received) {
			continue
		}
		c := out[h.song]
		c[1]++
		if key := [2]int{h.song, h.member}; !who[key] {
			who[key] = true
			c[0]++
		}
		out[h.song] = c
	}
	return out
}

// same compares a chart with the other count: every row, its order and places.
func (w *world) same(p music.Period, want map[int][2]int) {
	w.Helper()
	chart, err := w.Music.Chart(w.Context(), p, music.AnyGenre)
	w.must(err)
	rows := 0
	for _, c := range want {
		if c[0] >= music.MinListeners {
			rows++
		}
	}
	if len(chart.Rows) != min(rows, music.ChartRows) {
		w.Errorf("chart from %v has %d rows, want %d", p.Start(), len(chart.Rows), min(rows, music.ChartRows))
		return
	}
	for i, r := range chart.Rows {
		var n int
		fmt.Sscanf(r.Track.Title, "曲%d☀", &n)
		if got := [2]int{r.Listeners, r.Plays}; got != want[n] {
			w.Errorf("chart from %v: %s has %v, want %v", p.Start(), r.Track.Title, got, want[n])
		}
		if i == 0 {
			continue
		}
		before := chart.Rows[i-1]
		if cmp.Or(cmp.Compare(before.Listeners, r.Listeners), cmp.Compare(before.Plays, r.Plays)) < 0 || before.Listeners == r.Listeners && before.Plays == r.Plays && before.Track.ID > r.Track.ID {
			w.Errorf("chart from %v: row %d stands before row %d", p.Start(), i-1, i)
		}
		if place := map[bool]int{true: before.Place, false: i + 1}[before.Listeners == r.Listeners]; r.Place != place {
			w.Errorf("chart from %v: row %d has place %d, want %d", p.Start(), i, r.Place, place)
		}
	}
}

// TestMusicChartsAgainstAnotherCount lets members hear at random over three weeks, late, twice, at the borders of days, take plays
// back, hide, come back, be suspended and leave; the charts are what a count from nothing gives. MUSUBI_MUSIC_PLAYS=1000000 is the long
// run.
func TestMusicChartsAgainstAnotherCount(t *testing.T) {
	total := 4000
	if s := os.Getenv("MUSUBI_MUSIC_PLAYS"); s != "" {
		total, _ = strconv.Atoi(s)
	}
	w := newWorld(t)
	r := rand.New(rand.NewPCG(20, 7))
	ctx := t.Context()
	members := make([]listener, 40)
	for i := range members {
		members[i].id = w.member("m" + strconv.Itoa(i))
	}
	told, frozen := telling{near: map[[2]int][]time.Time{}}, map[music.Period]map[int][2]int{}
	rare := max(1000, total/4) // of so many things, as many are of each rare kind as in a short run
	step := 21 * 24 * time.Hour / time.Duration(total)
	was := w.now
	for n := range total {
		w.now = w.now.Add(time.Duration(float64(step) * 2 * r.Float64()))
		freeze(w, was, told.plays, members, frozen)
		was = w.now
		m := r.IntN(len(members))
		switch x := r.IntN(rare); {
		case r.IntN(50) == 0 && len(told.plays) > 0: // take one back
			i := r.IntN(len(told.plays))
			h := told.plays[i]
			if members[h.member].going {
				break
			}
			w.must(w.Music.DeletePlays(ctx, members[h.member].id, []music.PlayKey{{At: h.at, Track: w.track(h)}}))
			told.forget(i)
		case x < 4:
			if !members[m].going && !members[m].held {
				members[m].private = !members[m].private
				w.must(w.Music.SetVisibility(ctx, members[m].id, map[bool]core.Visibility{true: core.Private, false: core.Friends}[members[m].private]))
			}
		case x < 7:
			if !members[m].going {
				members[m].held = !members[m].held
				w.must(w.db.Stores().Desk.SetStatus(ctx, members[m].id, map[bool]core.Status{true: core.Held, false: core.Active}[members[m].held]))
			}
		case x == 8 && n > total/2 && m > 30:
			if !members[m].going {
				members[m].going = true
				w.must(w.Chores.Remove(ctx, members[m].id, "operator"))
			}
		default:
			if members[m].going || members[m].held {
				break
			}
			h := heard{member: m, song: int(r.ExpFloat64() * 30), received: w.now, at: w.now.Add(-time.Duration(r.IntN(600)) * time.Second).Truncate(time.Second)}
			switch r.IntN(20) {
			case 0: // late
				h.at = h.at.Add(-time.Duration(r.IntN(13*24)) * time.Hour)
			case 1: // at midnight, to the second
				h.at = music.DayOf(w.now).Start().Add(-time.Duration(r.IntN(2)) * time.Second)
			}
			if told.has(h) {
				if v := w.hears(members[m].id, h.song, h.at); v != music.Double {
					t.Fatalf("the same play again is %d", v)
				}
			} else if v := w.hears(members[m].id, h.song, h.at); v != music.Taken {
				t.Fatalf("play %d is %d", n, v)
			} else {
				told.add(h)
			}
		}
		if n%(total/20) == 0 {
			w.must(w.Music.Sweep(ctx))
			for _, p := range music.OpenCharts(w.now) {
				w.same(p, counts(told.plays, members, p, false))
			}
		}
	}
	w.must(w.Music.Sweep(ctx))
	w.must(w.Music.Sweep(ctx))
	if len(frozen) < 15 {
		t.Errorf("only %d charts have closed", len(frozen))
	}
	for p, want := range frozen {
		w.same(p, want)
	}
	w.total(told.plays, members)
}

// A telling is what the other count knows: all plays in no order, and when each member heard each song.
type telling struct {
	plays []heard
	near  map[[2]int][]time.Time // by member and song
}

// has says whether the member has heard the song so shortly before or after that it is the same play.
func (t *telling) has(h heard) bool {
	return slices.ContainsFunc(t.near[[2]int{h.member, h.song}], func(at time.Time) bool { return at.Sub(h.at).Abs() < song(h.song).Length-time.Second })
}

func (t *telling) add(h heard) {
	key := [2]int{h.member, h.song}
	t.plays, t.near[key] = append(t.plays, h), append(t.near[key], h.at)
}

func (t *telling) forget(i int) {
	h, last := t.plays[i], len(t.plays)-1
	t.plays[i] = t.plays[last]
	t.plays = t.plays[:last]
	key := [2]int{h.member, h.song}
	at := t.near[key]
	n := slices.IndexFunc(at, h.at.Equal)
	t.near[key] = slices.Delete(at, n, n+1)
}

// freeze keeps the charts that close between was and now, as they are then. Who leaves in this moment is not the test's matter.
func freeze(w *world, was time.Time, plays []heard, members []listener, frozen map[music.Period]map[int][2]int) {
	for _, p := range music.OpenCharts(was) {
		if !p.Open(w.now) {
			frozen[p] = counts(plays, members, p, false)
			w.must(w.Music.Sweep(w.Context())) // as it happens every minute
		}
	}
}

// track finds the track of a play.
func (w *world) track(h heard) core.ID {
	w.Helper()
	id, err := w.db.Music.TrackNamed(w.Context(), music.Key(song(h.song).Artist), music.Key(song(h.song).Title))
	w.must(err)
	return id
}

// total compares the counters of all time.
func (w *world) total(plays []heard, members []listener) {
	w.Helper()
	who, want := map[[2]int]bool{}, map[int][2]int{}
	for _, h := range plays {
		if m := members[h.member]; m.private || m.held || m.going {
			continue
		}
		c := want[h.song]
		c[1]++
		if !who[[2]int{h.song, h.member}] {
			who[[2]int{h.song, h.member}] = true
			c[0]++
		}
		want[h.song] = c
	}
	for n, c := range want {
		id, err := w.db.Music.TrackNamed(w.Context(), music.Key(song(n).Artist), music.Key(song(n).Title))
		w.must(err)
		t, err := w.db.Music.Track(w.Context(), id)
		w.must(err)
		if t.Listeners != c[0] || t.Plays != c[1] {
			w.Errorf("%s has %d listeners and %d plays of all time, want %v", t.Title, t.Listeners, t.Plays, c)
		}
	}
}

func TestMusicVerdicts(t *testing.T) {
	w := newWorld(t)
	m := w.member("hana")
	for _, c := range []struct {
		name string
		at   time.Duration
		want music.Verdict
	}{
		{"now", 0, music.Taken}, {"again", 0, music.Double}, {"its end", 200*time.Second - 2*time.Second, music.Double}, {"on repeat", 200 * time.Second, music.Taken},
		{"late", -music.MaxLate, music.Taken}, {"too late", -music.MaxLate - time.Second, music.TooLate},
		{"ahead", music.MaxAhead, music.Taken}, {"too far ahead", music.MaxAhead + time.Second, music.Ahead},
	} {
		if got := w.hears(m, 1, w.now.Add(c.at)); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if v, err := w.Music.Submit(t.Context(), m, []music.Play{{Title: "題", At: w.now}, {Artist: "人", At: w.now}, {Artist: " \u3000", Title: "題", At: w.now}}); err != nil || v[0] != music.NoArtist || v[1] != music.NoTrack || v[2] != music.NoArtist {
		t.Errorf("without names: %v, %v", v, err)
	}
	var many []music.Play
	for i := range music.MaxDaily {
		p := song(2)
		p.At, p.Length = w.now.Add(-time.Duration(i+1)*time.Minute), 0
		many = append(many, p)
	}
	v, err := w.Music.Submit(t.Context(), m, many)
	w.must(err)
	taken := 0
	for _, one := range v {
		if one == music.Taken {
			taken++
		}
	}
	if want := music.MaxDaily - 4; taken != want || v[len(v)-1] != music.TooMany {
		t.Errorf("%d of a day's limit were taken after four, want %d", taken, want)
	}
	w.now = w.now.Add(24 * time.Hour)
	if got := w.hears(m, 3, w.now); got != music.Taken {
		t.Errorf("on the next day: %d", got)
	}
	l, err := w.Music.Listener(t.Context(), core.Viewer{Member: m}, m)
	if w.must(err); l.Plays != music.MaxDaily+1 {
		t.Errorf("counted %d plays of the member", l.Plays)
	}
}

// Names are shown as most members spell them, and one name has one page.
func TestMusicSpellings(t *testing.T) {
	w := newWorld(t)
	say := func(m core.ID, artist string) {
		_, err := w.Music.Submit(t.Context(), m, []music.Play{{Artist: artist, Title: "天体観測", At: w.now}})
		w.must(err)
	}
	for i, artist := range []string{"bump of chicken", "BUMP OF CHICKEN", "ＢＵＭＰ OF CHICKEN", "BUMP OF CHICKEN"} {
		say(w.member("s"+strconv.Itoa(i)), artist)
	}
	found, err := w.Music.Find(t.Context(), "chicken bump")
	if w.must(err); len(found.Artists) != 1 || found.Artists[0].Name != "BUMP OF CHICKEN" || found.Artists[0].Listeners != 4 {
		t.Errorf("found %+v", found.Artists)
	}
	found, err = w.Music.Find(t.Context(), "体観")
	if w.must(err); len(found.Tracks) != 1 || found.Tracks[0].Title != "天体観測" {
		t.Errorf("found %+v", found.Tracks)
	}
}

func TestMusicMerge(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("a"), w.member("b")
	say := func(m core.ID, artist, title string) {
		_, err := w.Music.Submit(t.Context(), m, []music.Play{{Artist: artist, Title: title, At: w.now}})
		w.must(err)
		w.now = w.now.Add(time.Minute)
	}
	say(a, "宇多田ヒカル", "Automatic")
	say(b, "Utada Hikaru", "Automatic")
	say(b, "宇多田ヒカル", "Automatic")
	say(b, "Utada Hikaru", "First Love")
	id := func(name string) core.ID {
		track, err := w.db.Music.TrackNamed(t.Context(), music.Key(name), "automatic")
		w.must(err)
		tr, err := w.db.Music.Track(t.Context(), track)
		w.must(err)
		return tr.ArtistID
	}
	from, into := id("Utada Hikaru"), id("宇多田ヒカル")
	w.must(w.Music.Merge(t.Context(), from, into))
	say(a, "Utada Hikaru", "First Love") // as its player goes on to say
	chart, err := w.Music.Chart(t.Context(), w.Music.Today(), music.AnyGenre)
	w.must(err)
	if len(chart.Rows) != 2 || chart.Rows[0].Listeners != 2 || chart.Rows[0].Plays != 3 || chart.Rows[1].Track.Title != "First Love" || chart.Rows[1].Track.ArtistName != "宇多田ヒカル" {
		t.Errorf("the chart is %+v", chart.Rows)
	}
	if artist, err := w.Music.Artist(t.Context(), core.Viewer{Member: a}, from); err != nil || artist.ID != into || artist.Plays != 5 {
		t.Errorf("the old page leads to %+v, %v", artist, err)
	}
	for _, query := range []string{"utada", "Hikaru UTADA", "宇多田"} { // the old spelling finds it
		if found, err := w.Music.Find(t.Context(), query); err != nil || len(found.Artists) != 1 || found.Artists[0].ID != into {
			t.Errorf("%s finds %+v, %v", query, found.Artists, err)
		}
	}
	if found, err := w.Music.Find(t.Context(), "automatic utada"); err != nil || len(found.Tracks) != 1 || found.Tracks[0].ArtistID != into {
		t.Errorf("the track is found as %+v, %v", found.Tracks, err)
	}
	say(a, "うただひかる", "Automatic")
	say(b, "うただひかる", "Automatic")
	third := id("うただひかる")
	w.must(w.Music.Merge(t.Context(), into, third)) // what was merged follows
	if artist, err := w.Music.Artist(t.Context(), core.Viewer{Member: a}, from); err != nil || artist.ID != third {
		t.Errorf("the oldest page leads to %+v, %v", artist, err)
	}
	if found, err := w.Music.Find(t.Context(), "utada"); err != nil || len(found.Artists) != 1 || found.Artists[0].ID != third {
		t.Errorf("after another merger utada finds %+v, %v", found.Artists, err)
	}
	if err := w.Music.Merge(t.Context(), from, into); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("merged twice: %v", err)
	}
}

// After a merger one title is one track and one album, whichever spelling a player uses and whenever it does; the old addresses lead there, and
// what members wrote of both is one history, each version of which can be brought back.
func TestMusicMergeOfAlbums(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("a"), w.member("b")
	say := func(artist, title, album string) music.Track {
		t.Helper()
		w.now = w.now.Add(time.Hour)
		for _, m := range []core.ID{a, b} {
			_, err := w.Music.Submit(t.Context(), m, []music.Play{{Artist: artist, Title: title, Album: album, At: w.now}})
			w.must(err)
		}
		id, err := w.db.Music.TrackNamed(t.Context(), music.Key(artist), music.Key(title))
		w.must(err)
		track, err := w.db.Music.Track(t.Context(), id)
		w.must(err)
		return track
	}
	from, into := say("Utada Hikaru", "Automatic", "First Love"), say("宇多田ヒカル", "Movin' on", "First Love")
	say("宇多田ヒカル", "Automatic", "") // one track has the album only under the other spelling
	say("Utada Hikaru", "Traveling", "Deep River")
	say("宇多田ヒカル", "Letters", "Ultra Blue")
	viewer := core.Viewer{Member: a}
	w.must(w.Music.WriteFact(t.Context(), a, from.ArtistID, 0, "英語の名前", music.JPop))
	fact, err := w.Music.Artist(t.Context(), viewer, from.ArtistID)
	w.must(err)
	w.must(w.Music.Love(t.Context(), a, "Utada Hikaru", "Automatic", true))
	w.must(w.Music.Love(t.Context(), a, "宇多田ヒカル", "Automatic", true))
	w.must(w.Music.SetFeatured(t.Context(), 1, from.AlbumID, ""))
	w.must(music.Covers{Service: w.Music}.SetCover(t.Context(), from.AlbumID, []byte("cover")))
	w.must(w.Music.Merge(t.Context(), from.ArtistID, into.ArtistID))
	say("Utada Hikaru", "Letters", "Ultra Blue") // what only the other spelling had
	say("宇多田ヒカル", "Traveling", "Deep River")
	say("Utada Hikaru", "光", "Deep River")

	albums, err := w.Music.ArtistAlbums(t.Context(), into.ArtistID, core.Page{Size: 10})
	w.must(err)
	titles := map[string]core.ID{}
	for _, album := range albums {
		titles[album.Title] = album.ID
	}
	if len(albums) != 3 || titles["First Love"] != into.AlbumID {
		t.Errorf("albums of the two are %+v", albums)
	}
	for id, tracks := range map[core.ID]int{from.AlbumID: 2, titles["Deep River"]: 2, titles["Ultra Blue"]: 1} {
		if album, has, err := w.Music.Album(t.Context(), viewer, id); err != nil || len(has) != tracks || album.ArtistID != into.ArtistID || id == from.AlbumID && album.ID != into.AlbumID {
			t.Errorf("the album %d leads to %+v with %+v, %v", id, album, has, err)
		}
	}
	if tracks, _, err := w.Music.ArtistTracks(t.Context(), into.ArtistID, core.Page{Size: 10}); err != nil || len(tracks) != 5 {
		t.Errorf("the artist's tracks are %+v, %v", tracks, err)
	}
	if loves, err := w.Music.Loves(t.Context(), viewer, a, core.Page{Size: 10}); err != nil || len(loves) != 1 {
		t.Errorf("what the member loves is %+v, %v", loves, err)
	}
	if featured, err := w.Music.Featured(t.Context()); err != nil || len(featured) != 1 || featured[0].Album.ID != into.AlbumID || featured[0].Cover.Hash == "" {
		t.Errorf("featured is %+v, %v", featured, err)
	}

	artist, err := w.Music.Artist(t.Context(), viewer, into.ArtistID)
	if w.must(err); artist.Fact.Text != "英語の名前" || artist.Genre != music.JPop {
		t.Errorf("the page of the artist says %+v", artist)
	}
	w.must(w.Music.WriteFact(t.Context(), b, into.ArtistID, artist.Fact.ID, "日本語の名前", music.JPop))
	w.must(w.Music.UndoFact(t.Context(), a, from.ArtistID, fact.Fact.ID)) // from a page opened before
	facts, _, err := w.Music.Facts(t.Context(), viewer, into.ArtistID, core.Page{Size: 10})
	if w.must(err); len(facts) != 3 || facts[0].Text != "英語の名前" {
		t.Errorf("the history is %+v", facts)
	}
}

// processorTime is what this process has used, all threads.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A play comes in, through the service and into the database, one in a write. cpu-µs/op is the processor time of a play, whoever else is on the machine.
func BenchmarkMusicPlay(b *testing.B) {
	w := newWorld(b)
	var members []core.ID
	for i := range 50 {
		members = append(members, w.member("b"+strconv.Itoa(i)))
	}
	b.ResetTimer()
	began := processorTime()
	defer func() { b.ReportMetric(float64((processorTime()-began).Microseconds())/float64(b.N), "cpu-µs/op") }()
	w.must(w.Bulk(b.Context(), func(ctx context.Context) error { // one COMMIT: what a play costs beside the disk
		for i := range b.N {
			p := song(i * 31 % 2000)
			p.At = w.now
			w.now = w.now.Add(700 * time.Millisecond)
			if _, err := w.Music.Submit(ctx, members[i%len(members)], []music.Play{p}); err != nil {
				return err
			}
		}
		return nil
	}))
}
