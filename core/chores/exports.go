package chores

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"musubi/core"
	"musubi/core/disk"
)

const (
	// exportWorkers is how many exports are made at the same time; the others wait.
	exportWorkers = 2
	// DefaultExportBytes is the room on the disk for all exports together when Config says nothing.
	DefaultExportBytes = 4 << 30
)

// exports makes exports and keeps their files below one directory: NAME.zip when finished.
type exports struct {
	dir  string // "": this process makes none
	room int64  // bytes for all files together
	more chan struct{}

	used atomic.Int64 // bytes of all files
	mu   sync.Mutex
	jobs map[core.ID]*job // by export
}

// job is an export that is being made.
type job struct {
	member      core.ID
	stop        context.CancelFunc
	done, total atomic.Int64 // rows and pictures
}

func (x *exports) wake() {
	select {
	case x.more <- struct{}{}:
	default: // they look again anyway
	}
}

func (x *exports) name(e Export) string { return e.Member.String() + "-" + e.ID.String() }

func (x *exports) path(e Export) string { return filepath.Join(x.dir, x.name(e)+".zip") }

func (x *exports) open(e Export) (*os.File, error) { return os.Open(x.path(e)) }

// delete removes the file of an export; one that is not there is no error.
func (x *exports) delete(e Export) error { return x.remove(x.path(e)) }

func (x *exports) remove(path string) error {
	info, err := os.Stat(path)
	if err == nil {
		err = os.Remove(path)
	}
	if err == nil {
		x.used.Add(-info.Size())
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return err
}

// percent is how much of an export is made, 0 while it waits.
func (x *exports) percent(id core.ID) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	j := x.jobs[id]
	if j == nil || j.total.Load() == 0 {
		return 0
	}
	return int(min(100*j.done.Load()/j.total.Load(), 99))
}

// begin takes an export for one worker; ok is false when another one has it.
func (x *exports) begin(ctx context.Context, e Export) (_ context.Context, j *job, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.jobs[e.ID] != nil {
		return nil, nil, false
	}
	ctx, stop := context.WithCancel(ctx)
	j = &job{member: e.Member, stop: stop}
	x.jobs[e.ID] = j
	return ctx, j, true
}

func (x *exports) end(e Export) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.jobs[e.ID].stop()
	delete(x.jobs, e.ID)
}

// stop ends the making of a member's export.
func (x *exports) stop(member core.ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, j := range x.jobs {
		if j.member == member {
			j.stop()
		}
	}
}

// youngFile is the age below which a file may belong to an export that was asked for since the list of exports was read.
const youngFile = time.Minute

// tidy deletes files that belong to none of the exports, and counts the bytes of the others.
func (x *exports) tidy(known []Export) error {
	list, err := os.ReadDir(x.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	keep := map[string]bool{}
	for _, e := range known {
		keep[x.name(e)+".zip"] = true
	}
	x.mu.Lock()
	busy := len(x.jobs) > 0
	x.mu.Unlock()
	var used int64
	for _, f := range list {
		info, infoErr := f.Info()
		if infoErr != nil {
			continue // gone meanwhile
		}
		if !keep[f.Name()] && !(busy && disk.Unfinished(f.Name())) && time.Since(info.ModTime()) > youngFile {
			err = errors.Join(err, os.Remove(filepath.Join(x.dir, f.Name())))
		} else {
			used += info.Size()
		}
	}
	x.used.Store(used)
	return err
}

// runExports makes the exports that are asked for until ctx ends. Those that the last process did not finish are begun anew.
func (s *Service) runExports(ctx context.Context, problem func(error)) {
	if s.exports.dir == "" {
		return
	}
	// What is unfinished now was begun by a process that was killed: nobody goes on with it.
	if err := errors.Join(disk.Sweep(s.exports.dir, time.Now()), s.sweepExports(ctx)); err != nil && ctx.Err() == nil {
		problem(err)
	}
	var workers sync.WaitGroup
	for range exportWorkers {
		s.exports.wake()
		workers.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case <-s.exports.more:
				}
				if err := s.makeExports(ctx); err != nil && ctx.Err() == nil {
					problem(err)
				}
			}
		})
	}
	workers.Wait()
}

// makeExports makes one after the other what waits.
func (s *Service) makeExports(ctx context.Context) (problems error) {
	for {
		list, err := s.store.Exports(ctx)
		if err != nil {
			return errors.Join(problems, err)
		}
		worked := false
		for _, e := range list {
			if e.State != ExportMaking || ctx.Err() != nil {
				continue
			}
			jobCtx, j, ok := s.exports.begin(ctx, e)
			if !ok {
				continue
			}
			s.exports.wake() // another worker may take the next one
			err := s.makeExport(jobCtx, e, j)
			s.exports.end(e)
			worked, problems = true, errors.Join(problems, err)
		}
		if !worked {
			return problems
		}
	}
}

// makeExport makes one export and stores what became of it: nothing when the process or the membership ends meanwhile.
func (s *Service) makeExport(ctx context.Context, e Export, j *job) error {
	bytes, err := s.writeExport(ctx, e, j)
	if ctx.Err() != nil {
		return s.exports.delete(e)
	}
	ready := e
	ready.State, ready.ReadyAt, ready.Bytes = ExportReady, s.Now(), bytes
	if err != nil {
		ready.State = ExportFailed
	}
	wanted := false
	stored := s.store.Atomic(ctx, func(ctx context.Context) error {
		now, err := s.store.Export(ctx, e.Member)
		if wanted = err == nil && now.ID == e.ID && now.State == ExportMaking; !wanted {
			return nil
		}
		return s.store.PutExport(ctx, ready)
	})
	if stored != nil || !wanted {
		stored = errors.Join(stored, s.exports.delete(e))
	}
	if errors.Is(err, ErrNoRoom) {
		err = nil // the member reads it
	}
	return errors.Join(err, stored)
}

// sweepExports deletes exports whose time is over, and files that belong to none; those whose file is lost are made again.
func (s *Service) sweepExports(ctx context.Context) error {
	if s.exports.dir == "" {
		return nil
	}
	list, err := s.store.Exports(ctx)
	if err != nil {
		return err
	}
	known := list[:0]
	for _, e := range list {
		if e.State == ExportReady && !s.Now().Before(e.Until()) {
			err = errors.Join(err, s.dropExport(ctx, e))
			continue
		}
		known = append(known, e)
		if _, lost := os.Stat(s.exports.path(e)); e.State == ExportReady && errors.Is(lost, fs.ErrNotExist) {
			e.State, e.ReadyAt, e.Bytes = ExportMaking, time.Time{}, 0 // its file is lost: it is made again
			err = errors.Join(err, s.store.PutExport(ctx, e))
			s.exports.wake()
		}
	}
	return errors.Join(err, s.exports.tidy(known))
}
