package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"musubi/carriers"
	"musubi/core"
	"musubi/core/album"
	"musubi/transcode/video"
)

// maxLooks is how many films that came are looked at at the same time; lookWait how long one more waits.
const (
	maxLooks = 2
	lookWait = 10 * time.Second
)

// filmMaker makes the files of films with the video stage.
type filmMaker struct {
	tools *video.Tools
	dir   string // a directory for each film lies in it
	looks chan struct{}
	log   *slog.Logger
}

// filmConfig finds the programs that films need; without them none are taken, and everything else works.
func (o *coreOptions) filmConfig() (album.FilmConfig, error) {
	if o.FilmMB < 0 {
		return album.FilmConfig{}, badUsage("--film-mb %d: expected a number of megabytes", o.FilmMB)
	}
	c := album.FilmConfig{UploadBytes: int64(cmp.Or(o.FilmMB, defaultFilmMB)) << 20, Length: time.Duration(o.FilmMinutes) * time.Minute,
		MemberBytes: int64(o.FilmsMB) << 20, Workers: max(1, runtime.NumCPU()/2)}
	if !o.serves {
		return c, nil
	}
	tools, err := video.Find(video.Limits{SourceBytes: c.UploadBytes, Duration: c.Length})
	if err != nil {
		o.log.Info("films are not taken", "why", err.Error())
		return c, nil
	}
	m := &filmMaker{tools: tools, dir: filepath.Join(o.Data, "films"), looks: make(chan struct{}, maxLooks), log: o.log}
	video.EndOrphans(m.dir)
	if err := os.RemoveAll(m.dir); err != nil { // what a killed process left
		return c, err
	}
	o.log.Info("films are made", "jail", string(tools.Jail), "amr", tools.AMR)
	if less := tools.Less(); less != "" {
		o.log.Warn("films are made without the sandbox", "what", less)
	}
	c.Maker = m
	return c, nil
}

// defaultFilmMB is the most that a film may have as it comes.
const defaultFilmMB = 50

// Look implements album.FilmMaker.
func (m *filmMaker) Look(ctx context.Context, film io.Reader) (album.SeenFilm, error) {
	wait := time.NewTimer(lookWait)
	defer wait.Stop()
	select {
	case m.looks <- struct{}{}:
		defer func() { <-m.looks }()
	case <-wait.C:
		return album.SeenFilm{}, core.ErrBusy
	}
	i, picture, err := m.tools.Look(ctx, filepath.Join(m.dir, "look-"+rand.Text()), film)
	return album.SeenFilm{Length: i.Duration, Picture: picture}, filmRefusal(err)
}

// filmRefusal is what members are told of a film's fault.
func filmRefusal(err error) error {
	var fault video.Refusal
	if !errors.As(err, &fault) {
		return err
	}
	switch fault {
	case video.TooLarge:
		return album.ErrFilmLarge
	case video.TooLong:
		return album.ErrFilmLong
	case video.TooBig, video.TooFast, video.TooCostly:
		return album.ErrFilmCostly
	}
	return album.ErrFilm
}

// Make implements album.FilmMaker. What browsers play has to be made; a way for handsets in which this film cannot be made is
// left out.
func (m *filmMaker) Make(ctx context.Context, w album.FilmWork) error {
	j, err := m.tools.Open(ctx, filepath.Join(m.dir, w.Name), w.Film)
	if err != nil {
		return filmRefusal(err)
	}
	defer j.Close()
	have := map[string]bool{}
	for _, way := range w.Have {
		have[way] = true
	}
	whole := map[string][]video.Part{} // films that are one file in a profile: larger rows of it have the same
	for _, way := range carriers.Films {
		if have[way.Name] {
			continue
		}
		p, ok := video.For(way)
		if !ok {
			return fmt.Errorf("no profile makes %s", way.Name)
		}
		parts := whole[p.Name]
		if parts == nil {
			if parts, err = j.Render(ctx, p); err != nil {
				if ctx.Err() != nil || way.Name == album.FilmShown {
					return filmRefusal(err)
				}
				m.log.Warn("a film is not made for some handsets", "film", w.Name, "way", way.Name, "error", err.Error())
				continue
			}
		}
		if len(parts) == 1 {
			whole[p.Name] = parts
		}
		if err := w.Keep(way.Name, way.Type, filmFiles(parts, j.Info.Duration > 0)); err != nil {
			return err
		}
	}
	return nil
}

// filmFiles are the parts as core has them; how long they are is known when the film said how long it is.
func filmFiles(parts []video.Part, timed bool) (files []album.FilmFile) {
	for _, p := range parts {
		f := album.FilmFile{Path: p.Path, Length: p.Length}
		if !timed {
			f.Length = 0
		}
		files = append(files, f)
	}
	return files
}

// sampleFilm makes a film of pictures, for the demo.
func (r *coreRoom) sampleFilm(ctx context.Context, pictures [][]byte) ([]byte, error) {
	return r.films.tools.Sample(ctx, filepath.Join(r.films.dir, "sample-"+rand.Text()), pictures)
}

// mostUpload is the largest form with files that comes in: one with pictures, or with one film.
func (c *serving) mostUpload() int { return max(maxUpload, cmp.Or(c.FilmMB, defaultFilmMB)<<20+1<<20) }
