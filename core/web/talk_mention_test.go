package web

import (
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/talk"
)

// TestMentions: "@" and a friend's name tells that friend, once, unless they may not see the entry, a block stands between them and
// who wrote, or the entry is theirs.
func TestMentions(t *testing.T) {
	w := newWorld(t)
	owner, writer := w.member("書いた人"), w.member("たく")
	seen, unseen, blocked, stranger := w.member("はる"), w.member("はるか"), w.member("けん"), w.member("知らない人")
	for _, m := range []core.Member{owner, seen, unseen, blocked} {
		w.friends(writer, m)
	}
	w.friends(owner, seen)
	w.friends(owner, blocked)
	w.must(w.core.People.Block(t.Context(), blocked.ID, writer.ID))
	d := w.diary(owner, "お花見", core.Friends)
	_, err := w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: writer.ID}, journal.DiaryThread(owner.ID, d.ID),
		"@はる さん @はるか さん @はる @けん @知らない人 @書いた人 見てね", time.Time{})
	w.must(err)
	for _, c := range []struct {
		member core.Member
		told   bool
	}{{seen, true}, {unseen, false}, {blocked, false}, {stranger, false}, {owner, false}} {
		page := w.as(c.member).get(noticesPath).body
		if told := strings.Contains(page, "あなたが呼ばれました"); told != c.told {
			t.Errorf("%s is told: %v", c.member.Name, told)
		}
	}
	b := w.as(seen)
	b.get(diaryPath(owner.ID, d.ID))
	if strings.Contains(b.get("/home").body, "あなたが呼ばれたコメント") {
		t.Error("home tells on after the look")
	}
	_, err = w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: seen.ID}, journal.DiaryThread(owner.ID, d.ID), "@たく <b>行く", time.Time{})
	w.must(err)
	w.contains(b.get(diaryPath(owner.ID, d.ID)), `<a href="`+memberPath(writer.ID)+`">@たく</a> &lt;b&gt;行く`, "/talk.js")
	if page := w.as(writer).get(mentionPath + "?q=は").body; !strings.Contains(page, `"はる"`) || !strings.Contains(page, "はるか") || strings.Contains(page, "けん") {
		t.Errorf("the names offered are %s", page)
	}
}

// TestMentioned: of two names the longer one is meant, and a sign without a name is none.
func TestMentioned(t *testing.T) {
	of := []core.Member{{ID: 1, Name: "はる"}, {ID: 2, Name: "はるか"}}
	found := talk.Mentioned("@はるか@はる a@b @", of)
	if len(found) != 2 || found[0].ID != 2 || found[len("@はるか")].ID != 1 {
		t.Errorf("%v", found)
	}
}

// TestMentionsInAlbums: a comment on an album or a photo in it tells friends who may open it, leads there, and is done with after the look.
func TestMentionsInAlbums(t *testing.T) {
	w := newWorld(t)
	owner, writer, seen, unseen := w.member("持ち主"), w.member("たく"), w.member("はる"), w.member("けん")
	for _, m := range []core.Member{owner, seen, unseen} {
		w.friends(writer, m)
	}
	w.friends(owner, seen)
	a, err := w.core.Album.WriteAlbum(t.Context(), owner.ID, album.NewAlbum{Title: "雪山", Visibility: core.Friends})
	w.must(err)
	photo := w.picture(owner, 1)
	w.must(w.core.Album.HangPhoto(t.Context(), owner.ID, a.ID, photo, time.Time{}))
	_, err = w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: writer.ID}, album.AlbumThread(owner.ID, a.ID, photo), "@はる @けん @持ち主 見てね", time.Time{})
	w.must(err)
	for _, c := range []struct {
		member core.Member
		told   bool
	}{{seen, true}, {unseen, false}, {owner, false}, {writer, false}} {
		if told := strings.Contains(w.as(c.member).get(noticesPath).body, "「雪山」のコメントで、あなたが呼ばれました"); told != c.told {
			t.Errorf("%s is told: %v", c.member.Name, told)
		}
	}
	b := w.as(seen)
	w.contains(b.get("/home"), "アルバムで、あなたが呼ばれた")
	if got := b.get(albumIDPath(owner.ID, photo)); got.location != albumPhotoIDPath(owner.ID, a.ID, photo) {
		t.Errorf("the news leads to %q", got.location)
	}
	w.contains(b.get(albumPhotoIDPath(owner.ID, a.ID, photo)), "@はる", "/talk.js")
	if strings.Contains(b.get("/home").body, "アルバムで、あなたが呼ばれた") {
		t.Error("home tells on after the look")
	}
	w.must(w.core.People.RemoveFriend(t.Context(), owner.ID, seen.ID))
	if strings.Contains(w.as(seen).get(noticesPath).body, "雪山") {
		t.Error("the title is told to who may not open the album any more")
	}
}

// TestMentionsInCommunities: a comment on a topic tells friends who may read it and whom no block keeps from its author, leads there, and
// is done with after the look; its name is a link beside an answer and an address.
func TestMentionsInCommunities(t *testing.T) {
	w := newWorld(t)
	owner, writer, seen, outside, blocked, stranger := w.member("管理人"), w.member("たく"), w.member("はる"), w.member("けん"), w.member("まり"), w.member("ゆき")
	for _, m := range []core.Member{owner, seen, outside, blocked} {
		w.friends(writer, m)
	}
	closed, err := w.core.Community.Create(t.Context(), owner.ID, community.NewCommunity{Name: "広場", Description: "みんなの広場", Category: 111, Approval: true, MembersOnly: true})
	w.must(err)
	of := closed.ID
	for _, m := range []core.Member{writer, seen, blocked, stranger} {
		_, err := w.core.Community.Join(t.Context(), core.Viewer{Member: m.ID}, of, "")
		w.must(err)
		w.must(w.core.Community.Answer(t.Context(), core.Viewer{Member: owner.ID}, of, m.ID, true))
	}
	w.must(w.core.People.Block(t.Context(), blocked.ID, writer.ID))
	topic, err := w.core.Community.Open(t.Context(), core.Viewer{Member: owner.ID}, of, community.NewThread{Title: "自己紹介", Body: "どうぞ"}, nil)
	w.must(err)
	say := func(m core.Member, text string) {
		t.Helper()
		_, err := w.core.Community.WriteComment(t.Context(), core.Viewer{Member: m.ID}, of, topic.ID, community.NewComment{Body: text})
		w.must(err)
	}
	say(writer, "@はる @けん @まり @ゆき @管理人 見てね")
	for _, c := range []struct {
		member core.Member
		told   bool
	}{{seen, true}, {outside, false}, {blocked, false}, {stranger, false}, {owner, false}, {writer, false}} {
		if told := strings.Contains(w.as(c.member).get(noticesPath).body, "「自己紹介」のコメントであなたを呼びました"); told != c.told {
			t.Errorf("%s is told: %v", c.member.Name, told)
		}
	}
	b := w.as(seen)
	w.contains(b.get("/home"), "コミュニティで、あなたが呼ばれた")
	w.contains(b.get(communityThreadPath(&topic)), "/talk.js")
	if strings.Contains(b.get("/home").body, "コミュニティで、あなたが呼ばれた") {
		t.Error("home tells on after the look")
	}
	say(seen, ">>1 @たく <b>行く http://example.jp/")
	w.contains(b.get(communityThreadPath(&topic)), "&gt;&gt;1</a>", `<a href="`+memberPath(writer.ID)+`">@たく</a> &lt;b&gt;行く`, `<a href="http://example.jp/"`)
}
