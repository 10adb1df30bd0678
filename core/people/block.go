package people

import (
	"context"
	"errors"
	"musubi/core"
	"time"
)

// MaxBlocks is how many members one member may block.
const MaxBlocks = 1000

// ErrBlocksFull is returned for one block more than MaxBlocks.
var ErrBlocksFull = &core.Error{Code: core.Full, Key: "error.blocksfull"}

// A BlockLine is one row of the list of those a member has blocked.
type BlockLine struct {
	Member core.Member
	At     time.Time
}

// BlockStore keeps access blocks (アクセスブロック). PermissionStore.Ties reads them, and so every page and picture does.
type BlockStore interface {
	// InsertBlock stores a block and ends what waits between the two: friend requests and introductions.
	InsertBlock(ctx context.Context, member, blocked core.ID, at time.Time) error
	// DeleteBlock removes a block, or ErrNotFound.
	DeleteBlock(ctx context.Context, member, blocked core.ID) error
	// Blocks lists those the member has blocked, newest first, suspended ones too.
	Blocks(ctx context.Context, member core.ID, p core.Page) ([]BlockLine, error)
	CountBlocks(ctx context.Context, member core.ID) (int, error)
}

// Block hides two members from each other everywhere, at once. The other is never told: they see what they would see if
// the member did not exist. ErrNotFound for a member one may not see, which is also one who is blocked already;
// ErrBlocksFull.
func (s *Service) Block(ctx context.Context, member, blocked core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member, blocked), func(ctx context.Context) error {
		r, err := s.Require(ctx, core.Viewer{Member: member}, blocked, core.Everyone)
		if err != nil {
			return err
		}
		if r == core.Self {
			return core.ErrNotFound
		}
		n, err := s.store.CountBlocks(ctx, member)
		if err != nil {
			return err
		}
		if n >= MaxBlocks {
			return ErrBlocksFull
		}
		return errors.Join(
			s.store.InsertBlock(ctx, member, blocked, s.Now()),
			s.Audit(ctx, "block", member, "", blocked.String()),
			s.dropNewsBetween(ctx, member, blocked),
			s.dropNewsBetween(ctx, blocked, member))
	})
}

// dropNewsBetween removes what a member is told of requests and introductions that a block has ended; other news of the two
// is hidden as long as the block holds.
func (s *Service) dropNewsBetween(ctx context.Context, member, other core.ID) error {
	return errors.Join(
		s.news.DropNews(ctx, member, RequestNews, other, 0),
		s.news.DropNews(ctx, member, IntroductionNews, other, 0),
		s.news.DropNews(ctx, member, IntroductionNews, 0, other))
}

// Unblock ends a block of the member's own; ErrNotFound when there is none. A block by the other goes on.
func (s *Service) Unblock(ctx context.Context, member, blocked core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member, blocked), func(ctx context.Context) error {
		if err := s.store.DeleteBlock(ctx, member, blocked); err != nil {
			return err
		}
		return s.Audit(ctx, "unblock", member, "", blocked.String())
	})
}

// Blocks lists those the member has blocked, newest first. It is the one list that shows members behind a block, to the
// one who set it.
func (s *Service) Blocks(ctx context.Context, member core.ID, p core.Page) (lines []BlockLine, more bool, err error) {
	rows, err := s.store.Blocks(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	lines, more = core.Cut(rows, p)
	return lines, more, nil
}
