package gateway

import "musubi/gateway/door"

// enter waits for a place behind the door. A body has been received by now, so that a slow sender keeps no place; it has not
// been looked at, and nothing has been asked of the upstream or of the session store: a form that is turned away has changed
// nothing, and the page says so.
func (x *exchange) enter() *refusal {
	form := x.method != "GET" && x.method != "HEAD"
	kind := x.g.cfg.Kind(x.method, x.target.path, len(x.body))
	if x.g.door.Enter(kind) {
		x.inside = kind
		return nil
	}
	if form {
		return refuse(errCrowdedForm, "crowd")
	}
	return refuse(errCrowded, "crowd")
}

// kindOf is the default of Config.Kind.
func kindOf(method, path string, body int) door.Kind {
	if method == "GET" || method == "HEAD" {
		return door.Page
	}
	return door.Form
}

// crowdedOut says whether the exchange was turned away at the door.
func (x *exchange) crowdedOut() bool {
	return x.refused != nil && (x.refused.kind == errCrowded || x.refused.kind == errCrowdedForm)
}

// crowdTold says whether this second's line about a crowd has been written. One for each who is turned away, there or in the
// access log, would make the crowd dearer; the metrics count them all.
func (x *exchange) crowdTold() bool {
	second := x.start.Unix()
	return x.crowdedOut() && x.g.crowdLogged.Swap(second) == second
}
