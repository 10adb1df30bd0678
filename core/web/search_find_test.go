package web

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/journal"
)

// finds asks the search and gives the page.
func (b *browser) finds(in, query string) string {
	b.w.t.Helper()
	if err := b.w.core.Search.UpdateSearch(context.Background()); err != nil {
		b.w.t.Fatal(err)
	}
	r := b.get(searchPath + "?in=" + in + "&q=" + url.QueryEscape(query))
	if r.status != 200 {
		b.w.t.Fatalf("search for %q: %d", query, r.status)
	}
	return r.body
}

// titles are the linked names and titles of what was found.
func titles(page string) (list []string) {
	found, _, _ := strings.Cut(page, "</main>")
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, m := range regexp.MustCompile(`(?s)<a href="/(?:diary|member)\?[^"]*">(.*?)</a>`).FindAllStringSubmatch(found, -1) {
		list = append(list, html.UnescapeString(tags.ReplaceAllString(m[1], "")))
	}
	return list
}

// Everything somebody might type is text: short words, other widths and kana, emoji, signs of query languages.
func TestSearchDiaries(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	write := func(title, body string) {
		w.diary(m, title, core.Everyone)
		if err := w.core.Journal.EditDiary(context.Background(), m.ID, w.newest(m), journal.NewDiary{Title: title, Body: body, Visibility: core.Everyone}); err != nil {
			t.Fatal(err)
		}
	}
	write("ガッコウの祭り", "表を見て、カレーを食べた。Ｔシャツは４２００円")
	write("☀のち☔", "おにぎり🍙と\U000FE000を持って")
	write("100%_オレンジ", `he said "hello*world" AND (NOT x) OR NEAR/3 col:umn -y ^z`)
	write("静かな一日", "見た夢のこと\n祭りの前の日")
	b := w.as(m)
	rows := map[string][]string{
		"ｶﾞｯｺｳ": {"ガッコウの祭り"}, "がっこう": {"ガッコウの祭り"}, "祭り": {"静かな一日", "ガッコウの祭り"}, "祭": {"静かな一日", "ガッコウの祭り"},
		"見": {"静かな一日", "ガッコウの祭り"}, "見た": {"静かな一日"}, "tｼｬﾂ 4200": {"ガッコウの祭り"}, "ｔ 円": {"ガッコウの祭り"}, "表": {"ガッコウの祭り"},
		"祭り 表": {"ガッコウの祭り"}, "祭り　夢": {"静かな一日"}, "祭り ない": nil, "☀": {"☀のち☔"}, "☀\uFE0F": {"☀のち☔"}, "🍙": {"☀のち☔"}, "\U000FE000": {"☀のち☔"},
		"%": {"100%_オレンジ"}, "_": {"100%_オレンジ"}, `"`: {"100%_オレンジ"}, "*": {"100%_オレンジ"}, "hello*": {"100%_オレンジ"}, "hel*": nil, "ＡＮＤ": {"100%_オレンジ"},
		"(not": {"100%_オレンジ"}, "near/3": {"100%_オレンジ"}, "col:umn": {"100%_オレンジ"}, "-y ^z": {"100%_オレンジ"}, "column": nil, "100%_": {"100%_オレンジ"},
		"こと 祭り": {"静かな一日"}, "こと祭り": nil, "のこと": {"静かな一日"}, "と": {"静かな一日", "☀のち☔"}, "'; DROP TABLE diary; --": nil, "\x00": nil,
	}
	for query, want := range rows {
		page := b.finds("diaries", query)
		if got := titles(page); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
		if len(want) == 0 && query != "\x00" && !strings.Contains(page, "見つかりませんでした") {
			t.Errorf("%q finds nothing and does not say so", query)
		}
	}
	if page := b.finds("diaries", "<b>"); titles(page) != nil || strings.Contains(page, "<b>") {
		t.Error("the query is not escaped")
	}
	write("印", "前<b>の</b>文、"+strings.Repeat("あ", 200)+"、それは<i>赤い</i>カバン。"+strings.Repeat("い", 200))
	page := b.finds("diaries", "ｶﾊﾞﾝ")
	if !strings.Contains(page, "<small>…<span data-pc>あああああああ、それは&lt;i&gt;</span>赤い&lt;/i&gt;<strong>カバン</strong>。いい") || !strings.Contains(page, "い</span>…</small>") {
		t.Errorf("the excerpt is wrong: %s", page)
	}
	// Changes and deletion.
	if err := w.core.Journal.DeleteDiary(context.Background(), m.ID, w.newest(m)); err != nil {
		t.Fatal(err)
	}
	if r := b.get(searchPath + "?in=diaries&q=" + url.QueryEscape("カバン")); titles(r.body) != nil {
		t.Error("a deleted entry is found before the index knows")
	}
	if titles(b.finds("diaries", "カバン")) != nil {
		t.Error("a deleted entry is found")
	}
}

// newest is the member's newest entry.
func (w *world) newest(m core.Member) core.ID {
	w.t.Helper()
	lines, _, err := w.core.Journal.Diaries(context.Background(), core.Viewer{Member: m.ID}, m.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 1})
	if err != nil || len(lines) != 1 {
		w.t.Fatal(len(lines), err)
	}
	return lines[0].ID
}

// Members are found by name and by the fields that the viewer may see, and all the words may stand in different ones.
func TestSearchMembers(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	seeker, tomo, hidden := w.member("探す人"), w.member("ともだち"), w.member("田中商店")
	w.friends(seeker, tomo)
	values := func(v core.Visibility) []core.ProfileValue {
		return []core.ProfileValue{{Key: "realname", Value: "田中 一郎", Visibility: v}, {Key: "hobby", Value: "ｻｯｶｰ観戦"}, {Key: "sex", Value: "男性"},
			{Key: "birthday", Value: "1980-12-24"}, {Key: "prefecture", Value: "北海道"}}
	}
	set := func(m core.Member, v core.Visibility) {
		if err := w.core.People.EditProfile(ctx, m.ID, m.Name, values(v)); err != nil {
			t.Fatal(err)
		}
	}
	set(tomo, core.Friends)
	set(hidden, core.Friends)
	b := w.as(seeker)
	finds := func(query string, want ...string) {
		t.Helper()
		if got := titles(b.finds("members", query)); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	finds("田中", "田中商店", "ともだち") // one by the name, one by a field for friends
	finds("一郎", "ともだち")
	finds("サッカー", "田中商店", "ともだち")
	finds("サッカー 北海 一郎", "ともだち")
	finds("トモダチ 観戦", "ともだち")
	finds("男性")
	finds("1980")
	set(hidden, core.Everyone)
	finds("一郎", "田中商店", "ともだち")
	set(hidden, core.Private)
	set(tomo, core.Private)
	finds("一郎")
	if err := w.core.People.EditProfile(ctx, hidden.ID, "新しい名前", nil); err != nil {
		t.Fatal(err)
	}
	finds("商店")
	finds("新しい", "新しい名前")
	if page := b.finds("members", "観戦"); !strings.Contains(page, "<strong>観戦</strong>") || !strings.Contains(page, "趣味:") {
		t.Errorf("the field is not shown: %s", page)
	}
}

// A list of many pages: every thing once, newest first, whatever lies hidden between; nothing of what is hidden shows.
func TestSearchPages(t *testing.T) {
	w := newWorld(t)
	m, other := w.member("花子"), w.member("他人")
	var want []string
	for i := range 130 {
		v, title := core.Everyone, fmt.Sprintf("共通の題 %d", i)
		if i%3 == 0 || i > 60 && i < 100 {
			v = core.Private
		} else {
			want = append(want, title)
		}
		w.diary(m, title, v)
	}
	slices.Reverse(want)
	b := w.as(other)
	var got []string
	page := b.finds("diaries", "共通")
	for range 10 {
		got = append(got, titles(page)...)
		next := regexp.MustCompile(`href="([^"]*)" accesskey="6" rel="next"`).FindStringSubmatch(page)
		if next == nil {
			break
		}
		page = b.get(html.UnescapeString(next[1])).body
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	// The last page tells of nothing behind it, although hidden entries follow.
	if strings.Contains(page, `rel="next"`) {
		t.Error("the last page has a next one")
	}
	if page := b.get(searchPath + "?in=diaries&q=" + url.QueryEscape("共通") + "&from=AAAA").body; len(titles(page)) != foundRows {
		t.Error("a wrong cursor is not the beginning")
	}
}

// A query that many hidden things have ends soon, and can be gone on with.
func TestSearchIsBounded(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	m, friend := w.member("書く人"), w.member("友")
	w.friends(m, friend)
	b := w.as(friend)
	seen := w.diary(m, "見える 共通", core.Everyone)
	if err := w.core.Bulk(ctx, func(ctx context.Context) error {
		for range 2500 {
			w.clock.advance(1e9)
			if _, err := w.core.Journal.WriteDiary(ctx, m.ID, journal.NewDiary{Title: "題", Body: "共通", Visibility: core.Private}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	page := b.finds("diaries", "共通")
	for tries := 0; titles(page) == nil; tries++ {
		next := regexp.MustCompile(`href="([^"]*)" accesskey="6" rel="next"`).FindStringSubmatch(page)
		if next == nil || tries > 30 {
			t.Fatalf("after %d pages: %s", tries, page)
		}
		page = b.get(html.UnescapeString(next[1])).body
	}
	if got := titles(page); len(got) != 1 || got[0] != seen.Title {
		t.Errorf("found %q", got)
	}
	if found := titles(w.as(w.member("他人")).finds("diaries", "共通")); len(found) != 0 {
		t.Logf("a stranger needs more than one page: %q", found)
	}
}

// What an index forgot, lost or never had comes back by itself.
func TestSearchIndexIsDerived(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	m := w.member("花子")
	w.diary(m, "最初の日記", core.Everyone)
	b := w.as(m)
	if got := titles(b.finds("diaries", "最初")); len(got) != 1 {
		t.Fatal(got)
	}
	// A seed stores rows without a word to the index.
	at := w.clock.Now()
	batch := &chores.Batch{Diaries: []chores.BatchDiary{{Diary: journal.Diary{Owner: m.ID, ID: w.core.Chores.NewID(at), Title: "種から", Body: "本文", CreatedAt: at}}}}
	if err := w.core.Chores.InsertBatch(ctx, batch); err != nil {
		t.Fatal(err)
	}
	if got := titles(b.finds("diaries", "種か")); len(got) != 1 {
		t.Errorf("of a batch: %q", got)
	}
	if got := titles(b.finds("diaries", "最初の")); len(got) != 1 {
		t.Errorf("after the filling: %q", got)
	}
}
