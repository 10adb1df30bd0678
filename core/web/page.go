package web

import (
	"strings"
	"time"

	"github.com/valyala/quicktemplate"
)

// frame is what every page has: the visit, the member's own card on the left, nothing on the right.
type frame struct{ *visit }

// A menuItem is an entry of the menu; key is its access key, on a handset the ten-key it shows. What is not asked for every
// day has none: there an emoji of every carrier's first set is its bullet.
type menuItem struct {
	place                 int // in the menu
	key, path, word, mark string
}

// here says whether the visitor is on the menu item's own page, not on another member's page of the same path.
func (v *visit) here(m menuItem) bool {
	query := v.ctx.QueryArgs()
	return string(v.ctx.Path()) == m.path && !query.Has("id") && !query.Has("owner")
}

// streamtext writes what a member wrote: escaped, with its line ends. {%= text(s) %} in templates.
func streamtext(qw *quicktemplate.Writer, s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			qw.N().S("<br>")
		}
		qw.E().S(line)
	}
}

// day, date and moment write a time as members read it: without the year, with it, to the minute.
func (v *visit) day(t time.Time) string    { return t.In(v.site.zone).Format(v.t("date.short")) }
func (v *visit) date(t time.Time) string   { return t.In(v.site.zone).Format(v.t("date.day")) }
func (v *visit) moment(t time.Time) string { return t.In(v.site.zone).Format(v.t("date")) }

// lastLogin is how long ago a member was here, in bands, never exactly.
func (v *visit) lastLogin(t time.Time) string {
	bands := []struct {
		within time.Duration
		key    string
	}{{5 * time.Minute, "profile.login5"}, {time.Hour, "profile.login60"}, {24 * time.Hour, "profile.login1d"}, {72 * time.Hour, "profile.login3d"}}
	for _, b := range bands {
		if v.site.core.Now().Sub(t) <= b.within {
			return v.t(b.key)
		}
	}
	return v.t("profile.loginlong")
}
