package store

import (
	"context"

	"musubi/core"
)

const nearTies = `SELECT
		EXISTS (SELECT 1 FROM member WHERE id = $1 AND status = 0),
		EXISTS (SELECT 1 FROM member WHERE id = $2 AND status = 0),
		EXISTS (SELECT 1 FROM block WHERE member = $1 AND blocked = $2) OR EXISTS (SELECT 1 FROM block WHERE member = $2 AND blocked = $1),
		EXISTS (SELECT 1 FROM friend WHERE member = $1 AND friend = $2)`

// Ties implements core.PermissionStore in one look-up. Common friends, the dear part of it, are looked for only when the
// two are no friends. Who has left or is held is nobody's common friend: their friendships end with the purge only (SEC-115).
func (s Desk) Ties(ctx context.Context, viewer, owner core.ID) (core.Ties, error) {
	return s.ties(ctx, viewer, owner, nearTies+`,
		CASE WHEN EXISTS (SELECT 1 FROM friend WHERE member = $1 AND friend = $2) THEN false ELSE
			EXISTS (SELECT 1 FROM friend a JOIN friend b ON b.member = a.friend AND b.friend = $2
				JOIN member m ON m.id = a.friend AND m.status = 0 WHERE a.member = $1) END`)
}

// NearTies implements core.PermissionStore.
func (s Desk) NearTies(ctx context.Context, viewer, owner core.ID) (core.Ties, error) {
	return s.ties(ctx, viewer, owner, nearTies+`, 0`)
}

func (s Desk) ties(ctx context.Context, viewer, owner core.ID, query string) (t core.Ties, err error) {
	if viewer == owner {
		err = s.on(ctx).Row(ctx, `SELECT status = 0 FROM member WHERE id = $1`, owner).Scan(&t.OwnerActive)
		t.ViewerActive = t.OwnerActive
		return t, one(err)
	}
	err = s.on(ctx).Row(ctx, query, viewer, owner).Scan(&t.ViewerActive, &t.OwnerActive, &t.Blocked, &t.Friends, &t.CommonFriend)
	return t, err
}
