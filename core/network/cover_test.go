package network_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/music"
)

// covers is a music.CoverSource that knows one album.
type covers struct {
	asked chan string
	away  bool
}

func (c *covers) Cover(_ context.Context, artist, title string) ([]byte, error) {
	c.asked <- artist + "/" + title
	switch {
	case c.away:
		return nil, errors.New("away")
	case title == "青い盤":
		return []byte("picture"), nil
	}
	return nil, nil
}

// Albums are asked for when somebody looks at one that two members hear, once; nobody is asked unless the operator says so.
func TestCoversOfAlbums(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("a"), w.member("b")
	hear := func(m core.ID, album string) {
		_, err := w.Music.Submit(t.Context(), m, []music.Play{{Artist: "楽団", Title: album + "の曲", Album: album, At: w.now}})
		w.must(err)
	}
	for _, album := range []string{"青い盤", "赤い盤"} {
		hear(a, album)
		hear(b, album)
	}
	hear(a, "一人の盤")
	ids := map[string]core.ID{}
	tops, err := w.Music.TopTracks(t.Context(), core.Viewer{Member: a}, a, music.OfAll, 10)
	w.must(err)
	for _, top := range tops {
		ids[top.Track.AlbumTitle] = top.Track.AlbumID
	}
	s := music.Covers{Service: w.Music}
	look := func(album string) music.Picture {
		of, _, err := w.Music.Album(t.Context(), core.Viewer{Member: a}, ids[album])
		w.must(err)
		p, err := s.CoverOf(t.Context(), &of)
		w.must(err)
		return p
	}
	s.Run(t.Context(), func(err error) { t.Error(err) }) // with nobody to ask it returns
	look("青い盤")

	source := &covers{asked: make(chan string, 10)}
	s.Use(source)
	ctx, stop := context.WithCancel(t.Context())
	problems, done := make(chan error, 10), make(chan struct{})
	go func() { s.Run(ctx, func(err error) { problems <- err }); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	for _, album := range []string{"一人の盤", "青い盤", "赤い盤"} {
		look(album)
	}
	for _, want := range []string{"楽団/青い盤", "楽団/赤い盤"} { // what one member hears is told to nobody
		if got := <-source.asked; got != want {
			t.Errorf("asked for %s, want %s", got, want)
		}
	}
	for began := time.Now(); look("青い盤").Hash == ""; time.Sleep(time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatal("no cover")
		}
	}
	if p, err := s.AlbumCover(t.Context(), core.Viewer{Member: b}, ids["青い盤"]); err != nil || p.Data == "" {
		t.Errorf("the cover: %+v, %v", p, err)
	}
	if _, err := s.AlbumCover(t.Context(), core.Viewer{Member: b}, ids["一人の盤"]); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("the cover of what another hears alone: %v", err)
	}
	look("赤い盤")
	source.away = true
	w.now = w.now.Add(31 * 24 * time.Hour)
	look("赤い盤")
	<-source.asked // only now again
	if err := <-problems; err == nil || len(source.asked) != 0 {
		t.Errorf("%v, and %d more were asked for", err, len(source.asked))
	}
}
