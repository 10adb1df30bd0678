package core

import (
	"context"
	"time"
)

// Limits of a diary entry.
const (
	MaxDiaryTitle  = 100   // characters
	MaxDiaryBody   = 10000 // characters
	MaxDiaryPhotos = 3
)

// A Diary is one entry.
type Diary struct {
	Owner        ID
	ID           ID
	OwnerName    string
	Title, Body  string
	Visibility   Visibility
	CommentsOpen bool
	Comments     int // counted when written, not when shown
	CreatedAt    time.Time
	Photos       []Photo
}

// A DiaryLine is one row of a list of entries.
type DiaryLine struct {
	Owner      ID
	ID         ID
	OwnerName  string
	Title      string
	Visibility Visibility
	Comments   int
	Photos     int
	CreatedAt  time.Time
	UpdatedAt  time.Time // of the newest comment, or of the entry
}

// NewDiary is what an entry is made of.
type NewDiary struct {
	Title, Body    string
	Visibility     Visibility
	CommentsClosed bool
	Photos         []ID      // of AddPhoto, in order
	At             time.Time // zero: now
}

// DiaryStore keeps diaries.
type DiaryStore interface {
	// InsertDiary stores the entry and puts it into the friends' newest of each friend, and into everyone's newest
	// when everyone may see it.
	InsertDiary(ctx context.Context, d Diary) error
	Diary(ctx context.Context, owner, id ID) (Diary, error)
	// DiaryLines lists a member's entries up to a visibility, newest first; the other lists are not filtered.
	DiaryLines(ctx context.Context, owner ID, reach Visibility, p Page) ([]DiaryLine, error)
	FriendsDiaryLines(ctx context.Context, member ID, p Page) ([]DiaryLine, error)
	EveryonesDiaryLines(ctx context.Context, p Page) ([]DiaryLine, error)
	// CommentedDiaryLines lists the entries of others that the member commented on, last changed first.
	CommentedDiaryLines(ctx context.Context, member ID, p Page) ([]DiaryLine, error)
}

// CheckDiary cleans a new entry in place and returns Invalid for fields that are wrong: what a preview needs.
func CheckDiary(n *NewDiary) error {
	var c check
	c.text("title", &n.Title, OneLine, true, MaxDiaryTitle)
	c.text("body", &n.Body, ManyLines, true, MaxDiaryBody)
	if n.Visibility > Private {
		c.fail("visibility", "field.choice", 0)
	}
	if len(n.Photos) > MaxDiaryPhotos {
		c.fail("photo", "field.photos", MaxDiaryPhotos)
	}
	return c.err()
}

// WriteDiary stores an entry of the owner and returns it. Photos that are not the owner's unused ones are ErrNotFound.
func (s *Services) WriteDiary(ctx context.Context, owner ID, n NewDiary) (Diary, error) {
	if err := CheckDiary(&n); err != nil {
		return Diary{}, err
	}
	d := Diary{Owner: owner, Title: n.Title, Body: n.Body, Visibility: n.Visibility, CommentsOpen: !n.CommentsClosed}
	d.ID, d.CreatedAt = s.stamp(n.At)
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.InsertDiary(ctx, d); err != nil {
			return err
		}
		return s.attach(ctx, owner, n.Photos, Attached{DiaryPhoto, owner, d.ID})
	})
	return d, err
}

// Diary gives one entry with its photos.
func (s *Services) Diary(ctx context.Context, viewer Viewer, owner, id ID) (Diary, Relation, error) {
	d, err := s.store.Diary(ctx, owner, id)
	if err != nil {
		return Diary{}, Blocked, err
	}
	r, err := s.require(ctx, viewer, owner, d.Visibility)
	if err != nil {
		return Diary{}, r, err
	}
	d.Photos, err = s.store.AttachedPhotos(ctx, Attached{DiaryPhoto, owner, id})
	return d, r, err
}

// Diaries lists the entries of a member that the viewer may see, newest first.
func (s *Services) Diaries(ctx context.Context, viewer Viewer, owner ID, p Page) (lines []DiaryLine, more bool, err error) {
	r, err := s.require(ctx, viewer, owner, Everyone)
	if err != nil {
		return nil, false, err
	}
	reach, _ := Reach(r)
	lines, err = s.store.DiaryLines(ctx, owner, reach, p)
	if err != nil {
		return nil, false, err
	}
	lines, more = cut(lines, p)
	return lines, more, nil
}

// FriendsDiaries lists the newest entries of the member's friends.
func (s *Services) FriendsDiaries(ctx context.Context, member ID, p Page) ([]DiaryLine, bool, error) {
	return s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.FriendsDiaryLines(ctx, member, p) })
}

// EveryonesDiaries lists the newest entries that every member may see.
func (s *Services) EveryonesDiaries(ctx context.Context, member ID, p Page) ([]DiaryLine, bool, error) {
	return s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.EveryonesDiaryLines(ctx, p) })
}

// CommentedDiaries lists the entries the member commented on, last changed first: 日記コメント記入履歴.
func (s *Services) CommentedDiaries(ctx context.Context, member ID, p Page) ([]DiaryLine, bool, error) {
	return s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.CommentedDiaryLines(ctx, member, p) })
}

// seenLines keeps of a list what the member may see now: a list is written when an entry is, and a block, an ended
// friendship or a changed visibility since then must show.
func (s *Services) seenLines(ctx context.Context, member ID, p Page, list func() ([]DiaryLine, error)) ([]DiaryLine, bool, error) {
	rows, err := list()
	if err != nil {
		return nil, false, err
	}
	rows, more := cut(rows, p)
	g := s.sight(Viewer{Member: member})
	lines := rows[:0]
	for _, l := range rows {
		if g.may(ctx, l.Owner, l.Visibility) {
			lines = append(lines, l)
		}
	}
	return lines, more, nil
}
