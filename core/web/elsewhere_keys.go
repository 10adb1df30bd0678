package web

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/elsewhere"
)

// Addresses of the page of keys.
const (
	keysPath      = "/settings/keys"
	keyDeletePath = "/settings/keys/delete"
)

// keys lists the member's keys, and shows the one that was made a moment ago.
func (v keyPages) keys() error { return v.showKeys(nil) }

func (v keyPages) showKeys(w wrong) error {
	p := &keysPage{frame: frame(v), wrong: w, name: v.form.get("name")}
	var err error
	if p.list, err = v.site.core.Elsewhere.MemberKeys(v.ctx, v.member.ID); err != nil {
		return err
	}
	mails, err := v.site.core.Account.Addresses(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	if len(mails) > 0 {
		p.mail = mails[0].Mail
	}
	shown, _ := core.ParseID(v.query("made"))
	for _, k := range p.list {
		if k.ID == shown && v.site.core.Elsewhere.Shown(k) {
			p.made = k
		}
	}
	return v.show(p)
}

// makeKey makes one, after the password (SEC-23): what it opens outlives the session.
func (v keyPages) makeKey() error {
	if err := v.site.core.Account.CheckPassword(v.ctx, v.member.ID, v.form.get("password")); err != nil {
		if w, ok := invalid(err); ok {
			return v.showKeys(w)
		}
		return err
	}
	purpose, err := strconv.ParseUint(v.form.get("purpose"), 10, 8)
	if err != nil {
		purpose = 255
	}
	return v.onceOr(v.showKeys, func(ctx context.Context) (string, error) {
		k, err := v.site.core.Elsewhere.MakeKey(ctx, v.member.ID, elsewhere.Purpose(purpose), v.form.get("name"))
		return keysPath + "?made=" + k.ID.String(), err
	})
}

// endKey ends one.
func (v keyPages) endKey() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return keysPath, v.site.core.Elsewhere.EndKey(ctx, v.member.ID, id)
	})
}
