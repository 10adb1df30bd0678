// Package carriers knows the handsets: it turns what a request shows (User-Agent, header fields, peer address, TLS)
// into one plain value, the [Handset], which every later stage reads instead of the request.
//
// The facts live in tables that people edit (data/*.tsv) and that a generator compiles; docomo.go, au.go, softbank.go
// and willcom.go parse what tables cannot express. Start reading at [Identify] and [Handset].
package carriers
