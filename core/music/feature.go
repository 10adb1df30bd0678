package music

import (
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/talk"
)

// Feature is what music brings. s may be nil when only the data is asked for.
func Feature(s *Service, said *talk.Service) feature.Feature {
	return feature.Feature{
		Name:    "music",
		News:    []news.Row{{Kind: PlaylistNews, Key: "playlist", ByThing: true, Letters: news.Letters{PC: true}, Title: s.playlistTitle}},
		Threads: []talk.Row{{Kind: OnPlaylist, Closed: ErrPlaylistClosed, News: PlaylistNews, Topic: s.playlistTopic}},
		Reports: []report.Row{
			{Kind: ReportedPlaylist, Key: "playlist", Look: s.reportedPlaylist, Hide: s.hideReported, Show: s.showReported, Delete: s.removeReported},
			said.Reports(ReportedComment, "playlistcomment", OnPlaylist),
		},
	}
}
