// Package fetch is the way from the gateway to any site of the web: an upstream that goes where the request's Host says, and
// nowhere that a stranger must not reach.
//
//	guard.go   which addresses: checked when a connection is made, after every name was resolved (SEC-85)
//	client.go  TLS before plain, HTTP/2 where the site has it, sizes and times bounded
//	sites.go   which sites have TLS, and want nothing else: known beyond a restart
//	poster.go  what is sent to machines that strangers name: push services
//	cache.go   a small shared cache by the rules of RFC 9111
package fetch
