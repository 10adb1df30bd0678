package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"musubi/core"
	"musubi/core/operator"
	"musubi/core/premium"
)

// Addresses of what operators do about plans.
const (
	consolePlansPath = "/operator/plans"
	consoleGrantPath = "/operator/member/premium"
)

// plans shows what the plans give.
func (v premiumPages) plans() error { return v.showPlans(v.site.core.Premium.Plans(v.ctx), nil) }

func (v premiumPages) showPlans(plans []premium.Plan, w wrong) error {
	return v.show(&consolePlansPage{frame(v), plans, w})
}

// setPlans stores it.
func (v premiumPages) setPlans() error {
	before := v.site.core.Premium.Plans(v.ctx)
	plans, w := slices.Clone(before), wrong(nil)
	for i := range plans {
		for l, name := range premium.LimitNames {
			field := plans[i].Key + "-" + name
			n, err := strconv.ParseInt(v.form.get(field), 10, 64)
			if err != nil {
				w = append(w, core.FieldError{Field: field, Key: "field.number"})
			}
			plans[i].Limits[l] = n
		}
	}
	if w != nil {
		return v.showPlans(plans, w)
	}
	return v.onceOr(func(w wrong) error { return v.showPlans(plans, w) }, func(ctx context.Context) (string, error) {
		a := operator.Act{Kind: "plans", Before: plansText(before), After: plansText(plans)}
		return consolePlansPath, v.site.core.Operator.Do(ctx, v.operator, a, func(ctx context.Context) error { return v.site.core.Premium.SetPlans(ctx, plans) })
	})
}

// plansText is what the log of acts has of the plans.
func plansText(plans []premium.Plan) (text string) {
	for _, p := range plans {
		text += p.Key
		for l, name := range premium.LimitNames {
			text += " " + name + "=" + strconv.FormatInt(p.Limits[l], 10)
		}
		text += "\n"
	}
	return text
}

// grant gives a member a plan: an operator's own doing, a gift or a trial.
func (v premiumPages) grant() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	again := func(w wrong) error { return consolePages(v).showPerson(id, w) }
	before := v.inForce(id)
	if v.form.pressed("end") {
		which, _ := core.ParseID(v.form.get("entitlement"))
		return v.onceOr(again, func(ctx context.Context) (string, error) {
			a := operator.Act{Kind: "premiumend", Member: id, Before: before, After: premium.Free}
			return consoleMember(id), v.site.core.Operator.Do(ctx, v.operator, a, func(ctx context.Context) error { return v.site.core.Premium.End(ctx, id, which) })
		})
	}
	until, w := housePages(v).untilOf()
	if w == nil && until.IsZero() {
		w = wrong{{Field: "days", Key: "field.days"}}
	}
	if w != nil {
		return again(w)
	}
	source := v.form.get("source")
	if !slices.Contains(grantSources, source) {
		return again(wrong{{Field: "source", Key: "field.choice"}})
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		a := operator.Act{Kind: "premium", Member: id, Object: source, Reason: v.form.get("reason"), Before: before, After: premium.Premium + " until " + until.In(core.Tokyo).Format(time.DateOnly)}
		return consoleMember(id), v.site.core.Operator.Do(ctx, v.operator, a, func(ctx context.Context) error {
			return v.site.core.Premium.Grant(ctx, premium.Entitlement{Member: id, Plan: premium.Premium, Until: until, Source: source, By: v.operator.Name, Reference: v.form.get("reason")})
		})
	})
}

// inForce is what the log of acts has of the plan of a member.
func (v premiumPages) inForce(member core.ID) string {
	plan, e, err := v.site.core.Premium.Of(v.ctx, member)
	if err != nil || e.ID == 0 {
		return premium.Free
	}
	return plan.Key + " until " + e.Until.In(core.Tokyo).Format(time.DateOnly)
}

// grantSources are where an entitlement that an operator grants comes from.
var grantSources = []string{premium.ByOperator, premium.ByGift, premium.ByTrial}
