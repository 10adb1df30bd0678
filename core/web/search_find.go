package web

import (
	"net/url"

	"musubi/core"
	"musubi/core/search"
)

// foundRows is how many finds a page shows.
const foundRows = 20

// searchPath is the search for members, diaries and albums.
const searchPath = "/search"

// A find is how the pages call a search.Kind.
type find struct {
	name string                         // in addresses
	word string                         // on the screen
	path func(owner, id core.ID) string // the page of what is found; nil: it is a member
	pc   bool                           // its pages are for a PC alone
}

// search looks for what the address names; without words it is the empty form.
func (v searchPages) search() error {
	p := &searchPage{frame: frame(v), query: v.query("q"), from: v.query("from")}
	for kind, f := range finds {
		if v.query("in") == f.name {
			p.kind = search.Kind(kind)
		}
	}
	var err error
	p.found, err = v.site.core.Search.Search(v.ctx, v.viewer(), search.Query{Kind: p.kind, Words: p.query, From: p.from, Size: foundRows})
	if err != nil {
		return err
	}
	return v.show(p)
}

// findPath is a search's page; from is the cursor of a later one.
func findPath(kind search.Kind, query, from string) string {
	path := searchPath + "?in=" + finds[kind].name + "&q=" + url.QueryEscape(query)
	if from != "" {
		path += "&from=" + from
	}
	return path
}
