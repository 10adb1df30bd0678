package communities

import (
	"context"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Membership implements community.MemberStore.
func (s Store) Membership(ctx context.Context, id, member core.ID) (m community.Membership, err error) {
	err = s.On(ctx).Row(ctx, `SELECT role, joined_at, on_home, on_profile, letters, offered, offered_by, announced FROM community_member
		WHERE community = $1 AND member = $2`, id, member).
		Scan(&m.Role, engine.Moment(&m.JoinedAt), &m.OnHome, &m.OnProfile, &m.Letters, &m.Offered, &m.OfferedBy, engine.Moment(&m.Announced))
	return m, base.One(err)
}

// PutMembership implements community.MemberStore.
func (s Store) PutMembership(ctx context.Context, id, member core.ID, r core.Role, message string, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE community SET members = members
				+ CASE WHEN $3 >= 3 THEN 1 ELSE 0 END - (SELECT count(*) FROM community_member WHERE community = $1 AND member = $2 AND role >= 3) WHERE id = $1`,
				Args: []any{id, member, r}},
			engine.Step{Query: `INSERT INTO community_member (community, member, role, joined_at, message, announced) VALUES ($1, $2, $3, $4, $5, $4)
				ON CONFLICT (community, member) DO UPDATE SET role = excluded.role, message = excluded.message,
				joined_at = CASE WHEN community_member.role >= 3 THEN community_member.joined_at ELSE excluded.joined_at END`,
				Args: []any{id, member, r, engine.Millis(at), message}})
	})
}

// leaveCommunity is run before the row of member $2 in community $1 goes, at the time $3: counts, and who follows the administrator.
var leaveCommunity = []string{
	`UPDATE community SET members = members - (SELECT count(*) FROM community_member WHERE community = $1 AND member = $2 AND role >= 3),
		each_letters = each_letters - (SELECT count(*) FROM community_member WHERE community = $1 AND member = $2 AND letters = 2) WHERE id = $1`,
	`UPDATE community SET administrator = coalesce((SELECT member FROM community_member WHERE community = $1 AND role = 4 ORDER BY joined_at, member LIMIT 1), 0),
		vacant_since = CASE WHEN EXISTS (SELECT 1 FROM community_member WHERE community = $1 AND role = 4) THEN 0 ELSE $3 END
		WHERE id = $1 AND administrator = $2`,
	`UPDATE community_member SET role = 5 WHERE community = $1 AND role = 4 AND member = (SELECT administrator FROM community WHERE id = $1)`,
	`INSERT INTO news (member, kind, actor, thing, n, since, at) SELECT administrator, 27, administrator, id, 1, $3, $3 FROM community
		WHERE id = $1 AND administrator <> 0 AND administrator <> $2 AND EXISTS (SELECT 1 FROM community_member WHERE community = $1 AND member = $2 AND role = 5)
		ON CONFLICT (member, kind, actor, thing) DO NOTHING`,
}

// DeleteMembership implements community.MemberStore.
func (s Store) DeleteMembership(ctx context.Context, id, member core.ID, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, query := range leaveCommunity {
			if _, err := q.Run(ctx, query, id, member, engine.Millis(at)); err != nil {
				return err
			}
		}
		_, err := q.Run(ctx, `DELETE FROM community_member WHERE community = $1 AND member = $2`, id, member)
		return err
	})
}

// Among implements community.MemberStore.
func (s Store) Among(ctx context.Context, id core.ID, members []core.ID) (in []core.ID, err error) {
	for some := range slices.Chunk(members, linesAtOnce) {
		args := []any{id, core.RoleBlocked}
		for _, m := range some {
			args = append(args, m)
		}
		list, err := engine.List(ctx, s.On(ctx), func(r engine.Scanner) (m core.ID, err error) { return m, r.Scan(&m) },
			`SELECT member FROM community_member WHERE community = $1 AND role <> $2 AND member IN (`+engine.Places(3, len(some))+`)`, args...)
		if err != nil {
			return nil, err
		}
		in = append(in, list...)
	}
	return in, nil
}

// SetChoices implements community.MemberStore.
func (s Store) SetChoices(ctx context.Context, id, member core.ID, c community.Choices) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE community SET each_letters = each_letters + CASE WHEN $3 = 2 THEN 1 ELSE 0 END
				- (SELECT count(*) FROM community_member WHERE community = $1 AND member = $2 AND letters = 2) WHERE id = $1`, Args: []any{id, member, c.Letters}},
			engine.Step{Query: `UPDATE community_member SET on_home = $3, on_profile = $4, letters = $5 WHERE community = $1 AND member = $2`,
				Args: []any{id, member, c.OnHome, c.OnProfile, c.Letters}})
	})
}

// SetOffer implements community.MemberStore.
func (s Store) SetOffer(ctx context.Context, id, member core.ID, r core.Role, by core.ID) error {
	return s.Change(ctx, `UPDATE community_member SET offered = $3, offered_by = $4 WHERE community = $1 AND member = $2`, id, member, r, by)
}

// SetAdministrator implements community.MemberStore.
func (s Store) SetAdministrator(ctx context.Context, id, member core.ID) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE community_member SET role = 3 WHERE community = $1 AND role = 5`, Args: []any{id}},
			engine.Step{Query: `UPDATE community_member SET role = 5, offered = 0, offered_by = 0 WHERE community = $1 AND member = $2`, Args: []any{id, member}},
			engine.Step{Query: `UPDATE community SET administrator = $2, vacant_since = 0 WHERE id = $1`, Args: []any{id, member}})
	})
}

// SetAnnounced implements community.MemberStore.
func (s Store) SetAnnounced(ctx context.Context, id, member core.ID, at time.Time) error {
	return s.Change(ctx, `UPDATE community_member SET announced = $3 WHERE community = $1 AND member = $2 AND announced < $3`, id, member, engine.Millis(at))
}

// Members implements community.MemberStore. Those of one role come in the order in which they came, others the last first: both ways along the index.
func (s Store) Members(ctx context.Context, id core.ID, least, most core.Role, p core.Page) ([]community.MemberLine, error) {
	order := ` ORDER BY x.role DESC, x.joined_at DESC, x.member DESC`
	if least == most {
		order = ` ORDER BY x.joined_at, x.member`
	}
	return engine.List(ctx, s.On(ctx), memberLine, `SELECT `+memberLineColumns+`WHERE x.community = $1 AND x.role >= $2 AND x.role <= $3 AND m.status = 0`+order+` LIMIT $4 OFFSET $5`,
		id, least, most, p.Limit(), p.Offset())
}

const memberLineColumns = base.MemberColumns + `, x.role, x.message, x.offered, x.joined_at FROM community_member x JOIN member m ON m.id = x.member` + base.MemberPhoto

func memberLine(r engine.Scanner) (l community.MemberLine, err error) {
	err = r.Scan(append(base.MemberFields(&l.Member), &l.Role, &l.Message, &l.Offered, engine.Moment(&l.JoinedAt))...)
	l.Member.Photo.Owner = l.Member.ID
	return l, err
}

// MembersFrom implements community.MemberStore.
func (s Store) MembersFrom(ctx context.Context, id core.ID, least, most core.Role, part community.Stretch) ([]community.MemberLine, error) {
	side, order := `<`, ` ORDER BY x.role DESC, x.joined_at DESC, x.member DESC`
	if part.Back {
		side, order = `>`, ` ORDER BY x.role, x.joined_at, x.member`
	}
	list, err := engine.List(ctx, s.On(ctx), memberLine, `SELECT `+memberLineColumns+`WHERE x.community = $1 AND +x.role >= $2 AND +x.role <= $3
		AND (x.role, x.joined_at, x.member) `+side+` ($4, $5, $6) AND m.status = 0`+order+` LIMIT $7`,
		id, least, most, part.From.Role, engine.Millis(part.From.At), part.From.Member, part.Size+1)
	if part.Back {
		slices.Reverse(list)
	}
	return list, err
}

// CountRole implements community.MemberStore.
func (s Store) CountRole(ctx context.Context, id core.ID, r core.Role) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM community_member WHERE community = $1 AND role = $2`, id, r).Scan(&n)
	return n, err
}

// CountMemberships implements community.MemberStore.
func (s Store) CountMemberships(ctx context.Context, member core.ID) (in, administered int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT (SELECT count(*) FROM community_member WHERE member = $1 AND role >= 2), (SELECT count(*) FROM community WHERE administrator = $1)`,
		member).Scan(&in, &administered)
	return in, administered, err
}

func communityLine(r engine.Scanner) (l community.Line, err error) {
	return l, r.Scan(append(communityFields(&l.Community), &l.Role, &l.Shared, &l.New)...)
}

// Memberships implements community.MemberStore.
func (s Store) Memberships(ctx context.Context, member core.ID, p core.Page) ([]community.Line, error) {
	return engine.List(ctx, s.On(ctx), communityLine, `SELECT `+communityColumns+`, x.role, 1, 0 FROM community_member x JOIN community c ON c.id = x.community`+
		communityJoins+`WHERE x.member = $1 AND x.role >= 3 AND (c.deleted_at = 0 OR x.role = 5) ORDER BY c.touched DESC, c.id DESC LIMIT $2 OFFSET $3`,
		member, p.Limit(), p.Offset())
}

// ShownMemberships implements community.MemberStore.
func (s Store) ShownMemberships(ctx context.Context, member, viewer core.ID, p core.Page) ([]community.Line, error) {
	return engine.List(ctx, s.On(ctx), communityLine, `SELECT `+communityColumns+`, x.role, coalesce(v.role, 1) >= 3, 0 FROM community_member x JOIN community c ON c.id = x.community
		LEFT JOIN community_member v ON v.community = x.community AND v.member = $2`+communityJoins+
		`WHERE x.member = $1 AND x.role >= 3 AND x.on_profile = 1 AND c.hidden = 0 AND c.deleted_at = 0
		ORDER BY coalesce(v.role, 1) >= 3 DESC, c.touched DESC, c.id DESC LIMIT $3 OFFSET $4`, member, viewer, p.Limit(), p.Offset())
}

// HasInvitation implements community.MemberStore.
func (s Store) HasInvitation(ctx context.Context, member, id core.ID) (has bool, err error) {
	err = s.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM community_invitation WHERE member = $1 AND community = $2)`, member, id).Scan(&has)
	return has, err
}

// PutInvitation implements community.MemberStore.
func (s Store) PutInvitation(ctx context.Context, member, id, inviter core.ID, at time.Time) error {
	return s.Change(ctx, `INSERT INTO community_invitation (member, community, inviter, sent_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member, community, inviter) DO NOTHING`, member, id, inviter, engine.Millis(at))
}

// DeleteInvitations implements community.MemberStore.
func (s Store) DeleteInvitations(ctx context.Context, member, id core.ID) error {
	return s.Change(ctx, `DELETE FROM community_invitation WHERE member = $1 AND community = $2`, member, id)
}

// CountInvitations implements community.MemberStore.
func (s Store) CountInvitations(ctx context.Context, inviter core.ID, most int) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM (SELECT 1 FROM community_invitation WHERE inviter = $1 LIMIT $2) AS sent`, inviter, most).Scan(&n)
	return n, err
}
