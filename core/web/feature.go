package web

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
	"musubi/core/talk"
)

// A feature is what an area of the service brings to the pages, as data: its addresses and who may ask for them, its words,
// its places in menu and settings, and how its threads, news, finds and what can be reported are addressed. It names no handler; an [area] binds
// them. What is joined of all features is refused when two say different things of one, or none says anything.
type feature struct {
	name     string
	routes   []route
	words    wordTable
	menu     []menuItem
	settings []setting
	threads  map[talk.Kind]threadNames
	finds    map[search.Kind]find
	news     map[news.Kind]newsLinks
	reports  map[report.Kind]func(on report.Thing) string // the page of the thing
}

// features are all areas. A new one joins here, and in areas when it has pages.
var features = []*feature{
	&setupFeature, &choiceFeature,
	&siteFeature, &helpFeature, &accountFeature, &peopleFeature, &journalFeature, &albumFeature, &musicFeature, &reviewFeature, &lettersFeature, &mailpostFeature, &communityFeature, &communityEventFeature, &newsFeature, &pushFeature, &talkFeature,
	&calendarFeature, &elsewhereFeature, &bringFeature, &reportFeature, &premiumFeature, &searchFeature, &choresFeature, &operatorFeature, &consoleFeature, &policyFeature, &advertFeature,
}

// An area binds a feature's routes to the handlers that answer them.
type area struct {
	handlers    handlers
	threadPages threadPages
	previewers  previewers
}

type (
	// handlers answer the routes of a feature.
	handlers map[endpoint]handler
	// threadPages show the page that has a thread, with a comment that was not sent yet and what is wrong with it.
	threadPages map[talk.Kind]func(v *visit, on talk.Thread, typed string, w wrong) error
)

// areas binds all features. It is a function because handlers read what the features are joined to.
func areas() []area {
	return []area{
		setupArea(),
		siteArea(), accountArea(), peopleArea(), journalArea(), albumArea(), musicArea(), reviewArea(), lettersArea(), communityArea(), communityEventArea(), mailpostArea(), newsArea(), pushArea(), talkArea(), reportArea(), premiumArea(), calendarArea(), elsewhereArea(), bringArea(), searchArea(), choresArea(),
		operatorArea(), consoleArea(), policyArea(), advertArea(),
	}
}

// kinds are what the areas of core bring: there is a row of a feature for each.
var kinds = network.Kinds

// What features are joined to.
var (
	routes      = must(joinRoutes(features))
	catalogue   = must(joinWords(features))
	menuItems   = joinMenu(features)
	settings    = must(joinSettings(features))
	threads     = must(joinKinds("thread", len(kinds.Threads), features, func(f *feature) map[talk.Kind]threadNames { return f.threads }))
	finds       = must(joinKinds("find", len(kinds.Finds), features, func(f *feature) map[search.Kind]find { return f.finds }))
	reportLinks = must(joinKinds("report", len(kinds.Reports), features, (*feature).reportLinks))
	newsRows    = must(joinKinds("news", len(kinds.News), features, func(f *feature) map[news.Kind]newsLinks { return f.news }))
)

// must is for what is joined of tables in the program itself: a table that does not fit is a fault of the build.
func must[T any](joined T, err error) T {
	if err != nil {
		panic(err)
	}
	return joined
}

// joinKinds puts the rows of all features into one table by their kind. Each of the kinds has exactly one row.
func joinKinds[K ~uint8, R any](what string, kinds int, features []*feature, of func(*feature) map[K]R) ([]R, error) {
	rows, whose := make([]R, kinds), make([]string, kinds)
	for _, f := range features {
		for kind, row := range of(f) {
			switch {
			case int(kind) >= kinds:
				return nil, fmt.Errorf("web: feature %q has a row for the %s kind %d, of which core knows nothing", f.name, what, kind)
			case whose[kind] != "":
				return nil, fmt.Errorf("web: features %q and %q both have a row for the %s kind %d", whose[kind], f.name, what, kind)
			}
			rows[kind], whose[kind] = row, f.name
		}
	}
	if kind := slices.Index(whose, ""); kind >= 0 {
		return nil, fmt.Errorf("web: no feature has a row for the %s kind %d", what, kind)
	}
	return rows, nil
}

// joinWords makes one table of the features' words. A key that two of them have is refused: one would silently stand for
// the other.
func joinWords(features []*feature) (wordTable, error) {
	joined, whose := wordTable{}, map[string]string{}
	for _, f := range features {
		for key, row := range f.words {
			if other, ok := whose[key]; ok {
				return nil, fmt.Errorf("web: the word %q is in the tables of %q and %q; it needs one place, or two keys", key, other, f.name)
			}
			joined[key], whose[key] = row, f.name
		}
	}
	return joined, nil
}

// joinMenu puts the entries of the menu in their order.
func joinMenu(features []*feature) (items []menuItem) {
	for _, f := range features {
		items = append(items, f.menu...)
	}
	slices.SortFunc(items, func(a, b menuItem) int { return cmp.Compare(a.place, b.place) })
	return items
}

// joinRoutes is every route. An address that two features have is refused.
func joinRoutes(features []*feature) (table routeTable, err error) {
	table.exact = map[endpoint]*route{}
	for _, f := range features {
		for i := range f.routes {
			r := &f.routes[i]
			if _, ok := table.exact[r.endpoint()]; ok {
				return table, fmt.Errorf("web: the route %s %s stands twice; the second is in feature %q", r.method, r.path, f.name)
			}
			table.all = append(table.all, r)
			table.exact[r.endpoint()] = r
			if len(r.path) > 1 && strings.HasSuffix(r.path, "/") {
				table.prefixed = append(table.prefixed, r)
			}
		}
	}
	return table, nil
}

// joinAreas gives each route its handler, each kind of thread its page and pages their previews. It refuses a route without a handler, a
// handler or a preview that no route leads to, and a thread that no page shows.
func joinAreas(table routeTable, areas []area) (all area, err error) {
	all = area{handlers{}, threadPages{}, previewers{}}
	for _, a := range areas {
		for at, h := range a.handlers {
			switch {
			case table.exact[at] == nil:
				err = errors.Join(err, fmt.Errorf("web: a handler is bound to %s %s, which is no feature's route", at.method, at.path))
			case all.handlers[at] != nil:
				err = errors.Join(err, fmt.Errorf("web: two areas bind a handler to %s %s", at.method, at.path))
			}
			all.handlers[at] = h
		}
		for path, of := range a.previewers {
			if table.exact[endpoint{get, path}] == nil || all.previewers[path] != nil {
				err = errors.Join(err, fmt.Errorf("web: %s has two previews, or no page", path))
			}
			all.previewers[path] = of
		}
		for kind, show := range a.threadPages {
			if all.threadPages[kind] != nil {
				err = errors.Join(err, fmt.Errorf("web: two areas show the threads of kind %d", kind))
			}
			all.threadPages[kind] = show
		}
	}
	for _, r := range table.all {
		if all.handlers[r.endpoint()] == nil {
			err = errors.Join(err, fmt.Errorf("web: the route %s %s has no handler", r.method, r.path))
		}
	}
	for kind := range kinds.Threads {
		if all.threadPages[talk.Kind(kind)] == nil {
			err = errors.Join(err, fmt.Errorf("web: no area shows the threads of kind %d", kind))
		}
	}
	return all, err
}
