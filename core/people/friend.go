package people

import (
	"context"
	"musubi/core"
	"time"
)

// A FriendLine is one row of a list of friends.
type FriendLine struct {
	Member core.Member
	Since  time.Time
}

// FriendStore keeps friendships; each is two rows, one under each member's key.
type FriendStore interface {
	// InsertFriends makes two members friends, counts them and gives each the other's newest diaries to read. It
	// reports whether they were not friends before.
	InsertFriends(ctx context.Context, a, b core.ID, since, lockedUntil time.Time) (bool, error)
	// FriendLines lists the active friends of a member.
	FriendLines(ctx context.Context, member core.ID, order FriendOrder, p core.Page) ([]FriendLine, error)
	FriendSettings(ctx context.Context, member, friend core.ID) (FriendSettings, error)
	SetOnHome(ctx context.Context, member, friend core.ID, on bool) error
	// DeleteFriends ends a friendship: the rows of both, their counts, and what each reads of the other.
	DeleteFriends(ctx context.Context, a, b core.ID) error
	MutualFriends(ctx context.Context, a, b core.ID, p core.Page) ([]core.Member, error)
	// PathBetween finds one or two members who link a and b, nearest to a first; none when it finds no such way.
	PathBetween(ctx context.Context, a, b core.ID) ([]core.ID, error)
}

// LinkFriends makes two members friends without asking them: for seeds, and for an inviter and the member they brought,
// whose friendship is locked for a while [X1]. A friendship that exists stays as it is.
func (s *Service) LinkFriends(ctx context.Context, a, b core.ID, at, lockedUntil time.Time) error {
	if a == b {
		return core.ErrNotFound
	}
	if at.IsZero() {
		at = s.Now()
	}
	return s.store.AtomicOf(ctx, core.Of(a, b), func(ctx context.Context) error {
		if err := s.roomForFriends(ctx, a, b); err != nil {
			return err
		}
		_, err := s.store.InsertFriends(ctx, a, b, at, lockedUntil)
		return err
	})
}

// Friends lists the friends of a member, as far as the viewer may see each of them. more says that there is a next page.
func (s *Service) Friends(ctx context.Context, viewer core.Viewer, owner core.ID, order FriendOrder, p core.Page) (lines []FriendLine, more bool, err error) {
	if _, err := s.Require(ctx, viewer, owner, core.Everyone); err != nil {
		return nil, false, err
	}
	rows, err := s.store.FriendLines(ctx, owner, order, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(viewer)
	lines = rows[:0]
	for _, f := range rows {
		if g.May(ctx, f.Member.ID, core.Everyone) {
			lines = append(lines, f)
		}
	}
	return lines, more, nil
}

// JoinFriends makes two members friends whose number of friends was looked at before.
func (s *Service) JoinFriends(ctx context.Context, a, b core.ID, at, lockedUntil time.Time) (made bool, err error) {
	return s.store.InsertFriends(ctx, a, b, at, lockedUntil)
}
