package web

import (
	"context"
	"maps"

	"musubi/core"
	"musubi/core/report"
)

// reportRows is how many reports or measures a page lists.
const reportRows = 20

// reportThingPath leads to the form that reports a thing.
func reportThingPath(on report.Thing) string { return reportPath + "?t=" + on.String() }

// reportLinks are the pages of what a feature's members can report, the comments in its threads among it.
func (f *feature) reportLinks() map[report.Kind]func(on report.Thing) string {
	links := maps.Clone(f.reports)
	if len(f.threads) > 0 {
		if links == nil {
			links = map[report.Kind]func(on report.Thing) string{}
		}
		f.commentLinks(links)
	}
	return links
}

// thingPath is the page of a thing; "" of one that has none of its own, or whose kind is not known.
func thingPath(on report.Thing) string {
	if on.Owner == 0 || int(on.Kind) >= len(reportLinks) {
		return ""
	}
	return reportLinks[on.Kind](on)
}

// ask asks why a thing is reported.
func (v reportPages) ask() error {
	on, ok := report.ParseThing(v.query("t"))
	if !ok {
		return core.ErrNotFound
	}
	return v.showForm(on, "", "", nil)
}

func (v reportPages) showForm(on report.Thing, reason, typed string, w wrong) error {
	was, err := v.site.core.Report.Look(v.ctx, v.viewer(), on)
	if err != nil {
		return err
	}
	return v.show(&reportFormPage{frame(v), on, was, reason, typed, w})
}

// file stores a report.
func (v reportPages) file() error {
	on, ok := report.ParseThing(v.form.get("t"))
	if !ok {
		return core.ErrNotFound
	}
	reason, typed := v.form.get("reason"), v.form.get("words")
	again := func(w wrong) error { return v.showForm(on, reason, typed, w) }
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		_, err := v.site.core.Report.File(ctx, v.viewer(), on, reason, typed)
		return reportsPath + "?sent=1", err
	})
}

// mine lists one's own reports and what became of them.
func (v reportPages) mine() (err error) {
	p := &reportsPage{frame: frame(v), sent: v.query("sent") != "", page: v.page(reportRows)}
	if p.list, p.more, err = v.site.core.Report.Mine(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// heard tells who has the care of a thing that it was reported.
func (v reportPages) heard() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	r, err := v.site.core.Report.Heard(v.ctx, v.member.ID, id)
	if err != nil {
		return err
	}
	return v.show(&heardPage{frame(v), r})
}

// measures lists what operators have done about the member.
func (v reportPages) measures() error {
	return v.showMeasures(0, "", nil)
}

// showMeasures is the page with an answer that was not sent yet to what the member is asked, and what is wrong with it.
func (v reportPages) showMeasures(of core.ID, typed string, w wrong) (err error) {
	p := &measuresPage{frame: frame(v), page: v.page(reportRows), of: of, typed: typed, wrong: w}
	if p.asked, err = v.site.core.Report.Inquiries(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Report.MyMeasures(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// reply keeps what the member says to what they are asked.
func (v reportPages) reply() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	typed := v.form.get("words")
	again := func(w wrong) error { return v.showMeasures(id, typed, w) }
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		return measuresPath, v.site.core.Report.Reply(ctx, v.member.ID, id, typed)
	})
}

// concealed tells the owner of a thing on its page why nobody else sees it; nothing when they do.
func (v *visit) concealed(on report.Thing, visibility core.Visibility) (why string, err error) {
	if on.Owner != v.member.ID || visibility != core.Private {
		return "", nil
	}
	return whyConcealed(v, on)
}

// whyConcealed is the reason for which an operator hides a thing; nothing when none does.
func whyConcealed(v *visit, on report.Thing) (string, error) {
	m, hidden, err := v.site.core.Report.Concealed(v.ctx, on)
	if !hidden {
		return "", err
	}
	return v.t("report.concealed", reportPages{v}.measureReason(&m)), nil
}
