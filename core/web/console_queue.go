package web

import (
	"context"
	"strconv"
	"time"

	"musubi/core"
	"musubi/core/report"
)

// consoleRows is how many lines a page of the console lists.
const consoleRows = 50

func consoleReport(id core.ID) string { return consoleReportPath + "?id=" + id.String() }

func consoleMember(id core.ID) string { return consoleMemberPath + "?id=" + id.String() }

// reports is the queue, or what is closed.
func (v consolePages) reports() (err error) {
	p := &consoleReportsPage{frame: frame(v), closed: v.query("closed") != "", page: v.page(consoleRows), base: consoleReportsPath}
	if p.closed {
		p.base += "?closed=1"
	}
	if p.list, p.more, err = v.site.core.Report.Queue(v.ctx, p.closed, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// report shows one report: the thing as it was, its author's history, and what can be done.
func (v consolePages) report() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showReport(id, nil)
}

func (v consolePages) showReport(id core.ID, w wrong) (err error) {
	p := &consoleOneReport{frame: frame(v), wrong: w, row: &report.Row{}}
	if p.report, err = v.site.core.Report.Report(v.ctx, id); err != nil {
		return err
	}
	p.reason, p.answer = v.form.get("reason"), v.form.get("answer")
	for _, l := range consoleLetters {
		if l.key == v.query("letter") {
			*l.of(p) = v.t("console.letter."+l.key, v.site.name(), p.report.Was.Called())
		}
	}
	if p.report.Was.Author != 0 {
		p.row = &v.site.core.Report.Rows()[p.report.On.Kind]
		if p.author, err = v.site.core.Operator.Person(v.ctx, p.report.Was.Author); err != nil {
			return err
		}
	}
	if p.reporter, err = v.nameOf(p.report.Reporter); err != nil {
		return err
	}
	return v.show(p)
}

// consoleLetters are letters that operators write again and again, and in which field of the form each goes.
var consoleLetters = []struct {
	key string
	of  func(p *consoleOneReport) *string
}{
	{"inquiry", reasonOf}, {"warning", reasonOf}, {"hidden", reasonOf}, {"answer", answerOf}, {"noaction", answerOf},
}

func reasonOf(p *consoleOneReport) *string { return &p.reason }
func answerOf(p *consoleOneReport) *string { return &p.answer }

// nameOf is the name of a member for operators; "" of nobody.
func (v consolePages) nameOf(id core.ID) (string, error) {
	if id == 0 {
		return "", nil
	}
	m, _, err := v.site.core.Member(v.ctx, core.Viewer{Operator: true}, id)
	return m.Name, err
}

// measureOf reads reason and time from a form of the console.
func (v consolePages) measureOf() (m report.Measure, err error) {
	m.Reason = v.form.get("reason")
	if err := report.CheckReason(&m.Reason); err != nil {
		return m, err
	}
	if days := v.form.get("days"); days != "" {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 3650 {
			return m, core.Invalid{{Field: "days", Key: "field.days"}}
		}
		m.Until = v.site.core.Now().Add(time.Duration(n) * 24 * time.Hour)
	}
	return m, nil
}

// measure is the kind of measure whose button was pressed.
func (f form) measure() (report.MeasureKind, bool) {
	for kind, name := range report.MeasureNames {
		if k := report.MeasureKind(kind); f.pressed(name) && k != report.Asked { // which has a button of its own
			return k, true
		}
	}
	return 0, false
}

// settle carries out the button that was pressed on a report.
func (v consolePages) settle() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	again := func(w wrong) error { return v.showReport(id, w) }
	op, answer := v.site.core.Operator, v.form.get("answer")
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		kind, measure := v.form.measure()
		switch {
		case v.form.pressed("take"):
			return consoleReport(id), op.Take(ctx, v.operator, id)
		case v.form.pressed("none"):
			return consoleReportsPath, op.Close(ctx, v.operator, id, report.NoAction, answer)
		case v.form.pressed("other"):
			return consoleReportsPath, op.Close(ctx, v.operator, id, report.Other, answer)
		case !measure && !v.form.pressed("ask"):
			return "", core.ErrNotFound
		}
		m, err := v.measureOf()
		if err != nil {
			return "", err
		}
		if v.form.pressed("ask") {
			return consoleReport(id), op.Ask(ctx, v.operator, id, m.Reason)
		}
		return consoleReport(id), op.Settle(ctx, v.operator, id, kind, m, answer)
	})
}

// endMeasure ends what was done; answers of reports end what reports led to, and who may do everything all of it.
func (v consolePages) endMeasure() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	to := consoleReportsPath
	if member, ok := core.ParseID(v.form.get("member")); ok {
		to = consoleMember(member)
	}
	if r, ok := core.ParseID(v.form.get("report")); ok {
		to = consoleReport(r)
	}
	return v.once(func(ctx context.Context) (string, error) {
		return to, v.site.core.Operator.EndMeasure(ctx, v.operator, id)
	})
}

// photo shows a picture of a report.
func (v consolePages) photo() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	r, err := v.site.core.Report.Report(v.ctx, id)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.query("n"))
	if err != nil || n < 0 || n >= len(r.Was.Photos) {
		return core.ErrNotFound
	}
	bytes, err := v.site.core.PhotoBytes(v.ctx, r.Was.Photos[n])
	if err != nil {
		return err
	}
	v.ctx.SetContentType(r.Was.Photos[n].Type)
	v.ctx.SetBody(bytes)
	return nil
}
