package core

import (
	"fmt"
	"slices"
)

// features are those of all areas. s may be nil when only the data is asked for.
func features(s *Services) []Feature {
	return []Feature{peopleFeature(s), journalFeature(s), albumFeature(s), lettersFeature(s)}
}

// What there is to know of each kind of news, thread and find, by their numbers: the data of all features. What functions they
// have belong to no services.
var (
	NewsKinds   = joinKinds("news", features(nil), func(f Feature) []NewsRow { return f.News }, func(r NewsRow) NewsKind { return r.Kind })
	ThreadKinds = joinKinds("thread", features(nil), func(f Feature) []ThreadRow { return f.Threads }, func(r ThreadRow) ThreadKind { return r.Kind })
	SearchKinds = joinKinds("find", features(nil), func(f Feature) []FindRow { return f.Finds }, func(r FindRow) SearchKind { return r.Kind })
)

// joinKinds puts the rows of all features into one table by their kind. The kinds are stored: each number has exactly one row,
// and none is left out. Anything else is a fault of the build.
func joinKinds[R any, K ~uint8](what string, features []Feature, of func(Feature) []R, kind func(R) K) []R {
	whose := map[K]string{}
	var rows []R
	for _, f := range features {
		for _, r := range of(f) {
			if other, ok := whose[kind(r)]; ok {
				panic(fmt.Sprintf("core: the features %q and %q both have the %s kind %d", other, f.Name, what, kind(r)))
			}
			whose[kind(r)] = f.Name
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b R) int { return int(kind(a)) - int(kind(b)) })
	for i, r := range rows {
		if int(kind(r)) != i {
			panic(fmt.Sprintf("core: no feature has the %s kind %d", what, i))
		}
	}
	return rows
}

// join gives the rooms that are common to all areas the rows of the areas.
func (s *Services) join(features []Feature) {
	s.newsRows = joinKinds("news", features, func(f Feature) []NewsRow { return f.News }, func(r NewsRow) NewsKind { return r.Kind })
	s.threads = joinKinds("thread", features, func(f Feature) []ThreadRow { return f.Threads }, func(r ThreadRow) ThreadKind { return r.Kind })
	s.findRows = joinKinds("find", features, func(f Feature) []FindRow { return f.Finds }, func(r FindRow) SearchKind { return r.Kind })
	unattached := Feature{Name: "core", Photos: []PhotoGate{{Unattached, s.unattachedGate}}}
	s.gates = joinKinds("photo", append(features, unattached), func(f Feature) []PhotoGate { return f.Photos }, func(g PhotoGate) Attachment { return g.Kind })
}

// Letters has the words of all letters that services send on their own.
type Letters interface {
	NewsWriter
	AccountLetters
}

// UseLetters says who writes the letters. Call it before the services are used; without it none are sent.
func (s *Services) UseLetters(l Letters) { s.letters, s.newsWriter = l, l }
