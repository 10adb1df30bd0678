package web

import (
	"cmp"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// doneCookie remembers from a form to the page it leads to that it is done; doneAge is how long.
const (
	doneCookie = "musubi-done"
	doneAge    = time.Minute
)

// noteDone says, for the next page of a browser, that a form was carried out whose page does not show that by itself: its route has
// the words "done." and its path, or what the handler said.
func noteDone(v *visit, r *route) {
	what := cmp.Or(v.said, "done."+r.path)
	if _, said := catalogue[what]; said && r.method == post && v.forPC() && v.ctx.Response.StatusCode() == fasthttp.StatusFound {
		v.setCookie(doneCookie, what, doneAge)
	}
}

// doneLine is the sentence for it, said once.
func doneLine(v *visit) string {
	what := v.cookie(doneCookie)
	if what == "" || v.member.ID == 0 {
		return ""
	}
	v.setCookie(doneCookie, "", 0)
	if _, said := catalogue[what]; !said || !strings.HasPrefix(what, "done.") && !strings.HasPrefix(what, "said.") {
		return ""
	}
	return v.t(what)
}
