package web

import (
	"musubi/core/news"
	"musubi/core/people"
	"musubi/core/report"
	"musubi/core/search"
)

// peopleFeature is what there is of people: profiles, friends, requests, endorsements, footprints, bookmarks and blocks.
var peopleFeature = feature{
	name:  "people",
	words: peopleWords,
	routes: []route{
		{get, "/member", member, 0},
		{get, "/friends", member, 0},
		{get, "/friend", member, 0},
		{get, "/friend/mutual", member, 0},
		{post, "/friend/home", owner, 0},
		{post, "/friend/remove", owner, deletes},
		{get, "/friend/request", member, 0},
		{post, "/friend/request", member, 0},
		{get, requestsPath, owner, 0},
		{post, "/friend/answer", owner, 0},
		{post, "/friend/withdraw", owner, 0},
		{get, "/friend/introduce", member, 0},
		{post, "/friend/introduce", member, 0},
		{post, "/friend/dismiss", owner, 0},
		{get, "/block", member, 0},
		{post, "/block", owner, 0},
		{get, blocksPath, owner, 0},
		{post, blocksPath, owner, 0},
		{get, footprintsPath, owner, 0},
		{post, footprintsPath, owner, 0},
		{get, bookmarksPath, owner, 0},
		{post, "/bookmark", owner, 0},
		{get, "/endorsements", member, 0},
		{get, "/endorsement/write", member, 0},
		{post, "/endorsement/write", member, kept},
		{post, "/endorsement/delete", owner, deletes},
		{get, "/member/more", member, 0},
		{get, "/settings/profile", owner, 0},
		{post, "/settings/profile", owner, 0},
		{get, "/settings/photos", owner, 0},
		{post, "/settings/photos", owner, pictures | mayDelete},
		{get, visibilityPath, owner, 0},
		{post, visibilityPath, owner, 0},
	},
	menu: []menuItem{
		{6, "6", "/friends", "friends", ""},
		{7, "7", "/member", "profile.own", ""},
		{10, "", footprintsPath, "footprints", "👣"},
		{13, "", bookmarksPath, "bookmarks", "📖"},
	},
	settings: []setting{
		{"settings.self", 1, "/settings/profile", "edit", ""},
		{"settings.self", 2, "/settings/photos", "settings.photos", ""},
		{"settings.seen", 1, visibilityPath, "visibility.fields", ""},
		{"settings.seen", 4, blocksPath, "block", ""},
	},
	finds: map[search.Kind]find{
		people.SearchMembers: {name: "members", word: "search.members"},
	},
	reports: map[report.Kind]func(on report.Thing) string{
		people.ReportedMember: func(on report.Thing) string { return memberPath(on.Owner) },
	},
	news: map[news.Kind]newsLinks{
		people.RequestNews:      {all: requestsPath},
		people.IntroductionNews: {all: requestsPath},
		people.AcceptedNews:     {one: func(n news.News) string { return memberPath(n.Actor) }},
		people.EndorsementNews:  {all: "/endorsements"},
		people.RoundNews:        {all: footprintsPath},
	},
}

func peopleArea() area {
	return area{
		previewers: previewers{"/member": previewOfMember},
		handlers: handlers{
			{get, "/member"}:              handle(profilePages.profile),
			{get, "/friends"}:             handle(friendPages.friends),
			{get, "/friend"}:              handle(friendPages.friend),
			{get, "/friend/mutual"}:       handle(friendPages.mutualFriends),
			{post, "/friend/home"}:        handle(friendPages.setOnHome),
			{post, "/friend/remove"}:      handle(friendPages.removeFriend),
			{get, "/friend/request"}:      handle(friendPages.requestForm),
			{post, "/friend/request"}:     handle(friendPages.requestFriend),
			{get, requestsPath}:           handle(friendPages.requests),
			{post, "/friend/answer"}:      handle(friendPages.answerRequest),
			{post, "/friend/withdraw"}:    handle(friendPages.withdrawRequest),
			{get, "/friend/introduce"}:    handle(friendPages.introduceForm),
			{post, "/friend/introduce"}:   handle(friendPages.introduce),
			{post, "/friend/dismiss"}:     handle(friendPages.dismissIntroduction),
			{get, "/block"}:               handle(friendPages.blockForm),
			{post, "/block"}:              handle(friendPages.block),
			{get, blocksPath}:             handle(friendPages.blocks),
			{post, blocksPath}:            handle(friendPages.unblock),
			{get, footprintsPath}:         handle(profilePages.footprints),
			{post, footprintsPath}:        handle(profilePages.changeFootprints),
			{get, bookmarksPath}:          handle(friendPages.bookmarks),
			{post, "/bookmark"}:           handle(friendPages.changeBookmark),
			{get, "/endorsements"}:        handle(profilePages.endorsements),
			{get, "/endorsement/write"}:   handle(profilePages.endorsementForm),
			{post, "/endorsement/write"}:  handle(profilePages.writeEndorsement),
			{post, "/endorsement/delete"}: handle(profilePages.deleteEndorsement),
			{get, "/member/more"}:         handle(profilePages.profileMore),
			{get, "/settings/profile"}:    handle(profilePages.profileForm),
			{post, "/settings/profile"}:   handle(profilePages.editProfile),
			{get, "/settings/photos"}:     handle(profilePages.profilePhotos),
			{post, "/settings/photos"}:    handle(profilePages.editProfilePhotos),
			{get, visibilityPath}:         handle(profilePages.visibilityForm),
			{post, visibilityPath}:        handle(profilePages.setVisibility),
		},
	}
}
