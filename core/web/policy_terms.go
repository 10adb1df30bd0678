package web

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/operator"
	"musubi/core/outbox"
	"musubi/core/people"
	"musubi/core/policy"
	"musubi/core/premium"
)

// terms shows the rules to everybody, and to a member who has still to agree where to do that.
func (v housePages) terms() error {
	p := &termsPage{frame: frame(v), terms: v.site.core.Policy.State(v.ctx).Terms, next: safeNext(v.query("next"))}
	p.ask = v.member.ID != 0 && v.site.core.Policy.MustAgree(v.ctx, v.member.ID)
	return v.show(p)
}

// agree notes that the member agrees to the version that they have read.
func (v housePages) agree() error {
	version, err := strconv.Atoi(v.form.get("version"))
	if err != nil {
		return core.ErrNotFound
	}
	to := safeNext(v.form.get("next"))
	return v.onceOr(func(w wrong) error {
		return v.show(&termsPage{frame(v), v.site.core.Policy.State(v.ctx).Terms, to, true, w})
	}, func(ctx context.Context) (string, error) {
		return to, v.site.core.Policy.Agree(ctx, v.member.ID, version)
	})
}

// announcementsFor are what the operator tells this visitor just now.
func (v housePages) announcementsFor() []policy.Announcement {
	if v.member.ID == 0 {
		return nil
	}
	return v.site.core.Policy.ShownTo(v.ctx, v.ktai.handset, premiumPages(v).has, v.prefecture)
}

// has says whether the member has a plan now; when that cannot be asked, no.
func (v premiumPages) has() bool {
	plan, _, err := v.site.core.Premium.Of(v.ctx, v.member.ID)
	return err == nil && plan.Key != premium.Free
}

// prefecture is where the member says that they live; "": they do not.
func (v housePages) prefecture() string {
	values, err := v.site.core.People.Profile(v.ctx, v.viewer(), v.member.ID)
	if err != nil {
		return ""
	}
	for _, p := range values {
		if p.Key == people.PrefectureField {
			return p.Value
		}
	}
	return ""
}

// announcement is the text of one.
func (v housePages) announcement() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	for _, a := range v.announcementsFor() {
		if a.ID == id {
			return v.show(&announcementPage{frame(v), a})
		}
	}
	return core.ErrNotFound
}

func announcementPath(id core.ID) string { return noticePagePath + "?id=" + id.String() }

// AnnouncementLetter implements network.Letters.
func (l letterWriter) AnnouncementLetter(to core.Member, a policy.Announcement, handset bool) outbox.Mail {
	m := outbox.Mail{Subject: l.site.name() + ": " + a.Title, Body: a.Text + "\n\n" + l.site.mailLink(announcementPath(a.ID)) + "\n"}
	if !handset {
		m.Body = languageOf(to).t("letter.announcementbody", to.Name) + "\n\n" + m.Body
	}
	return m
}

// allTerms lists the versions.
func (v housePages) allTerms() error { return v.showTerms(policy.Terms{}, nil) }

func (v housePages) showTerms(typed policy.Terms, w wrong) (err error) {
	p := &consoleTermsPage{frame: frame(v), typed: typed, wrong: w}
	if p.list, err = v.site.core.Policy.AllTerms(v.ctx); err != nil {
		return err
	}
	if len(p.list) > 0 {
		if p.agreed, err = v.site.core.Policy.CountAgreed(v.ctx, p.list[0].Version); err != nil {
			return err
		}
		if typed.Japanese == "" && w == nil {
			p.typed = p.list[0]
		}
	}
	return v.show(p)
}

// publish makes the next version: members are asked to agree from the next page on.
func (v housePages) publish() error {
	t := policy.Terms{Japanese: v.form.get("ja"), English: v.form.get("en"), By: v.operator.Name}
	return v.onceOr(func(w wrong) error { return v.showTerms(t, w) }, func(ctx context.Context) (string, error) {
		before := v.site.core.Policy.State(ctx).Terms.Version
		a := operator.Act{Kind: "terms", Before: strconv.Itoa(before), After: strconv.Itoa(before + 1)}
		return consoleTermsPath, v.site.core.Operator.Do(ctx, v.operator, a, func(ctx context.Context) error {
			_, err := v.site.core.Policy.Publish(ctx, t)
			return err
		})
	})
}
