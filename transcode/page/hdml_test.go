package page_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"musubi/transcode/page/pagetest"
)

var (
	fieldCard = regexp.MustCompile(`(?s)<(ENTRY|CHOICE) [^>]*><ACTION [^>]*>(.*?)</(?:ENTRY|CHOICE)>`)
	hdmlTags  = regexp.MustCompile(`<[^>]*>`)
)

// TestHDMLCardsSayWhatTheyAskFor: a field's card is all that the display shows while it is filled in, so the label must
// stand on it, that of a check box too, whose words come behind it elsewhere.
func TestHDMLCardsSayWhatTheyAskFor(t *testing.T) {
	pages, err := filepath.Glob("../../testdata/canonical/*.html")
	if err != nil {
		t.Fatal(err)
	}
	h, cards := handset("au-TST4"), 0
	for _, path := range pages {
		name := strings.TrimSuffix(filepath.Base(path), ".html")
		parts, wrong := pagetest.Page(&h, canonical(t, name), goldenOptions(name))
		if wrong != "" {
			t.Fatal(wrong)
		}
		for _, part := range parts {
			for _, m := range fieldCard.FindAllSubmatch(part, -1) {
				cards++
				label, _, _ := strings.Cut(string(m[2]), "<CE")
				if strings.TrimSpace(hdmlTags.ReplaceAllString(label, "")) == "" {
					t.Errorf("%s: a card asks without saying for what: %s", name, m[0])
				}
			}
		}
	}
	if cards < 20 {
		t.Errorf("only %d cards with fields: the test says nothing", cards)
	}
}
