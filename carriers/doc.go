// Package carriers knows the handsets: it turns what a request shows (User-Agent, header fields, peer address, TLS)
// into one plain value, the [Handset], which every later stage reads instead of the request.
//
// The facts live in tables that people edit (data/*.tsv) and that a generator compiles; docomo.go, au.go, softbank.go,
// willcom.go and emobile.go parse what tables cannot express. [Identify] knows the shipped tables and trusts nobody; a
// [Registry] adds an operator's own carriers, corrections and the address ranges whose IDs may be believed.
// [Registry.Explain] names the rule and the row behind each field. What the rules rest on is told in docs/carriers.
//
// Start reading at identify.go, which is the whole walk from request to Handset.
package carriers
