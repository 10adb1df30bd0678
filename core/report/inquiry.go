package report

import (
	"context"
	"time"

	"musubi/core"
)

// An inquiry (照会) asks the author of a reported thing what they say to it, before it is decided: who knows of an infringement and has
// asked and heard nothing for InquiryTime may take the thing down without answering for it.

// ErrNotAsked: the member is not asked about this report, or has answered.
var ErrNotAsked = &core.Error{Code: core.Conflict, Key: "error.notasked"}

// Inquiries lists the reports about which a member is asked and has not answered, oldest first.
func (s *Service) Inquiries(ctx context.Context, member core.ID) ([]Report, error) {
	return s.store.InquiriesTo(ctx, member)
}

// Reply keeps what the author says to a report about which they are asked; Invalid for no words.
func (s *Service) Reply(ctx context.Context, member, id core.ID, words string) error {
	var c core.Check
	if c.Text("words", &words, core.ManyLines, true, MaxWords); c.Err() != nil {
		return c.Err()
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.store.Report(ctx, id)
		switch {
		case err != nil:
			return err
		case r.Was.Author != member:
			return core.ErrNotFound
		case r.State != Inquiry || !r.RepliedAt.IsZero():
			return ErrNotAsked
		}
		r.Reply, r.RepliedAt = words, s.Now()
		return s.store.UpdateReport(ctx, r)
	})
}

// Overdue says whether the author of a report was asked, has not answered, and their time is over.
func (r *Report) Overdue(now time.Time) bool {
	return r.State == Inquiry && r.RepliedAt.IsZero() && !now.Before(r.Due())
}
