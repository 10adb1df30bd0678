package web

import (
	"musubi/core"
	"musubi/core/community"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
)

// communityFeature is what there is of communities and what stands in them.
var communityFeature = feature{
	name:  "community",
	words: communityWords,
	routes: []route{
		{get, communitiesPath, member, 0},
		{get, communityFindPath, member, 0},
		{get, communityNewestPath, owner, 0},
		{get, communityCommentedPath, owner, 0},
		{get, communityPath, member, 0},
		{get, communityWritePath, member, 0},
		{post, communityWritePath, member, kept},
		{get, communityPicturePath, member, 0},
		{post, communityPicturePath, member, pictures | mayDelete},
		{get, communityEndPath, member, 0},
		{post, communityEndPath, member, hashes},
		{get, communityJoinPath, member, 0},
		{post, communityJoinPath, member, 0},
		{post, communityLeavePath, member, deletes},
		{get, communityChoicesPath, member, 0},
		{post, communityChoicesPath, member, 0},
		{post, communityAnswerPath, member, 0},
		{get, communityInvitePath, member, 0},
		{post, communityInvitePath, member, 0},
		{get, communityMembersPath, member, 0},
		{get, communityMemberPath, member, 0},
		{post, communityMemberPath, member, mayDelete},
		{get, communityRequestsPath, member, 0},
		{post, communityRequestsPath, member, 0},
		{get, communityBlockedPath, member, 0},
		{post, communityBlockedPath, member, 0},
		{get, announcementsPath, member, 0},
		{post, announcementsPath, member, kept},
		{post, communityBookmarkPath, member, 0},
		{get, communityTopicsPath, member, 0},
		{get, topicPath, member, 0},
		{get, topicWritePath, member, 0},
		{post, topicWritePath, member, pictures | kept},
		{post, topicDeletePath, member, deletes},
		{post, topicPinPath, member, 0},
		{post, topicCommentPath, member, pictures | kept},
		{post, topicCommentDeletePath, member, deletes},
	},
	menu: []menuItem{
		{9, "", communitiesPath, "communities", "🏢"},
	},
	finds: map[search.Kind]find{
		community.SearchCommunities: {name: "communities", word: "communities", path: func(_, id core.ID) string { return communityIDPath(id) }},
		community.SearchThreads:     {name: "topics", word: "topics", path: func(_, id core.ID) string { return anyThreadPath(id) }},
	},
	reports: map[report.Kind]func(on report.Thing) string{
		community.ReportedThread:  func(on report.Thing) string { return anyThreadPath(on.ID) },
		community.ReportedComment: func(on report.Thing) string { return anyThreadPath(on.ID) },
	},
	news: map[news.Kind]newsLinks{
		community.RequestNews:    {one: func(n news.News) string { return communityRequestsPath + "?id=" + n.Thing.String() }},
		community.AcceptedNews:   {one: func(n news.News) string { return communityIDPath(n.Thing) }},
		community.InvitationNews: {one: func(n news.News) string { return communityIDPath(n.Thing) }},
		community.OfferNews:      {one: func(n news.News) string { return communityIDPath(n.Thing) }},
		community.CommentNews:    {one: func(n news.News) string { return anyThreadPath(n.Thing) }},
		community.MentionNews:    {one: func(n news.News) string { return anyThreadPath(n.Thing) }},
	},
}

func communityArea() area {
	return area{
		previewers: previewers{communityPath: previewOfCommunity, topicPath: previewOfBoard, eventPath: previewOfBoard, pollPath: previewOfBoard},
		handlers: handlers{
			{get, communitiesPath}:         handle(communityPages.communities),
			{get, communityFindPath}:       handle(communityPages.find),
			{get, communityNewestPath}:     handle(communityPages.newest),
			{get, communityCommentedPath}:  handle(communityPages.commented),
			{get, communityPath}:           handle(communityPages.community),
			{get, communityWritePath}:      handle(governPages.editForm),
			{post, communityWritePath}:     handle(governPages.write),
			{get, communityPicturePath}:    handle(governPages.pictureForm),
			{post, communityPicturePath}:   handle(governPages.setPicture),
			{get, communityEndPath}:        handle(governPages.endForm),
			{post, communityEndPath}:       handle(governPages.end),
			{get, communityJoinPath}:       handle(communityPages.joinForm),
			{post, communityJoinPath}:      handle(communityPages.join),
			{post, communityLeavePath}:     handle(communityPages.leave),
			{get, communityChoicesPath}:    handle(communityPages.choicesForm),
			{post, communityChoicesPath}:   handle(communityPages.choose),
			{post, communityAnswerPath}:    handle(communityPages.answer),
			{get, communityInvitePath}:     handle(communityPages.inviteForm),
			{post, communityInvitePath}:    handle(communityPages.invite),
			{get, communityMembersPath}:    handle(communityPages.members),
			{get, communityMemberPath}:     handle(governPages.memberForm),
			{post, communityMemberPath}:    handle(governPages.changeMember),
			{get, communityRequestsPath}:   handle(governPages.requests),
			{post, communityRequestsPath}:  handle(governPages.answerRequest),
			{get, communityBlockedPath}:    handle(governPages.blocked),
			{post, communityBlockedPath}:   handle(governPages.changeBlocked),
			{get, announcementsPath}:       handle(governPages.announcements),
			{post, announcementsPath}:      handle(governPages.announce),
			{post, communityBookmarkPath}:  handle(communityPages.bookmark),
			{get, communityTopicsPath}:     handle(topicPages.topics),
			{get, topicPath}:               handle(topicPages.topic),
			{get, topicWritePath}:          handle(topicPages.topicForm),
			{post, topicWritePath}:         handle(topicPages.write),
			{post, topicDeletePath}:        handle(topicPages.remove),
			{post, topicPinPath}:           handle(topicPages.pin),
			{post, topicCommentPath}:       handle(topicPages.comment),
			{post, topicCommentDeletePath}: handle(topicPages.removeComment),
		},
	}
}
