package letters

import (
	"context"

	"musubi/core"
	"musubi/core/report"
)

// ReportedMessage is a message that is reported: the reporter discloses their own copy, and nobody else can (SEC-121).
const ReportedMessage report.Kind = 5

// reportedMessage is the Look of a report.Row. The thing's owner is who wrote the message.
func (s *Service) reportedMessage(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	m, err := s.Message(ctx, viewer.Member, on.ID)
	if err != nil {
		return report.Copy{}, err
	}
	if m.Author() != on.Owner || viewer.Operator {
		return report.Copy{}, core.ErrNotFound
	}
	return report.Copy{Author: m.Author(), Title: m.Subject, Text: m.Body, At: m.At, Photos: m.Photos}, nil
}

// hideMessage takes the text of a message out of its receiver's sight; the copy of its author stays as it is.
func (s *Service) hideMessage(ctx context.Context, on report.Thing) (string, error) {
	return "", s.store.SetMessageHidden(ctx, on.Owner, on.ID, true)
}

func (s *Service) showMessage(ctx context.Context, on report.Thing, _ string) error {
	return s.store.SetMessageHidden(ctx, on.Owner, on.ID, false)
}
