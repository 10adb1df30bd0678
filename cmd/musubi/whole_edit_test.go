package main

import (
	"net/http"
	"strings"
	"testing"

	"musubi/carriers"
	handset "musubi/gateway/phone"
)

// The words of a member who writes on a PC, of which no handset's charset has all.
const (
	wholeTitle = "한국어 é ✓ Zürich 🧑‍🚀"
	wholeBody  = "♡ 한국어\nﾊﾝｶｸ 𠮷野家 👨‍👩‍👧  \n最後の行 ☕"
)

// more is how many lines an entry has beside, where the deck has no room for all that they stand for.
var more = map[string]int{"CA11": 12, "CA13": 60}

// TestEntryEditedOnAHandsetStaysWhole: a member opens their entry for editing on a handset that cannot show all of it and sends it
// as it is, or changes its end; on a PC it says what it said, code point for code point, on the smallest deck too.
func TestEntryEditedOnAHandsetStaysWhole(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	me := d.Members[0]
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(me.Mail, me.Password)
	for _, model := range []string{"P903i", "N501i", "D209i", "CA39", "910T", "CA13", "CA11"} {
		t.Run(model, func(t *testing.T) {
			wholeBody := wholeBody + strings.Repeat("\n가나다라 마바사 ✓", more[model])
			id := writeWhole(t, pc, wholeBody)
			p := openHandset(t, d.URL, model)
			must(p.Submit(0, "mail", me.Mail, "password", me.Password))(t)
			m := &hdmlMember{t, p} // goes by the words on the display, whatever the handset
			for _, added := range []string{"", "追記"} {
				m.get("/diary/edit?id=" + id)
				m.onward(func(page *handset.Page) bool { _, ok := bodyOf(page); return ok }, "field for the text")
				if body, _ := bodyOf(p.Page()); added != "" {
					m.press("確認", body.Name, body.Value+added)
				} else {
					m.press("確認")
				}
				if m.press("送信"); !strings.Contains(p.Page().URL, "/diary?") {
					t.Fatalf("the entry was not stored: %s\n%s", p.Page().URL, p.Page().Text)
				}
				title, text := readWhole(t, pc, id)
				if title != wholeTitle || text != wholeBody+added {
					t.Errorf("with %q added:\n title %q, want %q\n body  %q, want %q", added, title, wholeTitle, text, wholeBody+added)
				}
			}
		})
	}
}

// must ends the test where a handset got no page.
func must(page *handset.Page, err error) func(t *testing.T) *handset.Page {
	return func(t *testing.T) *handset.Page {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if page.Status != http.StatusOK {
			t.Fatalf("%s: status %d: %s", page.URL, page.Status, page.Text)
		}
		return page
	}
}

// bodyOf finds the field that has the text of the entry.
func bodyOf(page *handset.Page) (handset.Field, bool) {
	for _, f := range page.Forms {
		for _, field := range f.Fields {
			if field.Name == "body" {
				return field, true
			}
		}
	}
	return handset.Field{}, false
}

// writeWhole writes the entry on the PC and gives its ID.
func writeWhole(t *testing.T, pc *phone, body string) string {
	t.Helper()
	page := pc.get("/diary/write").must(200)
	preview := page.submit(page.formWith("body"), map[string]string{"title": wholeTitle, "body": body, "+confirm": "1"}).must(200)
	shown := preview.submit(preview.formWith("body"), map[string]string{"+send": "1"}).must(200)
	id := shown.url.Query().Get("id")
	if id == "" {
		t.Fatalf("the entry is not shown: %s", shown.url)
	}
	return id
}

// readWhole opens the entry for editing on the PC.
func readWhole(t *testing.T, pc *phone, id string) (title, body string) {
	t.Helper()
	for _, f := range pc.get("/diary/edit?id=" + id).must(200).formWith("body").fields {
		switch f.name {
		case "title":
			title = f.value
		case "body":
			body = strings.ReplaceAll(strings.TrimPrefix(f.value, "\n"), "\r\n", "\n")
		}
	}
	return title, body
}

// openHandset switches a handset on and opens the login page.
func openHandset(t *testing.T, base, model string) *handset.Phone {
	t.Helper()
	_, agent, ok := carriers.ModelHandset(model)
	if !ok {
		t.Fatalf("no handset %s", model)
	}
	p, err := handset.New(handset.Config{URL: base, UserAgent: agent})
	if err != nil {
		t.Fatal(err)
	}
	must(p.Get("/"))(t)
	return p
}
