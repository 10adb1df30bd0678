package web

// talkFeature is how members talk under what takes comments; the things that do are in their areas.
var talkFeature = feature{
	name:  "talk",
	words: talkWords,
	routes: []route{
		{get, mentionPath, owner, 0},
		{get, likePath, member, writes},
		{post, likePath, member, 0},
		{get, commentEditPath, member, 0},
		{post, commentEditPath, member, kept},
	},
}

func talkArea() area {
	return area{
		handlers: handlers{
			{get, mentionPath}:      handle(talkPages.mentions),
			{get, likePath}:         handle(talkPages.likeByKey),
			{post, likePath}:        handle(talkPages.like),
			{get, commentEditPath}:  handle(talkPages.editCommentForm),
			{post, commentEditPath}: handle(talkPages.editComment),
		},
	}
}
