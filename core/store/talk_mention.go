package store

import (
	"context"

	"musubi/core"
	"musubi/core/store/engine"
)

// FriendNames implements talk.MentionStore.
func (s Talk) FriendNames(ctx context.Context, member core.ID) ([]core.Member, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (m core.Member, err error) {
		return m, r.Scan(&m.ID, &m.Name)
	}, `SELECT m.id, m.name FROM friend f JOIN member m ON m.id = f.friend WHERE f.member = $1 AND m.status = 0 ORDER BY m.name, m.id`, member)
}
