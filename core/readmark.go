package core

import "context"

// A ReadMark says how many comments an entry had when the member last opened it.
type ReadMark struct {
	Member, Owner, Diary ID
	Comments             int
}

// ReadStore keeps read marks.
type ReadStore interface {
	PutReadMarks(ctx context.Context, marks []ReadMark) error
	// ReadMarks gives the member's marks on entries with these IDs.
	ReadMarks(ctx context.Context, member ID, diaries []ID) ([]ReadMark, error)
}

type readKey struct{ member, owner, diary ID }

// MarkRead notes that a member has opened an entry and how many comments it had. A mark that is lost leaves the entry unread.
func (s *Services) MarkRead(member ID, d Diary) {
	s.reads.note(readKey{member, d.Owner, d.ID}, ReadMark{member, d.Owner, d.ID, d.Comments})
}

// FlushReads stores the marks that wait. Run does so every flushEvery.
func (s *Services) FlushReads(ctx context.Context) error {
	return s.reads.flush(func(some []ReadMark) error { return s.store.PutReadMarks(ctx, some) })
}

// markUnread sets Unread of the lines: entries the member never opened, or that have other comments since.
func (s *Services) markUnread(ctx context.Context, member ID, lines []DiaryLine) error {
	if len(lines) == 0 {
		return nil
	}
	ids := make([]ID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	marks, err := s.store.ReadMarks(ctx, member, ids)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		mark, known := s.reads.noted(readKey{member, l.Owner, l.ID})
		for _, m := range marks {
			if !known && m.Owner == l.Owner && m.Diary == l.ID {
				mark, known = m, true
			}
		}
		l.Unread = !known || mark.Comments != l.Comments
	}
	return nil
}
