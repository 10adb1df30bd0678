package core

import (
	"context"
	"errors"
	"slices"
	"time"
)

// SearchDiaries finds entries.
const SearchDiaries SearchKind = 1

// OnDiary are threads under an entry of a diary.
const OnDiary ThreadKind = 0

// ErrCommentsClosed: the owner of an entry wants no comments there.
var ErrCommentsClosed = &Error{Refused, "error.commentsclosed"}

// DiaryThread is under an entry.
func DiaryThread(owner, diary ID) Thread { return Thread{Kind: OnDiary, Owner: owner, Thing: diary} }

// DiaryPhoto hangs on an entry: seen by whoever sees it.
const DiaryPhoto Attachment = 1

func (s *Services) diaryGate(ctx context.Context, viewer Viewer, p Photo, to Attached) (Photo, error) {
	_, err := s.openDiary(ctx, viewer, to.Owner, to.Thing)
	return p, err
}

// openDiary gives an entry that the viewer may see, comments and pictures with it; ErrNotFound for every other one.
func (s *Services) openDiary(ctx context.Context, viewer Viewer, owner, id ID) (Diary, error) {
	d, err := s.store.Diary(ctx, owner, id)
	if err != nil {
		return Diary{}, err
	}
	_, err = s.require(ctx, viewer, d.Owner, d.Visibility)
	return d, err
}

// CommentNews is news: Actor commented on the member's entry Thing.
const CommentNews NewsKind = 2

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
	Category     ID  // of the owner's DiaryCategories; 0: none
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
	Unread     bool      // in lists of several members' entries: never opened, or commented on since
}

// A DiaryFilter narrows a member's list of entries. Zero fields narrow nothing.
type DiaryFilter struct {
	Category ID
	From, To time.Time // of writing; To is not included
}

// NewDiary is what an entry is made of.
type NewDiary struct {
	Title, Body    string
	Visibility     Visibility
	CommentsClosed bool
	Category       ID
	Photos         []ID      // of AddPhoto, in order
	At             time.Time // zero: now
}

// DiaryStore keeps diaries.
type DiaryStore interface {
	// BookmarkedDiaryLines lists the last entries of each member whom the member has bookmarked, newest first, without private ones.
	BookmarkedDiaryLines(ctx context.Context, member ID, p Page) ([]DiaryLine, error)
	// InsertDiary stores the entry and puts it into the friends' newest of each friend, and into everyone's newest
	// when everyone may see it.
	InsertDiary(ctx context.Context, d Diary) error
	Diary(ctx context.Context, owner, id ID) (Diary, error)
	// UpdateDiary replaces what the owner can change, and takes the entry into or out of the lists its visibility names.
	UpdateDiary(ctx context.Context, d Diary) error
	// DeleteDiary removes the entry, its comments, and its rows in everybody's lists.
	DeleteDiary(ctx context.Context, owner, id ID) error
	// DiaryLines lists a member's entries with IDs in [from, to) up to a visibility, newest first; category 0 is all. The
	// other lists are not filtered.
	DiaryLines(ctx context.Context, owner ID, reach Visibility, category, from, to ID, p Page) ([]DiaryLine, error)
	FriendsDiaryLines(ctx context.Context, member ID, p Page) ([]DiaryLine, error)
	EveryonesDiaryLines(ctx context.Context, p Page) ([]DiaryLine, error)
	// CommentedDiaryLines lists the entries of others that the member commented on, last changed first, give or take the
	// minute of InsertComment.
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

// ownCategory is Invalid when the entry names a category that is not the owner's.
func (s *Services) ownCategory(ctx context.Context, owner, category ID) error {
	if category == 0 {
		return nil
	}
	list, err := s.store.DiaryCategories(ctx, owner)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.ID == category {
			return nil
		}
	}
	return Invalid{{"category", "field.choice", 0}}
}

// WriteDiary stores an entry of the owner and returns it. Photos that are not the owner's unused ones are ErrNotFound.
func (s *Services) WriteDiary(ctx context.Context, owner ID, n NewDiary) (Diary, error) {
	if err := CheckDiary(&n); err != nil {
		return Diary{}, err
	}
	d := Diary{Owner: owner, Title: n.Title, Body: n.Body, Visibility: n.Visibility, CommentsOpen: !n.CommentsClosed, Category: n.Category}
	d.ID, d.CreatedAt = s.stamp(n.At)
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.ownCategory(ctx, owner, d.Category); err != nil {
			return err
		}
		if err := errors.Join(s.store.InsertDiary(ctx, d), s.reindex(ctx, SearchDiaries, owner, d.ID)); err != nil {
			return err
		}
		return s.attach(ctx, owner, n.Photos, Attached{DiaryPhoto, owner, d.ID})
	})
	return d, err
}

// EditDiary replaces an entry of the owner. n.Photos are those that stay, and unused ones that come; the others go.
func (s *Services) EditDiary(ctx context.Context, owner, id ID, n NewDiary) error {
	if err := CheckDiary(&n); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		d, err := s.store.Diary(ctx, owner, id)
		if err != nil {
			return err
		}
		if err := s.ownCategory(ctx, owner, n.Category); err != nil {
			return err
		}
		d.Title, d.Body, d.Visibility, d.CommentsOpen, d.Category = n.Title, n.Body, n.Visibility, !n.CommentsClosed, n.Category
		if err := errors.Join(s.store.UpdateDiary(ctx, d), s.reindex(ctx, SearchDiaries, owner, id)); err != nil {
			return err
		}
		return s.reattach(ctx, owner, n.Photos, Attached{DiaryPhoto, owner, id})
	})
}

// DeleteDiary removes an entry of the owner with its comments and photos.
func (s *Services) DeleteDiary(ctx context.Context, owner, id ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.reattach(ctx, owner, nil, Attached{DiaryPhoto, owner, id}); err != nil {
			return err
		}
		return errors.Join(s.store.DeleteDiary(ctx, owner, id), s.dropNews(ctx, owner, CommentNews, 0, id),
			s.reindex(ctx, SearchDiaries, owner, id))
	})
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
func (s *Services) Diaries(ctx context.Context, viewer Viewer, owner ID, f DiaryFilter, p Page) (lines []DiaryLine, more bool, err error) {
	r, err := s.require(ctx, viewer, owner, Everyone)
	if err != nil {
		return nil, false, err
	}
	reach, _ := Reach(r)
	from, to := idsWithin(f.From, f.To)
	lines, err = s.store.DiaryLines(ctx, owner, reach, f.Category, from, to, p)
	if err != nil {
		return nil, false, err
	}
	lines, more = cut(lines, p)
	if r == Self {
		err = s.markUnread(ctx, owner, lines)
	}
	return lines, more, err
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
	lines, more, err := s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.CommentedDiaryLines(ctx, member, p) })
	slices.SortStableFunc(lines, func(a, b DiaryLine) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return lines, more, err
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
	return lines, more, s.markUnread(ctx, member, lines)
}

// diaryTopic is the Topic of a ThreadRow.
func (s *Services) diaryTopic(ctx context.Context, viewer Viewer, on Thread) (Topic, error) {
	d, err := s.openDiary(ctx, viewer, on.Owner, on.Thing)
	if err != nil {
		return Topic{}, err
	}
	return Topic{d.Title, d.CommentsOpen, d.Comments}, nil
}

// diaryTitle is the Title of a NewsRow.
func (s *Services) diaryTitle(ctx context.Context, n News) (string, error) {
	d, err := s.store.Diary(ctx, n.Member, n.Thing)
	return d.Title, err
}

// bookmarkedScan is how many entries of bookmarked members are looked at for those that the member may see.
const bookmarkedScan = 100

// BookmarkedDiaries lists up to size of the newest entries of bookmarked members, those that the member may see: a
// bookmark opens nothing.
func (s *Services) BookmarkedDiaries(ctx context.Context, member ID, size int) ([]DiaryLine, error) {
	p := Page{Size: bookmarkedScan}
	lines, _, err := s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.BookmarkedDiaryLines(ctx, member, p) })
	return lines[:min(size, len(lines))], err
}
