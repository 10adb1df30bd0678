package cache

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/people"
	"musubi/core/store"
	"musubi/core/store/engine"
)

// Bytes that values take beside their texts.
const (
	memberBytes  = 240
	profileBytes = 56
	friendBytes  = 32
)

// Member implements core.MemberStore.
func (c Desk) Member(ctx context.Context, id core.ID) (core.Member, error) {
	p, err := c.person(ctx, id)
	if err != nil {
		return core.Member{}, err
	}
	return p.Member, nil
}

// person is a member without a copy, and whether they block anybody.
func (c *Cache) person(ctx context.Context, id core.ID) (*store.Person, error) {
	return through(ctx, c, key{kind: aPerson, a: id}, bytesOfPerson, func() (*store.Person, error) {
		p, err := c.source.Desk.Person(ctx, id)
		return &p, err
	})
}

func bytesOfPerson(p *store.Person) int { return memberBytes + len(p.Name) + len(p.Photo.Hash) }

// Profile implements core.MemberStore.
func (c People) Profile(ctx context.Context, id core.ID) ([]core.ProfileValue, error) {
	values, err := c.profile(ctx, id)
	return slices.Clone(values), err
}

func (c *Cache) profile(ctx context.Context, id core.ID) ([]core.ProfileValue, error) {
	return through(ctx, c, key{kind: aProfile, a: id}, func(values []core.ProfileValue) (n int) {
		for _, v := range values {
			n += profileBytes + len(v.Value)
		}
		return n
	}, func() ([]core.ProfileValue, error) { return c.source.People.Profile(ctx, id) })
}

// Session implements account.SessionStore.
func (c Account) Session(ctx context.Context, name string) (account.Session, error) {
	k := key{kind: aSession, a: core.ID(engine.TextValue(name))}
	if s, ok := find[*account.Session](ctx, c.Cache, k); ok && s.Key != name {
		return c.source.Account.Session(ctx, name) // two names of one value
	}
	s, err := through(ctx, c.Cache, k, func(s *account.Session) int { return 160 + len(s.Key) + len(s.Client) }, func() (*account.Session, error) {
		s, err := c.source.Account.Session(ctx, name)
		return &s, err
	})
	if err != nil {
		return account.Session{}, err
	}
	return *s, nil
}

// friends are all friends of a member, by ID.
func (c *Cache) friends(ctx context.Context, id core.ID) ([]store.FriendRow, error) {
	return through(ctx, c, key{kind: theFriends, a: id}, func(rows []store.FriendRow) int { return friendBytes * len(rows) },
		func() ([]store.FriendRow, error) { return c.source.People.FriendRows(ctx, id) })
}

func (c *Cache) blocked(ctx context.Context, id core.ID) ([]core.ID, error) {
	return through(ctx, c, key{kind: theBlocked, a: id}, func(ids []core.ID) int { return 8 * len(ids) },
		func() ([]core.ID, error) { return c.source.People.BlockedIDs(ctx, id) })
}

// blocks says whether a member blocks another. Nobody (nil) blocks nobody.
func (c *Cache) blocks(ctx context.Context, p *store.Person, other core.ID) (bool, error) {
	if p == nil || !p.Blocks {
		return false, nil
	}
	blocked, err := c.blocked(ctx, p.ID)
	_, ok := slices.BinarySearch(blocked, other)
	return ok, err
}

// personOrNobody is nil for an ID that nobody has.
func (c *Cache) personOrNobody(ctx context.Context, id core.ID) (*store.Person, error) {
	p, err := c.person(ctx, id)
	if errors.Is(err, core.ErrNotFound) {
		return nil, nil
	}
	return p, err
}

func isActive(p *store.Person) bool { return p != nil && p.ID != 0 && p.Status == core.Active }

func isFriend(rows []store.FriendRow, id core.ID) bool {
	_, ok := slices.BinarySearchFunc(rows, id, func(f store.FriendRow, id core.ID) int { return cmp.Compare(f.ID, id) })
	return ok
}

// common visits the friends that two have in common, by ID, until visit says no.
func common(a, b []store.FriendRow, visit func(core.ID) bool) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].ID < b[0].ID:
			a = a[1:]
		case a[0].ID > b[0].ID:
			b = b[1:]
		default:
			if !visit(a[0].ID) {
				return
			}
			a, b = a[1:], b[1:]
		}
	}
}

// Ties implements core.PermissionStore.
func (c Desk) Ties(ctx context.Context, viewer, owner core.ID) (core.Ties, error) {
	t, err := c.NearTies(ctx, viewer, owner)
	if err != nil || t.Friends || viewer == owner {
		return t, err
	}
	mine, err := c.friends(ctx, viewer)
	if err != nil {
		return t, err
	}
	theirs, err := c.friends(ctx, owner)
	if err != nil {
		return t, err
	}
	common(mine, theirs, func(id core.ID) bool {
		var between *store.Person
		between, err = c.personOrNobody(ctx, id)
		t.CommonFriend = err == nil && isActive(between)
		return err == nil && !t.CommonFriend
	})
	return t, err
}

// NearTies implements core.PermissionStore.
func (c Desk) NearTies(ctx context.Context, viewer, owner core.ID) (t core.Ties, err error) {
	if viewer == owner {
		p, err := c.person(ctx, owner)
		return core.Ties{ViewerActive: isActive(p), OwnerActive: isActive(p)}, err
	}
	me, err := c.personOrNobody(ctx, viewer)
	if err != nil {
		return t, err
	}
	them, err := c.personOrNobody(ctx, owner)
	if err != nil {
		return t, err
	}
	t.ViewerActive, t.OwnerActive = isActive(me), isActive(them)
	if t.Blocked, err = c.blocks(ctx, me, owner); err == nil && !t.Blocked {
		t.Blocked, err = c.blocks(ctx, them, viewer)
	}
	if err != nil {
		return t, err
	}
	mine, err := c.friends(ctx, viewer)
	t.Friends = err == nil && isFriend(mine, owner)
	return t, err
}

// FriendIDs implements people.FriendStore.
func (c People) FriendIDs(ctx context.Context, id core.ID) ([]core.ID, error) {
	rows, err := c.friends(ctx, id)
	ids := make([]core.ID, len(rows))
	for i, f := range rows {
		ids[i] = f.ID
	}
	return ids, err
}

// FriendLines implements people.FriendStore.
func (c People) FriendLines(ctx context.Context, id core.ID, order people.FriendOrder, p core.Page) ([]people.FriendLine, error) {
	rows, err := c.friends(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := c.activePeople(ctx, id, rows)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, store.FriendOrders[order].Compare)
	list = pageOf(list, p)
	lines := make([]people.FriendLine, len(list))
	for i, f := range list {
		lines[i] = people.FriendLine{Member: *f.Member, Since: f.Since}
	}
	return lines, nil
}

// MutualFriends implements people.FriendStore.
func (c People) MutualFriends(ctx context.Context, a, b core.ID, p core.Page) ([]core.Member, error) {
	mine, err := c.friends(ctx, a)
	if err != nil {
		return nil, err
	}
	theirs, err := c.friends(ctx, b)
	if err != nil {
		return nil, err
	}
	var both []store.FriendRow
	common(mine, theirs, func(id core.ID) bool { both = append(both, store.FriendRow{ID: id}); return true })
	list, err := c.activePeople(ctx, 0, both)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, store.FriendOrders[people.ByLogin].Compare)
	list = pageOf(list, p)
	members := make([]core.Member, len(list))
	for i, f := range list {
		members[i] = *f.Member
	}
	return members, nil
}

// pageOf is the page of a list, and the one row more that says whether there is another.
func pageOf[T any](list []T, p core.Page) []T {
	list = list[min(p.Offset(), len(list)):]
	return list[:min(p.Limit(), len(list))]
}

// manyMissing is how many members are read one by one; for more the friends of a member are read in one.
const manyMissing = 5

// activePeople gives the members behind friends of whose, or of several members when whose is 0, without those who do
// not take part.
func (c *Cache) activePeople(ctx context.Context, whose core.ID, friends []store.FriendRow) ([]store.Befriended, error) {
	if whose != 0 {
		if err := c.fetch(ctx, whose, friends); err != nil {
			return nil, err
		}
	}
	list := make([]store.Befriended, 0, len(friends))
	for _, f := range friends {
		p, err := c.personOrNobody(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		if isActive(p) {
			list = append(list, store.Befriended{Member: &p.Member, Since: f.Since})
		}
	}
	return list, nil
}

// fetch reads the friends of a member in one when many of them are not kept.
func (c *Cache) fetch(ctx context.Context, whose core.ID, friends []store.FriendRow) error {
	missing := 0
	for _, f := range friends {
		if _, ok := find[*store.Person](ctx, c, key{kind: aPerson, a: f.ID}); !ok {
			missing++
		}
	}
	if missing <= manyMissing {
		return nil
	}
	seq := c.versions.now()
	list, err := c.source.People.FriendPeople(ctx, whose)
	for i := range list {
		p := &list[i]
		c.keep(ctx, key{kind: aPerson, a: p.ID}, seq, &store.Person{Member: p.Member, Blocks: p.Blocks}, bytesOfPerson(p))
	}
	return err
}

// A path is who stands between two members. When nobody does directly, it was made of the friends of friends too. It leads over
// nobody who has left or is held (SEC-115): when anybody does, or comes back, it is looked for anew.
type path struct {
	between []core.ID
	over    []core.ID // whose friends it depends on
}

func (p path) fresh(r reading) bool {
	if !sameStanding(r) {
		return false
	}
	for _, id := range p.over {
		if !r.same(friendsOf, id, 0) {
			return false
		}
	}
	return true
}

// PathBetween implements people.FriendStore.
func (c People) PathBetween(ctx context.Context, a, b core.ID) ([]core.ID, error) {
	p, err := through(ctx, c.Cache, key{kind: aPath, a: a, b: b}, func(p path) int { return 48 + 8*len(p.over) + 8*len(p.between) },
		func() (path, error) { return c.findPath(ctx, a, b) })
	return slices.Clone(p.between), err
}

func (c *Cache) findPath(ctx context.Context, a, b core.ID) (p path, err error) {
	mine, err := c.friends(ctx, a)
	if err != nil {
		return p, err
	}
	theirs, err := c.friends(ctx, b)
	if err != nil {
		return p, err
	}
	common(mine, theirs, func(id core.ID) bool {
		var between *store.Person
		if between, err = c.personOrNobody(ctx, id); err == nil && isActive(between) {
			p.between = []core.ID{id}
		}
		return err == nil && p.between == nil
	})
	if err != nil || p.between != nil {
		return p, err
	}
	// The store asks for each pair of friends whether they are friends: a few rows, where the lists of all friends would
	// be many.
	if p.between, err = c.source.People.PathOverTwo(ctx, a, b); len(p.between) > 0 {
		p.over = p.between[:1]
		return p, err
	}
	for _, f := range newestFriends(mine) {
		p.over = append(p.over, f.ID)
	}
	return p, err
}

func newestFriends(rows []store.FriendRow) []store.FriendRow {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, store.NewestFriends.Compare)
	return rows[:min(len(rows), store.PathWidth)]
}
