package calendar

import (
	"context"
	"errors"
	"time"

	"musubi/core"
)

// Limits of plans.
const (
	MaxPlans     = 2000 // of one member
	MaxPlanDays  = 31   // from the first to the last, so that a month looks back no further than that
	MaxPlanTitle = 100  // characters
	MaxPlanNote  = 1000 // characters
)

// ErrPlansFull is returned for one plan more than MaxPlans.
var ErrPlansFull = &core.Error{Code: core.Full, Key: "error.plansfull"}

// A Plan is a date of one's own. Nobody else sees it.
type Plan struct {
	Member, ID core.ID
	NewPlan
	Edition   int // how often it was changed, for calendar programs
	CreatedAt time.Time
	UpdatedAt time.Time
}

// NewPlan is what a plan is made of, and changed to.
type NewPlan struct {
	Title, Note string
	Day         core.Day
	Time        core.Clock // zero: all day
	Last        core.Day   // its last day; zero: it has one
}

// Ends is the last day of the plan.
func (n NewPlan) Ends() core.Day { return max(n.Day, n.Last) }

// PlanStore keeps plans.
type PlanStore interface {
	InsertPlan(ctx context.Context, p Plan) error
	Plan(ctx context.Context, member, id core.ID) (Plan, error)
	// UpdatePlan replaces what the member can change, and counts the change.
	UpdatePlan(ctx context.Context, p Plan) error
	DeletePlan(ctx context.Context, member, id core.ID) error
	CountPlans(ctx context.Context, member core.ID) (int, error)
	// Plans lists the plans that begin in [from, to], in their order.
	Plans(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]Plan, error)
}

// CheckPlan cleans a plan in place and returns Invalid for fields that are wrong.
func CheckPlan(n *NewPlan) error {
	var c core.Check
	c.Text("title", &n.Title, core.OneLine, true, MaxPlanTitle)
	c.Text("note", &n.Note, core.ManyLines, false, MaxPlanNote)
	switch {
	case n.Day == 0:
		c.Fail("day", "field.required", 0)
	case n.Last != 0 && n.Last < n.Day:
		c.Fail("last", "field.lastday", 0)
	case n.Last >= n.Day.Add(MaxPlanDays):
		c.Fail("last", "field.plandays", MaxPlanDays)
	}
	if n.Last == n.Day {
		n.Last = 0
	}
	return c.Err()
}

// Write stores a plan of the member. ErrPlansFull for one more than MaxPlans.
func (s *Service) Write(ctx context.Context, member core.ID, n NewPlan) (Plan, error) {
	if err := CheckPlan(&n); err != nil {
		return Plan{}, err
	}
	p := Plan{Member: member, NewPlan: n}
	p.ID, p.CreatedAt = s.Stamp(time.Time{})
	p.UpdatedAt = p.CreatedAt
	return p, s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		count, err := s.store.CountPlans(ctx, member)
		if err != nil {
			return err
		}
		if count >= MaxPlans {
			return ErrPlansFull
		}
		return s.store.InsertPlan(ctx, p)
	})
}

// Plan gives one of the member's own; ErrNotFound for every other one.
func (s *Service) Plan(ctx context.Context, member, id core.ID) (Plan, error) {
	return s.store.Plan(ctx, member, id)
}

// Edit replaces a plan of the member.
func (s *Service) Edit(ctx context.Context, member, id core.ID, n NewPlan) error {
	if err := CheckPlan(&n); err != nil {
		return err
	}
	return s.store.UpdatePlan(ctx, Plan{Member: member, ID: id, NewPlan: n, UpdatedAt: s.Now()})
}

// Delete removes a plan of the member.
func (s *Service) Delete(ctx context.Context, member, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		return errors.Join(s.store.DeletePlan(ctx, member, id), s.AuditDelete(ctx, member, "plan", id))
	})
}

// Plans lists the member's plans that have a day in [from, to], in the order of their beginning, limit of them at most.
func (s *Service) Plans(ctx context.Context, member core.ID, from, to core.Day, limit int) ([]Plan, error) {
	rows, err := s.store.Plans(ctx, member, from.Add(1-MaxPlanDays), to, limit+MaxPlanDays)
	var list []Plan
	for _, p := range rows {
		if p.Ends() >= from && len(list) < limit {
			list = append(list, p)
		}
	}
	return list, err
}
