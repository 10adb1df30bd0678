package web

// elsewhereFeature is what a member gives to programs: feeds.
var elsewhereFeature = feature{
	name:  "elsewhere",
	words: elsewhereWords,
	routes: []route{
		{get, feedPath, public, 0},
		{get, feedsPath, owner, 0},
		{post, feedsPath, owner, mayDelete},
	},
	settings: []setting{
		{"settings.more", 1, feedsPath, "feeds", "🎫"},
	},
}

func elsewhereArea() area {
	return area{handlers: handlers{
		{get, feedPath}:   handle(feedPages.fetch),
		{get, feedsPath}:  handle(feedPages.feeds),
		{post, feedsPath}: handle(feedPages.changeFeeds),
	}}
}
