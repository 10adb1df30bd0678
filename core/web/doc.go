// Package web is the social network as pages: fasthttp handlers and compiled templates that write canonical markup
// (docs/canonical-markup.md) in UTF-8, the same document for a browser and for the gateway that makes a handset's page
// of it. It is given core's services and gives back a handler.
//
// A file prefix per area, and a file per noun: journal_diary.go has the handlers and journal_diary.qtpl the pages of
// diaries, methods of journalPages around the visit of one request. Files without an area's prefix are the engine: feature.go
// joins what each area brings (journal_feature.go and so on), its addresses with who may ask for them among it; visit.go is
// what every request starts with; catalogue.go how words are found; style.css the one style sheet. Start reading at
// [Site.Handler].
//
// Rules for templates: {%s %} escapes text and quoted attributes; unescaped output ({%s= %}, {%z= %}, {%v= %}) is not
// used; addresses in href, src and action come from paths.go only (SEC-46).
package web

//go:generate go tool qtc
