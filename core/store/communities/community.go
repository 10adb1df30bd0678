// Package communities is the SQL of core/community.
package communities

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// A Store keeps communities and what stands in them.
type Store struct {
	base.Area
	Life
	Likes
}

const communityColumns = `c.id, c.name, c.description, c.category, c.administrator, coalesce(a.name, ''), c.approval, c.members_only, c.openers, c.hidden,
	c.members, c.each_letters, c.created_at, c.touched, c.vacant_since, c.deleted_at, c.announced_at, c.photo_member,
	coalesce(h.id, 0), coalesce(h.hash, ''), coalesce(h.type, ''), coalesce(h.width, 0), coalesce(h.height, 0)`

// communityJoins reads for communities c who governs them and how they look.
const communityJoins = ` LEFT JOIN member a ON a.id = c.administrator LEFT JOIN photo h ON h.member = c.photo_member AND h.id = c.photo `

func communityFields(c *community.Community) []any {
	return []any{&c.ID, &c.Name, &c.Description, &c.Category, &c.Administrator, &c.AdministratorName, &c.Approval, &c.MembersOnly, &c.OpenedByFew, &c.Hidden,
		&c.Members, &c.EachLetters, engine.Moment(&c.CreatedAt), engine.Moment(&c.TouchedAt), engine.Moment(&c.VacantSince), engine.Moment(&c.DeletedAt),
		engine.Moment(&c.AnnouncedAt), &c.Photo.Owner, &c.Photo.ID, &c.Photo.Hash, &c.Photo.Type, &c.Photo.Width, &c.Photo.Height}
}

// InsertCommunity implements community.CommunityStore.
func (s Store) InsertCommunity(ctx context.Context, c community.Community) error {
	return s.Change(ctx, `INSERT INTO community (id, name, description, category, administrator, approval, members_only, openers, hidden, created_at, touched)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, c.ID, c.Name, c.Description, c.Category, c.Administrator, c.Approval, c.MembersOnly,
		c.OpenedByFew, c.Hidden, engine.Millis(c.CreatedAt), engine.Millis(c.TouchedAt))
}

// Community implements community.CommunityStore.
func (s Store) Community(ctx context.Context, id core.ID) (c community.Community, err error) {
	err = s.On(ctx).Row(ctx, `SELECT `+communityColumns+` FROM community c`+communityJoins+`WHERE c.id = $1`, id).Scan(communityFields(&c)...)
	return c, base.One(err)
}

// UpdateCommunity implements community.CommunityStore.
func (s Store) UpdateCommunity(ctx context.Context, c community.Community) error {
	return s.Change(ctx, `UPDATE community SET name = $2, description = $3, category = $4, approval = $5, members_only = $6, openers = $7, hidden = $8 WHERE id = $1`,
		c.ID, c.Name, c.Description, c.Category, c.Approval, c.MembersOnly, c.OpenedByFew, c.Hidden)
}

// SetCommunityPhoto implements community.CommunityStore.
func (s Store) SetCommunityPhoto(ctx context.Context, id core.ID, p core.Photo) error {
	return s.Change(ctx, `UPDATE community SET photo_member = $2, photo = $3 WHERE id = $1`, id, p.Owner, p.ID)
}

// SetCommunityDeleted implements community.CommunityStore.
func (s Store) SetCommunityDeleted(ctx context.Context, id core.ID, at time.Time) error {
	return s.Change(ctx, `UPDATE community SET deleted_at = $2 WHERE id = $1`, id, engine.Millis(at))
}

// Categories implements community.CommunityStore.
func (s Store) Categories(ctx context.Context) ([]community.Category, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (c community.Category, err error) {
		return c, r.Scan(&c.ID, &c.Parent, &c.Place, &c.Name, &c.English)
	}, `SELECT k.id, k.parent, k.place, k.name, k.english FROM community_category k LEFT JOIN community_category h ON h.id = k.parent
		ORDER BY coalesce(h.place, k.place), coalesce(h.id, k.id), k.parent, k.place, k.id`)
}

// PutCategory implements community.CommunityStore.
func (s Store) PutCategory(ctx context.Context, c community.Category) error {
	return s.Change(ctx, `INSERT INTO community_category (id, parent, place, name, english) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, place = excluded.place, name = excluded.name, english = excluded.english`, c.ID, c.Parent, c.Place, c.Name, c.English)
}

// DeleteCategory implements community.CommunityStore. A community that is hidden, or deleted and not gone, is in it, too.
func (s Store) DeleteCategory(ctx context.Context, id core.ID) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		var used bool
		err := q.Row(ctx, `SELECT EXISTS (SELECT 1 FROM community WHERE category = $1) OR EXISTS (SELECT 1 FROM community_category WHERE parent = $1)`, id).Scan(&used)
		if err != nil {
			return err
		}
		if used {
			return community.ErrCategoryUsed
		}
		_, err = q.Run(ctx, `DELETE FROM community_category WHERE id = $1`, id)
		return err
	})
}

// FindCommunities implements community.CommunityStore.
func (s Store) FindCommunities(ctx context.Context, word string, p core.Page) ([]community.Community, error) {
	return engine.List(ctx, s.On(ctx), communityRow, `SELECT `+communityColumns+` FROM community c`+communityJoins+
		`WHERE $1 = '' OR instr(c.name, $1) > 0 ORDER BY c.id DESC LIMIT $2 OFFSET $3`, word, p.Limit(), p.Offset())
}
