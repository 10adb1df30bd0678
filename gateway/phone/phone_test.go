package phone_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"musubi/carriers"
	"musubi/gateway"
	"musubi/gateway/phone"
	"musubi/transcode/text"

	"github.com/valyala/fasthttp"
)

const (
	p903i = "DoCoMo/2.0 P903i(c100;TB;W24H12)"
	ca39  = "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"
	t910  = "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1"
)

// board is a small web application: a login by cookie, one by key, and a line that everybody reads.
type board struct {
	mu    sync.Mutex
	line  string
	key   string // registered for easy login
	names map[string]string
}

func (b *board) handle(ctx *fasthttp.RequestCtx) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ctx.SetContentType("text/html; charset=utf-8")
	name := b.names[string(ctx.Request.Header.Cookie("sid"))]
	logIn := func(name string) {
		sid := fmt.Sprint("s", len(b.names))
		b.names[sid] = name
		ctx.Response.Header.Add("Set-Cookie", "sid="+sid+"; Path=/; HttpOnly")
		ctx.Response.Header.Set("Location", "/home")
		ctx.SetStatusCode(303)
	}
	switch path := string(ctx.Path()); {
	case path == "/login" && ctx.IsPost():
		logIn(string(ctx.PostArgs().Peek("name")))
	case path == "/easy" && b.key != "" && string(ctx.Request.Header.Peek("X-Ktai-Key")) == b.key:
		logIn("the owner")
	case path == "/learn":
		b.key = string(ctx.Request.Header.Peek("X-Ktai-Key"))
	case path == "/write" && ctx.IsPost():
		b.line = string(ctx.PostArgs().Peek("line"))
		ctx.Response.Header.Set("Location", "/home")
		ctx.SetStatusCode(303)
	case path == "/home" && name != "":
		ctx.SetBodyString(`<!DOCTYPE html><html><head><title>ホーム</title></head><body><p>` + name + `さん</p><p>` + b.line + `</p><form method="post" action="/write"><p><textarea name="line"></textarea><input type="submit" value="送信"></p></form><p><a href="/home" accesskey="1">更新</a> <a href="http://other.example/">よそ</a></p></body></html>`)
	default:
		ctx.SetBodyString(`<!DOCTYPE html><html><head><title>ログイン</title></head><body><form method="post" action="/login"><p><input name="name"><input type="submit" value="ログイン"></p></form><p><a href="/easy" data-utn accesskey="1">かんたんログイン</a></p></body></html>`)
	}
}

// start runs the board behind a gateway that believes IDs from loopback, on a real socket.
func start(t *testing.T) (url string, b *board) {
	t.Helper()
	registry, err := carriers.New(carriers.Config{Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := gateway.OpenLoginKeys(t.TempDir() + "/keys")
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b = &board{names: map[string]string{}}
	g, err := gateway.New(gateway.Config{
		Upstream: gateway.InProcess(b.handle), Carriers: registry, Keys: keys, EasyLogin: true, Secret: []byte("s"), Hosts: []string{ln.Addr().String()},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := g.Server()
	go g.Serve(s, ln)
	t.Cleanup(func() { s.Shutdown(); g.Close() })
	return "http://" + ln.Addr().String(), b
}

func switchOn(t *testing.T, url, ua, id string) *phone.Phone {
	t.Helper()
	p, err := phone.New(phone.Config{URL: url, UserAgent: ua, ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// see fails the test on an error and returns the page.
func see(t *testing.T, page *phone.Page, err error) *phone.Page {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// Emoji and kanji typed on one carrier's handset arrive on every other's, through their own bytes.
func TestWordsTravelBetweenCarriers(t *testing.T) {
	url, b := start(t)
	const line = "表☀晴れ♪おにぎり"
	writer := switchOn(t, url, p903i, "")
	if _, err := writer.Get("/"); err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Submit(0, "name", "太郎"); err != nil {
		t.Fatal(err)
	}
	page, err := writer.Submit(0, "line", line)
	page = see(t, page, err)
	if !strings.Contains(page.Text, "太郎さん") || !strings.Contains(page.Text, line) {
		t.Fatalf("the writer sees %q", page.Text)
	}
	if b.line != line {
		t.Errorf("the upstream got %q", b.line)
	}
	if bytes.Contains(page.Body, []byte("☀")) {
		t.Error("the i-mode page has UTF-8 in it")
	}
	for _, ua := range []string{ca39, t910} {
		p := switchOn(t, url, ua, "")
		if _, err := p.Get("/"); err != nil {
			t.Fatal(err)
		}
		page, err := p.Submit(0, "name", "花子")
		if page = see(t, page, err); !strings.Contains(page.Text, "☀晴れ") {
			t.Errorf("%s sees %q", p.Handset().Carrier, page.Text)
		}
		page, err = p.Key("1")
		if page = see(t, page, err); !strings.Contains(page.Text, "花子さん") {
			t.Errorf("%s after a key: %q", p.Handset().Carrier, page.Text)
		}
	}
}

func TestStateSurvivesBetweenCalls(t *testing.T) {
	url, _ := start(t)
	for _, ua := range []string{p903i, ca39, t910} {
		p := switchOn(t, url, ua, "")
		if _, err := p.Get("/"); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Submit(0, "name", "太郎"); err != nil {
			t.Fatal(err)
		}
		b, err := p.MarshalState()
		if err != nil {
			t.Fatal(err)
		}
		again := switchOn(t, url, ua, "")
		if err := again.UnmarshalState(b); err != nil {
			t.Fatal(err)
		}
		page, err := again.Follow("更新")
		if page = see(t, page, err); !strings.Contains(page.Text, "太郎さん") {
			t.Errorf("%s: %q", p.Handset().Carrier, page.Text)
		}
	}
}

func TestMatrixOnlyTheOwnerGetsIn(t *testing.T) {
	url, _ := start(t)
	const id = "05000012345678_mj.ezweb.ne.jp"
	p := switchOn(t, url, ca39, id)
	if _, err := p.Get("/learn"); err != nil {
		t.Fatal(err)
	}
	attempts, honest := 0, 0
	err := phone.Matrix(phone.MatrixConfig{URL: url, ID: id, Agent: ca39, Registered: true}, func(a phone.Attempt) {
		attempts++
		if a.In && !a.Honest {
			t.Errorf("a stranger got in: %+v", a)
		}
		if a.Honest {
			honest++
			if !a.In {
				t.Errorf("the owner stays out: %+v", a)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if attempts < 2000 || honest == 0 {
		t.Errorf("%d attempts, %d honest", attempts, honest)
	}
}

// A gateway that believed whatever it was told would be caught.
func TestMatrixFindsAGatewayThatBelieves(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fasthttp.Server{Logger: log.New(io.Discard, "", 0), Handler: func(ctx *fasthttp.RequestCtx) {
		if len(ctx.Request.Header.Peek("X-Dcmguid")) > 0 {
			ctx.Redirect("/home", 302)
		}
	}}
	go s.Serve(ln)
	defer s.Shutdown()
	strangers := map[string]bool{}
	err = phone.Matrix(phone.MatrixConfig{URL: "http://" + ln.Addr().String(), Path: "/", ID: "AbCdEf1", Agent: p903i, Registered: true}, func(a phone.Attempt) {
		if a.In && !a.Honest {
			strangers[a.Place] = true
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{"header", "twice", "trailer"} {
		if !strangers[place] {
			t.Errorf("%s was not noticed; noticed: %v", place, strangers)
		}
	}
}

func TestPagesOverTheBudgetAreNotShown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fasthttp.Server{Logger: log.New(io.Discard, "", 0), Handler: func(ctx *fasthttp.RequestCtx) {
		switch string(ctx.Path()) {
		case "/relative":
			ctx.Response.Header.Set("Location", "/x")
			ctx.SetStatusCode(302)
		case "/other":
			ctx.Response.Header.Set("Location", "http://"+string(ctx.Host())+"/x")
			ctx.SetStatusCode(303)
		case "/loop":
			ctx.Response.Header.Set("Location", "http://"+string(ctx.Host())+"/loop")
			ctx.SetStatusCode(302)
		}
		ctx.SetContentType("text/html")
		ctx.SetBodyString(strings.Repeat("a", 100_000))
	}}
	go s.Serve(ln)
	defer s.Shutdown()
	p := switchOn(t, "http://"+ln.Addr().String(), p903i, "")
	for path, want := range map[string]string{"/": "can hold", "/relative": "absolute", "/other": "303", "/loop": "redirects"} {
		if _, err := p.Get(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error that says %q", path, err, want)
		}
	}
}

// A form too large for the handset is filled in piece by piece; the upstream gets it once and whole.
func TestAFormInPieces(t *testing.T) {
	survey, err := os.ReadFile("../../testdata/canonical/big-form.html")
	if err != nil {
		t.Fatal(err)
	}
	var posted []string
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g, err := gateway.New(gateway.Config{Hosts: []string{ln.Addr().String()}, Upstream: gateway.InProcess(func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html; charset=utf-8")
		if ctx.IsPost() {
			posted = append(posted, string(ctx.Path())+"?"+string(ctx.PostBody()))
			ctx.SetBodyString("<title>thanks</title>")
			return
		}
		ctx.SetBody(survey)
	})})
	if err != nil {
		t.Fatal(err)
	}
	s := g.Server()
	go g.Serve(s, ln)
	t.Cleanup(func() { s.Shutdown(); g.Close() })
	p := switchOn(t, "http://"+ln.Addr().String(), "DoCoMo/1.0/P503i/c10", "")
	page, err := p.Get("/form")
	answers, pieces := map[string]string{}, 0
	for ; err == nil && page.Title != "thanks" && pieces < 30; pieces++ {
		if len(page.Forms) == 0 {
			t.Fatalf("piece %d has no form: %s", pieces, page.Text)
		}
		form := len(page.Forms) - 1
		var pairs []string
		for _, f := range page.Forms[form].Fields {
			if f.Value == "特になし" { // its default: a question not yet answered
				answers[f.Name] = fmt.Sprintf("答%d", len(answers))
				pairs = append(pairs, f.Name, answers[f.Name])
			}
		}
		page, err = p.Submit(form, pairs...)
	}
	if err != nil {
		t.Fatal(err)
	}
	if pieces < 2 || len(posted) != 1 || !strings.HasPrefix(posted[0], "/survey?") {
		t.Fatalf("%d pieces; upstream got %d posts: %.300q", pieces, len(posted), posted)
	}
	fields, err := url.ParseQuery(strings.TrimPrefix(posted[0], "/survey?"))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range answers {
		if got := fields[name]; len(got) != 1 || got[0] != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if got := fields["k"]; len(got) != 1 || got[0] != "t0ken" || len(answers) < 10 {
		t.Errorf("hidden field %q, %d answers", got, len(answers))
	}
	for name := range fields {
		if strings.HasPrefix(name, "_") {
			t.Errorf("a name of the gateway's went upstream: %s", name)
		}
	}
}

// A deck of HDML has cards and variables instead of forms; the phone fills them in and sends what the deck says, its own
// bytes and the choices of cards included.
func TestFormsOfHDML(t *testing.T) {
	url, b := start(t)
	p := switchOn(t, url, "UP.Browser/3.04-CA13 UP.Link/3.4.5.9", "")
	page, err := p.Get("/")
	if page = see(t, page, err); len(page.Forms) != 1 || len(page.Links) != 1 {
		t.Fatalf("the deck reads %+v", page)
	}
	page, err = p.Submit(0, "name", "太郎$1&2=3")
	if page = see(t, page, err); !strings.Contains(page.Text, "太郎$1&2=3さん") {
		t.Fatalf("logged in: %q", page.Text)
	}
	page, err = p.Submit(0, "line", "表☀おにぎり")
	if see(t, page, err); b.line != "表☀おにぎり" {
		t.Errorf("the upstream got %q", b.line)
	}
	if page, err = p.Key("1"); !strings.Contains(see(t, page, err).Text, "表☀おにぎり") {
		t.Errorf("after a key: %q", page.Text)
	}
}

// What a CHOICE is set to at first is what is sent, and the state keeps the variables of decks before this one.
func TestVariablesOfHDML(t *testing.T) {
	const deck = `<HDML VERSION=3.0><CHOICE NAME="c1" KEY="v1" IDEFAULT=2><ACTION TYPE=ACCEPT TASK=GO DEST="#c2">色<BR><CE VALUE="r">赤<CE VALUE="b">青</CHOICE>
		<ENTRY NAME="c2" KEY="v2" DEFAULT="a b"><ACTION TYPE=ACCEPT TASK=GO DEST="#c3">名</ENTRY><DISPLAY NAME="c3"><A TASK=GO DEST="/next">[次へ]</A></DISPLAY></HDML>`
	const last = `<HDML VERSION=3.0><DISPLAY NAME="c1"><A TASK=GO DEST="/find?color=$v1&amp;name=$v2&amp;fixed=%95%5C">[検索]</A></DISPLAY></HDML>`
	var asked string
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/x-hdml; charset=Shift_JIS")
		switch string(ctx.Path()) {
		case "/":
			ctx.SetBody(cp932(deck))
		case "/next":
			ctx.SetBodyString(last)
		default:
			asked = string(ctx.QueryArgs().QueryString())
		}
	}}
	go s.Serve(ln)
	defer s.Shutdown()
	url := "http://" + ln.Addr().String()
	p := switchOn(t, url, "UP.Browser/3.04-CA13 UP.Link/3.4.5.9", "")
	page, err := p.Get("/")
	if see(t, page, err); len(page.Links) != 1 || page.Links[0].Text != "[次へ]" {
		t.Fatalf("links %+v", page.Links)
	}
	page, err = p.Follow("1")
	see(t, page, err)
	kept, err := p.MarshalState()
	if err != nil {
		t.Fatal(err)
	}
	q := switchOn(t, url, "UP.Browser/3.04-CA13 UP.Link/3.4.5.9", "")
	if err := q.UnmarshalState(kept); err != nil {
		t.Fatal(err)
	}
	page, err = q.Submit(0)
	if see(t, page, err); asked != "color=b&name=a+b&fixed=%95%5C" {
		t.Errorf("asked for %q", asked)
	}
}

func cp932(s string) []byte {
	b, _ := text.For(carriers.Au, carriers.EmojiNone, carriers.ShiftJIS).AppendString(nil, s, 0)
	return b
}

// All that a select of several has chosen is sent, and a box with an empty value sends that.
func TestFormsOfManyChoices(t *testing.T) {
	posted := ""
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		posted = string(ctx.PostBody())
		ctx.SetContentType("text/html; charset=Shift_JIS")
		ctx.SetBodyString(`<form method=post action=/x><select name=m multiple><option value=1 selected>a<option value=2>b<option selected>c</select>
			<select name=n><option value=1>a<option value=2>b</select><select name=o multiple><option>a</select><input type=checkbox name=c value="" checked><input type=checkbox name=d checked></form>`)
	}}
	go s.Serve(ln)
	defer s.Shutdown()
	p := switchOn(t, "http://"+ln.Addr().String(), p903i, "")
	if _, err := p.Get("/"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Submit(0); err != nil || posted != "m=1&m=c&n=1&c=&d=on" {
		t.Errorf("posted %q %v", posted, err)
	}
}

// A deck of WML has fields in its text and an anchor that sends their variables, which the next deck knows.
func TestFormsOfWML(t *testing.T) {
	const first = `<?xml version="1.0"?><wml><card id="c1" title="a $$ b" newcontext="true"><p>名 <input name="v1" value="x $$1"/><select name="v2" ivalue="2"><option value="r">赤</option><option value="b">青</option></select><a href="/next?a=%24">次</a></p></card></wml>`
	const last = `<wml><card id="c1"><p><anchor>[送る]<go href="/post" method="post"><postfield name="fix" value="$$5"/><postfield name="n" value="$(v1)"/><postfield name="c" value="$(v2)"/></go></anchor></p></card></wml>`
	posted := ""
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/vnd.wap.wml; charset=UTF-8")
		switch string(ctx.Path()) {
		case "/":
			ctx.SetBodyString(first)
		case "/next":
			ctx.SetBodyString(last)
		default:
			posted = string(ctx.PostBody())
			ctx.SetBodyString(`<wml><card><p>ok</p></card></wml>`)
		}
	}}
	go s.Serve(ln)
	defer s.Shutdown()
	p := switchOn(t, "http://"+ln.Addr().String(), "Nokia7110/1.0 (04.84)", "")
	page, err := p.Get("/")
	if err != nil || page.Title != "a $ b" || !strings.Contains(page.Text, "赤") {
		t.Fatalf("%v %+v", err, page)
	}
	if page, err = p.Follow("次"); err != nil || len(page.Forms) != 1 {
		t.Fatalf("%v %+v", err, page)
	}
	if _, err = p.Submit(0); err != nil || posted != "fix=%245&n=x+%241&c=b" {
		t.Errorf("%v, posted %s", err, posted)
	}
}
