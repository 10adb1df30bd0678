package seed

import (
	"bytes"
	"context"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/seed/paint"
)

// The film of the demo: its album, what is written beside it, and what it shows.
var (
	filmAlbum = album.NewAlbum{Title: "四季の小さな映画", Note: "絵に描いた一年を、そのまま動く絵にしてみました🎥", Visibility: core.Everyone}
	filmTags  = []string{"四季 桜 花火 もみじ 雪"}
	filmScene = []paint.Kind{paint.Sakura, paint.Fireworks, paint.Maple, paint.Snow}
)

const filmCaption = "春・夏・秋・冬"

// Screen puts a short film up, once: make makes it of painted pictures, as somebody would at home. Where no films are taken there
// is none.
func (c *Community) Screen(ctx context.Context, make func(ctx context.Context, pictures [][]byte) ([]byte, error)) error {
	const nonce = "demo film"
	if len(c.ids) == 0 || !c.s.Album.TakesFilms() {
		return nil
	}
	if done, err := c.done(ctx, nonce); done || err != nil {
		return err
	}
	var pictures [][]byte
	for i, kind := range filmScene {
		pictures = append(pictures, paint.JPEG(uint64(i), kind))
	}
	film, err := make(ctx, pictures)
	if err != nil {
		return err
	}
	return c.screen(ctx, nonce, film)
}

func (c *Community) screen(ctx context.Context, nonce string, film []byte) error {
	owner, at := c.ids[c.cast[1].Key], c.now.Add(-3*time.Hour)
	n := filmAlbum
	n.At = at.Add(-time.Minute)
	if err := c.s.Album.PrepareAlbum(ctx, &n); err != nil {
		return err
	}
	made, err := c.s.Once(ctx, nobody, nonce+" album", func(ctx context.Context) (string, error) { // empty, if we end before the film is there
		a, err := c.s.Album.WriteAlbum(ctx, owner, n)
		return a.ID.String(), err
	})
	if err != nil {
		return err
	}
	id, _ := core.ParseID(made)
	f, err := c.s.Album.TakeFilm(ctx, owner, id, bytes.NewReader(film), album.NewFilm{Caption: filmCaption, Tags: filmTags})
	if err != nil {
		return err
	}
	_, err = c.s.Once(ctx, nobody, nonce, func(ctx context.Context) (string, error) {
		return made, c.s.Album.HangFilm(ctx, owner, id, f, at)
	})
	return err
}
