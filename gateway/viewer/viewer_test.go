package viewer_test

import (
	"net"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"musubi/carriers"
	"musubi/gateway/viewer"
	"musubi/transcode/page"
)

// site answers handsets with a small page of each dialect and the viewer with itself.
func site(t *testing.T) string {
	v := viewer.New()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		switch string(ctx.Path()) {
		case viewer.Path:
			v.Handler(ctx)
		case "/pic":
			ctx.SetContentType("image/gif")
			ctx.SetBodyString("GIF89a")
		default:
			h := carriers.Identify(carriers.Request{UserAgent: string(ctx.UserAgent())})
			src := `<title>題</title><h1>晴れ☀</h1><p>〓<script>alert(1)</script><a href="/next" accesskey="1">次</a><img src="/pic" alt="絵"></p>
				<form action="/sent" method="post"><input name="q" value="x"><input type="submit" value="送る"></form><p>` + string(ctx.Path()) + " " + string(ctx.PostBody()) + `</p>`
			out, info, _ := page.Render(nil, &h, []byte(src), page.Options{URL: "http://" + string(ctx.Host()) + "/"})
			ctx.SetContentType(info.ContentType)
			ctx.SetBody(out)
		}
	}}
	go s.Serve(l)
	t.Cleanup(func() { s.Shutdown() })
	return "http://" + l.Addr().String()
}

// browse asks for the viewer with one developer's cookie.
type browse struct {
	t      *testing.T
	url    string
	cookie string
}

func (b *browse) do(query, form string) (status int, body string) {
	var req fasthttp.Request
	var resp fasthttp.Response
	req.SetRequestURI(b.url + viewer.Path + query)
	req.Header.Set("Cookie", b.cookie)
	if form != "" {
		req.Header.SetMethod("POST")
		req.Header.SetContentType("application/x-www-form-urlencoded")
		req.SetBodyString(form)
	}
	if err := fasthttp.Do(&req, &resp); err != nil {
		b.t.Fatal(err)
	}
	if c := string(resp.Header.Peek("Set-Cookie")); c != "" {
		b.cookie, _, _ = strings.Cut(c, ";")
	}
	return resp.StatusCode(), string(resp.Body())
}

func TestViewer(t *testing.T) {
	b := &browse{t: t, url: site(t)}
	_, body := b.do("", "")
	if n := strings.Count(body, `class="phone"`); n < 3 {
		t.Fatalf("%d handsets on a new desk, at least 3 are expected:\n%s", n, body)
	}
	for _, want := range []string{"晴れ☀", "Shift_JIS", "xhtml-mp", "of 30000 bytes", "lost <b>1</b>", `data-key="1"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(body, "alert(1)") {
		t.Error("a script reached the screen")
	}
	if status, _ := b.do("?phone=0&key=1", ""); status != 303 {
		t.Errorf("a key answers %d", status)
	}
	if _, body = b.do("", ""); !strings.Contains(body, "<p>/next</p>") {
		t.Error("key 1 did not follow its link")
	}
	b.do("", "~phone=1&~form=0&q=%E7%8C%AB")
	if _, body = b.do("", ""); !strings.Contains(body, "q=%94L") { // 猫 in the handset's own bytes
		t.Errorf("what was typed did not go out in Shift_JIS")
	}
	if _, body = b.do("?phone=0&pic=%2Fpic", ""); body != "GIF89a" {
		t.Errorf("a picture is %q", body)
	}
	if status, _ := b.do("?phone=0&pic=http%3A%2F%2Fother.example%2F", ""); status != 400 {
		t.Errorf("a picture of another host answers %d", status)
	}
	if _, body = b.do("?m=KCT1+J-SH07+nonsense", ""); strings.Count(body, `class="phone"`) != 2 || !strings.Contains(body, "hdml") {
		t.Error("the picker does not show KCT1 and J-SH07")
	}
	b.do("?all=%2Feverywhere", "")
	if _, body = b.do("", ""); strings.Count(body, "/everywhere") < 2 {
		t.Error("not all handsets went")
	}
}
