package gateway

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/carriers"
	"musubi/gateway/door"
	"musubi/transcode/page"

	"github.com/valyala/fasthttp"
	"golang.org/x/text/encoding/japanese"
)

// A crowdedWorld is a gateway with one place inside for pages and one for forms, which are taken until let is called, and one
// in each line, taken too.
type crowdedWorld struct {
	*world
	log     lockedBuffer
	waiting sync.WaitGroup
	answers chan *fasthttp.Response // to those inside and in line
	hold    chan struct{}
}

func newCrowd(t *testing.T) *crowdedWorld {
	c := &crowdedWorld{answers: make(chan *fasthttp.Response, 4), hold: make(chan struct{})}
	arrived := make(chan struct{}, 4)
	c.world = newWorld(t, func(ctx *fasthttp.RequestCtx) {
		if strings.HasPrefix(string(ctx.Path()), "/slow") {
			arrived <- struct{}{}
			<-c.hold
		}
		hello(ctx)
	}, func(cfg *Config) {
		cfg.Limits.Door = door.Limits{Inside: 1, Forms: 1, Line: 1, Wait: time.Hour}
		cfg.Kind = func(method, path string, body int) door.Kind {
			if path == "/style.css" {
				return door.Free
			}
			return kindOf(method, path, body)
		}
		cfg.Log = c.log.logger()
	})
	t.Cleanup(c.let)
	get := func(path string) func() { return func() { c.answers <- c.get(anywhere, uaChrome, path) } }
	post := func(path string) func() {
		return func() { c.answers <- c.post(anywhere, uaChrome, path, "body=kept") }
	}
	c.waiting.Go(get("/slow"))
	c.waiting.Go(post("/slow/write"))
	<-arrived
	<-arrived
	c.waiting.Go(get("/next"))
	c.waiting.Go(post("/write"))
	c.inLine(door.Page, 1)
	c.inLine(door.Form, 1)
	c.requests()
	return c
}

// inLine waits until so many stand in line: they are on their way, and nothing else ends this.
func (w *world) inLine(k door.Kind, n int) {
	for w.g.door.State(k).Waiting < n {
		time.Sleep(time.Millisecond)
	}
}

// let ends the slow answers; calling it again does nothing.
func (c *crowdedWorld) let() {
	select {
	case <-c.hold:
	default:
		close(c.hold)
	}
	c.waiting.Wait()
}

// TestACrowdIsToldSoInItsOwnCharset: whoever cannot get in has a small page in their own markup and charset at once, the
// upstream hears nothing of it, and a form is told that nothing was stored.
func TestACrowdIsToldSoInItsOwnCharset(t *testing.T) {
	c := newCrowd(t)
	for _, row := range []struct{ name, ua, charset, english string }{
		{"P903i", uaP903i, "shift_jis", ""}, {"CA39", uaCA39, "shift_jis", ""}, {"910T", ua910T, "utf-8", ""},
		{"N501i", "DoCoMo/1.0/N501i/c5", "shift_jis", ""}, {"PC", uaChrome, "utf-8", ""}, {"English PC", uaChrome, "utf-8", "Accept-Language: en"},
	} {
		page, form := "アクセスが集中しています", "まだ保存されていません"
		if row.english != "" {
			page, form = "Please try again in a moment", "Nothing of what you sent has been stored"
		}
		header := []string{"X-Test: 1"}
		if row.english != "" {
			header[0] = row.english
		}
		for want, r := range map[string]*fasthttp.Response{page: c.get(anywhere, row.ua, "/home", header...), form: c.post(anywhere, row.ua, "/write", "body=lost", header...)} {
			body := string(r.Body())
			if row.charset == "shift_jis" {
				body, _ = japanese.ShiftJIS.NewDecoder().String(body)
			}
			if r.StatusCode() != 503 || string(r.Header.Peek("Retry-After")) != "5" || r.ConnectionClose() || len(r.Body()) > 1000 ||
				!strings.Contains(body, want) || !strings.Contains(strings.ToLower(string(r.Header.ContentType())), row.charset) {
				t.Errorf("%s: %d, %d bytes, want %q:\n%s%s", row.name, r.StatusCode(), len(r.Body()), want, &r.Header, body)
			}
		}
	}
	if got := c.requests(); len(got) > 0 {
		t.Errorf("the upstream was asked all the same: %q", got)
	}
	if n := strings.Count(c.log.String(), `"why":"crowd"`); n == 0 || n > 6 {
		t.Errorf("%d lines about a crowd of twelve, want about one a second", n)
	}
}

// TestWhatIsCheapIsAnsweredInACrowd: style sheets and the gateway's own pages need no place.
func TestWhatIsCheapIsAnsweredInACrowd(t *testing.T) {
	c := newCrowd(t)
	if r := c.get(anywhere, uaChrome, "/style.css"); r.StatusCode() != 200 {
		t.Errorf("style sheet: %d", r.StatusCode())
	}
	if r := c.get(anywhere, uaChrome, "/_/go?u=http%3A%2F%2Fother.example%2F"); r.StatusCode() != 200 {
		t.Errorf("cushion: %d", r.StatusCode())
	}
	c.get(anywhere, uaChrome, "/home")
	for want, n := range map[string]int{`musubi_requests_inside{kind="page"}`: 1, `musubi_requests_waiting{kind="form"}`: 1, `musubi_requests_inside{kind="labor"}`: 0,
		`musubi_requests_turned_away_total{kind="page"}`: 1, `musubi_requests_turned_away_total{kind="form"}`: 0} {
		var b strings.Builder
		if c.g.WriteMetrics(&b); !strings.Contains(b.String(), fmt.Sprintf("%s %d\n", want, n)) {
			t.Errorf("%s is not %d in %s", want, n, b.String())
		}
	}
}

// TestACrowdGoesAndEverybodyIsLetIn: those in line are answered when there is room, and then there is room for all.
func TestACrowdGoesAndEverybodyIsLetIn(t *testing.T) {
	c := newCrowd(t)
	if r := c.get(anywhere, uaChrome, "/home"); r.StatusCode() != 503 {
		t.Errorf("before: %d", r.StatusCode())
	}
	c.let()
	for range 4 {
		if r := <-c.answers; r.StatusCode() != 200 {
			t.Errorf("in line: %d", r.StatusCode())
		}
	}
	if got := strings.Join(c.requests(), ""); strings.Count(got, "POST /write ") != 1 || strings.Count(got, "GET /next ") != 1 {
		t.Errorf("of the lines the upstream heard %q", got)
	}
	for range 3 {
		if r := c.get(anywhere, uaChrome, "/home"); r.StatusCode() != 200 {
			t.Errorf("afterwards: %d", r.StatusCode())
		}
	}
	for _, k := range door.Kinds {
		if s := c.g.door.State(k); s.Inside != 0 || s.Waiting != 0 {
			t.Errorf("when all is over, %s: %+v", k, s)
		}
	}
}

// TestPagesComeWhileTheWriterIsStuck: forms that wait for a writer who does not get on hold their own places and no page's.
// Those that find none change nothing, and are told so; those inside are stored when the writer goes on.
func TestPagesComeWhileTheWriterIsStuck(t *testing.T) {
	stuck, stored := make(chan struct{}), make(chan string, 100)
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		if ctx.IsPost() {
			<-stuck
			stored <- string(ctx.FormValue("body"))
		}
		hello(ctx)
	}, func(cfg *Config) {
		cfg.Limits.Door = door.Limits{Inside: 4, Forms: 4, Line: 4, Wait: time.Hour}
	})
	var forms sync.WaitGroup
	answers := make(chan int, 8)
	for i := range 8 {
		forms.Go(func() { answers <- w.post(anywhere, uaP903i, "/write", fmt.Sprint("body=", i)).StatusCode() })
	}
	w.inLine(door.Form, 4)
	for _, ua := range []string{uaP903i, uaCA39, ua910T, uaChrome} {
		for range 10 { // more than there are places
			if r := w.get(anywhere, ua, "/home"); r.StatusCode() != 200 {
				t.Errorf("a page while the writer is stuck: %d", r.StatusCode())
			}
		}
		if r := w.post(anywhere, ua, "/write", "body=refused"); r.StatusCode() != 503 {
			t.Errorf("a form without a place: %d", r.StatusCode())
		}
	}
	close(stuck)
	forms.Wait()
	for range 8 {
		if status := <-answers; status != 200 {
			t.Errorf("a form that was let in: %d", status)
		}
	}
	close(stored)
	seen := map[string]bool{}
	for body := range stored {
		seen[body] = true
	}
	if len(seen) != 8 || seen["refused"] {
		t.Errorf("stored: %v, want the eight that were let in", seen)
	}
}

// TestReadyPagesAreThoseOfEveryHandset: a page that was made for the first handset of a kind is byte for byte what every
// other would have got.
func TestReadyPagesAreThoseOfEveryHandset(t *testing.T) {
	handsets := []carriers.Handset{{}} // a browser
	for _, m := range carriers.Models() {
		h, _, _ := carriers.ModelHandset(m.Token)
		handsets = append(handsets, h)
	}
	registry, err := carriers.New(carriers.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ua := range []string{uaP903i, uaCA39, ua910T, uaChrome, "DoCoMo/2.0 X99(c100;TB;W99H99)", "KDDI-XX99 UP.Browser/6.2", "J-PHONE/3.0/J-XX01", "UP.Browser/3.04-XX01 UP.Link/3.4.5", "Mozilla/3.0(WILLCOM;XX/XX;1/1/C128) NetFront/3.3", ""} {
		handsets = append(handsets, registry.Identify(carriers.Request{UserAgent: ua}))
	}
	var ready readyPages
	for _, k := range []*kind{errCrowded, errCrowdedForm, errMethod, errWrongHost} {
		for _, english := range []bool{false, true} {
			for _, h := range handsets {
				got := ready.of(readyKeyOf(k, english, &h), []string{"GET"})
				want, info, err := page.Render(nil, &h, errorPage(nil, k, english), page.Options{URL: "http://" + ourHost + "/diary?id=1", ContentType: canonicalType})
				if err != nil {
					t.Fatal(err)
				}
				if string(got.body) != string(want) || string(got.header.ContentType()) != info.ContentType || got.header.StatusCode() != k.status {
					t.Errorf("%s %s: %d\n%s\n%s\nwant\n%s", h.Carrier, h.Model, got.header.StatusCode(), &got.header, got.body, want)
				}
				if len(got.body) >= readyBytes {
					t.Errorf("%s %s: %d bytes", h.Carrier, h.Model, len(got.body))
				}
			}
		}
	}
	t.Logf("%d pages", len(ready.pages))
	// four of the kinds of refusals are some fifth of all
	if n := len(ready.pages); n > maxReady/10 {
		t.Errorf("%d pages are kept for the shipped tables; maxReady should leave room for an operator's own", n)
	}
}

// TestReadyPagesAreBounded: what is not kept is made all the same.
func TestReadyPagesAreBounded(t *testing.T) {
	var ready readyPages
	h := carriers.Handset{Carrier: carriers.DoCoMo, Dialect: carriers.Dialect{Family: carriers.CHTML, Major: 5}, Charset: carriers.ShiftJIS}
	for _, k := range []*kind{errCrowded, errCrowdedForm, errBusy} {
		for h.PageBudget = range 10 * readyBytes { // as handsets may say in their User-Agents
			if p := ready.of(readyKeyOf(k, false, &h), nil); len(p.body) == 0 {
				t.Fatalf("budget %d: %+v", h.PageBudget, p)
			}
		}
	}
	if len(ready.pages) != maxReady {
		t.Errorf("%d are kept, want %d", len(ready.pages), maxReady)
	}
	ready = readyPages{}
	for h.PageBudget = readyBytes; h.PageBudget < 10*readyBytes; h.PageBudget++ {
		ready.of(readyKeyOf(errCrowded, false, &h), nil)
	}
	if len(ready.pages) != 1 {
		t.Errorf("%d are kept of one kind of handset", len(ready.pages))
	}
}

// TestAPanicLeavesTheDoor: a place is given back whatever happens inside.
func TestAPanicLeavesTheDoor(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) { panic("upstream") }, func(cfg *Config) { cfg.Limits.Door = door.Limits{Inside: 1, Forms: 1, Line: 1} })
	for i := range 3 {
		if r := w.get(anywhere, uaP903i, fmt.Sprintf("/%d", i)); r.StatusCode() != 500 {
			t.Errorf("request %d: %d", i, r.StatusCode())
		}
	}
}
