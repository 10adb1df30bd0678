package journal

import (
	"context"
	"errors"

	"musubi/core"
)

// A Preview is what a list with room shows of an entry beside its line.
type Preview struct {
	Author core.Member
	Body   string
	Photo  core.Photo // its first; zero: it has none
}

// Previews gives those of entries whose lines the viewer was shown, in their order. An entry that is gone meanwhile has an empty one.
func (s *Service) Previews(ctx context.Context, lines []DiaryLine) ([]Preview, error) {
	list := make([]Preview, len(lines))
	for i, l := range lines {
		d, err := s.store.Diary(ctx, l.Owner, l.ID)
		if errors.Is(err, core.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if list[i].Author, err = s.store.Member(ctx, l.Owner); err != nil {
			return nil, err
		}
		list[i].Body = d.Body
		if l.Photos == 0 {
			continue
		}
		photos, err := s.store.AttachedPhotos(ctx, core.Attached{Kind: DiaryPhoto, Owner: l.Owner, Thing: l.ID})
		if err != nil {
			return nil, err
		}
		if len(photos) > 0 {
			list[i].Photo = photos[0]
		}
	}
	return list, nil
}

// Neighbours gives the entries before and after one, of those that its viewer may see; 0: there is none.
func (s *Service) Neighbours(ctx context.Context, d Seen) (before, after core.ID, err error) {
	reach, _ := core.Reach(d.relation)
	return s.store.DiaryNeighbours(ctx, d.Owner, d.ID, reach)
}
