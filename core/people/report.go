package people

import (
	"context"
	"encoding/json"
	"errors"
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
		f, _ := FindProfileField(v.Key)
		lines = append(lines, v.Key+": "+f.Told(v.Value))
	}
	was.Text = strings.Join(lines, "\n")
	return was, err
}

// A shownProfile is what a profile that an operator hides gets back: who saw which field, and the photo that stood for the member.
type shownProfile struct {
	Fields map[string]core.Visibility
	Photo  core.ID
}

// hideProfile makes all fields and photos of a profile its owner's alone; what they write meanwhile stays so (Shown). The name
// stays: it stands under what they wrote.
func (s *Service) hideProfile(ctx context.Context, on report.Thing) (was string, err error) {
	m, err := s.store.Member(ctx, on.Owner)
	if err != nil {
		return "", err
	}
	values, err := s.store.Profile(ctx, m.ID)
	if err != nil {
		return "", err
	}
	kept := shownProfile{map[string]core.Visibility{}, m.Photo.ID}
	for i := range values {
		kept.Fields[values[i].Key], values[i].Visibility = values[i].Visibility, core.Private
	}
	text, err := json.Marshal(kept)
	return string(text), errors.Join(err, putProfile(ctx, s, m.ID, values, 0))
}

func (s *Service) showProfile(ctx context.Context, on report.Thing, was string) error {
	var kept shownProfile
	if err := json.Unmarshal([]byte(was), &kept); err != nil {
		return err
	}
	m, err := s.store.Member(ctx, on.Owner)
	if err != nil || m.Status == core.Withdrawn {
		return errors.Join(err, core.ErrNotFound)
	}
	values, err := s.store.Profile(ctx, m.ID)
	if err != nil {
		return err
	}
	for i := range values {
		if v, ok := kept.Fields[values[i].Key]; ok {
			values[i].Visibility = v
		} else if f, ok := FindProfileField(values[i].Key); ok {
			values[i].Visibility = f.Default
		}
	}
	if _, err := s.profilePhoto(ctx, m.ID, kept.Photo); errors.Is(err, core.ErrNotFound) {
		kept.Photo = 0 // its owner has deleted it
	} else if err != nil {
		return err
	}
	return putProfile(ctx, s, m.ID, values, kept.Photo)
}

func putProfile(ctx context.Context, s *Service, member core.ID, values []core.ProfileValue, photo core.ID) error {
	return errors.Join(s.store.SetProfile(ctx, member, values), s.store.SetMemberPhoto(ctx, member, photo), s.search.Reindex(ctx, SearchMembers, member, member))
}

// shown is the visibility of a member's profile and its photos: Everyone, or Private when an operator hides it.
func (s *Service) shown(ctx context.Context, member core.ID) (core.Visibility, error) {
	return s.Shown(ctx, uint8(ReportedMember), member, 0, core.Everyone)
}
