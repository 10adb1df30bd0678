package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/talk"
)

// In a community, too, a thread and a comment are liked once, with one press or one key, and taken back; the author of a thread is told.
func TestLikesInCommunities(t *testing.T) {
	w := newWorld(t)
	author, friend, stranger := w.member("花子"), w.member("太郎"), w.member("次郎")
	id := w.commune(author, "広場", false)
	w.joins(id, friend)
	topic, err := w.core.Community.Open(t.Context(), core.Viewer{Member: author.ID}, id, community.NewThread{Title: "題名", Body: "本文"}, nil)
	w.must(err)
	_, err = w.core.Community.WriteComment(t.Context(), core.Viewer{Member: author.ID}, id, topic.ID, community.NewComment{Body: "返事"})
	w.must(err)
	me, b, other := w.as(author), w.as(friend), w.as(stranger)
	likes := func(number int) int {
		th, err := w.core.Community.ThreadByID(t.Context(), core.Viewer{Member: author.ID}, topic.ID)
		w.must(err)
		if number == 0 {
			return th.Likes
		}
		c, err := w.core.Community.Read(t.Context(), core.Viewer{Member: author.ID}, id)
		w.must(err)
		list, err := w.core.Community.Comments(t.Context(), &c, &th, number, number)
		w.must(err)
		return list[0].Likes
	}
	for _, on := range []boarded{{topic.ID, 0}, {topic.ID, 1}} {
		form := func() url.Values { return url.Values{"t": {on.String()}} }
		for range 2 {
			if r := w.press(b, communityLikePath, form()); r.status != 302 {
				t.Fatalf("liked: %d %s", r.status, r.body)
			}
		}
		if n := likes(on.number); n != 1 {
			t.Errorf("liked twice: %d", n)
		}
		w.contains(b.get(communityThreadPath(&topic)), "いいね 1", "元に戻す")
		for who, p := range map[string]*browser{"who is no member": other, "the author": me} {
			if r := w.press(p, communityLikePath, form()); r.status == 302 || likes(on.number) != 1 {
				t.Errorf("%s likes it: %d", who, r.status)
			}
		}
		taken := form()
		taken.Set("take", "1")
		if w.press(b, communityLikePath, taken); likes(on.number) != 0 {
			t.Errorf("taken back: %d", likes(on.number))
		}
	}
	pc := w.as(friend)
	pc.headers = map[string]string{"X-Ktai-Carrier": "pc", "X-Ktai-Class": "browser"}
	if page := pc.signed("GET", communityThreadPath(&topic), nil).body; !strings.Contains(page, "題名") || strings.Contains(page, communityLikePath+"?") {
		t.Error("a browser's page has the link that likes at once")
	}
	phone := w.as(friend)
	phone.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i", "X-Ktai-Omit": "data-pc"}
	key := regexp.MustCompile(`<a href="(/community/like\?[^"]+)" accesskey="8">いいね</a>`).FindStringSubmatch(phone.signed("GET", communityThreadPath(&topic), nil).body)
	if key == nil {
		t.Fatal("no key likes on a handset")
	}
	path := strings.ReplaceAll(key[1], "&amp;", "&")
	if r := other.get(path); r.status == 302 || likes(0) != 0 {
		t.Errorf("somebody else's link: %d", r.status)
	}
	if r := phone.signed("GET", path, nil); r.status != 302 || likes(0) != 1 {
		t.Errorf("by key: %d, %d", r.status, likes(0))
	}
	w.contains(me.get(noticesPath), "太郎さんが、あなたの書き込み「題名」にいいねを付けました。")
	w.press(b, communityLikePath, url.Values{"t": {boarded{topic.ID, 1}.String()}})
	w.must(w.core.Community.RemoveComment(t.Context(), core.Viewer{Member: author.ID}, id, topic.ID, 1))
	if liked, err := w.core.Community.Liked(t.Context(), core.Viewer{Member: friend.ID}, &topic); err != nil || len(liked) != 1 {
		t.Errorf("the comment is gone, its like is not: %v %v", liked, err)
	}
}

// Who wrote a comment in a community changes its words for an hour; nobody else does.
func TestNumberedCommentsAreEditedForAnHour(t *testing.T) {
	w := newWorld(t)
	author, friend := w.member("花子"), w.member("太郎")
	id := w.commune(author, "広場", false)
	w.joins(id, friend)
	topic, err := w.core.Community.Open(t.Context(), core.Viewer{Member: author.ID}, id, community.NewThread{Title: "題名", Body: "本文"}, nil)
	w.must(err)
	_, err = w.core.Community.WriteComment(t.Context(), core.Viewer{Member: friend.ID}, id, topic.ID, community.NewComment{Body: "まちがい"})
	w.must(err)
	me, b := w.as(author), w.as(friend)
	on := boarded{topic.ID, 1}
	link := topicEditPath + "?t=" + on.String()
	w.contains(b.get(communityThreadPath(&topic)), link)
	w.contains(b.get(link), "まちがい")
	if r := me.get(link); r.status != 404 || strings.Contains(me.get(communityThreadPath(&topic)).body, link) {
		t.Errorf("the administrator changes a comment: %d", r.status)
	}
	if r := w.press(me, topicEditPath, url.Values{"t": {on.String()}, "body": {"にせもの"}}); r.status != 404 {
		t.Errorf("the administrator changed it: %d", r.status)
	}
	if r := w.press(b, topicEditPath, url.Values{"t": {on.String()}, "body": {"ただしい"}}); r.status != 302 {
		t.Errorf("changed: %d %s", r.status, r.body)
	}
	w.contains(me.get(communityThreadPath(&topic)), "ただしい")
	w.clock.advance(talk.EditAge)
	if r := b.get(link); r.status != 404 || strings.Contains(b.get(communityThreadPath(&topic)).body, link) {
		t.Errorf("after an hour: %d", r.status)
	}
}
