package web

import (
	"musubi/core/community"
	"musubi/core/news"
)

// communityFeature is what there is of communities.
var communityFeature = feature{
	name:  "community",
	words: communityWords,
	news: map[news.Kind]newsLinks{
		community.RequestNews:    {one: func(n news.News) string { return communityIDPath(n.Thing) }},
		community.AcceptedNews:   {one: func(n news.News) string { return communityIDPath(n.Thing) }},
		community.InvitationNews: {one: func(n news.News) string { return communityIDPath(n.Thing) }},
		community.OfferNews:      {one: func(n news.News) string { return communityIDPath(n.Thing) }},
		community.CommentNews:    {one: func(n news.News) string { return anyThreadPath(n.Thing) }},
	},
}
