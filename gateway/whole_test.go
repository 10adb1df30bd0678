package gateway

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/gateway/phone"
	"musubi/transcode/form"
	"musubi/transcode/own"
	"musubi/transcode/page"

	"github.com/valyala/fasthttp"
)

// A notebook is a small foreign application: one page with a form, and what was sent with it last.
type notebook struct {
	form string // of the page at /edit
	got  url.Values
	raw  string
}

func (n *notebook) serve(ctx *fasthttp.RequestCtx) {
	ctx.SetContentType("text/html; charset=utf-8")
	if string(ctx.Path()) == "/save" {
		n.raw = string(ctx.PostBody())
		n.got, _ = url.ParseQuery(n.raw)
		ctx.SetBodyString("<title>saved</title><p>saved</p>")
		return
	}
	ctx.SetBodyString("<!DOCTYPE html><title>edit</title>" + n.form)
}

// phoneOf switches a handset on in front of the world's gateway.
func (w *world) phoneOf(ua string) *phone.Phone {
	w.t.Helper()
	h := carriers.Identify(carriers.Request{UserAgent: ua})
	from := handsetAddr[h.Carrier]
	if from == "" {
		from = "203.0.113.9"
	}
	p, err := phone.New(phone.Config{URL: "http://" + ourHost, UserAgent: ua, Dial: func(string) (net.Conn, error) { return w.dial(from), nil }})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// kinds are the User-Agents of all models in the tables that differ in anything that a page depends on.
func kinds() (uas []string) {
	seen := map[string]bool{}
	for _, m := range carriers.Models() {
		h, ua, ok := carriers.ModelHandset(m.Token)
		if !ok {
			continue
		}
		key := fmt.Sprint(h.Carrier, h.Dialect, h.Charset, h.FormIn, h.Emoji, h.Webcode, h.PageBudget)
		if !seen[key] {
			seen[key] = true
			uas = append(uas, ua)
		}
	}
	return uas
}

// send fills in the form that is spread over the parts of a page and sends it: each piece by its button, decks by their
// link. edit changes a field's value. It says false if the page says that this handset cannot edit it.
func send(t *testing.T, p *phone.Phone, edit func(f phone.Field) string) bool {
	t.Helper()
	page, err := p.Get("/edit")
	for range 60 {
		if err != nil {
			t.Fatal(err)
		}
		if page.Title == "saved" {
			return true
		}
		if strings.Contains(page.Text, "cannot be shown here") || strings.Contains(page.Text, "cannot be used here") || strings.Contains(page.Text, "表示できない文字があり") || strings.Contains(page.Text, "この端末では使えません") ||
			strings.Contains(page.Text, "この画面は古くなっています") {
			return false
		}
		if len(page.Forms) == 0 {
			next := slices.IndexFunc(page.Links, func(l phone.Link) bool { return l.Text == "次へ" || l.Text == "Next" })
			if next < 0 {
				t.Fatalf("no form and no way on: %s", page.Text)
			}
			page, err = p.Follow(page.Links[next].Text)
			continue
		}
		var pairs []string
		for _, f := range page.Forms[0].Fields {
			if v := edit(f); v != f.Value {
				pairs = append(pairs, f.Name, v)
			}
		}
		if b := page.Forms[0].Buttons; len(b) > 0 && b[0].Name != "" {
			pairs = append(pairs, b[0].Name, b[0].Value)
		}
		page, err = p.Submit(0, pairs...)
	}
	t.Fatal("the form never ends")
	return false
}

func untouched(f phone.Field) string { return f.Value }

// anyText draws text of all of Unicode that an HTML page can have in a field.
func anyText(r *rand.Rand, n int) string {
	special := []string{"☀️", "👨‍👩‍👧", "🇯🇵", "é", "ｶﾞ", "♡", "𠮷", "1️⃣", "〓", "ゔ", "👍🏽", "  \n", "\n", " ", "&amp;#9731;", "¶", "%E3", "\u061c", "한국어"}
	var b strings.Builder
	for range r.IntN(n) {
		switch r.IntN(8) {
		case 0:
			b.WriteString(special[r.IntN(len(special))])
		case 1, 2:
			b.WriteRune(0x3041 + rune(r.IntN(86)))
		case 3:
			b.WriteByte(byte(' ' + r.IntN(95)))
		default:
			if c := rune(r.IntN(utf8.MaxRune + 1)); utf8.ValidRune(c) && c >= ' ' && c != 0x7F && (c < 0x80 || c > 0x9F) && c&0xFFFE != 0xFFFE && (c < 0xFDD0 || c > 0xFDEF) {
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

// escaped writes text into a page.
func escaped(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "&#10;") }

// TestWhatWasNotTouchedComesBackWhole: an entry is opened for editing on every kind of handset and saved as it is; then with
// something typed into its middle.
func TestWhatWasNotTouchedComesBackWhole(t *testing.T) {
	app := &notebook{}
	w := newWorld(t, app.serve, func(c *Config) { c.Foreign = true })
	rnd := rand.New(rand.NewPCG(16, 1))
	const typed = "【追記】"
	offered := 0
	for _, ua := range kinds() {
		t.Run(ua, func(t *testing.T) {
			for round := range 60 {
				a, b := "始め"+anyText(rnd, 30)+"あ", "い"+anyText(rnd, 30)+"末"
				title, secret := strings.ReplaceAll(anyText(rnd, 8), "\n", ""), anyText(rnd, 6)
				name := "n" + strings.ReplaceAll(anyText(rnd, 3), "\n", "")
				app.form = fmt.Sprintf(`<form method=post action=/save><input type=hidden name=utf8 value="✓"><input type=hidden name=secret value="%s">
					題<input name="%s" value="%s"><textarea name=body>%s</textarea><select name=lang><option value="日本語">日<option value="한국어" selected>韓<option>é</select>
					<input type=radio name=r value=a>a<input type=radio name=r value="값" checked>b<input type=checkbox name=c value="ж" checked>c
					<button name=act value="저장">保存</button></form>`, escaped(secret), escaped(name), escaped(title), "\n"+escaped(a+b))
				body := a + b
				edit := untouched
				if round%2 == 1 {
					body = a + typed + b
					edit = func(f phone.Field) string {
						if i := strings.Index(f.Value, "あい"); i >= 0 && (f.Name == "body" || f.Name == "_l.body") {
							i += len("あ")
							return f.Value[:i] + typed + f.Value[i:]
						}
						return f.Value
					}
					if strings.Contains(a, "あい") || strings.Contains(b, "あい") {
						continue
					}
				}
				app.got = nil
				if !send(t, w.phoneOf(ua), edit) {
					continue
				}
				offered++
				for n, want := range map[string]string{"utf8": "✓", "secret": secret, name: title, "body": body, "lang": "한국어", "r": "값", "c": "ж", "act": "저장"} {
					if got := app.got[n]; len(got) != 1 || strings.ReplaceAll(got[0], "\r\n", "\n") != want {
						t.Fatalf("%q comes back as %q, want %q\n%s", n, got, want, app.raw)
					}
				}
			}
		})
	}
	t.Logf("%d kinds, %d sent", len(kinds()), offered)
	if offered < 100 {
		t.Errorf("only %d forms could be sent", offered)
	}
}

// TestLinksComeBackByteForByte: what a link of the page says is what the application is asked for, on every kind of handset,
// whatever its charset; so is what a redirect says, and a form's action.
func TestLinksComeBackByteForByte(t *testing.T) {
	queries := []string{"title=Z%C3%BCrich&a=1", "title=%D0%9C%D0%BE", "q=%CE%A9%cf%89", "q=%D8%B3", "q=%E0%B8%81", "x=%FF%00", "a=1%2F2&b=+;c", "a&&b&", "&",
		"q=%83e%83X%83g", "q=%A4%A2", "_y=1&&%C3", "a_b=%E3%81%82;"}
	var hrefs []string
	for _, q := range queries {
		hrefs = append(hrefs, "/in%2Fner/p?"+q)
	}
	asked := ""
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		asked = string(ctx.RequestURI())
		ctx.SetContentType("text/html; charset=utf-8")
		if to, ok := strings.CutPrefix(asked, "/to?"); ok {
			n := int(to[0] - 'A')
			ctx.Response.Header.Set("Location", hrefs[n])
			ctx.SetStatusCode(302)
			return
		}
		ctx.Response.Header.Set("Set-Cookie", "a=b")
		for i, href := range hrefs {
			fmt.Fprintf(ctx, `<p><a href="%s">L%d.</a><form method=post action="%s"><button name=b>B%d</button></form>`, html.EscapeString(href), i, html.EscapeString(href), i)
		}
	}, func(c *Config) { c.Foreign = true })
	for _, ua := range kinds() {
		p := w.phoneOf(ua)
		for i, href := range hrefs {
			open := func() {
				if _, err := p.Get("/"); err != nil {
					t.Fatal(err)
				}
				for !slices.ContainsFunc(p.Page().Links, func(l phone.Link) bool { return l.Text == fmt.Sprintf("L%d.", i) }) {
					if _, err := onwards(p); err != nil {
						t.Fatal(err)
					}
				}
			}
			open()
			if _, err := p.Follow(fmt.Sprintf("L%d.", i)); err != nil || asked != href {
				t.Fatalf("%s: asked for %q, want %q (%v)", ua, asked, href, err)
			}
			if _, err := p.Get("/to?" + string(rune('A'+i))); err != nil || asked != href {
				t.Fatalf("%s: sent on to %q, want %q (%v)", ua, asked, href, err)
			}
			open()
			for !pressed(p, fmt.Sprintf("B%d", i)) {
				if _, err := onwards(p); err != nil {
					t.Fatal(err)
				}
			}
			if asked != href {
				t.Fatalf("%s: posted to %q, want %q", ua, asked, href)
			}
		}
	}
}

// pressed presses the button with these words, if the page has it.
func pressed(p *phone.Phone, words string) bool {
	for i, f := range p.Page().Forms {
		for _, b := range f.Buttons {
			if b.Value == words {
				var pairs []string
				if b.Name != "" {
					pairs = []string{b.Name, b.Value}
				}
				_, err := p.Submit(i, pairs...)
				return err == nil
			}
		}
	}
	return false
}

// TestTextWithoutRoomIsReadAgain: where a form has no room for the text behind what its fields show, it says where the text stands,
// and the gateway reads it there when the form comes back: with the session of the one who sends it, and only if it still is the
// text that was shown.
func TestTextWithoutRoomIsReadAgain(t *testing.T) {
	const typed = "【追記】"
	for _, ua := range []string{"UP.Browser/3.01-CA11 UP.Link/3.2.3.8", "DoCoMo/1.0/N501i", "J-PHONE/3.0/J-SH07"} {
		t.Run(ua, func(t *testing.T) {
			app, cookie := &notebook{}, ""
			w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
				cookie = string(ctx.Request.Header.Cookie("me"))
				ctx.Response.Header.Set("Set-Cookie", "me=1")
				app.serve(ctx)
			}, func(c *Config) { c.Foreign = true })
			p, elsewhere, longest := w.phoneOf(ua), false, ""
			edit := func(f phone.Field) string {
				if f.Name == own.Kept || f.Name == own.Answers {
					elsewhere = elsewhere || page.TextsAt(w.g.formKey, form.Fields{{Name: f.Name, Value: f.Value}}) != ""
				}
				return strings.Replace(f.Value, "末", typed+"末", 1)
			}
			rnd := rand.New(rand.NewPCG(16, 7))
			for n := 100; ; n += 50 {
				body := "始め" + hangul(rnd, n) + "末"
				if app.form, elsewhere = noteForm(body), false; !send(t, p, edit) {
					break
				}
				if want := strings.Replace(body, "末", typed+"末", 1); app.got.Get("body") != want || app.got.Get("title") != "é" || cookie != "1" {
					t.Fatalf("title %q, body %q, want %q; cookie %q", app.got.Get("title"), app.got.Get("body"), want, cookie)
				}
				if elsewhere {
					longest = body
				}
			}
			t.Logf("%d characters fit", utf8.RuneCountInString(longest))
			if longest == "" {
				t.Fatal("there was room for all")
			}
			app.form, app.got = noteForm(longest), nil
			if send(t, p, func(f phone.Field) string {
				if strings.Contains(f.Value, "始め") {
					app.form = noteForm("いま" + longest)
				}
				return f.Value
			}) {
				t.Errorf("the text was another meanwhile, and %v is stored", app.got)
			}
		})
	}
}

// hangul draws n syllables and a space here and there: no two texts are alike, and none can be shown on a handset of Japan.
func hangul(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		if b.WriteRune(0xAC00 + rune(r.IntN(11172))); i%9 == 8 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// noteForm is a form for a note.
func noteForm(body string) string {
	return "<form method=post action=/save>題<input name=title value=é><textarea name=body>" + escaped(body) + "</textarea><input type=submit value=保存></form>"
}

// TestLineEndBehindWhatIsNotShown: the line end that a field's text seems to begin with, since nothing is shown of what stands before it,
// comes back; so do the codes of a page in GB 18030 that users define, and one that is none makes no other charset of it.
func TestLineEndBehindWhatIsNotShown(t *testing.T) {
	app := &notebook{}
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		if app.serve(ctx); strings.Contains(app.form, "\xE4\xB1") || strings.Contains(app.form, "\xA1\x40") {
			ctx.SetContentType("text/html; charset=gb18030")
		}
	}, func(c *Config) { c.Foreign = true })
	texts := map[string]string{"a\xA1\x40\xAA\xA1\xA7\xA0\xFE\xFEb": ""}
	for _, before := range []string{"\u200b", "\ufe00\n", "\U000e002a", "\u11e5", "", "\n", "한\u200b"} {
		texts[before+"\nあab한"] = ""
	}
	for _, ua := range []string{"DoCoMo/2.0 P903i(c100;TB;W24H12)", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "DoCoMo/1.0/N501i", "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3", "UP.Browser/3.01-CA11 UP.Link/3.4.5.6"} {
		for text := range texts {
			app.got, app.form = nil, "<form method=post action=/save><textarea name=body>\n"+text+"</textarea><input type=submit name=go value=OK></form>"
			if !send(t, w.phoneOf(ua), untouched) {
				t.Errorf("%s cannot edit %+q", ua, text)
				continue
			}
			if got := app.got["body"]; len(got) != 1 || strings.ReplaceAll(got[0], "\r\n", "\n") != text {
				t.Errorf("%s: %+q comes back as %+q", ua, text, got)
			}
		}
	}
}

// TestWhatIsOfferedIsSaved: a text that a handset may edit can be looked at and saved, however long: its preview has it twice, once to be
// seen and once to be sent.
func TestWhatIsOfferedIsSaved(t *testing.T) {
	text, saved := "", ""
	w := newWorld(t, func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		body := html.EscapeString(strings.ReplaceAll(string(ctx.PostArgs().Peek("body")), "\r\n", "\n"))
		switch {
		case !ctx.IsPost():
			ctx.SetBodyString("<!DOCTYPE html><title>edit</title><form method=post action=/edit><textarea name=body>\n" + html.EscapeString(text) + "</textarea><button name=look value=1>確認</button></form>")
		case ctx.PostArgs().Has("look"):
			ctx.SetBodyString("<!DOCTYPE html><title>look</title><p>" + body + "</p><form method=post action=/edit><input type=hidden name=body value='" + body + "'><button name=send value=1>送信</button><button name=again value=1>修正する</button></form>")
		default:
			saved = strings.ReplaceAll(string(ctx.PostArgs().Peek("body")), "\r\n", "\n")
			ctx.SetBodyString("<!DOCTYPE html><title>saved</title><p>saved")
		}
	}, nil)
	offered := 0
	for _, ua := range []string{"DoCoMo/1.0/N501i", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "DoCoMo/1.0/D505i/c20/TB/W20H10", "DoCoMo/2.0 P903i(c100;TB;W24H12)", "J-PHONE/2.0/J-SH03",
		"SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3", "UP.Browser/3.01-CA11 UP.Link/3.4.5.6", "Nokia7110/1.0 (04.84)"} {
		for _, part := range []string{"あいうえお", "한é 𠮷", "☀&<\"", "ab\n"} {
			for n := 10; n < 2000; n = n*3/2 + 1 {
				text, saved = strings.Repeat(part, n), ""
				if !send(t, w.phoneOf(ua), untouched) {
					break
				}
				if offered++; saved != text {
					t.Errorf("%s: %d × %q came back as %.60q", ua, n, part, saved)
				}
			}
		}
	}
	if t.Logf("%d texts edited", offered); offered < 200 {
		t.Errorf("only %d texts could be edited", offered)
	}
}

// onwards turns to the next part, by the words of the page's language.
func onwards(p *phone.Phone) (*phone.Page, error) {
	page, err := p.Follow("次へ")
	if err != nil {
		page, err = p.Follow("Next")
	}
	return page, err
}
