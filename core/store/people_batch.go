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
