package store

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store/engine"
)

// diaryPhotos counts the photos of an entry.
var diaryPhotos = PhotoCount{
	Kind: journal.DiaryPhoto,
	Attached: func(ctx context.Context, q engine.Querier, to core.Attached) error {
		return countDiaryPhoto(ctx, q, to, 1)
	},
	Leaves: func(ctx context.Context, q engine.Querier, _, _ core.ID, from core.Attached) error {
		return countDiaryPhoto(ctx, q, from, -1)
	},
}

func countDiaryPhoto(ctx context.Context, q engine.Querier, at core.Attached, n int) error {
	_, err := q.Run(ctx, `UPDATE diary SET photos = photos + $3 WHERE member = $1 AND id = $2`, at.Owner, at.Thing, n)
	return err
}
