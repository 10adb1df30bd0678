package store

import (
	"cmp"
	"context"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/albums"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// fanOutBack is how many of a new friend's entries come among the friends' newest.
const fanOutBack = 20

// InsertFriends implements people.FriendStore.
func (s People) InsertFriends(ctx context.Context, a, b core.ID, since, lockedUntil time.Time) (made bool, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, pair := range [...][2]core.ID{{a, b}, {b, a}} {
			n, err := q.Run(ctx, `INSERT INTO friend (member, friend, since, locked_until) VALUES ($1, $2, $3, $4)
				ON CONFLICT (member, friend) DO NOTHING`, pair[0], pair[1], engine.Millis(since), engine.Millis(lockedUntil))
			if err != nil || n == 0 {
				return err
			}
			if _, err := q.Run(ctx, `UPDATE member SET friends = friends + 1, alone_since = 0 WHERE id = $1`, pair[0]); err != nil {
				return err
			}
			_, err = q.Run(ctx, `INSERT INTO friend_diary (member, diary, owner)
				SELECT $1, id, member FROM diary WHERE member = $2 AND visibility <= $3 ORDER BY id DESC LIMIT $4
				ON CONFLICT (member, diary, owner) DO NOTHING`, pair[0], pair[1], core.Friends, fanOutBack)
			if err != nil {
				return err
			}
			if err := albums.Back(ctx, q, pair[0], pair[1], fanOutBack); err != nil {
				return err
			}
			if err := noteBirthday(ctx, q, pair[0], pair[1]); err != nil {
				return err
			}
			made = true
		}
		return nil
	})
	return made, err
}

// A Befriended is a friend on their way into a list, from friend f and member m.
type Befriended struct {
	*core.Member
	Since time.Time
}

// What lists of friends are sorted by.
var (
	byHere   = base.By[Befriended]{Column: "m.last_login_at", Down: true, Compare: func(a, b Befriended) int { return a.LastLoginAt.Compare(b.LastLoginAt) }}
	bySince  = base.By[Befriended]{Column: "f.since", Down: true, Compare: func(a, b Befriended) int { return a.Since.Compare(b.Since) }}
	byNewest = base.By[Befriended]{Column: "m.id", Down: true, Compare: byID}
	byName   = base.By[Befriended]{Column: "m.name", Compare: func(a, b Befriended) int { return strings.Compare(a.Name, b.Name) }}
)

func byID(a, b Befriended) int { return cmp.Compare(a.ID, b.ID) }

// FriendOrders is each order of the list of friends.
var FriendOrders = [...]base.Order[Befriended]{
	people.ByLogin: {byHere, byNewest},
	people.BySince: {bySince, byNewest},
	people.ByName:  {byName, {Column: "m.id", Compare: byID}},
}

// NewestFriends is the order in which the friends of an end of a path are looked at.
var NewestFriends = base.Order[FriendRow]{{Column: "since", Down: true, Compare: func(a, b FriendRow) int { return a.Since.Compare(b.Since) }}}

// FriendLines implements people.FriendStore.
func (s People) FriendLines(ctx context.Context, member core.ID, order people.FriendOrder, p core.Page) ([]people.FriendLine, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (f people.FriendLine, err error) {
		err = r.Scan(append(memberFields(&f.Member), engine.Moment(&f.Since))...)
		f.Member.Photo.Owner = f.Member.ID
		return f, err
	}, `SELECT `+memberColumns+`, f.since FROM friend f JOIN member m ON m.id = f.friend`+memberPhoto+
		`WHERE f.member = $1 AND m.status = 0 ORDER BY `+FriendOrders[order].SQL()+` LIMIT $2 OFFSET $3`,
		member, p.Limit(), p.Offset())
}

// FriendIDs implements people.FriendStore.
func (s People) FriendIDs(ctx context.Context, member core.ID) ([]core.ID, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (id core.ID, err error) { return id, r.Scan(&id) },
		`SELECT friend FROM friend WHERE member = $1 ORDER BY friend`, member)
}

// A FriendRow is a friend and the time since when.
type FriendRow struct {
	ID    core.ID
	Since time.Time
}

// FriendRows lists all friends of a member, active or not, by ID: what a cache makes lists and ties of.
func (s People) FriendRows(ctx context.Context, member core.ID) ([]FriendRow, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (f FriendRow, err error) { return f, r.Scan(&f.ID, engine.Moment(&f.Since)) },
		`SELECT friend, since FROM friend WHERE member = $1 ORDER BY friend`, member)
}
