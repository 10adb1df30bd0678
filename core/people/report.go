package people

import (
	"context"
	"strings"

	"musubi/core"
	"musubi/core/report"
)

// ReportedMember is a profile that is reported. Its thing is the member.
const ReportedMember report.Kind = 0

// reportedMember is the Look of a report.Row: the profile as far as the viewer sees it, a line each field.
func (s *Service) reportedMember(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	m, _, err := s.Member(ctx, viewer, on.Owner)
	if err != nil {
		return report.Copy{}, err
	}
	was := report.Copy{Author: m.ID, Title: m.Name}
	if m.Photo.ID != 0 {
		was.Photos = []core.Photo{m.Photo}
	}
	values, err := s.Profile(ctx, viewer, m.ID)
	var lines []string
	for _, v := range values {
		lines = append(lines, v.Key+": "+v.Value)
	}
	was.Text = strings.Join(lines, "\n")
	return was, err
}
