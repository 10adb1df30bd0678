package report

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// What operators do with reports. Who asks is core/operator's to know; nothing of this is a member's.

// ErrClosed: the report was answered already.
var ErrClosed = &core.Error{Code: core.Conflict, Key: "error.reportclosed"}

// Waiting counts the reports that are not closed, and says how old the oldest is.
func (s *Service) Waiting(ctx context.Context) (n int, age time.Duration, err error) {
	n, oldest, err := s.store.CountOpen(ctx, 0)
	if n > 0 {
		age = s.Now().Sub(oldest)
	}
	return n, age, err
}

// Queue lists the reports that wait, oldest first, or those that are closed, newest first.
func (s *Service) Queue(ctx context.Context, closed bool, p core.Page) ([]Report, bool, error) {
	return cut(p, func() ([]Report, error) { return s.store.Reports(ctx, closed, p) })
}

// About lists what was reported of an author, newest first; By what a member has reported.
func (s *Service) About(ctx context.Context, author core.ID, p core.Page) ([]Report, bool, error) {
	return cut(p, func() ([]Report, error) { return s.store.ReportsAbout(ctx, author, p) })
}

func (s *Service) By(ctx context.Context, reporter core.ID, p core.Page) ([]Report, bool, error) {
	return cut(p, func() ([]Report, error) { return s.store.ReportsBy(ctx, reporter, p) })
}

func cut[T any](p core.Page, list func() ([]T, error)) ([]T, bool, error) {
	rows, err := list()
	if err != nil {
		return nil, false, err
	}
	rows, more := core.Cut(rows, p)
	return rows, more, nil
}

// Report gives one report with the thing as it was.
func (s *Service) Report(ctx context.Context, id core.ID) (Report, error) {
	return s.store.Report(ctx, id)
}

// Take says who looks at a report.
func (s *Service) Take(ctx context.Context, id core.ID, by string) error {
	return s.change(ctx, id, func(r *Report) { r.State, r.Taker = max(r.State, Taken), by })
}

// Ask makes a report wait for what its author says, for InquiryTime.
func (s *Service) Ask(ctx context.Context, id core.ID, by string) error {
	return s.change(ctx, id, func(r *Report) {
		r.State, r.Taker, r.Asked, r.Reply, r.RepliedAt = Inquiry, by, s.Now(), "", time.Time{}
	})
}

// Close answers a report: outcome is NoAction, Other, or the name of a Measure that was taken. The reporter is told.
func (s *Service) Close(ctx context.Context, id core.ID, outcome, answer, by string) error {
	var c core.Check
	if c.Text("answer", &answer, core.ManyLines, false, MaxWords); c.Err() != nil {
		return c.Err()
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.store.Report(ctx, id)
		if err != nil {
			return err
		}
		err = s.change(ctx, id, func(r *Report) {
			r.State, r.Taker, r.Outcome, r.Answer, r.ClosedAt = Closed, by, outcome, answer, s.Now()
		})
		if err != nil {
			return err
		}
		if r.Reason == FilterReason && outcome == NoAction { // it was only held until now
			held, err := s.store.HiddenMeasure(ctx, r.On)
			if err == nil && held.By == ByFilter {
				_, err = s.End(ctx, held.ID)
			}
			if err != nil && !errors.Is(err, core.ErrNotFound) {
				return err
			}
		}
		if r.Reporter == 0 {
			r.Outcome, r.Answer = outcome, answer
			return s.answerOutside(ctx, r)
		}
		return s.news.Tell(ctx, news.News{Member: r.Reporter, Kind: AnsweredNews, Thing: id, At: s.Now()}, r.Was.Called())
	})
}

// change stores what becomes of a report that is not closed.
func (s *Service) change(ctx context.Context, id core.ID, to func(r *Report)) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.store.Report(ctx, id)
		if err != nil {
			return err
		}
		if r.State == Closed {
			return ErrClosed
		}
		to(&r)
		return s.store.UpdateReport(ctx, r)
	})
}

// Sweep ends what has run out and forgets reports that were closed long ago.
func (s *Service) Sweep(ctx context.Context) error {
	return errors.Join(s.store.DeleteReportsBefore(ctx, s.Now().Add(-KeptFor)), s.store.DeleteMeasuresBefore(ctx, s.Now().Add(-KeptFor)))
}
