package communities

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// What a cache reads: rows without what others say of them, such as the names and the status of their authors.

// A MembershipRow is what a member is in a community.
type MembershipRow struct {
	Community core.ID
	community.Membership
}

// MembershipRows lists everything that a member is in communities, applications and refusals too, by community.
func (s Store) MembershipRows(ctx context.Context, member core.ID) ([]MembershipRow, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (m MembershipRow, err error) {
		return m, r.Scan(&m.Community, &m.Role, engine.Moment(&m.JoinedAt), &m.OnHome, &m.OnProfile, &m.Letters, &m.Offered, &m.OfferedBy, engine.Moment(&m.Announced))
	}, `SELECT community, role, joined_at, on_home, on_profile, letters, offered, offered_by, announced FROM community_member WHERE member = $1 ORDER BY community`, member)
}

func communityRow(r engine.Scanner) (c community.Community, err error) {
	return c, r.Scan(communityFields(&c)...)
}

// CommunitiesIn reads in one the communities that a member has to do with.
func (s Store) CommunitiesIn(ctx context.Context, member core.ID) ([]community.Community, error) {
	return engine.List(ctx, s.On(ctx), communityRow, `SELECT `+communityColumns+` FROM community_member x JOIN community c ON c.id = x.community`+communityJoins+
		`WHERE x.member = $1`, member)
}

// BestIDs is Best as IDs, read from an index alone.
func (s Store) BestIDs(ctx context.Context, category core.ID, o community.Order, p core.Page) ([]core.ID, error) {
	query := `SELECT c.id FROM community c WHERE c.hidden = 0 AND c.deleted_at = 0`
	if category != 0 {
		return engine.List(ctx, s.On(ctx), anID, query+` AND c.category = $3`+bestOrders[o]+` LIMIT $1 OFFSET $2`, p.Limit(), p.Offset(), category)
	}
	return engine.List(ctx, s.On(ctx), anID, query+bestOrders[o]+` LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// NearIDs is Near as IDs; what was hidden since is among them.
func (s Store) NearIDs(ctx context.Context, id core.ID) ([]core.ID, error) {
	return engine.List(ctx, s.On(ctx), anID, `SELECT other FROM community_near WHERE community = $1 ORDER BY place`, id)
}

// A MemberName is a row of a list of members.
type MemberName struct {
	Member   core.ID
	Role     core.Role
	Message  string
	Offered  core.Role
	JoinedAt time.Time
}

// MemberNames is Members without who they are, for roles from one to a higher one.
func (s Store) MemberNames(ctx context.Context, id core.ID, least, most core.Role, limit int) ([]MemberName, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (l MemberName, err error) {
		return l, r.Scan(&l.Member, &l.Role, &l.Message, &l.Offered, engine.Moment(&l.JoinedAt))
	}, `SELECT x.member, x.role, x.message, x.offered, x.joined_at FROM community_member x JOIN member m ON m.id = x.member
		WHERE x.community = $1 AND x.role >= $2 AND x.role <= $3 AND m.status = 0 ORDER BY x.role DESC, x.joined_at DESC, x.member DESC LIMIT $4`, id, least, most, limit)
}

// ThreadRow gives a thread as it stands in its table, whoever its author is.
func (s Store) ThreadRow(ctx context.Context, thread core.ID) (community.Thread, error) {
	t, err := threadRow(s.On(ctx).Row(ctx, `SELECT t.community, t.id, t.kind, t.author, '', t.title, t.body, t.comments, t.photos, t.pinned, t.previous, t.next,
		t.created_at, t.last_at, '', t.hidden, t.likes FROM community_thread t WHERE t.id = $1`, thread))
	return t, base.One(err)
}

// A ThreadName is a row of a list of threads.
type ThreadName struct {
	ID     core.ID
	LastAt time.Time
}

func threadName(r engine.Scanner) (t ThreadName, err error) {
	return t, r.Scan(&t.ID, engine.Moment(&t.LastAt))
}

// ThreadNames is the first page of Threads as IDs.
func (s Store) ThreadNames(ctx context.Context, id core.ID, kind community.ThreadKind, limit int) ([]ThreadName, error) {
	return engine.List(ctx, s.On(ctx), threadName, `SELECT id, last_at FROM community_thread WHERE community = $1 AND kind = $2 AND hidden = 0
		ORDER BY pinned DESC, last_at DESC, id DESC LIMIT $3`, id, kind, limit)
}

// NewestNames lists the threads of a community that were last written to.
func (s Store) NewestNames(ctx context.Context, id core.ID, limit int) ([]ThreadName, error) {
	return engine.List(ctx, s.On(ctx), threadName, `SELECT id, last_at FROM community_thread WHERE community = $1 AND hidden = 0 ORDER BY last_at DESC, id DESC LIMIT $2`, id, limit)
}

// NumberedRows is Numbered without who the authors are; those of members who are away are among them.
func (s Store) NumberedRows(ctx context.Context, id, thread core.ID, first, last int) ([]community.Comment, error) {
	list, err := engine.List(ctx, s.On(ctx), func(r engine.Scanner) (c community.Comment, err error) {
		return c, r.Scan(&c.Community, &c.Thread, &c.Number, &c.ID, &c.Author, &c.Body, &c.PhotoCount, engine.Moment(&c.CreatedAt), &c.Hidden, &c.Likes)
	}, `SELECT community, thread, number, id, author, body, photos, created_at, hidden, likes FROM community_comment
		WHERE community = $1 AND thread = $2 AND number >= $3 AND number <= $4 ORDER BY number`, id, thread, first, last)
	if err != nil {
		return nil, err
	}
	return list, s.numberedPhotos(ctx, list, id, thread, first, last)
}
