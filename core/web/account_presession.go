package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"

	"musubi/core"
)

// loginCookie is a browser's before its login: the token of the login form is bound to it, so that no other site can log a
// browser in, as somebody whose pages it then takes for its own (SEC-38). It names nobody and opens nothing.
const loginCookie = "musubi-login"

const loginPath = "/login"

// errPreSession is a login form that we did not give this browser, or too long ago. The member sends it once more.
var errPreSession = &core.Error{Code: core.Refused, Key: "error.presession"}

// preSession is the visitor's cookie before a login, made when a browser has none; "" for who needs none: a handset, many of
// which hold no cookies and none of which another site can make send a form as the gateway says it did; and a program that is
// no browser, which no site can make send anything.
func (v entryPages) preSession() string {
	name := v.cookie(loginCookie)
	if v.isHandset() || name == "" && !v.isBrowser() {
		return ""
	}
	if name == "" {
		var raw [16]byte
		rand.Read(raw[:])
		name = base64.RawURLEncoding.EncodeToString(raw[:])
		v.setCookie(loginCookie, name, formAge)
	}
	return name
}

// checkPreSession refuses the login form of a browser that did not get it from us.
func (v entryPages) checkPreSession() error {
	name := v.preSession() // a new one has no form yet
	if name == "" {
		return nil
	}
	if _, ok := v.site.checkToken(v.form.get(tokenField), name, loginPath); !ok {
		return errPreSession
	}
	return nil
}

// isHandset says whether the gateway says that the visitor is one, and shows it pages as handsets do: a full browser is none.
func (v entryPages) isHandset() bool {
	switch v.ktai.carrier {
	case "", "pc", "smartphone":
		return false
	}
	return v.ktai.class != "browser"
}

// isBrowser says whether the visitor says so, as every browser does that shows pages of other sites.
func (v entryPages) isBrowser() bool {
	h := &v.ctx.Request.Header
	agent := h.UserAgent()
	return len(h.Peek("Sec-Fetch-Site")) > 0 || bytes.HasPrefix(agent, []byte("Mozilla/")) || bytes.HasPrefix(agent, []byte("Opera/"))
}
