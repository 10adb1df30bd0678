package web

// newsFeature is how members are told of news.
var newsFeature = feature{
	name:  "news",
	words: newsWords,
	routes: []route{
		{get, noticesPath, owner, 0},
		{get, newsLettersPath, owner, 0},
		{post, newsLettersPath, owner, 0},
	},
	menu: []menuItem{
		{8, "", noticesPath, "home.notices", "❗"},
	},
	settings: []setting{
		{"settings.mails", 2, newsLettersPath, "newsletters", ""},
	},
}

func newsArea() area {
	return area{
		handlers: handlers{
			{get, noticesPath}:      handle(newsPages.notices),
			{get, newsLettersPath}:  handle(newsPages.newsLettersForm),
			{post, newsLettersPath}: handle(newsPages.setNewsLetters),
		},
	}
}
