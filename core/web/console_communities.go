package web

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/operator"
	"musubi/core/report"
)

// Addresses of what operators do about communities.
const (
	consoleCommunitiesPath = "/operator/communities"
	consoleEndPath         = "/operator/community/delete"
	consoleCategoryPath    = "/operator/category"
)

// communities lists all communities, and the operator's categories.
func (v consolePages) communities() error { return v.showCommunities(0, community.Category{}, nil) }

// showCommunities is the page with what is wrong in the form of a category, or in that of the community end.
func (v consolePages) showCommunities(end core.ID, typed community.Category, w wrong) (err error) {
	p := &consoleCommunitiesPage{frame: frame(v), query: v.query("q"), page: v.page(consoleRows), end: end, typed: typed, wrong: w}
	if p.list, p.more, err = v.site.core.Community.All(v.ctx, p.query, p.page); err != nil {
		return err
	}
	if p.categories, err = v.site.core.Community.Categories(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}

// endCommunity removes a community for good, and tells its administrator why.
func (v consolePages) endCommunity() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	reason := v.form.get("reason")
	return v.onceOr(func(w wrong) error { return v.showCommunities(id, community.Category{}, w) }, func(ctx context.Context) (string, error) {
		if err := report.CheckReason(&reason); err != nil {
			return "", err
		}
		c, err := v.site.core.Community.Look(ctx, core.Viewer{Operator: true}, id)
		if err != nil {
			return "", err
		}
		a := operator.Act{Kind: "communityend", Member: c.Administrator, Object: id.String() + " " + c.Name, Reason: reason, Before: strconv.Itoa(c.Members), After: "deleted"}
		return consoleCommunitiesPath, v.site.core.Operator.Do(ctx, v.operator, a, func(ctx context.Context) error {
			if err := v.site.core.Community.End(ctx, id); err != nil || c.Administrator == 0 {
				return err
			}
			_, err := v.site.core.Report.Measure(ctx, report.Measure{Member: c.Administrator, Kind: report.Deleted, Reason: reason, By: v.operator.Name, Title: c.Name})
			return err
		})
	})
}

// changeCategory stores a category of the operator's list, or takes one away.
func (v consolePages) changeCategory() error {
	c := community.Category{Name: v.form.get("name"), English: v.form.get("english")}
	c.ID, _ = core.ParseID(v.form.get("id"))
	c.Parent, _ = core.ParseID(v.form.get("parent"))
	if place := v.form.get("place"); place != "" {
		var err error
		if c.Place, err = strconv.Atoi(place); err != nil {
			return v.showCommunities(0, c, wrong{{Field: "place", Key: "field.number"}})
		}
	}
	return v.onceOr(func(w wrong) error { return v.showCommunities(0, c, w) }, func(ctx context.Context) (string, error) {
		a := operator.Act{Kind: "category", Object: c.ID.String() + " " + c.Name, After: c.Name}
		return consoleCommunitiesPath, v.site.core.Operator.Do(ctx, v.operator, a, func(ctx context.Context) (err error) {
			if v.form.pressed("drop") {
				return v.site.core.Community.DropCategory(ctx, c.ID)
			}
			_, err = v.site.core.Community.SetCategory(ctx, c)
			return err
		})
	})
}
