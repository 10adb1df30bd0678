package core

// journalFeature is what diaries bring. s may be nil when only the data is asked for.
func journalFeature(s *Services) Feature {
	return Feature{
		Name:    "journal",
		News:    []NewsRow{{Kind: CommentNews, Key: "comment", ByThing: true, Letters: NewsLetters{PC: true}, Title: s.diaryTitle}},
		Threads: []ThreadRow{{Kind: OnDiary, Closed: ErrCommentsClosed, News: CommentNews, Topic: s.diaryTopic}},
		Finds:   []FindRow{{Kind: SearchDiaries}},
		Photos:  []PhotoGate{{DiaryPhoto, s.diaryGate}},
	}
}
