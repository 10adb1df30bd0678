package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// largeForm has more in it than a small screen can carry from part to part: long names, values that nobody sees, text in many fields.
func largeForm(method string) (page string, want map[string]string) {
	want = map[string]string{}
	var b strings.Builder
	hidden, fields, lost := 12, 16, "한글"
	if method == "get" { // all of it goes into an address, which has an end
		hidden, fields, lost = 3, 4, ""
	}
	fmt.Fprintf(&b, "<title>edit</title><p>はじめ<form method=%s action=/save>", method)
	for i := range hidden {
		name, value := fmt.Sprintf("hidden[%d][a_long_name_of_an_application]", i), strings.Repeat("値", 20)+fmt.Sprint(i)
		fmt.Fprintf(&b, "<input type=hidden name='%s' value='%s'>", name, value)
		want[name] = value
	}
	for i := range fields {
		name, value := fmt.Sprintf("field[%d][another_long_name]", i), strings.Repeat("あいう", 8)+lost+fmt.Sprint(i)
		fmt.Fprintf(&b, "<p>欄%d<input name='%s' value='%s'>", i, name, value)
		want[name] = value
	}
	b.WriteString("<p><select name=choice><option value='はい=1'>はい<option value=no selected>いいえ</select><p><input type=checkbox name=c value=on checked>印<input type=submit name=go value=保存></form><p>おわり")
	want["choice"], want["c"], want["go"] = "no", "on", "保存"
	return b.String(), want
}

// TestFormsLargerThanTheScreenCarries: a form whose answers and values leave no room for its fields is sent whole all the same, from every
// handset, by POST and by GET, and by another gateway of the same site.
func TestFormsLargerThanTheScreenCarries(t *testing.T) {
	for _, method := range []string{"post", "get"} {
		source, want := largeForm(method)
		for _, ua := range []string{"UP.Browser/3.01-CA11 UP.Link/3.2.3.8", "UP.Browser/3.04-TST4 UP.Link/3.4.4", "Nokia7110/1.0 (04.67)", "DoCoMo/1.0/N501i", "DoCoMo/1.0/D503i/c10", "J-PHONE/3.0/J-SH07", "DoCoMo/2.0 P903i(c100;TB;W24H12)"} {
			t.Run(method+" "+ua, func(t *testing.T) {
				shared := shelf{}
				got := map[string][]string{}
				w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
					ctx.Response.Header.Set("Set-Cookie", "me=1")
					ctx.SetContentType("text/html; charset=utf-8")
					if string(ctx.Path()) != "/save" {
						ctx.SetBodyString(source)
						return
					}
					args := ctx.PostArgs()
					if method == "get" {
						args = ctx.QueryArgs()
					}
					for k, v := range args.All() {
						got[string(k)] = append(got[string(k)], string(v))
					}
					ctx.SetBodyString("<title>saved</title><p>saved")
				}, func(c *Config) { c.Foreign, c.Shared = true, shared })
				p := w.phoneOf(ua)
				page, err := p.Get("/edit")
				for n := 0; n < 60 && err == nil && page.Title != "saved"; n++ {
					if page.Status != 200 || strings.Contains(page.Text, "使えません") {
						t.Fatalf("part %d is %d %q: %s", n, page.Status, page.Title, page.Text)
					}
					if n%2 == 1 { // what this process holds goes to the other
						w.g.held.forget()
					}
					switch {
					case len(page.Forms) > 0:
						f, pairs := page.Forms[0], []string(nil)
						if len(f.Buttons) > 0 && f.Buttons[0].Name != "" {
							pairs = []string{f.Buttons[0].Name, f.Buttons[0].Value}
						}
						page, err = p.Submit(0, pairs...)
					default:
						page, err = p.Follow(map[bool]string{false: "次へ", true: "Next"}[strings.HasPrefix(ua, "Nokia")])
					}
				}
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range want {
					if len(got[name]) != 1 || got[name][0] != value {
						t.Errorf("%s: %q, want %q", name, got[name], value)
					}
				}
				if len(got) != len(want) {
					t.Errorf("%d fields, want %d: %q", len(got), len(want), got)
				}
			})
		}
	}
}

// forget drops what is held here.
func (h *heldAnswers) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.byKey, h.bytes = nil, 0
	h.used.Init()
}

// TestHeldFormIsGone: what is not held any more is told, and nothing is sent.
func TestHeldFormIsGone(t *testing.T) {
	source, _ := largeForm("post")
	sent := 0
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		if ctx.IsPost() {
			sent++
		}
		ctx.SetBodyString(source)
	}, func(c *Config) { c.Foreign = true })
	p := w.phoneOf("DoCoMo/1.0/N501i")
	page, err := p.Get("/edit")
	for n := 0; n < 60 && err == nil && page.Status == 200 && sent == 0; n++ {
		if w.g.held.bytes > 0 {
			w.g.held.forget()
		}
		if len(page.Forms) == 0 {
			page, err = p.Follow("次へ")
			continue
		}
		page, err = p.Submit(0)
	}
	if err != nil || page.Status != 409 || sent != 0 {
		t.Errorf("%d, sent %d times, %v", page.Status, sent, err)
	}
}

// TestSEC34_HeldIsSealed: what gateways share does not tell what it is to who has not the word, and damage is nothing.
func TestSEC34_HeldIsSealed(t *testing.T) {
	a := &heldAnswer{key: "word", site: "site", owner: "owner", contentType: heldPieces, src: []byte("password=himitsu;"), until: time.Now().Add(time.Minute)}
	sealed := a.seal()
	if strings.Contains(string(sealed), "himitsu") || strings.Contains(sharedHeld("word"), "word") {
		t.Error("it can be read")
	}
	if b := openHeld("word", sealed); b == nil || string(b.src) != string(a.src) || b.owner != "owner" || !b.until.Equal(a.until) {
		t.Errorf("%+v", b)
	}
	sealed[len(sealed)/2] ^= 1
	if openHeld("word", sealed) != nil || openHeld("other", a.seal()) != nil {
		t.Error("damage, or another word, opens it")
	}
}

// TestPartsWhileTheCookieComes: the session leaves the links of pages when the probe comes back, and not between the parts of one, whose
// ends would move with the length of their links.
func TestPartsWhileTheCookieComes(t *testing.T) {
	var source strings.Builder
	source.WriteString("<title>long</title>")
	for i := range 400 {
		fmt.Fprintf(&source, "<p>第%d段<a href=/p/%d>題</a>", i, i)
	}
	for _, ua := range []string{"UP.Browser/3.01-CA11 UP.Link/3.2.3.8", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "DoCoMo/2.0 P903i(c100;TB;W24H12)", "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3"} {
		w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
			ctx.Response.Header.Set("Set-Cookie", "me=1")
			ctx.SetContentType("text/html; charset=utf-8")
			ctx.SetBodyString(source.String())
		}, func(c *Config) { c.Foreign = true })
		p, read, parts := w.phoneOf(ua), "", 1
		page, err := p.Get("/long")
		for ; err == nil; parts++ {
			read += page.Text
			if strings.Contains(page.Text, "第399段") {
				break
			}
			page, err = p.Follow("次へ")
		}
		for i := range 400 {
			if n := strings.Count(read, fmt.Sprintf("第%d段", i)); n != 1 {
				t.Errorf("%s: paragraph %d is read %d times", ua, i, n)
			}
		}
		if err != nil || parts < 3 && p.Handset().PageBudget < 10000 {
			t.Error(ua, parts, err)
		}
	}
}
