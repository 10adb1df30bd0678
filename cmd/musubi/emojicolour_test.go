package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"musubi/transcode/emoji"
)

// writing has the emoji of the carriers that are signs of ordinary writing: the style sheet leaves them in the text's colour.
const writing = "©®‼⁉™↔↕↖↗↘↙▪▫▶◀◻◼✔✖✳✴〰"

// TestEmojiRange: the style sheet draws in colour what a carrier has a picture for and browsers would draw as text.
func TestEmojiRange(t *testing.T) {
	css, err := os.ReadFile("../../core/web/style.css")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`unicode-range: ([^;]+);`).FindSubmatch(css)
	if list == nil {
		t.Fatal("the style sheet has no unicode-range")
	}
	has := map[rune]bool{}
	for cell := range strings.SplitSeq(string(list[1]), ",") {
		first, last, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(cell), "U+"), "-")
		if !ok {
			last = first
		}
		from, err1 := strconv.ParseInt(first, 16, 32)
		to, err2 := strconv.ParseInt(last, 16, 32)
		if err1 != nil || err2 != nil {
			t.Fatalf("range %q", cell)
		}
		for r := rune(from); r <= rune(to); r++ {
			has[r] = true
		}
	}
	for i := range emoji.Index(emoji.Count) {
		c := emoji.At(i)
		r := []rune(c.Standard())
		if len(r) != 1 || c.Qualified != c.Unicode+"\ufe0f" {
			continue
		}
		if want := !strings.ContainsRune(writing, r[0]); has[r[0]] != want {
			t.Errorf("%U %c is in the range: %v, want %v", r[0], r[0], has[r[0]], want)
		}
		delete(has, r[0])
	}
	for r := range has {
		t.Errorf("%U %c is in the range, but no carrier has it", r, r)
	}
}

// TestEmojiInColour looks: ☀ is in colour as a carrier's code left it and with U+FE0F, but not with U+FE0E, and © and ✔ are text.
func TestEmojiInColour(t *testing.T) {
	css, err := os.ReadFile("../../core/web/style.css")
	if err != nil {
		t.Fatal(err)
	}
	signs := []struct {
		text   string
		colour bool
	}{
		{"☎", true}, {"❤", true}, {"➡", true}, {"㊙", true}, {"☎\ufe0f", true}, {"☀", true}, {"☀\ufe0f", true},
		{"☎\ufe0e", false}, {"☀\ufe0e", false}, {"©", false}, {"✔", false}, {"字1", false},
	}
	var body strings.Builder
	for i, s := range signs {
		fmt.Fprintf(&body, `<div style="position:fixed;left:0;top:%dpx;width:40px;height:40px;background:#fff;color:#000;font-size:24px;line-height:40px;overflow:hidden">%s</div>`, 40*i, s.text)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="ja"><head><style>%s</style></head><body>%s</body></html>`, css, body.String())
	}))
	defer server.Close()
	b := newBrowser(t, 400, int64(40*len(signs)))
	b.do(chromedp.Navigate(server.URL))
	var shot []byte
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		answer, err := cdp.Call(ctx, target, page.CaptureScreenshot, page.CaptureScreenshotParams{})
		shot = answer.Data
		return err
	}))
	screen, _, err := image.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range signs {
		drawn, coloured := 0, 0
		for y := 40 * i; y < 40*i+40; y++ {
			for x := range 40 {
				r, g, b, _ := screen.At(x, y).RGBA()
				if min(r, g, b) < 0xC000 {
					drawn++
				}
				if max(r, g, b)-min(r, g, b) > 0x3000 {
					coloured++
				}
			}
		}
		if drawn == 0 || (coloured > 20) != s.colour {
			t.Errorf("%+q: %d pixels drawn, %d in colour, want colour: %v", s.text, drawn, coloured, s.colour)
		}
	}
}
