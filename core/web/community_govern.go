package web

import (
	"context"

	"musubi/core"
	"musubi/core/community"
)

// form is the form of a new community, or of one that the viewer governs.
func (v governPages) editForm() error {
	var n community.NewCommunity
	id, _ := core.ParseID(v.query("id"))
	if id != 0 {
		c, err := v.governed(id)
		if err != nil {
			return err
		}
		n = community.NewCommunity{Name: c.Name, Description: c.Description, Category: c.Category, Approval: c.Approval, MembersOnly: c.MembersOnly,
			OpenedByFew: c.OpenedByFew, Hidden: c.Hidden}
	}
	return v.showForm(id, n, nil)
}

// governed is a community that the viewer governs; ErrNotFound for every other one.
func (v governPages) governed(id core.ID) (community.Seen, error) {
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	if err == nil && !c.MayGovern() {
		err = core.ErrNotFound
	}
	return c, err
}

func (v governPages) showForm(id core.ID, n community.NewCommunity, w wrong) (err error) {
	p := &communityFormPage{frame: frame(v), id: id, made: n, wrong: w}
	if p.categories, err = v.site.core.Community.Categories(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}

// write makes or changes a community.
func (v governPages) write() error {
	id, _ := core.ParseID(v.form.get("id"))
	var before community.Seen
	if id != 0 {
		var err error
		if before, err = v.governed(id); err != nil {
			return err
		}
	}
	var w wrong
	n := community.NewCommunity{Name: v.form.get("name"), Description: v.form.get("description"), Approval: v.form.either("approval", before.Approval, &w),
		MembersOnly: v.form.either("readers", before.MembersOnly, &w), OpenedByFew: v.form.either("openers", before.OpenedByFew, &w), Hidden: v.form.pressed("hidden")}
	n.Category, _ = core.ParseID(v.form.get("category"))
	if v.form.pressed("edit") || len(w) > 0 {
		return v.showForm(id, n, w)
	}
	return v.onceOr(func(w wrong) error { return v.showForm(id, n, w) }, func(ctx context.Context) (string, error) {
		if id != 0 {
			return communityIDPath(id), v.site.core.Community.Edit(ctx, v.viewer(), id, n)
		}
		c, err := v.site.core.Community.Create(ctx, v.member.ID, n)
		return communityIDPath(c.ID), err
	})
}

// either is the answer to an eitherField. What is not asked stays as it was before; what is no answer is refused, and stands meanwhile
// as the second, which is the narrower one.
func (f form) either(field string, before bool, w *wrong) (second bool) {
	switch f.get(field) {
	case "":
		return before
	case "0":
		return false
	case "1":
		return true
	}
	*w = append(*w, core.FieldError{Field: field, Key: "field.choice"})
	return true
}

// pictureForm asks for a picture of a community.
func (v governPages) pictureForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showPicture(id, nil)
}

func (v governPages) showPicture(id core.ID, w wrong) error {
	c, err := v.governed(id)
	if err != nil {
		return err
	}
	return v.show(&communityPicturePage{frame(v), c, w})
}

func (v governPages) setPicture() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	if _, err := v.governed(id); err != nil {
		return err
	}
	photos, w, err := v.readPhotos(1)
	if err != nil {
		return err
	}
	if len(photos) == 0 && len(w) == 0 && !v.form.pressed("delete") {
		w = wrong{{Field: "file", Key: "field.required"}}
	}
	if len(w) > 0 {
		return v.showPicture(id, w)
	}
	return v.onceOr(func(w wrong) error { return v.showPicture(id, w) }, func(ctx context.Context) (string, error) {
		var photo core.ID
		if len(photos) > 0 {
			photo = photos[0]
		}
		return communityIDPath(id), v.site.core.Community.SetPicture(ctx, v.viewer(), id, photo)
	})
}

// endForm says what deleting a community does, and asks for the password; of one that is deleted, whether to take it back.
func (v governPages) endForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showEnd(id, nil)
}

func (v governPages) showEnd(id core.ID, w wrong) error {
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	if err == nil && !c.MayOwn() {
		err = core.ErrNotFound
	}
	if err != nil {
		return err
	}
	return v.show(&communityEndPage{frame(v), c, w})
}

// end deletes a community after the password (SEC-23), or takes it back.
func (v governPages) end() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	back := v.form.pressed("undo")
	if !back {
		err := v.site.core.Account.CheckPassword(v.ctx, v.member.ID, v.form.get("password"))
		if w, ok := invalid(err); ok {
			return v.showEnd(id, w)
		}
		if err != nil {
			return err
		}
	}
	return v.once(func(ctx context.Context) (string, error) {
		if back {
			return communityIDPath(id), v.site.core.Community.TakeBack(ctx, v.viewer(), id)
		}
		return communityIDPath(id), v.site.core.Community.Delete(ctx, v.viewer(), id)
	})
}

// memberForm is what can be done about a member of a community.
func (v governPages) memberForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	of, err := v.id("member")
	if err != nil {
		return err
	}
	return v.showMember(id, of, nil)
}

func (v governPages) showMember(id, of core.ID, w wrong) error {
	c, err := v.governed(id)
	if err != nil {
		return err
	}
	p := &communityMemberPage{frame: frame(v), seen: c, wrong: w}
	if p.line, err = v.site.core.Community.MemberOf(v.ctx, v.viewer(), id, of); err != nil {
		return err
	}
	return v.show(p)
}

// changeMember carries out one button about a member. Putting out asks first: the button is called "delete".
func (v governPages) changeMember() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	of, err := v.formID("member")
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showMember(id, of, w) }, func(ctx context.Context) (string, error) {
		s := v.site.core.Community
		to := communitySub(communityMembersPath, id)
		switch {
		case v.form.pressed("delete"):
			return to, s.Expel(ctx, v.viewer(), id, of, v.form.pressed("block"))
		case v.form.pressed("sub"):
			v.said = "said.offered"
			return to, s.Offer(ctx, v.viewer(), id, of, core.RoleSubAdministrator)
		case v.form.pressed("handover"):
			v.said = "said.offered"
			return to, s.Offer(ctx, v.viewer(), id, of, core.RoleAdministrator)
		}
		return to, s.Offer(ctx, v.viewer(), id, of, core.RoleMember)
	})
}

// requests lists who asks to be let in.
func (v governPages) requests() error { return v.showRequests(nil) }

func (v governPages) showRequests(w wrong) error {
	id, err := v.id("id")
	if err != nil {
		id, err = v.formID("id")
	}
	if err != nil {
		return err
	}
	p := &communityRequestsPage{frame: frame(v), page: v.page(communityRows), wrong: w}
	if p.seen, err = v.governed(id); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Community.Waiting(v.ctx, v.viewer(), id, core.RoleApplicant, p.page); err != nil {
		return err
	}
	return v.show(p)
}

func (v governPages) answerRequest() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	of, err := v.formID("member")
	if err != nil {
		return err
	}
	return v.onceOr(v.showRequests, func(ctx context.Context) (string, error) {
		return communitySub(communityRequestsPath, id), v.site.core.Community.Answer(ctx, v.viewer(), id, of, v.form.pressed("accept"))
	})
}

// blocked lists who may not come back.
func (v governPages) blocked() error { return v.showBlocked(nil) }

func (v governPages) showBlocked(w wrong) error {
	id, err := v.id("id")
	if err != nil {
		id, err = v.formID("id")
	}
	if err != nil {
		return err
	}
	p := &communityBlockedPage{frame: frame(v), page: v.page(communityRows), wrong: w, typed: v.form.get("member")}
	if p.seen, err = v.governed(id); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Community.Waiting(v.ctx, v.viewer(), id, core.RoleBlocked, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// changeBlocked lets somebody come back, or keeps out whoever has the ID that was typed.
func (v governPages) changeBlocked() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	of, ok := memberTyped(v.form.get("member"))
	if !ok {
		return v.showBlocked(wrong{{Field: "member", Key: "community.blockwhom"}})
	}
	change := v.site.core.Community.Block
	if v.form.pressed("unblock") {
		change = v.site.core.Community.Unblock
	}
	return v.onceOr(v.showBlocked, func(ctx context.Context) (string, error) {
		return communitySub(communityBlockedPath, id), change(ctx, v.viewer(), id, of)
	})
}

// announcements lists what was announced, with the form for who governs.
func (v governPages) announcements() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showAnnouncements(id, "", nil)
}

func (v governPages) showAnnouncements(id core.ID, typed string, w wrong) error {
	p := &announcementsPage{frame: frame(v), page: v.page(communityRows), typed: typed, wrong: w}
	var err error
	if p.seen, err = v.site.core.Community.Look(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.list, p.more, err = v.site.core.Community.Announcements(v.ctx, v.viewer(), id, p.page); err != nil {
		return err
	}
	return v.show(p)
}

func (v governPages) announce() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	body := v.form.get("body")
	if v.form.pressed("edit") {
		return v.showAnnouncements(id, body, nil)
	}
	return v.onceOr(func(w wrong) error { return v.showAnnouncements(id, body, w) }, func(ctx context.Context) (string, error) {
		return communitySub(announcementsPath, id), v.site.core.Community.Announce(ctx, v.viewer(), id, body)
	})
}
