package gateway

import (
	"slices"
	"strings"

	"musubi/transcode/markup"
)

// knownMethods are the methods that are merely not allowed here; others are not known at all.
var knownMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}

// admit lets a request pass that is meant for us, that has one meaning only, and whose client does not ask too often. The
// host comes first: before it is known to be ours nothing is looked up and nothing is set (SEC-15).
func (x *exchange) admit() *refusal {
	if !x.forUs() || !x.sniAgrees() {
		return hangUp(errWrongHost, "host "+x.target.host)
	}
	if !x.allows() || x.method == "TRACE" {
		if slices.Contains(knownMethods, x.method) {
			return hangUp(errMethod, "method "+x.method)
		}
		return hangUp(errUnknownMethod, "method "+oneLine(x.method))
	}
	if r := x.checkFraming(); r != nil {
		r.close = true
		return r
	}
	if !x.g.clients.take(x.clientKey(), x.start) || x.g.visits != nil && !x.g.visits.take(x.visitor(), x.start) {
		return refuse(errTooMany, "rate")
	}
	return nil
}

// allows says whether the method is let through: those of pages everywhere, others where a program's own protocol has them.
func (x *exchange) allows() bool {
	if x.method == "CONNECT" {
		return x.g.cfg.World != nil // which has looked at its rule
	}
	return slices.Contains(x.g.cfg.Methods, x.method) || x.g.cfg.Program(x.method, x.target.path, x.target.query)
}

// forUs says whether the request is meant for this gateway: one of its own names, or what a proxy is asked for.
func (x *exchange) forUs() bool {
	if x.way == markup.WayProxy && !x.home {
		return true
	}
	return x.g.answersTo(x.ourName(), x.peer.tls)
}

// ourName is the name by which the client asked for the gateway.
func (x *exchange) ourName() string {
	if x.way != markup.WayOne {
		return x.front
	}
	return x.target.host
}

// sniAgrees says whether the name of the TLS handshake is the host of the request (SEC-17).
func (x *exchange) sniAgrees() bool {
	state := x.ctx.TLSConnectionState()
	if state == nil || state.ServerName == "" {
		return true
	}
	name, _, _ := splitPort(x.ourName())
	return strings.EqualFold(state.ServerName, name)
}

// checkFraming refuses what two readers could frame differently (SEC-60), and bodies where none belongs.
func (x *exchange) checkFraming() *refusal {
	_, lengths := x.head.Header("Content-Length")
	coding, codings := x.head.Header("Transfer-Encoding")
	switch {
	case lengths+codings > 1:
		return refuse(errMalformed, "more than one field says how long the body is")
	case codings == 1 && !strings.EqualFold(coding, "chunked"):
		return refuse(errMalformed, "a transfer coding other than chunked")
	case codings == 1 && x.ctx.Request.Header.ContentLength() != -1:
		return refuse(errMalformed, "a transfer coding that was not understood")
	case (x.method == "GET" || x.method == "HEAD" || x.method == "CONNECT") && (codings == 1 || x.ctx.Request.Header.ContentLength() > 0):
		return refuse(errMalformed, "a body on "+x.method)
	case x.ctx.Request.Header.ContentLength() > x.g.mostBytes():
		return refuse(errTooLarge, "declared body too large")
	}
	if v, n := x.head.Header("Expect"); n > 1 || n == 1 && !strings.EqualFold(v, "100-continue") {
		return refuse(errExpectation, "Expect")
	}
	if v, n := x.head.Header("Content-Encoding"); n > 1 || n == 1 && !strings.EqualFold(v, "identity") {
		return refuse(errEncodedBody, "Content-Encoding")
	}
	return nil
}
