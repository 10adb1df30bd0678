package seed

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"musubi/core"
	"musubi/core/network"
	"musubi/core/seed/dice"
	"musubi/core/seed/paint"
)

// album is the pictures that the members of a filled store share; the zero album is empty.
type pictureBook struct{ women, men, others, scenes []core.Photo }

// portrait picks a main photo; the zero photo from an empty album.
func (a *pictureBook) portrait(d *dice.Dice, female bool) core.Photo {
	list := a.men
	if female {
		list = a.women
	}
	if d.Chance(35) {
		list = a.others
	}
	if len(list) == 0 {
		return core.Photo{}
	}
	return dice.Pick(d, list)
}

// files are the names of all that is stored of them.
func (a *pictureBook) files() (names []string) {
	for _, p := range slices.Concat(a.women, a.men, a.others, a.scenes) {
		for _, name := range []string{p.Hash, p.Wide.Hash, p.Original.Hash} {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// paintAlbum paints four of each portrait and one of every other motif, on two cores in a few seconds.
func paintAlbum(ctx context.Context, s *network.Services, seed uint64) (pictureBook, error) {
	type page struct {
		kind paint.Kind
		seed uint64
	}
	var pages []page
	for k := range paint.Kinds {
		n := uint64(1)
		if k >= paint.Woman {
			n = 4
		}
		for i := range n {
			pages = append(pages, page{k, dice.Mix(seed) + i})
		}
	}
	photos := make([]core.Photo, len(pages))
	err := paintAll(ctx, len(pages), func(ctx context.Context, i int) (err error) {
		upload := paint.JPEG(pages[i].seed, pages[i].kind)
		photos[i], err = patiently(ctx, func() (core.Photo, error) { return s.Chores.KeepPicture(ctx, upload) })
		return err
	})
	var a pictureBook
	for i, p := range pages {
		switch p.kind {
		case paint.Woman:
			a.women = append(a.women, photos[i])
		case paint.Man:
			a.men = append(a.men, photos[i])
		case paint.CatFace, paint.Flower:
			a.others = append(a.others, photos[i])
		default:
			a.scenes = append(a.scenes, photos[i])
		}
	}
	return a, err
}

// painters is how many pictures are painted at the same time; each takes some 25 MB while it is wet.
const painters = 2

// paintAll calls paint for 0…n-1 by several painters until all are done, one fails or ctx ends.
func paintAll(ctx context.Context, n int, paint func(ctx context.Context, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(painters)
	for i := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return paint(ctx, i)
		})
	}
	return g.Wait()
}

// busyPause is how long a picture waits when members' own uploads have taken all places of the image stage.
const busyPause = 200 * time.Millisecond

// patiently calls keep until the image stage is not busy.
func patiently(ctx context.Context, keep func() (core.Photo, error)) (core.Photo, error) {
	for {
		p, err := keep()
		if !errors.Is(err, core.ErrBusy) {
			return p, err
		}
		select {
		case <-time.After(busyPause):
		case <-ctx.Done():
			return core.Photo{}, ctx.Err()
		}
	}
}
