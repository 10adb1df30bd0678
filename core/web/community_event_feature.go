package web

import (
	"musubi/core/community"
	"musubi/core/news"
)

// communityEventFeature is what there is of events and polls of communities.
var communityEventFeature = feature{
	name:  "events",
	words: communityEventWords,
	news: map[news.Kind]newsLinks{
		community.PlaceNews: {one: func(n news.News) string { return anyThreadPath(n.Thing) }},
		community.EventNews: {one: func(n news.News) string { return anyThreadPath(n.Thing) }},
	},
}
