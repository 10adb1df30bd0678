package journal

import (
	"context"
	"musubi/core"
)

// A ReadMark says how many comments an entry had when the member last opened it.
type ReadMark struct {
	Member, Owner, Diary core.ID
	Comments             int
}

// ReadStore keeps read marks.
type ReadStore interface {
	PutReadMarks(ctx context.Context, marks []ReadMark) error
	// ReadMarks gives the member's marks on entries with these IDs.
	ReadMarks(ctx context.Context, member core.ID, diaries []core.ID) ([]ReadMark, error)
}

type readKey struct{ member, owner, diary core.ID }

// MarkRead notes that a member has opened an entry and how many comments it had. A mark that is lost leaves the entry unread.
func (s *Service) MarkRead(member core.ID, d Diary) {
	s.reads.Put(readKey{member, d.Owner, d.ID}, ReadMark{member, d.Owner, d.ID, d.Comments})
}

// FlushReads stores the marks that wait. Run does so every core.FlushEvery.
func (s *Service) FlushReads(ctx context.Context) error {
	return s.reads.Flush(func(some []ReadMark) error {
		return s.store.AtomicOf(ctx, core.Of(), func(ctx context.Context) error { return s.store.PutReadMarks(ctx, some) }) // a row for each, and nothing is decided
	})
}

// markUnread sets Unread of the lines: entries the member never opened, or that have other comments since.
func (s *Service) markUnread(ctx context.Context, member core.ID, lines []DiaryLine) error {
	if len(lines) == 0 {
		return nil
	}
	ids := make([]core.ID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	marks, err := s.store.ReadMarks(ctx, member, ids)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		mark, known := s.reads.Pending(readKey{member, l.Owner, l.ID})
		for _, m := range marks {
			if !known && m.Owner == l.Owner && m.Diary == l.ID {
				mark, known = m, true
			}
		}
		l.Unread = !known || mark.Comments != l.Comments
	}
	return nil
}
