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

func each(list []community.Made, f func(t *community.MadeThread, c *community.Comment)) {
	for i := range list {
		for j := range list[i].Threads {
			t := &list[i].Threads[j]
			for k := range t.Said {
				f(t, &t.Said[k])
			}
		}
	}
}
