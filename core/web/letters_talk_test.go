package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/letters"
)

// TestConversation: all letters with one member, or with several, stand in the order in which they were written; what is in the trash and what
// went to others does not, and whoever looks has read them.
func TestConversation(t *testing.T) {
	w := newWorld(t)
	me, taro, jiro, other := w.member("花子"), w.member("太郎"), w.member("次郎"), w.member("三郎")
	w.send(taro, me, "一", "手紙の一")
	w.send(me, jiro, "二", "手紙の二")
	w.send(me, taro, "三", "手紙の三")
	w.send(jiro, me, "四", "手紙の四")
	w.send(other, me, "五", "手紙の五")
	gone := w.send(taro, me, "六", "手紙の六")
	w.must(w.core.Letters.TrashMessage(t.Context(), me.ID, gone.ID))
	h := w.as(me)
	w.contains(h.get(messagesPath), messagesWithPath, "やりとり")
	w.contains(h.get(messagesWithPath), withPath(taro.ID), withPath(jiro.ID), withPath(other.ID))
	for _, c := range []struct {
		with []core.ID
		want string
	}{{[]core.ID{taro.ID}, "一三"}, {[]core.ID{taro.ID, jiro.ID}, "一二三四"}, {[]core.ID{taro.ID, jiro.ID, other.ID}, "一二三四五"}} {
		page, got := h.get(withPath(c.with...)).body, ""
		for _, part := range strings.Split(page, "手紙の")[1:] {
			got += string([]rune(part)[:1])
		}
		if got != c.want {
			t.Errorf("with %d others the letters are %s, want %s", len(c.with), got, c.want)
		}
	}
	if inFolder(h, letters.Inbox, "未読") {
		t.Error("letters that were shown are still unread")
	}
	if got := h.get(withPath(me.ID)); got.status != 404 {
		t.Errorf("a conversation with nobody: %d", got.status)
	}
	if got := w.as(other).get(withPath(taro.ID)); got.status != 404 || strings.Contains(got.body, "手紙の") {
		t.Errorf("somebody else's conversation: %d", got.status)
	}
	for range messageRows {
		w.send(taro, me, "多", "まだある")
	}
	w.contains(h.get(withPath(taro.ID)), "前のやりとり")
	w.contains(h.get(withPath(taro.ID)+"&page=2"), "手紙の一", "新しいやりとり")
}

// TestSeenMarks: a sender sees that a message was read only where both chose it when it was opened, and as long as both do.
func TestSeenMarks(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("甲"), w.member("乙")
	choose := func(m core.Member, on bool) {
		values := url.Values{"language": {"ja"}, "zone": {""}, "visibility": {"0"}}
		if on {
			values.Set("seen", "1")
		}
		if got := w.press(w.as(m), preferencesPath, values); got.location == "" {
			t.Fatalf("the choice is not taken: %d", got.status)
		}
	}
	seen := func(id core.ID) bool {
		page, talk := w.as(a).get(messageIDPath(id)).body, w.as(a).get(withPath(b.ID)).body
		if strings.Contains(page, "既読") != strings.Contains(talk, "既読") {
			t.Error("message and conversation differ")
		}
		return strings.Contains(page, "既読")
	}
	for _, c := range []struct{ a, b, want bool }{{false, false, false}, {true, false, false}, {false, true, false}, {true, true, true}} {
		choose(a, c.a)
		choose(b, c.b)
		m := w.send(a, b, "どう", "読んだ？")
		if seen(m.ID) {
			t.Fatalf("%+v: read before it is opened", c)
		}
		w.as(b).get(messageIDPath(m.ID))
		if seen(m.ID) != c.want {
			t.Errorf("%+v: read %v", c, !c.want)
		}
		choose(a, false)
		if seen(m.ID) {
			t.Error("a mark is shown that one of both does not want any more")
		}
		w.must(w.core.Letters.TrashMessage(t.Context(), a.ID, m.ID))
	}
}

// TestSessionName: a session is called as its member likes, and by nobody else.
func TestSessionName(t *testing.T) {
	w := newWorld(t)
	a, b := w.member("甲"), w.member("乙")
	me := w.as(a)
	list, err := w.core.Account.Sessions(t.Context(), a.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	values := url.Values{"session": {list[0].Key}, "name": {"居間のパソコン"}, "rename": {"1"}}
	if got := w.press(w.as(b), sessionsPath, values); got.status != 404 {
		t.Errorf("somebody else's session: %d", got.status)
	}
	w.press(me, sessionsPath, values)
	w.contains(me.get(sessionsPath), "<strong>居間のパソコン</strong>")
	values.Set("name", strings.Repeat("長", 31))
	w.press(me, sessionsPath, values)
	w.contains(me.get(sessionsPath), "<strong>居間のパソコン</strong>")
	w.clock.advance(time.Second)
}
