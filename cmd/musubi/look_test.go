package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/pquerna/otp/totp"
)

// maxKinds bounds the pages that TestLookOfPages looks at, should links ever lead on without end.
const maxKinds = 200

// TestLookOfPages follows every link from home to one page of each kind and looks at each in chromium, on a wide and a narrow
// screen, light and dark: nothing sticks out sideways, no picture is broken, every field has a label, there is one heading of
// the first rank, and axe-core finds nothing serious. A new page is found by the link that leads to it. With MUSUBI_LOOK it
// leaves a picture of each kind in that directory, for people to look at.
func TestLookOfPages(t *testing.T) {
	axe := axeSource(t)
	d := startDemo(t, "")
	defer d.stop()
	d.waitForPictures()
	b := newBrowser(t, wide.w, wide.h)
	for name, path := range map[string]string{"login": "/", "login-english": "/?lang=en", "reset": "/reset", "stranger": "/no-such-page", "outbox": d.Admin + "/outbox"} {
		if strings.HasPrefix(path, "/") {
			path = d.URL + path
		}
		b.look(axe, name, path)
	}
	b.logIn(d, 0)
	queue, seen := []string{"/home", "/no-such-page"}, map[string]bool{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := kindOf(path)
		if seen[kind] {
			continue
		}
		if seen[kind] = true; len(seen) > maxKinds {
			t.Fatalf("more than %d kinds of pages: %s", maxKinds, path)
		}
		queue = append(queue, b.look(axe, kind, d.URL+path)...)
	}
	for _, must := range []string{"diary", "diary-write", "member", "settings-profile", "messages", "friend-request", "album_", "album-photo"} {
		if !slices.ContainsFunc(keysOf(seen), func(k string) bool { return strings.HasPrefix(k, must) }) {
			t.Errorf("no link leads from home to a page %s; found %v", must, keysOf(seen))
		}
	}
	// Forms that came back because something is wrong with them.
	for name, path := range map[string]string{"wrong-diary": "/diary/write", "wrong-invitation": "/invite", "wrong-password": "/settings/password"} {
		b.do(chromedp.Navigate(d.URL+path), chromedp.Click(`main form button[type=submit]`), chromedp.WaitVisible(`.error`))
		b.look(axe, name, "")
	}
	t.Logf("%d kinds of pages", len(seen))
}

// TestLookOfConsole looks at the pages of operators in the same way, and walks through some of them with Tab.
func TestLookOfConsole(t *testing.T) {
	axe := axeSource(t)
	d := startDemo(t, "")
	defer d.stop()
	b := newBrowser(t, wide.w, wide.h)
	b.look(axe, "console-login", d.Admin+"/operator")
	b.do(chromedp.SendKeys(`#name`, d.Operator.Name), chromedp.SendKeys(`#password`, d.Operator.Password), chromedp.Click(`main form button[type=submit]`), chromedp.WaitVisible(`#code`))
	b.look(axe, "console-code", "")
	code, err := totp.GenerateCode(d.Operator.TOTP, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.SendKeys(`#code`, code), chromedp.Click(`main form button[type=submit]`), chromedp.WaitVisible(`a[href^="/operator/reports"]`))
	queue, seen := []string{"/operator"}, map[string]bool{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if kind := kindOf(path); strings.HasPrefix(path, "/operator") && !seen[kind] {
			seen[kind] = true
			queue = append(queue, b.look(axe, kind, d.Admin+path)...)
		}
	}
	if len(seen) < 20 || len(seen) > maxKinds {
		t.Errorf("%d kinds of pages of the console: %v", len(seen), keysOf(seen))
	}
	b.do(chromedp.EmulateViewport(wide.w, wide.h))
	for _, path := range []string{"/operator", "/operator/reports", "/operator/members"} {
		b.tab(d.Admin + path)
	}
}

// TestLookInEnglish looks at the same pages in English, whose words are longer: nothing sticks out sideways on a wide or a
// narrow screen, and with MUSUBI_LOOK it leaves a picture of each.
func TestLookInEnglish(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	d.waitForPictures()
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	b.scheme("light", "")
	b.do(chromedp.Navigate(d.URL+"/settings/preferences"), chromedp.SetValue(`#language`, "en"), chromedp.Click(`main form button[type=submit]`), chromedp.WaitVisible(`html[lang=en]`))
	queue, seen := []string{"/home", "/no-such-page"}, map[string]bool{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := kindOf(path)
		if seen[kind] {
			continue
		}
		if seen[kind] = true; len(seen) > maxKinds {
			t.Fatalf("more than %d kinds of pages: %s", maxKinds, path)
		}
		b.do(chromedp.EmulateViewport(wide.w, wide.h), chromedp.Navigate(d.URL+path))
		b.judge("english-"+kind, "wide")
		b.do(chromedp.EmulateViewport(narrow.w, narrow.h))
		b.judge("english-"+kind, "narrow")
		if b.eval(`document.documentElement.lang`) != "en" {
			t.Errorf("%s is not in English", kind)
		}
		var links []string
		if err := json.Unmarshal([]byte(b.eval(linksScript)), &links); err != nil {
			t.Fatal(err)
		}
		queue = append(queue, links...)
	}
	if len(seen) < 50 {
		t.Errorf("only %d kinds of pages: %v", len(seen), keysOf(seen))
	}
}

// A windowSize is a browser's window, in pixels.
type windowSize struct{ w, h int64 }

var (
	wide   = windowSize{1280, 900}
	narrow = windowSize{390, 844}
)

// kindOf names what kind of page an address has: its path and which arguments it takes, not their values.
func kindOf(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	kind := strings.ReplaceAll(strings.Trim(u.Path, "/"), "/", "-")
	for _, key := range slices.Sorted(func(yield func(string) bool) {
		for key := range u.Query() {
			if !yield(key) {
				return
			}
		}
	}) {
		if key != "n" && key != "page" && key != "month" && key != "all" { // the same page, or the same kind further on
			kind += "_" + key
		}
	}
	return kind
}

func keysOf(m map[string]bool) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

// look judges one page ("" for the one that is open) and gives the addresses that it links to.
func (b *browser) look(axe, name, address string) []string {
	b.t.Helper()
	b.scheme("light", "")
	b.do(chromedp.EmulateViewport(wide.w, wide.h))
	if address != "" {
		b.do(chromedp.Navigate(address))
	}
	b.judge(name, "wide")
	b.axe(axe, name, "light")
	b.scheme("dark", "")
	b.axe("", name, "dark")
	b.picture(name, "dark")
	b.scheme("light", "print")
	b.picture(name, "print")
	b.scheme("light", "")
	for _, size := range []struct {
		name   string
		window windowSize
	}{{"tablet", windowSize{768, 1024}}, {"narrow", narrow}, {"smallest", windowSize{320, 568}}} {
		b.do(chromedp.EmulateViewport(size.window.w, size.window.h))
		b.judge(name, size.name)
	}
	b.do(chromedp.EmulateViewport(narrow.w, narrow.h))
	b.eval(`document.documentElement.style.fontSize = "200%"`)
	b.judge(name, "large text")
	b.eval(`document.documentElement.style.fontSize = ""`)
	b.do(chromedp.EmulateViewport(narrow.w, narrow.h))
	b.eval(`for (const s of document.styleSheets) s.disabled = true; ""`)
	b.picture(name, "without style")
	for problem := range strings.SplitSeq(b.eval(plainScript), "\n") {
		if problem != "" {
			b.t.Errorf("%s, without style: %s", name, problem)
		}
	}
	var links []string
	if err := json.Unmarshal([]byte(b.eval(linksScript)), &links); err != nil {
		b.t.Fatal(err)
	}
	return links
}

// scheme chooses light or dark and the medium ("" or "print"), without transitions that a check could catch half-way.
func (b *browser) scheme(scheme, media string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

func (b *browser) judge(name, size string) {
	b.t.Helper()
	b.picture(name, size)
	for problem := range strings.SplitSeq(b.eval(lookScript), "\n") {
		if problem != "" {
			b.t.Errorf("%s, %s: %s", name, size, problem)
		}
	}
}

// axe runs axe-core on the open page; its source is needed once for each page.
func (b *browser) axe(source, name, scheme string) {
	b.t.Helper()
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](source+"\n;"+axeScript, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("axe-core on %s: %v", name, err)
	}
	for problem := range strings.SplitSeq(found, "\n") {
		if problem != "" {
			b.t.Errorf("%s, %s: %s", name, scheme, problem)
		}
	}
}

// axeSource is axe-core, which .ci/install gets from the npm registry.
func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../../.ci/node_modules/axe-core/axe.min.js")
	if err == nil {
		return string(source)
	}
	if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
		t.Fatalf("axe-core is not installed, and this run must not skip anything: %v", err)
	}
	t.Skip("axe-core is not installed (.ci/install installs it from the npm registry)")
	return ""
}

// axeScript lists what axe-core calls serious or critical, one line each.
const axeScript = `axe.run().then(r => r.violations.filter(v => v.impact == "serious" || v.impact == "critical").map(v =>
	v.impact + " " + v.id + ": " + v.nodes.map(n => n.html.slice(0, 160) + " " + n.failureSummary.replace(/\s+/g, " ")).slice(0, 3).join(" / ")).join("\n"))`

// lookScript lists what is wrong with the look of a page, one line each.
const lookScript = `(() => {
	const wrong = [];
	const over = document.documentElement.scrollWidth - innerWidth;
	const outside = e => e.getBoundingClientRect().right > innerWidth + 1 && ![...e.children].some(outside);
	if (over > 0) wrong.push("sticks out sideways by " + over + " pixels: " + [...document.querySelectorAll("body *")].filter(outside).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" "));
	for (const img of document.images) if (img.complete && img.naturalWidth == 0) wrong.push("broken picture " + img.src);
	for (const f of document.querySelectorAll("input:not([type=hidden]):not([type=submit]), textarea, select"))
		if (!f.labels.length && !f.getAttribute("aria-label")) wrong.push("no label on " + f.name);
	const heads = document.querySelectorAll("h1").length;
	if (heads != 1) wrong.push(heads + " headings of the first rank");
	const band = document.querySelector("body > header").offsetHeight, large = parseFloat(getComputedStyle(document.documentElement).fontSize) > 20;
	if (band > (large ? 180 : 80)) wrong.push("the band on top is " + band + " pixels high");
	const press = [...document.querySelectorAll("body > header :is(a, button, input:not([type=hidden]))")].map(e => [e, e.getBoundingClientRect()]).filter(p => p[1].width && p[0].offsetParent && !p[0].matches("[href='#main']"));
	for (const [a, x] of press) for (const [b, y] of press)
		if (a != b && !a.contains(b) && !b.contains(a) && x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1) wrong.push(a.outerHTML.slice(0, 60) + " lies over " + b.outerHTML.slice(0, 60));
	let rank = 1;
	for (const h of document.querySelectorAll("main h1, main h2, main h3, main h4")) {
		const n = +h.tagName[1];
		if (n > rank + 1) wrong.push("after h" + rank + " comes h" + n + ": " + h.innerText);
		rank = n;
	}
	return wrong.join("\n");
})()`

// plainScript lists what is wrong with a page that no style sheet orders: what it is about comes before the menu, and what is to be read and
// pressed can be seen.
const plainScript = `(() => {
	const wrong = [], h1 = document.querySelector("h1"), nav = document.querySelector("nav.menu");
	if (!h1 || !h1.getClientRects().length) wrong.push("its heading cannot be seen");
	else if (nav && !(h1.compareDocumentPosition(nav) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push("the menu comes before the content");
	else if (h1.getBoundingClientRect().top + scrollY > 2 * innerHeight) wrong.push("its heading comes after " + Math.round(h1.getBoundingClientRect().top + scrollY) + " pixels");
	for (const e of document.querySelectorAll("main button, main input:not([type=hidden]), main select, main textarea"))
		if (!e.getClientRects().length && !e.closest("[hidden], details:not([open]), dialog")) wrong.push(e.outerHTML.slice(0, 99) + " cannot be seen");
	for (const img of document.querySelectorAll("main img")) if (img.getBoundingClientRect().width > 660) wrong.push("a picture is " + img.getBoundingClientRect().width + " pixels wide: " + img.src);
	return wrong.join("\n");
})()`

// linksScript gives the paths of the pages that this page links to. A shop is elsewhere; a file (dates, archives) is no page,
// and opening one would break off the next page.
const linksScript = `JSON.stringify([...document.querySelectorAll("a[href]")].filter(a => a.origin == location.origin && !/^\/(photo|film|_)\/|^\/(music|review)\/buy$/.test(a.pathname) && !/(\.ics|\.csv|\.json|\/export\/file)$/.test(a.pathname)).map(a => a.pathname + a.search))`

// TestKeyboardAlone walks through home and a form with Tab: the first stop leads past the menu, every stop can be seen and
// shows that it has the focus, and the walk comes to every link, field and button.
func TestKeyboardAlone(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	b.scheme("light", "")
	for _, path := range []string{"/home", "/diary/write", "/settings"} {
		b.tab(d.URL + path)
	}
}

// tab walks through a page with the key Tab.
func (b *browser) tab(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	var total int
	fmt.Sscan(b.eval(`"" + [...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, select, summary")].filter(e => e.getClientRects().length).length`), &total)
	for i := range total {
		b.do(chromedp.KeyEvent(kb.Tab))
		if problem := b.eval(focusScript); problem != "" {
			b.t.Errorf("%s, stop %d: %s", address, i+1, problem)
		}
		if i == 0 && b.eval(`document.activeElement.getAttribute("href")`) != "#main" {
			b.t.Errorf("%s: the first stop is %s, not the way to the content", address, b.eval(`document.activeElement.outerHTML.slice(0, 99)`))
		}
	}
	if missed := b.eval(`"" + (` + fmt.Sprint(total) + ` - new Set(window.visited).size)`); missed != "0" {
		b.t.Errorf("%s: Tab misses %s of %d", address, missed, total)
	}
}

// focusScript says what is wrong with the element that has the focus.
const focusScript = `(() => {
	const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
	(window.visited ||= []).push(e);
	if (e == document.body) return "nothing has the focus";
	if (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight) return e.outerHTML.slice(0, 99) + " cannot be seen";
	if (style.outlineStyle == "none" || parseFloat(style.outlineWidth) < 2) return e.outerHTML.slice(0, 99) + " does not show the focus";
	return "";
})()`

// logIn logs in one of the demo's members.
func (b *browser) logIn(d *demo, member int) {
	b.t.Helper()
	b.do(
		chromedp.Navigate(d.URL+"/"),
		chromedp.SendKeys(`input[name=mail]`, d.Members[member].Mail),
		chromedp.SendKeys(`input[name=password]`, d.Members[member].Password),
		chromedp.Click(`main form button[type=submit]`),
		chromedp.WaitVisible(`a[href^="/diary/write"]`),
	)
}

// picture saves the whole page under $MUSUBI_LOOK when that is set (make look).
func (b *browser) picture(name, manner string) {
	b.t.Helper()
	dir := os.Getenv("MUSUBI_LOOK")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+"-"+manner+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// eval runs a script on the page and returns the text it gives.
func (b *browser) eval(script string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		b.t.Fatal(fmt.Errorf("script on the page: %w", err))
	}
	return text
}
