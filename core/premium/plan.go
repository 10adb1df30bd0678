package premium

import (
	"context"
	"slices"
	"time"

	"musubi/core"
)

// PlanStore keeps what an operator has changed of the plans.
type PlanStore interface {
	// PlanLimits gives limits by plan and name; those that are not there are as the program was started.
	PlanLimits(ctx context.Context) (map[string]map[string]int64, error)
	PutPlanLimits(ctx context.Context, limits map[string]map[string]int64) error
}

// setPlans are the plans as they were read a few seconds ago.
type setPlans struct {
	plans []Plan
	at    time.Time
}

// plansFresh is how old they may be: another process may have changed them.
const plansFresh = 5 * time.Second

// MaxLimit is the most of any limit.
const MaxLimit = 10_000_000

// Plans are the plans as the operator has set them. When the database does not answer, they are as they were.
func (s *Service) Plans(ctx context.Context) []Plan {
	have := s.set.Load()
	if have != nil && s.Now().Sub(have.at).Abs() < plansFresh {
		return have.plans
	}
	limits, err := s.store.PlanLimits(ctx)
	if err != nil {
		if have != nil {
			return have.plans
		}
		return s.started
	}
	plans := slices.Clone(s.started)
	for i := range plans {
		for l, name := range LimitNames {
			if n, ok := limits[plans[i].Key][name]; ok {
				plans[i].Limits[l] = n
			}
		}
	}
	s.set.Store(&setPlans{plans, s.Now()})
	return plans
}

// SetPlans stores what the plans give. Nothing of a member is deleted when they have more than that: they add nothing.
func (s *Service) SetPlans(ctx context.Context, plans []Plan) error {
	limits := map[string]map[string]int64{}
	var c core.Check
	for _, p := range plans {
		if _, ok := FindPlan(p.Key); !ok {
			c.Fail("plan", "field.choice", 0)
		}
		limits[p.Key] = map[string]int64{}
		for l, name := range LimitNames {
			if n := p.Limits[l]; n < 0 || n > MaxLimit {
				c.Fail(p.Key+"-"+name, "field.number", 0)
			}
			limits[p.Key][name] = p.Limits[l]
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	err := s.store.PutPlanLimits(ctx, limits)
	s.set.Store(nil)
	return err
}

// Entitlements lists a member's, the last to end first.
func (s *Service) Entitlements(ctx context.Context, member core.ID) ([]Entitlement, error) {
	return s.store.Entitlements(ctx, member)
}
