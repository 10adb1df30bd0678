package web

import (
	"context"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/report"
	"musubi/core/review"
)

// reviewReport is what a report of a review is about.
func reviewReport(r *review.Review) report.Thing {
	return report.Thing{Kind: review.ReportedReview, Owner: r.Owner, ID: r.ID}
}

// review shows one with the comments under it.
func (v reviewPages) review() error {
	owner, id, err := v.ownedID()
	if err != nil {
		return err
	}
	return v.showReview(owner, id, "", nil)
}

func (v reviewPages) showReview(owner, id core.ID, typed string, w wrong) error {
	s := v.site.core.Review
	p := &reviewPageView{frame: frame(v), shops: s.Shops()}
	r, err := s.Review(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	p.review = r.Review
	v.leaveFootprint(owner)
	if owner == v.member.ID {
		if err := v.looked(review.CommentNews, 0, id); err != nil {
			return err
		}
	}
	if p.hidden, err = v.concealed(reviewReport(&p.review), p.review.Visibility); err != nil {
		return err
	}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.helpful, err = s.IsHelpful(v.ctx, v.viewer(), owner, id); err != nil {
		return err
	}
	if err := v.readPins(p); err != nil {
		return err
	}
	if p.talk, err = v.talk(r.Talk(), typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// pinChoices is how many of one's communities are offered to pin a review to.
const pinChoices = 200

// readPins adds where a review is pinned, and where its owner may pin it.
func (v reviewPages) readPins(p *reviewPageView) error {
	pins, err := v.site.core.Review.Pins(v.ctx, v.viewer(), p.review.Owner, p.review.ID)
	if err != nil {
		return err
	}
	pinned := map[core.ID]bool{}
	for _, id := range pins {
		c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
		if err != nil {
			return err
		}
		pinned[id] = true
		p.pins = append(p.pins, c.Community)
	}
	if p.review.Owner != v.member.ID {
		return nil
	}
	mine, _, err := v.site.core.Community.Mine(v.ctx, v.member.ID, core.Page{Size: pinChoices})
	for _, c := range mine {
		if !pinned[c.ID] {
			p.choices = append(p.choices, c)
		}
	}
	return err
}

// pin puts a review of one's own up in a community, or takes it down.
func (v reviewPages) pin() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	of, err := v.formID("community")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		to := reviewIDPath(v.member.ID, id)
		if v.form.pressed("unpin") {
			return to, v.site.core.Review.Unpin(ctx, v.member.ID, of, id)
		}
		return to, v.site.core.Review.Pin(ctx, v.viewer(), of, id)
	})
}

// pinned lists what is pinned to a community.
func (v reviewPages) pinned() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p := &reviewsPageView{frame: frame(v), base: communitySub(reviewsPinnedPath, id), page: v.page(reviewRows), names: true, none: "review.nopins"}
	var c community.Seen
	if c, err = v.site.core.Community.Read(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	p.heading, p.back, p.backTo = v.t("review.pinnedto", c.Name), c.Name, communityIDPath(id)
	if p.list, p.more, err = v.site.core.Review.Pinned(v.ctx, v.viewer(), id, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// helpful keeps that a review helped (参考になった).
func (v reviewPages) helpful() error {
	owner, err := v.formID("owner")
	if err != nil {
		return err
	}
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return reviewIDPath(owner, id), v.site.core.Review.Helpful(ctx, v.viewer(), owner, id, v.form.pressed("helpful"))
	})
}

// list lists a member's reviews; without an owner one's own.
func (v reviewPages) list() error {
	owner, err := v.idOrSelf("owner")
	if err != nil {
		return err
	}
	m, _, err := v.site.core.Member(v.ctx, v.viewer(), owner)
	if err != nil {
		return err
	}
	v.leaveFootprint(owner)
	p := &reviewsPageView{frame: frame(v), of: m, heading: v.t("review.of", m.Name), base: reviewsOfIDPath(owner), page: v.page(reviewRows), none: "review.none"}
	c := v.category(v.query("category"))
	if c != review.AnyCategory {
		p.heading += " " + categoryWordOf(v.visit, c)
		p.base += "&category=" + v.query("category")
	}
	if p.list, p.more, err = v.site.core.Review.OfMember(v.ctx, v.viewer(), owner, c, p.page); err != nil {
		return err
	}
	return v.show(p)
}

func (v reviewPages) friends() (err error) {
	p := &reviewsPageView{frame: frame(v), heading: v.t("review.friends"), base: reviewsFriendsPath, page: v.page(reviewRows), names: true, none: "review.nofriends"}
	if p.list, p.more, err = v.site.core.Review.OfFriends(v.ctx, v.viewer(), p.page); err != nil {
		return err
	}
	return v.show(p)
}

func (v reviewPages) newest() (err error) {
	p := &reviewsPageView{frame: frame(v), heading: v.t("review.newest"), base: reviewsNewestPath, page: v.page(reviewRows), names: true, none: "review.none"}
	if p.list, p.more, err = v.site.core.Review.Newest(v.ctx, v.viewer(), review.AnyCategory, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// homeReviews are those of friends, for home; a handset has none.
func (v reviewPages) homeReviews() (list []review.Review, err error) {
	if v.forPC() {
		list, _, err = v.site.core.Review.OfFriends(v.ctx, v.viewer(), core.Page{Size: reviewTops})
	}
	return list, err
}

// block are a member's newest, for their profile.
func (v reviewPages) block(owner core.ID) (list []review.Review, err error) {
	if v.forPC() {
		list, _, err = v.site.core.Review.OfMember(v.ctx, v.viewer(), owner, review.AnyCategory, core.Page{Size: reviewTops})
	}
	return list, err
}
