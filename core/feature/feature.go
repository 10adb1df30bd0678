// Package feature says what an area of life brings to what is common to all, and joins what all of them bring. It stands
// above news, talk and search, whose rows it holds, and below the areas, which declare a Feature each.
package feature

import (
	"fmt"
	"slices"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/talk"
)

// A Feature is what an area brings: what members are told of, what takes comments, what is found, and who sees the photos that
// hang there. It stands beside the nouns of the area; the rooms below know no area.
type Feature struct {
	Name    string // of the area's folder
	News    []news.Row
	Threads []talk.Row
	Finds   []search.FindRow
	Photos  []core.PhotoGate
}

// News are the kinds of news of all features, by their numbers.
func News(of []Feature) ([]news.Row, error) {
	return join("news", of, func(f Feature) []news.Row { return f.News }, func(r news.Row) news.Kind { return r.Kind })
}

// Threads are the kinds of threads of all features, by their numbers.
func Threads(of []Feature) ([]talk.Row, error) {
	return join("thread", of, func(f Feature) []talk.Row { return f.Threads }, func(r talk.Row) talk.Kind { return r.Kind })
}

// Finds are the kinds of things that can be found, by their numbers.
func Finds(of []Feature) ([]search.FindRow, error) {
	return join("find", of, func(f Feature) []search.FindRow { return f.Finds }, func(r search.FindRow) search.Kind { return r.Kind })
}

// Photos are the gates of all features, by the number of where photos hang.
func Photos(of []Feature) ([]core.PhotoGate, error) {
	return join("photo", of, func(f Feature) []core.PhotoGate { return f.Photos }, func(g core.PhotoGate) core.Attachment { return g.Kind })
}

// Must is for features of the program itself: one that does not fit is a fault of the build.
func Must[R any](rows []R, err error) []R {
	if err != nil {
		panic(err)
	}
	return rows
}

// join puts the rows of all features into one table by their kind. The kinds are stored: each number has exactly one row, and
// none is left out.
func join[R any, K ~uint8](what string, features []Feature, of func(Feature) []R, kind func(R) K) ([]R, error) {
	whose := map[K]string{}
	var rows []R
	for _, f := range features {
		for _, r := range of(f) {
			if other, ok := whose[kind(r)]; ok {
				return nil, fmt.Errorf("feature: %q and %q both have the %s kind %d", other, f.Name, what, kind(r))
			}
			whose[kind(r)] = f.Name
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b R) int { return int(kind(a)) - int(kind(b)) })
	for i, r := range rows {
		if int(kind(r)) != i {
			return nil, fmt.Errorf("feature: none has the %s kind %d", what, i)
		}
	}
	return rows, nil
}
