package console

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/figures"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Figures keeps page views, and what months that are over came to.
type Figures struct{ base.Area }

// AddViews implements figures.ViewStore.
func (s Figures) AddViews(ctx context.Context, days []figures.Views, members []figures.MemberViews) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, v := range days {
			if _, err := q.Run(ctx, `INSERT INTO view_day (day, mobile, carrier, views) VALUES ($1, $2, $3, $4)
				ON CONFLICT (day, mobile, carrier) DO UPDATE SET views = view_day.views + excluded.views`, v.Day, v.Mobile, v.Carrier, v.N); err != nil {
				return err
			}
		}
		for _, m := range members {
			if _, err := q.Run(ctx, `INSERT INTO view_member (member, day, pc, mobile, seconds, last) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (member, day) DO UPDATE SET pc = view_member.pc + excluded.pc, mobile = view_member.mobile + excluded.mobile, last = max(view_member.last, excluded.last),
				seconds = view_member.seconds + excluded.seconds + CASE WHEN $7 > view_member.last AND $7 - view_member.last <= $8 THEN ($7 - view_member.last) / 1000 ELSE 0 END`,
				m.Member, m.Day, m.PC, m.Mobile, m.Seconds, engine.Millis(m.Last), engine.Millis(m.First), figures.MaxGap.Milliseconds()); err != nil {
				return err
			}
		}
		return nil
	})
}

// ViewsBetween implements figures.ViewStore.
func (s Figures) ViewsBetween(ctx context.Context, from, to figures.Day) ([]figures.Views, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (v figures.Views, err error) { return v, r.Scan(&v.Mobile, &v.Carrier, &v.N) },
		`SELECT mobile, carrier, sum(views) FROM view_day WHERE day >= $1 AND day < $2 GROUP BY mobile, carrier`, from, to)
}

// DailyUse implements figures.ViewStore.
func (s Figures) DailyUse(ctx context.Context, from, to figures.Day) (d figures.Daily, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(DISTINCT day), count(*), coalesce(sum(pc), 0), coalesce(sum(mobile), 0), coalesce(sum(seconds), 0)
		FROM view_member WHERE day >= $1 AND day < $2`, from, to).Scan(&d.Days, &d.Visits, &d.PC, &d.Mobile, &d.Second)
	return d, err
}

// Figures implements figures.FigureStore.
func (s Figures) Figures(ctx context.Context, table string) ([]figures.Figure, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (f figures.Figure, err error) {
		f.Table = table
		return f, r.Scan(&f.Month, &f.Label, &f.N)
	}, `SELECT month, label, n FROM figure WHERE name = $1 ORDER BY month, n DESC, label`, table)
}

// IsClosed implements figures.FigureStore.
func (s Figures) IsClosed(ctx context.Context, m figures.Month) (is bool, err error) {
	err = s.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM figure WHERE name = 'closed' AND month = $1)`, m).Scan(&is)
	return is, err
}

// FirstView implements figures.FigureStore.
func (s Figures) FirstView(ctx context.Context) (d figures.Day, err error) {
	err = s.On(ctx).Row(ctx, `SELECT coalesce(min(day), 0) FROM view_day`).Scan(&d)
	return d, err
}

// InsertFigures implements figures.FigureStore.
func (s Figures) InsertFigures(ctx context.Context, list []figures.Figure) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, f := range list {
			if _, err := q.Run(ctx, `INSERT INTO figure (name, month, label, n) VALUES ($1, $2, $3, $4) ON CONFLICT (name, month, label) DO NOTHING`,
				f.Table, f.Month, f.Label, f.N); err != nil {
				return err
			}
		}
		return nil
	})
}

// CountMembers implements figures.FigureStore.
func (s Figures) CountMembers(ctx context.Context, end, active time.Time) (all, recent int64, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*), coalesce(sum(last_login_at >= $1), 0) FROM member WHERE created_at < $2 AND status <> $3`,
		engine.Millis(active), engine.Millis(end), core.Withdrawn).Scan(&all, &recent)
	return all, recent, err
}

// CountProfiles implements figures.FigureStore.
func (s Figures) CountProfiles(ctx context.Context, field string, end time.Time) (map[string]int64, error) {
	sums := map[string]int64{}
	_, err := engine.List(ctx, s.On(ctx), func(r engine.Scanner) (_ struct{}, err error) {
		var value string
		var n int64
		err = r.Scan(&value, &n)
		sums[value] += n
		return struct{}{}, err
	}, `SELECT coalesce(p.value, ''), count(*) FROM member m LEFT JOIN profile p ON p.member = m.id AND p.field = $1
		WHERE m.created_at < $2 AND m.status <> $3 GROUP BY 1`, field, engine.Millis(end), core.Withdrawn)
	return sums, err
}

// CountCommunities implements figures.FigureStore. Who has left stays in the counts of communities until their rows go; not here.
func (s Figures) CountCommunities(ctx context.Context, since, end time.Time) (communities, members, posts int64, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*), coalesce(sum(members), 0) - (SELECT count(*) FROM leaving l JOIN community_member m ON m.member = l.member AND m.role >= 3
				JOIN community c ON c.id = m.community AND c.created_at < $2 AND c.deleted_at = 0 WHERE l.purged_at = 0),
			(SELECT count(*) FROM community_comment WHERE created_at >= $1 AND created_at < $2) + (SELECT count(*) FROM community_thread WHERE created_at >= $1 AND created_at < $2)
		FROM community WHERE created_at < $2 AND deleted_at = 0`, engine.Millis(since), engine.Millis(end)).Scan(&communities, &members, &posts)
	return communities, members, posts, err
}

// CountPremium implements figures.FigureStore.
func (s Figures) CountPremium(ctx context.Context, at time.Time) (n int64, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(DISTINCT e.member) FROM entitlement e JOIN member m ON m.id = e.member AND m.status <> $2
		WHERE e.until >= $1 AND e.since < $1 AND (e.refunded = 0 OR e.until > e.refunded) AND m.created_at < $1`, engine.Millis(at), core.Withdrawn).Scan(&n)
	return n, err
}
