package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/talk"
)

// likesOf counts what a member sees of likes under a thing.
func (w *world) likesOf(m core.Member, l liked) talk.Likes {
	w.t.Helper()
	seen, err := w.core.Talk.See(w.t.Context(), core.Viewer{Member: m.ID}, l.on)
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := w.core.Talk.Likes(w.t.Context(), seen)
	if err != nil {
		w.t.Fatal(err)
	}
	return all[l.comment]
}

// Whoever sees a thing likes it with one press or one key, once, and takes it back; its owner is told, and whom it is hidden from does neither.
func TestLikes(t *testing.T) {
	w := newWorld(t)
	owner, friend, stranger := w.member("花子"), w.member("太郎"), w.member("次郎")
	w.friends(owner, friend)
	me, b, other := w.as(owner), w.as(friend), w.as(stranger)
	for _, p := range w.places(owner) {
		t.Run(p.name, func(t *testing.T) {
			w.t = t
			l := liked{p.on, 0}
			c := liked{p.on, w.comment(owner, p.on, "どうぞ").ID}
			for _, of := range []liked{l, c} {
				for range 2 {
					if r := w.press(b, likePath, url.Values{"t": {of.String()}}); r.status != 302 || !strings.HasPrefix(of.path(), strings.SplitN(r.location, "#", 2)[0]) {
						t.Fatalf("liked: %d %s %s", r.status, r.location, r.body)
					}
				}
				if got := w.likesOf(friend, of); got != (talk.Likes{N: 1, Mine: true}) {
					t.Errorf("liked twice: %+v", got)
				}
				if r := w.press(other, likePath, url.Values{"t": {of.String()}}); r.status != 404 {
					t.Errorf("a stranger likes what only friends see: %d", r.status)
				}
				if r := w.press(me, likePath, url.Values{"t": {of.String()}}); r.status == 302 {
					t.Error("one's own words are liked")
				}
				w.contains(b.get(threadPath(p.on)), "元に戻す")
				if r := w.press(b, likePath, url.Values{"t": {of.String()}, "take": {"1"}}); r.status != 302 || w.likesOf(friend, of).N != 0 {
					t.Errorf("taken back: %d, %+v", r.status, w.likesOf(friend, of))
				}
			}
			w.press(b, likePath, url.Values{"t": {c.String()}})
			if err := w.core.Talk.DeleteComment(t.Context(), owner.ID, p.on, c.comment); err != nil || w.likesOf(friend, c).N != 0 {
				t.Errorf("the comment is gone and liked by %d (%v)", w.likesOf(friend, c).N, err)
			}
		})
	}
	w.t = t
	d := w.diary(owner, "好きな日", core.Friends)
	b.headers = map[string]string{"X-Ktai-Carrier": "pc", "X-Ktai-Class": "browser"}
	if page := b.signed("GET", diaryPath(owner.ID, d.ID), nil).body; !strings.Contains(page, "好きな日") || strings.Contains(page, likePath+"?") {
		t.Error("a browser's page has the link that likes at once")
	}
	b.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i"}
	page := b.signed("GET", diaryPath(owner.ID, d.ID), nil)
	b.headers = map[string]string{}
	key := regexp.MustCompile(`<a href="(/like\?[^"]+)" accesskey="8">いいね</a>`).FindStringSubmatch(page.body)
	if key == nil {
		t.Fatalf("no key likes:\n%s", page.body)
	}
	path := strings.ReplaceAll(key[1], "&amp;", "&")
	if r := other.get(path); r.status != 404 {
		t.Errorf("somebody else's link: %d", r.status)
	}
	if r := b.get(strings.SplitN(path, "&k=", 2)[0]); r.status != 200 || !strings.Contains(r.body, "好きな日") || strings.Contains(me.get("/notices").body, "いいね") {
		t.Errorf("without its token a link asks: %d", r.status)
	}
	if r := b.get(path); r.status != 302 || r.location != diaryPath(owner.ID, d.ID) {
		t.Errorf("by key: %d %s", r.status, r.location)
	}
	w.contains(me.get("/notices"), "太郎さんが、あなたの日記「好きな日」にいいねを付けました。")
	w.contains(me.get(diaryPath(owner.ID, d.ID)), "いいね")
}

// Who wrote a comment changes its words for an hour; nobody else does.
func TestCommentsAreEditedForAnHour(t *testing.T) {
	w := newWorld(t)
	owner, friend := w.member("花子"), w.member("太郎")
	w.friends(owner, friend)
	me, b := w.as(owner), w.as(friend)
	for _, p := range w.places(owner) {
		t.Run(p.name, func(t *testing.T) {
			w.t = t
			l := liked{p.on, w.comment(friend, p.on, "まちがい").ID}
			link := commentEditPath + "?t=" + l.String()
			w.contains(b.get(threadPath(p.on)), link)
			w.contains(b.get(link), "まちがい", "修正する")
			if r := me.get(link); r.status != 404 || strings.Contains(me.get(threadPath(p.on)).body, link) {
				t.Errorf("the owner of the thing changes a comment: %d", r.status)
			}
			if r := w.press(me, commentEditPath, url.Values{"t": {l.String()}, "body": {"にせもの"}}); r.status != 404 {
				t.Errorf("the owner changed it: %d", r.status)
			}
			w.contains(w.press(b, commentEditPath, url.Values{"t": {l.String()}, "body": {strings.Repeat("あ", talk.MaxComment+1)}}), "あああ", "2000")
			if r := w.press(b, commentEditPath, url.Values{"t": {l.String()}, "body": {"ただしい"}}); r.status != 302 || r.location != l.path() {
				t.Errorf("changed: %d %s", r.status, r.location)
			}
			w.contains(me.get(threadPath(p.on)), "ただしい")
			w.clock.advance(talk.EditAge)
			if r := b.get(link); r.status != 404 || strings.Contains(b.get(threadPath(p.on)).body, link) {
				t.Errorf("after an hour: %d", r.status)
			}
			w.clock.advance(-talk.EditAge)
		})
	}
}
