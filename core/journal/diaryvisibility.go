package journal

import (
	"context"
	"musubi/core"
)

// diaryBite is how many entries are shown or hidden in one transaction: other writes wait for some hundredths of a second.
const diaryBite = 20

// DiaryVisibilityStore changes who reads entries that were written before.
type DiaryVisibilityStore interface {
	// CountDiariesNot counts a member's entries with another visibility.
	CountDiariesNot(ctx context.Context, owner core.ID, v core.Visibility) (int, error)
	// ShowDiaries gives up to limit such entries, newest first, the visibility, and takes them into or out of the lists it
	// names. It returns how many.
	ShowDiaries(ctx context.Context, owner core.ID, v core.Visibility, limit int) (int, error)
}

// CountDiariesNot says how many of a member's entries ShowDiaries would change.
func (s *Service) CountDiariesNot(ctx context.Context, owner core.ID, v core.Visibility) (int, error) {
	return s.store.CountDiariesNot(ctx, owner, v)
}

// ShowDiaries gives all entries of a member one visibility, newest first, and returns how many had another. Each change
// works at once; after an error or a crash the rest is as it was, and asking again goes on from there.
func (s *Service) ShowDiaries(ctx context.Context, owner core.ID, v core.Visibility) (changed int, err error) {
	if v > core.Private {
		return 0, core.Invalid{{Field: "visibility", Key: "field.choice"}}
	}
	for {
		n, err := s.store.ShowDiaries(ctx, owner, v, diaryBite)
		changed += n
		if err != nil || n < diaryBite {
			return changed, err
		}
	}
}
