package web

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/figures"
)

// Addresses of what is done about members beside their page.
const (
	consoleBranchPath   = "/operator/member/branch"
	consoleDisclosePath = "/operator/member/disclose"
)

// branch lists who came by the invitations of a member, and of those, and so on.
func (v branchPages) branch() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showBranch(id, nil)
}

func (v branchPages) showBranch(id core.ID, w wrong) (err error) {
	p := &consoleBranchPage{frame: frame(v), wrong: w}
	if p.root, _, err = v.site.core.Member(v.ctx, core.Viewer{Operator: true}, id); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Operator.Branch(v.ctx, id); err != nil {
		return err
	}
	return v.show(p)
}

// maxBranchForm is how many members of a branch one form names.
const maxBranchForm = 150

// holdBranch suspends those of a branch that were ticked.
func (v branchPages) holdBranch() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showBranch(id, w) }, func(ctx context.Context) (string, error) {
		m, err := consolePages(v).measureOf()
		if err != nil {
			return "", err
		}
		_, err = v.site.core.Operator.HoldBranch(ctx, v.operator, id, v.form.ids("member", maxBranchForm), m)
		return consoleBranchPath + "?id=" + id.String(), err
	})
}

// disclose writes out what the law asks for.
func (v branchPages) disclose() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	from, bad := time.ParseInLocation(time.DateOnly, v.form.get("from"), figures.Tokyo)
	until, worse := time.ParseInLocation(time.DateOnly, v.form.get("until"), figures.Tokyo)
	if bad != nil || worse != nil {
		return consolePages(v).showPerson(id, wrong{{Field: "from", Key: "field.isoday"}})
	}
	d, err := v.site.core.Operator.Disclose(v.ctx, v.operator, id, v.form.get("reason"), from, until.AddDate(0, 0, 1))
	if w, ok := invalid(err); ok {
		return consolePages(v).showPerson(id, w)
	}
	if err != nil {
		return err
	}
	v.ctx.Response.Header.Set("Content-Disposition", `attachment; filename="disclosure-`+id.String()+`.json"`)
	return consolePages(v).json(d)
}
