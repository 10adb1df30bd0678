package network

import (
	"errors"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/calendar"
	"musubi/core/community"
	"musubi/core/elsewhere"
	"musubi/core/feature"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/music"
	"musubi/core/people"
	"musubi/core/premium"
	"musubi/core/report"
	"musubi/core/review"
)

// features are those of all areas, and of the desk.
func features(s *Services) []feature.Feature {
	return []feature.Feature{people.Feature(s.People), journal.Feature(s.Journal, s.Talk), album.Feature(s.Album, s.Talk), music.Feature(s.Music, s.Talk), review.Feature(s.Review, s.Talk), letters.Feature(s.Letters), calendar.Feature(s.Calendar), elsewhere.Feature(s.Elsewhere), community.Feature(s.Community),
		{Name: "report", News: report.News(s.Report)}, {Name: "premium", News: premium.News(s.Premium)},
		{Name: "core", Photos: []core.PhotoGate{s.UnattachedGate()}}}
}

// Kinds are the data of all features. What functions they have belong to no services.
var Kinds = must(feature.Join(features(&Services{})))

// What there is to know of each kind of news, thread and find, and of where photos hang, by their numbers.
var (
	NewsKinds   = Kinds.News
	ThreadKinds = Kinds.Threads
	SearchKinds = Kinds.Finds
	PhotoKinds  = Kinds.Photos
	ReportKinds = Kinds.Reports
)

// must is for the features of the program itself: one that does not fit is a fault of the build.
func must(k feature.Kinds, err error) feature.Kinds {
	if err != nil {
		panic(err)
	}
	return k
}

// join gives the rooms that are common to all areas the rows of the areas.
func (s *Services) join(features []feature.Feature) error {
	k, err := feature.Join(features)
	if err != nil {
		return err
	}
	s.News.UseKinds(k.News)
	s.UseGates(k.Photos)
	s.Report.UseKinds(k.Reports)
	return errors.Join(s.Talk.UseKinds(k.Threads), s.Search.UseKinds(k.Finds))
}
