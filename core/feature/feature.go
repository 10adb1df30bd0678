// Package feature says what an area of life brings to what is common to all, and joins what all of them bring. It stands
// above news, talk and search, whose rows it holds, and below the areas, which declare a Feature each.
package feature

import (
	"fmt"
	"slices"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
	"musubi/core/talk"
)

// A Feature is what an area brings: what members are told of, what takes comments, what is found, what can be
// reported, and who sees the photos that hang there. It stands beside the nouns of the area; the rooms below know no area.
type Feature struct {
	Name    string // of the area's folder
	News    []news.Row
	Threads []talk.Row
	Finds   []search.FindRow
	Photos  []core.PhotoGate
	Reports []report.Row
}

// Kinds are the rows of all features, each list by the numbers of its kinds.
type Kinds struct {
	News    []news.Row
	Threads []talk.Row
	Finds   []search.FindRow
	Photos  []core.PhotoGate
	Reports []report.Row
}

// Join puts the rows of all features together. It refuses a kind that two of them have or none, and a row that says too little
// to be used: what is forgotten shows before the first request.
func Join(features []Feature) (k Kinds, err error) {
	if k.News, err = ByKind("news", features, func(f Feature) (string, []news.Row) { return f.Name, f.News }, func(r news.Row) news.Kind { return r.Kind }); err != nil {
		return k, err
	}
	if k.Threads, err = ByKind("thread", features, func(f Feature) (string, []talk.Row) { return f.Name, f.Threads }, func(r talk.Row) talk.Kind { return r.Kind }); err != nil {
		return k, err
	}
	if k.Finds, err = ByKind("find", features, func(f Feature) (string, []search.FindRow) { return f.Name, f.Finds }, func(r search.FindRow) search.Kind { return r.Kind }); err != nil {
		return k, err
	}
	if k.Photos, err = ByKind("photo", features, func(f Feature) (string, []core.PhotoGate) { return f.Name, f.Photos }, func(g core.PhotoGate) core.Attachment { return g.Kind }); err != nil {
		return k, err
	}
	if k.Reports, err = ByKind("report", features, func(f Feature) (string, []report.Row) { return f.Name, f.Reports }, func(r report.Row) report.Kind { return r.Kind }); err != nil {
		return k, err
	}
	return k, k.check()
}

// check refuses rows that lack what the rooms below ask of them.
func (k Kinds) check() error {
	keys := map[string]bool{}
	for _, r := range k.News {
		if r.Key == "" || keys[r.Key] {
			return fmt.Errorf("feature: the news kind %d has the key %q; expected one of its own, which its words begin with", r.Kind, r.Key)
		}
		keys[r.Key] = true
	}
	for _, r := range k.Threads {
		if r.Topic == nil || r.Closed == nil {
			return fmt.Errorf("feature: the thread kind %d needs Topic, who may look at it, and Closed, what is said where no comments are wanted", r.Kind)
		}
		if int(r.News) >= len(k.News) {
			return fmt.Errorf("feature: the thread kind %d tells of the news kind %d, which none has", r.Kind, r.News)
		}
	}
	for _, r := range k.Finds {
		if r.Text != "" && !slices.Contains(r.Fields, r.Text) {
			return fmt.Errorf("feature: the find kind %d shows the field %q, which is not among its Fields", r.Kind, r.Text)
		}
	}
	for _, r := range k.Reports {
		if r.Key == "" || r.Look == nil || (r.Hide == nil) != (r.Show == nil) {
			return fmt.Errorf("feature: the report kind %d needs Key, what it is called, Look, who sees it, and Hide and Show together", r.Kind)
		}
	}
	for _, g := range k.Photos {
		if g.See == nil || g.Name == "" {
			return fmt.Errorf("feature: the photo kind %d needs See, who sees such a photo, and Name, what an export calls its place", g.Kind)
		}
	}
	return nil
}

// ByKind puts the rows of all who bring some into one table by their kind. The kinds are stored: each number has exactly one
// row, and none is left out.
func ByKind[O, R any, K ~uint8](what string, owners []O, of func(O) (name string, rows []R), kind func(R) K) ([]R, error) {
	whose := map[K]string{}
	var table []R
	for _, o := range owners {
		name, rows := of(o)
		for _, r := range rows {
			if other, ok := whose[kind(r)]; ok {
				return nil, fmt.Errorf("feature: %q and %q both have the %s kind %d", other, name, what, kind(r))
			}
			whose[kind(r)] = name
			table = append(table, r)
		}
	}
	slices.SortFunc(table, func(a, b R) int { return int(kind(a)) - int(kind(b)) })
	for i, r := range table {
		if int(kind(r)) != i {
			return nil, fmt.Errorf("feature: none has the %s kind %d", what, i)
		}
	}
	return table, nil
}
