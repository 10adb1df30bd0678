package operator

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/report"
)

// Take says that an operator looks at a report.
func (s *Service) Take(ctx context.Context, by Operator, id core.ID) error {
	return s.onReport(ctx, by, "take", id, "", func(ctx context.Context, _ report.Report) error { return s.report.Take(ctx, id, by.Name) })
}

// Ask begins the inquiry: the author has report.InquiryTime to answer.
func (s *Service) Ask(ctx context.Context, by Operator, id core.ID, question string) error {
	return s.onReport(ctx, by, "ask", id, question, func(ctx context.Context, r report.Report) error {
		if err := s.report.Ask(ctx, id, by.Name); err != nil || r.Was.Author == 0 {
			return err
		}
		_, err := s.report.Measure(ctx, report.Measure{Member: r.Was.Author, Kind: report.Asked, Reason: question, Report: id, By: by.Name, Title: r.Was.Called()})
		return err
	})
}

// Close answers a report without a measure.
func (s *Service) Close(ctx context.Context, by Operator, id core.ID, outcome, answer string) error {
	if outcome != report.NoAction && outcome != report.Other {
		return core.Invalid{{Field: "outcome", Key: "field.choice"}}
	}
	return s.onReport(ctx, by, "close", id, answer, func(ctx context.Context, _ report.Report) error {
		return s.report.Close(ctx, id, outcome, answer, by.Name)
	})
}

// Settle takes a measure that a report leads to, and answers the report with it.
func (s *Service) Settle(ctx context.Context, by Operator, id core.ID, kind report.MeasureKind, m report.Measure, answer string) error {
	if err := report.CheckReason(&m.Reason); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.report.Report(ctx, id)
		if err != nil {
			return err
		}
		if r.State == report.Closed {
			return report.ErrClosed
		}
		m.Member, m.On, m.Title, m.Report, m.By = r.Was.Author, r.On, r.Was.Called(), id, by.Name
		if m.Member == 0 {
			return core.ErrNotFound // of somebody without an account: it names no member
		}
		if err := s.carryOut(ctx, by, kind, m); err != nil {
			return err
		}
		return s.onReport(ctx, by, "close", id, answer, func(ctx context.Context, _ report.Report) error {
			return s.report.Close(ctx, id, kind.String(), answer, by.Name)
		})
	})
}

// carryOut does what the kind of a measure says.
func (s *Service) carryOut(ctx context.Context, by Operator, kind report.MeasureKind, m report.Measure) error {
	switch kind {
	case report.Warned:
		return s.Warn(ctx, by, m)
	case report.Stopped:
		return s.Stop(ctx, by, m)
	case report.Held:
		return s.Hold(ctx, by, m)
	}
	a := Act{By: by.Name, Kind: kind.String(), Member: m.Member, Object: m.On.String() + " " + m.Title, Reason: m.Reason, Before: "shown", After: kind.String()}
	return s.act(ctx, a, func(ctx context.Context) (err error) {
		if kind == report.Hidden {
			_, err = s.report.Hide(ctx, m)
		} else {
			_, err = s.report.Remove(ctx, m)
		}
		return err
	})
}

// onReport notes what becomes of a report.
func (s *Service) onReport(ctx context.Context, by Operator, kind string, id core.ID, reason string, do func(ctx context.Context, r report.Report) error) error {
	return s.acts(ctx, func(ctx context.Context) (Act, error) {
		before, err := s.report.Report(ctx, id)
		if err != nil {
			return Act{}, err
		}
		err = do(ctx, before)
		after, again := s.report.Report(ctx, id)
		a := Act{By: by.Name, Kind: kind, Member: before.Was.Author, Object: id.String() + " " + before.Was.Called(), Reason: reason,
			Before: stateNames[before.State], After: stateNames[after.State]}
		return a, errors.Join(err, again)
	})
}

// stateNames are the states of a report in acts.
var stateNames = [...]string{report.Open: "open", report.Taken: "taken", report.Inquiry: "inquiry", report.Closed: "closed"}
