package web

import (
	"net/url"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/community"
)

// What is no choice is refused, and what a form does not ask stays: a closed community is not opened by a form that is wrong. Who is in is
// not offered to be invited.
func TestCommunityChoicesAreChoices(t *testing.T) {
	w := newWorld(t)
	owner, in, out := w.member("花子"), w.member("太郎"), w.member("次郎")
	w.friends(owner, in)
	w.friends(owner, out)
	me := w.as(owner)
	cats, err := w.core.Community.Categories(t.Context())
	w.must(err)
	c, err := w.core.Community.Create(t.Context(), owner.ID, community.NewCommunity{Name: "閉じた会", Description: "文", Category: cats[len(cats)-1].ID, Approval: true, MembersOnly: true, OpenedByFew: true})
	w.must(err)
	closed := func() bool {
		got, err := w.core.Community.Look(t.Context(), core.Viewer{Member: owner.ID}, c.ID)
		w.must(err)
		return got.Approval && got.MembersOnly && got.OpenedByFew
	}
	send := func(more url.Values) reply {
		values := url.Values{"id": {c.ID.String()}, "name": {"閉じた会"}, "description": {"新しい文"}, "category": {c.Category.String()}, "send": {"1"}}
		for k, v := range more {
			values[k] = v
		}
		return w.press(me, communityWritePath, values)
	}
	for _, field := range []string{"approval", "readers", "openers"} {
		for _, bad := range []string{"9", "-1", "全員"} {
			if r := send(url.Values{field: {bad}}); r.status != 200 || !closed() {
				t.Errorf("%s=%s: %d, closed %v", field, bad, r.status, closed())
			}
		}
	}
	if r := send(nil); r.status != 302 || !closed() {
		t.Errorf("a form that does not ask: %d, closed %v", r.status, closed())
	}
	if r := send(url.Values{"readers": {"0"}}); r.status != 302 || closed() {
		t.Errorf("opening it: %d", r.status)
	}
	w.must(w.core.Community.Invite(t.Context(), core.Viewer{Member: owner.ID}, c.ID, in.ID))
	_, err = w.core.Community.Join(t.Context(), core.Viewer{Member: in.ID}, c.ID, "")
	w.must(err)
	page := me.get(communityInvitePath + "?id=" + c.ID.String())
	w.contains(page, `value="`+out.ID.String()+`"`)
	if strings.Contains(page.body, `value="`+in.ID.String()+`"`) {
		t.Error("who is in is offered to be invited")
	}
	_, err = w.core.Community.Join(t.Context(), core.Viewer{Member: out.ID}, c.ID, "")
	w.must(err)
	w.contains(me.get(communityInvitePath+"?id="+c.ID.String()), "友人はみな参加しているか、返事待ちです")
}
