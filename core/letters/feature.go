package letters

import (
	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/report"
)

// Feature is what messages between members bring. s may be nil when only the data is asked for.
func Feature(s *Service) feature.Feature {
	return feature.Feature{
		Name:    "letters",
		News:    []news.Row{{Kind: MessageNews, Key: "message", Letters: news.Letters{PC: true, Handset: true}}},
		Photos:  []core.PhotoGate{{Kind: MessagePhoto, Name: "message", See: s.messageGate}},
		Reports: []report.Row{{Kind: ReportedMessage, Key: "message", Look: s.reportedMessage, Hide: s.hideMessage, Show: s.showMessage}},
	}
}
