package store

import (
	"musubi/core/chores"
	"musubi/core/store/engine"
)

func (s Chores) bulkComments(out *engine.Queue, b *chores.Batch) {
	boards := s.boards
	of := make([]*engine.Rows, len(boards))
	for k := range boards {
		of[k] = out.Rows(boards[k].Table, boards[k].columns)
	}
	for i := range b.Comments {
		c := &b.Comments[i]
		if boards[c.Kind].Piece != "" {
			of[c.Kind].Add(int64(c.Owner), int64(c.Thing), int64(c.Piece), int64(c.ID), int64(c.Author), c.Body, engine.Millis(c.CreatedAt))
		} else {
			of[c.Kind].Add(int64(c.Owner), int64(c.Thing), int64(c.ID), int64(c.Author), c.Body, engine.Millis(c.CreatedAt))
		}
	}
	for _, comments := range of {
		comments.End()
	}
}
