package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"musubi/core/album"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/talk"
)

// What does not fit together is refused by name when it is joined: a route without a handler, a handler without a route, a
// kind without its row, or anything twice.
func TestFeaturesThatDoNotFitAreRefused(t *testing.T) {
	nothing := func(*visit) error { return nil }
	toy := &feature{name: "toy", routes: []route{{get, "/toy", member, 0}, {post, "/toy/write", member, kept}}}
	table, err := joinRoutes(append(slices.Clone(features), toy))
	if err != nil {
		t.Fatal(err)
	}
	bound := area{handlers: handlers{{get, "/toy"}: nothing, {post, "/toy/write"}: nothing}}
	if _, err := joinAreas(table, append(areas(), bound)); err != nil {
		t.Errorf("an area that fits: %v", err)
	}
	without := func(kind talk.Kind) (list []area) {
		for _, a := range append(areas(), bound) {
			a.threadPages = maps.Clone(a.threadPages)
			delete(a.threadPages, kind)
			list = append(list, a)
		}
		return list
	}
	news := func(f *feature) map[news.Kind]newsLinks { return f.news }
	for name, refused := range map[string]struct {
		err  error
		says string
	}{
		"a route without a handler": {second(joinAreas(table, areas())), "POST /toy/write has no handler"},
		"a handler without a route": {second(joinAreas(table, append(areas(), bound, area{handlers: handlers{{get, "/toys"}: nothing}}))), "GET /toys, which is no feature's route"},
		"a handler twice":           {second(joinAreas(table, append(areas(), bound, bound))), "two areas bind a handler to GET /toy"},
		"a thread without a page":   {second(joinAreas(table, without(album.OnAlbum))), "no area shows the threads of kind 1"},
		"a route twice":             {first(joinRoutes([]*feature{toy, toy})), "GET /toy stands twice"},
		"a setting under no heading": {first(joinSettings([]*feature{{name: "toy", settings: []setting{{"settings.toys", 1, "/toy", "toy", ""}}}})),
			`feature "toy" puts /toy under "settings.toys"`},
		"a kind without a row":   {first(joinKinds("news", len(network.NewsKinds), []*feature{&journalFeature, &albumFeature}, news)), "no feature has a row for the news kind 0"},
		"a kind with two rows":   {first(joinKinds("news", len(network.NewsKinds), append(slices.Clone(features), &albumFeature), news)), `"album" and "album" both have a row for the news kind `},
		"a kind that is nowhere": {first(joinKinds("news", 3, features, news)), "of which core knows nothing"},
	} {
		if refused.err == nil || !strings.Contains(refused.err.Error(), refused.says) {
			t.Errorf("%s: %v, want %q", name, refused.err, refused.says)
		}
	}
}

func first[T any](_ T, err error) error  { return err }
func second[A any](_ A, err error) error { return err }

// operates asks on the admin listener.
func (w *world) operates(method, target string) reply {
	var ctx fasthttp.RequestCtx
	var req fasthttp.Request
	req.Header.SetMethod(method)
	req.SetRequestURI(target)
	ctx.Init(&req, nil, nil)
	w.site.AdminHandler(&ctx)
	return reply{status: ctx.Response.StatusCode(), body: string(ctx.Response.Body())}
}

// Every route with each of the four accesses in turn, asked for by nobody, by a member and on the admin listener: only who
// is let in reaches the handler, and what is an operator's is not there for anybody else.
func TestSEC110_AccessIsDecidedForEveryRoute(t *testing.T) {
	w := newWorld(t)
	me := w.as(w.member("花子"))
	reached := false
	for at := range w.site.handlers {
		w.site.handlers[at] = func(*visit) error { reached = true; return nil }
	}
	const nobody, someone, operator = "nobody", "a member", "the admin listener"
	let := map[access][]string{admin: {operator}, owner: {someone}, member: {someone}, public: {nobody, someone}}
	tried := 0
	for _, r := range routes.all {
		stated := r.access
		target := r.path
		if strings.HasSuffix(target, "/") && target != "/" {
			target += "1"
		}
		for access, in := range let {
			r.access = access
			for _, who := range []string{nobody, someone, operator} {
				if who == operator && (target == "/" || r.is(fixed)) { // / is the outbox there, and its style sheet is everybody's
					continue
				}
				reached = false
				var status int
				switch who {
				case nobody:
					status = w.browser().do(r.method, target, "application/x-www-form-urlencoded", []byte("sure=1")).status
				case someone:
					form := url.Values{tokenField: {w.site.newToken(w.sessionKey(me), r.path)}, sureField: {"1"}}.Encode()
					status = me.do(r.method, target, "application/x-www-form-urlencoded", []byte(form)).status
				case operator:
					status = w.operates(r.method, target).status
				}
				if want := slices.Contains(in, who); reached != want {
					t.Errorf("%s %s of access %d, asked for by %s: let in %v, want %v", r.method, target, access, who, reached, want)
				}
				if access == admin && who != operator && status != 404 {
					t.Errorf("%s %s is an operator's, and answers %s with %d", r.method, target, who, status)
				}
				tried++
			}
		}
		r.access = stated
	}
	if tried < 12*100 {
		t.Errorf("only %d cases", tried)
	}
}
