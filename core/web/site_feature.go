package web

// siteFeature is what belongs to no area: files that are no pages, pictures, and the words of every page.
var siteFeature = feature{
	name:  "site",
	words: commonWords,
	routes: []route{
		{get, helpPath, public, 0},
		{get, "/robots.txt", public, 0},
		{get, "/style.css", public, fixed},
		{get, "/album.js", public, fixed},
		{get, "/viewer.js", public, fixed},
		{get, "/talk.js", public, fixed},
		{get, "/live.js", public, fixed},
		{get, "/keep.js", public, fixed},
		{get, "/shrink.js", public, fixed},
		{get, "/write.js", public, fixed},
		{get, "/passkey.js", public, fixed},
		{get, "/logo.svg", public, fixed},
		{get, "/icons.svg", public, fixed},
		{get, "/person.svg", public, fixed},
		{get, "/welcome.svg", public, fixed},
		{get, "/favicon.ico", public, fixed},
		{get, "/photo/", member, 0},
	},
}

func siteArea() area {
	return area{
		handlers: handlers{
			{get, helpPath}:       handle(openPages.help),
			{get, "/robots.txt"}:  handle(openPages.robots),
			{get, "/style.css"}:   handle(openPages.asset),
			{get, "/album.js"}:    handle(openPages.asset),
			{get, "/viewer.js"}:   handle(openPages.asset),
			{get, "/talk.js"}:     handle(openPages.asset),
			{get, "/live.js"}:     handle(openPages.asset),
			{get, "/keep.js"}:     handle(openPages.asset),
			{get, "/shrink.js"}:   handle(openPages.asset),
			{get, "/write.js"}:    handle(openPages.asset),
			{get, "/passkey.js"}:  handle(openPages.asset),
			{get, "/logo.svg"}:    handle(openPages.asset),
			{get, "/icons.svg"}:   handle(openPages.asset),
			{get, "/person.svg"}:  handle(openPages.asset),
			{get, "/welcome.svg"}: handle(openPages.asset),
			{get, "/favicon.ico"}: handle(openPages.asset),
			{get, "/photo/"}:      handle(openPages.photo),
		},
	}
}

// helpFeature is the page that says what to do.
var helpFeature = feature{
	name:     "help",
	words:    helpWords,
	settings: []setting{{"settings.more", 9, helpPath, "help", "📖"}},
}
