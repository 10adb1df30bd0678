package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/journal"
)

var formToken = regexp.MustCompile(`(name="k" value=")[^"]+`)

// shown is a page as it is written for handsets: without what only a PC shows, and without the tokens that differ each time.
func shown(t *testing.T, page string) string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var cut func(n *html.Node)
	cut = func(n *html.Node) {
		for child := n.FirstChild; child != nil; {
			next := child.NextSibling
			if has(child, "data-pc") {
				n.RemoveChild(child)
			} else {
				cut(child)
			}
			child = next
		}
	}
	cut(doc)
	var b strings.Builder
	if err := html.Render(&b, doc); err != nil {
		t.Fatal(err)
	}
	return formToken.ReplaceAllString(b.String(), "$1")
}

// What is not written for a handset is what a handset would not be shown, and nothing else, on every page. Who is no
// handset, or comes without the gateway's signature, gets all of it.
func TestOmittedForHandsets(t *testing.T) {
	w := newWorld(t)
	m, friend := w.member("花子"), w.member("太郎")
	w.friends(m, friend)
	p, err := w.core.AddPhoto(t.Context(), friend.ID, drawing(1), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for range handsetRows + 3 {
		w.diary(friend, "題", core.Everyone)
	}
	d := w.diary(friend, "題", core.Everyone, p.ID)
	album := w.hang(friend, album.NewAlbum{Title: "旅", Visibility: core.Everyone}, 2)
	if _, err := w.core.Talk.WriteComment(t.Context(), core.Viewer{Member: m.ID}, journal.DiaryThread(friend.ID, d.ID), "返事", time.Time{}); err != nil {
		t.Fatal(err)
	}
	b := w.as(m)
	b.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i"}
	paths := []string{diaryPath(d.Owner, d.ID), memberPath(friend.ID), albumIDPath(album.Owner, album.ID), albumPhotoIDPath(album.Owner, album.ID, w.shots(album)[0]), "/search?q=題"}
	for _, r := range routes.all {
		if r.path == secondStepPath || r.path == passkeyLoginPath { // whose keys are others each time
			continue
		}
		if r.method == get && !r.is(program|onPC) && !strings.HasSuffix(r.path, "/") && !strings.Contains(r.path, ".") {
			paths = append(paths, r.path, r.path+"?id="+friend.ID.String()+"&owner="+friend.ID.String())
		}
	}
	spared := 0
	for _, path := range paths {
		b.signed("GET", path, nil) // leaves its marks: read, seen
		whole := b.signed("GET", path, nil).body
		b.headers["X-Ktai-Omit"] = "data-pc"
		short := b.signed("GET", path, nil).body
		unsigned := w.as(m)
		unsigned.headers = map[string]string{"X-Ktai-Omit": "data-pc"}
		if all := unsigned.get(path).body; strings.Contains(all, "<body>") && !strings.Contains(all, "<header data-pc>") {
			t.Errorf("%s: parts are missing though nobody signed for it", path)
		}
		delete(b.headers, "X-Ktai-Omit")
		if got, want := shown(t, short), shown(t, whole); got != want {
			t.Errorf("%s shows on a handset\n%s\nwhere it showed\n%s", path, got, want)
		}
		if strings.Contains(whole, "<header data-pc>") && strings.Contains(short, "<header") {
			t.Errorf("%s has the header of a PC for a handset", path)
		}
		spared += len(whole) - len(short)
	}
	if home := b.signed("GET", homePath, nil).body; spared < len(home)*10 {
		t.Errorf("%d bytes are spared on %d pages", spared, len(paths))
	}
}
