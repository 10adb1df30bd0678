package web

import (
	"context"
	"testing"

	"musubi/core"
	"musubi/core/community"
)

// commons is what a leaver has in communities: one of their own, and a topic and a comment in one of a friend's.
type commons struct {
	own, friends core.ID
	topic        community.Thread // of the leaver, in the friend's
	answered     community.Thread // of the friend, in the leaver's

	planned, asked, attended community.Thread // an event and a poll of the leaver, in the friend's; an event of the friend, in the leaver's
}

// communal lets the leaver do in communities what a member can do.
func (l *leaver) communal(t *testing.T) {
	t.Helper()
	ctx, s := context.Background(), l.core.Community
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	me, friend := core.Viewer{Member: l.member.ID}, core.Viewer{Member: l.friend.ID}
	own, err := s.Create(ctx, l.member.ID, community.NewCommunity{Name: "残る広場", Description: "残る説明", Category: 111})
	must(err)
	must(s.SetPicture(ctx, me, own.ID, l.stored(l.member.ID, 221).ID))
	must(s.Announce(ctx, me, own.ID, mark(24)))
	theirs, err := s.Create(ctx, l.friend.ID, community.NewCommunity{Name: "友の広場", Description: "友の説明", Category: 111})
	must(err)
	closed, err := s.Create(ctx, l.other.ID, community.NewCommunity{Name: "承認の広場", Description: "説明", Category: 111, Approval: true})
	must(err)
	_, err = s.Join(ctx, me, closed.ID, mark(25))
	must(err)
	_, err = s.Join(ctx, me, theirs.ID, "")
	must(err)
	must(s.Invite(ctx, me, own.ID, l.friend.ID))
	_, err = s.Join(ctx, friend, own.ID, "")
	must(err)
	must(s.Offer(ctx, me, own.ID, l.friend.ID, core.RoleSubAdministrator))
	must(s.AnswerOffer(ctx, friend, own.ID, true))
	must(s.Invite(ctx, me, theirs.ID, l.third.ID))
	must(s.Offer(ctx, friend, theirs.ID, l.member.ID, core.RoleSubAdministrator))

	l.commons.own, l.commons.friends = own.ID, theirs.ID
	l.topic, err = s.Open(ctx, me, theirs.ID, community.NewThread{Title: "残る題", Body: mark(23), Photos: []core.ID{l.stored(l.member.ID, 222).ID}}, nil)
	must(err)
	_, err = s.WriteComment(ctx, me, theirs.ID, l.topic.ID, community.NewComment{Body: mark(22), Photos: []core.ID{l.stored(l.member.ID, 223).ID}})
	must(err)
	_, err = s.WriteComment(ctx, friend, theirs.ID, l.topic.ID, community.NewComment{Body: "残るコメント"})
	must(err)
	l.answered, err = s.Open(ctx, friend, own.ID, community.NewThread{Title: "友の題", Body: "本文"}, nil)
	must(err)
	must(s.Pin(ctx, me, own.ID, l.answered.ID, true))
	must(s.AddBookmark(ctx, me, theirs.ID))
	must(s.Choose(ctx, me, theirs.ID, community.Choices{OnHome: true, OnProfile: true, Letters: community.Each}))
	_, seen, err := s.Thread(ctx, me, own.ID, l.answered.ID)
	must(err)
	s.MarkRead(l.member.ID, &seen)
	must(s.Flush(ctx))
	l.eventful(t)
}

// communitiesGoOn looks at what the others have in communities after the leaver has gone.
func (l *leaver) communitiesGoOn(t *testing.T) {
	t.Helper()
	friend := l.as(l.friend)
	l.contains(friend.get(communityThreadPath(&l.topic)), "残る題", "1: 削除されました", "残るコメント", "退会したメンバー")
	l.contains(friend.get(communityIDPath(l.commons.own)), "残る広場", "このコミュニティの管理人です")
	c, err := l.core.Community.Look(context.Background(), core.Viewer{Member: l.friend.ID}, l.commons.friends)
	if err != nil || c.Members != 1 || c.EachLetters != 0 {
		t.Errorf("the friend's community counts %d members, %d letters (%v)", c.Members, c.EachLetters, err)
	}
	l.contains(l.press(friend, topicCommentPath, map[string][]string{"community": {l.commons.friends.String()}, "id": {l.topic.ID.String()}, "body": {"続けます"}, "send": {"1"}}), "")
	l.contains(friend.get(communityThreadPath(&l.topic)), "3: ", "続けます")
	l.eventsGoOn(t)
}

// communityPaths are pages of communities with buttons for who governs them.
func (l *leaver) communityPaths() []string {
	return []string{
		communityIDPath(l.commons.own), communityIDPath(l.commons.friends), communityThreadPath(&l.topic), communityThreadPath(&l.answered),
		communityThreadPath(&l.planned), communityThreadPath(&l.attended), communityThreadPath(&l.asked), threadSub(eventTellPath, l.commons.friends, l.planned.ID),
		communitySub(communityPicturePath, l.commons.own), communityMemberOf(l.commons.own, l.friend.ID), communitySub(communityRequestsPath, l.commons.own),
		communitySub(communityBlockedPath, l.commons.own), communitySub(communityChoicesPath, l.commons.own), communitySub(communityInvitePath, l.commons.own),
	}
}
