package web

// searchFeature is the search.
var searchFeature = feature{
	name:  "search",
	words: searchWords,
	routes: []route{
		{get, searchPath, member, 0},
	},
	menu: []menuItem{
		{14, "#", searchPath, "search", ""},
	},
}

func searchArea() area {
	return area{
		handlers: handlers{
			{get, searchPath}: handle(searchPages.search),
		},
	}
}
