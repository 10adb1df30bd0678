package store

import (
	"context"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// FriendPeople gives all friends of a member, active or not.
func (s People) FriendPeople(ctx context.Context, member core.ID) ([]Person, error) {
	return engine.List(ctx, s.on(ctx), personRow, `SELECT `+personColumns+` FROM friend f JOIN member m ON m.id = f.friend`+memberPhoto+
		`WHERE f.member = $1`, member)
}

// Profile implements core.MemberStore.
func (s People) Profile(ctx context.Context, member core.ID) ([]core.ProfileValue, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (v core.ProfileValue, err error) {
		return v, r.Scan(&v.Key, &v.Value, &v.Visibility)
	}, `SELECT field, value, visibility FROM profile WHERE member = $1`, member)
}

// SetProfile implements core.MemberStore: the values given replace those of the same keys.
func (s People) SetProfile(ctx context.Context, member core.ID, values []core.ProfileValue) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, v := range values {
			_, err := q.Run(ctx, `INSERT INTO profile (member, field, value, visibility) VALUES ($1, $2, $3, $4)
				ON CONFLICT (member, field) DO UPDATE SET value = excluded.value, visibility = excluded.visibility`,
				member, v.Key, v.Value, v.Visibility)
			if err != nil {
				return err
			}
			if v.Key == people.BirthdayField {
				if err := fanOutBirthday(ctx, q, member); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
