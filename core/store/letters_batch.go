package store

import (
	"musubi/core/chores"
	"musubi/core/store/engine"
	"musubi/core/store/messages"
)

func bulkMessages(out *engine.Queue, b *chores.Batch) {
	rows := out.Rows("message", "member, id, kind, folder, other, other_name, subject, body, folded, answers, unread, photos, created_at")
	for i := range b.Messages {
		m := &b.Messages[i]
		rows.Add(int64(m.Member), int64(m.ID), int64(m.Kind), int64(m.Folder), int64(m.Other), m.OtherName, m.Subject, m.Body, messages.Folded(*m),
			int64(m.Answers), m.Unread, int64(0), engine.Millis(m.At))
	}
	rows.End()
}
