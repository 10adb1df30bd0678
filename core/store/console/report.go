package console

import (
	"context"
	"fmt"
	"time"

	"musubi/core"
	"musubi/core/report"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

const reportColumns = `id, reporter, contact, kind, owner, thing, piece, comment, reason, words, author, title, body, made_at, at, state, taker, asked_at, outcome, answer, closed_at, reply, replied_at`

func reportRow(row engine.Scanner) (r report.Report, err error) {
	return r, row.Scan(&r.ID, &r.Reporter, &r.Contact, &r.On.Kind, &r.On.Owner, &r.On.ID, &r.On.Piece, &r.On.Comment, &r.Reason, &r.Words,
		&r.Was.Author, &r.Was.Title, &r.Was.Text, engine.Moment(&r.Was.At), engine.Moment(&r.At), &r.State, &r.Taker,
		engine.Moment(&r.Asked), &r.Outcome, &r.Answer, engine.Moment(&r.ClosedAt), &r.Reply, engine.Moment(&r.RepliedAt))
}

// InsertReport implements report.ReportStore.
func (s Report) InsertReport(ctx context.Context, r report.Report) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if _, err := q.Run(ctx, `INSERT INTO report (`+reportColumns+`) VALUES (`+engine.Places(1, 23)+`)`,
			r.ID, r.Reporter, r.Contact, r.On.Kind, r.On.Owner, r.On.ID, r.On.Piece, r.On.Comment, r.Reason, r.Words,
			r.Was.Author, r.Was.Title, r.Was.Text, engine.Millis(r.Was.At), engine.Millis(r.At), r.State, r.Taker,
			engine.Millis(r.Asked), r.Outcome, r.Answer, engine.Millis(r.ClosedAt), r.Reply, engine.Millis(r.RepliedAt)); err != nil {
			return err
		}
		for place, p := range r.Was.Photos {
			if _, err := q.Run(ctx, `INSERT INTO report_photo (report, place, hash, type, width, height) VALUES ($1, $2, $3, $4, $5, $6)`,
				r.ID, place, p.Hash, p.Type, p.Width, p.Height); err != nil {
				return err
			}
		}
		return nil
	})
}

// Report implements report.ReportStore.
func (s Report) Report(ctx context.Context, id core.ID) (report.Report, error) {
	r, err := reportRow(s.On(ctx).Row(ctx, `SELECT `+reportColumns+` FROM report WHERE id = $1`, id))
	if err != nil {
		return r, base.One(err)
	}
	r.Was.Photos, err = engine.List(ctx, s.On(ctx), func(row engine.Scanner) (p core.Photo, err error) {
		return p, row.Scan(&p.ID, &p.Hash, &p.Type, &p.Width, &p.Height)
	}, `SELECT place, hash, type, width, height FROM report_photo WHERE report = $1 ORDER BY place`, id)
	return r, err
}

// OpenReport implements report.ReportStore.
func (s Report) OpenReport(ctx context.Context, reporter core.ID, on report.Thing) (id core.ID, err error) {
	err = s.On(ctx).Row(ctx, `SELECT id FROM report WHERE reporter = $1 AND kind = $2 AND owner = $3 AND thing = $4 AND piece = $5 AND comment = $6 AND closed_at = 0`,
		reporter, on.Kind, on.Owner, on.ID, on.Piece, on.Comment).Scan(&id)
	return id, base.One(err)
}

// CountOpen implements report.ReportStore.
func (s Report) CountOpen(ctx context.Context, reporter core.ID) (n int, oldest time.Time, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*), coalesce(min(at), 0) FROM report WHERE closed_at = 0 AND ($1 = 0 OR reporter = $1)`, reporter).
		Scan(&n, engine.Moment(&oldest))
	return n, oldest, err
}

// CountOutside implements report.ReportStore.
func (s Report) CountOutside(ctx context.Context) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM report WHERE closed_at = 0 AND contact <> ''`).Scan(&n)
	return n, err
}

// InquiriesTo implements report.ReportStore.
func (s Report) InquiriesTo(ctx context.Context, author core.ID) ([]report.Report, error) {
	return engine.List(ctx, s.On(ctx), reportRow, `SELECT `+reportColumns+` FROM report WHERE author = $1 AND state = 2 AND replied_at = 0 ORDER BY id LIMIT 50`, author)
}

// Reports implements report.ReportStore.
func (s Report) Reports(ctx context.Context, closed bool, p core.Page) ([]report.Report, error) {
	which := `closed_at = 0 ORDER BY id`
	if closed {
		which = `closed_at > 0 ORDER BY closed_at DESC`
	}
	return engine.List(ctx, s.On(ctx), reportRow, `SELECT `+reportColumns+` FROM report WHERE `+which+` LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// ReportsBy implements report.ReportStore.
func (s Report) ReportsBy(ctx context.Context, reporter core.ID, p core.Page) ([]report.Report, error) {
	return engine.List(ctx, s.On(ctx), reportRow, `SELECT `+reportColumns+` FROM report WHERE reporter = $1 ORDER BY id DESC LIMIT $2 OFFSET $3`, reporter, p.Limit(), p.Offset())
}

// ReportsAbout implements report.ReportStore.
func (s Report) ReportsAbout(ctx context.Context, author core.ID, p core.Page) ([]report.Report, error) {
	return engine.List(ctx, s.On(ctx), reportRow, `SELECT `+reportColumns+` FROM report WHERE author = $1 ORDER BY id DESC LIMIT $2 OFFSET $3`, author, p.Limit(), p.Offset())
}

// UpdateReport implements report.ReportStore.
func (s Report) UpdateReport(ctx context.Context, r report.Report) error {
	return s.Change(ctx, `UPDATE report SET state = $1, taker = $2, asked_at = $3, outcome = $4, answer = $5, closed_at = $6, reply = $8, replied_at = $9 WHERE id = $7`,
		r.State, r.Taker, engine.Millis(r.Asked), r.Outcome, r.Answer, engine.Millis(r.ClosedAt), r.ID, r.Reply, engine.Millis(r.RepliedAt))
}

// DeleteReportsBefore implements report.ReportStore.
func (s Report) DeleteReportsBefore(ctx context.Context, closed time.Time) error {
	old := `closed_at > 0 AND closed_at < $1`
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `INSERT INTO spare_blob (hash, since) SELECT hash, $1 FROM report_photo WHERE report IN (SELECT id FROM report WHERE ` + old + `) ON CONFLICT (hash) DO NOTHING`, Args: []any{engine.Millis(closed)}},
			engine.Step{Query: `DELETE FROM report_photo WHERE report IN (SELECT id FROM report WHERE ` + old + `)`, Args: []any{engine.Millis(closed)}},
			engine.Step{Query: `DELETE FROM report WHERE ` + old, Args: []any{engine.Millis(closed)}})
	})
}

const measureColumns = `id, member, kind, reason, until, at, ended_at, report, operator, what, owner, thing, piece, comment, title, was`

func measureRow(row engine.Scanner) (m report.Measure, err error) {
	return m, row.Scan(&m.ID, &m.Member, &m.Kind, &m.Reason, engine.Moment(&m.Until), engine.Moment(&m.At), engine.Moment(&m.EndedAt), &m.Report, &m.By,
		&m.On.Kind, &m.On.Owner, &m.On.ID, &m.On.Piece, &m.On.Comment, &m.Title, &m.Was)
}

// InsertMeasure implements report.MeasureStore.
func (s Report) InsertMeasure(ctx context.Context, m report.Measure) error {
	return s.Change(ctx, `INSERT INTO measure (`+measureColumns+`) VALUES (`+engine.Places(1, 16)+`)`,
		m.ID, m.Member, m.Kind, m.Reason, engine.Millis(m.Until), engine.Millis(m.At), engine.Millis(m.EndedAt), m.Report, m.By,
		m.On.Kind, m.On.Owner, m.On.ID, m.On.Piece, m.On.Comment, m.Title, m.Was)
}

// Measure implements report.MeasureStore.
func (s Report) Measure(ctx context.Context, id core.ID) (report.Measure, error) {
	return s.measure(ctx, `id = $1`, id)
}

// measure reads one of those that a condition finds.
func (s Report) measure(ctx context.Context, where string, args ...any) (report.Measure, error) {
	m, err := measureRow(s.On(ctx).Row(ctx, `SELECT `+measureColumns+` FROM measure WHERE `+where, args...))
	return m, base.One(err)
}

// Measures implements report.MeasureStore.
func (s Report) Measures(ctx context.Context, member core.ID, p core.Page) ([]report.Measure, error) {
	return engine.List(ctx, s.On(ctx), measureRow, `SELECT `+measureColumns+` FROM measure WHERE member = $1 ORDER BY id DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// LastMeasure implements report.MeasureStore.
func (s Report) LastMeasure(ctx context.Context, member core.ID, kind report.MeasureKind) (report.Measure, error) {
	return s.measure(ctx, `member = $1 AND kind = $2 AND ended_at = 0 ORDER BY id DESC LIMIT 1`, member, kind)
}

// HiddenMeasure implements report.MeasureStore.
func (s Report) HiddenMeasure(ctx context.Context, on report.Thing) (report.Measure, error) {
	return s.measure(ctx, `owner = $1 AND thing = $2 AND what = $3 AND piece = $4 AND comment = $5 AND kind = 1 AND ended_at = 0`,
		on.Owner, on.ID, on.Kind, on.Piece, on.Comment)
}

// EndMeasure implements report.MeasureStore.
func (s Report) EndMeasure(ctx context.Context, id core.ID, at time.Time) error {
	return s.Change(ctx, `UPDATE measure SET ended_at = $1 WHERE id = $2`, engine.Millis(at), id)
}

// DueHolds implements report.MeasureStore.
func (s Report) DueHolds(ctx context.Context, now time.Time, limit int) ([]report.Measure, error) {
	return engine.List(ctx, s.On(ctx), measureRow,
		`SELECT `+measureColumns+` FROM measure WHERE kind = 4 AND ended_at = 0 AND until > 0 AND until <= $1 ORDER BY until LIMIT $2`, engine.Millis(now), limit)
}

// DeleteMeasuresBefore implements report.MeasureStore.
func (s Report) DeleteMeasuresBefore(ctx context.Context, t time.Time) error {
	return s.Change(ctx, `DELETE FROM measure WHERE at < $1 AND (kind = 0 OR kind = 2 OR ended_at > 0 OR (until > 0 AND until < $1))`, engine.Millis(t))
}

// NotHidden is a condition that leaves out of a table of things of a kind what an operator hides: it stays as it is, whatever
// its owner chooses.
func NotHidden(kind report.Kind, table string) string {
	return fmt.Sprintf(` AND NOT EXISTS (SELECT 1 FROM measure h WHERE h.owner = %[2]s.member AND h.thing = %[2]s.id AND h.what = %[1]d AND h.kind = 1 AND h.ended_at = 0)`, kind, table)
}

// FilterWords implements report.FilterStore.
func (s Report) FilterWords(ctx context.Context, limit int) ([]report.FilterWord, error) {
	return engine.List(ctx, s.On(ctx), func(row engine.Scanner) (w report.FilterWord, err error) {
		return w, row.Scan(&w.Folded, &w.Shown, engine.Moment(&w.At), &w.By)
	}, `SELECT word, shown, at, operator FROM filter_word ORDER BY word LIMIT $1`, limit)
}

// PutFilterWord implements report.FilterStore.
func (s Report) PutFilterWord(ctx context.Context, w report.FilterWord) error {
	return s.Change(ctx, `INSERT INTO filter_word (word, shown, at, operator) VALUES ($1, $2, $3, $4) ON CONFLICT (word) DO NOTHING`, w.Folded, w.Shown, engine.Millis(w.At), w.By)
}

// DeleteFilterWord implements report.FilterStore.
func (s Report) DeleteFilterWord(ctx context.Context, folded string) error {
	return s.Change(ctx, `DELETE FROM filter_word WHERE word = $1`, folded)
}
