package web

import (
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"
)

// askLogin sends a visitor without a login to the login form, and back to where they wanted to go when it can be; words that
// came in a form are carried along.
func (v keptForm) askLogin(r *route) error {
	if r.method == post && r.is(kept) {
		return v.keepForm(r)
	}
	to := "/"
	if v.ctx.IsGet() && !strings.HasPrefix(r.path, "/photo/") {
		if back := safeNext(string(v.ctx.URI().RequestURI())); back != homePath {
			to = "/?next=" + escapeQuery(back)
		}
	}
	v.redirect(to)
	return nil
}

// keepForm asks for the login again and carries along what was typed; enter goes on from there.
func (v keptForm) keepForm(r *route) error {
	if !v.sameSite() {
		return errForeign
	}
	f, err := readForm(v.ctx, v.site.mostBytes(r))
	if err != nil {
		return err
	}
	typed := url.Values(f.values)
	typed.Del(tokenField)
	typed.Del("password") // no page shows one again
	return entryPages(v).showLogin(loginPage{kept: r.path + "?" + typed.Encode()})
}

// restore shows the form that keepForm carried over the login. ok is false when there is none.
func (v keptForm) restore(words string) (ok bool, err error) {
	path, query, found := strings.Cut(words, "?")
	r, known := routes.find(post, path)
	if !found || !known || !r.is(kept) {
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
	if r.is(pictures) {
		v.form.files = nil
		delete(v.form.values, "photo")
	}
	v.form.values["edit"] = []string{"1"}
	return v.site.handlers[r.endpoint()](v.visit)
}
