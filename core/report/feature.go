package report

import "musubi/core/news"

// News are the kinds of news of reports. s may be nil when only the data is asked for.
func News(s *Service) []news.Row {
	return []news.Row{
		{Kind: AnsweredNews, Key: "reported", ByThing: true, Letters: news.Letters{PC: true}, Title: s.answeredTitle},
		{Kind: HeardNews, Key: "heard", ByThing: true, Letters: news.Letters{PC: true}, Title: s.answeredTitle},
		{Kind: MeasureNews, Key: "measure", ByThing: true, Letters: news.Letters{PC: true}},
	}
}
