package seed

import (
	"context"
	"sync"

	"musubi/core"
)

// album is the pictures that the members of a filled store share; the zero album is empty.
type album struct{ women, men, others, scenes []core.Photo }

// portrait picks a main photo; the zero photo from an empty album.
func (a *album) portrait(d *dice, female bool) core.Photo {
	list := a.men
	if female {
		list = a.women
	}
	if d.chance(35) {
		list = a.others
	}
	if len(list) == 0 {
		return core.Photo{}
	}
	return pick(d, list)
}

// paintAlbum paints six of each portrait and two of every other motif, on two cores in a few seconds.
func paintAlbum(ctx context.Context, s *core.Services, seed uint64) (a album, err error) {
	var wanted []job
	for k := range kinds {
		n := uint64(2)
		if k >= Woman {
			n = 6
		}
		for i := range n {
			wanted = append(wanted, job{k, mix(seed) + i})
		}
	}
	photos, err := develop(ctx, wanted, s.KeepPicture)
	if err != nil {
		return album{}, err
	}
	for i, j := range wanted {
		switch j.kind {
		case Woman:
			a.women = append(a.women, photos[i])
		case Man:
			a.men = append(a.men, photos[i])
		case CatFace, Flower:
			a.others = append(a.others, photos[i])
		default:
			a.scenes = append(a.scenes, photos[i])
		}
	}
	return a, nil
}

// job is a picture to paint.
type job struct {
	kind Kind
	seed uint64
}

// developers is how many pictures are painted at the same time; each takes 25 MB while it is wet.
const developers = 2

// develop paints pictures and hands each to keep; the results are in the order of jobs.
func develop(ctx context.Context, jobs []job, keep func(context.Context, []byte) (core.Photo, error)) ([]core.Photo, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	photos, next := make([]core.Photo, len(jobs)), make(chan int)
	var wait sync.WaitGroup
	for range developers {
		wait.Go(func() {
			for i := range next {
				p, err := keep(ctx, JPEG(jobs[i].seed, jobs[i].kind))
				if err != nil {
					cancel(err)
				}
				photos[i] = p
			}
		})
	}
	for i := range jobs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wait.Wait()
	return photos, context.Cause(ctx)
}
