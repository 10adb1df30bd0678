package web

import (
	"musubi/core/community"
	"musubi/core/news"
)

// communityEventFeature is what there is of events and polls of communities.
var communityEventFeature = feature{
	name:  "events",
	words: communityEventWords,
	routes: []route{
		{get, eventsPath, member, 0},
		{get, eventPath, member, 0},
		{get, eventFilePath, member, 0},
		{get, eventMembersPath, member, 0},
		{post, eventAttendPath, member, 0},
		{get, eventWritePath, member, 0},
		{post, eventWritePath, member, pictures | kept},
		{get, eventTellPath, member, 0},
		{post, eventTellPath, member, kept},
		{get, pollsPath, member, 0},
		{get, pollPath, member, 0},
		{get, pollVotersPath, member, 0},
		{post, pollVotePath, member, 0},
		{get, pollWritePath, member, 0},
		{post, pollWritePath, member, pictures | kept},
	},
	news: map[news.Kind]newsLinks{
		community.PlaceNews: {one: func(n news.News) string { return eventPath + "?id=" + n.Thing.String() }},
		community.EventNews: {one: func(n news.News) string { return eventPath + "?id=" + n.Thing.String() }},
	},
}

func communityEventArea() area {
	return area{
		handlers: handlers{
			{get, eventsPath}:       handle(eventPages.events),
			{get, eventPath}:        handle(eventPages.event),
			{get, eventFilePath}:    handle(eventPages.file),
			{get, eventMembersPath}: handle(eventPages.attendees),
			{post, eventAttendPath}: handle(eventPages.attend),
			{get, eventWritePath}:   handle(eventPages.eventForm),
			{post, eventWritePath}:  handle(eventPages.write),
			{get, eventTellPath}:    handle(eventPages.tellForm),
			{post, eventTellPath}:   handle(eventPages.tell),
			{get, pollsPath}:        handle(pollPages.polls),
			{get, pollPath}:         handle(pollPages.poll),
			{get, pollVotersPath}:   handle(pollPages.voters),
			{post, pollVotePath}:    handle(pollPages.vote),
			{get, pollWritePath}:    handle(pollPages.pollForm),
			{post, pollWritePath}:   handle(pollPages.write),
		},
	}
}
