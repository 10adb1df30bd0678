package gateway

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// TestPartsOfAnAnswerToAForm: what a form is answered with has parts too, and each is a part of that answer: the form is sent once,
// and the page of its address is another. A form on it, in pieces or with text that its fields have no room for, is sent whole.
func TestPartsOfAnAnswerToAForm(t *testing.T) {
	long := strings.Repeat("確かめてください。", 400)
	body := "始め" + strings.Repeat("가나다라마바사 ", 30) + "末"
	for _, ua := range []string{"UP.Browser/3.01-CA11 UP.Link/3.2.3.8", "DoCoMo/1.0/N501i", "J-PHONE/3.0/J-SH07", "DoCoMo/2.0 P903i(c100;TB;W24H12)"} {
		t.Run(ua, func(t *testing.T) {
			posts, saved := 0, ""
			w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
				ctx.Response.Header.Set("Set-Cookie", "me=1")
				ctx.SetContentType("text/html; charset=utf-8")
				switch path := string(ctx.Path()); {
				case path == "/save":
					saved = string(ctx.PostArgs().Peek("body"))
					ctx.SetBodyString("<title>saved</title><p>saved")
				case ctx.IsPost():
					posts++
					fmt.Fprintf(ctx, "<title>preview</title><p>%s</p><p>%s</p><form action=/save method=post><textarea name=body>%s</textarea><p><input type=submit value=保存></form>", long, long, escaped(body))
				default:
					ctx.SetBodyString("<title>edit</title><form method=post action=/edit><input type=hidden name=a value=b><input type=submit value=確認></form>")
				}
			}, func(c *Config) { c.Foreign = true })
			p := w.phoneOf(ua)
			if _, err := p.Get("/edit"); err != nil {
				t.Fatal(err)
			}
			page, err := p.Submit(0)
			second := ""
			for n := 0; n < 40 && err == nil && page.Title != "saved"; n++ {
				if page.Title == "edit" || page.Status != 200 {
					t.Fatalf("part %d of the answer is %d %q", n, page.Status, page.Title)
				}
				if len(page.Forms) > 0 {
					f, pairs := page.Forms[0], []string(nil)
					if len(f.Buttons) > 0 && f.Buttons[0].Name != "" {
						pairs = []string{f.Buttons[0].Name, f.Buttons[0].Value}
					}
					page, err = p.Submit(0, pairs...)
					continue
				}
				if page, err = p.Follow("次へ"); second == "" && err == nil {
					second = page.URL
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if posts != 1 || saved != body {
				t.Errorf("the form was sent %d times; %q is stored", posts, saved)
			}
			if stranger := w.phoneOf(ua); second != "" {
				u, _ := url.Parse(second)
				if other, err := stranger.Get(withoutSession(u)); err != nil || other.Title != "edit" {
					t.Errorf("somebody else gets %q (%v)", other.Title, err)
				}
			} else if p.Handset().PageBudget < 10000 {
				t.Error("the answer has one part")
			}
		})
	}
}
