package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/elsewhere"
	"musubi/core/journal"
	"musubi/core/letters"
)

// A pressable is a button of a form on a page, with what the form would send, or a link that deletes.
type pressable struct {
	action string
	values url.Values
	link   string
}

// press presses it.
func (p pressable) press(b *browser) reply {
	if p.link != "" {
		return b.get(p.link)
	}
	return b.post(p.action, p.values)
}

// pressables are all buttons of a page's forms, each with what the page filled in, and all links to what deletes.
func pressables(page string) (list []pressable) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for form := range doc.Descendants() {
		if form.Data == "a" {
			if u, err := url.Parse(attrOf(form, "href")); err == nil {
				if _, asks := routes.asks(get, u.Path); asks {
					list = append(list, pressable{action: u.Path, values: url.Values{}, link: u.String()})
				}
			}
		}
		if form.Data != "form" || attrOf(form, "method") != "post" {
			continue
		}
		values, buttons, secret := url.Values{}, []string{}, false
		for n := range form.Descendants() {
			name := attrOf(n, "name")
			switch {
			case n.Data == "button":
				buttons = append(buttons, name)
			case n.Data == "input" && attrOf(n, "type") == "password":
				secret = true // asks for the password: that is no single press
			case n.Data == "input" && attrOf(n, "type") != "file":
				values.Add(name, attrOf(n, "value"))
			}
		}
		for _, button := range buttons {
			with := url.Values{}
			for name, of := range values {
				with[name] = slices.Clone(of)
			}
			if button != "" {
				with.Set(button, "1")
			}
			if !secret {
				list = append(list, pressable{action: attrOf(form, "action"), values: with})
			}
		}
	}
	return list
}

func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// deletions counts the lines of the log about what was deleted.
func (w *world) deletions() (n int) {
	for _, e := range w.audited() {
		if e.Kind == "delete" {
			n++
		}
	}
	return n
}

// pages are the addresses of what a member has or may see, of each kind of thing, and all that need no name of a thing.
func (l *leaver) pages(letter core.ID) []string {
	w := l.world
	w.t.Helper()
	ctx := w.t.Context()
	own := w.first(l.member)
	albums, _, err := w.core.Album.Albums(ctx, core.Viewer{Member: l.member.ID}, l.member.ID, core.Page{Number: 1, Size: 1})
	if err != nil || len(albums) == 0 {
		w.t.Fatalf("no album: %v", err)
	}
	plans, err := w.core.Calendar.Plans(ctx, l.member.ID, 20070101, 20071231, 1)
	if err != nil || len(plans) == 0 {
		w.t.Fatalf("no plan: %v", err)
	}
	paths := []string{
		planIDPath(plans[0].ID), playlistIDPath(l.playlist.Owner, l.playlist.ID), reviewIDPath(l.review.Owner, l.review.ID), productIDPath(l.review.Product.ID), reviewWritePath + "?id=" + l.review.ID.String(), reviewDeletePath + "?id=" + l.review.ID.String(),
		diaryPath(l.member.ID, own), diaryPath(l.entry.Owner, l.entry.ID), albumIDPath(albums[0].Owner, albums[0].ID),
		albumPhotoIDPath(albums[0].Owner, albums[0].ID, albums[0].Cover.ID), albumPhotoIDPath(l.album.Owner, l.album.ID, l.album.Cover.ID),
		albumArrangePath + "?id=" + albums[0].ID.String(), folderPath(letters.Trash), messageIDPath(letter),
		draftsPath, "/friend?id=" + l.friend.ID.String(), memberPath(l.friend.ID), endorsementsPath(l.member.ID), endorsementsPath(l.friend.ID),
	}
	paths = append(paths, l.communityPaths()...)
	for _, r := range routes.all {
		if r.method == get && r.access != public && r.access != admin && r.access != console && !r.is(fixed) && !strings.HasSuffix(r.path, "/") {
			paths = append(paths, r.path)
		}
	}
	return paths
}

// A member presses each button on each page once: nothing is deleted, and where something would be, a page asks; its button
// deletes. Pages that ask are passed over, for they are the second press.
func TestOnePressDeletesNothing(t *testing.T) {
	l := newLeaver(t, newWorld(t))
	w := l.world
	ctx := t.Context()
	inbox, _, err := w.core.Letters.Messages(ctx, l.member.ID, letters.Inbox, core.Page{Number: 1, Size: 1})
	if err != nil || len(inbox) == 0 {
		t.Fatalf("no message: %v", err)
	}
	if err := w.core.Letters.TrashMessage(ctx, l.member.ID, inbox[0].ID); err != nil {
		t.Fatal(err)
	}
	photo, err := w.core.AddPhoto(ctx, l.member.ID, drawing(7), time.Time{})
	if err == nil {
		err = w.core.People.AddProfilePhoto(ctx, l.member.ID, photo.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.clock.advance(account.InviterLock + time.Hour) // friends can be removed
	if _, err := w.core.Elsewhere.MakeFeed(ctx, l.member.ID, elsewhere.Calendar, 0, false); err != nil {
		t.Fatal(err)
	}
	b := w.as(l.member)

	paths := l.pages(inbox[0].ID)
	asked := map[string]bool{}
	presses := 0
	for _, path := range paths {
		for _, p := range pressables(b.get(path).body) {
			if p.values.Has(sureField) || p.action == "/logout" {
				continue
			}
			presses++
			if !p.values.Has("send") {
				p.values.Set("edit", "1") // what is written on this page is not what the test is about
			}
			r := p.press(b)
			if n := w.deletions(); n > 0 {
				t.Fatalf("one press on %s deletes something: %s %v (%d)", path, p.action, p.values, r.status)
			}
			for _, again := range pressables(r.body) {
				if again.values.Has(sureField) && again.action == p.action {
					asked[p.action] = true
				}
			}
		}
	}
	if presses < 35 {
		t.Errorf("only %d buttons", presses)
	}
	for _, r := range routes.all {
		if r.is(deletes|mayDelete) && !asked[r.path] && !slices.Contains([]string{"/diary/delete", albumDeletePath, "/friend/remove", importDoPath}, r.path) { // which ask on pages of their own, or where something was brought (TestBlogIsBroughtIn)
			t.Errorf("no button leads to the question before %s", r.path)
		}
	}
}

// TestNothingBeginsWithItsEnd: on a handset, where the first button of a page is what the thumb finds, no page of a thing has a form
// that deletes before its others; what deletes is a link there, as in a browser.
func TestNothingBeginsWithItsEnd(t *testing.T) {
	l := newLeaver(t, newWorld(t))
	inbox, _, err := l.core.Letters.Messages(t.Context(), l.member.ID, letters.Inbox, core.Page{Number: 1, Size: 1})
	if err != nil || len(inbox) == 0 {
		t.Fatalf("no message: %v", err)
	}
	b := l.as(l.member)
	b.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "D501i", "X-Ktai-Omit": "data-pc"}
	looked := 0
	for _, path := range l.pages(inbox[0].ID) {
		r := b.signed("GET", path, nil)
		_, main, _ := strings.Cut(r.body, "<main")
		for _, p := range pressables("<main" + main) {
			if p.link != "" || p.action == "/logout" {
				continue
			}
			looked++
			if form, ok := routes.exact[endpoint{post, p.action}]; ok && form.is(deletes) && !p.values.Has(sureField) && p.action != "/message/empty" { // which is what the page is for
				t.Errorf("%s begins with %s", path, p.action)
			}
			break
		}
	}
	if looked < 30 {
		t.Errorf("only %d pages have a form", looked)
	}
}

// The second press deletes, with what the first one said; whoever turns back is where they were.
func TestTheSecondPressDeletes(t *testing.T) {
	l := newLeaver(t, newWorld(t))
	w := l.world
	b := w.as(l.member)
	page := diaryPath(l.entry.Owner, l.entry.ID)
	b.headers = map[string]string{"Referer": "http://musubi.example" + page}
	for _, p := range pressables(b.get(page).body) {
		if p.action != diaryCommentDeletePath {
			continue
		}
		question := p.press(b)
		w.contains(question, "元に戻せません", `href="`+html.EscapeString(page)+`"`)
		if n := w.deletions(); n != 0 {
			t.Errorf("the first press deletes %d things", n)
		}
		for _, sure := range pressables(question.body) {
			if sure.action != p.action {
				continue
			}
			if r := b.post(sure.action, sure.values); r.status != 302 {
				t.Errorf("the second press: %d %s", r.status, r.body)
			}
		}
		break
	}
	if n := w.deletions(); n != 1 {
		t.Errorf("the second press deletes %d things, want 1", n)
	}
}

// first is the member's oldest entry.
func (w *world) first(m core.Member) core.ID {
	w.t.Helper()
	lines, _, err := w.core.Journal.Diaries(w.t.Context(), core.Viewer{Member: m.ID}, m.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 50})
	if err != nil || len(lines) == 0 {
		w.t.Fatal(len(lines), err)
	}
	return lines[len(lines)-1].ID
}

// TestTextOfALargeForm: of a form with more files than there is room for, what was typed stays, and the files that fit; the form
// knows how many were let go.
func TestTextOfALargeForm(t *testing.T) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i, size := range []int{300, 900, 300} {
		p, err := m.CreateFormFile("file", fmt.Sprint(i, ".jpg"))
		if err != nil {
			t.Fatal(err)
		}
		p.Write(bytes.Repeat([]byte{1}, size))
	}
	m.WriteField("body", "本文は残る")
	m.Close()
	f, err := readMultipart(b.Bytes(), []byte(m.Boundary()), 700)
	if err != nil || f.get("body") != "本文は残る" || f.shed != 1 || len(f.files["file"]) != 3 || f.letGo(f.files["file"][0]) || !f.letGo(f.files["file"][1]) || f.letGo(f.files["file"][2]) {
		t.Errorf("%v: %q, %d let go of %d", err, f.get("body"), f.shed, len(f.files["file"]))
	}
}
