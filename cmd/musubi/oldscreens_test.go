package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	handset "musubi/gateway/phone"

	"musubi/core/seed/paint"
	"musubi/transcode/own"
)

// articleOfToday is a page as sites of today make them: navigation, a picture in three codings of which the page is told by srcset, a grid.
func articleOfToday(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, ".jpg") {
		w.Header().Set("Content-Type", "image/jpeg")
		w.Write(paint.JPEG(7, paint.Sea))
		return
	}
	var nav strings.Builder
	for _, s := range strings.Fields("新着 社会 経済 くらし 文化 科学 スポーツ 天気 地域 写真 動画 連載") {
		fmt.Fprintf(&nav, `<li><a href="/%s">%s</a></li>`, s, s)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	io.WriteString(w, `<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>潮だまりの朝 — 海辺新聞</title>
<style>main{display:grid;grid-template-columns:1fr 20rem}</style><script>document.documentElement.className="js"</script></head><body>
<header class="d-flex"><a class="skip" href="#main">本文へ</a><nav aria-label="Global"><ul>`+nav.String()+`</ul></nav></header>
<main id="main"><article><h1>潮だまりの朝</h1><p class="meta"><time datetime="2026-11-30">2026年11月30日</time> <svg aria-hidden="true" width="16" height="16"><path d="M0 0h16v16z"/></svg>文と写真 春香</p>
<figure><picture><source type="image/avif" srcset="/sea.avif"><img src="/sea.jpg" srcset="/sea.jpg 640w" sizes="100vw" width="640" height="480" loading="lazy" alt="朝の海"></picture><figcaption>引き潮の浜</figcaption></figure>
<p>引き潮の浜を歩くと、岩のくぼみに小さな海が残っている。のぞきこむと、やどかりが一匹、あわてて殻に入った🦀</p><p>“潮だまりは、ひと晩だけの水族館です” と案内の人は言う。</p>
<h2>ひとつの岩に二十の命</h2><p>いそぎんちゃく、かめのて、ふじつぼ。名前を知ると、岩がにぎやかになる。</p></article><aside><h2>関連</h2><ul><li><a href="/a">海の地図</a></li></ul></aside></main>
<footer><small>© 海辺新聞</small></footer></body></html>`)
}

// as makes the browser call itself something else.
func (b *browser) as(ua string) {
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: ua})
		return err
	}))
}

// TestScreenshotsOfOldScreens: the same article of today, through the portal, as a phone of 2007 and as Netscape 4 read it; and phones in the
// forum, the wiki and the archive of letters of docs/rules.md. With MUSUBI_SCREENSHOTS it takes the pictures of docs.
func TestScreenshotsOfOldScreens(t *testing.T) {
	ca, cert := madeCA(t)
	site := httptest.NewUnstartedServer(http.HandlerFunc(articleOfToday))
	site.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13}
	site.StartTLS()
	t.Cleanup(site.Close)
	host := site.Listener.Addr().String()
	public, admin := startPair(t, "gateway", "--data", t.TempDir(), "--portal", "--proxy-rate", "0", "--proxy-ca", ca, "--proxy-reach", host)
	window := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // as windows looked then
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<style>body{margin:0;background:#008080;font:12px sans-serif}div{margin:12px;background:#c0c0c0;border:2px outset #fff;padding:2px}b{display:block;background:#000080;color:#fff;padding:3px 6px}
p{margin:4px 6px}iframe{width:100%%;height:752px;background:#fff;border:2px inset #fff;box-sizing:border-box}i{font-style:normal;background:#fff;border:2px inset #fff;padding:1px 6px}</style>
<div><b>潮だまりの朝</b><p>File &nbsp; Edit &nbsp; View &nbsp; Go &nbsp; Communicator &nbsp; Help</p><p>Location: <i>%s</i></p><iframe src="%s"></iframe></div>`, html.EscapeString(r.FormValue("at")), html.EscapeString(r.FormValue("at")))
	}))
	t.Cleanup(window.Close)
	at := "/~/" + host + "/article"
	b := newBrowser(t, 660, 860)
	b.as(oldScreens["Netscape 4"])
	b.do(chromedp.Navigate(public + at))
	if text := b.text(); !strings.Contains(text, "やどかりが一匹") || b.eval(`"" + document.images[0].naturalWidth`) == "0" || b.eval(`"" + document.querySelectorAll("style, nav, script").length`) != "0" {
		t.Errorf("Netscape 4 reads\n%s", text)
	}
	b.do(chromedp.Navigate(window.URL + "/?at=" + public + at))
	b.screenshot("today-netscape")
	b.as("")
	b.onHandset(admin, "P903i", at, "today-phone", "潮だまりの朝")

	forum, dir := startForum(t)
	runIn(t, dir, "fossil", "user", "capabilities", "nobody", "2", "-R", "r.fossil") // may read the forum
	forumFor, forumAdmin := startPair(t, "gateway", "--upstream", forum, "--rules", rulesFor(t, "Fossil's forum"), "--data", t.TempDir())
	p, err := handset.New(handset.Config{URL: forumFor, UserAgent: oldScreens["910T"]})
	if err != nil {
		t.Fatal(err)
	}
	w := &appWalk{t: t, p: p}
	w.get("/login")
	w.press("Login", "u", "admin", "p", "pass123")
	w.get("/forumnew")
	w.press("Preview", "content", "潮だまりで、やどかりを見ました。", "title", "今朝の浜", "mimetype", "text/plain")
	w.press("Submit", "content", "潮だまりで、やどかりを見ました。")
	path := own.Without(strings.TrimPrefix(w.p.Page().URL, forumFor))
	b.onHandset(forumAdmin, "910T", path, "rules-forum", "やどかり")
	wiki, pages := startDidiWiki(t)
	write(t, pages+"/WikiHome", "= 海辺の手帳 =\n\n* [潮見表]\n* [生きもの]\n\n*やどかり* は岩のかげ。\n")
	_, wikiAdmin := startPair(t, "gateway", "--upstream", wiki, "--rules", rulesFor(t, "DidiWiki"), "--data", t.TempDir())
	b.onHandset(wikiAdmin, "CA39", "/WikiHome", "rules-wiki", "やどかり")
	_, mailAdmin := startPair(t, "gateway", "--upstream", startInbox(t), "--rules", rulesFor(t, "public-inbox"), "--data", t.TempDir())
	b.onHandset(mailAdmin, "P903i", "/list/one@example.org/", "rules-mail", "結び目は紐の文化。")
}

// onHandset shows a page in the operators' viewer on one handset, and takes its picture.
func (b *browser) onHandset(admin, model, path, name, words string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(330, 560), chromedp.Navigate(admin+"/_/handsets?m="+model), chromedp.Navigate(admin+"/_/handsets?all="+escape(path)), chromedp.WaitVisible("#p0"))
	if shown := b.eval(`document.querySelector("#p0").innerText`); !strings.Contains(shown, words) || !strings.Contains(shown, "status 200") {
		b.t.Errorf("%s does not show %s:\n%s", model, path, shown)
	}
	b.eval(`document.querySelector("header").remove() || ""`)
	b.screenshot(name)
}
