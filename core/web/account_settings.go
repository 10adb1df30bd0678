package web

import (
	"slices"

	"musubi/core"
	"musubi/core/account"
)

// Paths of the account's settings.
const (
	sessionsPath    = "/settings/sessions"
	passwordPath    = "/settings/password"
	preferencesPath = "/settings/preferences"
)

// sessions lists where one is logged in.
func (v accountPages) sessions() error {
	list, err := v.site.core.Account.Sessions(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	return v.show(&sessionsPage{frame(v), list})
}

// endSessions ends one session, or all but this one.
func (v accountPages) endSessions() error {
	var err error
	switch {
	case v.form.pressed("rename"):
		err = account.NameSession(v.ctx, v.site.core.Account, v.member.ID, v.form.get("session"), v.form.get("name"))
		if _, ok := invalid(err); ok {
			err = core.ErrNotFound // the field takes no more
		}
	case v.form.pressed("others"):
		err = v.site.core.Account.EndOtherSessions(v.ctx, v.member.ID, v.session.Key, v.ktai.client())
	default:
		err = v.site.core.Account.EndSession(v.ctx, v.member.ID, v.form.get("session"), v.ktai.client())
	}
	if err != nil {
		return err
	}
	v.redirect(sessionsPath)
	return nil
}

// passwordForm asks for the old password and the new one.
func (v accountPages) passwordForm() error { return v.show(&passwordPage{frame: frame(v)}) }

// changePassword ends all other sessions; this browser goes on with a new one.
func (v accountPages) changePassword() error {
	token, session, err := v.site.core.Account.ChangePassword(v.ctx, v.member.ID, v.form.get("old"), v.form.get("password"), v.ktai.client())
	if w, ok := invalid(err); ok {
		return v.show(&passwordPage{frame(v), w})
	}
	if err != nil {
		return err
	}
	v.session = account.Session{} // it ended with all the others
	return entryPages(v).enter(token, session, sessionsPath, "")
}

// preferencesForm shows the language and who can read new entries.
func (v accountPages) preferencesForm() error {
	language := v.member.Language
	if !slices.Contains(account.Languages[:], language) {
		language = v.words.lang()
	}
	return v.show(&preferencesPage{frame(v), account.Preferences{Language: language, Zone: v.member.Zone, DiaryVisibility: v.member.DiaryVisibility, SeenMarks: v.member.SeenMarks}, nil})
}

func (v accountPages) setPreferences() error {
	visibility, ok := core.ParseVisibility(v.form.get("visibility"))
	if !ok {
		visibility = v.member.DiaryVisibility
	}
	p := account.Preferences{Language: v.form.get("language"), Zone: v.member.Zone, DiaryVisibility: visibility, SeenMarks: v.member.SeenMarks}
	if v.form.pressed("zone") { // a handset's form has no room for it
		p.Zone, p.SeenMarks = v.form.get("zone"), v.form.pressed("seen")
	}
	err := v.site.core.Account.SetPreferences(v.ctx, v.member.ID, p)
	if w, ok := invalid(err); ok {
		return v.show(&preferencesPage{frame(v), p, w})
	}
	if err != nil {
		return err
	}
	v.redirect("/settings")
	return nil
}
