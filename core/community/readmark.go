package community

import (
	"context"

	"musubi/core"
)

// A ReadMark says how many comments a thread had when the member last opened it.
type ReadMark struct {
	Member, Thread core.ID
	Comments       int
}

type readKey struct{ member, thread core.ID }

// MarkRead notes that a member has opened a thread.
func (s *Boards) MarkRead(member core.ID, t *Thread) {
	s.reads.Put(readKey{member, t.ID}, ReadMark{member, t.ID, t.Comments})
}

func (s *Boards) flushReads(ctx context.Context) error {
	return s.reads.Flush(func(some []ReadMark) error { return s.store.PutReadMarks(ctx, some) })
}

// markUnread sets Unread of the threads that the member never opened, or that have comments since.
func (s *Boards) markUnread(ctx context.Context, member core.ID, list []Thread) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]core.ID, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	marks, err := s.store.ReadMarks(ctx, member, ids)
	if err != nil {
		return err
	}
	stored := make(map[core.ID]ReadMark, len(marks))
	for _, m := range marks {
		stored[m.Thread] = m
	}
	for i := range list {
		t := &list[i]
		mark, known := s.reads.Pending(readKey{member, t.ID})
		if !known {
			mark, known = stored[t.ID]
		}
		t.Unread = !known || mark.Comments != t.Comments
	}
	return nil
}
