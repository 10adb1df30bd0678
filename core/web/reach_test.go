package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/music"
	"musubi/core/seed"
)

// unlinked are pages to which no link of a page leads, and what does.
var unlinked = map[string]string{
	"/settings/mail/confirm": "a letter",
	"/mention.json":          "a script, and the form without it",
	"/home/events":           "a script; who has none reloads",
	"/music/archive":         "charts of a day that is over (TestMusicChartsAgainstAnotherCount, core/network)",
	"/music/artist/picture":  "a picture that the operator sets",
	"/music/album/cover":     "a picture that the operator switches on",
	"/review/product/new":    "a search that finds nothing (TestReviewStory)",
	"/report/heard":          "a notice that a report was answered (TestSEC112_ReportsOpenNothing)",
	"/announcement":          "home, while the operator announces something (TestAnnouncements)",
	"/ad":                    "an advertisement, while one is shown (TestAdvertising)",
	"/ad/picture":            "an advertisement, while one is shown (TestAdvertising)",
}

// sameKind is how many pages of one kind are followed: the first may be of an album without films.
const sameKind = 4

// TestLinksLeadToEveryPage follows the links of home on a PC as everybody of a scene and of the demo. What no link leads to nobody
// finds, nor do the tests that look at pages (cmd/musubi): they go the same way.
func TestLinksLeadToEveryPage(t *testing.T) {
	s := newScene(t)
	demo, err := seed.Demo(t.Context(), s.core)
	s.must(err)
	_, err = s.core.Music.WritePlaylist(t.Context(), s.owner.ID, 0, music.NewPlaylist{Title: "夏"})
	s.must(err)
	s.commune(s.common, "申請", true)
	id := s.commune(s.owner, "返事", false)
	me := core.Viewer{Member: s.owner.ID}
	topic, err := s.core.Community.Open(t.Context(), me, id, community.NewThread{Title: "題", Body: "文"}, nil)
	s.must(err)
	_, err = s.core.Community.WriteComment(t.Context(), me, id, topic.ID, community.NewComment{Body: "言"})
	s.must(err)
	browsers := slices.AppendSeq([]*browser{s.as(s.owner)}, maps.Values(s.browsers))
	for _, l := range demo.Logins {
		browsers = append(browsers, s.login(l))
	}

	reached := map[string]bool{}
	for _, b := range browsers {
		b.follow(func(u *url.URL, _ reply) {
			if r, ok := routes.find(get, u.Path); ok {
				reached[r.path] = true
			}
		})
	}
	for _, r := range routes.all {
		why, not := unlinked[r.path]
		switch {
		case r.method != get || r.access != owner && r.access != member || r.is(program):
		case not && reached[r.path]:
			t.Errorf("a link leads to %s: it does not belong to those to which only %s leads", r.path, why)
		case !not && !reached[r.path]:
			t.Errorf("no link of a page leads to %s", r.path)
		}
	}
}

// follow goes from home wherever links lead, to some pages of each kind.
func (b *browser) follow(at func(u *url.URL, r reply)) {
	seen := map[string]int{}
	for queue := []string{"/home"}; len(queue) > 0; queue = queue[1:] {
		u, err := url.Parse(queue[0])
		if err != nil || u.Host != "" {
			continue
		}
		kind := u.Path + " " + strings.Join(slices.Sorted(maps.Keys(u.Query())), " ")
		if seen[kind]++; seen[kind] > sameKind {
			continue
		}
		u.Fragment = ""
		r := b.get(u.String())
		at(u, r)
		queue = append(queue, linksOf(r.body)...)
	}
}

// linksOf are the addresses that a page leads to or shows.
func linksOf(page string) (list []string) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range doc.Descendants() {
		switch {
		case n.Data == "a":
			list = append(list, attrOf(n, "href"))
		case n.Data == "img":
			list = append(list, attrOf(n, "src"))
		case n.Data == "form" && attrOf(n, "method") == "get":
			list = append(list, attrOf(n, "action"))
		}
	}
	return list
}
