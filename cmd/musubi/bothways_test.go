package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// endsSession are forms that are pressed by nobody here: what comes after them is another member's, or nobody's.
var endsSession = []string{"/logout", "/settings/leave", "/leave", "/settings/sessions", "/settings/password", "/settings/secondstep", "/settings/passkeys"}

// TestFormsBothWays drives every form that the pages have, in a browser with script and in one without: filled in as a member would, each
// button pressed. No way is refused or fails, and both lead to the same page.
func TestFormsBothWays(t *testing.T) {
	with, without := pressedForms(t, true), pressedForms(t, false)
	if len(without) < 60 {
		t.Errorf("only %d buttons were found", len(without))
	}
	for button, came := range without {
		if also, ok := with[button]; ok && also != came {
			t.Errorf("%s leads to %q with script and to %q without", button, also, came)
		}
	}
	t.Logf("%d buttons with script, %d without", len(with), len(without))
}

// pressedForms follows the links from home and presses each button once; it gives where each led.
func pressedForms(t *testing.T, script bool) map[string]string {
	d := startDemo(t, "")
	defer d.stop()
	b := newBrowser(t, wide.w, wide.h)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script})
		return err
	}))
	b.logIn(d, 0)
	var buttons []pressable
	seen := map[string]bool{}
	for queue := []string{"/home"}; len(queue) > 0; queue = queue[1:] {
		kind := kindOf(queue[0])
		if seen[kind] {
			continue
		}
		if seen[kind] = true; len(seen) > maxKinds {
			t.Fatalf("more than %d kinds of pages: %s", maxKinds, queue[0])
		}
		b.do(chromedp.Navigate(d.URL + queue[0]))
		var links, found []string
		if err := errors.Join(json.Unmarshal([]byte(b.eval(linksScript)), &links), json.Unmarshal([]byte(b.eval(buttonsScript)), &found)); err != nil {
			t.Fatal(err)
		}
		queue = append(queue, links...)
		for _, name := range found {
			buttons = append(buttons, pressable{queue[0], name})
		}
	}
	slices.SortStableFunc(buttons, func(a, b pressable) int { return cmp.Compare(a.takes(), b.takes()) })
	came := map[string]string{}
	for _, one := range buttons {
		if _, done := came[one.name]; done || slices.ContainsFunc(endsSession, func(p string) bool { return strings.HasPrefix(one.name, p) }) {
			continue
		}
		b.do(chromedp.Navigate(d.URL + one.page))
		where := b.presses(one.name, d.Members[0].Password)
		if where == "" { // what was pressed before took it away
			continue
		}
		came[one.name] = where
		if status, _, _ := strings.Cut(where, " "); status != "200" && status != "304" {
			t.Errorf("script %v: %s of %s: %s", script, one.name, one.page, where)
		}
	}
	return came
}

// A pressable is a button on a page, named by where its form goes, how, and its own name.
type pressable struct{ page, name string }

// takes orders what is pressed by how much it takes away: first what takes nothing.
func (p pressable) takes() int {
	switch {
	case !strings.Contains(p.name, "delete") && !strings.Contains(p.name, "/empty"):
		return 0
	case strings.Contains(p.name, "comment"):
		return 1
	}
	return 2
}

// presses fills in a form, presses one of its buttons, and gives the status and the path that come; "" without such a button.
func (b *browser) presses(button, password string) string {
	b.t.Helper()
	if b.eval(fmt.Sprintf(fillScript, button, password)) == "gone" {
		return ""
	}
	for began := time.Now(); time.Since(began) < 5*time.Second; time.Sleep(30 * time.Millisecond) {
		if waits, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`window.waits === 1`)); err == nil && !waits { // an error: between two pages
			break
		}
	}
	b.do(chromedp.WaitReady(`body`))
	var at struct {
		Status int
		URL    string
		Wrong  bool
	}
	if err := json.Unmarshal([]byte(b.eval(`JSON.stringify({Status: performance.getEntriesByType("navigation")[0].responseStatus, URL: location.href, Wrong: !!document.querySelector(".error")})`)), &at); err != nil {
		b.t.Fatal(err)
	}
	u, err := url.Parse(at.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	said := fmt.Sprint(at.Status, " ", u.Path)
	if at.Wrong {
		said += ", something is wrong"
	}
	return said
}

// buttonsScript lists the buttons of the forms of a page.
const buttonsScript = `JSON.stringify([...document.forms].flatMap(f => [...f.querySelectorAll("button:not([type=button])")].map(e => new URL(f.getAttribute("action"), location).pathname + " " + f.method + " " + e.name)))`

// fillScript fills in what is empty, and presses.
const fillScript = `(() => {
	const e = [...document.querySelectorAll("form button:not([type=button])")].find(e => new URL(e.form.getAttribute("action"), location).pathname + " " + e.form.method + " " + e.name == %q);
	if (!e) return "gone";
	for (const i of e.form.elements) {
		if (i.type == "password") i.value = %q;
		else if (i.value || i.disabled || i.readOnly) continue;
		else if (i.tagName == "TEXTAREA") i.value = "試しに書いてみました。";
		else if (i.type == "email") i.value = "tameshi@example.jp";
		else if (i.type == "text" || i.type == "search") i.value = "試し";
	}
	window.waits = 1;
	e.click();
	return "";
})()`
