package journal

import (
	"context"

	"musubi/core"
)

// DefaultDiaryMB is the room for the photos of a member's entries where nobody has plans.
const DefaultDiaryMB = 2000

// ErrDiarySpace: the photos of a member's entries take up all the room that their plan has. What is there stays.
var ErrDiarySpace = &core.Error{Code: core.Full, Key: "error.diaryspace"}

// Room is what the photos of a member's entries take up.
type Room struct{ Bytes, Limit int64 }

// Room says how much of the room for photos of entries a member has used.
func (s *Service) Room(ctx context.Context, member core.ID) (r Room, err error) {
	mb, err := s.Limit(ctx, member, core.LimitDiaryMB, DefaultDiaryMB)
	if err != nil {
		return r, err
	}
	r.Limit = mb << 20
	r.Bytes, err = s.store.DiaryBytes(ctx, member)
	return r, err
}

// fits refuses an entry with photos when there is no room for them. An entry without photos always fits.
func (s *Service) fits(ctx context.Context, owner core.ID, n NewDiary) error {
	if len(n.Photos) == 0 {
		return nil
	}
	r, err := s.Room(ctx, owner)
	if err == nil && r.Bytes > r.Limit {
		err = ErrDiarySpace
	}
	return err
}
