package cache

import (
	"context"
	"slices"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/news"
	"musubi/core/people"
	"musubi/core/store"
)

// What home and profile ask for beside entries and people: news, birthdays, endorsements, pictures.

// News implements news.NewsStore.
func (c News) News(ctx context.Context, member core.ID) ([]news.News, error) {
	list, err := through(ctx, c.Cache, key{kind: theNews, a: member}, func(l []news.News) int { return 64 * len(l) },
		func() ([]news.News, error) { return c.source.News.News(ctx, member) })
	return slices.Clone(list), err
}

// FootprintBook implements people.FootprintStore.
func (c People) FootprintBook(ctx context.Context, member core.ID) (people.FootprintBook, error) {
	return through(ctx, c.Cache, key{kind: aBook, a: member}, func(people.FootprintBook) int { return memberBytes + 96 },
		func() (people.FootprintBook, error) { return c.source.People.FootprintBook(ctx, member) })
}

// HasBookmark implements people.BookmarkStore, from all bookmarks of the member: who looks at one page looks at others.
func (c People) HasBookmark(ctx context.Context, member, other core.ID) (bool, error) {
	ids, err := through(ctx, c.Cache, key{kind: theBookmarks, a: member}, func(ids []core.ID) int { return 8 * len(ids) },
		func() ([]core.ID, error) { return c.source.People.BookmarkedIDs(ctx, member) })
	_, has := slices.BinarySearch(ids, other)
	return has, err
}

// DiaryCategories implements journal.CategoryStore.
func (c Journal) DiaryCategories(ctx context.Context, member core.ID) ([]journal.DiaryCategory, error) {
	list, err := through(ctx, c.Cache, key{kind: theCategories, a: member}, func(l []journal.DiaryCategory) int { return 64 * len(l) },
		func() ([]journal.DiaryCategory, error) { return c.source.Journal.DiaryCategories(ctx, member) })
	return slices.Clone(list), err
}

// FriendsBirthdays implements people.BirthdayStore.
func (c People) FriendsBirthdays(ctx context.Context, member core.ID, days []int) (near []people.Birthday, visible []core.Visibility, err error) {
	rows, err := through(ctx, c.Cache, key{kind: theBirthdays, a: member}, func(l []store.BirthdayRow) int { return 16 * len(l) },
		func() ([]store.BirthdayRow, error) { return c.source.People.BirthdayRows(ctx, member) })
	if err != nil {
		return nil, nil, err
	}
	for _, b := range rows {
		if !slices.Contains(days, b.Day) {
			continue
		}
		friend, err := c.personOrNobody(ctx, b.Friend)
		if err != nil {
			return nil, nil, err
		}
		if !isActive(friend) {
			continue
		}
		values, err := c.profile(ctx, b.Friend)
		if err != nil {
			return nil, nil, err
		}
		for _, v := range values {
			if v.Key == people.BirthdayField {
				near = append(near, people.BirthdayOn(friend.Member, b.Day))
				visible = append(visible, v.Visibility)
			}
		}
	}
	return near, visible, nil
}

// endorsements are the first page of what was written about a member.
type endorsements struct {
	list []people.Endorsement
	page core.Page
}

// fresh looks also for members who were away or are now: their lines come and go.
func (l endorsements) fresh(r reading) bool {
	for i := range l.list {
		if !r.sameAuthor(l.list[i].Author) {
			return false
		}
	}
	return sameStanding(r)
}

// sameStanding says whether nobody was held, let in again or has left since.
func sameStanding(r reading) bool {
	return r.same(memberStatus, core.ID(core.Held), 0) && r.same(memberStatus, core.ID(core.Withdrawn), 0)
}

// Endorsements implements people.EndorsementStore.
func (c People) Endorsements(ctx context.Context, about core.ID, p core.Page) ([]people.Endorsement, error) {
	k := key{kind: someEndorsements, a: about}
	if kept, ok := find[endorsements](ctx, c.Cache, k); ok && kept.page == p {
		return slices.Clone(kept.list), nil
	}
	seq := c.versions.now()
	list, err := c.source.People.Endorsements(ctx, about, p)
	if err != nil {
		return list, err
	}
	bytes := 48
	for i := range list {
		bytes += commentBytes + len(list[i].AuthorName) + len(list[i].Body) + len(list[i].Relationship)
	}
	c.keep(ctx, k, seq, endorsements{slices.Clone(list), p}, bytes)
	return list, nil
}

// AttachedPhotos implements core.PhotoStore.
func (c Desk) AttachedPhotos(ctx context.Context, to core.Attached) ([]core.Photo, error) {
	kept, err := through(ctx, c.Cache, key{kind: thePhotos, a: to.Owner, b: to.Thing}, func(l attachedPhotos) int { return 24 + 140*len(l.list) },
		func() (attachedPhotos, error) {
			list, err := c.source.Desk.AttachedPhotos(ctx, to)
			return attachedPhotos{to.Kind, list}, err
		})
	if err != nil || kept.kind != to.Kind {
		return c.source.Desk.AttachedPhotos(ctx, to)
	}
	return slices.Clone(kept.list), nil
}

// attachedPhotos are the pictures of a thing of one kind; two things of one owner and number are of one kind as a rule.
type attachedPhotos struct {
	kind core.Attachment
	list []core.Photo
}

// photo is a picture with its place.
type photo struct {
	core.Photo
	at core.Attached
}

// Photo implements core.PhotoStore.
func (c Desk) Photo(ctx context.Context, owner, id core.ID) (core.Photo, core.Attached, error) {
	p, err := through(ctx, c.Cache, key{kind: aPhoto, a: owner, b: id}, func(p *photo) int { return 160 + len(p.Hash) }, func() (*photo, error) {
		p, at, err := c.source.Desk.Photo(ctx, owner, id)
		return &photo{p, at}, err
	})
	if err != nil {
		return core.Photo{}, core.Attached{}, err
	}
	return p.Photo, p.at, nil
}
