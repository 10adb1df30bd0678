package web

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/community"
)

var (
	memberLink = regexp.MustCompile(`<li[^>]*>.*?href="/member\?id=(\d+)"`)
	wayOn      = map[string]*regexp.Regexp{"next": regexp.MustCompile(`href="([^"]+)"[^>]*rel="next"`), "prev": regexp.MustCompile(`href="([^"]+)"[^>]*rel="prev"`)}
)

// walked is who a list has, from page to page as far as its links lead, and the last page.
func walked(b *browser, path, rel string) (who []string, last string) {
	for pages := 0; pages < 50; pages++ {
		body := b.get(path).body
		var here []string
		for _, m := range memberLink.FindAllStringSubmatch(body, -1) {
			here = append(here, m[1])
		}
		if rel == "prev" {
			who = append(here, who...)
		} else {
			who = append(who, here...)
		}
		way := wayOn[rel].FindStringSubmatch(body)
		if way == nil {
			return who, path
		}
		path = html.UnescapeString(way[1])
	}
	return who, path
}

// A list of members, and one of who voted, is walked to its end and back, and nobody is missing or there twice: also those who came in the same
// millisecond. It has no last page: a community may have 300,000 members.
func TestListsOfMembersGoOnToTheirEnd(t *testing.T) {
	w := newWorld(t)
	boss := w.member("花子")
	id := w.commune(boss, "散歩の会", false)
	poll := w.makesPoll(boss, id, "名前", community.NewPoll{Ends: 20070310, Named: true}, "はい", "いいえ")
	all := []string{boss.ID.String()}
	for n := range 3*communityRows + 5 {
		m := w.member(fmt.Sprintf("会員%d", n))
		w.joins(id, m)
		w.must(w.core.Community.Vote(t.Context(), core.Viewer{Member: m.ID}, id, poll.ID, []int{1}, 20070303))
		all = append(all, m.ID.String())
		if n%7 == 0 {
			w.clock.advance(time.Second)
		}
	}
	b := w.as(boss)
	for path, want := range map[string][]string{communitySub(communityMembersPath, id): all, threadSub(pollVotersPath, id, poll.ID) + "&choice=1": all[1:]} {
		there, last := walked(b, path, "next")
		back, first := walked(b, last, "prev")
		if len(there) != len(want) || !slices.Equal(there, back) || first == last {
			t.Errorf("%s: %d there, %d back, want %d; from %s to %s", path, len(there), len(back), len(want), first, last)
		}
		slices.Sort(there)
		slices.Sort(want)
		if !slices.Equal(there, want) {
			t.Errorf("%s has %v, want %v", path, there, want)
		}
	}
	if who, _ := walked(b, communitySub(communityMembersPath, id)+"&after=nonsense", "next"); len(who) != len(all) {
		t.Errorf("a mark that is none leads to %d", len(who))
	}
}
