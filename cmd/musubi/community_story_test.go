package main

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"musubi/carriers"
	handset "musubi/gateway/phone"
)

// handsetFor is a member's handset behind its carrier's gateway.
func handsetFor(t *testing.T, d *demo, model string, member int) *hdmlMember {
	t.Helper()
	_, agent, ok := carriers.ModelHandset(model)
	if !ok {
		t.Fatalf("no model %s", model)
	}
	p, err := handset.New(handset.Config{URL: d.URL, UserAgent: agent})
	if err != nil {
		t.Fatal(err)
	}
	m := &hdmlMember{t, p}
	m.get("/")
	return m.press("ログイン", "mail", d.Members[member].Mail, "password", d.Members[member].Password).shows("こんにちは")
}

// TestCommunityOnEveryScreen: made on a PC, joined from a P903i, let in from a CA39, a topic with a picture, comments with each carrier's
// emoji, and what >>1 leads to, on DoCoMo, au, SoftBank, HDML and the PC.
func TestCommunityOnEveryScreen(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	page := pc.get("/communities").must(200, "コミュニティを作る").follow("コミュニティを作る").must(200, "メンバーのみ", "全員")
	made := page.submit(page.formTo("/community/write"), map[string]string{"name": "物語の広場", "description": "はじまり☀", "category": "111", "approval": "1", "readers": "1", "+make": ""}).
		must(200, "物語の広場", "このコミュニティの管理人です", "メンバーのみ")
	id := made.url.Query().Get("id")

	docomo := handsetFor(t, d, "P903i", 1)
	found := func() bool {
		docomo.get("/communities/find?q=" + url.QueryEscape("物語の広場"))
		return slices.ContainsFunc(docomo.p.Page().Links, func(l handset.Link) bool { return strings.Contains(l.Text, "物語の広場") })
	}
	for began := time.Now(); !found(); time.Sleep(50 * time.Millisecond) { // the index follows within a second
		if time.Since(began) > 10*time.Second { // the tests of other rooms share the machine
			t.Fatal("the new community is not found")
		}
	}
	docomo.follow("物語の広場")
	docomo.shows("メンバーだけが見られます").follow("参加を申し込む")
	docomo.press("参加を申し込む", "message", "入れてください♨").shows("申し込み中")
	admin := handsetFor(t, d, "CA39", 0)
	admin.get("/home").shows("コミュニティへの参加申し込みが").follow("コミュニティへの参加申し込みが")
	admin.get("/community/requests?id=" + id).shows("入れてください")
	admin.press("承認する").shows("申し込みはありません")
	docomo.get("/community?id=" + id).shows("トピックを作る")

	form := pc.get("/community/topic/write?community=" + id).must(200)
	again := form.uploadFiles(form.formTo("/community/topic/write"), albumPicture(7)).must(200, "入力してください")
	preview := again.submit(again.formTo("/community/topic/write"), map[string]string{"title": "最初の題", "body": "写真をどうぞ", "+confirm": ""}).must(200, "トピックの確認", "/photo/")
	topic := pathAnd(preview.submit(preview.formTo("/community/topic/write"), map[string]string{"+send": ""}).must(200, "最初の題", "/photo/"))

	softbank, hdml := handsetFor(t, d, "910T", 2), handsetFor(t, d, "CA11", 2)
	for _, m := range []*hdmlMember{softbank, hdml} { // who is no member sees nothing
		if m.p.Get(topic); m.p.Page().Status != 404 {
			t.Errorf("a stranger sees the topic: %d", m.p.Page().Status)
		}
	}
	softbank.get("/community/join?id=" + id)
	softbank.press("参加を申し込む", "message", "🐱")
	admin.get("/community/requests?id=" + id)
	admin.press("承認する")

	for i, c := range []struct {
		m    *hdmlMember
		says string
	}{{docomo, "一番乗り☀"}, {admin, ">>1 いい天気♪"}, {softbank, ">>2 猫も🐱"}, {hdml, "四番目⚽"}} {
		c.m.get(topic)
		c.m.press("送信", "body", c.says)
		pc.get(topic).must(200, string(rune('1'+i))+": ", strings.TrimPrefix(c.says, ">>"+string(rune('0'+i))))
	}
	for _, m := range []*hdmlMember{docomo, admin, softbank, hdml} { // there and back
		m.get(topic).follow(">>1").shows("一番乗り").follow("2番のコメントに戻る").shows("いい天気")
	}
	question := pc.get(topic).must(200).followTo("/community/comment/delete").must(200, "本当に削除しますか") // the first comment's
	question.submit(question.formTo("/community/comment/delete"), map[string]string{"+sure": ""})
	for _, m := range []*hdmlMember{docomo, admin, softbank, hdml} {
		m.get(topic).shows("1: 削除されました").shows("2: ")
	}
	pc.get(topic).must(200, "1: 削除されました", "2: ")
	docomo.get("/home").shows("コミュニティ最新書き込み").follow("最初の題").shows("写真をどうぞ")
	softbank.get("/communities").shows("物語の広場")
}

// pathAnd is the address of a page without its host and fragment.
func pathAnd(s *screen) string {
	return (&url.URL{Path: s.url.Path, RawQuery: s.url.RawQuery}).String()
}
