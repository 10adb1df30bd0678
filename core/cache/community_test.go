package cache

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/network"
)

// A board is the communities of a town, and what stands in them.
type board struct {
	all     []core.ID
	threads []community.Thread
	said    []community.Comment
}

const boardDay core.Day = 20070303

// openBoards makes a few communities with an event and a poll.
func (w *town) openBoards() {
	w.Helper()
	s := w.cached.Community
	for range 4 {
		c := community.Community{ID: w.id(), Name: w.word("会"), Description: "文", Category: 101, Administrator: w.someone(), CreatedAt: w.time(), TouchedAt: w.time()}
		err := errors.Join(s.InsertCommunity(w.ctx, c), s.PutMembership(w.ctx, c.ID, c.Administrator, core.RoleAdministrator, "", w.time()))
		for kind := range community.ThreadKind(3) {
			t := community.Thread{Community: c.ID, ID: w.id(), Kind: kind, Author: w.someone(), Title: w.word("題"), Body: "文", CreatedAt: w.time()}
			t.LastAt = t.CreatedAt
			err = errors.Join(err, s.InsertThread(w.ctx, t))
			switch kind {
			case community.EventThread:
				err = errors.Join(err, s.InsertEvent(w.ctx, community.Event{Community: c.ID, ID: t.ID, NewEvent: community.NewEvent{Day: boardDay, Capacity: 3}}))
			case community.PollThread:
				err = errors.Join(err, s.InsertPoll(w.ctx, community.Poll{Community: c.ID, ID: t.ID, NewPoll: community.NewPoll{Ends: boardDay},
					Choices: []community.Choice{{Number: 1, Text: "い"}, {Number: 2, Text: "ろ"}}}))
			}
			w.boards.threads = append(w.boards.threads, t)
		}
		if err != nil {
			w.Fatal(err)
		}
		w.boards.all = append(w.boards.all, c.ID)
	}
	w.boards.said = []community.Comment{{Community: w.boards.all[0], Thread: w.boards.threads[0].ID, Number: 1}}
}

// of is a thread of a kind.
func (b *board) of(w *town, kind community.ThreadKind) community.Thread {
	for {
		if t := pick(w, b.threads); t.Kind == kind {
			return t
		}
	}
}

// boardDeed is one write to communities at random.
func (w *town) boardDeed() error {
	s, a, id, t := w.cached.Community, w.someone(), pick(w, w.boards.all), pick(w, w.boards.threads)
	event, poll := w.boards.of(w, community.EventThread), w.boards.of(w, community.PollThread)
	switch w.dice.IntN(22) {
	case 0, 1, 2:
		return s.PutMembership(w.ctx, id, a, core.Role(w.dice.IntN(5)), w.word("文"), w.time())
	case 3:
		return s.DeleteMembership(w.ctx, id, a, w.time())
	case 4:
		return s.SetChoices(w.ctx, id, a, community.Choices{OnHome: w.chance(2), OnProfile: w.chance(2), Letters: community.Letters(w.dice.IntN(3))})
	case 5:
		return errors.Join(s.PutInvitation(w.ctx, a, id, w.someone(), w.time()), s.SetOffer(w.ctx, id, a, core.RoleSubAdministrator, w.someone()))
	case 6:
		return s.DeleteInvitations(w.ctx, a, id)
	case 7:
		return s.SetAdministrator(w.ctx, id, a)
	case 8:
		c, err := w.store.Community.Community(w.ctx, id)
		c.Name, c.Hidden, c.MembersOnly = w.word("会"), w.chance(4), w.chance(3)
		return errors.Join(err, s.UpdateCommunity(w.ctx, c))
	case 9:
		at := w.time()
		if w.chance(2) {
			at = time.Time{}
		}
		return s.SetCommunityDeleted(w.ctx, id, at)
	case 10:
		p := core.Photo{Owner: a, ID: w.id(), Hash: w.word("h"), Type: "image/png", Width: 1, Height: 1, Bytes: 9}
		w.photos = append(w.photos, p)
		return errors.Join(w.cached.Desk.InsertPhoto(w.ctx, p, w.time()), s.SetCommunityPhoto(w.ctx, id, p))
	case 11:
		n := community.Thread{Community: id, ID: w.id(), Author: a, Title: w.word("題"), Body: w.word("文"), CreatedAt: w.time()}
		n.LastAt = n.CreatedAt
		w.boards.threads = append(w.boards.threads, n)
		return s.InsertThread(w.ctx, n)
	case 12:
		t.Title = w.word("改")
		return errors.Join(s.UpdateThread(w.ctx, t), s.SetPinned(w.ctx, t.Community, t.ID, w.chance(2)), s.SetHidden(w.ctx, t.Community, t.ID, w.chance(3)),
			s.PutCategory(w.ctx, community.Category{ID: 101, Parent: 1, Place: 1, Name: w.word("類")}))
	case 13, 14, 15:
		at := w.time()
		n, err := s.TakeNumber(w.ctx, t.Community, t.ID, 1000, at)
		if err != nil {
			return err
		}
		c := community.Comment{Community: t.Community, Thread: t.ID, Number: n, ID: w.id(), Author: a, Body: w.word("返"), CreatedAt: at}
		w.boards.said = append(w.boards.said, c)
		err = s.InsertNumbered(w.ctx, c)
		if w.chance(2) {
			p := core.Photo{Owner: a, ID: w.id(), Hash: w.word("h"), Type: "image/png", Width: 1, Height: 1, Bytes: 9}
			w.photos = append(w.photos, p)
			err = errors.Join(err, w.cached.Desk.InsertPhoto(w.ctx, p, w.time()),
				w.cached.Desk.AttachPhoto(w.ctx, a, p.ID, core.Attached{Kind: community.CommentPhoto, Owner: a, Thing: c.ID}, 0))
		}
		return err
	case 16:
		c := pick(w, w.boards.said)
		if w.chance(2) && c.ID != 0 {
			return s.SetNumberedHidden(w.ctx, c.ID, w.chance(2))
		}
		return s.DeleteNumbered(w.ctx, c)
	case 17:
		return errors.Join(s.PutReadMarks(w.ctx, []community.ReadMark{{Member: a, Thread: t.ID, Comments: w.dice.IntN(5)}}),
			s.PutBookmark(w.ctx, a, id, w.time()), s.PutLooks(w.ctx, []community.Look{{Member: a, Community: id, At: w.time()}}))
	case 18:
		seat, err := w.store.Events.Seat(w.ctx, event.Community, event.ID, a)
		if err == nil && w.chance(2) {
			return s.DeleteSeat(w.ctx, seat)
		}
		if err == nil {
			return s.GiveSeat(w.ctx, event.Community, event.ID, a)
		}
		return s.PutSeat(w.ctx, community.Seat{Community: event.Community, Event: event.ID, Member: a, Place: w.id(), Waits: w.chance(2), Day: boardDay, At: w.time()})
	case 19:
		e, err := w.store.Events.Event(w.ctx, event.Community, event.ID)
		e.Day, e.Place = boardDay+core.Day(w.dice.IntN(3)), w.word("所")
		return errors.Join(err, s.UpdateEvent(w.ctx, e), s.InsertEventWord(w.ctx, community.EventWord{Community: e.Community, Event: e.ID, ID: w.id(), Author: a, Kind: community.EventMessage, Body: "文", SentAt: w.time()}))
	case 20:
		return s.SetVotes(w.ctx, poll.Community, poll.ID, a, [][]int{{1}, {2}, {1, 2}}[w.dice.IntN(3)], w.time())
	}
	near := slices.DeleteFunc(slices.Clone(w.boards.all), func(other core.ID) bool { return other == id || w.chance(2) })
	return errors.Join(s.PutNear(w.ctx, id, near, w.time()), s.DeleteBookmark(w.ctx, a, id), s.SetAnnounced(w.ctx, id, a, w.time()),
		s.InsertAnnouncement(w.ctx, community.Announcement{Community: id, ID: w.id(), Author: a, Body: "文", At: w.time()}))
}

// compareBoards compares what the cache says of communities with what the store says.
func (w *town) compareBoards(a, b core.ID) {
	w.Helper()
	if w.boards.all == nil {
		return
	}
	id, t := pick(w, w.boards.all), pick(w, w.boards.threads)
	event, poll := w.boards.of(w, community.EventThread), w.boards.of(w, community.PollThread)
	page := core.Page{Number: 1 + w.dice.IntN(2), Size: 2 + w.dice.IntN(3)}
	same := func(what string, of func(s community.Store) (any, error)) {
		w.Helper()
		w.same(what, func(s network.Stores) (any, error) { return of(s.Community) })
	}
	same("Community", func(s community.Store) (any, error) { return s.Community(w.ctx, id) })
	same("Categories", func(s community.Store) (any, error) { return s.Categories(w.ctx) })
	same("Membership", func(s community.Store) (any, error) { return s.Membership(w.ctx, id, a) })
	same("HasInvitation", func(s community.Store) (any, error) { return s.HasInvitation(w.ctx, a, id) })
	same("Memberships", func(s community.Store) (any, error) { return s.Memberships(w.ctx, a, page) })
	same("ShownMemberships", func(s community.Store) (any, error) { return s.ShownMemberships(w.ctx, a, b, page) })
	same("Members", func(s community.Store) (any, error) {
		return s.Members(w.ctx, id, core.RoleMember, core.RoleAdministrator, page)
	})
	since := time.UnixMilli(int64(w.next) - int64(w.dice.IntN(200)))
	same("Waitings", func(s community.Store) (any, error) { return s.Waitings(w.ctx, a, since, 3) })
	same("Best", func(s community.Store) (any, error) { return s.Best(w.ctx, a, 0, community.ByLife, page) })
	same("Best of a category", func(s community.Store) (any, error) { return s.Best(w.ctx, a, 101, community.ByMembers, page) })
	same("Near", func(s community.Store) (any, error) { return s.Near(w.ctx, id) })
	same("Bookmark", func(s community.Store) (any, error) { return s.Bookmark(w.ctx, a, id) })
	same("Thread", func(s community.Store) (any, error) { return s.Thread(w.ctx, t.Community, t.ID) })
	same("Thread of another", func(s community.Store) (any, error) { return s.Thread(w.ctx, id, t.ID) })
	same("Threads", func(s community.Store) (any, error) { return s.Threads(w.ctx, id, t.Kind, page) })
	same("NewestThreads", func(s community.Store) (any, error) { return s.NewestThreads(w.ctx, a, page) })
	same("ReadMarks", func(s community.Store) (any, error) {
		marks, err := s.ReadMarks(w.ctx, a, []core.ID{t.ID, event.ID})
		slices.SortFunc(marks, func(x, y community.ReadMark) int { return cmp.Compare(x.Thread, y.Thread) })
		return slices.Compact(marks), err
	})
	first, many := 1+w.dice.IntN(3), 60*w.dice.IntN(2)
	same("Numbered", func(s community.Store) (any, error) {
		return s.Numbered(w.ctx, t.Community, t.ID, first, first+3+many)
	})
	same("Event", func(s community.Store) (any, error) { return s.Event(w.ctx, event.Community, event.ID) })
	same("Seat", func(s community.Store) (any, error) { return s.Seat(w.ctx, event.Community, event.ID, a) })
	from, backwards := boardDay+core.Day(w.dice.IntN(3))-1, w.chance(2)
	same("AttendedEvents", func(s community.Store) (any, error) { return s.AttendedEvents(w.ctx, a, from, from+1, 2) })
	same("EventsOf", func(s community.Store) (any, error) {
		return s.EventsOf(w.ctx, id, from, from+1, backwards, page)
	})
	same("EventWords", func(s community.Store) (any, error) { return s.EventWords(w.ctx, event.Community, event.ID, 3) })
	same("Poll", func(s community.Store) (any, error) { return s.Poll(w.ctx, poll.Community, poll.ID) })
	same("Votes", func(s community.Store) (any, error) { return s.Votes(w.ctx, poll.Community, poll.ID, a) })
}
