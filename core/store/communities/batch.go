package communities

import (
	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/engine"
)

// Bulk stores communities that were made elsewhere, table by table.
func Bulk(out *engine.Queue, list []community.Made) {
	rows := out.Rows("community", "id, name, description, category, administrator, approval, members_only, openers, hidden, members, created_at, touched")
	for i := range list {
		c := &list[i].Community
		rows.Add(int64(c.ID), c.Name, c.Description, int64(c.Category), int64(c.Administrator), c.Approval, c.MembersOnly, c.OpenedByFew, c.Hidden,
			int64(c.Members), engine.Millis(c.CreatedAt), engine.Millis(c.TouchedAt))
	}
	rows.End()
	in := out.Rows("community_member", "community, member, role, joined_at, announced")
	for i := range list {
		for _, m := range list[i].In {
			in.Add(int64(list[i].ID), int64(m.Member), int64(m.Role), engine.Millis(m.JoinedAt), engine.Millis(m.JoinedAt))
		}
	}
	in.End()
	bulkThreads(out, list)
	bulkEvents(out, list)
	bulkPolls(out, list)
}

func bulkThreads(out *engine.Queue, list []community.Made) {
	threads := out.Rows("community_thread", "community, id, kind, author, title, body, comments, created_at, last_at")
	for i := range list {
		for j := range list[i].Threads {
			t := &list[i].Threads[j].Thread
			threads.Add(int64(t.Community), int64(t.ID), int64(t.Kind), int64(t.Author), t.Title, t.Body, int64(t.Comments), engine.Millis(t.CreatedAt), engine.Millis(t.LastAt))
		}
	}
	threads.End()
	said := out.Rows("community_comment", "community, thread, number, id, author, body, created_at")
	each(list, func(t *community.MadeThread, c *community.Comment) {
		said.Add(int64(t.Community), int64(t.ID), int64(c.Number), int64(c.ID), int64(c.Author), c.Body, engine.Millis(c.CreatedAt))
	})
	said.End()
	history := out.Rows("community_commented", "member, thread, community, at")
	for i := range list {
		for j := range list[i].Threads {
			t := &list[i].Threads[j]
			last := map[core.ID]*community.Comment{}
			for k := range t.Said {
				last[t.Said[k].Author] = &t.Said[k]
			}
			for k := range t.Said { // in an order that is always the same
				if c := &t.Said[k]; last[c.Author] == c {
					history.Add(int64(c.Author), int64(t.ID), int64(t.Community), engine.Millis(c.CreatedAt))
				}
			}
		}
	}
	history.End()
}

func bulkEvents(out *engine.Queue, list []community.Made) {
	events := out.Rows("community_event", "community, id, day, time, words, prefecture, place, deadline, capacity, joined, waiting, changed_at")
	eachThread(list, func(t *community.MadeThread) {
		if e := t.Event; e != nil {
			events.Add(int64(t.Community), int64(t.ID), int64(e.Day), int64(e.Time), e.Words, int64(e.Prefecture), e.Place, int64(e.Deadline), int64(e.Capacity),
				int64(e.Joined), int64(e.Waiting), engine.Millis(t.CreatedAt))
		}
	})
	events.End()
	seats := out.Rows("community_seat", "community, event, member, place, waits, day, joined_at")
	eachThread(list, func(t *community.MadeThread) {
		for _, s := range t.Seats {
			seats.Add(int64(t.Community), int64(t.ID), int64(s.Member), int64(s.Place), s.Waits, int64(s.Day), engine.Millis(s.At))
		}
	})
	seats.End()
}

func bulkPolls(out *engine.Queue, list []community.Made) {
	polls := out.Rows("community_poll", "community, id, several, named, result, ends, voters")
	eachThread(list, func(t *community.MadeThread) {
		if p := t.Poll; p != nil {
			polls.Add(int64(t.Community), int64(t.ID), p.Several, p.Named, int64(p.Result), int64(p.Ends), int64(p.Voters))
		}
	})
	polls.End()
	choices := out.Rows("community_choice", "community, poll, number, text, votes")
	eachThread(list, func(t *community.MadeThread) {
		if t.Poll == nil {
			return
		}
		for _, c := range t.Poll.Choices {
			choices.Add(int64(t.Community), int64(t.ID), int64(c.Number), c.Text, int64(c.Votes))
		}
	})
	choices.End()
	votes := out.Rows("community_vote", "community, poll, member, choice, voted_at")
	eachThread(list, func(t *community.MadeThread) {
		for _, v := range t.Votes {
			votes.Add(int64(t.Community), int64(t.ID), int64(v.Member), int64(v.Choice), engine.Millis(v.At))
		}
	})
	votes.End()
}

func eachThread(list []community.Made, f func(t *community.MadeThread)) {
	for i := range list {
		for j := range list[i].Threads {
			f(&list[i].Threads[j])
		}
	}
}

func each(list []community.Made, f func(t *community.MadeThread, c *community.Comment)) {
	eachThread(list, func(t *community.MadeThread) {
		for k := range t.Said {
			f(t, &t.Said[k])
		}
	})
}
