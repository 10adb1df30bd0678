package gateway

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/gateway/door"

	"github.com/valyala/fasthttp"
	"golang.org/x/text/encoding/japanese"
)

// A crowdedWorld is a gateway with one place inside, which is taken until let is called, and one in each line, taken too.
type crowdedWorld struct {
	*world
	log     lockedBuffer
	waiting sync.WaitGroup
	answers chan *fasthttp.Response // to those inside and in line
	hold    chan struct{}
}

func newCrowd(t *testing.T) *crowdedWorld {
	c := &crowdedWorld{answers: make(chan *fasthttp.Response, 3), hold: make(chan struct{})}
	arrived := make(chan struct{}, 3)
	c.world = newWorld(t, func(ctx *fasthttp.RequestCtx) {
		if strings.HasPrefix(string(ctx.Path()), "/slow") {
			arrived <- struct{}{}
			<-c.hold
		}
		hello(ctx)
	}, func(cfg *Config) {
		cfg.Limits.Door = door.Limits{Inside: 1, Line: 1, Wait: time.Hour, Patience: time.Hour}
		cfg.Cheap = func(path string) bool { return path == "/style.css" }
		cfg.Log = c.log.logger()
	})
	t.Cleanup(c.let)
	c.waiting.Go(func() { c.answers <- c.get(anywhere, uaChrome, "/slow") })
	<-arrived
	c.waiting.Go(func() { c.answers <- c.get(anywhere, uaChrome, "/next") })
	c.waiting.Go(func() { c.answers <- c.post(anywhere, uaChrome, "/write", "body=kept") })
	for _, waiting := c.g.door.State(); waiting < 2; _, waiting = c.g.door.State() {
		time.Sleep(time.Millisecond) // they are on their way; nothing else ends this
	}
	c.requests()
	return c
}

// let ends the slow answer; calling it again does nothing.
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
	var b strings.Builder
	c.g.WriteMetrics(&b)
	if !strings.Contains(b.String(), "musubi_requests_inside 1\n") || !strings.Contains(b.String(), "musubi_requests_waiting 2\n") {
		t.Errorf("metrics: %s", b.String())
	}
}

// TestACrowdGoesAndEverybodyIsLetIn: those in line are answered when there is room, and then there is room for all.
func TestACrowdGoesAndEverybodyIsLetIn(t *testing.T) {
	c := newCrowd(t)
	if r := c.get(anywhere, uaChrome, "/home"); r.StatusCode() != 503 {
		t.Errorf("before: %d", r.StatusCode())
	}
	c.let()
	for range 3 {
		if r := <-c.answers; r.StatusCode() != 200 {
			t.Errorf("in line: %d", r.StatusCode())
		}
	}
	got := c.requests()
	if len(got) != 2 || !strings.HasPrefix(got[0], "POST /write") || !strings.HasPrefix(got[1], "GET /next") {
		t.Errorf("the line was served as %q, want the form first", got)
	}
	for range 3 {
		if r := c.get(anywhere, uaChrome, "/home"); r.StatusCode() != 200 {
			t.Errorf("afterwards: %d", r.StatusCode())
		}
	}
	if inside, waiting := c.g.door.State(); inside != 0 || waiting != 0 {
		t.Errorf("%d inside and %d waiting when all is over", inside, waiting)
	}
}

// TestAPanicLeavesTheDoor: a place is given back whatever happens inside.
func TestAPanicLeavesTheDoor(t *testing.T) {
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) { panic("upstream") }, func(cfg *Config) { cfg.Limits.Door = door.Limits{Inside: 1, Line: 1} })
	for i := range 3 {
		if r := w.get(anywhere, uaP903i, fmt.Sprintf("/%d", i)); r.StatusCode() != 500 {
			t.Errorf("request %d: %d", i, r.StatusCode())
		}
	}
}
