package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
)

// TestTimeZones: a member reads times in their own zone; others go on in the site's; a form without the field changes nothing.
func TestTimeZones(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("はる"), w.member("たく")
	w.friends(me, friend)
	d := w.diary(friend, "時差", core.Friends)
	b, far := w.as(friend), w.as(me)
	if r := w.press(far, preferencesPath, url.Values{"language": {"ja"}, "visibility": {"2"}, "zone": {"Mars/Base"}}); !strings.Contains(r.body, "一覧から選んでください") {
		t.Error("a zone that is none is taken")
	}
	w.press(far, preferencesPath, url.Values{"language": {"ja"}, "visibility": {"2"}, "zone": {"America/New_York"}})
	w.press(far, preferencesPath, url.Values{"language": {"ja"}, "visibility": {"2"}})
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]struct {
		browser *browser
		zone    *time.Location
	}{"own": {b, w.site.zone}, "chosen": {far, newYork}} {
		if want := d.CreatedAt.In(r.zone).Format(japanese.t("date")); !strings.Contains(r.browser.get(diaryPath(d.Owner, d.ID)).body, want) {
			t.Errorf("%s: the page does not say %s", name, want)
		}
	}
	if page := far.get(preferencesPath).body; !strings.Contains(page, `value="America/New_York" selected`) {
		t.Error("the form does not show what was chosen")
	}
}

// TestLanguageOfStrangers: who has not logged in reads what their browser asks for first, and can choose the other.
func TestLanguageOfStrangers(t *testing.T) {
	w := newWorld(t)
	for asks, want := range map[string]string{"": "ja", "en-GB,en;q=0.9,ja;q=0.5": "en", "ja,en": "ja", "EN;q=1": "en", "fr,en": "ja"} {
		b := w.browser()
		b.headers["Accept-Language"] = asks
		if !strings.Contains(b.get("/").body, `<html lang="`+want+`">`) {
			t.Errorf("%q is not answered in %s", asks, want)
		}
		if other := b.get("/?lang=ja").body; !strings.Contains(other, `<html lang="ja">`) {
			t.Errorf("%q cannot choose Japanese", asks)
		}
	}
}
