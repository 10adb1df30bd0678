package web

import (
	"musubi/core/news"
	"musubi/core/report"
)

// Addresses of reports.
const (
	reportPath   = "/report"
	reportsPath  = "/reports"
	heardPath    = "/report/heard"
	measuresPath = "/measures"
	replyPath    = "/measures/reply"
)

// reportFeature is how members report things, and what they are told of it. What operators do is the console's.
var reportFeature = feature{
	name:  "report",
	words: reportWords,
	routes: []route{
		{get, reportPath, member, 0},
		{post, reportPath, member, kept},
		{get, reportsPath, owner, 0},
		{get, heardPath, member, 0},
		{get, measuresPath, owner, 0},
		{post, replyPath, owner, kept},
		{get, outsidePath, public, 0},
		{post, outsidePath, public, 0},
	},
	settings: []setting{
		{"settings.more", 1, reportsPath, "reports", "❗"},
	},
	news: map[news.Kind]newsLinks{
		report.AnsweredNews: {all: reportsPath},
		report.HeardNews:    {one: func(n news.News) string { return heardPath + "?id=" + n.Thing.String() }},
		report.MeasureNews:  {all: measuresPath},
	},
}

func reportArea() area {
	return area{handlers: handlers{
		{get, reportPath}:   handle(reportPages.ask),
		{post, reportPath}:  handle(reportPages.file),
		{get, reportsPath}:  handle(reportPages.mine),
		{get, heardPath}:    handle(reportPages.heard),
		{get, measuresPath}: handle(reportPages.measures),
		{post, replyPath}:   handle(reportPages.reply),
		{get, outsidePath}:  handle(reportPages.outsideForm),
		{post, outsidePath}: handle(reportPages.fileOutside),
	}}
}
