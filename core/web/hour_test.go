package web

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
	"musubi/core/network"
)

// What a new member and one who stays met in their first hours, each with what it should have been.

// At an address of numbers passkeys cannot be: its pages say by which name to come, and the login offers none.
func TestPasskeysAskForAName(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	b, out := w.as(m), w.browser()
	w.contains(out.get("/"), passkeyLoginPath)
	for host, name := range map[string]string{"127.0.0.1:8080": "http://localhost:8080", "[::1]:8080": "http://localhost:8080", "192.0.2.7": w.site.link("")} {
		b.headers, out.headers = map[string]string{"Host": host}, map[string]string{"Host": host}
		if page := out.get("/").body; strings.Contains(page, passkeyLoginPath) {
			t.Errorf("%s: the login offers a passkey", host)
		}
		r := out.get(passkeyLoginPath)
		w.contains(r, name+passkeyLoginPath)
		if r.status != 403 {
			t.Errorf("%s: %d", host, r.status)
		}
		w.contains(b.get(passkeysPath), name+passkeysPath)
		if r := w.press(b, passkeysPath, url.Values{"name": {"鍵"}}); r.status != 200 {
			t.Errorf("%s: a form for a key: %d", host, r.status)
		}
		if r := out.post(passkeyLoginPath, url.Values{}); r.status == 500 {
			t.Errorf("%s: a login: %d", host, r.status)
		}
	}
}

// Whoever registers in English is a member in English, whatever their inviter reads.
func TestRegistrationKeepsItsLanguage(t *testing.T) {
	w := newWorld(t)
	inviter := w.member("花子")
	for mail, want := range map[string]string{"alice@example.jp": "en", "taro2@example.jp": "ja"} {
		w.invites(w.as(inviter), mail)
		b := w.browser()
		if want == "en" {
			b.headers = map[string]string{"Accept-Language": "en-US,en;q=0.9"}
		}
		link := w.linkTo(mail)
		w.contains(b.get(link), `<html lang="`+want+`">`)
		_, token, _ := strings.Cut(link, "t=")
		preview := b.post("/register", registration(token))
		r := b.post("/register", url.Values{"t": {token}, "send": {"1"}})
		if r.status != 302 {
			t.Fatalf("%s: %d\n%s\n%s", mail, r.status, preview.body, r.body)
		}
		b.headers = nil
		w.contains(b.get(homePath), `<html lang="`+want+`">`)
	}
}

// Style and scripts go out small to browsers that read a coding, and as they are to all others; pages, whose tokens stand beside what others
// typed, are never compressed (BREACH).
func TestAssetsAreCompressedForBrowsers(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	for path, a := range assets {
		b.headers = nil
		if r := b.get(path); r.body != a.body || len(r.header.ContentEncoding()) > 0 || string(r.header.Peek("Vary")) != "Accept-Encoding" {
			t.Errorf("%s as it is: %q, Vary %q", path, r.header.ContentEncoding(), r.header.Peek("Vary"))
		}
		for _, coding := range codings {
			b.headers = map[string]string{"Accept-Encoding": coding}
			r := b.get(path)
			if string(r.header.ContentEncoding()) == "" && len(a.body) < 500 {
				continue
			}
			var plain []byte
			var err error
			if coding == "br" {
				plain, err = fasthttp.AppendUnbrotliBytes(nil, []byte(r.body))
			} else {
				plain, err = fasthttp.AppendGunzipBytes(nil, []byte(r.body))
			}
			if string(r.header.ContentEncoding()) != coding || err != nil || string(plain) != a.body || len(r.body) >= len(a.body) {
				t.Errorf("%s by %s: %q, %d of %d bytes (%v)", path, coding, r.header.ContentEncoding(), len(r.body), len(a.body), err)
			}
		}
		phone := w.browser()
		phone.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i", "X-Ktai-Omit": "data-pc", "Accept-Encoding": "gzip"}
		if r := phone.signed("GET", path, nil); r.body != a.body {
			t.Errorf("%s is compressed for a handset", path)
		}
	}
	b.headers = map[string]string{"Accept-Encoding": "gzip, br"}
	if r := b.get(homePath); len(r.header.ContentEncoding()) > 0 {
		t.Errorf("home is compressed by %s", r.header.ContentEncoding())
	}
}

// What only scripts say stands in no page: a browser without style, such as w3m, would show it.
func TestScriptsKeepTheirWords(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	b := w.as(m)
	id := w.commune(m, "広場", false)
	topic, err := w.core.Community.Open(t.Context(), core.Viewer{Member: m.ID}, id, community.NewThread{Title: "題名", Body: "本文"}, nil)
	w.must(err)
	tag := regexp.MustCompile(`(?s)<[^>]*>`)
	for _, path := range []string{"/diary/write", communityThreadPath(&topic), topicFormPath(id), "/settings/photos", appPath, albumEditPath, messageWritePath} {
		page := tag.ReplaceAllString(b.get(path).body, "")
		for _, says := range []string{b.words("photo.shrinks"), "b=太字", toolEmoji, b.words("form.left"), b.words("upload.waiting"), b.words("upload.lost")} {
			if strings.Contains(page, says) {
				t.Errorf("%s says %q without script", path, says)
			}
		}
	}
	files, err := filepath.Glob("*.qtpl")
	w.must(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		w.must(err)
		if found := regexp.MustCompile(`<[a-z]+ hidden[ >]|class="words"`).Find(text); found != nil {
			t.Errorf("%s has %s, which a browser without style shows", file, found)
		}
	}
}

func (b *browser) words(key string) string { return japanese.t(key) }

// Sentences that follow each other have a blank between them in English.
func TestSentencesHaveBlanksBetween(t *testing.T) {
	files, err := filepath.Glob("*.qtpl")
	if err != nil {
		t.Fatal(err)
	}
	next := regexp.MustCompile(`t\("([\w.]+)"[^%]*\) %\}(?:\{% (?:if|endif)[^%]*%\})*\{%s [\w.]*t\("([\w.]+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range next.FindAllStringSubmatch(string(text), -1) {
			if before, after := english.t(m[1]), english.t(m[2]); !strings.HasSuffix(before, " ") && !strings.HasPrefix(after, " ") {
				t.Errorf("%s: %q is followed at once by %q", file, before, after)
			}
		}
	}
}

// A place at an event is not given up by one press, and not by the page's first button.
func TestGivingUpAPlaceIsAsked(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	id := w.commune(m, "広場", false)
	event := w.plansEvent(m, id, "お花見", community.NewEvent{Day: 20070320})
	b := w.as(m)
	w.press(b, eventAttendPath, attendForm(&event, "attend"))
	page := b.get(communityThreadPath(&event))
	w.contains(page, `<form class="delete" method="post" action="`+eventAttendPath)
	values := attendForm(&event, "cancel")
	values.Set("k", tokenOn(t, page.body, eventAttendPath))
	asked := b.post(eventAttendPath, values)
	w.contains(asked, "参加をキャンセルしますか")
	w.contains(b.get(communityThreadPath(&event)), "このイベントに参加します")
	values.Set("k", tokenOn(t, asked.body, eventAttendPath))
	values.Set(sureField, "1")
	b.post(eventAttendPath, values)
	w.contains(b.get(communityThreadPath(&event)), "イベントに参加する")
}

// Numbers that cannot be are said, each in its sentence: places, days, choices, members.
func TestImpossibleNumbersAreSaid(t *testing.T) {
	w := newWorld(t)
	m, other := w.member("花子"), w.member("太郎")
	id := w.commune(m, "広場", false)
	w.joins(id, other)
	b := w.as(m)
	for _, c := range []struct{ field, value string }{{"capacity", "0"}, {"capacity", "-5"}, {"capacity", "5001"}, {"day", "99991231"}, {"day", "20170401"}} {
		form := url.Values{"community": {id.String()}, "title": {"お花見"}, "day": {"20070320"}, "send": {"1"}}
		form.Set(c.field, c.value)
		w.contains(w.press(b, eventWritePath, form), `id="`+c.field+`-error"`)
	}
	poll := w.makesPoll(m, id, "どちら", community.NewPoll{Ends: 20070310}, "甲", "乙")
	for _, choice := range []string{"-1", "0", "3", "x", "1-2"} {
		if r := w.press(b, pollVotePath, url.Values{"community": {id.String()}, "id": {poll.ID.String()}, "choice": {choice}}); r.status == 302 {
			t.Errorf("the choice %q is taken", choice)
		}
	}
	if r := w.press(b, pollVotePath, url.Values{"community": {id.String()}, "id": {poll.ID.String()}, "choice": {"２"}}); r.status != 302 {
		t.Errorf("the choice 2: %d", r.status)
	}
	for who, says := range map[string]string{"999999": "その番号のメンバーはいません", m.ID.String(): "自分自身は", "だれか": "メンバーの番号か"} {
		r := w.press(b, communityBlockedPath, url.Values{"id": {id.String()}, "member": {who}, "block": {"1"}})
		w.contains(r, says)
		if r.status != 200 {
			t.Errorf("keeping out %q: %d", who, r.status)
		}
	}
	if r := w.press(b, communityBlockedPath, url.Values{"id": {id.String()}, "member": {other.ID.String()}, "block": {"1"}}); r.status != 302 {
		t.Errorf("keeping out a member: %d", r.status)
	}
	if r := w.as(w.member("次郎")).get(communityLeavePath + "?id=" + id.String() + "&leave=1"); r.status != 404 {
		t.Errorf("leaving where one is not: %d", r.status)
	}
}

// A full topic has one that goes on from it; whoever comes later is led there.
func TestOneSuccessor(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) { c.TopicComments = 3 })
	m := w.member("花子")
	id := w.commune(m, "広場", false)
	viewer := core.Viewer{Member: m.ID}
	topic, err := w.core.Community.Open(t.Context(), viewer, id, community.NewThread{Title: "題名", Body: "本文"}, nil)
	w.must(err)
	for range 3 {
		_, err := w.core.Community.WriteComment(t.Context(), viewer, id, topic.ID, community.NewComment{Body: "返事"})
		w.must(err)
	}
	b := w.as(m)
	after := topicFormPath(id) + "&after=" + topic.ID.String()
	form := func() url.Values {
		return url.Values{"community": {id.String()}, "after": {topic.ID.String()}, "title": {"題名 2"}, "body": {"続き"}, "send": {"1"}}
	}
	w.contains(b.get(after), "題名 2")
	first := w.press(b, topicWritePath, form())
	if first.status != 302 {
		t.Fatalf("%d %s", first.status, first.body)
	}
	if r := b.get(after); r.location != first.location {
		t.Errorf("the form of another leads to %q, not %q", r.location, first.location)
	}
	again := w.press(b, topicWritePath, form())
	w.contains(again, "続きは、もう作られています", "続き</textarea>")
}

// What was announced stands among the notices for 90 days, before and after the look; who follows an administrator is told.
func TestAnnouncementsAndSuccessionAreNoticed(t *testing.T) {
	w := newWorld(t)
	admin, sub, m := w.member("管理花子"), w.member("太郎"), w.member("次郎")
	id := w.commune(admin, "広場", false)
	w.joins(id, sub, m)
	w.must(w.core.Community.Offer(t.Context(), core.Viewer{Member: admin.ID}, id, sub.ID, core.RoleSubAdministrator))
	w.must(w.core.Community.AnswerOffer(t.Context(), core.Viewer{Member: sub.ID}, id, true))
	w.clock.advance(time.Hour)
	w.must(w.core.Community.Announce(t.Context(), core.Viewer{Member: admin.ID}, id, "花見の季節です"))
	b := w.as(m)
	link := communitySub(announcementsPath, id)
	w.contains(b.get(noticesPath), link, `class="new"`)
	b.get(link)
	if page := b.get(noticesPath).body; !strings.Contains(page, link) || strings.Contains(page, `class="new"`) {
		t.Error("an announcement that was looked at is gone, or new still")
	}
	if page := w.as(w.member("三郎")).get(noticesPath).body; strings.Contains(page, link) {
		t.Error("somebody outside has it")
	}
	w.must(w.core.Community.Leave(t.Context(), core.Viewer{Member: admin.ID}, id))
	s := w.as(sub)
	w.contains(s.get(homePath), "あなたが管理人になったコミュニティが1件あります")
	w.contains(s.get(noticesPath), "あなたがコミュニティ「広場」の管理人になりました")
	w.clock.advance(91 * 24 * time.Hour)
	if page := w.as(m).get(noticesPath).body; strings.Contains(page, link) {
		t.Error("it stands there after 90 days")
	}
}

// What a page cannot show by itself it says in a line: asked, handed over, announced, thrown away.
func TestDoneLines(t *testing.T) {
	w := newWorld(t)
	admin, m := w.member("管理花子"), w.member("太郎")
	open, closed := w.commune(admin, "広場", false), w.commune(admin, "承認の広場", true)
	a, b := w.as(admin), w.as(m)
	after := func(who *browser, path string, form url.Values, says string) {
		t.Helper()
		r := w.press(who, path, form)
		if r.status != 302 {
			t.Fatalf("%s: %d %s", path, r.status, r.body)
		}
		w.contains(who.get(r.location), `role="status">`+says)
	}
	after(b, communityJoinPath, url.Values{"id": {closed.String()}, "ask": {"1"}}, "参加を申し込みました")
	after(b, communityJoinPath, url.Values{"id": {open.String()}, "join": {"1"}}, "コミュニティに参加しました")
	after(a, communityMemberPath, url.Values{"id": {open.String()}, "member": {m.ID.String()}, "handover": {"1"}}, "お願いを送りました")
	w.contains(a.get(communitySub(communityMembersPath, open)), "[返事待ち]")
	after(a, announcementsPath, url.Values{"id": {open.String()}, "body": {"お知らせ"}}, "お知らせを送りました")
	after(b, "/message/empty", url.Values{}, "ごみ箱を空にしました")
	after(b, communityLeavePath, url.Values{"id": {open.String()}, "leave": {"1"}}, "コミュニティを退会しました")
}

// Wrong keys slow down whoever comes through a carrier's gateway, too, as the demo takes all who are on its machine to do.
func TestSEC102_WrongPlayerKeysOfAGateway(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.headers = map[string]string{"X-Ktai-Carrier": "pc", "X-Ktai-Class": "handset", "X-Forwarded-For": "127.0.0.1", "X-Ktai-Time": fmt.Sprint(w.clock.Now().Unix())}
	slowed := 0
	for i := range 40 {
		path := fmt.Sprintf("/1/validate-token?token=%024d", i)
		b.sign("GET", path)
		if r := b.get(path); r.status == 429 && len(r.header.Peek("Retry-After")) > 0 {
			slowed++
		}
	}
	if slowed < 15 {
		t.Errorf("%d of 40 wrong keys were slowed down", slowed)
	}
}

// A player that sends more tracks than a form should have loses none of them, and a name that is no text is no artist.
func TestManyTracksAndNoText(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	key, user := w.playerKey(w.as(m))
	at := fmt.Sprint(w.clock.Now().Unix())
	lines := strings.Split(w.browser().get("/?hs=true&p=1.2&u="+user+"&t="+at+"&a="+md5of(md5of(key)+at)).body, "\n")
	form := url.Values{"s": {lines[1]}}
	for i := range 60 {
		form.Set(fmt.Sprintf("a[%d]", i), "海の家")
		form.Set(fmt.Sprintf("t[%d]", i), fmt.Sprintf("曲%d", i))
		form.Set(fmt.Sprintf("i[%d]", i), fmt.Sprint(w.clock.Now().Unix()-int64(300*(i+1))))
	}
	form.Set("a[7]", "\xff\xfe")
	if r := w.browser().post(submissionPath, form); r.body != "OK\n" {
		t.Fatalf("%q", r.body)
	}
	plays, err := w.store.Music.Plays(t.Context(), m.ID, 0, core.Page{Number: 1, Size: 100})
	if err != nil || len(plays) != 59 {
		t.Errorf("%d of 59 plays are stored (%v)", len(plays), err)
	}
	body := `{"listen_type":"single","payload":[{"listened_at":` + at + `,"track_metadata":{"artist_name":"` + "\xff" + `","track_name":"曲"}}]}`
	b := w.browser()
	b.headers = map[string]string{"Authorization": "Token " + key}
	if r := b.do("POST", listenBrainz+"submit-listens", "application/json", []byte(body)); r.status != 400 {
		t.Errorf("ListenBrainz takes a name that is no UTF-8: %d %s", r.status, r.body)
	}
}

// The place of a page is marked in the menu, also of those that are no item of it.
func TestEveryPageHasAPlace(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	b := w.as(m)
	d := w.diary(w.member("太郎"), "題", core.Everyone)
	id := "?id=" + d.Owner.String()
	for _, path := range []string{helpPath, termsPath, reportPath + "?kind=1&owner=" + d.Owner.String() + "&id=" + d.ID.String(), reportsPath, "/block" + id, "/endorsements" + id} {
		page := b.get(path).body
		if _, menu, _ := strings.Cut(page, `<nav class="menu"`); page != "" && !strings.Contains(menu, `aria-current="true"`) {
			t.Errorf("%s is nowhere in the menu", path)
		}
	}
}

// A member who reads English finds no Japanese of ours on any page: what is left of it is the name of the other language.
func TestEnglishPagesAreEnglish(t *testing.T) {
	w := newWorld(t)
	m, friend := w.member("Alice"), w.member("Bob")
	w.friends(m, friend)
	w.must(w.core.Account.SetPreferences(t.Context(), m.ID, account.Preferences{Language: "en", DiaryVisibility: core.Friends}))
	id := w.commune(m, "Square", false)
	w.must(w.core.Community.Edit(t.Context(), core.Viewer{Member: m.ID}, id, community.NewCommunity{Name: "Square", Description: "A place", Category: 111}))
	event := w.plansEvent(m, id, "Picnic", community.NewEvent{Day: 20070320, Prefecture: 13, Place: "Ueno"})
	w.must(w.core.Community.EditEvent(t.Context(), core.Viewer{Member: m.ID}, id, event.ID, community.NewThread{Title: "Picnic", Body: "Bring food"}, community.NewEvent{Day: 20070320, Prefecture: 13, Place: "Ueno"}, 20070303))
	b := w.as(m)
	paths := []string{communityIDPath(id), communityThreadPath(&event), threadSub(eventMembersPath, id, event.ID), communitySub(communityMembersPath, id), memberPath(friend.ID)}
	for _, r := range routes.all {
		if r.method == get && !r.is(program) && r.path != offlinePath && !strings.HasSuffix(r.path, "/") && !strings.Contains(r.path, ".") { // that one is in both
			paths = append(paths, r.path, r.path+"?id="+friend.ID.String()+"&owner="+friend.ID.String(), r.path+"?id="+id.String()+"&community="+id.String())
		}
	}
	ours := regexp.MustCompile(`[\p{Hiragana}\p{Katakana}\p{Han}][\p{Hiragana}\p{Katakana}\p{Han}ー・、。]*`)
	tag := regexp.MustCompile(`(?s)<script.*?</script>|<[a-z]+ [^>]*(?:value|datetime)="[^"]*"`)
	looked := 0
	for _, path := range paths {
		r := b.get(path)
		if r.status != 200 || !strings.Contains(r.body, "<body>") {
			continue
		}
		looked++
		for _, found := range ours.FindAllString(tag.ReplaceAllString(r.body, ""), -1) {
			if found != "日本語" {
				t.Errorf("%s says %q", path, found)
			}
		}
	}
	if looked < 80 {
		t.Errorf("only %d pages were there", looked)
	}
}
