package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/talk"
)

// Limits of what stands in a community.
const (
	MaxTitle           = 100   // characters
	MaxBody            = 10000 // characters
	MaxComment         = 4000  // characters
	MaxPhotos          = 3     // of a thread, and of a comment
	MaxPinned          = 5     // threads of one kind
	DefaultMaxComments = 1000  // that fill a thread
)

// ErrThreadFull: a thread has as many comments as it takes; it offers to go on in another.
var ErrThreadFull = &core.Error{Code: core.Full, Key: "error.threadfull"}

// ErrSuccessor: another thread goes on from the full one.
var ErrSuccessor = &core.Error{Code: core.Conflict, Key: "error.successor"}

// ErrPinned: as many threads are pinned as may be.
var ErrPinned = &core.Error{Code: core.Full, Key: "error.pinned"}

// A ThreadKind says what a thread is. The numbers are stored.
type ThreadKind uint8

// Kinds of threads. An event and a poll have a row more, of the same ID, in a table of their own.
const (
	TopicThread ThreadKind = iota
	EventThread
	PollThread
)

// A Thread is a topic, an event or a poll: what somebody wrote, with numbered comments.
type Thread struct {
	Community, ID core.ID
	Kind          ThreadKind
	Author        core.ID // 0: has left, and the text with them
	AuthorName    string
	Title, Body   string
	Comments      int // numbers given out, those of removed comments among them
	Pinned        bool
	Photos        []core.Photo
	PhotoCount    int
	Previous      core.ID // the full one that this goes on from
	Next          core.ID // the one that goes on from this
	CreatedAt     time.Time
	LastAt        time.Time // of the newest comment, or of the thread

	CommunityName string // in lists of several communities
	Unread        bool   // in lists: never opened, or commented on since

	Hidden bool // an operator keeps it out of everybody's sight but its author's
	Likes  int
}

// A Comment of a thread. Numbers count from 1 and are given once.
type Comment struct {
	Community, Thread core.ID
	Number            int
	ID                core.ID
	Author            core.ID
	AuthorName        string
	AuthorPhoto       core.Photo
	Body              string
	Photos            []core.Photo
	PhotoCount        int
	CreatedAt         time.Time
	Removed           bool // only the number is left
	Likes             int
	Hidden            bool // an operator keeps it out of everybody's sight but its author's
}

// NewThread is what a thread is made of, and changed to.
type NewThread struct {
	Kind        ThreadKind
	Title, Body string
	Photos      []core.ID // of AddPhoto, in order
	Previous    core.ID   // a full thread that this goes on from; of a new one
	At          time.Time // of a new one; zero: now
}

// NewComment is what a comment is made of.
type NewComment struct {
	Body   string
	Photos []core.ID
	At     time.Time // zero: now
}

// ThreadStore keeps threads and their comments.
type ThreadStore interface {
	InsertThread(ctx context.Context, t Thread) error
	// Thread gives one without its photos; by its ID alone when community is 0.
	Thread(ctx context.Context, community, id core.ID) (Thread, error)
	UpdateThread(ctx context.Context, t Thread) error
	// DeleteThread removes a thread with its comments and photos, and what an event or a poll has besides.
	DeleteThread(ctx context.Context, t Thread, at time.Time) error
	SetPinned(ctx context.Context, community, id core.ID, pinned bool) error
	CountPinned(ctx context.Context, community core.ID, kind ThreadKind) (int, error)
	SetNext(ctx context.Context, community, id, next core.ID) error
	// SetHidden and SetNumberedHidden keep a thread or a comment out of sight, or let it be seen again.
	SetHidden(ctx context.Context, community, id core.ID, hidden bool) error
	SetNumberedHidden(ctx context.Context, comment core.ID, hidden bool) error
	// Threads lists those of a kind, pinned ones first, then by their last comment.
	Threads(ctx context.Context, community core.ID, kind ThreadKind, p core.Page) ([]Thread, error)
	// ThreadsFrom is Threads from a mark on, along the index.
	ThreadsFrom(ctx context.Context, community core.ID, kind ThreadKind, part Stretch) ([]Thread, error)
	// NewestThreads merges the threads of the communities that the member is in and shows on home, by their last comment. It reads
	// the communities of the member, and of those last written to p.Size+1 threads each.
	NewestThreads(ctx context.Context, member core.ID, p core.Page) ([]Thread, error)
	// CommentedThreads lists the threads that the member commented on, by the member's last comment.
	CommentedThreads(ctx context.Context, member core.ID, p core.Page) ([]Thread, error)
	// TakeNumber counts the next comment of a thread; ErrNotFound for one that has most or is not there.
	TakeNumber(ctx context.Context, community, id core.ID, most int, at time.Time) (int, error)
	InsertNumbered(ctx context.Context, c Comment) error
	// Numbered lists the comments with numbers from first to last that are there, with their photos.
	Numbered(ctx context.Context, community, thread core.ID, first, last int) ([]Comment, error)
	CommentByID(ctx context.Context, id core.ID) (Comment, error)
	DeleteNumbered(ctx context.Context, c Comment) error
	PutReadMarks(ctx context.Context, marks []ReadMark) error
	ReadMarks(ctx context.Context, member core.ID, threads []core.ID) ([]ReadMark, error)
}

// threadAt and commentAt are where photos hang.
func threadAt(t Thread) core.Attached {
	return core.Attached{Kind: ThreadPhoto, Owner: t.Author, Thing: t.ID}
}

func commentAt(c Comment) core.Attached {
	return core.Attached{Kind: CommentPhoto, Owner: c.Author, Thing: c.ID}
}

// CheckThread cleans a new thread in place and returns Invalid for fields that are wrong.
func CheckThread(n *NewThread) error {
	var c core.Check
	c.Text("title", &n.Title, core.OneLine, true, MaxTitle)
	c.Text("body", &n.Body, core.ManyLines, n.Kind == TopicThread, MaxBody) // an event and a poll say what they are about in other fields
	if len(n.Photos) > MaxPhotos {
		c.Fail("photo", "field.photos", MaxPhotos)
	}
	return c.Err()
}

// CheckComment cleans a comment in place and returns Invalid when it is wrong. A comment with photos may do without words.
func CheckComment(n *NewComment) error {
	var c core.Check
	c.Text("body", &n.Body, core.ManyLines, len(n.Photos) == 0, MaxComment)
	if len(n.Photos) > MaxPhotos {
		c.Fail("photo", "field.photos", MaxPhotos)
	}
	return c.Err()
}

// also is what more there is to a thread of a kind: done in the same transaction. nil: nothing.
func also(ctx context.Context, t Thread, more func(ctx context.Context, t Thread) error) error {
	if more == nil {
		return nil
	}
	return more(ctx, t)
}

// Open writes a thread of the viewer; more stores in the same transaction what an event or a poll has besides. One that goes on from
// a full thread is linked with it both ways.
func (s *Boards) Open(ctx context.Context, viewer core.Viewer, community core.ID, n NewThread, more func(ctx context.Context, t Thread) error) (Thread, error) {
	if err := CheckThread(&n); err != nil {
		return Thread{}, err
	}
	t := Thread{Community: community, Kind: n.Kind, Author: viewer.Member, Title: n.Title, Body: n.Body}
	t.ID, t.CreatedAt = s.Stamp(n.At)
	t.LastAt = t.CreatedAt
	return t, s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, err := s.read(ctx, viewer, community)
		if err != nil {
			return err
		}
		if err := errors.Join(c.mayOpen(), s.MayWrite(ctx, viewer.Member)); err != nil {
			return err
		}
		if t.Previous, err = s.goesOn(ctx, community, n, t.ID); err != nil {
			return err
		}
		if err := errors.Join(s.store.InsertThread(ctx, t), s.reindexThread(ctx, t)); err != nil {
			return err
		}
		if err := s.Attach(ctx, viewer.Member, n.Photos, threadAt(t)); err != nil {
			return err
		}
		return errors.Join(also(ctx, t, more), s.mail(ctx, &c, t, viewer.Member, 0), s.reviewThread(ctx, t))
	})
}

// goesOn links the full thread that a new one goes on from. ErrSuccessor when another one does already.
func (s *Boards) goesOn(ctx context.Context, community core.ID, n NewThread, next core.ID) (core.ID, error) {
	if n.Previous == 0 {
		return 0, nil
	}
	before, err := s.store.Thread(ctx, community, n.Previous)
	if errors.Is(err, core.ErrNotFound) || err == nil && (before.Kind != n.Kind || before.Comments < s.maxComments) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if before.Next != 0 {
		return 0, ErrSuccessor
	}
	return before.ID, s.store.SetNext(ctx, community, before.ID, next)
}

// thread gives a thread that the viewer may see, without photos.
func (s *Boards) thread(ctx context.Context, viewer core.Viewer, community, id core.ID) (Seen, Thread, error) {
	c, err := s.read(ctx, viewer, community)
	if err != nil {
		return Seen{}, Thread{}, err
	}
	t, err := s.store.Thread(ctx, community, id)
	if err == nil && !shows(viewer, t.Hidden, t.Author) {
		return c, Thread{}, core.ErrNotFound
	}
	return c, t, err
}

// shows says whether the viewer sees what an operator may have hidden.
func shows(viewer core.Viewer, hidden bool, author core.ID) bool {
	return !hidden || viewer.Operator || viewer.Member == author && author != 0
}

// Thread gives a thread that the viewer may see, with its photos.
func (s *Boards) Thread(ctx context.Context, viewer core.Viewer, community, id core.ID) (Seen, Thread, error) {
	c, t, err := s.thread(ctx, viewer, community, id)
	if err != nil || t.PhotoCount == 0 {
		return c, t, err
	}
	t.Photos, err = s.store.AttachedPhotos(ctx, threadAt(t))
	return c, t, err
}

// Full says whether the thread takes no more comments.
func (s *Boards) Full(t *Thread) bool { return t.Comments >= s.maxComments }

// MayEdit says whether the viewer may change the thread: its author, while a member.
func (c Seen) MayEdit(t *Thread) bool { return c.MayWrite() && t.Author == c.Viewer.Member }

// MayDelete says whether the viewer may remove the thread: its author and who governs.
func (c Seen) MayDelete(t *Thread) bool { return c.MayEdit(t) || c.MayGovern() }

// MayRemove says whether the viewer may remove a comment: its author and who governs.
func (c Seen) MayRemove(m *Comment) bool {
	return m.Author == c.Viewer.Member && c.IsMember() || c.MayGovern()
}

// EditThread changes a thread of the viewer. It does not move it in lists. n.Photos are those that stay, and unused ones that come.
func (s *Boards) EditThread(ctx context.Context, viewer core.Viewer, community, id core.ID, n NewThread, more func(ctx context.Context, t Thread) error) error {
	if err := CheckThread(&n); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, t, err := s.thread(ctx, viewer, community, id)
		if err != nil {
			return err
		}
		if !c.MayEdit(&t) {
			return core.ErrNotFound
		}
		if err := s.MayWrite(ctx, viewer.Member); err != nil {
			return err
		}
		t.Title, t.Body = n.Title, n.Body
		if err := errors.Join(s.store.UpdateThread(ctx, t), s.reindexThread(ctx, t)); err != nil {
			return err
		}
		if err := s.Reattach(ctx, viewer.Member, n.Photos, threadAt(t)); err != nil {
			return err
		}
		return errors.Join(also(ctx, t, more), s.reviewThread(ctx, t))
	})
}

// DeleteThread removes a thread with everything in it.
func (s *Boards) DeleteThread(ctx context.Context, viewer core.Viewer, community, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, t, err := s.thread(ctx, viewer, community, id)
		if err != nil {
			return err
		}
		if !c.MayDelete(&t) {
			return core.ErrNotFound
		}
		return errors.Join(s.store.DeleteThread(ctx, t, s.Now()), s.dropThreadNews(ctx, t), s.reindexThread(ctx, t), s.AuditDelete(ctx, viewer.Member, "topic", id))
	})
}

func (s *Boards) dropThreadNews(ctx context.Context, t Thread) error {
	if t.Author == 0 {
		return nil
	}
	return s.news.DropNews(ctx, t.Author, CommentNews, 0, t.ID)
}

// Pin puts a thread before the others of its kind, or back among them.
func (s *Boards) Pin(ctx context.Context, viewer core.Viewer, community, id core.ID, pinned bool) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, t, err := s.thread(ctx, viewer, community, id)
		if err != nil {
			return err
		}
		if err := c.mayGovern(); err != nil {
			return err
		}
		if pinned && !t.Pinned {
			if n, err := s.store.CountPinned(ctx, community, t.Kind); err != nil || n >= MaxPinned {
				return errors.Join(err, ErrPinned)
			}
		}
		return s.store.SetPinned(ctx, community, id, pinned)
	})
}

// WriteComment stores a comment of the viewer under the next number, which it takes in the same transaction. ErrThreadFull when there are
// as many as a thread takes.
func (s *Boards) WriteComment(ctx context.Context, viewer core.Viewer, community, thread core.ID, n NewComment) (Comment, error) {
	if err := CheckComment(&n); err != nil {
		return Comment{}, err
	}
	m := Comment{Community: community, Thread: thread, Author: viewer.Member, Body: n.Body}
	err := s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, t, err := s.thread(ctx, viewer, community, thread)
		if err != nil {
			return err
		}
		if err := errors.Join(c.mayWrite(), s.MayWrite(ctx, viewer.Member)); err != nil {
			return err
		}
		m.ID, m.CreatedAt = s.Stamp(n.At)
		if m.Number, err = s.store.TakeNumber(ctx, community, thread, s.maxComments, m.CreatedAt); errors.Is(err, core.ErrNotFound) {
			err = ErrThreadFull
		}
		if err != nil {
			return err
		}
		if err := s.store.InsertNumbered(ctx, m); err != nil {
			return err
		}
		if err := s.Attach(ctx, viewer.Member, n.Photos, commentAt(m)); err != nil {
			return err
		}
		if t.Author != 0 {
			err = s.news.Tell(ctx, news.News{Member: t.Author, Kind: CommentNews, Actor: viewer.Member, Thing: thread, At: m.CreatedAt}, t.Title)
		}
		return errors.Join(err, s.tellNamed(ctx, &m, &t), s.mail(ctx, &c, t, viewer.Member, m.Number), s.reviewComment(ctx, m))
	})
	return m, err
}

// tellNamed tells friends of the author whom a comment names, who may read it and whom no block keeps apart. The author of the thread is
// told of the comment itself.
func (s *Boards) tellNamed(ctx context.Context, m *Comment, t *Thread) error {
	named, err := talk.Named(ctx, s.store, m.Author, m.Body, t.Author)
	if err != nil {
		return err
	}
	for _, member := range named {
		viewer := core.Viewer{Member: member}
		_, _, err := s.thread(ctx, viewer, m.Community, m.Thread)
		if err == nil {
			_, err = s.Require(ctx, viewer, m.Author, core.Everyone)
		}
		var refused *core.Error
		if errors.As(err, &refused) {
			continue // not for them
		}
		if err == nil {
			err = s.news.Tell(ctx, news.News{Member: member, Kind: MentionNews, Actor: m.Author, Thing: m.Thread, At: m.CreatedAt}, t.Title)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// RemoveComment removes a comment. Its number stays and says so.
func (s *Boards) RemoveComment(ctx context.Context, viewer core.Viewer, community, thread core.ID, number int) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, t, err := s.thread(ctx, viewer, community, thread)
		if err != nil {
			return err
		}
		list, err := s.store.Numbered(ctx, community, thread, number, number)
		if err != nil {
			return err
		}
		if len(list) == 0 || !c.MayRemove(&list[0]) || !shows(viewer, list[0].Hidden, list[0].Author) {
			return core.ErrNotFound
		}
		m := list[0]
		if err := s.Reattach(ctx, m.Author, nil, commentAt(m)); err != nil {
			return err
		}
		err = errors.Join(s.store.DeleteNumbered(ctx, m), s.AuditDelete(ctx, viewer.Member, "topiccomment", m.ID))
		if t.Author != 0 {
			err = errors.Join(err, s.news.TakeNews(ctx, news.News{Member: t.Author, Kind: CommentNews, Actor: m.Author, Thing: thread, At: m.CreatedAt}))
		}
		return err
	})
}

// Comments lists the comments of a thread that the viewer may see, numbers first to last, each of which is there: a removed one as its
// number alone. A block between two members hides nothing here: see core.Role.
func (s *Boards) Comments(ctx context.Context, seen *Seen, t *Thread, first, last int) ([]Comment, error) {
	first, last = max(first, 1), min(last, t.Comments)
	if !seen.MayRead() || seen.ID != t.Community || first > last {
		return nil, nil
	}
	rows, err := s.store.Numbered(ctx, t.Community, t.ID, first, last)
	if err != nil {
		return nil, err
	}
	list := make([]Comment, 0, last-first+1)
	for n := first; n <= last; n++ {
		if len(rows) > 0 && rows[0].Number == n {
			if shows(seen.Viewer, rows[0].Hidden, rows[0].Author) {
				list, rows = append(list, rows[0]), rows[1:]
				continue
			}
			rows = rows[1:]
		}
		list = append(list, Comment{Community: t.Community, Thread: t.ID, Number: n, Removed: true})
	}
	return list, nil
}

// Threads lists the threads of a kind in a community, pinned ones first, then by their last comment.
func (s *Boards) Threads(ctx context.Context, c *Seen, kind ThreadKind, p core.Page) (list []Thread, more bool, err error) {
	if !c.MayRead() {
		return nil, false, core.ErrNotFound
	}
	rows, err := s.store.Threads(ctx, c.ID, kind, p)
	if err != nil {
		return nil, false, err
	}
	list, more = core.Cut(rows, p)
	return list, more, s.markUnread(ctx, c.Viewer.Member, list)
}

// ThreadsFrom lists a stretch of the same list, which may be as long as it likes, and says where it goes on.
func (s *Boards) ThreadsFrom(ctx context.Context, c *Seen, kind ThreadKind, part Stretch) (list []Thread, e Ends, err error) {
	if !c.MayRead() {
		return nil, e, core.ErrNotFound
	}
	if part.First() {
		list, err = s.store.Threads(ctx, c.ID, kind, core.Page{Size: part.Size})
	} else {
		list, err = s.store.ThreadsFrom(ctx, c.ID, kind, part)
	}
	if err != nil {
		return nil, e, err
	}
	list, e = cutStretch(list, part, threadMark)
	return list, e, s.markUnread(ctx, c.Viewer.Member, list)
}

// threadMark is where a thread stands in the list: pinned ones have the higher role.
func threadMark(t Thread) Mark {
	m := Mark{At: t.LastAt, Member: t.ID}
	if t.Pinned {
		m.Role = 1
	}
	return m
}

// Newest lists the threads last written to in the communities that the member is in and shows on home.
func (s *Boards) Newest(ctx context.Context, member core.ID, p core.Page) (list []Thread, more bool, err error) {
	rows, err := s.store.NewestThreads(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	list, more = core.Cut(rows, p)
	return list, more, s.markUnread(ctx, member, list)
}

// Commented lists the threads that the member commented on and may still read.
func (s *Boards) Commented(ctx context.Context, member core.ID, p core.Page) (list []Thread, more bool, err error) {
	rows, err := s.store.CommentedThreads(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	list = rows[:0]
	for _, t := range rows {
		if _, err := s.read(ctx, core.Viewer{Member: member}, t.Community); err == nil {
			list = append(list, t)
		} else if !errors.Is(err, core.ErrNotFound) {
			return nil, false, err
		}
	}
	return list, more, s.markUnread(ctx, member, list)
}
