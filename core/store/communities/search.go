package communities

import (
	"context"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/search"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// communitySearch and threadSearch read what belongs to no member: whether the viewer may see it stands where ties of members say
// whether they see each other, as the owner who is there or is not. The rule is that of core.Sharing.
var (
	communitySearch = base.Find{Kind: community.SearchCommunities, Rows: searchCommunities, Keys: `SELECT id, id FROM community WHERE id < $1 ORDER BY id DESC LIMIT $2`}
	threadSearch    = base.Find{Kind: community.SearchThreads, Rows: searchThreads, Keys: `SELECT community, id FROM community_thread WHERE id < $1 ORDER BY id DESC LIMIT $2`}
)

// viewerThere says whether the viewer takes part.
const viewerThere = `EXISTS (SELECT 1 FROM member WHERE id = w.viewer AND status = 0)`

func searchCommunities(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	with, args := base.Wanted(viewer, keys)
	return engine.List(ctx, q, func(r engine.Scanner) (row search.Row, err error) {
		err = r.Scan(&row.Owner, &row.ID, &row.Title, &row.Body, &row.Comments, &row.Ties.ViewerActive, &row.Ties.OwnerActive)
		return row, err
	}, with+`SELECT c.id, c.id, c.name, c.description, c.members, `+viewerThere+`, c.hidden = 0 AND c.deleted_at = 0
		FROM wanted w CROSS JOIN community c ON c.id = w.id`, args...)
}

func searchThreads(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	with, args := base.Wanted(viewer, keys)
	return engine.List(ctx, q, func(r engine.Scanner) (row search.Row, err error) {
		var role core.Role
		var sharing core.Sharing
		var place string
		var prefecture int
		var hidden bool
		err = r.Scan(&row.Owner, &row.ID, &row.Member.Name, &row.Title, &row.Body, &place, &prefecture, &row.Comments, &row.Photos, &row.Ties.ViewerActive,
			&sharing.MembersOnly, &sharing.Hidden, &sharing.Ending, &role, &hidden)
		row.Member.ID = row.Owner
		if prefecture > 0 && prefecture <= len(core.Prefectures) {
			place = core.Prefectures[prefecture-1].Japanese + " " + place
		}
		if place != "" { // where an event is
			row.Body += "\n" + place
		}
		row.Ties.OwnerActive = !hidden && sharing.MayRead(core.Viewer{Member: viewer}, role, false)
		return row, err
	}, with+`SELECT t.community, t.id, c.name, t.title, CASE WHEN m.id IS NULL THEN '' ELSE t.body END, coalesce(e.place, ''), coalesce(e.prefecture, 0), t.comments, t.photos, `+viewerThere+`,
			c.members_only, c.hidden, c.deleted_at > 0, coalesce(x.role, 1), t.hidden
		FROM wanted w CROSS JOIN community_thread t ON t.id = w.id CROSS JOIN community c ON c.id = t.community
		LEFT JOIN member m ON m.id = t.author AND m.status = 0 LEFT JOIN community_event e ON e.community = t.community AND e.id = t.id LEFT JOIN community_member x ON x.community = c.id AND x.member = w.viewer`, args...)
}
