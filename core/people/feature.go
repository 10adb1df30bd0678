package people

import (
	"context"
	"musubi/core"
	"musubi/core/feature"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
)

// Feature is what profiles, friends, requests, introductions, endorsements and footprints bring. s may be nil when only
// the data is asked for.
func Feature(s *Service) feature.Feature {
	return feature.Feature{
		Name: "people",
		News: []news.Row{
			{Kind: RequestNews, Key: "request", Letters: news.Letters{PC: true, Handset: true}},
			{Kind: IntroductionNews, Key: "introduction", Letters: news.Letters{PC: true}, Title: s.introducedName},
			{Kind: AcceptedNews, Key: "accepted", Letters: news.Letters{PC: true}},
			{Kind: EndorsementNews, Key: "endorsement", Letters: news.Letters{PC: true}},
			{Kind: RoundNews, Key: "round", Numbered: true, Title: roundNumber},
		},
		Finds:   []search.FindRow{{Kind: SearchMembers, Person: true, Fields: profileKeys(), Text: "intro"}},
		Photos:  []core.PhotoGate{{Kind: ProfilePhoto, Name: "profile", See: s.profileGate}},
		Reports: []report.Row{{Kind: ReportedMember, Key: "member", Look: s.reportedMember, Hide: s.hideProfile, Show: s.showProfile}},
	}
}

// introducedName is the Title of an introduction: whom the member may meet.
func (s *Service) introducedName(ctx context.Context, n news.News) (string, error) {
	m, _, err := s.Member(ctx, core.Viewer{Member: n.Member}, n.Thing)
	return m.Name, err
}

// roundNumber is the Title of a footprint with a number that was waited for.
func roundNumber(_ context.Context, n news.News) (string, error) { return n.Thing.String(), nil }

func profileKeys() (keys []string) {
	for _, f := range ProfileFields {
		keys = append(keys, f.Key)
	}
	return keys
}
