package core

import "context"

// peopleFeature is what profiles, friends, requests, introductions, endorsements and footprints bring. s may be nil when only
// the data is asked for.
func peopleFeature(s *Services) Feature {
	return Feature{
		Name: "people",
		News: []NewsRow{
			{Kind: RequestNews, Key: "request", Letters: NewsLetters{PC: true, Handset: true}},
			{Kind: IntroductionNews, Key: "introduction", Letters: NewsLetters{PC: true}, Title: s.introducedName},
			{Kind: AcceptedNews, Key: "accepted", Letters: NewsLetters{PC: true}},
			{Kind: EndorsementNews, Key: "endorsement", Letters: NewsLetters{PC: true}},
			{Kind: RoundNews, Key: "round", Numbered: true, Title: roundNumber},
		},
		Finds:  []FindRow{{Kind: SearchMembers, Person: true, Fields: profileKeys(), Text: "intro"}},
		Photos: []PhotoGate{{ProfilePhoto, s.profileGate}},
	}
}

// introducedName is the Title of an introduction: whom the member may meet.
func (s *Services) introducedName(ctx context.Context, n News) (string, error) {
	m, _, err := s.Member(ctx, Viewer{Member: n.Member}, n.Thing)
	return m.Name, err
}

// roundNumber is the Title of a footprint with a number that was waited for.
func roundNumber(_ context.Context, n News) (string, error) { return n.Thing.String(), nil }

func profileKeys() (keys []string) {
	for _, f := range ProfileFields {
		keys = append(keys, f.Key)
	}
	return keys
}
