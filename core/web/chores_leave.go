package web

import (
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/chores"
)

const leavePath = "/settings/leave"

// leaveForm says what goes, what stays and when; then, on a page of its own, it asks for the password.
func (v chorePages) leaveForm() error {
	return v.show(&leavePage{frame: frame(v), asks: v.query("ask") != ""})
}

// leave ends the membership. The page after it is no page of a member any more.
func (v chorePages) leave() error {
	err := v.site.core.Chores.Leave(v.ctx, v.member.ID, v.form.get("password"), v.ktai.client())
	if w, ok := invalid(err); ok {
		return v.show(&leavePage{frame(v), true, w})
	}
	if err != nil {
		return err
	}
	v.setCookie(sessionCookie, "", 0)
	v.setCookie(deviceCookie, "", 0)
	v.member, v.session = core.Member{}, account.Session{}
	return v.show(&leftPage{frame(v)})
}

// purgeMinutes is the time that the pages promise.
func purgeMinutes() int { return int(chores.PurgeWithin / time.Minute) }
