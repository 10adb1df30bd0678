package cache

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/communities"
)

// What stands in communities: threads, their comments, events, polls.

// thread is a thread as it stands in its table, without a copy.
func (c *Cache) thread(ctx context.Context, id core.ID) (*community.Thread, error) {
	return through(ctx, c, key{kind: aThread, a: id}, func(t *community.Thread) int { return threadBytes + len(t.Title) + len(t.Body) },
		func() (*community.Thread, error) {
			t, err := c.source.Community.ThreadRow(ctx, id)
			return &t, err
		})
}

// shownThread is a thread with who wrote it and where it stands. Of one who is away only the title shows.
func (c *Cache) shownThread(ctx context.Context, id core.ID) (community.Thread, error) {
	row, err := c.thread(ctx, id)
	if err != nil {
		return community.Thread{}, err
	}
	t := *row
	in, err := c.community(ctx, t.Community)
	if err != nil {
		return community.Thread{}, err
	}
	t.CommunityName = in.Name
	author, err := c.authorOf(ctx, t.Author)
	if author == nil {
		t.Author, t.Body, t.PhotoCount = 0, "", 0
	} else {
		t.AuthorName = author.Name
	}
	return t, err
}

// authorOf is a member who takes part; nil for everybody else.
func (c *Cache) authorOf(ctx context.Context, id core.ID) (*core.Member, error) {
	if id == 0 {
		return nil, nil
	}
	p, err := c.personOrNobody(ctx, id)
	if err != nil || !isActive(p) {
		return nil, err
	}
	return &p.Member, nil
}

// Thread implements community.ThreadStore.
func (c Community) Thread(ctx context.Context, id, thread core.ID) (community.Thread, error) {
	t, err := c.shownThread(ctx, thread)
	if err == nil && id != 0 && t.Community != id {
		return community.Thread{}, core.ErrNotFound
	}
	return t, err
}

// threadNames is the beginning of a list of threads.
type threadNames struct {
	list  []communities.ThreadName
	whole bool // nothing comes after it
}

// threadNames gives the beginning of a list of threads.
func (c *Cache) threadNames(ctx context.Context, k key, limit int, read func(limit int) ([]communities.ThreadName, error)) ([]communities.ThreadName, error) {
	n, ok := find[threadNames](ctx, c, k)
	if !ok || !n.whole && len(n.list) < limit {
		seq := c.versions.now()
		list, err := read(limit)
		if err != nil {
			return nil, err
		}
		n = threadNames{list, len(list) < limit}
		c.keep(ctx, k, seq, n, nameBytes*len(list))
	}
	return n.list[:min(len(n.list), limit)], nil
}

// threadsOf makes a list of names; ok says that all of them are still there.
func (c *Cache) threadsOf(ctx context.Context, names []communities.ThreadName) (list []community.Thread, ok bool, err error) {
	list = make([]community.Thread, 0, len(names))
	for _, n := range names {
		t, err := c.shownThread(ctx, n.ID)
		if errors.Is(err, core.ErrNotFound) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		list = append(list, t)
	}
	return list, true, nil
}

// Threads implements community.ThreadStore. The first page of each kind is kept.
func (c Community) Threads(ctx context.Context, id core.ID, kind community.ThreadKind, p core.Page) ([]community.Thread, error) {
	if p.Offset() == 0 {
		names, err := c.threadNames(ctx, key{kind: someThreads, a: id, b: core.ID(kind)}, p.Limit(), func(limit int) ([]communities.ThreadName, error) {
			return c.source.Community.ThreadNames(ctx, id, kind, limit)
		})
		if err != nil {
			return nil, err
		}
		if list, ok, err := c.threadsOf(ctx, names); ok || err != nil {
			return list, err
		}
	}
	return c.source.Community.Threads(ctx, id, kind, p)
}

// keptNewest is how many of the newest threads of each community are kept at most.
const keptNewest = 25

// NewestThreads implements community.ThreadStore: the threads last written to of the communities last written to, of each of which
// they are kept.
func (c Community) NewestThreads(ctx context.Context, member core.ID, p core.Page) ([]community.Thread, error) {
	want := p.Limit() + p.Offset()
	if want > keptNewest {
		return c.source.Community.NewestThreads(ctx, member, p)
	}
	places, err := c.places(ctx, member)
	if err != nil {
		return nil, err
	}
	list := pageWhere(places, core.Page{Number: 1, Size: want - 1}, func(p *belonging) bool { return p.OnHome && p.DeletedAt.IsZero() })
	var all []communities.ThreadName
	for i, in := range list {
		if i > 0 && len(all) >= want && in.TouchedAt.Before(all[want-1].LastAt) {
			break // nothing there is newer than what there is enough of
		}
		names, err := c.threadNames(ctx, key{kind: newestThreads, a: in.ID}, want, func(limit int) ([]communities.ThreadName, error) {
			return c.source.Community.NewestNames(ctx, in.ID, limit)
		})
		if err != nil {
			return nil, err
		}
		all = append(all, names...)
		slices.SortFunc(all, func(a, b communities.ThreadName) int {
			return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(b.ID, a.ID))
		})
	}
	threads, ok, err := c.threadsOf(ctx, pageOf(all, p))
	if !ok && err == nil {
		return c.source.Community.NewestThreads(ctx, member, p)
	}
	return threads, err
}

// ReadMarks implements community.ThreadStore.
func (c Community) ReadMarks(ctx context.Context, member core.ID, threads []core.ID) ([]community.ReadMark, error) {
	marks := make([]community.ReadMark, 0, len(threads))
	var missing []core.ID
	for _, id := range threads {
		kept, ok := find[[]community.ReadMark](ctx, c.Cache, key{kind: aThreadMark, a: member, b: id})
		if !ok {
			missing = append(missing, id)
		}
		marks = append(marks, kept...)
	}
	if missing == nil {
		return marks, nil
	}
	seq := c.versions.now()
	read, err := c.source.Community.ReadMarks(ctx, member, missing)
	if err != nil {
		return nil, err
	}
	for _, id := range missing {
		var of []community.ReadMark
		for _, m := range read {
			if m.Thread == id {
				of = append(of, m)
			}
		}
		c.keep(ctx, key{kind: aThreadMark, a: member, b: id}, seq, of, 24*len(of))
	}
	return append(marks, read...), nil
}

// numbered are some comments of a thread, without who wrote them.
type numbered struct {
	in   core.ID
	last int
	list []community.Comment
}

// fresh looks for the photos of the comments.
func (n *numbered) fresh(r reading) bool {
	for i := range n.list {
		if m := &n.list[i]; m.PhotoCount > 0 && !r.same(photosWith, m.Author, m.ID) {
			return false
		}
	}
	return true
}

func bytesOfNumbered(n *numbered) int {
	bytes := 64
	for i := range n.list {
		bytes += commentBytes + len(n.list[i].Body) + 140*len(n.list[i].Photos)
	}
	return bytes
}

// keptNumbered is how many comments are kept together; who reads a whole thread does so once.
const keptNumbered = 50

// Numbered implements community.ThreadStore.
func (c Community) Numbered(ctx context.Context, id, thread core.ID, first, last int) ([]community.Comment, error) {
	if last-first >= keptNumbered {
		return c.source.Community.Numbered(ctx, id, thread, first, last)
	}
	k := key{kind: someNumbered, a: thread, b: core.ID(first)}
	n, ok := find[*numbered](ctx, c.Cache, k)
	if !ok || n.in != id || n.last != last {
		seq := c.versions.now()
		rows, err := c.source.Community.NumberedRows(ctx, id, thread, first, last)
		if err != nil {
			return nil, err
		}
		n = &numbered{id, last, rows}
		c.keep(ctx, k, seq, n, bytesOfNumbered(n))
	}
	var list []community.Comment
	for _, m := range n.list {
		author, err := c.authorOf(ctx, m.Author)
		if err != nil {
			return nil, err
		}
		if author == nil {
			continue
		}
		m.AuthorName, m.AuthorPhoto, m.Photos = author.Name, author.Photo, slices.Clone(m.Photos)
		list = append(list, m)
	}
	return list, nil
}

// Events keeps events and polls.
type Events struct {
	communities.Events
	*Cache
}

// event is an event without a copy.
func (c *Cache) event(ctx context.Context, in, id core.ID) (*community.Event, error) {
	e, err := through(ctx, c, key{kind: anEvent, a: id}, func(e *community.Event) int { return 200 + len(e.Words) + len(e.Place) },
		func() (*community.Event, error) {
			e, err := c.source.Events.Event(ctx, in, id)
			return &e, err
		})
	if err == nil && e.Community != in {
		err = core.ErrNotFound
	}
	return e, err
}

// Event implements community.EventStore.
func (c Events) Event(ctx context.Context, in, id core.ID) (community.Event, error) {
	e, err := c.event(ctx, in, id)
	if err != nil {
		return community.Event{}, err
	}
	return *e, nil
}

// seat is what a member has at an event.
type seat struct {
	community.Seat
	has bool
}

// Seat implements community.EventStore.
func (c Events) Seat(ctx context.Context, in, event, member core.ID) (community.Seat, error) {
	s, err := through(ctx, c.Cache, key{kind: aSeat, a: event, b: member}, func(seat) int { return 72 }, func() (seat, error) {
		s, err := c.source.Events.Seat(ctx, in, event, member)
		if errors.Is(err, core.ErrNotFound) {
			return seat{community.Seat{Community: in}, false}, nil
		}
		return seat{s, true}, err
	})
	if err == nil && (!s.has || s.Community != in) {
		return community.Seat{}, core.ErrNotFound
	}
	return s.Seat, err
}

// seats are those of a member from a day on.
type seats struct {
	from core.Day
	list []community.Seat
}

// AttendedEvents implements community.EventStore, of the seats of the member and what is kept of each event.
func (c Events) AttendedEvents(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]community.EventLine, error) {
	k := key{kind: theSeats, a: member}
	own, ok := find[seats](ctx, c.Cache, k)
	if !ok || from < own.from {
		seq := c.versions.now()
		list, err := c.source.Events.SeatsFrom(ctx, member, from)
		if err != nil {
			return nil, err
		}
		own = seats{from, list}
		c.keep(ctx, k, seq, own, 72*len(list))
	}
	if len(own.list) == 0 {
		return nil, nil
	}
	roles, err := c.memberships(ctx, member)
	if err != nil {
		return nil, err
	}
	var lines []community.EventLine
	for i := range own.list {
		s := &own.list[i]
		if m, _ := roleIn(roles, s.Community); s.Day < from || s.Day > to || m.Role < core.RoleMember {
			continue
		}
		l, err := c.eventLine(ctx, s.Community, s.Event)
		if errors.Is(err, core.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		l.Mine = community.Attending
		if s.Waits {
			l.Mine = community.OnWaitingList
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b community.EventLine) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID))
	})
	return lines[:min(limit, len(lines))], nil
}

// eventLine is a row of a list of events; ErrNotFound for one of a deleted community.
func (c *Cache) eventLine(ctx context.Context, in, id core.ID) (l community.EventLine, err error) {
	of, err := c.community(ctx, in)
	if err != nil {
		return l, err
	}
	if !of.DeletedAt.IsZero() {
		return l, core.ErrNotFound
	}
	e, err := c.event(ctx, in, id)
	if err != nil {
		return l, err
	}
	t, err := c.thread(ctx, id)
	if err == nil && t.Hidden {
		err = core.ErrNotFound
	}
	if err != nil {
		return l, err
	}
	return community.EventLine{Event: *e, Title: t.Title, CommunityName: of.Name}, nil
}

// eventsIn are events of a community on some days, as they were asked for last.
type eventsIn struct {
	from, to  core.Day
	backwards bool
	page      core.Page
	list      []community.EventLine
}

// EventsOf implements community.EventStore.
func (c Events) EventsOf(ctx context.Context, in core.ID, from, to core.Day, backwards bool, p core.Page) ([]community.EventLine, error) {
	k := key{kind: someEvents, a: in}
	kept, ok := find[eventsIn](ctx, c.Cache, k)
	if !ok || kept.from != from || kept.to != to || kept.backwards != backwards || kept.page != p {
		seq := c.versions.now()
		list, err := c.source.Events.EventsOf(ctx, in, from, to, backwards, p)
		if err != nil {
			return nil, err
		}
		kept = eventsIn{from, to, backwards, p, list}
		c.keep(ctx, k, seq, kept, 300*len(list)+64)
	}
	list := slices.Clone(kept.list)
	for i := range list { // titles and the name may have changed since
		of, err := c.community(ctx, in)
		if err != nil {
			return c.source.Events.EventsOf(ctx, in, from, to, backwards, p)
		}
		t, err := c.thread(ctx, list[i].ID)
		if err != nil {
			return c.source.Events.EventsOf(ctx, in, from, to, backwards, p)
		}
		list[i].Title, list[i].CommunityName = t.Title, of.Name
	}
	return list, nil
}

// words are what those who attend an event were told.
type words struct {
	in    core.ID
	limit int
	list  []community.EventWord
}

// fresh looks at the names of the authors, who may have been away.
func (w words) fresh(r reading) bool {
	for i := range w.list {
		if !r.same(memberRow, w.list[i].Author, 0) {
			return false
		}
	}
	return true
}

// EventWords implements community.EventWordStore.
func (c Events) EventWords(ctx context.Context, in, event core.ID, limit int) ([]community.EventWord, error) {
	k := key{kind: theWords, a: event}
	kept, ok := find[words](ctx, c.Cache, k)
	if !ok || kept.in != in || kept.limit != limit {
		seq := c.versions.now()
		list, err := c.source.Events.EventWords(ctx, in, event, limit)
		if err != nil {
			return nil, err
		}
		kept = words{in, limit, list}
		bytes := 48
		for i := range list {
			bytes += commentBytes + len(list[i].Body)
		}
		c.keep(ctx, k, seq, kept, bytes)
	}
	return slices.Clone(kept.list), nil
}

// Poll implements community.PollStore.
func (c Events) Poll(ctx context.Context, in, id core.ID) (community.Poll, error) {
	p, err := through(ctx, c.Cache, key{kind: aPoll, a: id}, func(p *community.Poll) int { return 120 + 80*len(p.Choices) },
		func() (*community.Poll, error) {
			p, err := c.source.Events.Poll(ctx, in, id)
			return &p, err
		})
	if err == nil && p.Community != in {
		err = core.ErrNotFound
	}
	if err != nil {
		return community.Poll{}, err
	}
	of := *p
	of.Choices = slices.Clone(p.Choices) // from some viewers their votes are kept
	return of, nil
}

// Votes implements community.PollStore.
func (c Events) Votes(ctx context.Context, in, poll, member core.ID) ([]int, error) {
	list, err := through(ctx, c.Cache, key{kind: theVotes, a: poll, b: member}, func(l []int) int { return 8 * len(l) },
		func() ([]int, error) { return c.source.Events.Votes(ctx, in, poll, member) })
	return slices.Clone(list), err
}
