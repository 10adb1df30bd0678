package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// phoneOfToday looks at a page on a phone's screen as it comes up: what is missing of what a thumb needs.
const phoneOfToday = `(() => {
	const seen = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.left >= 0 && r.top >= 0 && r.right <= innerWidth && r.bottom <= innerHeight && getComputedStyle(e).visibility === "visible"; };
	const missing = [];
	if (![...document.querySelectorAll("nav [aria-current]")].some(seen)) missing.push("the current place");
	if (![...document.querySelectorAll("a, button, label, input")].some(e => seen(e) && ((e.innerText || "") + (e.value || "") + (e.placeholder || "") + (e.getAttribute("aria-label") || "")).includes("検索"))) missing.push("検索");
	if (![...document.querySelectorAll("header *, nav *, footer *")].some(e => !e.children.length && seen(e) && /\d/.test(e.textContent))) missing.push("the number of unread");
	if (document.documentElement.scrollWidth > innerWidth) missing.push("room: it is " + document.documentElement.scrollWidth + " wide");
	return missing.join(", ");
})()`

// TestPhoneOfToday: on a screen of 390×844 each page shows where one is, the search and how much is unread, and a profile its face.
func TestPhoneOfToday(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	d.waitForPictures()
	b := newBrowser(t, narrow.w, narrow.h)
	b.logIn(d, 0)
	for _, path := range []string{"/home", "/diary/friends", "/diary/write", "/diary/drafts", "/messages", "/notices", "/settings", "/search", "/album/list", "/communities", "/calendar", "/friends", "/member", "/footprints", "/music", "/premium", "/invite"} {
		b.do(chromedp.Navigate(d.URL + path))
		if missing := b.eval(phoneOfToday); missing != "" {
			t.Errorf("%s is without %s", path, missing)
		}
	}
	b.do(chromedp.Navigate(d.URL+"/friends"), chromedp.Click(`.people a`), chromedp.WaitVisible(`.profile`))
	if face := b.eval(`String(Math.max(0, ...[...document.images].filter(i => { const r = i.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; }).map(i => i.getBoundingClientRect().width)))`); len(face) < 2 || face < "60" && len(face) < 3 {
		t.Errorf("the face of a profile is %s pixels wide on the first screen", face)
	}
}

// mostHome is what home may weigh on the wire without pictures: document, style sheets, scripts, fonts (issue 23).
const mostHome = 60_000

// TestHomeIsLight weighs what a browser has to fetch before home is there.
func TestHomeIsLight(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	for _, view := range []string{"lists", "stream"} {
		t.Run(view, func(t *testing.T) { b.t = t; isLight(t, b, d.URL+"/home?view="+view) })
	}
}

// isLight weighs what a browser has to fetch before a page is there.
func isLight(t *testing.T, b *browser, address string) {
	b.do(chromedp.Navigate(address))
	var fetched []struct {
		Name, Kind string
		Bytes      int
	}
	if err := json.Unmarshal([]byte(b.eval(`JSON.stringify([...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
		.map(e => ({Name: e.name, Kind: e.initiatorType, Bytes: e.encodedBodySize})))`)), &fetched); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, f := range fetched {
		if f.Kind == "img" || strings.HasSuffix(strings.SplitN(f.Name, "?", 2)[0], ".svg") {
			continue
		}
		if f.Bytes == 0 { // it came from the browser's cache
			ask, err := http.NewRequest("GET", f.Name, nil)
			if err != nil {
				t.Fatal(err)
			}
			ask.Header.Set("Accept-Encoding", "gzip, br") // as a browser does; it is weighed as it comes
			answer, err := http.DefaultClient.Do(ask)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			f.Bytes = len(body)
		}
		t.Logf("%6d %s", f.Bytes, f.Name)
		sum += f.Bytes
	}
	if sum > mostHome || sum < 10_000 {
		t.Errorf("%s weighs %d bytes, at most %d", address, sum, mostHome)
	}
}
