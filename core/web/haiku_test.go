package web

import (
	"context"
	"io"
	"net/url"
	"slices"
	"testing"

	qt "github.com/valyala/quicktemplate"

	"musubi/core"
	joined "musubi/core/feature"
	"musubi/core/internal/haiku"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/store"
	"musubi/core/talk"
)

// The pages of the toy area of core/internal/haiku, as docs/core.md says under "To add a kind of content": a feature, an area, and the
// words. Nothing else of the pages names it.

var haikuFeature = feature{
	name: "haiku",
	words: wordTable{
		"haiku": {"俳句", "Haiku"}, "haiku.write": {"俳句を詠む", "Write a haiku"}, "search.haiku": {"俳句", "Haiku"},
		"news.haiku": {"%sさんから俳句「%s」に返事", "%s replied to your haiku “%s”"}, "notice.haiku": {"俳句に返事が%d件", "Replies to your haiku: %d"}, "letter.haiku": {"俳句への返事", "A reply to your haiku"},
	},
	routes: []route{{get, "/haiku", member, 0}, {get, "/haiku/write", owner, 0}, {post, "/haiku/write", owner, kept}, {post, "/haiku/comment", member, kept}, {post, "/haiku/comment/delete", member, deletes}},
	menu:   []menuItem{{12, "", "/haiku/write", "haiku.write", ""}},
	threads: map[talk.Kind]threadNames{haiku.OnHaiku: {write: "/haiku/comment", remove: "/haiku/comment/delete", thing: "id", of: "haiku", page: "page",
		path: func(t talk.Thread) string { return haikuPath(t.Owner, t.Thing) }}},
	finds: map[search.Kind]find{haiku.Haikus: {name: "haiku", word: "search.haiku", path: haikuPath}},
	news:  map[news.Kind]newsLinks{haiku.CommentNews: {one: func(n news.News) string { return haikuPath(n.Member, n.Thing) }}},
}

func haikuPath(owner, id core.ID) string {
	return "/haiku?owner=" + owner.String() + "&id=" + id.String()
}

// haikuArea binds the routes to the service, which a world of its own makes.
func haikuArea(s func() *haiku.Service) area {
	show := func(v *visit, owner, id core.ID, typed string, w wrong) error {
		h, err := s().Haiku(v.ctx, v.viewer(), owner, id)
		if err != nil {
			return err
		}
		p := &haikuPage{frame: frame{v}, of: h}
		on, err := v.site.core.Talk.See(v.ctx, v.viewer(), haiku.Thread(h))
		if err != nil {
			return err
		}
		if p.talk, err = v.talk(on, typed, w); err != nil {
			return err
		}
		return v.show(p)
	}
	return area{
		handlers: handlers{
			{get, "/haiku"}: func(v *visit) error {
				owner, id, err := v.ownedID()
				if err != nil {
					return err
				}
				return show(v, owner, id, "", nil)
			},
			{get, "/haiku/write"}: func(v *visit) error { return v.show(&haikuForm{frame: frame{v}}) },
			{post, "/haiku/write"}: func(v *visit) error {
				return v.onceOr(func(w wrong) error { return v.show(&haikuForm{frame{v}, v.form.get("text"), w}) }, func(ctx context.Context) (string, error) {
					h, err := s().Write(ctx, v.member.ID, v.form.get("text"), core.Friends)
					return haikuPath(h.Owner, h.ID), err
				})
			},
			{post, "/haiku/comment"}:        writeComment(haiku.OnHaiku),
			{post, "/haiku/comment/delete"}: deleteComment(haiku.OnHaiku),
		},
		threadPages: threadPages{haiku.OnHaiku: func(v *visit, on talk.Thread, typed string, w wrong) error {
			return show(v, on.Owner, on.Thing, typed, w)
		}},
	}
}

// haikuPage shows one. An area of the house has this from a template.
type haikuPage struct {
	frame
	of   haiku.Haiku
	talk talkView
}

func (p *haikuPage) title() string            { return p.t("haiku") }
func (p *haikuPage) streamtitle(w *qt.Writer) { w.E().S(p.title()) }
func (p *haikuPage) writetitle(w io.Writer)   { streamed(w, p.streamtitle) }
func (p *haikuPage) main() string             { return "" }
func (p *haikuPage) streammain(w *qt.Writer) {
	w.N().S("<h1>")
	w.E().S(p.title())
	w.N().S("</h1><p>")
	w.E().S(p.of.Text)
	w.N().S("</p>")
	streamtalkSection(w, p.visit, &p.talk, "comments")
}
func (p *haikuPage) writemain(w io.Writer) { streamed(w, p.streammain) }

// haikuForm is the form for a new one.
type haikuForm struct {
	frame
	text  string
	wrong wrong
}

func (p *haikuForm) title() string            { return p.t("haiku.write") }
func (p *haikuForm) streamtitle(w *qt.Writer) { w.E().S(p.title()) }
func (p *haikuForm) writetitle(w io.Writer)   { streamed(w, p.streamtitle) }
func (p *haikuForm) main() string             { return "" }
func (p *haikuForm) streammain(w *qt.Writer) {
	w.N().S(`<form method="post" action="/haiku/write">`)
	streamtoken(w, p.visit, "/haiku/write")
	w.N().S(`<label for="text">`)
	w.E().S(p.t("haiku"))
	w.N().S(`</label><textarea id="text" name="text">`)
	w.E().S(p.text)
	w.N().S(`</textarea><em>`)
	w.E().S(p.wrong.of(p.visit, "text"))
	w.N().S(`</em><button type="submit" name="send" value="1">`)
	w.E().S(p.title())
	w.N().S(`</button></form>`)
}
func (p *haikuForm) writemain(w io.Writer) { streamed(w, p.streammain) }

func streamed(w io.Writer, stream func(w *qt.Writer)) {
	to := qt.AcquireWriter(w)
	stream(to)
	qt.ReleaseWriter(to)
}

// joinsHaiku joins the toy's pages to those of the house, as the variables of feature.go do, until the test ends.
func joinsHaiku(t *testing.T) {
	t.Helper()
	house, was := kinds, []any{features, routes, catalogue, menuItems, threads, finds, newsRows}
	t.Cleanup(func() {
		kinds, features, routes, catalogue = house, was[0].([]*feature), was[1].(routeTable), was[2].(wordTable)
		menuItems, threads, finds, newsRows = was[3].([]menuItem), was[4].([]threadNames), was[5].([]find), was[6].([]newsLinks)
	})
	toy := haiku.Feature(nil)
	kinds.News, kinds.Threads, kinds.Finds = slices.Concat(kinds.News, toy.News), slices.Concat(kinds.Threads, toy.Threads), slices.Concat(kinds.Finds, toy.Finds)
	features = append(slices.Clone(features), &haikuFeature)
	routes, catalogue, menuItems = must(joinRoutes(features)), must(joinWords(features)), joinMenu(features)
	threads = must(joinKinds("thread", len(kinds.Threads), features, func(f *feature) map[talk.Kind]threadNames { return f.threads }))
	finds = must(joinKinds("find", len(kinds.Finds), features, func(f *feature) map[search.Kind]find { return f.finds }))
	newsRows = must(joinKinds("news", len(kinds.News), features, func(f *feature) map[news.Kind]newsLinks { return f.news }))
}

// A new kind of content has its pages with a value and an area: it is in the menu, written with a form that keeps what was typed, shown to whom
// it may, commented on, told of on home with a link, and found.
func TestToyAreaHasPages(t *testing.T) {
	joinsHaiku(t)
	var toy *haiku.Service
	w := newWorldOf(t, func(st *store.Store, c *network.Config) {
		c.More = append(c.More, func(s *network.Services) joined.Feature {
			toy = haiku.New(s.Desk, haiku.Store{HaikuStore: haiku.DB{DB: st.Engine()}}, s.News, s.Search)
			return haiku.Feature(toy)
		})
	}, []area{haikuArea(func() *haiku.Service { return toy })}, haiku.Tables())
	basho, sora, other := w.member("芭蕉"), w.member("曾良"), w.member("其角")
	w.friends(basho, sora)
	b := w.as(basho)
	w.contains(b.get("/home"), `href="/haiku/write"`, "俳句を詠む")
	w.contains(b.post("/haiku/write", url.Values{"k": {tokenOn(t, b.get("/haiku/write").body, "/haiku/write")}, "text": {""}, "send": {"1"}}), "<textarea", "入力してください")
	sent := b.post("/haiku/write", url.Values{"k": {tokenOn(t, b.get("/haiku/write").body, "/haiku/write")}, "text": {"古池や<"}, "send": {"1"}})
	if sent.status != 302 {
		t.Fatalf("it is not written: %d %s", sent.status, sent.body)
	}
	friend := w.as(sora)
	w.contains(friend.get(sent.location), "古池や&lt;")
	if got := w.as(other).get(sent.location); got.status != 404 {
		t.Errorf("a stranger sees it: %d", got.status)
	}
	at, _ := url.Parse(sent.location)
	said := friend.post("/haiku/comment", url.Values{"k": {tokenOn(t, friend.get(sent.location).body, "/haiku/comment")},
		"owner": {basho.ID.String()}, "id": {at.Query().Get("id")}, "body": {"静か"}, "send": {"1"}})
	if said.status != 302 {
		t.Fatalf("nobody replies: %d %s", said.status, said.body)
	}
	w.contains(b.get("/home"), "俳句に返事が1件", `/haiku?owner=`)
	w.contains(b.get("/notices"), "曾良さんから俳句「古池や&lt;」に返事")
	w.contains(b.get(sent.location), "静か")
	w.must(w.core.Search.UpdateSearch(t.Context()))
	w.contains(friend.get("/search?in=haiku&q="+url.QueryEscape("古池")), at.Query().Get("id"))
}
