package chores

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/account"
	"sync"
	"time"
)

// How long things are kept that nobody will ask for.
const (
	onceAge       = 24 * time.Hour // of sent forms; tokens live for twelve hours
	unattachedAge = 24 * time.Hour // of pictures whose entry was never sent
)

// SweepStore throws away in bounded batches.
type SweepStore interface {
	// DeleteStale removes sessions unseen since or made before the given times, links, wanted addresses and tries that ended before now, and
	// unattached photos made before a time.
	DeleteStale(ctx context.Context, now, unseen, made, unattached time.Time) error
}

// Sweep throws away what has expired, messages among it when they are not kept for ever, and suspends members who have
// been without friends for too long.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Now()
	_, err := s.sweepBlobs(ctx, now.Add(-time.Minute))
	err = errors.Join(err,
		s.store.DeleteOnceBefore(ctx, now.Add(-onceAge)),
		s.outbox.SweepLetters(ctx, now),
		s.news.SweepNews(ctx, now), s.SweepTasks(ctx, now),
		s.store.DeleteStale(ctx, now, now.Add(-account.SessionIdle), now.Add(-account.SessionAbsolute), now.Add(-unattachedAge)),
		s.sweepExports(ctx), s.letters.SweepMessages(ctx, now), s.elsewhere.Sweep(ctx, now), s.community.Sweep(ctx), s.mailpost.Sweep(ctx, now), s.SweepAudit(ctx), s.report.Sweep(ctx), s.operator.Sweep(ctx), s.removeDue(ctx), s.policy.Sweep(ctx), s.advert.Sweep(ctx), s.premium.Sweep(ctx), s.figures.Close(ctx), s.bring.Sweep(ctx), s.push.Sweep(ctx), s.account.HoldAlone(ctx, now))
	return err
}

// blobBite is how many pictures sweepBlobs deletes at most.
const blobBite = 1000

// sweepBlobs deletes pictures that nobody uses since before t, and returns how many.
func (s *Service) sweepBlobs(ctx context.Context, t time.Time) (int, error) {
	unused, err := s.store.UnusedBlobs(ctx, t, blobBite)
	for _, hash := range unused {
		err = errors.Join(err, s.Blobs.Delete(ctx, hash), s.store.ForgetBlob(ctx, hash))
	}
	return len(unused), err
}

// flush stores what pages have noted without waiting for it.
func (s *Service) flush(ctx context.Context, ended bool) error {
	return errors.Join(s.journal.FlushReads(ctx), s.community.Flush(ctx), s.people.FlushVisits(ctx), s.news.FlushLooks(ctx), s.account.FlushTouches(ctx), s.FlushTasks(ctx), s.figures.Flush(ctx, ended), s.advert.Flush(ctx, ended), s.FlushRefusals(ctx, ended))
}

// runFlush stores what pages have noted, a little all the time, and the rest when ctx ends.
func (s *Service) runFlush(ctx context.Context, problem func(error)) {
	tick := time.NewTicker(core.FlushEvery)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-ctx.Done():
			ended = true
		case <-tick.C:
		}
		if err := s.flush(context.WithoutCancel(ctx), ended); err != nil {
			problem(err)
		}
	}
}

// chartsEvery is how soon a chart is kept that has closed.
const chartsEvery = time.Minute

// runCharts keeps the charts of music that nothing moves any more.
func (s *Service) runCharts(ctx context.Context, problem func(error)) {
	tick := time.NewTicker(chartsEvery)
	defer tick.Stop()
	for {
		if err := s.music.Sweep(ctx); err != nil && ctx.Err() == nil {
			problem(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RunHere stores read marks, visits and looks until ctx ends: what every serving process runs beside its handler.
func (s *Service) RunHere(ctx context.Context, problem func(error)) { s.runFlush(ctx, problem) }

// Run sends mail, keeps charts, sweeps, deletes what is left of members who left, and makes exports until ctx
// ends: what one of the processes on a database runs beside its handler. problem is told of errors.
func (s *Service) Run(ctx context.Context, problem func(error)) {
	mail, sweep := time.NewTicker(5*time.Second), time.NewTicker(time.Hour)
	defer mail.Stop()
	defer sweep.Stop()
	var others sync.WaitGroup // what may take long
	defer others.Wait()
	others.Go(func() { s.runPurges(ctx, problem) })
	others.Go(func() { s.runExports(ctx, problem) })
	others.Go(func() { s.bring.Run(ctx, problem) })
	others.Go(func() { s.push.Run(ctx, problem) })
	others.Go(func() { s.runCharts(ctx, problem) })
	if err := s.Sweep(ctx); err != nil && ctx.Err() == nil { // an hour is long for a process that is often started anew
		problem(err)
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-mail.C:
			err = errors.Join(s.community.Settle(ctx), s.community.SendLetters(ctx), s.digest.Send(ctx), s.Announce(ctx))
			_, unsent := s.outbox.SendMail(ctx)
			err = errors.Join(err, unsent)
		case <-sweep.C:
			err = s.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			problem(err)
		}
	}
}
