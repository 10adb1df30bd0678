package web

import "musubi/core/outbox"

// newsFeature is how members are told of news.
var newsFeature = feature{
	name:  "news",
	words: newsWords,
	routes: []route{
		{get, outbox.UnsubscribePath, public, 0},
		{post, outbox.UnsubscribePath, public, 0},
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
			{get, outbox.UnsubscribePath}:  handle(newsPages.unsubscribeForm),
			{post, outbox.UnsubscribePath}: handle(newsPages.unsubscribe),
			{get, noticesPath}:             handle(newsPages.notices),
			{get, newsLettersPath}:         handle(newsPages.newsLettersForm),
			{post, newsLettersPath}:        handle(newsPages.setNewsLetters),
		},
	}
}
