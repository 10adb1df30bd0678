package store

import (
	"musubi/core/chores"
	"musubi/core/store/engine"
)

func bulkFriends(out *engine.Queue, b *chores.Batch) {
	friends := out.Rows("friend", "member, friend, since, locked_until")
	for _, f := range b.Friends {
		friends.Add(int64(f.Member), int64(f.Friend), engine.Millis(f.Since), int64(0))
	}
	friends.End()
	birthdays := out.Rows("friend_birthday", "member, day, friend")
	for _, f := range b.Birthdays {
		birthdays.Add(int64(f.Member), int64(f.Month)*100+int64(f.Day), int64(f.Friend))
	}
	birthdays.End()
}

func bulkTies(out *engine.Queue, b *chores.Batch) {
	blocks := out.Rows("block", "member, blocked, blocked_at")
	for _, k := range b.Blocks {
		blocks.Add(int64(k.Member), int64(k.Blocked), engine.Millis(k.At))
	}
	blocks.End()
	said := out.Rows("endorsement", "member, author, relationship, body, written_at")
	by := out.Rows("endorsed", "member, about, written_at")
	for _, e := range b.Endorsements {
		said.Add(int64(e.About), int64(e.Author), e.Relationship, e.Body, engine.Millis(e.WrittenAt))
		by.Add(int64(e.Author), int64(e.About), engine.Millis(e.WrittenAt))
	}
	said.End()
	by.End()
	categories := out.Rows("diary_category", "member, id, name")
	for _, c := range b.Categories {
		categories.Add(int64(c.Member), int64(c.ID), c.Name)
	}
	categories.End()
}

func bulkVisits(out *engine.Queue, b *chores.Batch) {
	lines := out.Rows("footprint", "member, visitor, day, visited_at")
	books := out.Rows("footprint_book", "member, total")
	for i := range b.Visits {
		of := &b.Visits[i]
		books.Add(int64(of.Member), int64(of.Total))
		for _, v := range of.Lines {
			lines.Add(int64(of.Member), int64(v.Visitor), int64(v.Day), engine.Millis(v.At))
		}
	}
	lines.End()
	books.End()
}
