package web

import (
	"musubi/core/letters"
	"musubi/core/news"
	"musubi/core/report"
)

// lettersFeature is what there is of messages.
var lettersFeature = feature{
	name:  "letters",
	words: letterWords,
	routes: []route{
		{get, messagesPath, owner, 0},
		{get, messagePath, owner, 0},
		{get, messageSearchPath, owner, 0},
		{get, messagesWithPath, owner, 0},
		{get, messageWritePath, member, 0},
		{post, messageWritePath, member, pictures | kept},
		{post, "/message/move", owner, mayDelete},
		{post, "/message/empty", owner, deletes},
	},
	menu: []menuItem{
		{8, "8", messagesPath, "messages", ""},
	},
	reports: map[report.Kind]func(on report.Thing) string{
		letters.ReportedMessage: func(on report.Thing) string { return messageIDPath(on.ID) },
	},
	news: map[news.Kind]newsLinks{
		letters.MessageNews: {all: messagesPath, one: func(n news.News) string { return messageIDPath(n.Thing) }},
	},
}

func lettersArea() area {
	return area{
		handlers: handlers{
			{get, messagesPath}:      handle(letterPages.messages),
			{get, messagePath}:       handle(letterPages.message),
			{get, messageSearchPath}: handle(letterPages.findMessages),
			{get, messagesWithPath}:  handle(letterPages.conversation),
			{get, messageWritePath}:  handle(letterPages.messageForm),
			{post, messageWritePath}: handle(letterPages.writeMessage),
			{post, "/message/move"}:  handle(letterPages.moveMessage),
			{post, "/message/empty"}: handle(letterPages.emptyTrash),
		},
	}
}
