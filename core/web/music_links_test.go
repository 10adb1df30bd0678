package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/music"
)

// A community is linked to artists by who looks after it, and both pages lead to the other; who may not read there does not learn
// of it.
func TestArtistsAndCommunities(t *testing.T) {
	w := newWorld(t)
	boss, reader, stranger := w.member("花子"), w.member("太郎"), w.member("次郎")
	id := w.commune(boss, "海の家の会", false)
	w.joins(id, reader)
	hears := func(artist string) core.ID {
		for _, m := range []core.Member{boss, reader} {
			w.must(first(w.core.Music.Submit(t.Context(), m.ID, []music.Play{{Artist: artist, Title: "曲", At: w.clock.Now()}})))
		}
		list, err := w.core.Music.TopArtists(t.Context(), core.Viewer{Member: boss.ID}, boss.ID, music.OfAll, 100)
		w.must(err)
		for _, top := range list {
			if top.Name == artist {
				return top.Artist
			}
		}
		t.Fatalf("nobody hears %s: %+v", artist, list)
		return 0
	}
	artist := hears("海の家")
	page, at := artistIDPath(artist), communityIDPath(id)
	form := func(button string) url.Values {
		return url.Values{"id": {artist.String()}, "community": {id.String()}, button: {"1"}}
	}
	for _, m := range []core.Member{reader, stranger} {
		if r := w.press(w.as(m), artistLinkPath, form("link")); r.status == 302 {
			t.Errorf("%s links a community of others", m.Name)
		}
	}
	b := w.as(boss)
	w.contains(b.get(page), `<option value="`+id.String()+`">海の家の会`)
	if r := w.press(b, artistLinkPath, form("link")); r.location != page {
		t.Fatalf("linking: %d %s", r.status, r.location)
	}
	for _, m := range []core.Member{boss, reader, stranger} {
		w.contains(w.as(m).get(page), `<a href="`+at+`">海の家の会</a>`)
		w.contains(w.as(m).get(at), `<a href="`+page+`">海の家</a>`)
	}
	w.must(w.core.Community.Edit(t.Context(), core.Viewer{Member: boss.ID}, id, community.NewCommunity{Name: "海の家の会", Description: "説明", Category: 111, MembersOnly: true}))
	if shows(w.as(stranger), page, at) || shows(w.as(stranger), at, page) {
		t.Error("who may not read the community sees what it is about")
	}
	w.contains(w.as(reader).get(page), at)
	for n := range music.MaxLinks {
		err := music.Links{Service: w.core.Music}.Link(t.Context(), core.Viewer{Member: boss.ID}, id, hears(fmt.Sprintf("楽団%d", n)))
		if (err != nil) != (n == music.MaxLinks-1) {
			t.Errorf("link %d: %v", n+2, err)
		}
	}
	w.press(b, artistLinkPath, form("unlink"))
	if r := b.get(page).body; strings.Contains(r, `<a href="`+at+`">`) {
		t.Error("after it was unlinked the artist still leads there")
	}
}

// drawnCovers knows a cover of every album.
type drawnCovers struct{}

func (drawnCovers) Cover(context.Context, string, string) ([]byte, error) { return drawing(7), nil }

// The page of an album has its cover once it was looked up; who may not see the album does not get it.
func TestAlbumCovers(t *testing.T) {
	w := newWorld(t)
	a, b, stranger := w.member("花子"), w.member("太郎"), w.member("次郎")
	for _, m := range []core.Member{a, b} {
		w.must(first(w.core.Music.Submit(t.Context(), m.ID, []music.Play{{Artist: "楽団", Title: "曲", Album: "青い盤", At: w.clock.Now()}})))
	}
	tops, err := w.core.Music.TopTracks(t.Context(), core.Viewer{Member: a.ID}, a.ID, music.OfAll, 1)
	w.must(err)
	id := tops[0].Track.AlbumID
	page, me := musicAlbumIDPath(id), w.as(a)
	if r := me.get(page); r.status != 200 || strings.Contains(r.body, musicCoverPath) {
		t.Fatalf("before: %d\n%s", r.status, r.body)
	}
	music.Covers{Service: w.core.Music}.Use(drawnCovers{})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		music.Covers{Service: w.core.Music}.Run(ctx, func(err error) { t.Error(err) })
		close(done)
	}()
	t.Cleanup(func() { stop(); <-done })
	for began := time.Now(); !strings.Contains(me.get(page).body, musicCoverPath); time.Sleep(time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatal("no cover")
		}
	}
	cover := musicCoverPath + "?id=" + id.String()
	w.contains(me.get(page), cover, `alt="青い盤"`)
	if r := w.as(stranger).get(cover); r.status != 200 || !strings.HasPrefix(string(r.header.ContentType()), "image/") {
		t.Errorf("the cover: %d %s", r.status, r.header.ContentType())
	}
	w.must(w.core.Music.SetVisibility(t.Context(), a.ID, core.Private))
	w.must(w.core.Music.SetVisibility(t.Context(), b.ID, core.Friends))
	if r := w.as(stranger).get(cover); r.status != 404 {
		t.Errorf("the cover of what one member hears, who tells friends: %d", r.status)
	}
}
