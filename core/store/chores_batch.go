package store

import (
	"context"

	"musubi/core/chores"
	"musubi/core/store/communities"
	"musubi/core/store/engine"
)

// InsertBatch implements chores.BatchStore.
func (s Chores) InsertBatch(ctx context.Context, b *chores.Batch) error {
	return s.db.Bulk(ctx, func(ctx context.Context, q engine.Querier) error {
		if err := bulkSearch(ctx, q, b); err != nil {
			return err
		}
		return engine.Insert(ctx, q, func(out *engine.Queue) {
			for _, insert := range [...]func(*engine.Queue, *chores.Batch){
				bulkMembers, bulkFriends, bulkDiaries, bulkAlbums, bulkPhotos, s.bulkComments, bulkLists, bulkVisits, bulkMessages, bulkTies,
				func(out *engine.Queue, b *chores.Batch) { communities.Bulk(out, b.Communities) },
			} {
				insert(out, b)
			}
		})
	})
}
