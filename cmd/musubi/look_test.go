package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// lookAt are the kinds of pages a member meets, by the name of their screenshot.
var lookAt = []struct{ name, path string }{
	{"home", "/home"}, {"write", "/diary/write"}, {"diaries", "/diary/list"}, {"newest", "/diary/newest"}, {"categories", "/diary/categories"},
	{"friends", "/friends"}, {"requests", "/friend/requests"}, {"profile", "/member"}, {"endorsements", "/endorsements"},
	{"invite", "/invite"}, {"settings", "/settings"}, {"profile-form", "/settings/profile"}, {"profile-photos", "/settings/photos"},
	{"easy-login", "/settings/easy"}, {"sessions", "/settings/sessions"}, {"password", "/settings/password"}, {"preferences", "/settings/preferences"}, {"footprints", "/footprints"},
	{"bookmarks", "/bookmarks"}, {"blocks", "/settings/blocks"}, {"missing", "/no-such-page"},
}

// TestLookOfPages opens every kind of page in chromium, on a wide and a narrow screen: nothing sticks out sideways, no
// picture is broken, every field has a label, and the page has one heading of the first rank. With MUSUBI_SCREENSHOTS it
// also takes a picture of each.
func TestLookOfPages(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	b := newBrowser(t, 1200, 900)
	b.do(chromedp.Navigate(d.URL + "/"))
	b.screenshot("wide-login")
	b.do(
		chromedp.SendKeys(`input[name=mail]`, d.Members[0].Mail),
		chromedp.SendKeys(`input[name=password]`, d.Members[0].Password),
		chromedp.Click(`form button[type=submit]`),
		chromedp.WaitVisible(`a[href^="/diary/write"]`),
	)
	for _, size := range []struct {
		name string
		w, h int64
	}{{"wide", 1200, 900}, {"narrow", 390, 780}} {
		b.do(chromedp.EmulateViewport(size.w, size.h))
		for _, p := range lookAt {
			b.do(chromedp.Navigate(d.URL + p.path))
			b.screenshot(size.name + "-" + p.name)
			for _, problem := range strings.Split(b.eval(lookScript), "\n") {
				if problem != "" {
					t.Errorf("%s, %d pixels wide: %s", p.path, size.w, problem)
				}
			}
		}
	}
}

// lookScript lists what is wrong with the look of a page, one line each.
const lookScript = `(() => {
	const wrong = [];
	const over = document.documentElement.scrollWidth - innerWidth;
	if (over > 0) wrong.push("sticks out sideways by " + over + " pixels");
	for (const img of document.images) if (img.complete && img.naturalWidth == 0) wrong.push("broken picture " + img.src);
	for (const f of document.querySelectorAll("input:not([type=hidden]):not([type=submit]), textarea, select"))
		if (!f.labels.length && !f.getAttribute("aria-label")) wrong.push("no label on " + f.name);
	const heads = document.querySelectorAll("h1").length;
	if (heads != 1) wrong.push(heads + " headings of the first rank");
	return wrong.join("\n");
})()`

// eval runs a script on the page and returns the text it gives.
func (b *browser) eval(script string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		b.t.Fatal(fmt.Errorf("script on the page: %w", err))
	}
	return text
}
