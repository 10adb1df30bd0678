package album

import (
	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
	"musubi/core/talk"
)

// Feature is what albums bring. s may be nil when only the data is asked for.
func Feature(s *Service, said *talk.Service) feature.Feature {
	return feature.Feature{
		Name:    "album",
		News:    []news.Row{{Kind: CommentNews, Key: "album", ByThing: true, Letters: news.Letters{PC: true}, Title: s.albumTitle}, {Kind: LikeNews, Key: "albumlike", ByThing: true, Title: s.albumTitle}, {Kind: MentionNews, Key: "albummention", ByThing: true, Letters: news.Letters{PC: true}, Title: s.mentionTitle}},
		Threads: []talk.Row{{Kind: OnAlbum, Closed: ErrAlbumClosed, News: CommentNews, Liked: LikeNews, Mentioned: MentionNews, Topic: s.albumTopic, Piece: s.photoComments}},
		Finds:   []search.FindRow{{Kind: SearchAlbums, Batch: 8}},
		Photos:  []core.PhotoGate{{Kind: InAlbum, Name: "album", See: s.albumGate}, {Kind: HiddenPhoto, Name: "hidden", See: s.hiddenGate}},
		Reports: []report.Row{
			{Kind: ReportedAlbum, Key: "album", Look: s.reportedAlbum, Hide: s.hideReported, Show: s.showReported, Delete: s.removeReported},
			said.Reports(ReportedComment, "albumcomment", OnAlbum),
		},
	}
}
