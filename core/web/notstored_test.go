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
