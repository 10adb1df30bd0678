package web

import (
	"strconv"

	"musubi/core"
	"musubi/core/account"
)

// handset is what the gateway vouches for, as core sees it.
func (v *visit) handset() account.Handset {
	return account.Handset{Key: v.ktai.key, OldKey: v.ktai.oldKey, Carrier: v.ktai.carrier, Model: v.ktai.model}
}

// enterEasily opens a session for an enrolled handset. Whatever is missing, the answer is one page (SEC-26). It is a
// link, not a form, because only a link's address carries guid=ON on every handset; it lets nobody in but the owner of
// the ID, to their own account.
func (v entryPages) enterEasily() error {
	next := safeNext(v.query("next"))
	token, session, err := v.site.core.Account.EnterEasily(v.ctx, v.handset(), v.ktai.client())
	if w, ok := invalid(err); ok {
		return v.showLogin(loginPage{next: next, wrong: w})
	}
	if err != nil {
		return err
	}
	return v.enter(token, session, next, "")
}

// easySettings lists the enrolled handsets, and on one that is behind its carrier's gateway offers to enrol it.
func (v accountPages) easySettings() error { return v.showEasy(nil) }

func (v accountPages) showEasy(w wrong) error {
	p := &easyPage{frame: frame(v), on: v.site.core.Account.EasyLoginOn(), wrong: w}
	var err error
	if p.list, err = v.site.core.Account.EasyLogins(v.ctx, v.member.ID); err != nil {
		return err
	}
	return v.show(p)
}

// changeEasy enrols this handset or revokes one, both after the password (SEC-23).
func (v accountPages) changeEasy() error {
	password := v.form.get("password")
	var err error
	if v.form.pressed("revoke") {
		err = v.revokeEasy(password)
	} else {
		err = v.site.core.Account.Enrol(v.ctx, v.member.ID, v.handset(), password, v.ktai.client())
	}
	if w, ok := invalid(err); ok {
		return v.showEasy(w)
	}
	if err != nil {
		return err
	}
	v.redirect("/settings/easy")
	return nil
}

// revokeEasy ends the enrolment that the form names by its time, because keys are not for pages.
func (v accountPages) revokeEasy(password string) error {
	list, err := v.site.core.Account.EasyLogins(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	for _, e := range list {
		if enrolmentName(e) == v.form.get("enrolment") {
			return v.site.core.Account.Revoke(v.ctx, v.member.ID, e.Key, password, v.ktai.client())
		}
	}
	return core.ErrNotFound
}

func enrolmentName(e account.EasyLogin) string {
	return strconv.FormatInt(e.EnrolledAt.UnixMilli(), 10)
}
