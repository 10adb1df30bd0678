package web

import (
	"context"

	"musubi/core"
	"musubi/core/people"
)

// footprintRows is how many lines a page of footprints shows.
const footprintRows = 30

const footprintsPath = "/footprints"

// leaveFootprint notes that the visitor looks at pages of a member, which permission has let them see.
func (v *visit) leaveFootprint(owner core.ID) {
	v.site.core.People.LeaveFootprint(v.member.ID, owner, v.site.core.Now().In(v.site.zone))
}

// footprints lists who visited one's pages; whoever made the round number has been seen then.
func (v profilePages) footprints() error {
	p := &footprintsPage{frame: frame(v)}
	if err := v.showFootprints(p); err != nil {
		return err
	}
	return v.looked(people.RoundNews, 0, 0)
}

func (v profilePages) showFootprints(p *footprintsPage) (err error) {
	p.page = v.page(footprintRows)
	if p.book, err = v.site.core.People.FootprintBook(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.lines, p.more, err = v.site.core.People.Footprints(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// changeFootprints takes the round number, or the choice to leave no footprints.
func (v profilePages) changeFootprints() error {
	typed := v.form.get("round")
	return v.onceOr(func(w wrong) error {
		return v.showFootprints(&footprintsPage{frame: frame(v), typed: typed, wrong: w})
	}, func(ctx context.Context) (string, error) {
		if hide := v.form.pressed("hide"); hide || v.form.pressed("show") {
			return footprintsPath, v.site.core.People.SetStealth(ctx, v.member.ID, hide)
		}
		return footprintsPath, v.site.core.People.SetRound(ctx, v.member.ID, typed)
	})
}
