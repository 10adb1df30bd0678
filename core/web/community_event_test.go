package web

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/elsewhere"
)

// joins lets members into a community without approval.
func (w *world) joins(id core.ID, members ...core.Member) {
	w.t.Helper()
	for _, m := range members {
		_, err := w.core.Community.Join(w.t.Context(), core.Viewer{Member: m.ID}, id, "")
		w.must(err)
	}
}

// plansEvent makes an event of a member.
func (w *world) plansEvent(m core.Member, id core.ID, title string, e community.NewEvent) community.Thread {
	w.t.Helper()
	t, err := w.core.Community.OpenEvent(w.t.Context(), core.Viewer{Member: m.ID}, id, community.NewThread{Title: title, Body: title + "の詳細"}, e, 20070303)
	w.must(err)
	return t
}

// makesPoll makes one of a member.
func (w *world) makesPoll(m core.Member, id core.ID, question string, p community.NewPoll, choices ...string) community.Thread {
	w.t.Helper()
	t, err := w.core.Community.OpenPoll(w.t.Context(), core.Viewer{Member: m.ID}, id, community.NewThread{Title: question}, p, choices, 20070303)
	w.must(err)
	return t
}

// attendForm is the form of the one button of an event.
func attendForm(t *community.Thread, button string) url.Values {
	return url.Values{"community": {t.Community.String()}, "id": {t.ID.String()}, button: {"1"}}
}

// An event from the form to the day after it, as a browser sees it.
func TestEventOnPages(t *testing.T) {
	w := newWorld(t) // it is 2007-03-03, 21:00 in Japan
	planner, taro, jiro := w.member("企画花子"), w.member("太郎"), w.member("次郎")
	id := w.commune(planner, "散歩の会", false)
	w.joins(id, taro, jiro)
	p, a, b := w.as(planner), w.as(taro), w.as(jiro)

	w.contains(p.get(communityIDPath(id)), "イベントを作る", "アンケートを作る", "イベントはありません")
	form := p.get(eventWritePath + "?community=" + id.String())
	w.contains(form, ">開催日<", ">定員<", ">募集期限<", `type="date" id="day"`, "東京都")
	fields := url.Values{"community": {id.String()}, "title": {"お花見"}, "day": {"2007-03-02"}, "deadline": {"20070320"}, "capacity": {"たくさん"}, "prefecture": {"13"}, "place": {"上野公園"}, "time": {"1100"}}
	w.contains(w.press(p, eventWritePath, fields), `id="day-error"`, `id="capacity-error"`, "お花見", `value="たくさん"`)
	fields.Set("day", "20070318")
	fields.Set("capacity", "１人")
	w.contains(w.press(p, eventWritePath, fields), `id="deadline-error"`)
	fields.Set("deadline", "20070317")
	preview := w.press(p, eventWritePath, fields)
	w.contains(preview, "イベントの確認", "2007年3月18日(日) 11:00", "東京都 上野公園", "2007年3月17日(土)", "1人")
	fields.Set("send", "1")
	made := w.press(p, eventWritePath, fields)
	if !strings.HasPrefix(made.location, eventPath+"?community=") {
		t.Fatalf("%d %s\n%s", made.status, made.location, made.body)
	}
	event := made.location
	w.contains(p.get(communityIDPath(id)), "お花見", "03/18(日)")
	w.contains(p.get(event), "0人", "イベントに参加する") // who plans takes no place

	thread := community.Thread{Community: id, ID: mustID(t, event)}
	if got := w.press(a, eventAttendPath, attendForm(&thread, "attend")); got.location != event {
		t.Fatalf("attending: %d %s\n%s", got.status, got.location, got.body)
	}
	page := a.get(event)
	w.contains(page, "参加をキャンセルする", "このイベントに参加します")
	if strings.Contains(page.body, "キャンセル待ち") || strings.Contains(page.body, ">イベントに参加する<") {
		t.Error("who has a place is told to wait, or to join")
	}
	w.press(b, eventAttendPath, attendForm(&thread, "attend"))
	w.press(p, eventAttendPath, attendForm(&thread, "attend"))
	w.contains(b.get(event), "キャンセル待ち", "参加をキャンセルする")
	list := a.get(threadSub(eventMembersPath, id, thread.ID)).body
	if !regexp.MustCompile(`(?s)参加者一覧.*太郎.*キャンセル待ち.*次郎.*企画花子`).MatchString(list) {
		t.Errorf("the list:\n%s", list)
	}
	w.contains(b.get(homePath), "次のイベント", "お花見", "あと15日")
	w.contains(b.get("/calendar?month=2007-03"), "お花見(キャンセル待ち)", "🎫")

	// One leaves, the next moves up and is told by name.
	w.press(a, eventAttendPath, attendForm(&thread, "cancel"))
	w.contains(b.get(homePath), "キャンセル待ちから参加になったイベントが1件あります")
	w.contains(b.get(noticesPath), "キャンセル待ちのイベント「お花見」に空きができ、参加できるようになりました。")
	if page := b.get(event).body; strings.Contains(page, "キャンセル待ち") || !strings.Contains(page, "参加をキャンセルする") {
		t.Error("who moved up waits still")
	}
	w.flush()
	if strings.Contains(b.get(homePath).body, "キャンセル待ちから") {
		t.Error("it is told after the look")
	}
	w.contains(a.get("/calendar?month=2007-03"), "🚩", "お花見") // not joined, of a community of one's own

	// A message to those who attend, and a comment with a number.
	w.contains(p.get(threadSub(eventTellPath, id, thread.ID)), "参加者にメッセージを送る", "参加者1人に")
	w.press(p, eventTellPath, url.Values{"community": {id.String()}, "id": {thread.ID.String()}, "body": {"駅の改札に10時"}, "send": {"1"}})
	w.must(w.core.Community.Settle(t.Context()))
	w.contains(b.get(noticesPath), "参加するイベント「お花見」についてお知らせがあります。")
	w.contains(b.get(event), "駅の改札に10時")
	if strings.Contains(a.get(event).body, "駅の改札") {
		t.Error("one who does not attend reads the message")
	}
	if a.get(threadSub(eventTellPath, id, thread.ID)).status != 404 {
		t.Error("one who did not plan it gets the form")
	}
	w.press(a, topicCommentPath, url.Values{"community": {id.String()}, "id": {thread.ID.String()}, "body": {"楽しみ"}, "send": {"1"}})
	w.contains(p.get(event), "1: ", "楽しみ")

	// For calendar programs.
	r := b.get(threadSub(eventFilePath, id, thread.ID))
	c, err := ics.ParseCalendar(strings.NewReader(r.body))
	if err != nil || len(c.Events()) != 1 || !strings.Contains(r.body, "DTSTART:20070318T020000Z\r\n") || !strings.Contains(r.body, "LOCATION:東京都 上野公園\r\n") {
		t.Errorf("%v\n%s", err, r.body)
	}

	// Another day, called off, and back again.
	w.contains(p.get(threadSub(eventWritePath, id, thread.ID)), `value="2007-03-18"`, `value="11:00"`, "上野公園")
	fields.Set("event", thread.ID.String())
	fields.Set("day", "20070325")
	fields.Set("capacity", "3")
	w.press(p, eventWritePath, fields)
	w.contains(b.get(event), "日時か場所が変わりました", "2007年3月25日(日)", "2人")
	w.press(p, eventTellPath, url.Values{"community": {id.String()}, "id": {thread.ID.String()}, "body": {"雨です"}, "off": {"1"}, "send": {"1"}})
	w.contains(b.get(event), "このイベントは中止になりました", "雨です")
	w.contains(b.get("/calendar?month=2007-03"), "【中止】お花見")
	w.contains(b.get(threadSub(eventFilePath, id, thread.ID)), "STATUS:CANCELLED\r\n", "SEQUENCE:2\r\n")
	if strings.Contains(a.get(event).body, ">イベントに参加する<") {
		t.Error("one can join what does not take place")
	}
	w.press(p, eventTellPath, url.Values{"community": {id.String()}, "id": {thread.ID.String()}, "undo": {"1"}})
	w.contains(b.get(event), "中止は取り消されました")
	w.contains(a.get(event), ">イベントに参加する<")
	w.clock.advance(30 * 24 * time.Hour)
	late := w.as(taro)
	if page := late.get(event).body; strings.Contains(page, ">イベントに参加する<") || !strings.Contains(page, "このイベントは終わりました") {
		t.Errorf("after the event:\n%s", page)
	}
	w.contains(w.press(late, eventAttendPath, attendForm(&thread, "attend")), "このイベントは終わりました")
	w.contains(late.get(communitySub(eventsPath, id)+"&past=1"), "お花見")
	if strings.Contains(late.get(homePath).body, "次のイベント") {
		t.Error("home has an event that has been")
	}
}

func mustID(t *testing.T, path string) core.ID {
	t.Helper()
	id, ok := core.ParseID(path[strings.LastIndexByte(path, '=')+1:])
	if !ok {
		t.Fatalf("no ID at the end of %s", path)
	}
	return id
}

// The feed has the events that the member attends, of communities that they may read now.
func TestEventsInTheFeed(t *testing.T) {
	w := newWorld(t)
	planner, taro := w.member("花子"), w.member("太郎")
	id := w.commune(planner, "散歩の会", false)
	w.joins(id, taro)
	e := w.plansEvent(planner, id, "お花見", community.NewEvent{Day: 20070318, Capacity: 1})
	full := w.plansEvent(planner, id, "満員の会", community.NewEvent{Day: 20070319, Capacity: 1})
	w.plansEvent(planner, id, "行かない会", community.NewEvent{Day: 20070320})
	for _, err := range []error{first(w.core.Community.Attend(t.Context(), core.Viewer{Member: planner.ID}, id, full.ID, 20070303)),
		first(w.core.Community.Attend(t.Context(), core.Viewer{Member: taro.ID}, id, e.ID, 20070303)), first(w.core.Community.Attend(t.Context(), core.Viewer{Member: taro.ID}, id, full.ID, 20070303))} {
		w.must(err)
	}
	f, err := w.core.Elsewhere.MakeFeed(t.Context(), taro.ID, elsewhere.Calendar, 0, false)
	w.must(err)
	r, _ := w.fetched(feedPath + "calendar/" + f.Token + ".ics")
	if !strings.Contains(r.body, "SUMMARY:お花見\r\n") || strings.Contains(r.body, "満員の会") || strings.Contains(r.body, "行かない会") {
		t.Errorf("the feed:\n%s", r.body)
	}
	w.must(w.core.Community.Expel(t.Context(), core.Viewer{Member: planner.ID}, id, taro.ID, false))
	w.clock.advance(2 * time.Minute)
	if r, _ := w.fetched(feedPath + "calendar/" + f.Token); strings.Contains(r.body, "お花見") {
		t.Error("one who was put out has the event still")
	}
}

func TestPollOnPages(t *testing.T) {
	w := newWorld(t)
	maker, taro, outside := w.member("花子"), w.member("太郎"), w.member("外")
	id := w.commune(maker, "散歩の会", false)
	w.joins(id, taro)
	m, a, o := w.as(maker), w.as(taro), w.as(outside)
	form := m.get(pollWritePath + "?community=" + id.String())
	w.contains(form, ">質問<", "選択肢1<", "選択肢20<", `value="2007-03-10"`)
	fields := url.Values{"community": {id.String()}, "title": {"どこへ行く？"}, "choice1": {"海"}, "ends": {"20070310"}}
	w.contains(w.press(m, pollWritePath, fields), `id="choice-error"`, "どこへ行く？", `value="海"`)
	for n := 2; n <= community.MaxChoices; n++ {
		fields.Set(choiceField(n), fmt.Sprintf("山%d", n))
	}
	w.contains(w.press(m, pollWritePath, fields), "アンケートの確認", "山20", "1つだけ選べる・無記名")
	fields.Set("send", "1")
	poll := w.press(m, pollWritePath, fields).location
	if !strings.HasPrefix(poll, pollPath+"?") {
		t.Fatal(poll)
	}
	of := community.Thread{Community: id, ID: mustID(t, poll)}
	vote := func(b *browser, of *community.Thread, choices ...string) reply {
		return w.press(b, pollVotePath, url.Values{"community": {of.Community.String()}, "id": {of.ID.String()}, "choice": choices, "vote": {"1"}})
	}
	w.contains(a.get(poll), `type="radio" name="choice" value="20"`, "投票する", "結果を見る")
	w.contains(vote(a, &of), `id="choice-error"`)
	if got := vote(a, &of, "2"); got.location != poll {
		t.Fatalf("voting: %d %s\n%s", got.status, got.location, got.body)
	}
	w.contains(a.get(poll), "山2 1票", "海 0票", "山20 0票", "<svg", "■■■■■■■■■■", "自分の投票")
	w.contains(a.get(poll+"&change=1"), `value="2" checked`, "20.山20", `name="choice" value="2" maxlength="60" inputmode="numeric"`) // a handset asks for the number
	vote(a, &of, "３番")
	w.contains(a.get(poll), "山3 1票")
	w.contains(vote(a, &of, "1 2"), `id="choice-error"`)
	vote(a, &of, "1")
	w.contains(m.get(poll+"&result=1"), "海 1票", "山2 0票")
	w.contains(o.get(poll), "海 1票") // who may look sees the result, and no form
	if strings.Contains(o.get(poll).body, `action="`+pollVotePath+`"`) {
		t.Error("one who is no member gets the form")
	}
	w.contains(vote(o, &of, "1"), "メンバーだけ")
	if got := o.get(threadSub(pollVotersPath, id, of.ID) + "&choice=1").status; got != 404 {
		t.Errorf("who voted, of a poll without names: %d", got)
	}

	named := w.makesPoll(maker, id, "持ち物", community.NewPoll{Ends: 20070310, Several: true, Named: true, Result: community.ResultAfterVote}, "弁当", "<お茶>", "傘")
	path := communityThreadPath(&named)
	page := a.get(path)
	w.contains(page, `type="checkbox" name="choice" value="3"`, "&lt;お茶&gt;", "投票した人だけ見られる")
	if strings.Contains(page.body, "0票") || strings.Contains(page.body, "結果を見る") || strings.Contains(a.get(path+"&result=1").body, "0票") {
		t.Error("the result shows before voting")
	}
	vote(a, &named, "1", "3")
	w.contains(a.get(path), "弁当 <a", "1票</a>", "傘")
	w.contains(a.get(threadSub(pollVotersPath, id, named.ID)+"&choice=3"), "太郎", "傘 1票")
	if m.get(threadSub(pollVotersPath, id, named.ID)+"&choice=3").status != 404 {
		t.Error("who voted shows before voting")
	}

	late := w.makesPoll(maker, id, "秘密", community.NewPoll{Ends: 20070303, Result: community.ResultAtEnd}, "はい", "いいえ")
	path = communityThreadPath(&late)
	vote(a, &late, "1")
	if page := a.get(path).body; strings.Contains(page, "票<") || !strings.Contains(page, "結果は、アンケートが終わると見られます") {
		t.Errorf("the result shows before the end:\n%s", page)
	}
	w.clock.advance(24 * time.Hour)
	w.contains(a.get(path), "はい 1票", "いいえ 0票", "このアンケートは終わりました")
	w.contains(vote(a, &late, "2"), "このアンケートは終わりました")
	w.contains(m.get(communitySub(pollsPath, id)), "どこへ行く？", "持ち物", "秘密")

	// Its maker changes the words; the choices stay since somebody has voted.
	edit := m.get(threadSub(pollWritePath, id, of.ID))
	w.contains(edit, "選択肢は変えられません")
	fields.Set("poll", of.ID.String())
	fields.Set("title", "どこがいい？")
	fields.Set("choice1", "空")
	fields.Set("ends", "20070312")
	w.press(m, pollWritePath, fields)
	w.contains(m.get(poll+"&result=1"), "どこがいい？", "海 1票", "2007年3月12日")
}

// What stands in a community that somebody may not read is not there for them, wherever it could be seen: every way × every kind of
// viewer × every state of the community, before and after it changes (SEC-112).
func TestSEC112_EventsAndPollsOfCommunities(t *testing.T) {
	w := newWorld(t)
	owner := w.member("管理花子")
	const word = "秘密の集い"
	viewers := []string{"member", "stranger", "expelled", "left", "blocked by the administrator", "who blocks the administrator", "applicant"}
	states := []struct {
		name   string
		change community.NewCommunity
		ended  bool
		sees   map[string]bool // besides the member
	}{
		{"open", community.NewCommunity{}, false, map[string]bool{"stranger": true, "applicant": true, "left": true, "blocked by the administrator": true, "who blocks the administrator": true}},
		{"members only", community.NewCommunity{MembersOnly: true}, false, nil},
		{"hidden", community.NewCommunity{Hidden: true}, false, nil},
		{"deleted", community.NewCommunity{}, true, map[string]bool{}},
		{"taken back", community.NewCommunity{}, false, map[string]bool{"stranger": true, "applicant": true, "left": true, "blocked by the administrator": true, "who blocks the administrator": true}},
	}
	id := w.commune(owner, "会", false)
	mine := core.Viewer{Member: owner.ID}
	browsers := map[string]*browser{}
	for _, name := range viewers {
		m := w.member(name)
		ctx := t.Context()
		switch name {
		case "member", "expelled", "left":
			w.joins(id, m)
		case "applicant":
			w.must(w.core.Community.Edit(ctx, mine, id, community.NewCommunity{Name: "会", Description: "説明", Category: 111, Approval: true}))
			w.joins(id, m)
		}
		browsers[name] = w.as(m)
	}
	event := w.plansEvent(owner, id, word, community.NewEvent{Day: 20070310})
	poll := w.makesPoll(owner, id, word, community.NewPoll{Ends: 20070310, Named: true}, "はい", "いいえ")
	w.must(w.core.Community.Vote(t.Context(), mine, id, poll.ID, []int{1}, 20070303))
	for _, name := range []string{"expelled", "left"} { // who attends, and then is not there any more
		m := w.sessionMember(browsers[name])
		w.must(first(w.core.Community.Attend(t.Context(), core.Viewer{Member: m}, id, event.ID, 20070303)))
	}
	w.must(w.core.Community.Expel(t.Context(), mine, id, w.sessionMember(browsers["expelled"]), true))
	w.must(w.core.Community.Leave(t.Context(), core.Viewer{Member: w.sessionMember(browsers["left"])}, id))
	w.must(w.core.People.Block(t.Context(), owner.ID, w.sessionMember(browsers["blocked by the administrator"])))
	w.must(w.core.People.Block(t.Context(), w.sessionMember(browsers["who blocks the administrator"]), owner.ID))
	w.must(w.core.Search.UpdateSearch(t.Context()))

	pages := []string{communityThreadPath(&event), communityThreadPath(&poll), anyThreadPath(event.ID), anyThreadPath(poll.ID), threadSub(eventFilePath, id, event.ID),
		threadSub(eventMembersPath, id, event.ID), threadSub(pollVotersPath, id, poll.ID) + "&choice=1", communitySub(eventsPath, id), communitySub(pollsPath, id)}
	cells := 0
	for _, state := range states {
		n := state.change
		n.Name, n.Description, n.Category, n.Approval = "会", "説明", 111, true
		if state.name == "taken back" {
			w.must(w.core.Community.TakeBack(t.Context(), mine, id))
		}
		w.must(w.core.Community.Edit(t.Context(), mine, id, n))
		if state.ended {
			w.must(w.core.Community.Delete(t.Context(), mine, id))
		}
		w.must(w.core.Search.UpdateSearch(t.Context()))
		for _, name := range viewers {
			sees := state.sees[name] || name == "member" && !state.ended
			b := browsers[name]
			for _, path := range pages {
				r := b.get(path)
				if r.status == 302 {
					r = b.get(r.location)
				}
				if got := r.status == 200; got != sees {
					t.Errorf("%s, %s: %s gives %d, want seen %v", state.name, name, path, r.status, sees)
				}
				cells++
			}
			in := name == "member" && !state.ended // only who is in it has it in lists of their own
			for _, path := range []string{homePath, calendarPath, communityNewestPath} {
				if strings.Contains(b.get(path).body, word) && !in {
					t.Errorf("%s, %s: %s has the word", state.name, name, path)
				}
				cells++
			}
			if got := strings.Contains(found(b, community.SearchThreads, word), "/community/topic?id="); got != sees {
				t.Errorf("%s, %s: found %v, want %v", state.name, name, got, sees)
			}
			for path, form := range map[string]url.Values{
				eventAttendPath: attendForm(&event, "attend"), pollVotePath: {"community": {id.String()}, "id": {poll.ID.String()}, "choice": {"1"}}, eventTellPath: {"community": {id.String()}, "id": {event.ID.String()}, "body": {"x"}},
			} {
				r := w.press(b, path, form)
				member := name == "member" && !state.ended && path != eventTellPath
				if (r.status == 302) != member {
					t.Errorf("%s, %s: %s is answered with %d", state.name, name, path, r.status)
				}
				if !sees && r.status != 404 {
					t.Errorf("%s, %s: %s tells with %d that there is something", state.name, name, path, r.status)
				}
				cells++
			}
		}
	}
	t.Logf("%d cells", cells)
}

// sessionMember is who is logged in.
func (w *world) sessionMember(b *browser) core.ID {
	w.t.Helper()
	s, _, err := w.core.Account.Session(context.Background(), b.cookies["musubi"])
	w.must(err)
	return s.Member
}

// eventful lets the leaver do what a member can do with events and polls.
func (l *leaver) eventful(t *testing.T) {
	t.Helper()
	ctx, s := context.Background(), l.core.Community
	me, friend := core.Viewer{Member: l.member.ID}, core.Viewer{Member: l.friend.ID}
	today := core.DayOf(l.clock.Now())
	var err error
	l.planned, err = s.OpenEvent(ctx, me, l.commons.friends, community.NewThread{Title: "残る集い", Body: mark(24)}, community.NewEvent{Day: today.Add(9), Words: "朝から"}, today)
	l.must(err)
	_, err = s.Attend(ctx, friend, l.commons.friends, l.planned.ID, today)
	l.must(err)
	l.must(s.WriteToAttendees(ctx, me, l.commons.friends, l.planned.ID, mark(25), true))
	l.attended, err = s.OpenEvent(ctx, friend, l.commons.own, community.NewThread{Title: "友の集い"}, community.NewEvent{Day: today.Add(9), Capacity: 1}, today)
	l.must(err)
	_, err = s.Attend(ctx, me, l.commons.own, l.attended.ID, today)
	l.must(err)
	_, err = s.Attend(ctx, friend, l.commons.own, l.attended.ID, today)
	l.must(err)
	l.asked, err = s.OpenPoll(ctx, me, l.commons.friends, community.NewThread{Title: "残る問い"}, community.NewPoll{Ends: today.Add(300), Several: true}, []string{"甲", "乙"}, today)
	l.must(err)
	l.must(s.Like(ctx, me, l.attended.ID, 0))
	l.must(s.Like(ctx, friend, l.planned.ID, 0))
	l.must(s.Vote(ctx, me, l.commons.friends, l.asked.ID, []int{1, 2}, today))
	l.must(s.Vote(ctx, friend, l.commons.friends, l.asked.ID, []int{2}, today))
}

// eventsGoOn looks at what the others have of events and polls after the leaver has gone.
func (l *leaver) eventsGoOn(t *testing.T) {
	t.Helper()
	friend := l.as(l.friend)
	l.must(l.core.Community.Settle(context.Background()))
	l.contains(friend.get(communityThreadPath(&l.planned)), "残る集い", "退会したメンバー", "1人")
	l.contains(friend.get(noticesPath), "「友の集い」に空きができ")
	l.contains(friend.get(communityThreadPath(&l.asked)), "残る問い", "甲 0票", "乙 1票")
}
