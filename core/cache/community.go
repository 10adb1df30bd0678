package cache

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/communities"
)

// Bytes that values of communities take beside their texts.
const (
	communityBytes  = 420
	membershipBytes = 96
	threadBytes     = 300
	nameBytes       = 40
)

// Community keeps communities, who is in them, and what stands there. Lists are put together of what is kept of each
// community, so that a post in one makes what is kept of that one stale, and of no member.
type Community struct {
	communities.Store
	*Cache
}

// keptCommunity is a community without the name of its administrator.
type keptCommunity struct{ community.Community }

// fresh looks for its picture, which hangs there in another table.
func (k *keptCommunity) fresh(r reading) bool {
	return k.Photo.Owner == 0 || r.same(photosOf, k.Photo.Owner, 0)
}

func bytesOfCommunity(k *keptCommunity) int {
	return communityBytes + len(k.Name) + len(k.Description) + len(k.AdministratorName) + len(k.Photo.Hash)
}

// community is a community without a copy; AdministratorName may be an old one.
func (c *Cache) community(ctx context.Context, id core.ID) (*keptCommunity, error) {
	return through(ctx, c, key{kind: aCommunity, a: id}, bytesOfCommunity, func() (*keptCommunity, error) {
		of, err := c.source.Community.Community(ctx, id)
		return &keptCommunity{of}, err
	})
}

// governed is a copy of a community with the name of its administrator.
func (c *Cache) governed(ctx context.Context, k *keptCommunity) (community.Community, error) {
	of := k.Community
	of.AdministratorName = ""
	if of.Administrator == 0 {
		return of, nil
	}
	p, err := c.personOrNobody(ctx, of.Administrator)
	if p != nil {
		of.AdministratorName = p.Name
	}
	return of, err
}

// Community implements community.CommunityStore.
func (c Community) Community(ctx context.Context, id core.ID) (community.Community, error) {
	k, err := c.community(ctx, id)
	if err != nil {
		return community.Community{}, err
	}
	return c.governed(ctx, k)
}

// Categories implements community.CommunityStore.
func (c Community) Categories(ctx context.Context) ([]community.Category, error) {
	list, err := through(ctx, c.Cache, key{kind: theCommunityCategories}, func(l []community.Category) int { return 80 * len(l) },
		func() ([]community.Category, error) { return c.source.Community.Categories(ctx) })
	return slices.Clone(list), err
}

// memberships are everything that a member is in communities, by community: who looks at one looks at others.
func (c *Cache) memberships(ctx context.Context, member core.ID) ([]communities.MembershipRow, error) {
	return through(ctx, c, key{kind: theMemberships, a: member}, func(l []communities.MembershipRow) int { return membershipBytes * len(l) },
		func() ([]communities.MembershipRow, error) { return c.source.Community.MembershipRows(ctx, member) })
}

// roleIn is what the rows of a member say of one community; as one without a row they have RoleNone.
func roleIn(rows []communities.MembershipRow, id core.ID) (m community.Membership, has bool) {
	i, has := slices.BinarySearchFunc(rows, id, func(m communities.MembershipRow, id core.ID) int { return cmp.Compare(m.Community, id) })
	if !has {
		return community.Membership{Role: core.RoleNone}, false
	}
	return rows[i].Membership, true
}

// Membership implements community.MemberStore.
func (c Community) Membership(ctx context.Context, id, member core.ID) (community.Membership, error) {
	rows, err := c.memberships(ctx, member)
	if err != nil {
		return community.Membership{}, err
	}
	m, has := roleIn(rows, id)
	if !has {
		return community.Membership{}, core.ErrNotFound
	}
	return m, nil
}

// HasInvitation implements community.MemberStore.
func (c Community) HasInvitation(ctx context.Context, member, id core.ID) (bool, error) {
	return through(ctx, c.Cache, key{kind: anInvitation, a: member, b: id}, func(bool) int { return 8 },
		func() (bool, error) { return c.source.Community.HasInvitation(ctx, member, id) })
}

// A belonging is a community on its way into a list, with what a member is there.
type belonging struct {
	*keptCommunity
	communities.MembershipRow
}

// last sorts places: the last written to first.
func last(a, b belonging) int {
	return cmp.Or(b.TouchedAt.Compare(a.TouchedAt), cmp.Compare(b.ID, a.ID))
}

// keptPlaces are the communities that a member is in, the last written to first.
type keptPlaces struct {
	list []belonging
	gone []core.ID // without a row
}

// fresh looks at each of them: what is written in one makes the list of who is there one to be put together anew, from memory.
func (k *keptPlaces) fresh(r reading) bool {
	for i := range k.list {
		if p := &k.list[i]; !r.same(communityRow, p.ID, 0) || !p.keptCommunity.fresh(r) {
			return false
		}
	}
	for _, id := range k.gone {
		if !r.same(communityRow, id, 0) {
			return false
		}
	}
	return true
}

// places are the communities that a member is in, the last written to first. The list is shared.
func (c *Cache) places(ctx context.Context, member core.ID) ([]belonging, error) {
	k, err := through(ctx, c, key{kind: thePlaces, a: member}, func(k *keptPlaces) int { return 48 + (membershipBytes+8)*len(k.list) },
		func() (*keptPlaces, error) {
			rows, err := c.memberships(ctx, member)
			if err != nil {
				return nil, err
			}
			return c.placesOf(ctx, member, rows)
		})
	if err != nil {
		return nil, err
	}
	return k.list, nil
}

// placesOf finds the communities behind rows of a member. When many are not kept they are read in one.
func (c *Cache) placesOf(ctx context.Context, member core.ID, rows []communities.MembershipRow) (*keptPlaces, error) {
	k := &keptPlaces{list: make([]belonging, 0, len(rows))}
	missing := 0
	for _, m := range rows {
		if m.Role < core.RoleMember {
			continue
		}
		of, ok := find[*keptCommunity](ctx, c, key{kind: aCommunity, a: m.Community})
		if !ok {
			missing++
		}
		k.list = append(k.list, belonging{of, m})
	}
	if missing > manyMissing {
		if err := c.fetchCommunities(ctx, member); err != nil {
			return nil, err
		}
	}
	for i := range k.list {
		p := &k.list[i]
		if p.keptCommunity != nil {
			continue
		}
		of, err := c.community(ctx, p.MembershipRow.Community)
		if errors.Is(err, core.ErrNotFound) {
			k.gone = append(k.gone, p.MembershipRow.Community)
		} else if err != nil {
			return nil, err
		}
		p.keptCommunity = of
	}
	k.list = slices.DeleteFunc(k.list, func(p belonging) bool { return slices.Contains(k.gone, p.MembershipRow.Community) })
	slices.SortFunc(k.list, last)
	return k, nil
}

// pageWhere is the page of what of a list is to be kept, and the one row more.
func pageWhere(list []belonging, p core.Page, keep func(p *belonging) bool) []belonging {
	page, skip := make([]belonging, 0, min(p.Limit(), len(list))), p.Offset()
	for i := range list {
		if len(page) == p.Limit() {
			break
		}
		if !keep(&list[i]) {
			continue
		}
		if skip--; skip < 0 {
			page = append(page, list[i])
		}
	}
	return page
}

// fetchCommunities reads the communities of a member in one.
func (c *Cache) fetchCommunities(ctx context.Context, member core.ID) error {
	seq := c.versions.now()
	list, err := c.source.Community.CommunitiesIn(ctx, member)
	for i := range list {
		k := &keptCommunity{list[i]}
		c.keep(ctx, key{kind: aCommunity, a: k.ID}, seq, k, bytesOfCommunity(k))
	}
	return err
}

// communityLines makes rows of a list; shared says which the viewer is in, too.
func (c *Cache) communityLines(ctx context.Context, list []belonging, shared func(p belonging) bool) ([]community.Line, error) {
	lines := make([]community.Line, len(list))
	for i, p := range list {
		of, err := c.governed(ctx, p.keptCommunity)
		if err != nil {
			return nil, err
		}
		lines[i] = community.Line{Community: of, Role: p.Role, Shared: shared(p)}
	}
	return lines, nil
}

// Memberships implements community.MemberStore.
func (c Community) Memberships(ctx context.Context, member core.ID, p core.Page) ([]community.Line, error) {
	list, err := c.places(ctx, member)
	if err != nil {
		return nil, err
	}
	mine := func(p *belonging) bool { return p.DeletedAt.IsZero() || p.Role == core.RoleAdministrator }
	return c.communityLines(ctx, pageWhere(list, p, mine), func(belonging) bool { return true })
}

// ShownMemberships implements community.MemberStore.
func (c Community) ShownMemberships(ctx context.Context, member, viewer core.ID, p core.Page) ([]community.Line, error) {
	list, err := c.places(ctx, member)
	if err != nil {
		return nil, err
	}
	own, err := c.memberships(ctx, viewer)
	if err != nil {
		return nil, err
	}
	shared := func(p belonging) bool {
		m, _ := roleIn(own, p.ID)
		return m.Role >= core.RoleMember
	}
	shown := pageWhere(list, core.Page{Number: 1, Size: len(list)}, func(p *belonging) bool { return p.OnProfile && !p.Hidden && p.DeletedAt.IsZero() })
	slices.SortStableFunc(shown, func(a, b belonging) int {
		if sa, sb := shared(a), shared(b); sa != sb {
			return map[bool]int{true: -1, false: 1}[sa]
		}
		return 0
	})
	return c.communityLines(ctx, pageOf(shown, p), shared)
}

// Waitings implements community.LifeStore.
func (c Community) Waitings(ctx context.Context, member core.ID, since time.Time, limit int) ([]community.Waiting, error) {
	news := func(p *belonging) bool {
		return p.AnnouncedAt.After(p.Announced) && p.AnnouncedAt.UnixMilli() > since.UnixMilli()
	}
	all, err := c.places(ctx, member)
	if err != nil {
		return nil, err
	}
	list := pageWhere(all, core.Page{Number: 1, Size: len(all)}, func(p *belonging) bool { return p.DeletedAt.IsZero() && (news(p) || !p.VacantSince.IsZero()) })
	slices.SortFunc(list, func(a, b belonging) int { return cmp.Or(b.AnnouncedAt.Compare(a.AnnouncedAt), cmp.Compare(a.ID, b.ID)) })
	var waiting []community.Waiting
	for i := range list[:min(limit, len(list))] {
		p := &list[i]
		waiting = append(waiting, community.Waiting{Community: p.ID, Name: p.Name, Announced: news(p), Vacant: !p.VacantSince.IsZero()})
	}
	return waiting, nil
}

// Best implements community.LifeStore. Which they are stands in an index; what they are is kept.
func (c Community) Best(ctx context.Context, viewer, category core.ID, o community.Order, p core.Page) ([]community.Line, error) {
	ids, err := c.source.Community.BestIDs(ctx, category, o, p)
	if err != nil {
		return nil, err
	}
	own, err := c.memberships(ctx, viewer)
	if err != nil {
		return nil, err
	}
	return c.foundLines(ctx, own, ids)
}

// foundLines are those of communities that everybody may find, with what the viewer is in them.
func (c *Cache) foundLines(ctx context.Context, own []communities.MembershipRow, ids []core.ID) ([]community.Line, error) {
	list := make([]belonging, 0, len(ids))
	for _, id := range ids {
		k, err := c.community(ctx, id)
		if errors.Is(err, core.ErrNotFound) || err == nil && (k.Hidden || !k.DeletedAt.IsZero()) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m, _ := roleIn(own, id)
		list = append(list, belonging{k, communities.MembershipRow{Community: id, Membership: m}})
	}
	return c.communityLines(ctx, list, func(p belonging) bool { return p.Role >= core.RoleMember })
}

// Near implements community.LifeStore.
func (c Community) Near(ctx context.Context, id core.ID) ([]community.Line, error) {
	ids, err := through(ctx, c.Cache, key{kind: theNear, a: id}, func(ids []core.ID) int { return 8 * len(ids) },
		func() ([]core.ID, error) { return c.source.Community.NearIDs(ctx, id) })
	if err != nil {
		return nil, err
	}
	return c.foundLines(ctx, nil, ids)
}

// looked is when a member looked at a community that they have bookmarked.
type looked struct {
	at  time.Time
	has bool
}

// Bookmark implements community.LifeStore.
func (c Community) Bookmark(ctx context.Context, member, id core.ID) (time.Time, error) {
	l, err := through(ctx, c.Cache, key{kind: aCommunityBookmark, a: member, b: id}, func(looked) int { return 32 }, func() (looked, error) {
		at, err := c.source.Community.Bookmark(ctx, member, id)
		if errors.Is(err, core.ErrNotFound) {
			return looked{}, nil
		}
		return looked{at, true}, err
	})
	if err == nil && !l.has {
		err = core.ErrNotFound
	}
	return l.at, err
}

// memberNames are the first members of a community.
type memberNames struct {
	list  []communities.MemberName
	whole bool
}

// fresh looks for members who were away or are now.
func (memberNames) fresh(r reading) bool {
	return r.same(memberStatus, core.ID(core.Held), 0) && r.same(memberStatus, core.ID(core.Withdrawn), 0)
}

// Members implements community.MemberStore. The first page of those of several roles is kept.
func (c Community) Members(ctx context.Context, id core.ID, least, most core.Role, p core.Page) ([]community.MemberLine, error) {
	if p.Offset() > 0 || least == most {
		return c.source.Community.Members(ctx, id, least, most, p)
	}
	k := key{kind: someMembers, a: id, b: core.ID(least)<<8 | core.ID(most)}
	n, ok := find[memberNames](ctx, c.Cache, k)
	if !ok || !n.whole && len(n.list) < p.Limit() {
		seq := c.versions.now()
		list, err := c.source.Community.MemberNames(ctx, id, least, most, p.Limit())
		if err != nil {
			return nil, err
		}
		n = memberNames{list, len(list) < p.Limit()}
		c.keep(ctx, k, seq, n, membershipBytes*len(list))
	}
	var lines []community.MemberLine
	for _, m := range n.list[:min(len(n.list), p.Limit())] {
		of, err := c.personOrNobody(ctx, m.Member)
		if err != nil {
			return nil, err
		}
		if isActive(of) {
			lines = append(lines, community.MemberLine{Member: of.Member, Role: m.Role, Message: m.Message, Offered: m.Offered, JoinedAt: m.JoinedAt})
		}
	}
	return lines, nil
}
