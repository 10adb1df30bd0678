package page_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// A todayPage is a page in the style of today's web, put together of what such pages have, with the words that a reader of a
// handset is to see, in the order of the display, and those that nobody is to see.
type todayPage struct {
	r         *rand.Rand
	src       strings.Builder
	main, nav []string // words that are shown: first, and behind the link
	gone      []string
	n         int
}

func (p *todayPage) word(list *[]string) string {
	p.n++
	w := fmt.Sprintf("語%04d", p.n)
	*list = append(*list, w)
	return w
}

func (p *todayPage) add(format string, args ...any) { fmt.Fprintf(&p.src, format, args...) }

// todayPieces are the features, each with what becomes of its words.
var todayPieces = []func(p *todayPage){
	func(p *todayPage) { p.add("<p>%s本文が続く。</p>", p.word(&p.main)) },
	func(p *todayPage) { p.add("<h2>%s</h2><p>%s</p>", p.word(&p.main), p.word(&p.main)) },
	func(p *todayPage) {
		p.add(`<img src="data:image/gif;base64,R0lGOD" data-src="/i/%d.jpg" class="lazy" alt="%s">`, p.n, p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<img srcset="/i/a-320.jpg 320w, /i/a,b-640.jpg 640w" sizes="100vw" alt="%s">`, p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<picture><source type="image/avif" srcset="/i/x.avif"><source type="image/webp" srcset="/i/x.webp 1x, /i/x2.webp 2x"><img alt="%s" loading="lazy"></picture>`, p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<video poster="/i/p.jpg" src="/v.mp4" controls playsinline></video><p>%s</p>`, p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<audio controls><source src="/s.ogg" type="audio/ogg"><source src="/s.mp3"></audio><p>%s</p>`, p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<img src="http://stat.example/t.gif" width="1" height="1" alt="%s"><img src="/deco.png" alt="">`, p.word(&p.gone))
	},
	func(p *todayPage) {
		p.add("<table><caption>%s</caption><tr><th>%s</th><td>%s</td></tr></table>", p.word(&p.main), p.word(&p.main), p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<dialog>%s</dialog><dialog open>%s</dialog>`, p.word(&p.gone), p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<div popover id="pop">%s</div><div style="color:red;display: none !important">%s</div>`, p.word(&p.gone), p.word(&p.gone))
	},
	func(p *todayPage) {
		p.add(`<div hidden="until-found">%s</div><div hidden>%s</div>`, p.word(&p.main), p.word(&p.gone))
	},
	func(p *todayPage) {
		p.add(`<p><i class="material-icons" aria-hidden="true">%s</i> %s <svg aria-hidden="true"><title>%s</title></svg></p>`, p.word(&p.gone), p.word(&p.main), p.word(&p.gone))
	},
	func(p *todayPage) { p.add(`<ol><li>%s<li value="9">%s</ol>`, p.word(&p.main), p.word(&p.main)) },
	func(p *todayPage) {
		p.add(`<details><summary>%s</summary><p>%s</p></details>`, p.word(&p.main), p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<figure><img src="/i/f.webp" alt=""><figcaption>%s</figcaption></figure>`, p.word(&p.main))
	},
	func(p *todayPage) {
		p.n++
		id := fmt.Sprintf("節%d", p.n)
		p.add(`<p><a href="#%s">%s</a></p><h3 id="%s">%s</h3>`, url.PathEscape(id), p.word(&p.main), id, p.word(&p.main))
	},
	func(p *todayPage) {
		p.add(`<form method="post" action="/c"><label>%s<input name="a" value="b" required></label><button aria-label="送る"><span aria-hidden="true">%s</span>%s</button></form>`,
			p.word(&p.main), "➤", p.word(&p.main))
	},
	func(p *todayPage) {
		p.add("<p>%s</p>", strings.Repeat(p.word(&p.main)+"長い文がまだ続いている。", 30))
	},
	func(p *todayPage) {
		p.add("<template>%s</template><script>%s</script>", p.word(&p.gone), p.word(&p.gone))
	},
}

// makeToday puts a page together from a seed.
func makeToday(seed uint64) *todayPage {
	p := &todayPage{r: rand.New(rand.NewPCG(seed, 22))}
	p.add(`<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>題</title></head><body>`)
	open, end := "<main>", "</main>"
	switch p.r.IntN(4) {
	case 0:
		open, end = `<div role="main">`, "</div>"
	case 1:
		open, end = "<article>", "</article>"
	case 2: // nothing says where the text is: enough of it does
		open, end = `<div class="c"><p>`+strings.Repeat("ここが本文であると量で分かる。", 20)+"</p>", "</div>"
	}
	p.add(`<header><h1>%s</h1>`, p.word(&p.main))
	p.add("%s", []string{"<nav><ul>", `<div role="navigation"><ul>`, "<div><ul>"}[p.r.IntN(3)])
	for range 4 + p.r.IntN(20) {
		p.add(`<li><a href="/n/%d">%s</a>`, p.n, p.word(&p.nav))
	}
	p.add("</ul>%s</header>%s", map[bool]string{true: "</nav>", false: "</div>"}[strings.Contains(p.src.String(), "<nav")], open)
	for range 3 + p.r.IntN(20) {
		todayPieces[p.r.IntN(len(todayPieces))](p)
	}
	p.add("%s<footer><p>%s</p></footer></body></html>", end, p.word(&p.main))
	return p
}

// TestPagesOfToday: of pages in the style of today's web, handsets get all words that are to be seen, what the page is about
// first and its navigation behind it, nothing of what is not; within the budget and valid; and links to places on the page
// lead to them, whatever part they stand in.
func TestPagesOfToday(t *testing.T) {
	pages := uint64(200)
	if testing.Short() {
		pages = 30
	}
	for seed := range pages {
		p := makeToday(seed)
		for _, n := range pagetest.Handsets {
			h := n.Handset()
			if wrong := p.wrong(&h); wrong != "" {
				t.Fatalf("page %d on %s (%s): %s\n%s", seed, n.Name, h.Dialect, wrong, p.src.String())
			}
		}
	}
}

func (p *todayPage) wrong(h *carriers.Handset) string {
	o := page.Options{URL: "http://www.example/p", Session: "S3ss10n", Foreign: true}
	var parts, texts []string
	for o.Part = 1; ; o.Part++ {
		out, info, err := page.Render(nil, h, []byte(p.src.String()), o)
		if err != nil {
			return err.Error()
		}
		seen, wrong := pagetest.Part(h, out, o)
		if wrong != "" {
			return fmt.Sprintf("part %d: %s", o.Part, wrong)
		}
		parts, texts = append(parts, string(text.ForHandset(h).AppendDecode(nil, out))), append(texts, seen)
		if o.Part >= info.Parts {
			break
		}
	}
	words := append(append([]string{}, p.main...), p.nav...)
	if h.Dialect.Family == carriers.HTML5 { // a browser of today shows a page in its order
		words = append(append([]string{p.main[0]}, p.nav...), p.main[1:]...)
	}
	if wrong := shows(strings.Join(texts, ""), words, p.gone); wrong != "" {
		return wrong
	}
	for i, part := range parts {
		if wrong := leads(h, parts, i, part); wrong != "" {
			return wrong
		}
	}
	return ""
}

// shows checks that words stand in a text in their order, and others do not.
func shows(seen string, words, gone []string) string {
	rest := seen
	for _, w := range words {
		_, after, ok := strings.Cut(rest, w)
		if !ok {
			return fmt.Sprintf("%s is lost, or out of order: %s", w, seen)
		}
		rest = after
	}
	for _, w := range gone {
		if strings.Contains(seen, w) {
			return w + " is shown, and nobody is to see it"
		}
	}
	return ""
}

var placeLink = regexp.MustCompile(`href="([^"#]*)#([^"]+)"`)

// leads checks the links of part i to places on the page.
func leads(h *carriers.Handset, parts []string, i int, part string) string {
	for _, m := range placeLink.FindAllStringSubmatch(part, -1) {
		to := part
		if m[1] != "" {
			_, number, _ := strings.Cut(m[1], "_p=")
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 || n > len(parts) || n == i+1 {
				return "a link to a place in no other part: " + m[0]
			}
			to = parts[n-1]
		}
		if h.Dialect.Family != carriers.JPHONE && !strings.Contains(to, ` id="`+m[2]+`"`) && !strings.Contains(to, ` name="`+m[2]+`"`) {
			return "a link to a place that is not there: " + m[0]
		}
	}
	return ""
}

// What declares a shadow tree is shown where it stands, its forms too; any other template is not.
func TestShadowTreesAreSeen(t *testing.T) {
	src := `<title>t</title><main><my-card><template shadowrootmode="open"><style>p{}</style><section><p>影の文<form action="/s"><input name="q"><button>送</button></form></section></template><span>光の文</span></my-card>
		<template><p>型紙</p></template><p>後の文</p></main>`
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		out, _, err := page.Render(nil, &h, []byte(src), page.Options{URL: "http://www.example/", Foreign: true})
		if err != nil {
			t.Fatal(err)
		}
		seen := string(text.ForHandset(&h).AppendDecode(nil, out))
		if h.Dialect.Family == carriers.HTML5 {
			continue
		}
		if wrong := shows(seen, []string{"影の文", "/s", "光の文", "後の文"}, []string{"型紙"}); wrong != "" {
			t.Errorf("%s: %s", n.Name, wrong)
		}
	}
}
