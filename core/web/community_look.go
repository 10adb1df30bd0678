package web

import (
	"context"
	"errors"
	"slices"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/people"
)

// Rows of the pages of communities.
const (
	communityRows   = 20
	communityFaces  = 9  // of members, and of communities on home and profile
	communityTopics = 5  // newest ones on the page of a community
	newestPages     = 5  // of newest posts: each reads as many threads again
	topicRows       = 20 // of a list
)

// community is the page of a community, as far as the viewer may see.
func (v communityPages) community() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showCommunity(id, nil)
}

func (v communityPages) showCommunity(id core.ID, w wrong) error {
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	if err := errors.Join(v.looked(community.AcceptedNews, 0, id), v.looked(community.SuccessionNews, 0, id)); err != nil {
		return err
	}
	p := &communityPage{frame: frame(v), seen: c, wrong: w}
	if p.bookmarked, err = v.site.core.Community.Bookmarked(v.ctx, &c); err != nil {
		return err
	}
	if p.category, err = categoryName(v.visit, c.Category); err != nil {
		return err
	}
	if p.mayVolunteer, err = v.site.core.Community.MayVolunteer(v.ctx, &c); err != nil {
		return err
	}
	if c.MayRead() {
		if err := v.readCommunity(p); err != nil {
			return err
		}
	}
	if p.near, err = v.site.core.Community.Recommended(v.ctx, &c); err != nil {
		return err
	}
	return v.show(p)
}

// readCommunity adds to a page what stands in the community.
func (v communityPages) readCommunity(p *communityPage) (err error) {
	if p.topics, p.moreTopics, err = v.site.core.Community.Threads(v.ctx, &p.seen, community.TopicThread, core.Page{Size: communityTopics}); err != nil {
		return err
	}
	if p.events, _, err = v.site.core.Community.EventsOf(v.ctx, &p.seen, v.today(), false, core.Page{Size: communityTopics}); err != nil {
		return err
	}
	if p.polls, _, err = v.site.core.Community.Threads(v.ctx, &p.seen, community.PollThread, core.Page{Size: communityTopics}); err != nil {
		return err
	}
	if v.forPC() { // a page of a PC alone
		if p.artists, err = musicPages(v).links().LinkedArtists(v.ctx, v.viewer(), p.seen); err != nil {
			return err
		}
	}
	p.members, _, err = v.site.core.Community.Members(v.ctx, &p.seen, core.Page{Size: communityFaces})
	return err
}

// categoryName is what a category is called in the viewer's language.
func categoryName(v *visit, id core.ID) (string, error) {
	list, err := v.site.core.Community.Categories(v.ctx)
	for _, c := range list {
		if c.ID == id {
			return v.categoryWord(c), nil
		}
	}
	return "", err
}

// categoryWord is a category in the viewer's language.
func (v *visit) categoryWord(c community.Category) string {
	if v.words == english && c.English != "" {
		return c.English
	}
	return c.Name
}

// communities lists one's own communities, or those that a member shows.
func (v communityPages) communities() error {
	of, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	p := &communitiesPage{frame: frame(v), page: v.page(communityRows)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), of); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Community.Of(v.ctx, v.viewer(), of, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// find looks for communities by words, by category, in an order.
func (v communityPages) find() error {
	p := &communityFindPage{frame: frame(v), page: v.page(communityRows), query: community.Query{Words: v.query("q")}}
	p.query.Category, _ = core.ParseID(v.query("category"))
	if v.query("order") == "1" {
		p.query.Order = community.ByLife
	}
	var err error
	if p.categories, err = v.site.core.Community.Categories(v.ctx); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Community.Find(v.ctx, v.viewer(), p.query, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// newest lists the newest posts in one's communities, and commented those under which one wrote.
func (v communityPages) newest() error {
	return v.showThreads("community.newest", communityNewestPath, v.site.core.Community.Newest)
}

func (v communityPages) commented() error {
	return v.showThreads("community.commented", communityCommentedPath, v.site.core.Community.Commented)
}

func (v communityPages) showThreads(word, base string, list func(ctx context.Context, member core.ID, p core.Page) ([]community.Thread, bool, error)) (err error) {
	p := &threadsPage{frame: frame(v), heading: v.t(word), base: base, page: v.page(topicRows), names: true}
	p.page.Number = min(p.page.Number, newestPages)
	if p.list, p.more, err = list(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	p.more = p.more && p.page.Number < newestPages
	return v.show(p)
}

// members lists who is in a community.
func (v communityPages) members() error {
	p := &communityMembersPage{frame: frame(v)}
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if p.seen, err = v.site.core.Community.Read(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.list, p.ends, err = v.site.core.Community.MembersFrom(v.ctx, &p.seen, stretch(v.visit, communityRows)); err != nil {
		return err
	}
	return v.show(p)
}

// stretch reads from the address which part of a list is asked for.
func stretch(v *visit, size int) community.Stretch {
	if from, ok := community.ParseMark(v.query("before")); ok {
		return community.Stretch{From: from, Back: true, Size: size}
	}
	from, _ := community.ParseMark(v.query("after"))
	return community.Stretch{From: from, Size: size}
}

// joinForm asks for the words that go with asking to be let in.
func (v communityPages) joinForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showJoin(id, "", nil)
}

func (v communityPages) showJoin(id core.ID, message string, w wrong) error {
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	if c.Role == core.RoleBlocked || c.IsMember() {
		return core.ErrNotFound
	}
	return v.show(&communityJoinPage{frame(v), c, message, w})
}

// join takes part, or asks to.
func (v communityPages) join() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	message := v.form.get("message")
	return v.onceOr(func(w wrong) error { return v.showJoin(id, message, w) }, func(ctx context.Context) (string, error) {
		asked, err := v.site.core.Community.Join(ctx, v.viewer(), id, message)
		if v.said = "said.joined"; asked {
			v.said = "said.asked"
		}
		return communityIDPath(id), err
	})
}

// onCommunity carries out one button of the page of a community, and shows the page again.
func (v communityPages) onCommunity(f func(ctx context.Context, id core.ID) error) error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showCommunity(id, w) }, func(ctx context.Context) (string, error) {
		return communityIDPath(id), f(ctx, id)
	})
}

// leave ends one's membership, or one's wish for it. One who leaves a hidden community has no way to its page.
func (v communityPages) leave() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showCommunity(id, w) }, func(ctx context.Context) (string, error) {
		return communitiesPath, v.site.core.Community.Leave(ctx, v.viewer(), id)
	})
}

// answer takes an offer, an invitation or a vacancy, or says no.
func (v communityPages) answer() error {
	return v.onCommunity(func(ctx context.Context, id core.ID) error {
		s := v.site.core.Community
		switch {
		case v.form.pressed("dismiss"):
			return s.Dismiss(ctx, v.member.ID, id)
		case v.form.pressed("volunteer"):
			return s.Volunteer(ctx, v.viewer(), id)
		}
		return s.AnswerOffer(ctx, v.viewer(), id, v.form.pressed("accept"))
	})
}

// bookmark adds a community to one's bookmarks or removes it.
func (v communityPages) bookmark() error {
	return v.onCommunity(func(ctx context.Context, id core.ID) error {
		if v.form.pressed("remove") {
			return v.site.core.Community.RemoveBookmark(ctx, v.member.ID, id)
		}
		return v.site.core.Community.AddBookmark(ctx, v.viewer(), id)
	})
}

// choicesForm asks what one wants of a community: home, profile, letters.
func (v communityPages) choicesForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	if err == nil && !c.IsMember() {
		err = core.ErrNotFound
	}
	if err != nil {
		return err
	}
	return v.show(&communityChoicesPage{frame(v), c})
}

func (v communityPages) choose() error {
	letters := community.NoLetters
	switch v.form.get("letters") {
	case "1":
		letters = community.Digest
	case "2":
		letters = community.Each
	}
	choices := community.Choices{OnHome: v.form.pressed("home"), OnProfile: v.form.pressed("profile"), Letters: letters}
	return v.onCommunity(func(ctx context.Context, id core.ID) error {
		return v.site.core.Community.Choose(ctx, v.viewer(), id, choices)
	})
}

// inviteForm asks which friend to invite.
func (v communityPages) inviteForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showInvite(id, nil)
}

func (v communityPages) showInvite(id core.ID, w wrong) error {
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	if err == nil && !c.MayWrite() {
		err = core.ErrNotFound
	}
	if err != nil {
		return err
	}
	p := &communityInvitePage{frame: frame(v), seen: c, wrong: w}
	if p.friends, _, err = v.site.core.People.Friends(v.ctx, v.viewer(), v.member.ID, people.ByName, core.Page{Number: 1, Size: 1000}); err != nil {
		return err
	}
	in, err := v.site.core.Community.Among(v.ctx, v.viewer(), id, friendIDs(p.friends))
	if err != nil {
		return err
	}
	p.friends = slices.DeleteFunc(p.friends, func(f people.FriendLine) bool { return slices.Contains(in, f.Member.ID) })
	p.all = len(in) > 0
	return v.show(p)
}

func friendIDs(list []people.FriendLine) (ids []core.ID) {
	for _, f := range list {
		ids = append(ids, f.Member.ID)
	}
	return ids
}

func (v communityPages) invite() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	friend, _ := core.ParseID(v.form.get("friend"))
	return v.onceOr(func(w wrong) error { return v.showInvite(id, w) }, func(ctx context.Context) (string, error) {
		err := v.site.core.Community.Invite(ctx, v.viewer(), id, friend)
		if errors.Is(err, core.ErrNotFound) && friend == 0 {
			err = core.Invalid{{Field: "friend", Key: "field.choice"}}
		}
		return communityIDPath(id), err
	})
}
