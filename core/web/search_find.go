package web

import (
	"net/url"

	"musubi/core"
)

// foundRows is how many finds a page shows.
const foundRows = 20

// searchPath is the search for members, diaries and albums.
const searchPath = "/search"

// findNames are the kinds in addresses, findWords on the screen.
var (
	findNames = [...]string{core.SearchMembers: "members", core.SearchDiaries: "diaries", core.SearchAlbums: "albums"}
	findWords = [...]string{core.SearchMembers: "search.members", core.SearchDiaries: "search.diaries", core.SearchAlbums: "search.albums"}
)

// search looks for what the address names; without words it is the empty form.
func (v searchPages) search() error {
	p := &searchPage{frame: frame{v.visit}, query: v.query("q"), from: v.query("from")}
	for kind, name := range findNames {
		if v.query("in") == name {
			p.kind = core.SearchKind(kind)
		}
	}
	var err error
	p.found, err = v.site.core.Search(v.ctx, v.viewer(), core.SearchQuery{Kind: p.kind, Words: p.query, From: p.from, Size: foundRows})
	if err != nil {
		return err
	}
	return v.show(p)
}

// findPath is a search's page; from is the cursor of a later one.
func findPath(kind core.SearchKind, query, from string) string {
	path := searchPath + "?in=" + findNames[kind] + "&q=" + url.QueryEscape(query)
	if from != "" {
		path += "&from=" + from
	}
	return path
}
