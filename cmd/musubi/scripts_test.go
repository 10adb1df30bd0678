package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// becomes waits for a script to say "yes", which it must within the time.
func (b *browser) becomes(what, script string, most time.Duration) {
	b.t.Helper()
	last := ""
	for began := time.Now(); time.Since(began) < most; time.Sleep(50 * time.Millisecond) {
		if last = b.eval("String(" + script + ")"); last == "true" {
			return
		}
	}
	b.t.Fatalf("after %v still not %s: %s\n%s", most, what, last, b.text())
}

// newEntry writes an entry as a member on another PC and gives its path.
func (d *demo) newEntry(member int, title, body string) string {
	d.t.Helper()
	pc := newPhone(d.t, d.URL, uaPC, true)
	pc.logIn(d.Members[member].Mail, d.Members[member].Password)
	page := pc.get("/diary/write")
	page = page.submit(page.form("textarea"), map[string]string{"title": title, "textarea": body, "visibility": "0", "+confirm": ""}).must(200, title)
	page = page.submit(page.sends("send"), map[string]string{"+send": ""}).must(200, title)
	return page.url.RequestURI()
}

// TestScriptShrinks: a photo that is too large to be sent is made smaller in the browser, its place does not come along, and the entry has it.
func TestScriptShrinks(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	large := phonePhoto(t, 6000, 4500)
	large = append(large, make([]byte, max(0, 26<<20-len(large)))...)
	name := filepath.Join(t.TempDir(), "large.jpg")
	if err := os.WriteFile(name, large, 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+"/diary/write"), chromedp.SendKeys(`input[name=title]`, "大きな空"), chromedp.SendKeys(`textarea[name=body]`, "雲まで写っています。"),
		chromedp.SetUploadFiles(`input[type=file]`, []string{name}))
	b.becomes("smaller", `document.querySelector("input[type=file]").files[0].size < 25 << 20`, time.Minute)
	made, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(async () => {
		const file = document.querySelector("input[type=file]").files[0], picture = await createImageBitmap(file);
		const text = new TextDecoder("latin1").decode(await file.arrayBuffer());
		return [file.name, file.type, picture.width, picture.height, text.includes("GPSPLACE")].join(" ");
	})()`, chromedp.EvalAwaitPromise))
	if err != nil || made != "large.jpg image/jpeg 4096 3072 false" {
		t.Fatalf("the field holds %s, %v", made, err)
	}
	b.becomes("quiet", `document.querySelector("input[type=file]").parentNode.querySelector("[role=status]").textContent === ""`, 10*time.Second)
	b.do(chromedp.Click(`button[name=confirm]`), chromedp.WaitVisible(`main button[name=send]`), chromedp.Click(`main button[name=send]`), chromedp.WaitVisible(`#comments`))
	b.wants("大きな空", "雲まで写っています。")
	b.becomes("shown", `[...document.querySelectorAll("article.entry img")].some(i => i.complete && i.naturalWidth > 0)`, 20*time.Second)
}

// TestScriptLive: home as a stream grows while somebody looks at it, and what waits is counted, without loading the page.
func TestScriptLive(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+"/home?view=stream"), chromedp.WaitVisible(`#stream`))
	b.eval(`(window.same = "yes", scrollTo(0, 400), "")`)
	path := d.newEntry(1, "いま書きました", "ほかほかの日記です。")
	b.becomes("there", `document.getElementById("stream").innerText.includes("いま書きました")`, 30*time.Second)
	if b.eval(`window.same || "no"`) != "yes" || b.eval(`document.getElementById("stream-says").innerText`) == "" {
		t.Error("the page was loaded again, or nobody is told")
	}
	if !strings.Contains(b.eval(`document.getElementById("stream").innerHTML`), strings.SplitN(path, "#", 2)[0][:len("/diary")]) {
		t.Errorf("the stream does not lead to %s", path)
	}
}

// TestScriptTalk: in a comment a friend's name comes behind "@" by a press, an emoji too, and both arrive.
func TestScriptTalk(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	path := d.newEntry(1, "みんなへ", "よろしくね。")
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	friend := d.Members[2].Name
	b.do(chromedp.Navigate(d.URL+path), chromedp.WaitVisible(`details.tools`), chromedp.SendKeys(`textarea[name=body]`, "ねえ @"+string([]rune(friend)[:1])))
	b.becomes("offered", fmt.Sprintf(`[...document.querySelectorAll("p.tools button")].some(e => e.textContent === %q)`, "@"+friend), 10*time.Second)
	b.eval(fmt.Sprintf(`([...document.querySelectorAll("p.tools button")].find(e => e.textContent === %q).click(), "")`, "@"+friend))
	if typed := b.eval(`document.querySelector("textarea[name=body]").value`); typed != "ねえ @"+friend+" " {
		t.Errorf("the text is %q", typed)
	}
	b.do(chromedp.Click(`details.tools summary`), chromedp.Click(`details.tools button:nth-of-type(2)`))
	emoji := b.eval(`document.querySelector("details.tools button:nth-of-type(2)").textContent`)
	b.do(chromedp.Click(`form.write button[name=send]`), chromedp.WaitVisible(`article.comment`))
	b.wants("ねえ @"+friend, strings.ReplaceAll(emoji, "\uFE0F", ""))
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[2].Mail, d.Members[2].Password)
	pc.get("/notices").must(200, "あなたが呼ばれました")
}

// TestScriptUploads: with album.js each file has its row; what is there is counted in words and in the meter, a file that is no picture
// has no button to send it again, one whose answer was lost has one, and pressing it brings the photo once.
func TestScriptUploads(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	form := pc.get("/album/edit")
	page := form.submit(form.form("textarea"), map[string]string{"title": "数える", "visibility": "0", "+send": ""}).must(200)
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+page.url.RequestURI()), chromedp.WaitVisible(`#upload`))
	const count = `(document.querySelector("meter").value + " " + document.getElementById("room").textContent + " " + document.getElementById("room-count").textContent)`
	before := b.eval(count)
	b.do(chromedp.SetUploadFiles(`input[type=file]`, albumFiles(t, 2)), chromedp.Click(`#upload button[name=send]`),
		chromedp.WaitVisible(`.files li.error`), chromedp.WaitVisible(`.files li.taken:nth-of-type(2)`))
	b.becomes("counted", `document.querySelector("#upload > [role=status]").textContent === "3枚中2枚が入りました"`, 20*time.Second)
	if buttons := b.eval(`String(document.querySelectorAll(".files button").length)`); buttons != "0" {
		t.Errorf("a file that is no picture is offered again: %s buttons", buttons)
	}
	after := b.eval(count)
	var was, is float64
	fmt.Sscan(before, &was)
	fmt.Sscan(after, &is)
	if is <= was || before[strings.Index(before, " "):] == after[strings.Index(after, " "):] {
		t.Errorf("the room was %q and is %q after two photos", before, after)
	}
	// The wire is cut under the next one.
	b.eval(`(window.real = XMLHttpRequest.prototype.send, XMLHttpRequest.prototype.send = function () { this.onerror(); }, "")`)
	b.do(chromedp.SetUploadFiles(`input[type=file]`, albumFiles(t, 3)[2:3]), chromedp.Click(`#upload button[name=send]`), chromedp.WaitVisible(`.files li:nth-of-type(4).error button`))
	b.eval(`(XMLHttpRequest.prototype.send = window.real, "")`)
	b.do(chromedp.Click(`.files li:nth-of-type(4) button`), chromedp.WaitVisible(`.files li:nth-of-type(4).taken`))
	page.follow("アルバムを見る").must(200, "3枚")
}

// TestScriptWrites: write.js keeps a draft by itself, puts decorations around what is marked, and warns nobody after sending; viewer.js
// opens a photo on all of the screen, keys lead on, Escape ends it.
func TestScriptWrites(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	d.waitForPictures()
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+"/diary/write"), chromedp.WaitVisible(`#writing .tools button`), chromedp.SendKeys(`input[name=title]`, "まだ途中"),
		chromedp.SendKeys(`textarea[name=body]`, "ここまで"))
	b.eval(`(document.querySelector("textarea[name=body]").select(), document.querySelector("#writing .tools button").click(), "")`)
	if typed := b.eval(`document.querySelector("textarea[name=body]").value`); !strings.HasPrefix(typed, "[") || !strings.Contains(typed, "]ここまで[/") {
		t.Errorf("decorated: %q", typed)
	}
	b.becomes("kept", `!!document.querySelector("#writing input[name=saved]")`, 20*time.Second)
	b.do(chromedp.Navigate(d.URL + "/diary/drafts"))
	b.wants("まだ途中")

	b.do(chromedp.Navigate(d.URL + "/album/friends"))
	b.do(chromedp.Navigate(b.eval(`[...document.querySelectorAll('main a[href^="/album?"]')].find(a => a.textContent.includes("山と海")).href`)), chromedp.Click(`a[href*="/album/photo"]`), chromedp.WaitVisible(`a.view`))
	b.do(chromedp.Click(`a.view`), chromedp.WaitVisible(`dialog.viewer img`))
	first := b.eval(`document.querySelector("dialog.viewer img").src`)
	key := kb.ArrowRight
	if b.eval(`String(!!document.querySelector(".pager a[rel=next]"))`) != "true" {
		key = kb.ArrowLeft
	}
	b.do(chromedp.KeyEvent(key))
	b.becomes("the neighbour", fmt.Sprintf(`document.querySelector("dialog.viewer img").src !== %q`, first), 10*time.Second)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.becomes("closed", `!document.querySelector("dialog.viewer")`, 10*time.Second)
}
