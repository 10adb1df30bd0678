package network

import (
	"musubi/core"
	"musubi/core/album"
	"musubi/core/feature"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/people"
)

// features are those of all areas.
func features(s *Services) []feature.Feature {
	return []feature.Feature{people.Feature(s.People), journal.Feature(s.Journal), album.Feature(s.Album), letters.Feature(s.Letters)}
}

// What there is to know of each kind of news, thread and find, by their numbers: the data of all features. What functions they
// have belong to no services.
var (
	NewsKinds   = feature.Must(feature.News(features(&Services{})))
	ThreadKinds = feature.Must(feature.Threads(features(&Services{})))
	SearchKinds = feature.Must(feature.Finds(features(&Services{})))
)

// join gives the rooms that are common to all areas the rows of the areas.
func (s *Services) join(features []feature.Feature) {
	s.News.UseKinds(feature.Must(feature.News(features)))
	s.Talk.UseKinds(feature.Must(feature.Threads(features)))
	s.Search.UseKinds(feature.Must(feature.Finds(features)))
	unattached := feature.Feature{Name: "core", Photos: []core.PhotoGate{s.UnattachedGate()}}
	s.UseGates(feature.Must(feature.Photos(append(features, unattached))))
}
