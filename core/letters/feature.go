package letters

import (
	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
)

// Feature is what messages between members bring. s may be nil when only the data is asked for.
func Feature(s *Service) feature.Feature {
	return feature.Feature{
		Name:   "letters",
		News:   []news.Row{{Kind: MessageNews, Key: "message", Letters: news.Letters{PC: true, Handset: true}}},
		Photos: []core.PhotoGate{{Kind: MessagePhoto, Name: "message", See: s.messageGate}},
	}
}
