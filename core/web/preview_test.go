package web

import (
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
)

// TestLinksTellWhatTheyLeadTo: a link to a page of the site says its title and whose it is, three in a text, to a viewer who may open it,
// and nothing to others, of other sites, and on handsets.
func TestLinksTellWhatTheyLeadTo(t *testing.T) {
	w := newWorld(t)
	writer, friend, stranger := w.member("たく"), w.member("はる"), w.member("ゆき")
	w.friends(writer, friend)
	secret := w.diary(writer, "ひみつの話", core.Friends)
	n := album.NewAlbum{Title: "鍵のアルバム", Visibility: core.Everyone, Password: "himitsu"}
	w.must(w.core.Album.PrepareAlbum(t.Context(), &n))
	locked, err := w.core.Album.WriteAlbum(t.Context(), writer.ID, n)
	w.must(err)
	closed, err := w.core.Community.Create(t.Context(), writer.ID, community.NewCommunity{Name: "内輪", Description: "内輪の話", Category: 111, Approval: true, MembersOnly: true, Hidden: true})
	w.must(err)
	topic, err := w.core.Community.Open(t.Context(), core.Viewer{Member: writer.ID}, closed.ID, community.NewThread{Title: "内輪のトピック", Body: "ね"}, nil)
	w.must(err)
	links := []string{diaryPath(writer.ID, secret.ID), communityThreadPath(&topic), memberPath(friend.ID), communityIDPath(closed.ID), albumIDPath(writer.ID, locked.ID)}
	say := func(links ...string) string {
		d := w.diary(writer, "リンク", core.Everyone)
		var text strings.Builder
		for _, l := range links {
			text.WriteString("みて " + w.site.link(l) + " 。\n")
		}
		_, err := w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: writer.ID}, journal.DiaryThread(writer.ID, d.ID), text.String(), time.Time{})
		w.must(err)
		return diaryPath(writer.ID, d.ID)
	}
	previews := func(as core.Member, path string) string {
		_, list, _ := strings.Cut(w.as(as).get(path).body, `class="previews"`)
		list, _, _ = strings.Cut(list, "</ul>")
		return list
	}
	first, rest := say(links[:3]...), say(links[2:]...)
	for _, c := range []struct {
		as       core.Member
		path     string
		has, not []string
	}{
		{writer, first, []string{"ひみつの話", "たく", "内輪のトピック", "内輪", "はる"}, nil},
		{friend, first, []string{"ひみつの話", "はる"}, []string{"内輪"}},
		{stranger, first, []string{"はる"}, []string{"ひみつ", "内輪"}},
		{stranger, rest, []string{"はる"}, []string{"内輪", "鍵のアルバム"}},
		{writer, rest, []string{"内輪", "鍵のアルバム"}, nil},
		{writer, say(links[0], links[0]+"&n=3", "/home", "/diary?owner=x", "/nowhere", links[2], links[1], links[3]), []string{"ひみつの話", "内輪のトピック", "はる"}, []string{communityIDPath(closed.ID) + `"`}},
	} {
		list := previews(c.as, c.path)
		for _, s := range c.has {
			if !strings.Contains(list, s) {
				t.Errorf("%s does not see %q on %s: %s", c.as.Name, s, c.path, list)
			}
		}
		for _, s := range c.not {
			if strings.Contains(list, s) {
				t.Errorf("%s sees %q on %s: %s", c.as.Name, s, c.path, list)
			}
		}
	}
	w.must(w.core.People.Block(t.Context(), friend.ID, stranger.ID))
	if list := previews(stranger, first); strings.Contains(list, "はる") {
		t.Errorf("somebody who blocks is told of: %s", list)
	}
	d := w.diary(writer, "外へ", core.Everyone)
	_, err = w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: writer.ID}, journal.DiaryThread(writer.ID, d.ID), "http://elsewhere.example"+links[2], time.Time{})
	w.must(err)
	if list := previews(writer, diaryPath(writer.ID, d.ID)); list != "" {
		t.Errorf("a link to another site is told of: %s", list)
	}
}
