package web

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/advert"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/operator"
	"musubi/core/policy"
	"musubi/core/premium"
)

// campaign makes one by the form of the console.
func (d *desk) campaign(more url.Values) {
	d.w.t.Helper()
	now := d.w.clock.Now().In(advert.Tokyo)
	values := url.Values{"name": {"店"}, "slot": {"pc-top"}, "text": {"新発売のお茶"}, "url": {"https://ad.example/tea?x=1"}, "weight": {"10"}, "goal": {"0"}, "cap": {"0"},
		"since": {now.Format(time.DateOnly)}, "until": {now.AddDate(0, 0, 5).Format(time.DateOnly)}, "agefrom": {"0"}, "ageto": {"0"}}
	for k, v := range more {
		values[k] = v
	}
	if r := d.sends(consoleAdPath, consoleAdPath, values); r.status != 302 {
		d.w.t.Fatalf("campaign: %d\n%s", r.status, r.body)
	}
}

// A campaign is on the pages of whom it is for, named as what it is, counted once a page, and its click once a member and day; groups of
// under twenty do not leave the console.
func TestAdvertising(t *testing.T) {
	w := newWorld(t)
	member, other := w.member("花子"), w.member("太郎")
	w.must(w.store.People.SetProfile(t.Context(), member.ID, []core.ProfileValue{{Key: "prefecture", Value: "tokyo", Visibility: core.Everyone}}))
	w.must(w.store.People.SetProfile(t.Context(), other.ID, []core.ProfileValue{{Key: "prefecture", Value: "tokyo", Visibility: core.Private}}))
	op := w.operator(operator.Everything).logIn()
	op.campaign(url.Values{"prefecture": {"東京都"}})
	op.campaign(url.Values{"slot": {"handset-top"}, "text": {"ケータイのお茶"}})
	me, them := w.as(member), w.as(other)
	const text = "新発売のお茶"
	page := me.get("/home")
	w.contains(page, text, "広告", `rel="sponsored"`)
	if strings.Contains(page.body, "ケータイのお茶") || strings.Contains(page.body, "ad.example") {
		t.Error("a handset's campaign on a PC, or the advertiser's address on the page")
	}
	if shows(them, "/home", text) {
		t.Error("a rule looks at what a member shows to nobody")
	}
	w.press(them, adChoicePath, url.Values{"allowed": {"1"}})
	if !shows(them, "/home", text) {
		t.Error("a rule does not look at what the member has allowed")
	}
	if shows(w.browser(), "/", text) {
		t.Error("a visitor sees advertising")
	}
	w.must(w.store.People.SetProfile(t.Context(), member.ID, []core.ProfileValue{{Key: "prefecture", Value: "tokyo", Visibility: core.Friends}}))
	if shows(me, "/home", text) {
		t.Error("a rule looks at what a member has just hidden")
	}
	w.must(w.store.People.SetProfile(t.Context(), member.ID, []core.ProfileValue{{Key: "prefecture", Value: "tokyo", Visibility: core.Everyone}}))
	me.get("/diary?owner=1&id=2") // not there: no impression
	link := html.UnescapeString(regexp.MustCompile(`href="(/ad\?[^"]*)"`).FindStringSubmatch(page.body)[1])
	for range 2 {
		if r := me.get(link); r.location != "https://ad.example/tea?x=1" || string(r.header.Peek("Referrer-Policy")) != "no-referrer" {
			t.Fatalf("the click: %d %s", r.status, r.location)
		}
	}
	if r := them.get(link); r.status != 404 {
		t.Errorf("another member's link: %d", r.status)
	}
	list, _, err := w.core.Advert.Campaigns(t.Context(), core.Page{Number: 1, Size: 10})
	w.must(err)
	id := list[1].ID
	days, err := w.core.Advert.Days(t.Context(), id)
	if err != nil || len(days) != 1 || days[0].Members != 2 || days[0].Clicks != 1 {
		t.Fatalf("counted %+v, %v", days, err)
	}
	shown := days[0].Shown
	me.get("/home")
	if days, _ = w.core.Advert.Days(t.Context(), id); days[0].Shown != shown+1 {
		t.Errorf("a page counts %d impressions", days[0].Shown-shown)
	}
	report := op.get(consoleAdCSVPath + "?id=" + id.String())
	w.contains(report, "pc,<20,<20,<20")
	w.contains(op.get(consoleAdsPath), "店", "/")
	s := policy.Defaults()
	s.AdsForAll = false
	w.must(w.core.Policy.SetSettings(t.Context(), s))
	if shows(me, "/home", text) {
		t.Error("advertising is off, and shown")
	}
}

// Incomes are typed and imported, and only who may sees them.
func TestRevenue(t *testing.T) {
	w := newWorld(t)
	op := w.operator(operator.Everything).logIn()
	if r := op.sends(consoleRevenuePath, consoleRevenuePath, url.Values{"month": {"2007-01"}, "stream": {"premium"}, "device": {""}, "yen": {"31,500,000"}}); r.status != 302 {
		t.Fatalf("an income: %d\n%s", r.status, r.body)
	}
	w.contains(op.get(consoleRevenuePath), "2007年1月", "¥31,500,000")
	w.contains(op.get(consoleRevenueCSVPath), "2007-01,premium,n.a.,n.a.,31500000")
	if r := op.sends(consoleRevenuePath, consoleRevenuePath, url.Values{"month": {"Jan"}, "stream": {"premium"}, "yen": {"x"}}); !strings.Contains(r.body, "month-error") || !strings.Contains(r.body, "yen-error") {
		t.Errorf("a wrong income: %d\n%s", r.status, r.body)
	}
}

// Limits are looked up in the plans and obeyed: what a plan has not is refused, what is there stays, and who pays goes on.
func TestPlansAreObeyed(t *testing.T) {
	w := newWorld(t)
	m, friend := w.member("花子"), w.member("太郎")
	w.friends(m, friend)
	op := w.operator(operator.Everything).logIn()
	d := w.diary(m, "[b]太い[/b]題", core.Everyone)
	w.must(w.core.Journal.EditDiary(t.Context(), m.ID, d.ID, journal.NewDiary{Title: "題", Body: "[b]太い[/b]字"}))
	square := w.commune(m, "広場", false)
	set := func(change func(free *premium.Plan)) {
		plans := w.core.Premium.Plans(t.Context())
		list := []premium.Plan{plans[0], plans[1]}
		change(&list[0])
		w.must(w.core.Premium.SetPlans(t.Context(), list))
	}
	poll := func() error {
		_, err := w.core.Community.OpenPoll(t.Context(), core.Viewer{Member: m.ID}, square, community.NewThread{Title: "どっち", Body: "本文"}, community.NewPoll{Ends: core.DayOf(w.clock.Now().AddDate(0, 0, 3))}, []string{"甲", "乙"}, core.DayOf(w.clock.Now()))
		return err
	}
	me := w.as(m)
	w.contains(me.get(diaryPath(d.Owner, d.ID)), "<b>太い</b>")
	w.must(poll())
	set(func(p *premium.Plan) {
		p.Limits[core.LimitPolls], p.Limits[core.LimitDecorate], p.Limits[core.LimitSearch], p.Limits[core.LimitAlbums], p.Limits[core.LimitDiaryMB], p.Limits[core.LimitMessageDays] = 0, 0, 0, 0, 0, 60
	})
	refused := func() (n int) {
		_, _, search := w.core.Letters.FindMessages(t.Context(), m.ID, "言葉", core.Page{Number: 1, Size: 5})
		p, err := w.core.AddPhoto(t.Context(), m.ID, drawing(3), time.Time{})
		w.must(err)
		_, photo := w.core.Journal.WriteDiary(t.Context(), m.ID, journal.NewDiary{Title: "題", Body: "本文", Photos: []core.ID{p.ID}})
		for _, err := range []error{poll(), search, photo} {
			if err != nil {
				n++
			}
		}
		return n
	}
	if n := refused(); n != 3 {
		t.Errorf("%d of 3 are refused", n)
	}
	if _, err := w.core.Journal.WriteDiary(t.Context(), m.ID, journal.NewDiary{Title: "題", Body: "文字だけ"}); err != nil {
		t.Errorf("an entry without photos: %v", err)
	}
	w.contains(w.as(friend).get(diaryPath(d.Owner, d.ID)), "[b]太い[/b]字")
	w.contains(me.get("/messages"), "60日たつと消えます")
	w.contains(me.get(premiumPath), "利用中", "×", "60日")

	old, err := w.core.Letters.SendMessage(t.Context(), friend.ID, letters.NewMessage{To: m.ID, Subject: "古い", Body: "古い手紙"})
	w.must(err)
	unread, err := w.core.Letters.SendMessage(t.Context(), friend.ID, letters.NewMessage{To: m.ID, Subject: "未読", Body: "まだ読んでいない"})
	w.must(err)
	_, err = w.core.Letters.OpenMessage(t.Context(), m.ID, old.ID)
	w.must(err)
	if r := op.sends(consoleMember(friend.ID), consoleGrantPath, url.Values{"id": {friend.ID.String()}, "source": {"trial"}, "days": {"90"}, "reason": {"おためし"}}); r.status != 302 {
		t.Fatalf("granting: %d\n%s", r.status, r.body)
	}
	w.clock.advance(61 * 24 * time.Hour)
	w.must(w.core.Letters.SweepMessages(t.Context(), w.clock.Now()))
	has := func(member, id core.ID) bool {
		_, err := w.core.Letters.Message(t.Context(), member, id)
		return err == nil
	}
	if has(m.ID, old.ID) || !has(m.ID, unread.ID) || !has(friend.ID, old.ID) {
		t.Errorf("read %v, unread %v, of who pays %v; want false, true, true", has(m.ID, old.ID), has(m.ID, unread.ID), has(friend.ID, old.ID))
	}
	op.logIn()
	if r := op.sends(consoleMember(m.ID), consoleGrantPath, url.Values{"id": {m.ID.String()}, "source": {"invitation"}, "days": {"30"}, "reason": {"お祝い"}}); r.status != 302 {
		t.Fatalf("granting: %d\n%s", r.status, r.body)
	}
	w.contains(op.get(consoleMember(m.ID)), "お祝い", "invitation")
	if n := refused(); n != 0 {
		t.Errorf("%d of 3 are refused with Premium", n)
	}
	given, err := w.core.Premium.Entitlements(t.Context(), m.ID)
	if w.must(err); len(given) != 1 {
		t.Fatalf("%d entitlements", len(given))
	}
	if r := op.sends(consoleMember(m.ID), consoleGrantPath, url.Values{"id": {m.ID.String()}, "entitlement": {given[0].ID.String()}, "end": {"1"}}); r.status != 302 || refused() == 0 {
		t.Errorf("ending a plan: %d\n%s", r.status, r.body)
	}
	w.contains(op.get(consoleMember(m.ID)), "返金・取り消し")
	w.contains(op.get(consoleAuditPath+"?q="+url.QueryEscape("プレミアム 花子")), "プレミアムの取り消し", "premium until ")
	if r := op.sends(consolePlansPath, consolePlansPath, url.Values{"free-albummb": {"-1"}}); !strings.Contains(r.body, "error") {
		t.Errorf("a plan of less than nothing: %d", r.status)
	}
}
