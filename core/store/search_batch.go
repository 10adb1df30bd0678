package store

import (
	"context"

	"musubi/core/chores"
	"musubi/core/store/engine"
)

// bulkSearch leaves the new rows to the filling of the search index, which goes on beside the pages when a process serves
// them: to note each one, or to index it here, would make a fill slower.
func bulkSearch(ctx context.Context, q engine.Querier, b *chores.Batch) error {
	if len(b.Members) == 0 && len(b.Diaries) == 0 && len(b.Albums) == 0 {
		return nil
	}
	return forgetFilling(ctx, q)
}
