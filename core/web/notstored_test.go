package web

import (
	"net/url"
	"strings"
	"testing"
)

// A store that takes nothing, here because it is closing, gives back the form with the words and 503, not an internal error
// (issue 27, number 15).
func TestWhatIsNotStoredComesBack(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("書く人"))
	form := url.Values{"k": {tokenOn(t, b.get("/diary/write").body, "/diary/write")}, "title": {"消えない題"}, "body": {"消えない本文"}, "visibility": {"0"}, "send": {"1"}}
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	r := b.post("/diary/write", form)
	if r.status != 503 || len(r.header.Peek("Retry-After")) == 0 {
		t.Errorf("after: %d", r.status)
	}
	for _, want := range []string{"消えない題", "消えない本文", japanese.t("error.notstored")} {
		if !strings.Contains(r.body, want) {
			t.Errorf("%q is not on the page: %s", want, r.body)
		}
	}
}

// Forms without a page for it come back with their words, too, and can be sent again as they are; a password is never shown.
func TestEveryFormComesBack(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("書く人"))
	paths := []string{"/settings/profile", preferencesPath, passwordPath}
	forms := map[string]url.Values{}
	for _, path := range paths {
		forms[path] = url.Values{"k": {tokenOn(t, b.get(path).body, path)}, "message": {"消えない言葉"}, "name": {"消えない名前"}, "address": {"natsuki@example.jp"}, "known": {"1"},
			"password": {"hidden-word-one"}, "old": {"hidden-word-two"}, "send": {"1"}}
	}
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	came, statusOf := 0, map[string]int{}
	for _, path := range paths {
		r := b.post(path, forms[path])
		statusOf[path] = r.status
		if r.status != 503 {
			continue // it has a page of its own, or refuses the form for another reason
		}
		came++
		for _, want := range []string{"消えない言葉", "消えない名前", japanese.t("error.notstored"), `name="k"`} {
			if !strings.Contains(r.body, want) {
				t.Errorf("%s: %q is not on the page: %s", path, want, r.body)
			}
		}
		if strings.Contains(r.body, "hidden-word") {
			t.Errorf("%s shows a password: %s", path, r.body)
		}
	}
	if came == 0 {
		t.Error("no form came back: the test says nothing", statusOf)
	}
}
