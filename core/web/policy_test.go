package web

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/journal"
	"musubi/core/operator"
	"musubi/core/outbox"
	"musubi/core/policy"
	"musubi/core/report"
)

// The operator's name, colours and modes: read-only gives back what was written, maintenance lets nobody in but the console, and every
// change stands in the log with what was before.
func TestSiteSettings(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	me, op := w.as(m), w.operator(operator.Everything).logIn()
	base := url.Values{"minage": {"18"}, "restore": {"0"}, "admission": {"started"}, "mode": {"open"}, "ads": {"1"}}
	set := func(more url.Values) reply {
		values := url.Values{}
		for k, v := range base {
			values[k] = v
		}
		for k, v := range more {
			values[k] = v
		}
		return op.sends(consoleSitePath, consoleSitePath, values)
	}
	if r := set(url.Values{"name": {"むすび町"}, "accent": {"#1a5276"}, "bar": {"#E8F0E8"}}); r.status != 302 {
		t.Fatalf("settings: %d\n%s", r.status, r.body)
	}
	home := me.get("/home")
	w.contains(home, "むすび町", coloursPath, `data-bar="#E8F0E8"`)
	w.contains(me.get(coloursPath), "--accent:#1a5276", "--bar:#E8F0E8")
	w.contains(w.browser().get("/"), "むすび町")
	w.contains(op.get(consoleAuditPath), "サイトの設定", "むすび町")
	for field, bad := range map[string]url.Values{"accent": {"accent": {"#ffff00"}}, "bar": {"bar": {"#000000"}}, "minage": {"minage": {"x"}}} {
		if r := set(bad); r.status != 200 || !strings.Contains(r.body, field+"-error") {
			t.Errorf("%v: %d\n%s", bad, r.status, r.body)
		}
	}

	set(url.Values{"mode": {"readonly"}, "modewords": {"引っ越し中です"}})
	w.contains(me.get("/home"), "いまは読むことだけができます", "引っ越し中です")
	got := w.press(me, "/diary/write", url.Values{"title": {"題"}, "body": {"消えない言葉"}, "visibility": {"0"}, "send": {"1"}})
	w.contains(got, "消えない言葉")
	if got.status != 503 {
		t.Errorf("writing while read-only: %d, want 503", got.status)
	}
	if _, err := w.core.Journal.WriteDiary(t.Context(), m.ID, journal.NewDiary{Title: "題", Body: "メール"}); err == nil {
		t.Error("an entry comes in by another door")
	}
	if n := w.diaries(m); n != 0 {
		t.Errorf("%d entries were stored", n)
	}
	if r := w.press(me, "/logout", url.Values{}); r.status != 302 {
		t.Errorf("logging out while read-only: %d", r.status)
	}
	set(url.Values{"mode": {"maintenance"}, "modewords": {"夜中の工事です"}})
	for _, path := range []string{"/", "/home", "/reset"} {
		r := w.browser().get(path)
		if r.status != 503 || !strings.Contains(r.body, "夜中の工事です") || len(r.header.Peek("Retry-After")) == 0 {
			t.Errorf("%s in maintenance: %d\n%s", path, r.status, r.body)
		}
	}
	w.contains(w.browser().get("/?next="+consolePath), `action="`+loginPath+`"`) // the way in for operators among the members
	set(nil)
	if r := w.as(m).get("/home"); r.status != 200 {
		t.Errorf("open again: %d", r.status)
	}
}

// diaries counts a member's entries.
func (w *world) diaries(m core.Member) int {
	list, _, err := w.core.Journal.Diaries(w.t.Context(), core.Viewer{Member: m.ID}, m.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 50})
	w.must(err)
	return len(list)
}

// New terms are put before every member once; who reads them agrees to that version, and may leave without.
func TestTerms(t *testing.T) {
	w := newWorld(t)
	me, op := w.as(w.member("花子")), w.operator(operator.Everything).logIn()
	if r := op.sends(consoleTermsPath, consoleTermsPath, url.Values{"ja": {"第一条 なかよく"}, "en": {"Be kind"}}); r.status != 302 {
		t.Fatalf("publishing: %d\n%s", r.status, r.body)
	}
	r := me.get("/diary/friends")
	if r.status != 302 || !strings.HasPrefix(r.location, termsPath+"?next=") {
		t.Fatalf("a member goes on without agreeing: %d %s", r.status, r.location)
	}
	page := me.get(r.location)
	w.contains(page, "第一条 なかよく", "同意する", "第1版")
	for _, path := range []string{leavePath, exportPath, "/settings"} {
		if r := me.get(path); r.status != 200 {
			t.Errorf("%s before agreeing: %d", path, r.status)
		}
	}
	agreed := me.post(termsPath, url.Values{"k": {tokenOn(t, page.body, termsPath)}, "version": {"1"}, "next": {"/diary/friends"}, "agree": {"1"}})
	if agreed.location != "/diary/friends" || me.get("/diary/friends").status != 200 {
		t.Fatalf("agreeing: %d %s", agreed.status, agreed.location)
	}
	w.contains(op.get(consoleTermsPath), "同意したメンバー: 1人")
	op.sends(consoleTermsPath, consoleTermsPath, url.Values{"ja": {"第一条 もっとなかよく"}})
	if r := me.get("/home"); r.status != 302 {
		t.Errorf("a new version is not put before the member: %d", r.status)
	}
	w.contains(w.press(me, termsPath, url.Values{"version": {"1"}}), "さらに新しく")
	w.contains(w.browser().get(termsPath), "もっとなかよく")
	for _, target := range []string{"/home", "/style.css"} {
		if r := w.browser().get(target); r.location == termsPath {
			t.Errorf("%s leads a visitor to the terms", target)
		}
	}
}

// Bans: a network, a handset, a domain of mail addresses, each only where it belongs, until it ends.
func TestBans(t *testing.T) {
	w := newWorld(t)
	house := w.core.Policy
	ban := func(kind policy.BanKind, value string, until time.Time) policy.Ban {
		b, err := house.Ban(t.Context(), policy.Ban{Kind: kind, Value: value, Reason: "荒らし", Until: until, By: "運営"})
		if err != nil {
			t.Fatalf("%v %q: %v", kind, value, err)
		}
		return b
	}
	end := w.clock.Now().Add(48 * time.Hour)
	net := ban(policy.BannedAddress, "192.0.2.7/24", time.Time{})
	ban(policy.BannedAddress, "2001:db8::1", end)
	ban(policy.BannedHandset, "0123456789abcdef", time.Time{})
	ban(policy.BannedDomain, "@Throwaway.Example", time.Time{})
	from := func(addr string, carrier bool) core.Peer {
		return core.Peer{Addr: netip.MustParseAddr(addr), Carrier: carrier}
	}
	for _, c := range []struct {
		name    string
		peer    core.Peer
		handset string
		banned  bool
	}{
		{"of the network", from("192.0.2.200", false), "", true}, {"beside it", from("192.0.3.1", false), "", false},
		{"a carrier's gateway there", from("192.0.2.200", true), "", false}, {"mapped", from("::ffff:192.0.2.9", false), "", true},
		{"IPv6", from("2001:db8::1", false), "", true}, {"IPv6 beside it", from("2001:db8::2", false), "", false},
		{"the handset", from("203.0.113.1", true), "0123456789abcdefXYZ", true}, {"another handset", from("203.0.113.1", true), "1123456789abcdefXYZ", false},
	} {
		if err := house.MayEnter(t.Context(), c.peer, c.handset); (err != nil) != c.banned {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for mail, banned := range map[string]bool{"a@throwaway.example": true, "a@mail.throwaway.example": true, "a@notthrowaway.example": false, "a@example.jp": false} {
		if err := house.MayJoin(t.Context(), mail); (err != nil) != banned {
			t.Errorf("%s: %v", mail, err)
		}
	}
	w.clock.advance(49 * time.Hour)
	if err := house.MayEnter(t.Context(), from("2001:db8::1", false), ""); err != nil {
		t.Errorf("a ban that is over: %v", err)
	}
	w.must(house.EndBan(t.Context(), net.ID))
	if err := house.MayEnter(t.Context(), from("192.0.2.200", false), ""); err != nil {
		t.Errorf("a ban that was ended: %v", err)
	}
	for kind, bad := range map[policy.BanKind]string{policy.BannedAddress: "0.0.0.0/0", policy.BannedHandset: "short", policy.BannedDomain: "jp"} {
		if _, err := house.Ban(t.Context(), policy.Ban{Kind: kind, Value: bad, Reason: "x"}); err == nil {
			t.Errorf("%q is banned", bad)
		}
	}
	me := w.as(w.member("花子"))
	r := w.press(me, "/invite", url.Values{"address": {"x@throwaway.example"}, "known": {"1"}, "send": {"1"}})
	w.contains(r, "このアドレスへは招待できません")
	op := w.operator(operator.Everything).logIn()
	op.sends(consoleBansPath, consoleBansPath, url.Values{"kind": {"address"}, "value": {"127.0.0.1"}, "reason": {"試し"}})
	w.contains(op.get(consoleBansPath), "127.0.0.1/32", "試し", "throwaway.example")
}

// Who may become a member: the age, whether anybody may, and whether members invite.
func TestAdmission(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	set := func(change func(s *policy.Settings)) {
		s := policy.Defaults()
		change(&s)
		w.must(w.core.Policy.SetSettings(t.Context(), s))
	}
	draft := func(born string) error {
		token := w.invited(m, "new"+born+"@example.jp")
		_, err := w.core.Account.DraftRegistration(t.Context(), token, account.Registration{Name: "新人", Profile: []core.ProfileValue{
			{Key: "realname", Value: "新人"}, {Key: "prefecture", Value: "東京都"}, {Key: "sex", Value: "女性"}, {Key: "birthday", Value: born}}}, "ながいひみつのことば")
		return err
	}
	today := w.clock.Now()
	if err := draft(today.AddDate(-18, 0, 1).Format(time.DateOnly)); err == nil || !strings.Contains(err.Error(), "tooyoung") {
		t.Errorf("the day before the birthday: %v", err)
	}
	if err := draft(today.AddDate(-18, 0, -1).Format(time.DateOnly)); err != nil {
		t.Errorf("eighteen years old: %v", err)
	}
	set(func(s *policy.Settings) { s.Invites = true })
	me := w.as(m)
	w.contains(w.press(me, "/invite", url.Values{"address": {"x@example.jp"}, "known": {"1"}, "send": {"1"}}), "運営者だけが招待できます")
	set(func(s *policy.Settings) { s.Admission = core.NoAdmission })
	if err := draft("1980-01-01"); err == nil {
		t.Error("somebody registers while nobody may")
	}
}

// invited sends an invitation and gives its token.
func (w *world) invited(from core.Member, address string) (token string) {
	w.t.Helper()
	s := policy.Defaults()
	have, err := w.core.Policy.Settings(w.t.Context())
	w.must(err)
	w.must(w.core.Policy.SetSettings(w.t.Context(), s))
	w.must(w.core.Account.Invite(w.t.Context(), from.ID, address, true, "PC", func(seed string) outbox.Mail {
		token = w.core.Outbox.Token(seed)
		return outbox.Mail{Subject: "x", Body: seed}
	}))
	w.must(w.core.Policy.SetSettings(w.t.Context(), have))
	return token
}

// An announcement is on home of those it is for, as long as it is shown, and goes out by mail once.
func TestAnnouncements(t *testing.T) {
	w := newWorld(t)
	tokyo, osaka := w.member("東子"), w.member("西子")
	w.must(w.store.People.SetProfile(t.Context(), tokyo.ID, []core.ProfileValue{{Key: "prefecture", Value: "tokyo", Visibility: core.Private}}))
	op := w.operator(operator.Everything).logIn()
	say := func(title string, more url.Values) {
		values := url.Values{"title": {title}, "text": {title + "の本文"}, "days": {"3"}}
		for k, v := range more {
			values[k] = v
		}
		if r := op.sends(consoleAnnouncePath, consoleAnnouncePath, values); r.status != 302 {
			t.Fatalf("%s: %d\n%s", title, r.status, r.body)
		}
	}
	say("みなさんへ", url.Values{"mail": {"1"}})
	say("東京の方へ", url.Values{"prefecture": {"東京都"}})
	say("ケータイの方へ", url.Values{"device": {"handset"}})
	say("プレミアムの方へ", url.Values{"premium": {"yes"}})
	one, two := w.as(tokyo).get("/home").body, w.as(osaka).get("/home").body
	for title, in := range map[string][2]bool{"みなさんへ": {true, true}, "東京の方へ": {true, false}, "ケータイの方へ": {false, false}, "プレミアムの方へ": {false, false}} {
		if got := [2]bool{strings.Contains(one, title), strings.Contains(two, title)}; got != in {
			t.Errorf("%s on home: %v, want %v", title, got, in)
		}
	}
	list := w.core.Policy.State(t.Context()).Shown
	i := slices.IndexFunc(list, func(a policy.Announcement) bool { return a.Title == "東京の方へ" })
	w.contains(w.as(tokyo).get(announcementPath(list[i].ID)), "東京の方への本文")
	if r := w.as(osaka).get(announcementPath(list[i].ID)); r.status != 404 {
		t.Errorf("an announcement for others: %d", r.status)
	}
	for range 3 {
		w.must(w.core.Chores.Announce(t.Context()))
	}
	letters, _, err := w.core.Outbox.Letters(t.Context(), core.Page{Number: 1, Size: 50})
	w.must(err)
	sent := map[string]int{}
	for _, l := range letters {
		if strings.Contains(l.Subject, "みなさんへ") {
			sent[l.To]++
		}
	}
	if len(sent) != 2 || sent[mailOf(tokyo)] != 1 || sent[mailOf(osaka)] != 1 {
		t.Errorf("letters %v, want one to each", sent)
	}
	w.clock.advance(4 * 24 * time.Hour)
	if strings.Contains(w.as(tokyo).get("/home").body, "みなさんへ") {
		t.Error("it is on home when its days are over")
	}
}

// What a filter word stands in is its author's alone until an operator has looked, and they read why; messages are not looked at.
func TestWordFilter(t *testing.T) {
	w := newWorld(t)
	author, friend := w.member("花子"), w.member("太郎")
	w.friends(author, friend)
	op := w.operator(operator.Everything).logIn()
	if r := op.sends(consoleFilterPath, consoleFilterPath, url.Values{"word": {"モウカル"}}); r.status != 302 {
		t.Fatalf("adding: %d\n%s", r.status, r.body)
	}
	d := w.diary(author, "ﾓｳｶﾙ話", core.Everyone)
	good := w.diary(author, "ふつうの話", core.Everyone)
	me, other := w.as(author), w.as(friend)
	if shows(other, diaryPath(d.Owner, d.ID), "話") || !shows(other, diaryPath(good.Owner, good.ID), "話") {
		t.Error("the entry with the word is seen, or the other is not")
	}
	w.contains(me.get(diaryPath(d.Owner, d.ID)), "「モウカル」ということばが含まれているため")
	w.contains(me.get(measuresPath), "「モウカル」ということばが含まれているため")
	c := w.comment(author, journal.DiaryThread(good.Owner, good.ID), "もうかるよ")
	if shows(other, diaryPath(good.Owner, good.ID), "もうかるよ") {
		t.Error("the comment is seen")
	}
	queue, _, err := w.core.Report.Queue(t.Context(), false, core.Page{Number: 1, Size: 10})
	if err != nil || len(queue) != 2 || queue[0].On != diaryReport(d) || queue[1].On.Comment != c.ID || queue[0].Reason != report.FilterReason {
		t.Fatalf("the queue is %+v, %v", queue, err)
	}
	w.contains(op.get(consoleReport(queue[0].ID)), "確認が必要なことば", "ﾓｳｶﾙ話")
	if r := op.sends(consoleReport(queue[0].ID), consoleReportPath, url.Values{"id": {queue[0].ID.String()}, "none": {"1"}}); r.status != 302 {
		t.Fatalf("closing: %d\n%s", r.status, r.body)
	}
	w.contains(other.get(diaryPath(d.Owner, d.ID)), "ﾓｳｶﾙ話") // nothing is wrong with it: it is there again
	spaced := w.comment(author, journal.DiaryThread(good.Owner, good.ID), "も う か　る？")
	if queue, _, err := w.core.Report.Queue(t.Context(), false, core.Page{Number: 1, Size: 10}); err != nil || len(queue) != 2 || queue[1].On.Comment != spaced.ID {
		t.Errorf("with blanks in it: the queue is %+v, %v", queue, err)
	}
	measures, _, err := w.core.Report.Measures(t.Context(), author.ID, core.Page{Number: 1, Size: 10})
	w.must(err)
	for _, m := range measures {
		_, err := w.core.Report.End(t.Context(), m.ID)
		w.must(err)
	}
	w.contains(other.get(diaryPath(good.Owner, good.ID)), "もうかるよ")
	w.contains(other.get(diaryPath(d.Owner, d.ID)), "ﾓｳｶﾙ話")
	if err := w.core.Report.AddFilterWord(t.Context(), "の", "運営"); err == nil {
		t.Error("a word of one letter is taken")
	}
}

// An operator removes a member, who can be restored until the days are over; then they leave.
func TestRemovalAndRestore(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	d := w.diary(m, "残る話", core.Everyone)
	op, other := w.operator(operator.Everything).logIn(), w.as(w.member("太郎"))
	press := func(button, reason string) {
		t.Helper()
		if r := op.sends(consoleMember(m.ID), consoleMemberPath, url.Values{"id": {m.ID.String()}, button: {"1"}, "reason": {reason}}); r.status != 302 {
			t.Fatalf("%s: %d\n%s", button, r.status, r.body)
		}
	}
	press("removemember", "本人の申し出")
	w.contains(op.get(consoleMember(m.ID)), "退会を取り消す")
	if other.get(diaryPath(d.Owner, d.ID)).status != 404 {
		t.Error("what they wrote is still seen")
	}
	press("restore", "取り消し")
	w.contains(other.get(diaryPath(d.Owner, d.ID)), "残る話")
	w.contains(w.as(m).get("/home"), "花子")
	press("removemember", "やはり")
	w.clock.advance(policy.DefaultRestore*24*time.Hour + time.Minute)
	w.must(w.core.Chores.Sweep(t.Context()))
	if got, err := w.store.Desk.Member(t.Context(), m.ID); err != nil || got.Status != core.Withdrawn {
		t.Errorf("after the days: %v, %v", got.Status, err)
	}
	acts, _, err := w.core.Operator.Acts(t.Context(), "", actKinds, m.ID, core.Page{Number: 1, Size: 50})
	w.must(err)
	kinds := map[string]bool{}
	for _, a := range acts {
		kinds[a.Kind] = true
	}
	for _, kind := range []string{"remove member", "restore", "removed"} {
		if !kinds[kind] {
			t.Errorf("the log of acts has no %q", kind)
		}
	}
}

// Branches of invitations, a new address after proof, and what the law asks for.
func TestOperatorsAndPeople(t *testing.T) {
	w := newWorld(t)
	root, one, two, apart := w.member("根"), w.member("枝"), w.member("葉"), w.member("別")
	w.must(w.core.Policy.Joined(t.Context(), one.ID, root.ID))
	w.must(w.core.Policy.Joined(t.Context(), two.ID, one.ID))
	op := w.operator(operator.Everything).logIn()
	page := op.get(consoleBranchPath + "?id=" + root.ID.String())
	w.contains(page, "枝", "葉")
	if strings.Contains(page.body, "別") {
		t.Error("somebody of another branch is listed")
	}
	op.sends(consoleBranchPath+"?id="+root.ID.String(), consoleBranchPath, url.Values{"id": {root.ID.String()}, "member": {two.ID.String(), apart.ID.String()}, "reason": {"宣伝"}, "hold": {"1"}})
	for _, c := range []struct {
		m    core.Member
		want core.Status
	}{{one, core.Active}, {two, core.Held}, {apart, core.Active}} {
		if m, err := w.store.Desk.Member(t.Context(), c.m.ID); err != nil || m.Status != c.want {
			t.Errorf("%s is %v, want %v", c.m.Name, m.Status, c.want)
		}
	}
	w.contains(op.get(consoleMember(one.ID)), "根")

	send := func(values url.Values) reply { return op.sends(consoleMember(one.ID), consoleMemberPath, values) }
	noProof := send(url.Values{"id": {one.ID.String()}, "changemail": {"1"}, "oldmail": {mailOf(one)}, "mail": {"new@example.jp"}})
	if noProof.status != 200 {
		t.Errorf("an address is changed without a proof: %d", noProof.status)
	}
	taken := send(url.Values{"id": {one.ID.String()}, "changemail": {"1"}, "oldmail": {mailOf(one)}, "mail": {mailOf(apart)}, "proof": {"免許証"}})
	if taken.status != 200 {
		t.Errorf("somebody else's address: %d", taken.status)
	}
	if r := send(url.Values{"id": {one.ID.String()}, "changemail": {"1"}, "oldmail": {mailOf(one)}, "mail": {"New@Example.jp"}, "proof": {"免許証"}}); r.status != 302 {
		t.Fatalf("changing the address: %d\n%s", r.status, r.body)
	}
	letters, _, err := w.core.Outbox.Letters(t.Context(), core.Page{Number: 1, Size: 20})
	w.must(err)
	to := map[string]string{}
	for _, l := range letters {
		to[l.To] += l.Body
	}
	if !strings.Contains(to["new@example.jp"], "/reset/new?t=") || to[mailOf(one)] == "" {
		t.Errorf("letters went to %v", to)
	}

	w.as(apart)
	today := w.clock.Now().UTC()
	ask := url.Values{"id": {apart.ID.String()}, "from": {today.AddDate(0, 0, -2).Format(time.DateOnly)}, "until": {today.AddDate(0, 0, 2).Format(time.DateOnly)}}
	if r := op.sends(consoleMember(apart.ID), consoleDisclosePath, ask); r.status != 200 || strings.Contains(r.header.String(), "attachment") {
		t.Errorf("a disclosure without an order: %d", r.status)
	}
	ask.Set("reason", "東京地裁 令和八年(ワ)第1号")
	r := op.sends(consoleMember(apart.ID), consoleDisclosePath, ask)
	var d operator.Disclosure
	if err := json.Unmarshal([]byte(r.body), &d); err != nil || d.Member != apart.ID || !slices.Contains(d.Mails, mailOf(apart)) || len(d.Log) == 0 || d.Log[0].Kind != "login" {
		t.Fatalf("the disclosure is %+v, %v", d, err)
	}
	w.contains(op.get(consoleAuditPath), "東京地裁", "法令による開示", "免許証")
}

// Operators on the site: nobody, a member, a member with a role before and after the second factor, and another member with that session.
func TestSEC105_ConsoleOnTheSite(t *testing.T) {
	w := newWorld(t)
	plain, staff := w.member("花子"), w.member("係")
	d := w.operator(operator.Reporter)
	w.must(w.core.Operator.Appoint(t.Context(), operator.Operator{Name: "test"}, d.name, staff.ID))
	if err := w.core.Operator.Appoint(t.Context(), operator.Operator{Name: "test"}, "nobody", staff.ID); err == nil {
		t.Error("an account that is not there gets a member")
	}
	me, them := w.as(staff), w.as(plain)
	for _, r := range routes.all {
		if r.access != console {
			continue
		}
		if got := w.browser().do(r.method, r.path, "application/x-www-form-urlencoded", []byte("x=1")); got.status != 404 {
			t.Errorf("%s %s as nobody: %d, want 404", r.method, r.path, got.status)
		}
		if got := them.do(r.method, r.path, "application/x-www-form-urlencoded", []byte("x=1")); got.status != 404 {
			t.Errorf("%s %s as a member: %d, want 404", r.method, r.path, got.status)
		}
		if got := me.do(r.method, r.path, "application/x-www-form-urlencoded", []byte("x=1")); got.status != 401 && r.path != consolePath || !strings.Contains(got.body, `name="code"`) {
			t.Errorf("%s %s before the second factor: %d", r.method, r.path, got.status)
		}
	}
	if got := w.press(them, consoleEnterPath, url.Values{"password": {password}, "code": {d.code()}}); got.status != 404 {
		t.Errorf("a member without a role enters: %d", got.status)
	}
	for _, bad := range []url.Values{{"password": {password}, "code": {"000000"}}, {"password": {"wrong"}, "code": {d.code()}}, {}} {
		if got := w.press(me, consoleEnterPath, bad); got.status != 200 || me.cookies[consoleCookie] != "" {
			t.Errorf("%v: %d", bad, got.status)
		}
	}
	w.clock.advance(time.Hour)
	me = w.as(staff)
	if got := w.press(me, consoleEnterPath, url.Values{"password": {password}, "code": {d.code()}}); got.location != consolePath {
		t.Fatalf("entering: %d\n%s", got.status, got.body)
	}
	w.contains(me.get(consoleReportsPath), "通報")
	if got := me.get(consoleMembersPath); got.status != 403 {
		t.Errorf("a role that may not: %d, want 403", got.status)
	}
	them.cookies[consoleCookie] = me.cookies[consoleCookie]
	if got := them.get(consoleReportsPath); got.status != 404 {
		t.Errorf("a member with somebody's session: %d, want 404", got.status)
	}
	w.must(w.core.Operator.Appoint(t.Context(), operator.Operator{Name: "test"}, d.name, 0))
	if got := me.get(consoleReportsPath); got.status != 404 {
		t.Errorf("after the end of the appointment: %d, want 404", got.status)
	}
}
