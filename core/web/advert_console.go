package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/advert"
	"musubi/core/operator"
	"musubi/core/people"
)

func consoleAd(id core.ID) string { return consoleAdPath + "?id=" + id.String() }

// campaigns lists all, and what shops were followed to.
func (v advertPages) campaigns() (err error) {
	p := &consoleAdsPage{frame: frame(v), page: v.page(consoleRows)}
	if err := v.site.core.Advert.Flush(v.ctx, true); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Advert.Campaigns(v.ctx, p.page); err != nil {
		return err
	}
	if p.shops, err = v.site.core.Advert.ShopClicks(v.ctx, shopDays); err != nil {
		return err
	}
	return v.show(p)
}

// shopDays is of how many days clicks to shops are shown.
const shopDays = 30

// campaign is one, or the form of a new one.
func (v advertPages) campaign() error {
	if v.query("id") == "" {
		now := v.site.core.Now()
		return v.showCampaign(advert.Campaign{Slot: advert.Slots[0].Key, Weight: 10, Since: now, Until: now.AddDate(0, 1, 0)}, nil)
	}
	id, err := v.id("id")
	if err != nil {
		return err
	}
	c, err := v.site.core.Advert.Campaign(v.ctx, id)
	if err != nil {
		return err
	}
	return v.showCampaign(c, nil)
}

func (v advertPages) showCampaign(c advert.Campaign, w wrong) (err error) {
	p := &consoleAdPage{frame: frame(v), of: c, wrong: w}
	if c.ID != 0 {
		if p.days, err = v.site.core.Advert.Days(v.ctx, c.ID); err != nil {
			return err
		}
	}
	return v.show(p)
}

// readCampaign reads the form over what was there.
func (v advertPages) readCampaign(c advert.Campaign) (advert.Campaign, wrong) {
	f := v.form
	var w wrong
	number := func(field string) int {
		s := strings.TrimSpace(f.get(field))
		if s == "" {
			return 0
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			w = append(w, core.FieldError{Field: field, Key: "field.number"})
		}
		return n
	}
	day := func(field string, end bool) time.Time {
		t, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(f.get(field)), advert.Tokyo)
		if err != nil {
			w = append(w, core.FieldError{Field: field, Key: "field.isoday"})
		}
		if end {
			t = t.AddDate(0, 0, 1)
		}
		return t
	}
	c.Name, c.Slot, c.Text, c.URL = f.get("name"), f.get("slot"), f.get("text"), strings.TrimSpace(f.get("url"))
	c.Since, c.Until = day("since", false), day("until", true)
	c.Goal, c.Weight, c.Cap = int64(number("goal")), number("weight"), number("cap")
	c.Rules = advert.Rules{Sex: strings.Join(f.chosen("sex", people.Sexes), ""), AgeFrom: number("agefrom"), AgeTo: number("ageto"), Premium: f.get("premium"),
		Prefectures: f.chosen("prefecture", core.Prefectures), Carriers: nonEmpty(f.values["carrier"])}
	for _, s := range strings.Fields(strings.ReplaceAll(f.get("community"), ",", " ")) {
		id, ok := core.ParseID(s)
		if !ok {
			w = append(w, core.FieldError{Field: "community", Key: "field.number"})
			break
		}
		c.Rules.Communities = append(c.Rules.Communities, id)
	}
	return c, w
}

func nonEmpty(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
}

// changeCampaign stores a campaign with its picture, or ends one.
func (v advertPages) changeCampaign() error {
	do, ads := v.site.core.Operator.Do, v.site.core.Advert
	before := advert.Campaign{By: v.operator.Name}
	if v.form.get("id") != "" {
		id, err := v.formID("id")
		if err != nil {
			return err
		}
		if before, err = ads.Campaign(v.ctx, id); err != nil {
			return err
		}
	}
	if v.form.pressed("end") {
		return v.once(func(ctx context.Context) (string, error) {
			return consoleAdsPath, do(ctx, v.operator, operator.Act{Kind: "adend", Object: before.Name}, func(ctx context.Context) error { return ads.End(ctx, before.ID) })
		})
	}
	c, w := v.readCampaign(before)
	if w != nil {
		return v.showCampaign(c, w)
	}
	if files := v.form.files["picture"]; len(files) > 0 && len(files[0]) > 0 {
		p, err := v.site.core.Policy.AddPicture(v.ctx, files[0])
		if errors.Is(err, core.ErrPhoto) {
			return v.showCampaign(c, wrong{{Field: "picture", Key: "field.photo"}})
		}
		if err != nil {
			return err
		}
		c.Picture = p.ID
	}
	if v.form.get("nopicture") != "" {
		c.Picture = 0
	}
	return v.onceOr(func(w wrong) error { return v.showCampaign(c, w) }, func(ctx context.Context) (string, error) {
		a := operator.Act{Kind: "ad", Object: c.Name, Before: campaignText(before), After: campaignText(c)}
		return consoleAdsPath, do(ctx, v.operator, a, func(ctx context.Context) error {
			_, err := ads.Put(ctx, c)
			return err
		})
	})
}

// campaignText is what the log of acts has of a campaign.
func campaignText(c advert.Campaign) string {
	if c.ID == 0 && c.Name == "" {
		return ""
	}
	b, err := json.Marshal(c)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// grouped is a number about a group of members as it leaves the console: small groups do not.
func grouped(n, members int64) string {
	if members < advert.SmallGroup {
		return fmt.Sprintf("<%d", advert.SmallGroup)
	}
	return strconv.FormatInt(n, 10)
}

// campaignCSV is the report for an advertiser.
func (v advertPages) campaignCSV() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	days, err := v.site.core.Advert.Days(v.ctx, id)
	if err != nil {
		return err
	}
	lines := [][]string{{"day", "device", "impressions", "clicks", "members"}}
	for _, d := range days {
		lines = append(lines, []string{isoDay(d.Day), deviceName(d.Mobile), grouped(d.Shown, d.Members), grouped(d.Clicks, d.Members), grouped(d.Members, d.Members)})
	}
	return consolePages(v).file("campaign-"+id.String()+".csv", lines)
}

// isoDay is a day for programs: 2007-01-31.
func isoDay(day int) string { return fmt.Sprintf("%04d-%02d-%02d", day/10000, day/100%100, day%100) }

func deviceName(mobile bool) string {
	if mobile {
		return "mobile"
	}
	return "pc"
}

// revenue is what came in by month, stream and kind of screen.
func (v advertPages) revenue() error { return v.showRevenue(nil, "") }

func (v advertPages) showRevenue(w wrong, says string) (err error) {
	p := &consoleRevenuePage{frame: frame(v), wrong: w, says: says}
	if p.list, err = v.site.core.Advert.Revenues(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}

// putIncome stores an income that was typed, or a file of them.
func (v advertPages) putIncome() error {
	list, says, w := v.readIncomes()
	if w != nil || says != "" {
		return v.showRevenue(w, says)
	}
	return v.onceOr(func(w wrong) error { return v.showRevenue(w, "") }, func(ctx context.Context) (string, error) {
		var text []string
		for _, i := range list {
			text = append(text, fmt.Sprintf("%d %s %s %d", i.Month, i.Stream, i.Device, i.Yen))
		}
		return consoleRevenuePath, v.site.core.Operator.Do(ctx, v.operator, operator.Act{Kind: "income", After: strings.Join(text, "\n")}, func(ctx context.Context) error {
			return v.site.core.Advert.PutIncome(ctx, list)
		})
	})
}

func (v advertPages) readIncomes() (list []advert.Income, says string, w wrong) {
	if files := v.form.files["file"]; len(files) > 0 && len(files[0]) > 0 {
		list, err := advert.ReadIncomes(bytes.NewReader(files[0]))
		if err != nil {
			return nil, err.Error(), nil
		}
		return list, "", nil
	}
	i := advert.Income{Stream: v.form.get("stream"), Device: v.form.get("device")}
	month, err := time.Parse("2006-01", strings.TrimSpace(v.form.get("month")))
	if err != nil {
		w = append(w, core.FieldError{Field: "month", Key: "field.month"})
	}
	i.Month = month.Year()*100 + int(month.Month())
	if i.Yen, err = strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(v.form.get("yen")), ",", ""), 10, 64); err != nil {
		w = append(w, core.FieldError{Field: "yen", Key: "field.number"})
	}
	return []advert.Income{i}, "", w
}

func (v advertPages) revenueCSV() error {
	list, err := v.site.core.Advert.Revenues(v.ctx)
	if err != nil {
		return err
	}
	lines := [][]string{{"month", "stream", "pc", "mobile", "all"}}
	for i := range list {
		for _, s := range advert.Streams {
			r := &list[i]
			if r.All[s] == 0 {
				continue
			}
			pc, mobile := strconv.FormatInt(r.PC[s], 10), strconv.FormatInt(r.Mobile[s], 10)
			if r.PC[s]+r.Mobile[s] == 0 {
				pc, mobile = "n.a.", "n.a."
			}
			lines = append(lines, []string{isoDay(r.Month*100 + 1)[:7], s, pc, mobile, strconv.FormatInt(r.All[s], 10)})
		}
	}
	return consolePages(v).file("revenue.csv", lines)
}
