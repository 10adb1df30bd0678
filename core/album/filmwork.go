package album

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"musubi/core"
)

// FilmConfig says how films are taken. Zero values mean the documented default.
type FilmConfig struct {
	Maker       FilmMaker     // nil: no films are taken
	UploadBytes int64         // of one film as it comes; default 50 MB
	Length      time.Duration // of one film; default five minutes. The Maker keeps to it
	MemberBytes int64         // kept of all films of a member; default 500 MB
	Workers     int           // films made at the same time; default 1
	Lease       time.Duration // a film that nobody works on is taken up after so long; default half a minute
}

func (c FilmConfig) orDefault() FilmConfig {
	c.UploadBytes, c.Length, c.MemberBytes = cmp.Or(c.UploadBytes, 50<<20), cmp.Or(c.Length, 5*time.Minute), cmp.Or(c.MemberBytes, 500<<20)
	c.Workers, c.Lease = cmp.Or(c.Workers, 1), cmp.Or(c.Lease, 30*time.Second)
	return c
}

// maxFilmTries is how often the making of a film begins. A process that was killed thrice over one film does not try again.
const maxFilmTries = 3

// A FilmJob is a film whose files a worker makes. The row of the film is the job: it says who works on it, and until when that is
// to be believed.
type FilmJob struct {
	Owner, Photo core.ID
	Source       string // blob
	Tries        int
	Have         []string // ways that are made
	Worker       core.ID  // who has it
}

// FilmWorkStore is films as jobs. A job that is gone, or that another worker has, is ErrNotFound.
type FilmWorkStore interface {
	// ClaimFilm gives the oldest film that waits, or whose worker has not been heard of, to a worker until a time.
	ClaimFilm(ctx context.Context, worker core.ID, now, until time.Time) (FilmJob, error)
	RenewFilm(ctx context.Context, j FilmJob, until time.Time) error
	// AddFilmWay stores the files of one way.
	AddFilmWay(ctx context.Context, j FilmJob, w FilmWay) error
	// EndFilm says what became of a film. What it was made of may go, and what is kept counts from now on.
	EndFilm(ctx context.Context, j FilmJob, state FilmState, reason string) error
}

// A FilmWork is what a FilmMaker is to do.
type FilmWork struct {
	Name string // of the job, for a directory: what an earlier try left there goes
	Film io.Reader
	Have []string // ways that need not be made
	// Keep stores the files of one way; they may go afterwards.
	Keep func(way, kind string, files []FilmFile) error
}

// A FilmFile is one file that was made.
type FilmFile struct {
	Path   string
	Length time.Duration
}

func (s *Service) wakeFilms() {
	select {
	case s.filmsWake <- struct{}{}:
	default: // they look again anyway
	}
}

// filmsLook is how often workers look for films that another process took, or left.
const filmsLook = 5 * time.Second

// RunFilms makes the files of films until ctx ends. It tells of problems that are no film's fault.
func (s *Service) RunFilms(ctx context.Context, problem func(error)) {
	if s.films.Maker == nil {
		return
	}
	var workers sync.WaitGroup
	for range s.films.Workers {
		workers.Go(func() { s.workOnFilms(ctx, problem) })
	}
	workers.Wait()
}

func (s *Service) workOnFilms(ctx context.Context, problem func(error)) {
	tick := time.NewTicker(filmsLook)
	defer tick.Stop()
	for ctx.Err() == nil {
		did, err := s.MakeFilm(ctx)
		if err != nil && ctx.Err() == nil {
			problem(err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-s.filmsWake:
		}
	}
}

// MakeFilm makes the files of one film, if one waits, and says whether there was one.
func (s *Service) MakeFilm(ctx context.Context) (bool, error) {
	now := s.Now()
	j, err := s.store.ClaimFilm(ctx, s.NextID(), now, now.Add(s.films.Lease))
	if errors.Is(err, core.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = s.makeFilm(ctx, j)
	var refusal *core.Error
	switch {
	case err == nil:
		err = s.store.EndFilm(ctx, j, FilmReady, "")
	case ctx.Err() != nil: // we end: whoever comes next may have it at once
		return true, s.store.RenewFilm(context.WithoutCancel(ctx), j, now)
	case errors.Is(err, core.ErrNotFound): // it is gone, or another worker has it
		return true, nil
	case errors.As(err, &refusal) && refusal.Code == core.Refused:
		err = s.store.EndFilm(ctx, j, FilmFailed, refusal.Key)
	case j.Tries >= maxFilmTries:
		err = errors.Join(err, s.store.EndFilm(ctx, j, FilmFailed, ErrFilmCostly.Key))
	}
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return true, err
}

// makeFilm does so as long as the film is there and ours.
func (s *Service) makeFilm(ctx context.Context, j FilmJob) error {
	if j.Tries > maxFilmTries {
		return ErrFilmCostly
	}
	source, _, err := s.Blobs.Open(ctx, j.Source)
	if errors.Is(err, core.ErrNotFound) {
		return ErrFilm // its file is lost
	}
	if err != nil {
		return err
	}
	defer source.Close()
	ctx, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	ended := make(chan struct{})
	defer close(ended)
	go s.renew(ctx, j, lost, ended)
	err = s.films.Maker.Make(ctx, FilmWork{Name: fmt.Sprintf("%s-%s", j.Owner, j.Photo), Film: source, Have: j.Have,
		Keep: func(way, kind string, files []FilmFile) error { return s.keepWay(ctx, j, way, kind, files) }})
	if cause := context.Cause(ctx); errors.Is(cause, core.ErrNotFound) {
		return cause
	}
	return err
}

// renew keeps a job while it is worked on, and ends the work when it is gone.
func (s *Service) renew(ctx context.Context, j FilmJob, lost context.CancelCauseFunc, ended chan struct{}) {
	tick := time.NewTicker(min(s.films.Lease/4, 2*time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.store.RenewFilm(ctx, j, s.Now().Add(s.films.Lease)); errors.Is(err, core.ErrNotFound) {
				lost(err)
			}
		}
	}
}

// keepWay stores the files of one way: first the blobs, then the rows, then the blobs once more, which may have been swept
// just then because nobody used the like until this moment.
func (s *Service) keepWay(ctx context.Context, j FilmJob, way, kind string, files []FilmFile) error {
	w := FilmWay{Name: way, Type: kind}
	for _, f := range files {
		p, err := s.keepFile(ctx, f)
		if err != nil {
			return err
		}
		w.Parts = append(w.Parts, p)
	}
	if err := s.store.AddFilmWay(ctx, j, w); err != nil {
		return err
	}
	for _, f := range files {
		if _, err := s.keepFile(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) keepFile(ctx context.Context, file FilmFile) (FilmPart, error) {
	f, err := os.Open(file.Path)
	if err != nil {
		return FilmPart{}, err
	}
	defer f.Close()
	hash, err := s.Blobs.PutFrom(ctx, f, s.spare(ctx))
	if err != nil {
		return FilmPart{}, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	return FilmPart{Hash: hash, Bytes: size, Length: file.Length}, err
}
