package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"musubi/core"
)

// One's own dates: written on a PC and on a handset, seen in the month, changed, deleted, and nobody else's business.
func TestPlans(t *testing.T) {
	w := newWorld(t) // it is 2007-03-03, 21:00 in Japan
	me, other := w.as(w.member("花子")), w.as(w.member("太郎"))
	form := me.get(planEditPath + "?day=20070310").body
	if !strings.Contains(form, `type="date" id="day" name="day" value="2007-03-10"`) {
		t.Errorf("the form of a browser:\n%s", form)
	}
	at := w.press(me, planEditPath, url.Values{"title": {"お花見<上野>"}, "day": {"２００７年３月１０日"}, "time": {"夜"}}) // no time that can be read
	w.contains(at, `value="２００７年３月１０日"`, `id="time-error"`, "お花見&lt;上野&gt;")
	if got := w.press(me, planEditPath, url.Values{"title": {"お花見<上野>"}, "day": {"２００７年３月１０日"}, "time": {"1830"}, "note": {"お弁当☀"}}); got.location != "/calendar?month=2007-03" {
		t.Fatalf("writing: %d %s", got.status, got.location)
	}
	page := me.get(calendarPath)
	w.contains(page, "2007年03月", "18:30", "お花見&lt;上野&gt;", "前へ", "次へ")
	path := regexp.MustCompile(`/calendar/plan\?id=\d+`).FindString(page.body)
	w.contains(me.get(path), "2007年3月10日(土) 18:30", "お弁当☀", "自分だけ")
	for name, r := range map[string]reply{"page": other.get(path), "file": other.get(strings.Replace(path, "plan?", "plan.ics?", 1)), "form": other.get(strings.Replace(path, "plan?", "edit?", 1))} {
		if r.status != 404 {
			t.Errorf("%s of another's date: %d", name, r.status)
		}
	}
	id := path[strings.LastIndexByte(path, '=')+1:]
	if r := w.press(other, planEditPath, url.Values{"plan": {id}, "title": {"x"}, "day": {"20070310"}}); r.status != 404 {
		t.Errorf("changing another's date: %d", r.status)
	}
	if r := w.press(other, planDeletePath, url.Values{"id": {id}}); r.status != 404 {
		t.Errorf("deleting another's date: %d", r.status)
	}
	if strings.Contains(other.get(calendarPath).body, "お花見") {
		t.Error("another sees it in the month")
	}
	w.press(me, planEditPath, url.Values{"plan": {id}, "title": {"旅行"}, "day": {"20070330"}, "last": {"20070402"}})
	w.contains(me.get("/calendar?month=2007-04"), "旅行")
	w.contains(me.get(path), "2007年3月30日(金) - 2007年4月2日(月)")
	for field, values := range map[string]url.Values{
		"title": {"title": {" "}, "day": {"20070310"}}, "day": {"title": {"無"}, "day": {""}}, "last": {"title": {"逆"}, "day": {"20070310"}, "last": {"20070309"}},
	} {
		w.contains(w.press(me, planEditPath, values), `id="`+field+`-error"`)
	}
	w.contains(w.press(me, planEditPath, url.Values{"title": {"長"}, "day": {"20070301"}, "last": {"20070401"}}), "31日以内")
	w.press(me, planDeletePath, url.Values{"id": {id}})
	if me.get(path).status != 404 {
		t.Error("it is still there")
	}
	// A handset is asked for digits.
	me.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i", "X-Ktai-Omit": "data-pc"}
	w.contains(me.signed("GET", planEditPath+"?day=20070310", nil), `type="date" id="day" name="day" value="20070310"`, "8けたの数字")
}

// The month has friends' birthdays as far as they let them see, on the day itself.
func TestCalendarBirthdays(t *testing.T) {
	w := newWorld(t)
	me := w.member("花子")
	for day, v := range map[string]core.Visibility{"1980-03-09": core.Friends, "1980-03-12": core.Private} {
		friend := w.member("友" + day)
		w.friends(me, friend)
		if err := w.store.People.SetProfile(t.Context(), friend.ID, []core.ProfileValue{{Key: "birthday", Value: day, Visibility: v}}); err != nil {
			t.Fatal(err)
		}
	}
	b := w.as(me)
	page := b.get(calendarPath)
	w.contains(page, "友1980-03-09さんの誕生日")
	if strings.Contains(page.body, "友1980-03-12さんの") {
		t.Error("a private birthday shows")
	}
	if strings.Contains(b.get("/calendar?month=2007-04").body, "さんの誕生日") {
		t.Error("a birthday stands in another month")
	}
	w.contains(b.get("/calendar?month=2008-03"), "友1980-03-09さんの誕生日")
}

// fetched asks for a calendar without a login and reads it as a program would.
func (w *world) fetched(path string) (reply, *ics.Calendar) {
	w.t.Helper()
	r := w.browser().get(path)
	if r.status != 200 {
		return r, nil
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(r.body, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			w.t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	c, err := ics.ParseCalendar(strings.NewReader(r.body))
	if err != nil {
		w.t.Fatalf("%v:\n%s", err, r.body)
	}
	return r, c
}

// The address of the calendar: off until made, read without a login, no more than once a minute, ended by hand, by a new one, by
// leaving, and by nobody asking; the year of a birthday is nowhere in it.
func TestCalendarFeed(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	if err := w.store.People.SetProfile(t.Context(), friend.ID, []core.ProfileValue{{Key: "birthday", Value: "1981-03-09", Visibility: core.Friends}}); err != nil {
		t.Fatal(err)
	}
	b := w.as(me)
	long := strings.Repeat("とても長い予定、区切り;と,円\\", 6)
	w.press(b, planEditPath, url.Values{"title": {long}, "day": {"20070310"}, "time": {"1830"}, "note": {"一行目\n二行目"}})
	w.press(b, planEditPath, url.Values{"title": {"旅行"}, "day": {"20070330"}, "last": {"20070402"}})
	address := regexp.MustCompile(`/feed/calendar/[0-9A-Za-z]{22}\.ics`)
	if address.MatchString(b.get(calendarFeedPath).body) {
		t.Fatal("there is an address before one was made")
	}
	w.press(b, calendarFeedPath, url.Values{"make": {"1"}})
	page := b.get(calendarFeedPath).body
	path := address.FindString(page)
	if path == "" || !strings.Contains(page, "webcal://") {
		t.Fatalf("no address:\n%s", page)
	}
	r, c := w.fetched(path)
	if c == nil || string(r.header.ContentType()) != "text/calendar; charset=utf-8" || len(c.Events()) != 3 {
		t.Fatalf("%d %s\n%s", r.status, r.header.ContentType(), r.body)
	}
	titles := map[string]*ics.VEvent{}
	for _, e := range c.Events() {
		titles[ics.FromText(e.GetProperty(ics.ComponentPropertySummary).Value)] = e
	}
	if e := titles[long]; e == nil || e.GetProperty(ics.ComponentPropertyDtStart).Value != "20070310T093000Z" {
		t.Errorf("the plan with a time: %v in\n%s", e, r.body)
	}
	for _, want := range []string{"DTSTART;VALUE=DATE:20070330\r\n", "DTEND;VALUE=DATE:20070403\r\n", "RRULE:FREQ=YEARLY\r\n", "DTSTART;VALUE=DATE:20070309\r\n", `一行目\n二行目`, "X-PUBLISHED-TTL:PT6H", "METHOD:PUBLISH"} {
		if !strings.Contains(r.body, want) {
			t.Errorf("no %q in\n%s", want, r.body)
		}
	}
	if strings.Contains(r.body, "1981") {
		t.Error("the year of a birthday")
	}
	if again, _ := w.fetched(path); again.status != 429 || len(again.header.Peek("Retry-After")) == 0 {
		t.Errorf("at once again: %d", again.status)
	}
	w.clock.advance(time.Minute)
	if again, _ := w.fetched(path); again.status != 200 {
		t.Errorf("after a minute: %d", again.status)
	}
	w.contains(b.get(calendarFeedPath), "最後に読まれたのは")
	w.press(b, calendarFeedPath, url.Values{"make": {"1"}})
	next := address.FindString(b.get(calendarFeedPath).body)
	w.clock.advance(time.Hour)
	if old, _ := w.fetched(path); old.status != 404 || next == path {
		t.Errorf("the old address: %d", old.status)
	}
	w.clock.advance(90*24*time.Hour + time.Minute)
	if late, _ := w.fetched(next); late.status != 404 {
		t.Errorf("after 90 days: %d", late.status)
	}
	b = w.as(me)
	w.press(b, calendarFeedPath, url.Values{"make": {"1"}})
	last := address.FindString(b.get(calendarFeedPath).body)
	if err := w.core.People.Block(t.Context(), friend.ID, me.ID); err != nil {
		t.Fatal(err)
	}
	if r, _ := w.fetched(last); r.status != 200 || strings.Contains(r.body, "太郎") {
		t.Errorf("one who blocked shows: %d\n%s", r.status, r.body)
	}
	w.clock.advance(time.Hour)
	w.press(b, calendarFeedPath, url.Values{"delete": {"1"}})
	if r, _ := w.fetched(last); r.status != 404 {
		t.Errorf("ended by hand: %d", r.status)
	}
	w.press(b, calendarFeedPath, url.Values{"make": {"1"}})
	w.press(b, passwordPath, url.Values{"old": {password}, "password": {"another long word 7"}})
	if address.MatchString(b.get(calendarFeedPath).body) {
		t.Error("the address is there after the password changed")
	}
	w.press(b, calendarFeedPath, url.Values{"make": {"1"}})
	last = address.FindString(b.get(calendarFeedPath).body)
	if err := w.store.Desk.SetStatus(t.Context(), me.ID, core.Held); err != nil {
		t.Fatal(err)
	}
	if r, _ := w.fetched(last); r.status != 404 {
		t.Errorf("of one who is held: %d", r.status)
	}
}
