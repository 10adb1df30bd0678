package chores

import (
	"context"
	"errors"
	"io"
	"musubi/core"
	"time"
)

// ExportAge is how long an export can be fetched (SEC-122).
const ExportAge = 24 * time.Hour

// An ExportState says how far an export is.
type ExportState uint8

// States.
const (
	ExportMaking ExportState = iota // asked for; it waits its turn or is being made
	ExportReady                     //
	ExportFailed                    // there was no room, or something broke: it can be asked for again
)

// An Export is everything that belongs to a member, in one ZIP.
type Export struct {
	Member   core.ID
	ID       core.ID
	State    ExportState
	AskedAt  time.Time
	ReadyAt  time.Time
	Bytes    int64
	Language string // of the page that leads through it, "ja" or "en"
	Percent  int    // while it is made
}

// Until is when a finished export is thrown away.
func (e Export) Until() time.Time { return e.ReadyAt.Add(ExportAge) }

// ExportStore gives what belongs to a member, and knows which exports there are.
type ExportStore interface {
	// Nouns lists what members have, in the order of Belongings.
	Nouns() []Noun
	// CountBelongings counts the rows that Belongings gives.
	CountBelongings(ctx context.Context, member core.ID) (int, error)
	// Belongings calls each with every row of a noun that belongs to a member. It reads in batches, so that no reading is held
	// open while a slow disk writes, and ends with the first error. The row is each's only during the call.
	Belongings(ctx context.Context, member core.ID, noun string, each func(row []core.Field) error) error

	// PutExport stores an export in the place of the member's last one.
	PutExport(ctx context.Context, e Export) error
	// Export finds a member's export, or ErrNotFound.
	Export(ctx context.Context, member core.ID) (Export, error)
	Exports(ctx context.Context) ([]Export, error)
	// DeleteExport forgets it, if it is still the one with this ID.
	DeleteExport(ctx context.Context, member, id core.ID) error
}

// Refusals around exports.
var (
	ErrExporting = &core.Error{Code: core.Conflict, Key: "error.exporting"} // one is being made
	ErrNoExport  = &core.Error{Code: core.NotFound, Key: "error.noexport"}  // fetched, expired or never made
	// ErrNoRoom is an export for which there is no room on the disk now.
	ErrNoRoom = &core.Error{Code: core.Full, Key: "error.exportroom"}
)

// AskExport begins an export of the member after their password (SEC-23). It is made in the background, beside few others;
// the last one is thrown away. ErrExporting while one is being made.
func (s *Service) AskExport(ctx context.Context, member core.ID, password, language, client string) error {
	if s.exports.dir == "" {
		return core.ErrNotFound
	}
	if err := s.account.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	now := s.Now()
	e := Export{Member: member, ID: s.NextID(), State: ExportMaking, AskedAt: now, Language: language}
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		old, err := s.store.Export(ctx, member)
		if err == nil && old.State == ExportMaking {
			return ErrExporting
		}
		if err != nil && !errors.Is(err, core.ErrNotFound) {
			return err
		}
		return errors.Join(s.store.PutExport(ctx, e), s.Audit(ctx, "export", member, client, ""))
	})
	if err != nil {
		return err
	}
	s.exports.wake()
	return nil
}

// Export tells how far the member's export is; ErrNoExport when there is none.
func (s *Service) Export(ctx context.Context, member core.ID) (Export, error) {
	e, err := s.store.Export(ctx, member)
	if errors.Is(err, core.ErrNotFound) || err == nil && e.State == ExportReady && !s.Now().Before(e.Until()) {
		return Export{}, ErrNoExport
	}
	e.Percent = s.exports.percent(e.ID)
	return e, err
}

// FetchExport opens the member's export after their password (SEC-23). Once it has been read to the end it is thrown away: it
// can be fetched once, and a transfer that broke can be begun again (SEC-122). The caller closes it.
func (s *Service) FetchExport(ctx context.Context, member core.ID, password, client string) (Export, io.ReadCloser, error) {
	if err := s.account.CheckPassword(ctx, member, password); err != nil {
		return Export{}, nil, err
	}
	e, err := s.Export(ctx, member)
	if err != nil {
		return Export{}, nil, err
	}
	if e.State != ExportReady {
		return Export{}, nil, ErrNoExport
	}
	f, err := s.exports.open(e)
	if err != nil {
		return Export{}, nil, ErrNoExport
	}
	if err := s.Audit(ctx, "exportfetch", member, client, ""); err != nil {
		return Export{}, nil, errors.Join(err, f.Close())
	}
	return e, &fetching{f: f, left: e.Bytes, whole: func() error { return s.dropExport(context.Background(), e) }}, nil
}

// fetching is an export on its way to the member.
type fetching struct {
	f     io.ReadCloser
	left  int64
	whole func() error
}

func (r *fetching) Read(b []byte) (int, error) {
	n, err := r.f.Read(b)
	r.left -= int64(n)
	return n, err
}

// Close throws the export away when all of it was read.
func (r *fetching) Close() error {
	err := r.f.Close()
	if r.left > 0 {
		return err
	}
	return errors.Join(err, r.whole())
}

// dropExport forgets an export and deletes its file.
func (s *Service) dropExport(ctx context.Context, e Export) error {
	return errors.Join(s.store.DeleteExport(ctx, e.Member, e.ID), s.exports.delete(e))
}
