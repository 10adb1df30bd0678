package seed

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"image/jpeg"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/files"
	"musubi/core/journal"
	lettering "musubi/core/letters"
	"musubi/core/network"
	"musubi/core/people"
	"musubi/core/store"
	"musubi/core/talk"
)

// keepJPEG is a core.PhotoMaker that stores what it is given; the real one is transcode/imaging.
type keepJPEG struct{}

func (keepJPEG) MakePhoto(_ context.Context, upload []byte) (core.MadePhoto, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(upload))
	return core.MadePhoto{Bytes: bytes.Clone(upload), Type: "image/jpeg", Width: c.Width, Height: c.Height}, err
}

// newServices opens the services over the store in dir, at the time of monday.
func newServices(tb testing.TB, dir string) *network.Services {
	tb.Helper()
	db, err := store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "musubi.db")})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	s, err := network.New(network.Config{Stores: db.Stores(), Blobs: files.Blobs(filepath.Join(dir, "blobs")), Photos: keepJPEG{},
		Secret: make([]byte, 32), Now: func() time.Time { return monday }})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

const secret = "musubi2007"

func fill(t *testing.T, o FillOptions) (*network.Services, Filled) {
	t.Helper()
	s := newServices(t, t.TempDir())
	o.Password = secret
	made, err := Fill(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return s, made
}

var all = core.Page{Size: 2000}

// told is everything the services say about a member: what a determinism test compares.
type told struct {
	Member  core.Member
	Profile []core.ProfileValue
	Friends []people.FriendLine
	Feed    []journal.DiaryLine
	History []journal.DiaryLine
	Diaries []journal.Diary
	Answers [][]talk.Comment
	Visits  []people.Footprint
	Total   int
	Letters []lettering.Message
	Albums  []toldAlbum
	Put     []album.Album // by friends
	Room    album.AlbumRoom
}

type toldAlbum struct {
	album.Album
	Hung  []album.AlbumPhoto
	Talks [][]talk.Comment // under the album, and under each photo
}

func tell(t *testing.T, s *network.Services, id core.ID) (x told) {
	t.Helper()
	ctx, me := context.Background(), core.Viewer{Member: id}
	var err error
	check := func(e error) { err = errors.Join(err, e) }
	var e error
	x.Member, _, e = s.Member(ctx, me, id)
	check(e)
	x.Profile, e = s.People.Profile(ctx, me, id)
	check(e)
	x.Friends, _, e = s.People.Friends(ctx, me, id, people.ByLogin, all)
	check(e)
	x.Feed, _, e = s.Journal.FriendsDiaries(ctx, id, all)
	check(e)
	x.History, _, e = s.Journal.CommentedDiaries(ctx, id, all)
	check(e)
	x.Visits, _, e = s.People.Footprints(ctx, id, all)
	check(e)
	book, e := s.People.FootprintBook(ctx, id)
	check(e)
	x.Total = book.Total
	for _, folder := range []lettering.Folder{lettering.Inbox, lettering.Sent} {
		letters, _, e := s.Letters.Messages(ctx, id, folder, all)
		check(e)
		for _, l := range letters {
			whole, e := s.Letters.Message(ctx, id, l.ID)
			check(e)
			x.Letters = append(x.Letters, whole)
		}
	}
	lines, _, e := s.Journal.Diaries(ctx, me, id, journal.DiaryFilter{}, all)
	check(e)
	for _, l := range lines {
		d, e := s.Journal.Diary(ctx, me, id, l.ID)
		check(e)
		comments, _, e := s.Talk.Comments(ctx, d.Talk(), all)
		check(e)
		x.Diaries, x.Answers = append(x.Diaries, d.Diary), append(x.Answers, comments)
	}
	albums, _, e := s.Album.Albums(ctx, me, id, all)
	check(e)
	for _, a := range albums {
		told := toldAlbum{Album: a}
		seen, e := s.Album.Album(ctx, me, id, a.ID)
		check(e)
		told.Hung, _, e = s.Album.AlbumPhotos(ctx, seen, all)
		check(e)
		threads := []talk.Seen{seen.Talk()}
		for _, p := range told.Hung {
			threads = append(threads, seen.TalkOf(p))
		}
		for _, on := range threads {
			talk, _, e := s.Talk.Comments(ctx, on, all)
			check(e)
			told.Talks = append(told.Talks, talk)
		}
		x.Albums = append(x.Albums, told)
	}
	x.Put, _, e = s.Album.FriendsAlbums(ctx, me, all)
	check(e)
	x.Room, e = s.Album.AlbumRoom(ctx, id)
	check(e)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// idOf logs the member in, as anybody may do with the documented address and password.
func idOf(t *testing.T, s *network.Services, index int) core.ID {
	t.Helper()
	_, session, err := s.Account.Login(context.Background(), Mail(1, index), secret, "test")
	if err != nil {
		t.Fatal(err)
	}
	return session.Member
}

// TestFillIsDeterministic fills two stores and reads both through the services.
func TestFillIsDeterministic(t *testing.T) {
	o := FillOptions{Members: 500, Seed: 1}
	a, madeA := fill(t, o)
	b, madeB := fill(t, o)
	if madeA != madeB {
		t.Errorf("%+v and %+v", madeA, madeB)
	}
	for i := 0; i < 500; i += 61 {
		x, y := tell(t, a, idOf(t, a, i)), tell(t, b, idOf(t, b, i))
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("member %d:\n%+v\n%+v", i, x, y)
		}
	}
	c, madeC := fill(t, FillOptions{Members: 500, Seed: 2})
	if _, _, err := c.Account.Login(context.Background(), Mail(1, 0), secret, ""); err == nil || madeC == madeA {
		t.Error("seed 2 made the members of seed 1")
	}
}

// TestFillKeepsTheRules: what is counted is there, friendships have two sides, lists hold what friends wrote, comments
// come from friends after the entry and nothing is later than now.
func TestFillKeepsTheRules(t *testing.T) {
	const n = 600
	calls := 0
	s, made := fill(t, FillOptions{Members: n, Seed: 1, Progress: func(done int) { calls = done }})
	if calls != n || made.Members != n {
		t.Errorf("progress ended at %d, made %+v", calls, made)
	}
	ends, diaries, albums, comments, birthdays := 0, 0, 0, 0, 0
	everyone, err := everybody(s, n)
	if err != nil {
		t.Fatal(err)
	}
	friendsOf := map[core.ID][]core.ID{}
	type letterKey struct{ a, b, id core.ID }
	type letterText struct {
		author        core.ID
		subject, body string
		at            time.Time
	}
	copies, letters, visits := map[letterKey]letterText{}, 0, 0
	for _, id := range everyone {
		x := tell(t, s, id)
		for _, f := range x.Friends {
			friendsOf[id] = append(friendsOf[id], f.Member.ID)
			if f.Since.After(monday) || f.Since.Before(x.Member.CreatedAt) || f.Since.Before(f.Member.CreatedAt) {
				t.Errorf("%s and %s are friends since %v", x.Member.Name, f.Member.Name, f.Since)
			}
		}
		if x.Member.Friends != len(x.Friends) || len(x.Profile) < 8 || x.Member.LastLoginAt.Before(x.Member.CreatedAt) {
			t.Errorf("member %+v has %d friends, %d profile fields", x.Member, len(x.Friends), len(x.Profile))
		}
		ends += len(x.Friends)
		for _, l := range x.Feed {
			if !slices.Contains(friendsOf[id], l.Owner) {
				t.Errorf("%s reads %q of no friend", x.Member.Name, l.Title)
			}
		}
		near, err := s.People.FriendsBirthdays(context.Background(), id, monday)
		if err != nil {
			t.Fatal(err)
		}
		birthdays += len(near)
		for i, d := range x.Diaries {
			diaries++
			if d.Comments != len(x.Answers[i]) || d.CreatedAt.After(monday) || d.CreatedAt.Before(x.Member.CreatedAt) || d.Title == "" || d.Body == "" {
				t.Errorf("entry %+v has %d comments", d, len(x.Answers[i]))
			}
			for _, c := range x.Answers[i] {
				comments++
				if c.CreatedAt.Before(d.CreatedAt) || c.CreatedAt.After(monday) || c.Body == "" || c.Author != id && !slices.Contains(friendsOf[id], c.Author) {
					t.Errorf("comment %+v under %+v", c, d)
				}
			}
		}
		for _, a := range x.Albums {
			albums++
			if len(a.Hung) > 0 || a.Comments != len(a.Talks[0]) || a.AllComments != a.Comments {
				t.Errorf("album %+v", a)
			}
		}
		comments += keepsAlbums(t, s, &x, friendsOf[id])
		for _, v := range x.Visits {
			visits++
			if !slices.Contains(friendsOf[id], v.Visitor.ID) || v.At.After(monday) || monday.Sub(v.At) > visitAge {
				t.Errorf("%s was visited by %s at %v", x.Member.Name, v.Visitor.Name, v.At)
			}
		}
		if x.Total < len(x.Visits) {
			t.Errorf("%s has %d lines of footprints and %d visits in all", x.Member.Name, len(x.Visits), x.Total)
		}
		for _, l := range x.Letters {
			letters++
			key := letterKey{min(l.Member, l.Other), max(l.Member, l.Other), l.ID}
			one := letterText{l.Author(), l.Subject, l.Body, l.At}
			if other, there := copies[key]; there && other != one {
				t.Errorf("two copies of a letter: %+v and %+v", other, one)
			}
			copies[key] = one
			if l.Subject == "" || l.Body == "" || l.At.After(monday) || !slices.Contains(friendsOf[id], l.Other) || l.Unread && l.Kind != lettering.Inbox {
				t.Errorf("letter %+v", l)
			}
		}
		for _, l := range x.History {
			if l.Owner == id || l.UpdatedAt.Before(l.CreatedAt) || l.Comments == 0 {
				t.Errorf("history of %s: %+v", x.Member.Name, l)
			}
		}
	}
	if want := (Filled{n, ends / 2, diaries, albums, comments}); made != want {
		t.Errorf("made %+v, found %+v", made, want)
	}
	if want := ends * people.BirthdayDays / 336; birthdays < want/2 || birthdays > want*2 {
		t.Errorf("%d birthdays of friends are near, want about %d", birthdays, want) // days 1–28 of 12 months
	}
	if albums < n/3 || albums > n {
		t.Errorf("%d albums of %d members", albums, n)
	}
	if visits < n || letters < n/5 || letters != len(copies)*2 {
		t.Errorf("%d footprints, %d copies of %d letters", visits, letters, len(copies))
	}
	for id, list := range friendsOf {
		for _, f := range list {
			if !slices.Contains(friendsOf[f], id) {
				t.Errorf("%d has friend %d, not the other way round", id, f)
			}
		}
	}
}

// keepsAlbums holds the albums of a member to the rules of the services, and counts the comments there.
func keepsAlbums(t *testing.T, s *network.Services, x *told, friends []core.ID) (comments int) {
	t.Helper()
	room := album.AlbumRoom{Albums: len(x.Albums), Limit: x.Room.Limit, MostAlbums: album.MaxAlbums, FilmLimit: x.Room.FilmLimit, Hour: x.Room.Hour, Uploads: x.Room.Uploads}
	for _, a := range x.Albums {
		if a.Title == "" || a.CreatedAt.Before(x.Member.CreatedAt) || a.UpdatedAt.Before(a.CreatedAt) || a.UpdatedAt.After(monday) || a.Photos != len(a.Hung) {
			t.Errorf("album %+v", a)
		}
		if len(a.Hung) > 0 && a.Cover.ID != a.Hung[0].ID {
			t.Errorf("album %+v has another cover than its first photo", a)
		}
		on := 0
		for i, talk := range a.Talks {
			on += len(talk)
			if want := a.Comments; i == 0 && len(talk) != want || i > 0 && len(talk) != a.Hung[i-1].Comments {
				t.Errorf("%d comments at place %d of album %+v", len(talk), i, a)
			}
			for _, c := range talk {
				if c.CreatedAt.Before(a.UpdatedAt) || c.CreatedAt.After(monday) || c.Body == "" || c.Author != x.Member.ID && !slices.Contains(friends, c.Author) {
					t.Errorf("comment %+v at album %+v", c, a)
				}
			}
		}
		if a.AllComments != on {
			t.Errorf("album %+v has %d comments in all", a, on)
		}
		comments += on
		for _, p := range a.Hung {
			room.Photos++
			room.Bytes += int64(p.Bytes)
			if at := p.ID.Time(); at.Before(a.CreatedAt) || at.After(a.UpdatedAt) || p.Bytes == 0 {
				t.Errorf("photo %+v in album %+v", p, a)
			}
		}
	}
	if x.Room != room {
		t.Errorf("%s has room %+v, want %+v", x.Member.Name, x.Room, room)
	}
	for _, a := range x.Put {
		if !slices.Contains(friends, a.Owner) || a.Photos == 0 || a.Visibility > core.Friends {
			t.Errorf("%s is shown album %+v", x.Member.Name, a)
		}
	}
	return comments
}

// everybody finds all members by walking from friend to friend: an invitation-only service is one piece.
func everybody(s *network.Services, n int) ([]core.ID, error) {
	_, session, err := s.Account.Login(context.Background(), Mail(1, 0), secret, "")
	if err != nil {
		return nil, err
	}
	found, seen := []core.ID{session.Member}, map[core.ID]bool{session.Member: true}
	for i := 0; i < len(found); i++ {
		lines, _, err := s.People.Friends(context.Background(), core.Viewer{Member: found[i]}, found[i], people.ByLogin, all)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if !seen[l.Member.ID] {
				seen[l.Member.ID] = true
				found = append(found, l.Member.ID)
			}
		}
	}
	if len(found) != n {
		err = errors.New("not everybody can be reached over friends")
	}
	return found, err
}

// TestFillTwice: the second fill with a seed is refused and leaves what is there.
// Communities of a filled store count what they have, and whoever wrote there is in them.
func TestFillMakesCommunities(t *testing.T) {
	path := t.TempDir()
	s := newServices(t, path)
	if _, err := Fill(context.Background(), s, FillOptions{Members: 200, Seed: 1, Password: secret}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(path, "musubi.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	number := func(query string) (n int) {
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for what, query := range map[string]string{
		"members":       `SELECT count(*) FROM community c WHERE members <> (SELECT count(*) FROM community_member m WHERE m.community = c.id AND m.role >= 3)`,
		"comments":      `SELECT count(*) FROM community_thread t WHERE comments <> (SELECT count(*) FROM community_comment c WHERE c.community = t.community AND c.thread = t.id)`,
		"last post":     `SELECT count(*) FROM community c WHERE touched <> coalesce((SELECT max(last_at) FROM community_thread t WHERE t.community = c.id), created_at)`,
		"strangers":     `SELECT count(*) FROM community_comment c WHERE NOT EXISTS (SELECT 1 FROM community_member m WHERE m.community = c.community AND m.member = c.author)`,
		"administrator": `SELECT count(*) FROM community c WHERE NOT EXISTS (SELECT 1 FROM community_member m WHERE m.community = c.id AND m.member = c.administrator AND m.role = 5)`,
		"histories":     `SELECT count(*) FROM community_comment c WHERE NOT EXISTS (SELECT 1 FROM community_commented h WHERE h.member = c.author AND h.thread = c.thread)`,
	} {
		if n := number(query); n != 0 {
			t.Errorf("%s: %d wrong", what, n)
		}
	}
	if n := number(`SELECT count(*) FROM community`); n != 10 {
		t.Errorf("%d communities of 200 members", n)
	}
}

func TestFillTwice(t *testing.T) {
	s, _ := fill(t, FillOptions{Members: 20, Seed: 1})
	if _, err := Fill(context.Background(), s, FillOptions{Members: 20, Seed: 1, Password: secret}); !errors.Is(err, core.ErrMailTaken) {
		t.Errorf("error %v, want ErrMailTaken", err)
	}
	if _, err := Fill(context.Background(), s, FillOptions{Members: 20, Seed: 2, Password: secret}); err != nil {
		t.Error(err)
	}
}

func TestFillRefuses(t *testing.T) {
	s := newServices(t, t.TempDir())
	for _, n := range []int{-1, 0, MaxMembers + 1} {
		if _, err := Fill(context.Background(), s, FillOptions{Members: n}); err == nil {
			t.Errorf("%d members: no error", n)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Fill(ctx, s, FillOptions{Members: 9000, Seed: 3, Password: secret, Progress: func(int) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFillWithPhotos(t *testing.T) {
	s, _ := fill(t, FillOptions{Members: 60, Seed: 1, Photos: true})
	ids, err := everybody(s, 60)
	if err != nil {
		t.Fatal(err)
	}
	portraits, pictures, hung := 0, 0, 0
	put, shownToFriends := map[core.ID]int{}, map[core.ID]int{} // of each album: friends who may see it, and whose list has it
	for _, id := range ids {
		x := tell(t, s, id)
		var friends []core.ID
		for _, f := range x.Friends {
			friends = append(friends, f.Member.ID)
		}
		keepsAlbums(t, s, &x, friends)
		shown := []core.Photo{x.Member.Photo}
		for _, a := range x.Albums {
			hung += len(a.Hung)
			put[a.ID] = len(friends)
			for _, p := range a.Hung {
				shown = append(shown, p.Photo)
			}
		}
		for _, a := range x.Put {
			shownToFriends[a.ID]++
		}
		for _, d := range x.Diaries {
			pictures += len(d.Photos)
			shown = append(shown, d.Photos...)
		}
		if x.Member.Photo.ID != 0 {
			portraits++
		}
		for _, p := range shown {
			if p.ID == 0 {
				continue
			}
			got, err := s.Photo(context.Background(), core.Viewer{Member: id}, p.Owner, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := s.PhotoBytes(context.Background(), got); err != nil || len(b) < 10_000 {
				t.Errorf("photo of %s: %d bytes, %v", x.Member.Name, len(b), err)
			}
		}
	}
	if portraits < 20 || portraits > 55 || pictures == 0 || hung < 60 {
		t.Errorf("%d portraits, %d pictures, %d photos in albums", portraits, pictures, hung)
	}
	if !maps.Equal(put, shownToFriends) {
		t.Errorf("albums have so many friends: %v\nand are in the lists of so many: %v", put, shownToFriends)
	}
}

// TestGraph: a power law (most have few friends, some have many), nobody is alone, nobody is their own friend.
func TestGraph(t *testing.T) {
	const n = 20_000
	g := befriend(7, n)
	var degrees []int
	for m := range n {
		f := g.friends(m)
		degrees = append(degrees, len(f))
		if !slices.IsSorted(f) || len(slices.Compact(slices.Clone(f))) != len(f) || slices.Contains(f, int32(m)) || len(f) == 0 {
			t.Fatalf("friends of %d: %v", m, f)
		}
	}
	slices.Sort(degrees)
	mean := float64(len(g.list)) / n
	if mean < 6 || mean > 11 || degrees[n/2] > 6 || degrees[n*99/100] < 30 || degrees[n-1] < 200 || degrees[n-1] > mostDegree {
		t.Errorf("mean %.1f, median %d, 99th %d, most %d", mean, degrees[n/2], degrees[n*99/100], degrees[n-1])
	}
}

func BenchmarkFill(b *testing.B) {
	const n = 20_000
	var made Filled
	for b.Loop() {
		var err error
		made, err = Fill(context.Background(), newServices(b, b.TempDir()), FillOptions{Members: n, Seed: 1, Password: secret})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "members/s")
	b.ReportMetric(float64(made.Friendships+made.Diaries+made.Comments)/n, "things/member")
}
