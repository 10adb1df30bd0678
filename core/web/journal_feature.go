package web

import (
	"musubi/core/journal"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
	"musubi/core/talk"
)

// journalFeature is what there is of diaries.
var journalFeature = feature{
	name:  "journal",
	words: journalWords,
	routes: []route{
		{get, "/diary", member, 0},
		{get, "/diary/list", member, 0},
		{get, diaryPhotoPath, member, 0},
		{get, "/diary/friends", owner, 0},
		{get, "/diary/newest", member, 0},
		{get, "/diary/commented", owner, 0},
		{get, "/diary/write", owner, 0},
		{post, "/diary/write", owner, pictures | kept},
		{get, "/diary/edit", owner, 0},
		{get, draftsPath, owner, 0},
		{post, draftDeletePath, owner, deletes},
		{get, "/diary/delete", owner, 0},
		{post, "/diary/delete", owner, deletes},
		{post, diaryCommentPath, member, kept},
		{get, diaryVisibilityPath, owner, 0},
		{post, diaryVisibilityPath, owner, 0},
		{post, diaryCommentDeletePath, member, deletes},
		{get, categoriesPath, owner, 0},
		{post, categoriesPath, owner, mayDelete},
	},
	menu: []menuItem{
		{1, "1", "/diary/friends", "diary.friends", ""},
		{2, "2", "/diary/write", "diary.write", ""},
		{3, "3", "/diary/newest", "diary.newest", ""},
		{4, "4", "/diary/commented", "diary.commented", ""},
		{5, "5", "/diary/list", "diary.own", ""},
	},
	settings: []setting{
		{"settings.seen", 3, diaryVisibilityPath, "diaries.visibility", ""},
	},
	threads: map[talk.Kind]threadNames{
		journal.OnDiary: {write: diaryCommentPath, remove: diaryCommentDeletePath, thing: "id", of: "diary", page: "page", keys: true, report: journal.ReportedComment,
			path: func(t talk.Thread) string { return diaryPath(t.Owner, t.Thing) }},
	},
	finds: map[search.Kind]find{
		journal.SearchDiaries: {name: "diaries", word: "search.diaries", path: diaryPath},
	},
	reports: map[report.Kind]func(on report.Thing) string{
		journal.ReportedDiary: func(on report.Thing) string { return diaryPath(on.Owner, on.ID) },
	},
	news: map[news.Kind]newsLinks{
		journal.MentionNews: {one: func(n news.News) string { return diaryPath(n.Actor, n.Thing) }},
		journal.LikeNews:    {one: func(n news.News) string { return diaryPath(n.Member, n.Thing) }},
		journal.CommentNews: {one: func(n news.News) string { return diaryPath(n.Member, n.Thing) }},
	},
}

func journalArea() area {
	return area{
		handlers: handlers{
			{get, "/diary"}:                handle(journalPages.diary),
			{get, diaryPhotoPath}:          handle(journalPages.photo),
			{get, "/diary/list"}:           handle(journalPages.diaryList),
			{get, "/diary/friends"}:        handle(journalPages.friendsDiaries),
			{get, "/diary/newest"}:         handle(journalPages.everyonesDiaries),
			{get, "/diary/commented"}:      handle(journalPages.commentedDiaries),
			{get, "/diary/write"}:          handle(journalPages.diaryForm),
			{post, "/diary/write"}:         handle(journalPages.writeDiary),
			{get, "/diary/edit"}:           handle(journalPages.editDiaryForm),
			{get, "/diary/delete"}:         handle(journalPages.deleteDiaryForm),
			{get, draftsPath}:              handle(journalPages.drafts),
			{post, draftDeletePath}:        handle(journalPages.deleteDraft),
			{post, "/diary/delete"}:        handle(journalPages.deleteDiary),
			{post, diaryCommentPath}:       writeComment(journal.OnDiary),
			{get, diaryVisibilityPath}:     handle(journalPages.diaryVisibilityForm),
			{post, diaryVisibilityPath}:    handle(journalPages.setDiaryVisibility),
			{post, diaryCommentDeletePath}: deleteComment(journal.OnDiary),
			{get, categoriesPath}:          handle(journalPages.categories),
			{post, categoriesPath}:         handle(journalPages.changeCategory),
		},
		threadPages: threadPages{journal.OnDiary: func(v *visit, on talk.Thread, typed string, w wrong) error {
			return journalPages{v}.showDiary(on.Owner, on.Thing, typed, w)
		}},
	}
}
