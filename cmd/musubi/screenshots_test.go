package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// handsetsShown are those of the picture in README: the four ways of the carriers.
const handsetsShown = "SH505i P903i CA39 910T"

// TestScreenshots tells the story that the pictures of README tell: a member logs in on a PC and, in the viewer, on four
// handsets at once, and reads the same entry with its photo on each, whole and within the budget. With MUSUBI_SCREENSHOTS it
// takes the pictures there (make screenshots).
func TestScreenshots(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	b := newBrowser(t, wide.w, wide.h)
	b.scheme("light", "")
	b.do(chromedp.Navigate(d.URL + "/"))
	b.screenshot("pc-login")
	b.logIn(d, 0)
	for painted := time.Now().Add(time.Minute); b.eval(`document.querySelector(".friends img[src='/person.svg']") || ![...document.querySelectorAll(".diaries li")].some(li => li.innerText.includes("📷")) ? "not yet" : ""`) != ""; {
		if time.Now().After(painted) {
			t.Fatal("a minute after its start the demo has friends or entries without their pictures")
		}
		time.Sleep(200 * time.Millisecond)
		b.do(chromedp.Navigate(d.URL + "/home"))
	}
	b.screenshot("pc-home")
	b.scheme("dark", "")
	b.screenshot("pc-home-dark")
	b.scheme("light", "")
	b.do(chromedp.EmulateViewport(narrow.w, narrow.h))
	b.screenshot("pc-home-narrow")
	b.do(chromedp.EmulateViewport(wide.w, wide.h), chromedp.Navigate(d.URL+"/diary/friends"))
	entry := b.eval(`[...document.querySelectorAll(".diaries li")].find(li => li.innerText.includes("📷")).querySelector("a").getAttribute("href")`)
	b.do(chromedp.Navigate(d.URL + entry))
	title := b.eval(`document.querySelector("h1").innerText`)
	b.screenshot("pc-diary")
	b.scheme("light", "print")
	b.do(chromedp.EmulateViewport(794, 1000)) // A4 at 96 dots an inch, less its foot
	b.screenshot("pc-diary-print")
	b.scheme("light", "")

	b.do(chromedp.EmulateViewport(1310, 760), chromedp.Navigate(d.URL+"/_/handsets?m="+strings.ReplaceAll(handsetsShown, " ", "+")), chromedp.WaitVisible("#p3"))
	models := strings.Fields(handsetsShown)
	for i := range models {
		at := "#p" + strconv.Itoa(i) + " "
		b.do(
			chromedp.Navigate(d.URL+"/_/handsets?phone="+strconv.Itoa(i)+"&go=%2F"),
			chromedp.SendKeys(at+`input[name=mail]`, d.Members[0].Mail),
			chromedp.SendKeys(at+`input[name=password]`, d.Members[0].Password),
			chromedp.Click(at+`form input[type=submit]`),
			chromedp.WaitNotPresent(at+`input[name=password]`),
		)
	}
	for name, path := range map[string]string{"handsets-home": "/home", "handsets": entry} {
		b.do(chromedp.Navigate(d.URL+"/_/handsets?all="+escape(path)), chromedp.WaitVisible("#p3"))
		b.screenshot(name)
	}
	b.do(chromedp.Navigate(d.URL + "/_/handsets?all=" + escape(entry)))
	for i, model := range models {
		shown := b.eval(`document.querySelector("#p` + strconv.Itoa(i) + `").innerText`)
		if !strings.Contains(shown, title) || !strings.Contains(shown, "nothing lost") || !strings.Contains(shown, "status 200") {
			t.Errorf("%s does not show %q whole:\n%s", model, title, shown)
		}
		if b.eval(`"" + document.querySelector("#p`+strconv.Itoa(i)+` .screen img").naturalWidth`) == "0" {
			t.Errorf("%s shows no photo", model)
		}
	}
}

func escape(path string) string {
	return strings.NewReplacer("/", "%2F", "?", "%3F", "&", "%26", "=", "%3D").Replace(path)
}

// screenshot saves the window under $MUSUBI_SCREENSHOTS as WebP, which shows text and photos well in a tenth of a megabyte.
func (b *browser) screenshot(name string) {
	b.t.Helper()
	dir := os.Getenv("MUSUBI_SCREENSHOTS")
	if dir == "" {
		return
	}
	quality := int64(80)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		shot, err := cdp.Call(ctx, target, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: &quality})
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".webp"), shot.Data, 0o644)
	}))
}
