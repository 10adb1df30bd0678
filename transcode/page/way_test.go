package page_test

import (
	"strings"
	"testing"

	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// TestEveryPartHasTheWayHome: the link with the key 0, wherever the page has it, can be pressed on each part, once.
func TestEveryPartHasTheWayHome(t *testing.T) {
	src := []byte("<title>長い</title>" + strings.Repeat("<p>文章が続く。そして、まだ続く。</p>", 900) + `<p><a href="/home" accesskey="0">ホーム</a></p>`)
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		if h.PageBudget == 0 || h.PageBudget > 30000 {
			continue
		}
		parts, wrong := pagetest.Page(&h, src, all)
		if wrong != "" || len(parts) < 2 {
			t.Errorf("%s: %d parts, %s", n.Name, len(parts), wrong)
		}
		for i, part := range parts {
			if got := strings.Count(string(text.ForHandset(&h).AppendDecode(nil, part)), "/home?"); got != 1 {
				t.Errorf("%s: %d ways home on part %d of %d", n.Name, got, i+1, len(parts))
			}
		}
	}
}

// TestLinksWithoutWordsGetSome: what a link is called for those who do not see it, else its address.
func TestLinksWithoutWordsGetSome(t *testing.T) {
	h := handset("docomo-P901i")
	for src, want := range map[string]string{
		`<a href="/a" aria-label="次の頁"></a>`:                   ">次の頁</a>",
		`<a href="/a"><i title="設定"></i></a>`:                  ">設定</a>",
		`<a href="/a/b"> </a>`:                                 ">/a/b</a>",
		`<map name=m><area href="/東" shape=rect></map>`:        ">/東</a>",
		`<map name=m><area href="/e" alt=東></map>`:             ">東</a>",
		`<a href="/a">語<i title="設定"></i></a>`:                 ">語</a>",
		`<a href="/a"><img src="/i" alt=""></a>`:               `alt="/a" /></a>`, // where the picture cannot be shown
		`<a href="/a" title=店><img src="/i"></a>`:              `alt="店" /></a>`,
		`<a href="/a"><img src="/i" alt=""> 語</a>`:             ` 語</a>`,
		`<a href="/a"><svg><path d="x"/></svg></a>`:            ">/a</a>",
		`<a href="/a"><svg><title>探す</title><path/></svg></a>`: ">探す</a>",
	} {
		out, _, err := page.Render(nil, &h, []byte(src), page.Options{URL: "http://sns.example/"})
		if got := string(text.ForHandset(&h).AppendDecode(nil, out)); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s becomes %s, %v", src, got, err)
		}
	}
}
