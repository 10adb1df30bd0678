package web

import (
	"time"

	"github.com/valyala/fasthttp"
)

// doneCookie remembers from a form to the page it leads to that it is done; doneAge is how long.
const (
	doneCookie = "musubi-done"
	doneAge    = time.Minute
)

// noteDone says, for the next page of a browser, that a form was carried out whose page does not show that by itself: its route has
// the words "done." and its path.
func noteDone(v *visit, r *route) {
	if _, said := catalogue["done."+r.path]; said && r.method == post && v.forPC() && v.ctx.Response.StatusCode() == fasthttp.StatusFound {
		v.setCookie(doneCookie, r.path, doneAge)
	}
}

// doneLine is the sentence for it, said once.
func doneLine(v *visit) string {
	path := v.cookie(doneCookie)
	if path == "" || v.member.ID == 0 {
		return ""
	}
	v.setCookie(doneCookie, "", 0)
	if _, said := catalogue["done."+path]; !said {
		return ""
	}
	return v.t("done." + path)
}
