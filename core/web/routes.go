package web

import (
	"strings"

	"github.com/valyala/fasthttp"
)

// An access says who may ask for a route. The zero value is the strictest that a route can forget to state.
type access uint8

const (
	admin   access = iota // operators, on the admin listener only
	owner                 // a member, and only about what is their own
	member                // any member; core's permission function decides about each thing
	public                // everyone: the fixed list of SEC-110
	console               // operators who have logged in to the console, on the admin listener only (SEC-105)
)

// A trait is what else there is to know of a route before its handler runs.
type trait uint16

const (
	pictures   trait = 1 << iota // a form with pictures: may be maxUpload large
	kept                         // a form with a member's own words, which must not be lost when a login or a page has expired: its handler shows it again, filled in and unsent, when the button "edit" was pressed
	hashes                       // a form with a password to hash
	writes                       // writes although it is asked for with GET
	deletes                      // takes away what does not come back: asks before it does (askFirst), also when a link leads to it
	mayDelete                    // does so when the button "delete" was pressed
	fixed                        // a file of the program: the same for everybody
	raw                          // no form: a body that its handler reads
	forAny                       // of the console: whoever has logged in there
	forReports                   // of the console: who answers reports
	forFigures                   // of the console: who reads figures; without one of the three: who may do everything
	program                      // asked for by programs, not people: no form of ours, the handler reads and answers in their own way
	onPC                         // for a PC alone, as it was in the model: a handset is told so in one sentence
	films                        // a form with films: may have as many bytes as one film and some text
)

// A route is one method and path. A path that ends in "/" (but the root) stands for everything below it.
type route struct {
	method, path string
	access       access
	traits       trait
}

func (r *route) is(t trait) bool { return r.traits&t != 0 }

func (r *route) endpoint() endpoint { return endpoint{r.method, r.path} }

// An endpoint names a route.
type endpoint struct{ method, path string }

// A handler answers a request of one route.
type handler func(*visit) error

// handle makes a handler of a method of an area's pages: each area has a receiver of its own around the visit.
func handle[P ~struct{ *visit }](answer func(P) error) handler {
	return func(v *visit) error { return answer(P{v}) }
}

const (
	get  = fasthttp.MethodGet
	post = fasthttp.MethodPost
)

// A routeTable is every address of the site. Tests enumerate it: a new row is tried without a login, with another member's
// session and without a form token before anybody writes a test for it.
type routeTable struct {
	all      []*route
	exact    map[endpoint]*route
	prefixed []*route
}

// asks gives the form that deletes what a link names: the answer to such a link is the question.
func (t *routeTable) asks(method, path string) (*route, bool) {
	r := t.exact[endpoint{post, path}]
	return r, method == get && r != nil && r.is(deletes)
}

// find gives the route of a request.
func (t *routeTable) find(method, path string) (*route, bool) {
	if r, ok := t.exact[endpoint{method, path}]; ok {
		return r, true
	}
	for _, r := range t.prefixed {
		if r.method == method && strings.HasPrefix(path, r.path) {
			return r, true
		}
	}
	return nil, false
}
