// Package gateway is the way between handsets and a web application: requests of handsets become ordinary HTTP in UTF-8,
// and the answers become pages and pictures that each handset can read.
//
// It is given a Config with an Upstream (the core in this process, or a Pool of web servers) and gives back a handler for
// fasthttp. Start reading at Gateway.serve in gateway.go: it is the life of a request, one step per line.
//
//	readHead         head.go target.go host.go peer.go   the header section, strictly, and who is there
//	identifyHandset  exchange.go trust.go                which handset, and whether its ID is believed
//	admit            admit.go ratelimit.go               our host, one meaning, not too often
//	decode           decode.go                           query and form into UTF-8
//	openSession      bridge.go session/                  the cookie jar of a handset that keeps none
//	ask              ask.go sign.go upstream.go pool.go  a fresh request, and whether the answer is whole
//	answer           answer.go page.go image.go redirect.go
//
// Whatever fails becomes a small page in the handset's own markup (errors.go). Nothing of a page is kept between
// requests: the part of a page and the pieces of a form travel in URLs and hidden fields.
//
// docs/ics.md says for each numbered duty of a proxy how it is met and which test shows it.
package gateway
