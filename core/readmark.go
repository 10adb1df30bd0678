package core

import (
	"context"
	"sync"
)

// maxPendingReads bounds the read marks that wait to be stored; the one that reaches it stores them all.
const maxPendingReads = 4096

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

// readMarks holds the marks of the last seconds: opening an entry must not wait for a disk. Those of a process that is
// killed are lost, and their entries look unread once more.
type readMarks struct {
	mu      sync.Mutex
	pending map[readKey]int
}

// MarkRead notes that a member has opened an entry and how many comments it had.
func (s *Services) MarkRead(ctx context.Context, member ID, d Diary) error {
	r := &s.reads
	r.mu.Lock()
	if r.pending == nil {
		r.pending = make(map[readKey]int)
	}
	r.pending[readKey{member, d.Owner, d.ID}] = d.Comments
	full := len(r.pending) >= maxPendingReads
	r.mu.Unlock()
	if full {
		return s.FlushReads(ctx)
	}
	return nil
}

// FlushReads stores the marks that wait. Run does so every few seconds.
func (s *Services) FlushReads(ctx context.Context) error {
	r := &s.reads
	r.mu.Lock()
	marks := make([]ReadMark, 0, len(r.pending))
	for k, n := range r.pending {
		marks = append(marks, ReadMark{k.member, k.owner, k.diary, n})
	}
	r.pending = nil
	r.mu.Unlock()
	return inBites(marks, func(some []ReadMark) error { return s.store.PutReadMarks(ctx, some) })
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
	s.reads.mu.Lock()
	defer s.reads.mu.Unlock()
	for i := range lines {
		l := &lines[i]
		seen, known := s.reads.pending[readKey{member, l.Owner, l.ID}]
		for _, m := range marks {
			if !known && m.Owner == l.Owner && m.Diary == l.ID {
				seen, known = m.Comments, true
			}
		}
		l.Unread = !known || seen != l.Comments
	}
	return nil
}
