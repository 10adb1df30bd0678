package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	albums "musubi/core/album"
	"musubi/core/bring"
	"musubi/core/calendar"
	"musubi/core/digest"
	"musubi/core/elsewhere"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/music"
	"musubi/core/news"
	"musubi/core/premium"
	"musubi/core/report"
	"musubi/core/review"
)

// leaver is a member with something of every kind, each with a canary, and those who hold the other ends.
type leaver struct {
	*world
	member        core.Member
	friend, other core.Member
	entry         journal.Diary // of the friend, with a comment of the leaver
	album         albums.Album  // of the friend, with a comment of the leaver on its photo
	photo         []byte        // of the leaver's diary; as it is stored
	letterPhoto   core.Photo    // in a message that the friend has
	letter        letters.Message
	third         core.Member
	commons
	playlist music.Playlist // of the leaver, with a comment
	review   review.Review  // as well
}

// marks are words that stand in what the leaver wrote and nowhere else. Those of letters stay with the receivers.
const (
	leaverName = "立花カナリア"
	inLetter   = "手紙のことば"

	leaverMusic = "退会標本鼻歌"
)

func mark(n int) string { return fmt.Sprintf("退会標本%02d番", n) }

// newLeaver lets a member do everything that a member can do.
func newLeaver(t *testing.T, w *world) *leaver {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	l := &leaver{world: w}
	l.member, l.friend, l.other = w.memberWith(leaverName, mark(1)), w.member("友"), w.member("他")
	w.friends(l.member, l.friend)
	w.friends(l.friend, l.other)
	m, f, o := l.member.ID, l.friend.ID, l.other.ID
	must(w.store.People.SetProfile(ctx, m, []core.ProfileValue{{Key: "birthday", Value: "1979-03-09"}, {Key: "hobby", Value: mark(2)}}))

	p, err := w.core.AddPhoto(ctx, m, drawing(211), time.Time{})
	must(err)
	l.photo, err = w.core.PhotoBytes(ctx, p)
	must(err)
	must(w.store.Account.InsertPasskey(ctx, account.Passkey{Member: m, ID: 77, Credential: "c", Data: "{}", Name: "電話", MadeAt: w.clock.Now()}))
	must(w.core.Journal.AddCategory(ctx, m, mark(3)))
	own := w.diary(l.member, mark(4), core.Everyone, p.ID)
	w.diary(l.member, mark(5), core.Private)
	_, err = w.core.Talk.WriteComment(ctx, core.Viewer{Member: f}, journal.DiaryThread(m, own.ID), mark(6), time.Time{}) // under an entry that goes
	must(err)
	l.entry = w.diary(l.friend, "友の日記", core.Friends)
	_, err = w.core.Talk.WriteComment(ctx, core.Viewer{Member: m}, journal.DiaryThread(f, l.entry.ID), mark(7), time.Time{})
	must(err)
	_, err = w.core.Talk.WriteComment(ctx, core.Viewer{Member: f}, journal.DiaryThread(f, l.entry.ID), "残る返事", time.Time{})
	must(err)
	must(w.core.Talk.Like(ctx, core.Viewer{Member: m}, journal.DiaryThread(f, l.entry.ID), 0))
	must(w.core.Talk.Like(ctx, core.Viewer{Member: f}, journal.DiaryThread(m, own.ID), 0))

	album := w.hang(l.member, albums.NewAlbum{Title: mark(14), Note: mark(15)}, 2)
	_, err = w.core.Talk.WriteComment(ctx, core.Viewer{Member: f}, albums.AlbumThread(m, album.ID, 0), mark(16), time.Time{})
	must(err)
	source, err := w.core.Blobs.Put(ctx, []byte("film"))
	must(err)
	must(w.store.Films.InsertFilm(ctx, m, albums.NewFilm{Photo: w.shots(album)[0], Source: source, Bytes: 4, Length: time.Second, Tags: []string{mark(18)}}, w.clock.Now()))
	_, err = w.core.Album.MakeFilm(ctx)
	must(err)
	l.album = w.hang(l.friend, albums.NewAlbum{Title: "友のアルバム", Visibility: core.Friends}, 1)
	_, err = w.core.Talk.WriteComment(ctx, core.Viewer{Member: m}, albums.AlbumThread(f, l.album.ID, l.album.Cover.ID), mark(17), time.Time{})
	must(err)

	must(w.core.People.WriteEndorsement(ctx, m, f, "同僚", mark(8), time.Time{}))
	must(w.core.People.WriteEndorsement(ctx, f, m, "同僚", mark(9), time.Time{}))
	_, err = w.core.People.RequestFriend(ctx, m, o, mark(10))
	must(err)
	l.third = w.member("三")
	w.friends(l.member, l.third)
	must(w.core.People.IntroduceFriend(ctx, m, f, l.third.ID, mark(11)))
	must(w.core.People.AddBookmark(ctx, m, o))
	must(w.core.People.AddBookmark(ctx, o, m))
	foe := w.member("敵")
	must(w.core.People.Block(ctx, m, foe.ID))
	must(w.core.People.Block(ctx, w.member("避").ID, m))

	l.letterPhoto = l.stored(m, 212)
	l.letter, err = w.core.Letters.SendMessage(ctx, m, letters.NewMessage{To: f, Subject: inLetter, Body: inLetter, Photos: []core.ID{l.letterPhoto.ID}})
	must(err)
	_, err = w.core.Letters.SendMessage(ctx, f, letters.NewMessage{To: m, Subject: "返信", Body: "友の返信", Photos: []core.ID{l.stored(f, 213).ID}})
	must(err)
	_, err = w.core.Letters.SaveDraft(ctx, m, letters.NewMessage{To: f, Subject: mark(12), Body: mark(13)})
	must(err)
	_, err = w.core.Journal.SaveDraft(ctx, m, 0, journal.NewDiary{Title: mark(14), Body: mark(15)})
	must(err)

	must(w.core.People.SetRound(ctx, f, "1"))
	w.core.People.LeaveFootprint(m, f, w.clock.Now())
	w.core.People.LeaveFootprint(f, m, w.clock.Now())
	must(w.core.People.FlushVisits(ctx))
	w.core.Journal.MarkRead(m, l.entry)
	w.core.Journal.MarkRead(f, own)
	must(w.core.Journal.FlushReads(ctx))
	must(w.core.Digest.Choose(ctx, m, digest.Choice{Digest: news.Letters{PC: true}, Weekly: true, Birthdays: news.Letters{Handset: true}}))
	must(w.core.News.SetNewsLetters(ctx, m, map[news.Kind]news.Letters{journal.CommentNews: {PC: true}}))
	_, err = w.core.Calendar.Write(ctx, m, calendar.NewPlan{Title: mark(18), Note: mark(19), Day: 20070401})
	must(err)
	_, err = w.core.Elsewhere.MakeFeed(ctx, m, elsewhere.Notices, 0, true)
	must(err)
	must(w.store.Bring.PutImport(ctx, bring.Import{Member: m, ID: 77, State: bring.Brought, Name: "標本の読み込み", Title: "標本", At: w.core.Now(), EndedAt: w.core.Now(), Steps: 1, Done: 1, New: 1}))
	must(w.store.Bring.PutMark(ctx, bring.Mark{Member: m, Import: 77, Hash: "aa", Thing: 1}))
	_, err = w.core.Elsewhere.MakeKey(ctx, m, elsewhere.ReadNotices, "標本のプログラム")
	must(err)
	must(w.core.Elsewhere.SetShare(ctx, m, elsewhere.ShareTexts))
	_, err = w.core.Report.File(ctx, core.Viewer{Member: m}, diaryReport(l.entry), "other", mark(20))
	must(err)
	_, err = w.core.Report.Measure(ctx, report.Measure{Member: m, Reason: mark(21)})
	must(err)
	l.communal(t)
	must(w.core.Premium.Grant(ctx, premium.Entitlement{Member: m, Plan: premium.Premium, Until: w.clock.Now().Add(time.Hour), Source: premium.ByGift}))
	_, err = w.core.Premium.Reference(ctx, m)
	must(err)
	w.core.Figures.View(m, false, "")
	must(w.core.Figures.Flush(ctx, true))
	l.listens(m, f)
	l.judges(l.member, l.friend)
	b := w.as(l.member)
	w.invites(b, "guest@example.jp")
	return l
}

// listens lets the leaver, and the friend, do everything that there is to do with music.
func (l *leaver) listens(m, f core.ID) {
	l.t.Helper()
	ctx := context.Background()
	s := l.core.Music
	must := func(err error) {
		l.t.Helper()
		if err != nil {
			l.t.Fatal(err)
		}
	}
	_, err := s.MakeKey(ctx, m, leaverMusic)
	must(err)
	for _, who := range []core.ID{m, f} { // both: what one alone hears would not be found
		_, err = s.Submit(ctx, who, []music.Play{{Artist: "楽団", Title: "残る曲", Album: "残る盤", At: l.clock.Now()}})
		must(err)
	}
	_, err = s.NowPlaying(ctx, m, music.Play{Artist: leaverMusic, Title: leaverMusic})
	must(err)
	must(s.Love(ctx, m, "楽団", "残る曲", true))
	found, err := s.Find(ctx, "楽団")
	must(err)
	must(s.WriteFact(ctx, m, found.Artists[0].ID, 0, "残る説明", music.Rock))
	own, err := s.WritePlaylist(ctx, m, 0, music.NewPlaylist{Title: leaverMusic, Note: leaverMusic})
	must(err)
	found, err = s.Find(ctx, "残る曲 楽団")
	must(err)
	must(s.AddTrack(ctx, m, own.ID, found.Tracks[0].ID))
	_, err = l.core.Talk.WriteComment(ctx, core.Viewer{Member: f}, music.PlaylistThread(m, own.ID), leaverMusic, time.Time{})
	must(err)
	theirs, err := s.WritePlaylist(ctx, f, 0, music.NewPlaylist{Title: "友のリスト"})
	must(err)
	_, err = l.core.Talk.WriteComment(ctx, core.Viewer{Member: m}, music.PlaylistThread(f, theirs.ID), leaverMusic, time.Time{})
	must(err)
	l.playlist = own
}

// judges lets the leaver, and the friend, do everything that there is to do with reviews.
func (l *leaver) judges(m, f core.Member) {
	l.t.Helper()
	ctx := context.Background()
	l.review = l.reviews(m, "残る品", leaverMusic, core.Everyone, l.stored(m.ID, 91).ID)
	theirs := l.reviews(f, "友の品", "よい", core.Everyone)
	square := l.commune(f, "品評会", false)
	_, err := l.core.Community.Join(ctx, core.Viewer{Member: m.ID}, square, "")
	l.must(err)
	l.must(l.core.Review.Pin(ctx, core.Viewer{Member: m.ID}, square, l.review.ID))
	l.must(l.core.Review.Helpful(ctx, core.Viewer{Member: m.ID}, f.ID, theirs.ID, true))
	l.must(l.core.Review.Helpful(ctx, core.Viewer{Member: f.ID}, m.ID, l.review.ID, true))
	l.must(l.core.Review.Wish(ctx, m.ID, theirs.Product.ID))
	l.comment(m, review.Thread(f.ID, theirs.ID), leaverMusic)
	l.comment(f, review.Thread(m.ID, l.review.ID), leaverMusic)
}

// stored is an unattached photo of a member.
func (l *leaver) stored(owner core.ID, seed int) core.Photo {
	l.t.Helper()
	p, err := l.core.AddPhoto(context.Background(), owner, drawing(seed), time.Time{})
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// purge lets time pass and the chores run until nothing of those who left is there.
func (w *world) purge() {
	w.t.Helper()
	ctx := context.Background()
	for range 5 {
		w.clock.advance(time.Minute)
		if err := errors.Join(w.core.Chores.PurgeLeft(ctx), w.core.Search.UpdateSearch(ctx)); err != nil {
			w.t.Fatal(err)
		}
		if list, err := w.store.Chores.Leavings(ctx); err != nil || len(list) == 0 {
			if err != nil {
				w.t.Fatal(err)
			}
			return
		}
	}
	w.t.Fatal("something of those who left is still there")
}

// grep lists the files below the world's directory that hold a text, and the tables of a database that is no file.
func (w *world) grep(text []byte) (found []string) {
	w.t.Helper()
	if w.url != "" {
		found = w.tablesWith(string(text))
	}
	err := filepath.WalkDir(filepath.Dir(w.path), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		if err == nil && bytes.Contains(content, text) {
			found = append(found, filepath.Base(name))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// After a member has left and the purge is done, a grep of the database, its log and the pictures finds nothing of them
// but the letters that others have got.
func TestSEC115_SEC122_LeaveAndGrep(t *testing.T) {
	l := newLeaver(t, newWorld(t))
	b := l.as(l.member)
	for n := 1; n <= 25; n++ {
		if len(l.grep([]byte(mark(n)))) == 0 {
			t.Errorf("mark %d is nowhere before: the test says nothing", n)
		}
	}
	w := l.world
	w.contains(w.press(b, leavePath, url.Values{"password": {"not the password"}}), "password-error")
	w.contains(w.press(b, leavePath, url.Values{"password": {password}}), "退会しました")
	if b.cookies["musubi"] != "" {
		t.Error("the session's cookie is still there")
	}
	w.purge()

	for n := 1; n <= 25; n++ {
		if files := l.grep([]byte(leaverMusic)); len(files) > 0 {
			t.Errorf("what the leaver did with music is still in %v", files)
		}
		if files := l.grep([]byte(mark(n))); len(files) > 0 {
			t.Errorf("mark %d is still in %v", n, files)
		}
	}
	for name, text := range map[string]string{"mail address": mailOf(l.member), "invited address": "guest@example.jp"} {
		if files := l.grep([]byte(text)); len(files) > 0 {
			t.Errorf("the %s is still in %v", name, files)
		}
	}
	if l.grep(l.photo) != nil {
		t.Error("the picture of the diary is still there")
	}
	if kept, err := w.core.PhotoBytes(context.Background(), l.letterPhoto); err != nil || len(kept) == 0 {
		t.Errorf("the picture in a letter that the friend has is gone: %v", err)
	}
	w.nowhere(t, l.member.ID)
	if _, err := w.core.VerifyAudit(context.Background()); err != nil {
		t.Error(err)
	}
	l.othersGoOn(t)
}

// othersGoOn looks at what the others have now.
func (l *leaver) othersGoOn(t *testing.T) {
	ctx := context.Background()
	friend := l.as(l.friend)
	l.contains(friend.get("/messages"), leaverName, inLetter)
	page := friend.get(messageIDPath(l.letter.ID))
	l.contains(page, inLetter, leaverName, "/photo/"+l.letterPhoto.ID.String())
	if strings.Contains(page.body, memberPath(l.member.ID)) {
		t.Error("a letter links to the page of somebody who has left")
	}
	entry := friend.get(diaryPath(l.entry.Owner, l.entry.ID))
	l.contains(entry, "残る返事")
	l.communitiesGoOn(t)
	d, err := l.core.Journal.Diary(ctx, core.Viewer{Member: l.friend.ID}, l.entry.Owner, l.entry.ID)
	if err != nil || d.Comments != 1 {
		t.Errorf("the friend's entry counts %d comments, want 1 (%v)", d.Comments, err)
	}
	a, err := l.core.Album.Album(ctx, core.Viewer{Member: l.friend.ID}, l.friend.ID, l.album.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, err := l.core.Album.AlbumPhoto(ctx, a, l.album.Cover.ID)
	if err != nil || p.Comments != 0 || a.AllComments != 0 {
		t.Errorf("the friend's album counts %d and %d comments, want none (%v)", p.Comments, a.AllComments, err)
	}
	m, _, err := l.core.Member(ctx, core.Viewer{Member: l.friend.ID}, l.friend.ID)
	if err != nil || m.Friends != 1 {
		t.Errorf("the friend counts %d friends, want 1 (%v)", m.Friends, err)
	}
	book, err := l.core.People.FootprintBook(ctx, l.friend.ID)
	if err != nil || book.Reached != 0 || book.Total != 1 {
		t.Errorf("the friend's footprints: %+v, %v", book, err)
	}
	// The address is free: it can be invited and registered again.
	l.invites(l.as(l.friend), mailOf(l.member))
	if _, err := l.core.Account.CreateMember(ctx, account.NewMember{Name: "新", Mail: mailOf(l.member), PasswordHash: l.hash}); err != nil {
		t.Errorf("registering anew: %v", err)
	}
	// When the receiver deletes the letter, its picture goes too.
	for _, err := range []error{l.core.Letters.TrashMessage(ctx, l.friend.ID, l.letter.ID), l.core.Letters.EmptyTrash(ctx, l.friend.ID)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := l.store.Desk.Photo(ctx, l.member.ID, l.letterPhoto.ID); err != core.ErrNotFound {
		t.Errorf("the picture of a letter that nobody has any more: %v", err)
	}
}

// nowhere looks through every column of every table for a member's ID. Letters of others, their pictures and the audit log
// may have it.
func (w *world) nowhere(t *testing.T, member core.ID) {
	t.Helper()
	allowed := map[string]bool{"message.other": true, "photo.member": true, "photo.owner": true, "audit.member": true, "audit.object": true}
	if w.url != "" { // the indexes of other nodes have yet to forget the member
		allowed["search_note.member"], allowed["search_note.id"] = true, true
	}
	db := w.openDB()
	var found []string
	for _, column := range w.columns(db) {
		table, name, _ := strings.Cut(column, ".")
		if one(t, db, `SELECT count(*) FROM `+table+` WHERE CAST(`+name+` AS TEXT) = '`+member.String()+`'`) != "0" {
			found = append(found, column)
		}
	}
	for _, column := range found {
		if !allowed[column] {
			t.Errorf("%s still has the member's ID", column)
		}
	}
}

// Whoever has left is not there any more on any surface, for anybody, at once: before a row is purged.
func TestSEC112_SEC115_LeftMemberIsHiddenAtOnce(t *testing.T) {
	s := newScene(t)
	if err := s.core.Chores.Leave(context.Background(), s.owner.ID, password, "PC"); err != nil {
		t.Fatal(err)
	}
	for _, purged := range []bool{false, true} {
		if purged {
			s.purge()
		}
		cells := 0
		for _, surface := range surfaces {
			if purged && regexp.MustCompile("picture|album|photo").MatchString(surface.name) || surface.name == "picture at the owner's address" {
				continue // there is no row or no page any more to take an address from
			}
			for _, w := range watchers {
				for v := core.Everyone; v <= core.Private; v++ {
					want := strings.Contains(surface.name, "message") && w.name == "friend" && surface.only(w.name, v) && surface.name != "message in an answer" // nobody is there to be answered
					if got := surface.reach(s, s.browsers[w.name], v); got != want {
						t.Errorf("purged %v: %s, %s, visibility %d: reached %v, want %v", purged, surface.name, w.name, v, got, want)
					}
					cells++
				}
			}
		}
		t.Logf("%d cells", cells)
	}
	if r := s.browsers["owner"].get("/home"); r.status != 302 {
		t.Errorf("the session of one who left: %d", r.status)
	}
	if r := s.browser().post("/login", url.Values{"mail": {mailOf(s.owner)}, "password": {password}}); r.status == 302 {
		t.Error("one who left can log in")
	}
}
