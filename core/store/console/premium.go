package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"musubi/core"
	"musubi/core/premium"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Premium keeps who has which plan.
type Premium struct{ base.Area }

const entitlementColumns = `member, id, plan, since, until, source, reference, operator, refunded, told`

func entitlementRow(r engine.Scanner) (e premium.Entitlement, err error) {
	return e, r.Scan(&e.Member, &e.ID, &e.Plan, engine.Moment(&e.Since), engine.Moment(&e.Until), &e.Source, &e.Reference, &e.By, engine.Moment(&e.Refunded), &e.Told)
}

// inForce is a condition on an entitlement e that counts at $4, its grace included (premium.Entitlement.InForce).
var inForce = fmt.Sprintf(`e.since <= $4 AND e.until + %d > $4 AND (e.refunded = 0 OR e.until > e.refunded)`, premium.Grace.Milliseconds())

// PutEntitlement implements premium.EntitlementStore.
func (s Premium) PutEntitlement(ctx context.Context, e premium.Entitlement) error {
	return s.Change(ctx, `INSERT INTO entitlement (`+entitlementColumns+`) VALUES (`+engine.Places(1, 10)+`)
		ON CONFLICT (member, id) DO UPDATE SET until = excluded.until, reference = excluded.reference, refunded = excluded.refunded, told = excluded.told`,
		e.Member, e.ID, e.Plan, engine.Millis(e.Since), engine.Millis(e.Until), e.Source, e.Reference, e.By, engine.Millis(e.Refunded), e.Told)
}

// Entitlements implements premium.EntitlementStore.
func (s Premium) Entitlements(ctx context.Context, member core.ID) ([]premium.Entitlement, error) {
	return engine.List(ctx, s.On(ctx), entitlementRow, `SELECT `+entitlementColumns+` FROM entitlement WHERE member = $1 ORDER BY until DESC LIMIT 100`, member)
}

// EndingEntitlements implements premium.EntitlementStore.
func (s Premium) EndingEntitlements(ctx context.Context, before time.Time, told, limit int) ([]premium.Entitlement, error) {
	return engine.List(ctx, s.On(ctx), entitlementRow, `SELECT `+entitlementColumns+` FROM entitlement WHERE until < $1 AND until > $2 AND told < $3 ORDER BY until LIMIT $4`,
		engine.Millis(before), engine.Millis(before.Add(-30*24*time.Hour)), told, limit)
}

// Reference implements premium.EntitlementStore.
func (s Premium) Reference(ctx context.Context, member core.ID) (ref string, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT reference FROM pay_reference WHERE member = $1`, member).Scan(&ref))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return ref, err
}

// PutReference implements premium.EntitlementStore.
func (s Premium) PutReference(ctx context.Context, member core.ID, reference string) error {
	return s.Change(ctx, `INSERT INTO pay_reference (reference, member) VALUES ($1, $2)`, reference, member)
}

// MemberOf implements premium.EntitlementStore.
func (s Premium) MemberOf(ctx context.Context, reference string) (member core.ID, err error) {
	err = s.On(ctx).Row(ctx, `SELECT member FROM pay_reference WHERE reference = $1`, reference).Scan(&member)
	return member, base.One(err)
}

// TakeEvent implements premium.EntitlementStore.
func (s Premium) TakeEvent(ctx context.Context, id string, at time.Time) (fresh bool, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `INSERT INTO hook_event (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, id, engine.Millis(at))
		fresh = n > 0
		return err
	})
	return fresh, err
}

// DeleteEventsBefore implements premium.EntitlementStore.
func (s Premium) DeleteEventsBefore(ctx context.Context, t time.Time) error {
	return s.Change(ctx, `DELETE FROM hook_event WHERE at < $1`, engine.Millis(t))
}

// PlanLimits implements premium.PlanStore.
func (s Premium) PlanLimits(ctx context.Context) (limits map[string]map[string]int64, err error) {
	var value string
	err = base.One(s.On(ctx).Row(ctx, `SELECT value FROM site_setting WHERE name = 'plans'`).Scan(&value))
	if errors.Is(err, core.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal([]byte(value), &limits)
	return limits, err
}

// PutPlanLimits implements premium.PlanStore.
func (s Premium) PutPlanLimits(ctx context.Context, limits map[string]map[string]int64) error {
	value, err := json.Marshal(limits)
	if err != nil {
		return err
	}
	return s.Change(ctx, `INSERT INTO site_setting (name, value) VALUES ('plans', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(value))
}
