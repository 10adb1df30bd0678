package operator

import (
	"context"

	"musubi/core"
	"musubi/core/report"
)

// A Twig is a member in the branch of another: whom they invited, whom those invited, and so on.
type Twig struct {
	core.Member
	Inviter core.ID
	Depth   int // 1: invited by the root itself
}

// Bounds of a branch as it is shown and suspended.
const (
	maxBranch      = 500
	maxBranchDepth = 20
)

// Branch lists the members of a branch, those nearest to its root first, and says whether there are more than it lists.
func (s *Service) Branch(ctx context.Context, root core.ID) (list []Twig, more bool, err error) {
	list, err = s.store.Branch(ctx, root, maxBranchDepth, maxBranch+1)
	if len(list) > maxBranch {
		return list[:maxBranch], true, err
	}
	return list, false, err
}

// HoldBranch suspends those of a branch that are named, and leaves alone who is not of it or suspended already. It returns how many.
func (s *Service) HoldBranch(ctx context.Context, by Operator, root core.ID, members []core.ID, m report.Measure) (n int, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		n = 0
		branch, _, err := s.Branch(ctx, root)
		if err != nil {
			return err
		}
		named := map[core.ID]bool{}
		for _, id := range members {
			named[id] = true
		}
		for _, t := range branch {
			if !named[t.ID] || t.Status != core.Active {
				continue
			}
			m.Member = t.ID
			if err := s.Hold(ctx, by, m); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
