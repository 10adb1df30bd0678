package store

import (
	"context"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// FriendSettings implements people.FriendStore.
func (s People) FriendSettings(ctx context.Context, member, friend core.ID) (f people.FriendSettings, err error) {
	err = s.on(ctx).Row(ctx, `SELECT since, locked_until, on_home FROM friend WHERE member = $1 AND friend = $2`, member, friend).
		Scan(engine.Moment(&f.Since), engine.Moment(&f.LockedUntil), &f.OnHome)
	return f, one(err)
}

// SetOnHome implements people.FriendStore.
func (s People) SetOnHome(ctx context.Context, member, friend core.ID, on bool) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE friend SET on_home = $1 WHERE member = $2 AND friend = $3`, on, member, friend)
		if err == nil && n == 0 {
			return core.ErrNotFound
		}
		return err
	})
}

// DeleteFriends implements people.FriendStore.
func (s People) DeleteFriends(ctx context.Context, a, b core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, pair := range [...][2]core.ID{{a, b}, {b, a}} {
			n, err := q.Run(ctx, `DELETE FROM friend WHERE member = $1 AND friend = $2`, pair[0], pair[1])
			if err != nil {
				return err
			}
			if n == 0 {
				return core.ErrNotFound
			}
			if _, err := q.Run(ctx, `UPDATE member SET friends = friends - 1 WHERE id = $1`, pair[0]); err != nil {
				return err
			}
			for _, query := range [...]string{
				`DELETE FROM friend_diary WHERE member = $1 AND owner = $2`,
				`DELETE FROM friend_album WHERE member = $1 AND owner = $2`,
				`DELETE FROM friend_birthday WHERE member = $1 AND friend = $2`,
			} {
				if _, err := q.Run(ctx, query, pair[0], pair[1]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// MutualFriends implements people.FriendStore.
func (s People) MutualFriends(ctx context.Context, a, b core.ID, p core.Page) ([]core.Member, error) {
	return engine.List(ctx, s.on(ctx), memberRow, `SELECT `+memberColumns+` FROM friend f
		JOIN friend g ON g.member = $2 AND g.friend = f.friend JOIN member m ON m.id = f.friend`+memberPhoto+
		`WHERE f.member = $1 AND m.status = 0 ORDER BY `+FriendOrders[people.ByLogin].SQL()+` LIMIT $3 OFFSET $4`,
		a, b, p.Limit(), p.Offset())
}

// PathWidth is how many friends of each end are looked at for a way over two members, so that at most its square of pairs
// is asked about.
const PathWidth = 50

// PathBetween implements people.FriendStore: a common friend, or else two members who are friends of each other, among
// the newest PathWidth friends of both ends. No way leads over a member who has left or is held (SEC-115).
func (s People) PathBetween(ctx context.Context, a, b core.ID) ([]core.ID, error) {
	var first core.ID
	err := s.on(ctx).Row(ctx, `SELECT f.friend FROM friend f JOIN friend g ON g.member = $2 AND g.friend = f.friend
		JOIN member m ON m.id = f.friend AND m.status = 0 WHERE f.member = $1 LIMIT 1`, a, b).Scan(&first)
	if err = one(err); err != core.ErrNotFound {
		return []core.ID{first}, err
	}
	return s.PathOverTwo(ctx, a, b)
}

// PathOverTwo is PathBetween for two who have no friend in common.
func (s People) PathOverTwo(ctx context.Context, a, b core.ID) ([]core.ID, error) {
	var first, second core.ID
	err := s.on(ctx).Row(ctx, `SELECT x.member, x.friend
		FROM (SELECT friend FROM friend WHERE member = $1 ORDER BY `+NewestFriends.SQL()+` LIMIT $3) f
		CROSS JOIN (SELECT friend FROM friend WHERE member = $2 ORDER BY `+NewestFriends.SQL()+` LIMIT $3) g
		JOIN friend x ON x.member = f.friend AND x.friend = g.friend
		JOIN member m ON m.id = f.friend AND m.status = 0 JOIN member n ON n.id = g.friend AND n.status = 0 LIMIT 1`, a, b, PathWidth).Scan(&first, &second)
	if err = one(err); err == core.ErrNotFound {
		return nil, nil
	}
	return []core.ID{first, second}, err
}
