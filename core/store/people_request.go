package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// InsertRequest implements people.RequestStore.
func (s People) InsertRequest(ctx context.Context, from, to core.ID, message string, at time.Time) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, row := range [...]struct {
			member, other core.ID
			incoming      bool
		}{{from, to, false}, {to, from, true}} {
			_, err := q.Run(ctx, `INSERT INTO friend_request (member, incoming, other, message, sent_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (member, incoming, other) DO UPDATE SET message = excluded.message, sent_at = excluded.sent_at`,
				row.member, row.incoming, row.other, message, engine.Millis(at))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteRequest implements people.RequestStore.
func (s People) DeleteRequest(ctx context.Context, from, to core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM friend_request WHERE member = $1 AND incoming = 0 AND other = $2`, from, to)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		_, err = q.Run(ctx, `DELETE FROM friend_request WHERE member = $1 AND incoming = 1 AND other = $2`, to, from)
		return err
	})
}

// Requests implements people.RequestStore.
func (s People) Requests(ctx context.Context, member core.ID, incoming bool, p core.Page) ([]people.FriendRequest, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (people.FriendRequest, error) {
		q := people.FriendRequest{Incoming: incoming}
		err := r.Scan(append(memberFields(&q.Other), &q.Message, engine.Moment(&q.SentAt))...)
		q.Other.Photo.Owner = q.Other.ID
		return q, err
	}, `SELECT `+memberColumns+`, r.message, r.sent_at FROM friend_request r JOIN member m ON m.id = r.other`+memberPhoto+
		`WHERE r.member = $1 AND r.incoming = $2 AND m.status = 0 ORDER BY r.sent_at DESC, m.id DESC LIMIT $3 OFFSET $4`,
		member, incoming, p.Limit(), p.Offset())
}

// CountSentRequests implements people.RequestStore.
func (s People) CountSentRequests(ctx context.Context, member core.ID, max int) (n int, err error) {
	err = s.on(ctx).Row(ctx, `SELECT count(*) FROM (SELECT 1 FROM friend_request WHERE member = $1 AND incoming = 0 LIMIT $2) r`,
		member, max).Scan(&n)
	return n, err
}
