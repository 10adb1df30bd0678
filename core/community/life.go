package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
)

// ErrAnnounced: the last announcement is not a week old.
var ErrAnnounced = &core.Error{Code: core.Throttled, Key: "error.communityannounced"}

// An Announcement is what the administrators tell all members.
type Announcement struct {
	Community, ID core.ID
	Author        core.ID
	AuthorName    string
	Body          string
	At            time.Time

	CommunityName string // in a list of several communities
	New           bool   // there: the member has not looked at it
}

// A Waiting tells a member on home of a community: it has announced something that they have not looked at, or nobody governs it.
type Waiting struct {
	Community         core.ID
	Name              string
	Announced, Vacant bool
}

// LifeStore keeps what becomes of communities.
type LifeStore interface {
	InsertAnnouncement(ctx context.Context, a Announcement) error
	Announcements(ctx context.Context, community core.ID, p core.Page) ([]Announcement, error)
	// RecentAnnouncements lists those of all communities that a member is in, newest first.
	RecentAnnouncements(ctx context.Context, member core.ID, since time.Time, limit int) ([]Announcement, error)
	// Waitings lists what a member is told of on home without a row for each member: announcements since a time, vacancies.
	Waitings(ctx context.Context, member core.ID, since time.Time, limit int) ([]Waiting, error)
	// Ended lists communities that were deleted before t.
	Ended(ctx context.Context, t time.Time, limit int) ([]core.ID, error)
	// EndSome removes about limit rows of a community, at last the community; done says that nothing is left.
	EndSome(ctx context.Context, community core.ID, limit int, at time.Time) (done bool, err error)
	// Nearest finds what else those are in who came to a community last, by how many of them, over the root of its size.
	Nearest(ctx context.Context, community core.ID, size int) ([]core.ID, error)
	PutNear(ctx context.Context, community core.ID, others []core.ID, at time.Time) error
	// NearBefore lists communities whose neighbours were found before t.
	NearBefore(ctx context.Context, t time.Time, limit int) ([]core.ID, error)
	Near(ctx context.Context, community core.ID) ([]Line, error)
	PutBookmark(ctx context.Context, member, community core.ID, at time.Time) error
	DeleteBookmark(ctx context.Context, member, community core.ID) error
	// Bookmark says since when a member has looked at a community they bookmarked; ErrNotFound when they have not.
	Bookmark(ctx context.Context, member, community core.ID) (time.Time, error)
	CountBookmarks(ctx context.Context, member core.ID) (int, error)
	Bookmarks(ctx context.Context, member core.ID, p core.Page) ([]Line, error)
	PutLooks(ctx context.Context, looks []Look) error
	// Lines lists communities by their IDs, in any order, and Best those of a category, or of all, by members or by their last post.
	Lines(ctx context.Context, viewer core.ID, ids []core.ID) ([]Line, error)
	Best(ctx context.Context, viewer, category core.ID, o Order, p core.Page) ([]Line, error)
}

// own is a transaction for the administrator of a community.
func (s *Service) own(ctx context.Context, viewer core.Viewer, id core.ID, f func(ctx context.Context, c Seen) error) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err == nil {
			err = c.mayOwn()
		}
		if err != nil {
			return err
		}
		return f(ctx, c)
	})
}

// Delete ends a community of the viewer: from now on nobody else sees it, and TakeBackWithin later it goes. The password was asked for
// before (SEC-23).
func (s *Service) Delete(ctx context.Context, viewer core.Viewer, id core.ID) error {
	return s.own(ctx, viewer, id, func(ctx context.Context, c Seen) error {
		if !c.DeletedAt.IsZero() {
			return nil
		}
		return errors.Join(s.store.SetCommunityDeleted(ctx, id, s.Now()), s.reindex(ctx, id), s.AuditDelete(ctx, viewer.Member, "community", id))
	})
}

// TakeBack undoes Delete.
func (s *Service) TakeBack(ctx context.Context, viewer core.Viewer, id core.ID) error {
	return s.own(ctx, viewer, id, func(ctx context.Context, c Seen) error {
		if s.Now().Sub(c.DeletedAt) > TakeBackWithin && !c.DeletedAt.IsZero() {
			return core.ErrNotFound
		}
		return errors.Join(s.store.SetCommunityDeleted(ctx, id, time.Time{}), s.reindex(ctx, id))
	})
}

// SetPicture gives a community a picture of the viewer that hangs nowhere yet; 0: none.
func (s *Service) SetPicture(ctx context.Context, viewer core.Viewer, id, photo core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err == nil {
			err = c.mayGovern()
		}
		if err != nil {
			return err
		}
		if c.Photo.ID != 0 {
			if err := s.store.DeletePhoto(ctx, c.Photo.Owner, c.Photo.ID); err != nil {
				return err
			}
		}
		if photo == 0 {
			return s.store.SetCommunityPhoto(ctx, id, core.Photo{})
		}
		return errors.Join(s.Attach(ctx, viewer.Member, []core.ID{photo}, core.Attached{Kind: Picture, Owner: viewer.Member, Thing: id}),
			s.store.SetCommunityPhoto(ctx, id, core.Photo{Owner: viewer.Member, ID: photo}))
	})
}

// Announce tells all members of a community something, once in a week. It is one row: home looks for it.
func (s *Service) Announce(ctx context.Context, viewer core.Viewer, id core.ID, body string) error {
	var check core.Check
	check.Text("body", &body, core.ManyLines, true, MaxAnnouncement)
	if err := check.Err(); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err == nil {
			err = errors.Join(c.mayGovern(), s.MayWrite(ctx, viewer.Member))
		}
		if err != nil {
			return err
		}
		a := Announcement{Community: id, Author: viewer.Member, Body: body}
		if a.ID, a.At = s.Stamp(time.Time{}); a.At.Sub(c.AnnouncedAt) < announceEvery {
			return ErrAnnounced
		}
		return errors.Join(s.store.InsertAnnouncement(ctx, a), s.store.SetAnnounced(ctx, id, viewer.Member, a.At),
			s.mail(ctx, &c, Thread{Community: id}, viewer.Member, 0))
	})
}

// Announcements lists what was announced to the members, newest first, and notes that the viewer has looked.
func (s *Service) Announcements(ctx context.Context, viewer core.Viewer, id core.ID, p core.Page) (list []Announcement, more bool, err error) {
	c, err := s.look(ctx, viewer, id)
	if err == nil && !c.IsMember() {
		err = core.ErrNotFound
	}
	if err != nil {
		return nil, false, err
	}
	rows, err := s.store.Announcements(ctx, id, p)
	if err == nil && c.AnnouncedAt.After(c.Announced) {
		err = s.store.SetAnnounced(ctx, id, viewer.Member, c.AnnouncedAt)
	}
	list, more = core.Cut(rows, p)
	return list, more, err
}

// announcedFor is how long home tells of an announcement.
const announcedFor = 30 * 24 * time.Hour

// How long, and how many, announcements stand among a member's notices.
const (
	announcedAge = 90 * 24 * time.Hour
	announcedMax = 20
)

// RecentAnnouncements lists what was announced in the communities that a member is in, newest first.
func (s *Service) RecentAnnouncements(ctx context.Context, member core.ID) ([]Announcement, error) {
	return s.store.RecentAnnouncements(ctx, member, s.Now().Add(-announcedAge), announcedMax)
}

// Waitings lists what home tells a member of their communities.
func (s *Service) Waitings(ctx context.Context, member core.ID) ([]Waiting, error) {
	return s.store.Waitings(ctx, member, s.Now().Add(-announcedFor), 10)
}

// Habits of the sweep.
const (
	endBite  = 200 // rows in one transaction
	nearBite = 100 // communities in one sweep
	nearEach = 24 * time.Hour
	nearSize = 5
)

// Sweep removes communities whose time to be taken back is over, in batches, and finds the neighbours of some.
func (s *Service) Sweep(ctx context.Context) error {
	ended, err := s.store.Ended(ctx, s.Now().Add(-TakeBackWithin), nearBite)
	for _, id := range ended {
		for done := false; !done && err == nil; {
			done, err = s.store.EndSome(ctx, id, endBite, s.Now())
		}
		err = errors.Join(err, s.reindex(ctx, id))
	}
	if err != nil {
		return err
	}
	if err := s.sendDigests(ctx); err != nil {
		return err
	}
	return s.FindNear(ctx)
}

// FindNear finds for some communities what else their members are in.
func (s *Service) FindNear(ctx context.Context) error {
	list, err := s.store.NearBefore(ctx, s.Now().Add(-nearEach), nearBite)
	for _, id := range list {
		var others []core.ID
		if err == nil {
			others, err = s.store.Nearest(ctx, id, nearSize)
		}
		if err == nil {
			err = s.store.PutNear(ctx, id, others, s.Now())
		}
	}
	return err
}

// Recommended lists what members of a community are in as well.
func (s *Service) Recommended(ctx context.Context, c *Seen) ([]Line, error) {
	return s.store.Near(ctx, c.ID)
}
