package main

import (
	"os"
	"regexp"
	"testing"
)

// What the documents about the house call by its path is there: `core/album/album.go`, `cmd/musubi/imports_test.go`. A path with
// <a part to fill in> is a pattern.
func TestDocsNamePathsThatAre(t *testing.T) {
	paths := regexp.MustCompile("`((?:carriers|cmd|core|gateway|transcode|testdata)/[\\w./-]+)`")
	found := 0
	for _, doc := range []string{"architecture.md", "core.md", "CONTRIBUTING.md", "export.md"} {
		text, err := os.ReadFile("../../docs/" + doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range paths.FindAllSubmatch(text, -1) {
			if found++; !exists("../../" + string(m[1])) {
				t.Errorf("docs/%s speaks of %s, which is not there", doc, m[1])
			}
		}
	}
	if found < 80 {
		t.Errorf("only %d paths found: does the test see them?", found)
	}
}
