package main

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/carriers"
	handset "musubi/gateway/phone"
)

// handsetOf is a member's handset behind its carrier's gateway, which goes by what the display says.
func handsetOf(t *testing.T, url, model string) *hdmlMember {
	t.Helper()
	_, agent, ok := carriers.ModelHandset(model)
	if !ok {
		t.Fatalf("no model %s", model)
	}
	p, err := handset.New(handset.Config{URL: url, UserAgent: agent})
	if err != nil {
		t.Fatal(err)
	}
	return &hdmlMember{t, p}
}

// without stops the test when a page has the words on any of its parts.
func (m *hdmlMember) without(path, words string) {
	m.t.Helper()
	m.get(path)
	for {
		if strings.Contains(m.p.Page().Text, words) {
			m.t.Fatalf("%s has %q:\n%s", path, words, m.p.Page().Text)
		}
		next := -1
		for i, l := range m.p.Page().Links {
			if strings.Contains(l.URL, "_p=") && (l.Text == "次へ" || l.Text == "Next") {
				next = i
			}
		}
		if next < 0 {
			return
		}
		m.got(m.p.Follow(m.p.Page().Links[next].Text))
	}
}

// postsTo sends the form of a page that goes to a path, as a browser does, and gives where that leads.
func (p *phone) postsTo(page, path string, fill map[string]string) *screen {
	p.t.Helper()
	s := p.get(page).must(200)
	s = s.submit(s.formTo(path), fill)
	if s.status != 200 {
		p.t.Fatalf("%s is answered with %d:\n%s", path, s.status, s.raw)
	}
	return s
}

// TestEventsAndPollsOnEveryScreen: a PC plans an event with one place and asks a question; a DoCoMo handset takes the place, an HDML
// handset and a SoftBank one wait; the place is given up and the next is told; the poll is answered from HDML and its result read on the PC and
// on the others, and in a text browser.
func TestEventsAndPollsOnEveryScreen(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	made := pc.postsTo("/community/write", "/community/write", map[string]string{"name": "散歩の会", "description": "歩きます", "category": "111", "+make": ""})
	id := made.url.Query().Get("id")
	if id == "" {
		t.Fatalf("no community: %s\n%s", made.url, made.raw)
	}
	day := time.Now().AddDate(0, 0, 7).Format("20060102")
	preview := pc.postsTo("/community/event/write?community="+id, "/community/event/write",
		map[string]string{"title": "お花見☀", "day": day, "capacity": "1", "deadline": day, "place": "上野公園", "body": "お弁当を持って", "+confirm": ""}).must(200, "イベントの確認")
	event := pathOf(preview.submit(preview.formTo("/community/event/write"), map[string]string{"+send": ""}).must(200, "お花見☀", "イベントに参加する"))

	docomo, hdml, softbank := handsetOf(t, d.URL, "P903i"), handsetOf(t, d.URL, "CA11"), handsetOf(t, d.URL, "910T")
	for i, m := range []*hdmlMember{docomo, hdml, softbank} {
		m.get("/")
		who := d.Members[[]int{1, 2, 0}[i]]
		m.press("ログイン", "mail", who.Mail, "password", who.Password).shows("こんにちは")
		if i < 2 {
			m.get("/community?id=" + id).press("参加する")
		}
		m.get(event)
		m.press("イベントに参加する").shows("参加をキャンセルする")
	}
	docomo.without(event, "キャンセル待ち")
	hdml.get(event).shows("キャンセル待ち")
	softbank.get(event).shows("キャンセル待ち")
	softbank.follow("参加者一覧").shows("キャンセル待ち").shows(d.Members[2].Name)

	docomo.get(event)
	docomo.press("参加をキャンセルする").shows("キャンセルしますか").press("参加をキャンセルする").shows("イベントに参加する")
	hdml.get("/notices").shows("「お花見☀」に空きができ")
	hdml.without(event, "キャンセル待ち")
	softbank.get(event).shows("キャンセル待ち")
	hdml.get("/calendar?month=" + day[:4] + "-" + day[4:6]).shows("お花見☀")
	docomo.get(event)
	docomo.press("送信", "body", "行けなくなりました").shows("1: ")

	preview = pc.postsTo("/community/poll/write?community="+id, "/community/poll/write", pollFields(20)).must(200, "アンケートの確認")
	poll := pathOf(preview.submit(preview.formTo("/community/poll/write"), map[string]string{"+send": ""}).must(200, "投票する"))
	hdml.get(poll)
	hdml.press("投票する", "choice", "3").shows("場所その3 1票").shows("場所その20 0票")
	docomo.get(poll)
	docomo.press("投票する", "choice", "3").shows("場所その3 2票").shows("■■■■■■■■■■")
	hdml.get(poll + "&change=1")
	hdml.press("投票する", "choice", "20").shows("場所その20 1票")
	softbank.get(poll + "&result=1").shows("場所その3 1票").shows("場所その20 1票")
	pc.get(poll+"&result=1").must(200, "場所その3 1票", "場所その20 1票", "<svg")
	dumpedByW3m(t, pc, poll+"&result=1", "場所その3 1票")

	// A poll is made on the HDML handset, field after field, and answered on another.
	hdml.get("/community/poll/write?community=" + id)
	hdml.press("確認", "title", "つぎはいつ？", "choice1", "土曜日♨", "choice2", "日曜日", "ends", time.Now().AddDate(0, 0, 5).Format("20060102"))
	hdml.shows("アンケートの確認").shows("日曜日")
	hdml.press("送信").shows("つぎはいつ？")
	softbank.get("/community/polls?id=" + id).follow("つぎはいつ？")
	softbank.pressOf("投票する", "choice", "2").shows("日曜日 1票").shows("土曜日♨ 0票")
}

// pollFields are those of a poll with so many choices.
func pollFields(n int) map[string]string {
	f := map[string]string{"title": "次はどこへ？", "ends": time.Now().AddDate(0, 0, 9).Format("2006-01-02"), "+confirm": ""}
	for i := range n {
		f[fmt.Sprintf("choice%d", i+1)] = fmt.Sprintf("場所その%d", i+1)
	}
	return f
}

// pathOf is the address of a page without its host.
func pathOf(s *screen) string {
	return (&url.URL{Path: s.url.Path, RawQuery: s.url.RawQuery}).String()
}

// dumpedByW3m reads a page in a text browser that has the phone's cookies.
func dumpedByW3m(t *testing.T, p *phone, path, words string) {
	t.Helper()
	w3m, err := exec.LookPath("w3m")
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal("w3m is not installed, and this run must not skip anything")
		}
		t.Log("w3m is not installed; its part of the story is left out")
		return
	}
	var cookies []string
	for _, c := range p.client.Jar.Cookies(p.base) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	cmd := exec.Command(w3m, "-dump", "-cols", "80", "-O", "UTF-8", "-header", "Cookie: "+strings.Join(cookies, "; "), p.base.String()+path)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LANG=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(regexp.MustCompile(`\s+`).ReplaceAllString(string(out), " "), words) {
		t.Errorf("w3m (%v) does not show %q:\n%s", err, words, out)
	}
}
