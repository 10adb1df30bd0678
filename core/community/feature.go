package community

import (
	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/search"
)

// Feature is what communities bring. s may be nil when only the data is asked for.
func Feature(s *Service) feature.Feature {
	if s == nil {
		s = &Service{common: &common{}, Roster: &Roster{}, Boards: &Boards{}}
	}
	both := news.Letters{PC: true, Handset: true}
	return feature.Feature{
		Name: "community",
		News: []news.Row{
			{Kind: RequestNews, Key: "communityrequest", ByThing: true, Letters: both, Title: s.communityTitle},
			{Kind: AcceptedNews, Key: "communityaccepted", ByThing: true, Letters: both, Title: s.communityTitle},
			{Kind: InvitationNews, Key: "communityinvitation", ByThing: true, Letters: both, Title: s.communityTitle},
			{Kind: OfferNews, Key: "communityoffer", ByThing: true, Letters: both, Title: s.communityTitle},
			{Kind: CommentNews, Key: "topic", ByThing: true, Letters: news.Letters{PC: true}, Title: s.threadTitle},
			{Kind: MentionNews, Key: "topicmention", ByThing: true, Letters: news.Letters{PC: true}, Title: s.threadTitle},
			{Kind: LikeNews, Key: "topiclike", ByThing: true, Title: s.threadTitle},
			{Kind: SuccessionNews, Key: "communitysuccession", ByThing: true, Own: true, Letters: both, Title: s.communityTitle},
			{Kind: PlaceNews, Key: "eventplace", ByThing: true, Own: true, Letters: both, Title: s.threadTitle},
			{Kind: EventNews, Key: "eventword", ByThing: true, Own: true, Letters: both, Title: s.threadTitle},
		},
		Finds:   []search.FindRow{{Kind: SearchCommunities, Most: maxFound}, {Kind: SearchThreads}},
		Reports: s.reports(),
		Photos: []core.PhotoGate{
			{Kind: Picture, Name: "community", See: s.pictureGate},
			{Kind: ThreadPhoto, Name: "topic", See: s.threadGate},
			{Kind: CommentPhoto, Name: "topiccomment", See: s.commentGate},
		},
	}
}
