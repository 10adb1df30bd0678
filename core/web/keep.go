package web

import (
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"
)

// keepable are the forms with a member's own words, which must not be lost when a login or a page has expired. Their
// handlers show the form again, filled in and unsent, when the button "edit" was pressed.
var keepable = map[string]bool{"/diary/write": true, "/endorsement/write": true, messageWritePath: true, albumEditPath: true}

func init() {
	for _, t := range threads {
		keepable[t.write] = true
	}
}

// keepForm asks for the login again and carries along what was typed; enter goes on from there.
func (v keptForm) keepForm(r *route) error {
	if !v.sameSite() {
		return errForeign
	}
	f, err := readForm(v.ctx, r.files)
	if err != nil {
		return err
	}
	kept := url.Values(f.values)
	kept.Del(tokenField)
	kept.Del("password") // no page shows one again
	return entryPages{v.visit}.showLogin(loginPage{kept: r.path + "?" + kept.Encode()})
}

// restore shows the form that keepForm carried over the login. ok is false when there is none.
func (v keptForm) restore(kept string) (ok bool, err error) {
	path, query, found := strings.Cut(kept, "?")
	r, known := findRoute(fasthttp.MethodPost, path)
	if !found || !known || !keepable[path] {
		return false, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return false, nil
	}
	v.form = form{values: values}
	return true, v.again(r)
}

// showStale shows a form again whose page has expired, with what was typed.
func (v keptForm) showStale(r *route) error {
	v.ctx.SetStatusCode(fasthttp.StatusForbidden)
	if err := v.again(r); err != nil {
		return errStale
	}
	return nil
}

// again shows a form with its words. Pictures are not taken: nobody has proved that the member meant to send them
// (SEC-38), and those that were sent before may be gone.
func (v keptForm) again(r *route) error {
	if r.files {
		v.form.files = nil
		delete(v.form.values, "photo")
	}
	v.form.values["edit"] = []string{"1"}
	return r.handle(v.visit)
}
