package web

import (
	"context"
	"errors"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/journal"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/review"
	"musubi/core/talk"
)

// place is something to comment on.
type place struct {
	name  string
	on    talk.Thread
	close func() error // the owner wants no comments there
}

// places are one of each kind of thread, and of its pieces, all of the owner's and titled 題.
func (w *world) places(owner core.Member) []place {
	w.t.Helper()
	d := w.diary(owner, "題", core.Friends)
	a := w.hang(owner, album.NewAlbum{Title: "題", Visibility: core.Friends}, 2)
	closeAlbum := func() error {
		return w.core.Album.EditAlbum(w.t.Context(), owner.ID, a.ID, album.NewAlbum{Title: "題", Visibility: core.Friends, CommentsClosed: true})
	}
	l, err := w.core.Music.WritePlaylist(w.t.Context(), owner.ID, 0, music.NewPlaylist{Title: "題", Visibility: core.Friends})
	if err != nil {
		w.t.Fatal(err)
	}
	r := w.reviews(owner, "題", "感想", core.Friends)
	all := []place{
		{"review", review.Thread(owner.ID, r.ID), func() error {
			return w.core.Review.Edit(w.t.Context(), owner.ID, r.ID, review.NewReview{Stars: 3, Body: "感想", Visibility: core.Friends, Closed: true})
		}},
		{"entry", journal.DiaryThread(owner.ID, d.ID), func() error {
			return w.core.Journal.EditDiary(w.t.Context(), owner.ID, d.ID, journal.NewDiary{Title: "題", Body: "本文", Visibility: core.Friends, CommentsClosed: true})
		}},
		{"album", album.AlbumThread(owner.ID, a.ID, 0), closeAlbum},
		{"photo", album.AlbumThread(owner.ID, a.ID, w.shots(a)[1]), closeAlbum},
		{"playlist", music.PlaylistThread(owner.ID, l.ID), func() error {
			_, err := w.core.Music.WritePlaylist(w.t.Context(), owner.ID, l.ID, music.NewPlaylist{Title: "題", Visibility: core.Friends, Closed: true})
			return err
		}},
	}
	kinds := map[talk.Kind]bool{}
	for _, p := range all {
		kinds[p.on.Kind] = true
	}
	if len(kinds) != len(network.ThreadKinds) || len(threads) != len(network.ThreadKinds) {
		w.t.Fatalf("%d kinds of threads are tried of %d", len(kinds), len(network.ThreadKinds))
	}
	return all
}

// form is a form of the thread as its page has it, filled in.
func (p place) form(field string, more ...string) url.Values {
	v := url.Values{"owner": {p.on.Owner.String()}, field: {p.on.Thing.String()}}
	if p.on.Piece != 0 {
		v.Set(threads[p.on.Kind].piece, p.on.Piece.String())
	}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func (p place) says(body, button string) url.Values {
	return p.form(threads[p.on.Kind].thing, "body", body, button, "1")
}

func (w *world) comment(by core.Member, on talk.Thread, body string) talk.Comment {
	w.t.Helper()
	c, err := w.core.Talk.WriteComment(context.Background(), core.Viewer{Member: by.ID}, on, body, time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// stored are the comments of a thread as the database has them.
func (w *world) stored(on talk.Thread) (bodies []string) {
	w.t.Helper()
	list, err := w.store.Talk.Comments(context.Background(), on, core.Page{Size: talk.MaxComments})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range list {
		bodies = append(bodies, c.Body)
	}
	return bodies
}

// Whatever comments stand under, the rules are the same.
func TestComments(t *testing.T) {
	w := newWorld(t)
	owner, friend, third := w.member("花子"), w.member("太郎"), w.member("次郎")
	w.friends(owner, friend)
	w.friends(owner, third)
	me, b, other := w.as(owner), w.as(friend), w.as(third)
	all := w.places(owner)
	for i, p := range all {
		t.Run(p.name, func(t *testing.T) {
			w.t = t
			kind, path := threads[p.on.Kind], threadPath(p.on)
			const words = "いい<b>ですね\n☀"
			const typed, shown = "いい&lt;b&gt;ですね\n☀</textarea>", "いい&lt;b&gt;ですね<br>☀"

			// What cannot be taken comes back with what was typed.
			w.contains(w.press(b, kind.write, p.says(" ", "send")), "入力してください")
			w.contains(w.press(b, kind.write, p.says(" ", "confirm")), "入力してください")
			long := strings.Repeat("長", talk.MaxComment+1)
			w.contains(w.press(b, kind.write, p.says(long, "send")), "2000文字以内", long+"</textarea>")
			w.contains(w.press(b, kind.write, p.says(words, "edit")), typed)
			if r := w.press(b, kind.write, p.says(words, "confirm")); strings.Contains(r.body, "<textarea") {
				t.Error("a preview has the form")
			} else {
				w.contains(r, "コメントの確認", shown, html.EscapeString(path)+`">題</a>`, "修正する")
			}
			if got := w.stored(p.on); got != nil {
				t.Fatalf("stored before it was sent: %q", got)
			}

			// Sent twice, stored once.
			send := p.says(words, "send")
			send.Set("k", tokenOn(t, b.get(path).body, kind.write))
			for range 2 {
				if r := b.post(kind.write, send); r.location != path+"#comments" {
					t.Fatalf("sent: %d to %q", r.status, r.location)
				}
			}
			w.contains(me.get(path), shown, "(1)", "太郎")
			if got := w.stored(p.on); len(got) != 1 {
				t.Fatalf("stored %q", got)
			}
			for j, q := range all {
				if got := w.stored(q.on); j > i && got != nil {
					t.Fatalf("%s has it too: %q", q.name, got)
				}
			}

			// An expired login loses neither the words nor the place.
			visitor := w.browser()
			kept := html.UnescapeString(hidden(visitor.post(kind.write, p.says(words, "send")).body, "kept"))
			again := visitor.post("/login", url.Values{"mail": {mailOf(friend)}, "password": {password}, "kept": {kept}})
			w.contains(again, typed)
			if p.on.Piece != 0 && hidden(again.body, kind.piece) != p.on.Piece.String() {
				t.Errorf("after the login it would stand elsewhere:\n%s", again.body)
			}

			// Its author deletes it, and the owner of the thing; nobody else, and not as a comment on something else.
			remove := func(b *browser, p place, c talk.Comment) int {
				kind := threads[p.on.Kind]
				return w.press(b, kind.remove, p.form(kind.of, "id", c.ID.String())).status
			}
			one, two := w.comment(friend, p.on, "一"), w.comment(friend, p.on, "二")
			elsewhere := all[(i+1)%len(all)]
			if s := [...]int{remove(other, p, one), remove(me, elsewhere, one), remove(b, p, one), remove(me, p, two), remove(me, p, two)}; s != [...]int{404, 404, 302, 302, 404} {
				t.Errorf("deleting by another, elsewhere, by the author, by the owner, once more: %d", s)
			}
			if page := other.get(path).body; strings.Contains(page, kind.remove) || !strings.Contains(b.get(path).body, kind.remove) {
				t.Error("the button is offered to others, or not to the author")
			}

			// A block hides what was said.
			if err := w.core.People.Block(t.Context(), third.ID, friend.ID); err != nil {
				t.Fatal(err)
			}
			if shows(other, path, shown) || !shows(me, path, shown) {
				t.Error("a blocked member's comment is shown, or the owner's page lacks it")
			}
			if err := w.core.People.Unblock(t.Context(), third.ID, friend.ID); err != nil {
				t.Fatal(err)
			}

			// It fills up to the limit and no further; its pages lead to each other.
			err := w.core.Bulk(t.Context(), func(ctx context.Context) error {
				for n := len(w.stored(p.on)); n < talk.MaxComments; n++ {
					if _, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: owner.ID}, p.on, "つづき", time.Time{}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			w.contains(w.press(b, kind.write, p.says(words, "send")), "コメントの数が上限", typed)
			if got := w.stored(p.on); len(got) != talk.MaxComments {
				t.Fatalf("%d comments", len(got))
			}
			first, last := path+"&"+kind.page+"=1", path+"&"+kind.page+"=20"
			w.contains(b.get(path), html.EscapeString(path+"&"+kind.page+"=19"), "前のコメント")
			w.contains(b.get(first), shown, "次のコメント")
			for _, far := range []string{last, path + "&" + kind.page + "=21", path + "&" + kind.page + "=99999999999999999"} {
				if n := strings.Count(b.get(far).body, "つづき"); n != commentRows {
					t.Errorf("%s shows %d comments", far, n)
				}
			}
		})
	}
	w.t = t

	// Closed by the owner; what was typed then is still there to copy.
	for _, p := range all {
		if err := p.close(); err != nil {
			t.Fatal(err)
		}
		w.contains(w.press(b, threads[p.on.Kind].write, p.says("間に<合わ>ず", "send")), "コメントを受け付けていません", "間に&lt;合わ&gt;ず")
		if shows(b, threadPath(p.on), `name="body"`) {
			t.Errorf("%s: a closed thread has a form", p.name)
		}
	}

	// A piece that is not there, or is of something else, takes none and shows no preview.
	elsewhere := w.hang(owner, album.NewAlbum{Title: "別", Visibility: core.Friends}, 1)
	for _, piece := range []core.ID{12345, w.shots(elsewhere)[0]} {
		p := place{on: album.AlbumThread(owner.ID, all[1].on.Thing, piece)}
		for _, button := range []string{"send", "confirm", "edit"} {
			if r := w.press(b, albumCommentPath, p.says("言葉", button)); r.status != 404 {
				t.Errorf("photo %d, %s: %d, want 404", piece, button, r.status)
			}
		}
	}
	if _, err := w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: friend.ID}, talk.Thread{Kind: journal.OnDiary, Owner: owner.ID, Thing: all[0].on.Thing, Piece: 7}, "言葉", time.Time{}); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("an entry has no pieces: %v", err)
	}
}
