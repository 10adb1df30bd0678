package journal

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/talk"
	"slices"
	"time"
)

// SearchDiaries finds entries.
const SearchDiaries search.Kind = 1

// OnDiary are threads under an entry of a diary.
const OnDiary talk.Kind = 0

// ErrCommentsClosed: the owner of an entry wants no comments there.
var ErrCommentsClosed = &core.Error{Code: core.Refused, Key: "error.commentsclosed"}

// DiaryThread is under an entry.
func DiaryThread(owner, diary core.ID) talk.Thread {
	return talk.Thread{Kind: OnDiary, Owner: owner, Thing: diary}
}

// DiaryPhoto hangs on an entry: seen by whoever sees it.
const DiaryPhoto core.Attachment = 1

func (s *Service) diaryGate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	_, err := s.openDiary(ctx, viewer, to.Owner, to.Thing)
	return p, err
}

// openDiary gives an entry that the viewer may see, comments and pictures with it; ErrNotFound for every other one.
func (s *Service) openDiary(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Diary, error) {
	d, err := s.store.Diary(ctx, owner, id)
	if err != nil {
		return Diary{}, err
	}
	_, err = s.Require(ctx, viewer, d.Owner, d.Visibility)
	return d, err
}

// CommentNews is news: Actor commented on the member's entry Thing.
const CommentNews news.Kind = 2

// MentionNews is news: a comment on Thing, an entry of Actor, names the member.
const MentionNews news.Kind = 23

// LikeNews is news: Actor likes the member's entry Thing.
const LikeNews news.Kind = 21

// Limits of a diary entry.
const (
	MaxDiaryTitle  = 100   // characters
	MaxDiaryBody   = 10000 // characters
	MaxDiaryPhotos = 10
)

// A Diary is one entry.
type Diary struct {
	Owner        core.ID
	ID           core.ID
	OwnerName    string
	Title, Body  string
	Visibility   core.Visibility
	CommentsOpen bool
	Category     core.ID // of the owner's DiaryCategories; 0: none
	Comments     int     // counted when written, not when shown
	CreatedAt    time.Time
	Photos       []core.Photo
}

// A DiaryLine is one row of a list of entries.
type DiaryLine struct {
	Owner      core.ID
	ID         core.ID
	OwnerName  string
	Title      string
	Visibility core.Visibility
	Comments   int
	Photos     int
	CreatedAt  time.Time
	UpdatedAt  time.Time // of the newest comment, or of the entry
	Unread     bool      // in lists of several members' entries: never opened, or commented on since
}

// A DiaryFilter narrows a member's list of entries. Zero fields narrow nothing.
type DiaryFilter struct {
	Category core.ID
	From, To time.Time // of writing; To is not included
}

// NewDiary is what an entry is made of.
type NewDiary struct {
	Title, Body    string
	Visibility     core.Visibility
	CommentsClosed bool
	Category       core.ID
	Photos         []core.ID // of AddPhoto, in order
	Captions       core.Captions
	At             time.Time // zero: now
}

// DiaryStore keeps diaries.
type DiaryStore interface {
	// BookmarkedDiaryLines lists the last entries of each member whom the member has bookmarked, newest first, without private ones.
	BookmarkedDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]DiaryLine, error)
	// DiaryBytes sums what the photos of a member's entries take up.
	DiaryBytes(ctx context.Context, member core.ID) (int64, error)
	// InsertDiary stores the entry and puts it into the friends' newest of each friend, and into everyone's newest
	// when everyone may see it.
	InsertDiary(ctx context.Context, d Diary) error
	Diary(ctx context.Context, owner, id core.ID) (Diary, error)
	// UpdateDiary replaces what the owner can change, and takes the entry into or out of the lists its visibility names.
	UpdateDiary(ctx context.Context, d Diary) error
	// DeleteDiary removes the entry, its comments, and its rows in everybody's lists.
	DeleteDiary(ctx context.Context, owner, id core.ID) error
	// DiaryLines lists a member's entries with IDs in [from, to) up to a visibility, newest first; category 0 is all. The
	// other lists are not filtered.
	DiaryLines(ctx context.Context, owner core.ID, reach core.Visibility, category, from, to core.ID, p core.Page) ([]DiaryLine, error)
	FriendsDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]DiaryLine, error)
	EveryonesDiaryLines(ctx context.Context, p core.Page) ([]DiaryLine, error)
	// CommentedDiaryLines lists the entries of others that the member commented on, last changed first, give or take the
	// minute of InsertComment.
	CommentedDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]DiaryLine, error)
	// DiaryNeighbours gives the entries of an owner before and after one, up to a visibility; 0: there is none.
	DiaryNeighbours(ctx context.Context, owner, id core.ID, reach core.Visibility) (before, after core.ID, err error)
}

// CheckDiary cleans a new entry in place and returns Invalid for fields that are wrong: what a preview needs.
func CheckDiary(n *NewDiary) error {
	var c core.Check
	c.Text("title", &n.Title, core.OneLine, true, MaxDiaryTitle)
	c.Text("body", &n.Body, core.ManyLines, true, MaxDiaryBody)
	if n.Visibility > core.Private {
		c.Fail("visibility", "field.choice", 0)
	}
	c.Captions(n.Captions)
	if len(n.Photos) > MaxDiaryPhotos {
		c.Fail("photo", "field.photos", MaxDiaryPhotos)
	}
	return c.Err()
}

// ownCategory is Invalid when the entry names a category that is not the owner's.
func (s *Service) ownCategory(ctx context.Context, owner, category core.ID) error {
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
	return core.Invalid{{Field: "category", Key: "field.choice", N: 0}}
}

// WriteDiary stores an entry of the owner and returns it. Photos that are not the owner's unused ones are ErrNotFound.
func (s *Service) WriteDiary(ctx context.Context, owner core.ID, n NewDiary) (Diary, error) {
	if err := CheckDiary(&n); err != nil {
		return Diary{}, err
	}
	d := Diary{Owner: owner, Title: n.Title, Body: n.Body, Visibility: n.Visibility, CommentsOpen: !n.CommentsClosed, Category: n.Category}
	d.ID, d.CreatedAt = s.Stamp(n.At)
	err := s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		if err := errors.Join(s.MayWrite(ctx, owner), s.ownCategory(ctx, owner, d.Category)); err != nil {
			return err
		}
		if err := errors.Join(s.store.InsertDiary(ctx, d), s.search.Reindex(ctx, SearchDiaries, owner, d.ID)); err != nil {
			return err
		}
		return errors.Join(s.ReattachSaid(ctx, owner, n.Photos, n.Captions, core.Attached{Kind: DiaryPhoto, Owner: owner, Thing: d.ID}), s.fits(ctx, owner, n), s.reviewDiary(ctx, d, n))
	})
	return d, err
}

// EditDiary replaces an entry of the owner. n.Photos are those that stay, and unused ones that come; the others go.
func (s *Service) EditDiary(ctx context.Context, owner, id core.ID, n NewDiary) error {
	if err := CheckDiary(&n); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		d, err := s.store.Diary(ctx, owner, id)
		if err != nil {
			return err
		}
		if err := errors.Join(s.MayWrite(ctx, owner), s.ownCategory(ctx, owner, n.Category)); err != nil {
			return err
		}
		if n.Visibility, err = s.Shown(ctx, uint8(ReportedDiary), owner, id, n.Visibility); err != nil {
			return err
		}
		d.Title, d.Body, d.Visibility, d.CommentsOpen, d.Category = n.Title, n.Body, n.Visibility, !n.CommentsClosed, n.Category
		if err := errors.Join(s.store.UpdateDiary(ctx, d), s.search.Reindex(ctx, SearchDiaries, owner, id)); err != nil {
			return err
		}
		return errors.Join(s.ReattachSaid(ctx, owner, n.Photos, n.Captions, core.Attached{Kind: DiaryPhoto, Owner: owner, Thing: id}), s.fits(ctx, owner, n), s.reviewDiary(ctx, d, n))
	})
}

// DeleteDiary removes an entry of the owner with its comments and photos.
func (s *Service) DeleteDiary(ctx context.Context, owner, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		return errors.Join(s.removeDiary(ctx, owner, id), s.AuditDelete(ctx, owner, "diary", id))
	})
}

// removeDiary removes an entry with its comments and photos, whoever wants it gone.
func (s *Service) removeDiary(ctx context.Context, owner, id core.ID) error {
	if err := s.Reattach(ctx, owner, nil, core.Attached{Kind: DiaryPhoto, Owner: owner, Thing: id}); err != nil {
		return err
	}
	return errors.Join(s.store.DeleteDiary(ctx, owner, id), s.news.DropNews(ctx, owner, CommentNews, 0, id), s.news.DropNews(ctx, owner, LikeNews, 0, id),
		s.search.Reindex(ctx, SearchDiaries, owner, id))
}

// Seen is an entry that the viewer may look at: who has one has asked, and its comments and neighbours ask not again.
type Seen struct {
	Diary
	viewer   core.Viewer
	relation core.Relation
}

// Talk is the thread under the entry.
func (d Seen) Talk() talk.Seen { return talk.Show(d.viewer, DiaryThread(d.Owner, d.ID), d.topic()) }

// topic is what comments under an entry are about.
func (d *Diary) topic() talk.Topic {
	return talk.Topic{Title: d.Title, Open: d.CommentsOpen, Comments: d.Comments}
}

// Diary gives one entry with its photos.
func (s *Service) Diary(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Seen, error) {
	d, err := s.store.Diary(ctx, owner, id)
	if err != nil {
		return Seen{}, err
	}
	r, err := s.Require(ctx, viewer, owner, d.Visibility)
	if err != nil {
		return Seen{}, err
	}
	d.Photos, err = s.store.AttachedPhotos(ctx, core.Attached{Kind: DiaryPhoto, Owner: owner, Thing: id})
	return Seen{d, viewer, r}, err
}

// Diaries lists the entries of a member that the viewer may see, newest first.
func (s *Service) Diaries(ctx context.Context, viewer core.Viewer, owner core.ID, f DiaryFilter, p core.Page) (lines []DiaryLine, more bool, err error) {
	r, err := s.Require(ctx, viewer, owner, core.Everyone)
	if err != nil {
		return nil, false, err
	}
	reach, _ := core.Reach(r)
	from, to := core.IdsWithin(f.From, f.To)
	lines, err = s.store.DiaryLines(ctx, owner, reach, f.Category, from, to, p)
	if err != nil {
		return nil, false, err
	}
	lines, more = core.Cut(lines, p)
	if r == core.Self {
		err = s.markUnread(ctx, owner, lines)
	}
	return lines, more, err
}

// FriendsDiaries lists the newest entries of the member's friends.
func (s *Service) FriendsDiaries(ctx context.Context, member core.ID, p core.Page) ([]DiaryLine, bool, error) {
	return s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.FriendsDiaryLines(ctx, member, p) })
}

// EveryonesDiaries lists the newest entries that every member may see.
func (s *Service) EveryonesDiaries(ctx context.Context, member core.ID, p core.Page) ([]DiaryLine, bool, error) {
	return s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.EveryonesDiaryLines(ctx, p) })
}

// CommentedDiaries lists the entries the member commented on, last changed first: 日記コメント記入履歴.
func (s *Service) CommentedDiaries(ctx context.Context, member core.ID, p core.Page) ([]DiaryLine, bool, error) {
	lines, more, err := s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.CommentedDiaryLines(ctx, member, p) })
	slices.SortStableFunc(lines, func(a, b DiaryLine) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return lines, more, err
}

// seenLines keeps of a list what the member may see now: a list is written when an entry is, and a block, an ended
// friendship or a changed visibility since then must show.
func (s *Service) seenLines(ctx context.Context, member core.ID, p core.Page, list func() ([]DiaryLine, error)) ([]DiaryLine, bool, error) {
	rows, err := list()
	if err != nil {
		return nil, false, err
	}
	rows, more := core.Cut(rows, p)
	g := s.Sight(core.Viewer{Member: member})
	lines := rows[:0]
	for _, l := range rows {
		if g.May(ctx, l.Owner, l.Visibility) {
			lines = append(lines, l)
		}
	}
	return lines, more, s.markUnread(ctx, member, lines)
}

// diaryTopic is the Topic of a talk.Row.
func (s *Service) diaryTopic(ctx context.Context, viewer core.Viewer, on talk.Thread) (talk.Topic, error) {
	d, err := s.openDiary(ctx, viewer, on.Owner, on.Thing)
	if err != nil {
		return talk.Topic{}, err
	}
	return d.topic(), nil
}

// mentionTitle is that of somebody else's entry, while the member may see it.
func (s *Service) mentionTitle(ctx context.Context, n news.News) (string, error) {
	d, err := s.Diary(ctx, core.Viewer{Member: n.Member}, n.Actor, n.Thing)
	return d.Title, err
}

// diaryTitle is the Title of a news.Row.
func (s *Service) diaryTitle(ctx context.Context, n news.News) (string, error) {
	d, err := s.store.Diary(ctx, n.Member, n.Thing)
	return d.Title, err
}

// bookmarkedScan is how many entries of bookmarked members are looked at for those that the member may see.
const bookmarkedScan = 100

// BookmarkedDiaries lists up to size of the newest entries of bookmarked members, those that the member may see: a
// bookmark opens nothing.
func (s *Service) BookmarkedDiaries(ctx context.Context, member core.ID, size int) ([]DiaryLine, error) {
	p := core.Page{Size: bookmarkedScan}
	lines, _, err := s.seenLines(ctx, member, p, func() ([]DiaryLine, error) { return s.store.BookmarkedDiaryLines(ctx, member, p) })
	return lines[:min(size, len(lines))], err
}
