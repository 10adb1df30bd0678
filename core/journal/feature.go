package journal

import (
	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
	"musubi/core/talk"
)

// Feature is what diaries bring. s may be nil when only the data is asked for.
func Feature(s *Service, said *talk.Service) feature.Feature {
	return feature.Feature{
		Name:    "journal",
		News:    []news.Row{{Kind: CommentNews, Key: "comment", ByThing: true, Letters: news.Letters{PC: true}, Title: s.diaryTitle}, {Kind: LikeNews, Key: "like", ByThing: true, Title: s.diaryTitle}, {Kind: MentionNews, Key: "mention", ByThing: true, Letters: news.Letters{PC: true}, Title: s.mentionTitle}},
		Threads: []talk.Row{{Kind: OnDiary, Closed: ErrCommentsClosed, News: CommentNews, Liked: LikeNews, Mentioned: MentionNews, Topic: s.diaryTopic}},
		Finds:   []search.FindRow{{Kind: SearchDiaries}},
		Photos:  []core.PhotoGate{{Kind: DiaryPhoto, Name: "diary", See: s.diaryGate}, {Kind: DraftPhoto, Name: "diary_draft", See: s.draftGate}},
		Reports: []report.Row{
			{Kind: ReportedDiary, Key: "diary", Look: s.reportedDiary, Hide: s.hideDiary, Show: s.showDiary, Delete: s.removeReported},
			said.Reports(ReportedComment, "diarycomment", OnDiary),
		},
	}
}
