package web

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/people"
)

// Rows of endorsements: on a profile, and on their own page.
const (
	profileEndorsements = 5
	endorsementRows     = 20
)

// endorsements lists what friends say of a member, or with by=1 what one has said of friends.
func (v profilePages) endorsements() error {
	id, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	p := &endorsementsPage{frame: frame(v), page: v.page(endorsementRows), written: v.query("by") != "" && id == v.member.ID}
	if p.of, p.relation, err = v.site.core.Member(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.written {
		p.list, p.more, err = v.site.core.People.EndorsementsBy(v.ctx, id, p.page)
	} else {
		p.list, p.more, err = v.site.core.People.Endorsements(v.ctx, v.viewer(), id, p.page)
	}
	if err != nil {
		return err
	}
	if p.relation == core.Self && !p.written {
		if err := v.looked(people.EndorsementNews, 0, 0); err != nil {
			return err
		}
	}
	return v.show(p)
}

// endorsementForm is the form for a friend's endorsement, with what one wrote before.
func (v profilePages) endorsementForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	e, err := v.site.core.People.Endorsement(v.ctx, id, v.member.ID)
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return err
	}
	e.About = id
	return v.showEndorsementForm(e, nil)
}

func (v profilePages) showEndorsementForm(e people.Endorsement, w wrong) error {
	m, relation, err := v.site.core.Member(v.ctx, v.viewer(), e.About)
	if err != nil {
		return err
	}
	if relation != core.Friend {
		return core.ErrNotFound
	}
	return v.show(&endorsementFormPage{frame(v), m, e, w})
}

// writeEndorsement stores an endorsement; 確認 shows it first.
func (v profilePages) writeEndorsement() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	e := people.Endorsement{About: id, Relationship: v.form.get("relationship"), Body: v.form.get("body")}
	if v.form.pressed("edit") {
		return v.showEndorsementForm(e, nil)
	}
	if w, ok := invalid(people.CheckEndorsement(&e.Relationship, &e.Body)); ok {
		return v.showEndorsementForm(e, w)
	}
	if !v.form.pressed("send") {
		m, _, err := v.site.core.Member(v.ctx, v.viewer(), id)
		if err != nil {
			return err
		}
		return v.show(&endorsementPreviewPage{frame(v), m, e})
	}
	return v.onceOr(func(w wrong) error { return v.showEndorsementForm(e, w) }, func(ctx context.Context) (string, error) {
		return endorsementsPath(id), v.site.core.People.WriteEndorsement(ctx, v.member.ID, id, e.Relationship, e.Body, v.site.core.Now())
	})
}

// deleteEndorsement removes an endorsement that one wrote or that is about oneself.
func (v profilePages) deleteEndorsement() error {
	about, err := v.formID("about")
	if err != nil {
		return err
	}
	author, err := v.formID("author")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return endorsementsPath(about), v.site.core.People.DeleteEndorsement(ctx, v.member.ID, about, author)
	})
}

func endorsementsPath(id core.ID) string { return "/endorsements?id=" + id.String() }

func endorsementWritePath(id core.ID) string { return "/endorsement/write?id=" + id.String() }
