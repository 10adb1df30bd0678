package console

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/advert"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Advert keeps campaigns, what is counted of them, and what all brings in.
type Advert struct{ base.Area }

const adColumns = `a.id, a.name, a.slot, a.text, a.url, a.picture, a.since, a.until, a.goal, a.weight, a.cap, a.rules, a.ended_at, a.operator,
	coalesce((SELECT sum(shown) FROM ad_day d WHERE d.ad = a.id), 0), coalesce((SELECT sum(clicks) FROM ad_day d WHERE d.ad = a.id), 0)`

func adRow(r engine.Scanner) (c advert.Campaign, err error) {
	var rules string
	err = r.Scan(&c.ID, &c.Name, &c.Slot, &c.Text, &c.URL, &c.Picture, engine.Moment(&c.Since), engine.Moment(&c.Until), &c.Goal, &c.Weight, &c.Cap, &rules,
		engine.Moment(&c.EndedAt), &c.By, &c.Shown, &c.Clicks)
	if err == nil {
		err = json.Unmarshal([]byte(rules), &c.Rules)
	}
	return c, err
}

// PutCampaign implements advert.CampaignStore.
func (s Advert) PutCampaign(ctx context.Context, c advert.Campaign) error {
	rules, err := json.Marshal(c.Rules)
	if err != nil {
		return err
	}
	return s.Change(ctx, `INSERT INTO ad (id, name, slot, text, url, picture, since, until, goal, weight, cap, rules, ended_at, operator) VALUES (`+engine.Places(1, 14)+`)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, slot = excluded.slot, text = excluded.text, url = excluded.url, picture = excluded.picture, since = excluded.since,
		until = excluded.until, goal = excluded.goal, weight = excluded.weight, cap = excluded.cap, rules = excluded.rules`,
		c.ID, c.Name, c.Slot, c.Text, c.URL, c.Picture, engine.Millis(c.Since), engine.Millis(c.Until), c.Goal, c.Weight, c.Cap, string(rules), engine.Millis(c.EndedAt), c.By)
}

// Campaign implements advert.CampaignStore.
func (s Advert) Campaign(ctx context.Context, id core.ID) (advert.Campaign, error) {
	c, err := adRow(s.On(ctx).Row(ctx, `SELECT `+adColumns+` FROM ad a WHERE a.id = $1`, id))
	return c, base.One(err)
}

// Campaigns implements advert.CampaignStore.
func (s Advert) Campaigns(ctx context.Context, p core.Page) ([]advert.Campaign, error) {
	return engine.List(ctx, s.On(ctx), adRow, `SELECT `+adColumns+` FROM ad a ORDER BY a.id DESC LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// Running implements advert.CampaignStore.
func (s Advert) Running(ctx context.Context, at time.Time, limit int) ([]advert.Campaign, error) {
	return engine.List(ctx, s.On(ctx), adRow, `SELECT `+adColumns+` FROM ad a WHERE a.ended_at = 0 AND a.until > $1 AND a.since <= $1 ORDER BY a.id LIMIT $2`, engine.Millis(at), limit)
}

// EndCampaign implements advert.CampaignStore.
func (s Advert) EndCampaign(ctx context.Context, id core.ID, at time.Time) error {
	return s.Change(ctx, `UPDATE ad SET ended_at = $2 WHERE id = $1 AND ended_at = 0`, id, engine.Millis(at))
}

// Allowed implements advert.CampaignStore.
func (s Advert) Allowed(ctx context.Context, member core.ID) (allowed bool, err error) {
	err = s.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM ad_allowed WHERE member = $1)`, member).Scan(&allowed)
	return allowed, err
}

// SetAllowed implements advert.CampaignStore.
func (s Advert) SetAllowed(ctx context.Context, member core.ID, allowed bool) error {
	if !allowed {
		return s.Change(ctx, `DELETE FROM ad_allowed WHERE member = $1`, member)
	}
	return s.Change(ctx, `INSERT INTO ad_allowed (member, at) VALUES ($1, $2) ON CONFLICT (member) DO NOTHING`, member, time.Now().UnixMilli())
}

// AddAds implements advert.CountStore.
func (s Advert) AddAds(ctx context.Context, days []advert.Day, seen []advert.Seen, shops []advert.ShopClick) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		var err error
		run := func(query string, args ...any) {
			if err == nil {
				_, err = q.Run(ctx, query, args...)
			}
		}
		for _, d := range days {
			run(`INSERT INTO ad_day (ad, day, mobile, shown, clicks, members) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (ad, day, mobile)
				DO UPDATE SET shown = ad_day.shown + excluded.shown, clicks = ad_day.clicks + excluded.clicks, members = ad_day.members + excluded.members`, d.Ad, d.Day, d.Mobile, d.Shown, d.Clicks, d.Members)
		}
		for _, n := range seen {
			run(`INSERT INTO ad_seen (member, ad, day, shown, clicked) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member, ad)
				DO UPDATE SET day = excluded.day, shown = excluded.shown, clicked = excluded.clicked`, n.Member, n.Ad, n.Day, n.Shown, n.Clicked)
		}
		for _, c := range shops {
			run(`INSERT INTO shop_click (day, area, shop, mobile, clicks) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (day, area, shop, mobile)
				DO UPDATE SET clicks = shop_click.clicks + excluded.clicks`, c.Day, c.Area, c.Shop, c.Mobile, c.Clicks)
		}
		return err
	})
}

// SeenBy implements advert.CountStore.
func (s Advert) SeenBy(ctx context.Context, member core.ID, day int) ([]advert.Seen, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (n advert.Seen, err error) {
		return n, r.Scan(&n.Member, &n.Ad, &n.Day, &n.Shown, &n.Clicked)
	}, `SELECT member, ad, day, shown, clicked FROM ad_seen WHERE member = $1 AND day = $2`, member, day)
}

func adDayRow(r engine.Scanner) (d advert.Day, err error) {
	return d, r.Scan(&d.Ad, &d.Day, &d.Mobile, &d.Shown, &d.Clicks, &d.Members)
}

// AdDays implements advert.CountStore.
func (s Advert) AdDays(ctx context.Context, ad core.ID) ([]advert.Day, error) {
	return engine.List(ctx, s.On(ctx), adDayRow, `SELECT ad, day, mobile, shown, clicks, members FROM ad_day WHERE ad = $1 ORDER BY day, mobile LIMIT 4000`, ad)
}

// AdMonth implements advert.CountStore.
func (s Advert) AdMonth(ctx context.Context, from, to int) ([]advert.Day, error) {
	return engine.List(ctx, s.On(ctx), adDayRow, `SELECT 0, 0, mobile, sum(shown), sum(clicks), 0 FROM ad_day WHERE day >= $1 AND day < $2 GROUP BY mobile`, from, to)
}

// ShopMonth implements advert.CountStore.
func (s Advert) ShopMonth(ctx context.Context, from, to int) ([]advert.ShopClick, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (c advert.ShopClick, err error) {
		return c, r.Scan(&c.Area, &c.Shop, &c.Mobile, &c.Clicks)
	}, `SELECT area, shop, mobile, sum(clicks) FROM shop_click WHERE day >= $1 AND day < $2 GROUP BY area, shop, mobile ORDER BY area, shop, mobile`, from, to)
}

// DeleteSeenAds implements advert.CountStore.
func (s Advert) DeleteSeenAds(ctx context.Context, before int) error {
	return s.Change(ctx, `DELETE FROM ad_seen WHERE day < $1`, before)
}

// PutIncome implements advert.IncomeStore.
func (s Advert) PutIncome(ctx context.Context, list []advert.Income) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, i := range list {
			if _, err := q.Run(ctx, `INSERT INTO income (month, stream, device, yen) VALUES ($1, $2, $3, $4) ON CONFLICT (month, stream, device) DO UPDATE SET yen = excluded.yen`,
				i.Month, i.Stream, i.Device, i.Yen); err != nil {
				return err
			}
		}
		return nil
	})
}

// Incomes implements advert.IncomeStore.
func (s Advert) Incomes(ctx context.Context) ([]advert.Income, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (i advert.Income, err error) {
		return i, r.Scan(&i.Month, &i.Stream, &i.Device, &i.Yen)
	}, `SELECT month, stream, device, yen FROM income ORDER BY month, stream, device LIMIT 20000`)
}

// PayersViews implements advert.IncomeStore.
func (s Advert) PayersViews(ctx context.Context, from, to int, at time.Time) (pc, mobile int64, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT coalesce(sum(v.pc), 0), coalesce(sum(v.mobile), 0) FROM view_member v WHERE v.day >= $1 AND v.day < $2
		AND v.member IN (SELECT member FROM entitlement WHERE since < $3 AND until >= $3 AND (refunded = 0 OR until > refunded))`, from, to, engine.Millis(at)).Scan(&pc, &mobile))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return pc, mobile, err
}
