package web

import (
	"context"

	"musubi/core"
	"musubi/core/calendar"
	"musubi/core/elsewhere"
)

// ownPlanOf gives the one that the address names.
func (v calendarPages) ownPlanOf() (calendar.Plan, error) {
	id, err := v.id("id")
	if err != nil {
		return calendar.Plan{}, err
	}
	return v.site.core.Calendar.Plan(v.ctx, v.member.ID, id)
}

// plan shows one of one's own dates.
func (v calendarPages) plan() error {
	p, err := v.ownPlanOf()
	if err != nil {
		return err
	}
	return v.show(&planPage{frame(v), p})
}

// A planDraft is a date on its way through the form, as it was typed.
type planDraft struct {
	id              core.ID
	new             calendar.NewPlan
	day, time, last string
}

// planForm is the form for a new date, on the day of the address, or (id) for one of one's own.
func (v calendarPages) planForm() error {
	var d planDraft
	if v.query("id") != "" {
		p, err := v.ownPlanOf()
		if err != nil {
			return err
		}
		d.id, d.new = p.ID, p.NewPlan
	} else {
		d.new.Day, _ = core.ReadDay(v.query("day"))
	}
	d.day, d.time, d.last = dayValue(v.visit, d.new.Day), clockValue(v.visit, d.new.Time), dayValue(v.visit, d.new.Last)
	return v.show(&planFormPage{frame: frame(v), draft: d})
}

// writePlan stores a date, or changes one.
func (v calendarPages) writePlan() error {
	d := planDraft{day: v.form.get("day"), time: v.form.get("time"), last: v.form.get("last")}
	d.id, _ = core.ParseID(v.form.get("plan"))
	var w wrong
	d.new = calendar.NewPlan{Title: v.form.get("title"), Note: v.form.get("note"), Day: v.formDay("day", &w), Time: v.formClock("time", &w), Last: v.formDay("last", &w)}
	again := func(w wrong) error { return v.show(&planFormPage{frame: frame(v), draft: d, wrong: w}) }
	if v.form.pressed("edit") {
		return again(nil)
	}
	if w = withWrong(w, calendar.CheckPlan(&d.new)); len(w) > 0 {
		return again(w)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		if d.id != 0 {
			return planIDPath(d.id), v.site.core.Calendar.Edit(ctx, v.member.ID, d.id, d.new)
		}
		p, err := v.site.core.Calendar.Write(ctx, v.member.ID, d.new)
		return monthPath(p.Day), err
	})
}

// deletePlan removes one of one's own dates.
func (v calendarPages) deletePlan() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return calendarPath, v.site.core.Calendar.Delete(ctx, v.member.ID, id)
	})
}

// feed shows the address at which a calendar program fetches one's calendar.
func (v calendarPages) feed() error {
	f, has, err := v.site.core.Elsewhere.Feed(v.ctx, v.member.ID, elsewhere.Calendar, 0)
	if err != nil {
		return err
	}
	return v.show(&calendarFeedPage{frame(v), f, has})
}

// changeFeed makes an address, a new one for the one there was, or ends it.
func (v calendarPages) changeFeed() error {
	return v.once(func(ctx context.Context) (string, error) {
		if v.form.pressed("delete") {
			return calendarFeedPath, v.site.core.Elsewhere.EndFeed(ctx, v.member.ID, elsewhere.Calendar, 0)
		}
		_, err := v.site.core.Elsewhere.MakeFeed(ctx, v.member.ID, elsewhere.Calendar, 0, false)
		return calendarFeedPath, err
	})
}
