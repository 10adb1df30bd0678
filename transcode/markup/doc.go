// Package markup reads any page and writes it in the dialect of one handset.
//
// A page is read into a [Tree]: nodes in document order, without pointers, as forgiving as a browser's parser. A [Writer]
// runs along the tree once and leaves a [Stream]: encoded bytes of the dialect and, when the page will not fit, the places
// where it can be cut. There is one writer; what differs between dialects is data: data/dialects.tsv says which elements
// and attributes each has, and [Profile] is that table compiled.
//
// Only what the table has is ever written (SEC-47), every attribute is quoted and escaped, URLs go through [Links], which
// drops schemes that run code (SEC-46), keeps the session on the own host and sends everything else through the cushion
// page (SEC-34). What a dialect lacks is kept by its meaning: a section by a rule, a table by lines, ruby by brackets.
//
// Pages of other people's servers take the same way after [Canonical] (charset) and [Rules] (what the operator removes);
// where they put content where the HTML standard moves it, [Standard] does so with x/net/html.
//
// Start reading at [Tree.Parse] and [Writer.Write].
package markup
