package web

import (
	"net/url"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/community"
)

// Who ends something that is not deleted is asked about that, by its own words, and the button says what it does.
func TestLeavingACommunityIsAskedInItsWords(t *testing.T) {
	w := newWorld(t)
	admin, taro := w.member("管理花子"), w.member("太郎")
	open, closed := w.commune(admin, "広場", false), w.commune(admin, "承認の広場", true)
	w.joins(open, taro)
	w.joins(closed, taro)
	a, b := w.as(admin), w.as(taro)
	for _, c := range []struct {
		who      *browser
		path     string
		button   string
		of       core.ID
		question string
		word     string
	}{
		{b, communityLeavePath, "leave", open, "このコミュニティを退会しますか", ">退会する<"},
		{b, communityLeavePath, "withdraw", closed, "参加の申し込みを取り消しますか", ">申し込みを取り消す<"},
		{a, communityMemberPath, "delete", open, "このメンバーを退会させますか", ">退会させる<"},
	} {
		page := c.who.get(communityIDPath(c.of))
		if c.path == communityMemberPath {
			page = c.who.get(communityMemberOf(c.of, taro.ID))
		}
		w.contains(page, `name="`+c.button+`"`, c.word)
		asked := c.who.post(c.path, url.Values{"k": {tokenOn(t, page.body, c.path)}, "id": {c.of.String()}, "member": {taro.ID.String()}, c.button: {"1"}})
		w.contains(asked, c.question, c.word)
		if strings.Contains(asked.body, "削除") || strings.Contains(asked.body, "元に戻せません") {
			t.Errorf("%s with %s asks about something deleted:\n%s", c.path, c.button, asked.body)
		}
	}
}

// Comments from a number on come first on a handset: the text of a topic, of an event and of a poll is a link there. A PC has it all.
func TestANumberComesFirstOnAHandset(t *testing.T) {
	w := newWorld(t)
	admin := w.member("管理花子")
	id := w.commune(admin, "広場", false)
	long := strings.Repeat("本文が続く。", 400)
	topic, err := w.core.Community.Open(t.Context(), core.Viewer{Member: admin.ID}, id, community.NewThread{Title: "題名", Body: long}, nil)
	w.must(err)
	event, err := w.core.Community.OpenEvent(t.Context(), core.Viewer{Member: admin.ID}, id, community.NewThread{Title: "催し", Body: long}, community.NewEvent{Day: 20070310}, 20070303)
	w.must(err)
	poll, err := w.core.Community.OpenPoll(t.Context(), core.Viewer{Member: admin.ID}, id, community.NewThread{Title: "質問", Body: long}, community.NewPoll{Ends: 20070310}, []string{"甲", "乙"}, 20070303)
	w.must(err)
	pc, phone := w.as(admin), w.as(admin)
	phone.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i", "X-Ktai-Omit": "data-pc"}
	for _, thread := range []community.Thread{topic, event, poll} {
		for range 12 {
			_, err := w.core.Community.WriteComment(t.Context(), core.Viewer{Member: admin.ID}, id, thread.ID, community.NewComment{Body: "返事"})
			w.must(err)
		}
		address, _, _ := strings.Cut(numberPath(&thread, 12, 3), "#")
		w.contains(pc.get(address), long, `id="n12"`)
		page := phone.signed("GET", address, nil)
		w.contains(page, thread.Title, `id="n12"`, "3番のコメントに戻る", `href="`+strings.ReplaceAll(communityThreadPath(&thread), "&", "&amp;")+`">本文を読む<`)
		_, main, _ := strings.Cut(page.body, "<main")
		if strings.Index(main, "<a ") < strings.Index(main, `id="n12"`) {
			t.Errorf("%s: a link stands before the comment", thread.Title)
		}
		if strings.Contains(page.body, long) {
			t.Errorf("%s: what it is about stands before the comment", thread.Title)
		}
		w.contains(phone.signed("GET", communityThreadPath(&thread), nil), long)
	}
}

// A row that has no author, as communities have none, has no empty brackets.
func TestFoundCommunitiesHaveNoAuthor(t *testing.T) {
	w := newWorld(t)
	admin := w.member("管理花子")
	w.commune(admin, "みつかる広場", false)
	w.flush()
	page := w.as(admin).finds(finds[community.SearchCommunities].name, "みつかる")
	if !strings.Contains(page, "広場") || strings.Contains(page, "()") {
		t.Errorf("found:\n%s", page)
	}
}
