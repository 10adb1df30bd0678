package web

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/operator"
	"musubi/core/policy"
	"musubi/core/report"
)

// A ConsoleTable is a table that the program around the pages shows on the console: what the core does not know itself.
type ConsoleTable struct {
	Name string   // its word is "table." and this
	Head []string // words of its columns are "table." and these
	Rows func() ([][]string, error)
}

// site shows the operator's choices.
func (v housePages) choices() error {
	n, err := v.site.core.Policy.Settings(v.ctx)
	if err != nil {
		return err
	}
	return v.showSite(n, nil)
}

func (v housePages) showSite(n policy.Settings, w wrong) error {
	return v.show(&consoleSitePage{frame(v), n, w})
}

// readSettings are the choices as the form has them; what is no number is wrong.
func (v housePages) readSettings(n policy.Settings) (policy.Settings, wrong) {
	f := v.form
	var w wrong
	number := func(field string) int {
		i, err := strconv.Atoi(f.get(field))
		if err != nil {
			w = append(w, core.FieldError{Field: field, Key: "field.number"})
		}
		return i
	}
	n.Name, n.Accent, n.Bar, n.ModeWords = f.get("name"), strings.TrimSpace(f.get("accent")), strings.TrimSpace(f.get("bar")), f.get("modewords")
	n.MinAge, n.RestoreFor = number("minage"), number("restore")
	n.Admission = core.Admission(max(slices.Index(policy.AdmissionNames[:], f.get("admission")), 0))
	n.Mode = policy.Mode(max(slices.Index(policy.ModeNames[:], f.get("mode")), 0))
	n.Invites, n.AdsForAll, n.SpareAds = f.get("invites") != "", f.get("ads") != "", f.get("spare") != ""
	return n, w
}

// changeSite stores the choices, and a new logo.
func (v housePages) changeSite() error {
	house := v.site.core.Policy
	before, err := house.Settings(v.ctx)
	if err != nil {
		return err
	}
	n, w := v.readSettings(before)
	if w != nil {
		return v.showSite(n, w)
	}
	if files := v.form.files["logo"]; len(files) > 0 && len(files[0]) > 0 {
		p, err := house.AddPicture(v.ctx, files[0])
		if errors.Is(err, core.ErrPhoto) {
			return v.showSite(n, wrong{{Field: "logo", Key: "field.photo"}})
		}
		if err != nil {
			return err
		}
		n.Logo = p.ID
	}
	if v.form.get("nologo") != "" {
		n.Logo = 0
	}
	return v.onceOr(func(w wrong) error { return v.showSite(n, w) }, func(ctx context.Context) (string, error) {
		a := operator.Act{Kind: "site", Before: settingsText(before), After: settingsText(n)}
		return consoleSitePath, v.site.core.Operator.Do(ctx, v.operator, a, func(ctx context.Context) error {
			if before.Logo != 0 && before.Logo != n.Logo {
				if err := house.DropPicture(ctx, before.Logo); err != nil {
					return err
				}
			}
			return house.SetSettings(ctx, n)
		})
	})
}

// settingsText is what the log of acts has of the choices.
func settingsText(n policy.Settings) string {
	b, err := json.Marshal(n)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// bans lists who is kept out.
func (v housePages) bans() error {
	typed := policy.Ban{Value: v.query("value")}
	if i := slices.Index(policy.BanNames[:], v.query("kind")); i > 0 {
		typed.Kind = policy.BanKind(i)
	}
	return v.showBans(typed, nil)
}

func (v housePages) showBans(typed policy.Ban, w wrong) (err error) {
	p := &consoleBansPage{frame: frame(v), typed: typed, wrong: w}
	if p.list, err = v.site.core.Policy.Bans(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}

// changeBans adds one, or ends one.
func (v housePages) changeBans() error {
	do, house := v.site.core.Operator.Do, v.site.core.Policy
	if v.form.pressed("end") {
		id, err := v.formID("id")
		if err != nil {
			return err
		}
		return v.once(func(ctx context.Context) (string, error) {
			return consoleBansPath, do(ctx, v.operator, operator.Act{Kind: "banend", Object: v.form.get("value")}, func(ctx context.Context) error { return house.EndBan(ctx, id) })
		})
	}
	b := policy.Ban{Value: v.form.get("value"), Reason: v.form.get("reason"), By: v.operator.Name,
		Kind: policy.BanKind(max(slices.Index(policy.BanNames[:], v.form.get("kind")), 0))}
	until, w := v.untilOf()
	if w != nil {
		return v.showBans(b, w)
	}
	b.Until = until
	return v.onceOr(func(w wrong) error { return v.showBans(b, w) }, func(ctx context.Context) (string, error) {
		return consoleBansPath, do(ctx, v.operator, operator.Act{Kind: "ban", Object: policy.BanNames[b.Kind] + " " + b.Value, Reason: b.Reason, After: "banned"}, func(ctx context.Context) error {
			_, err := house.Ban(ctx, b)
			return err
		})
	})
}

// untilOf reads a number of days from a form of the console; none: without end.
func (v housePages) untilOf() (until time.Time, w wrong) {
	days := v.form.get("days")
	if days == "" {
		return until, nil
	}
	n, err := strconv.Atoi(days)
	if err != nil || n < 1 || n > 3650 {
		return until, wrong{{Field: "days", Key: "field.days"}}
	}
	return v.site.core.Now().Add(time.Duration(n) * 24 * time.Hour), nil
}

// announcements lists what members are told.
func (v housePages) announcements() error { return v.showAnnouncements(policy.Announcement{}, nil) }

func (v housePages) showAnnouncements(typed policy.Announcement, w wrong) (err error) {
	p := &consoleAnnouncePage{frame: frame(v), typed: typed, page: v.page(consoleRows), wrong: w}
	if p.list, p.more, err = v.site.core.Policy.Announcements(v.ctx, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// announce tells members something, or takes it off home.
func (v housePages) announce() error {
	do, house := v.site.core.Operator.Do, v.site.core.Policy
	if v.form.pressed("end") {
		id, err := v.formID("id")
		if err != nil {
			return err
		}
		return v.once(func(ctx context.Context) (string, error) {
			return consoleAnnouncePath, do(ctx, v.operator, operator.Act{Kind: "announceend", Object: id.String()}, func(ctx context.Context) error { return house.EndAnnouncement(ctx, id) })
		})
	}
	a := policy.Announcement{Title: v.form.get("title"), Text: v.form.get("text"), Mail: v.form.get("mail") != "", By: v.operator.Name,
		For: policy.Audience{Device: v.form.get("device"), Premium: v.form.get("premium"), Prefecture: strings.Join(v.form.chosen("prefecture", core.Prefectures), "")}}
	until, w := v.untilOf()
	if w == nil && until.IsZero() {
		w = wrong{{Field: "days", Key: "field.days"}}
	}
	if w != nil {
		return v.showAnnouncements(a, w)
	}
	a.Until = until
	return v.onceOr(func(w wrong) error { return v.showAnnouncements(a, w) }, func(ctx context.Context) (string, error) {
		return consoleAnnouncePath, do(ctx, v.operator, operator.Act{Kind: "announce", Object: a.Title, After: a.Text}, func(ctx context.Context) error {
			_, err := house.Announce(ctx, a)
			return err
		})
	})
}

// filter lists the words that hold a text for review.
func (v housePages) filter() error { return v.showFilter("", nil) }

func (v housePages) showFilter(typed string, w wrong) (err error) {
	p := &consoleFilterPage{frame: frame(v), typed: typed, wrong: w}
	if p.list, err = v.site.core.Report.FilterWords(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}

func (v housePages) changeFilter() error {
	do, word := v.site.core.Operator.Do, v.form.get("word")
	kind, change := "filter", func(ctx context.Context) error {
		return v.site.core.Report.AddFilterWord(ctx, word, v.operator.Name)
	}
	if v.form.pressed("end") {
		kind, change = "filterend", func(ctx context.Context) error { return v.site.core.Report.DropFilterWord(ctx, word) }
	}
	return v.onceOr(func(w wrong) error { return v.showFilter(word, w) }, func(ctx context.Context) (string, error) {
		return consoleFilterPath, do(ctx, v.operator, operator.Act{Kind: kind, Object: word}, change)
	})
}

// mail shows what waits to be sent, and addresses that letters do not reach.
func (v housePages) mail() (err error) {
	p := &consoleMailPage{frame: frame(v)}
	if p.queue, err = v.site.core.Outbox.Queue(v.ctx); err != nil {
		return err
	}
	if p.failing, err = v.site.core.Outbox.Failing(v.ctx, consoleRows); err != nil {
		return err
	}
	return v.show(p)
}

// retryMail sends again: a letter that was given up, and to an address that was given up.
func (v housePages) retryMail() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return consoleMailPath, v.site.core.Operator.Do(ctx, v.operator, operator.Act{Kind: "retry", Object: id.String()}, func(ctx context.Context) error {
			return v.site.core.Outbox.SendAgain(ctx, id)
		})
	})
}

// tables are those of the program around: carriers' address ranges and handsets, jobs, storage.
func (v housePages) tables() (err error) {
	p := &consoleTablesPage{frame: frame(v), all: v.site.tables}
	if len(p.all) == 0 {
		return core.ErrNotFound
	}
	p.table = p.all[0]
	if name := v.query("t"); name != "" {
		i := slices.IndexFunc(p.all, func(t ConsoleTable) bool { return t.Name == name })
		if i < 0 {
			return core.ErrNotFound
		}
		p.table = p.all[i]
	}
	rows, err := p.table.Rows()
	if err != nil {
		return err
	}
	p.query = core.Clean(v.query("q"), core.OneLine)
	for _, row := range rows {
		if p.query == "" || strings.Contains(core.Fold(strings.Join(row, "\n")), core.Fold(p.query)) {
			p.rows = append(p.rows, row)
		}
	}
	p.count = len(p.rows)
	p.page = v.page(tableRows)
	p.rows = p.rows[min(p.page.Offset(), p.count):]
	p.rows, p.more = core.Cut(p.rows[:min(p.page.Limit(), len(p.rows))], p.page)
	return v.show(p)
}

// tableRows is how many lines of such a table a page shows.
const tableRows = 200

// measureReason is why something was done, as the member reads it: of what a filter word holds it says that.
func (v reportPages) measureReason(m *report.Measure) string {
	if m.By == report.ByFilter {
		return v.t("filter.held", m.Reason)
	}
	return m.Reason
}
