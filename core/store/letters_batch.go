package store

import (
	"musubi/core/chores"
	"musubi/core/store/engine"
)

func bulkMessages(out *engine.Queue, b *chores.Batch) {
	messages := out.Rows("message", "member, id, kind, folder, other, other_name, subject, body, folded, answers, unread, photos, created_at")
	for i := range b.Messages {
		m := &b.Messages[i]
		messages.Add(int64(m.Member), int64(m.ID), int64(m.Kind), int64(m.Folder), int64(m.Other), m.OtherName, m.Subject, m.Body, foldedMessage(*m),
			int64(m.Answers), m.Unread, int64(0), engine.Millis(m.At))
	}
	messages.End()
}
