package web

import (
	"strings"
	"time"

	"github.com/valyala/quicktemplate"

	"musubi/core/letters"
)

// frame is what every page has: the visit, the member's own card on the left, nothing on the right.
type frame struct{ *visit }

// A menuItem is an entry of the menu; key is its access key, on a handset the ten-key it shows. What is not asked for every
// day has none: there an emoji of every carrier's first set is its bullet.
type menuItem struct {
	place                 int // in the menu
	key, path, word, mark string
}

// onlyPC says whether a page is for a PC alone.
func onlyPC(path string) bool {
	r, ok := routes.exact[endpoint{get, path}]
	return ok && r.is(onPC)
}

// place is the address of the menu item that the visitor is at: the item's own page, or one that belongs to it. What others
// have is found among friends.
func (v *visit) place() string {
	path := string(v.ctx.Path())
	owner, other := v.other("owner"), v.other("owner") || v.other("id")
	for _, item := range menuItems {
		if path == item.path && !other {
			return item.path
		}
	}
	switch {
	case path == "/diary/list" && other, strings.HasPrefix(path, "/diary") && owner:
		return "/diary/friends"
	case strings.HasPrefix(path, "/diary"):
		return "/diary/list"
	case (strings.HasPrefix(path, "/member") || strings.HasPrefix(path, "/endorsement")) && other:
		return "/friends"
	}
	for _, item := range menuItems {
		if strings.HasPrefix(path, stem(item.path)) {
			return item.path
		}
	}
	return places[firstOf(path)]
}

// places are those of the menu that pages belong to whose addresses begin otherwise.
var places = map[string]string{"album": albumsPath, "film": albumsPath, "films": albumsPath, "topic": communitiesPath, "event": communitiesPath, "poll": communitiesPath,
	"endorsement": "/member", "measures": "/settings", "export": "/settings", "leave": "/settings", "feed": calendarPath,
	"help": "/settings", "terms": "/settings", "report": homePath, "reports": "/settings", "block": "/friends",
	"endorsements": "/member", "comment": homePath}

// firstOf is the first word of an address.
func firstOf(path string) string {
	word, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return word
}

// other says whether an argument of the address names somebody else.
func (v *visit) other(argument string) bool {
	whose := v.ctx.QueryArgs().Peek(argument)
	return len(whose) > 0 && string(whose) != v.member.ID.String()
}

// stem is what an item's address has in common with those of its things: /friend of /friends, /communit of /communities.
func stem(path string) string { return strings.TrimSuffix(strings.TrimSuffix(path, "s"), "ie") }

// current ties a menu item to where the visitor is.
func (v *visit) current(item menuItem, place string) string {
	switch {
	case item.path != place:
		return ""
	case item.path == string(v.ctx.Path()):
		return "page"
	}
	return "true"
}

// unread is how much waits behind some places of the menu, by their addresses. A reader of the menu learns it on every page;
// handsets have it on home.
func (v *visit) unread() map[string]int {
	if v.member.ID == 0 || !v.forPC() {
		return nil
	}
	all, messages, err := v.site.core.News.Waiting(v.ctx, v.member.ID, letters.MessageNews)
	if err != nil { // the page is worth more than its numbers, and home says what is wrong
		return nil
	}
	return map[string]int{noticesPath: all, messagesPath: messages}
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

// day, date and moment write a time as members read it: without the year when it is this year, with it, to the minute.
func (v *visit) day(t time.Time) string {
	t = t.In(zoneHere(v))
	if t.Year() != v.site.core.Now().In(zoneHere(v)).Year() {
		return t.Format(v.t("date.far"))
	}
	return t.Format(v.t("date.short"))
}
func (v *visit) date(t time.Time) string   { return t.In(zoneHere(v)).Format(v.t("date.day")) }
func (v *visit) moment(t time.Time) string { return t.In(zoneHere(v)).Format(v.t("date")) }

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

// allowScript lets the page run scripts of our own host, and no others.
func (v *visit) allowScript() {
	h := &v.ctx.Response.Header
	h.Set("Content-Security-Policy", strings.Replace(string(h.Peek("Content-Security-Policy")), "script-src 'none'", "script-src 'self'", 1))
}
