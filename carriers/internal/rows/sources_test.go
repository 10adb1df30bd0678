package rows

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRowsNameTheirSource: every row of a table that tells facts says where they are from; mail domains by keys that
// docs/sources.md explains. words.tsv and removed.tsv hold our own decisions, with a note.
func TestRowsNameTheirSource(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/sources.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([A-Za-z0-9.,+ -]+) \|`).FindAllStringSubmatch(string(doc), -1) {
		for key := range strings.SplitSeq(m[1], ", ") {
			known[key] = true
		}
	}
	for file, column := range map[string]string{"handsets.tsv": "sources", "generations.tsv": "source", "ranges.tsv": "source", "maildomains.tsv": "source"} {
		data, err := os.ReadFile("../../data/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		rows := 0
		for line := range strings.Lines(string(data)) {
			line = strings.TrimRight(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			cells := strings.Split(line, "\t")
			if columns == nil {
				if columns = cells; !slices.Contains(columns, column) {
					t.Fatalf("%s has no column %s", file, column)
				}
				continue
			}
			rows++
			at := slices.Index(columns, column)
			if at >= len(cells) || strings.TrimSpace(cells[at]) == "" {
				t.Errorf("%s: no source: %s", file, line)
				continue
			}
			for key := range strings.SplitSeq(cells[at], "+") {
				if file == "maildomains.tsv" && !known[key] {
					t.Errorf("%s: docs/sources.md does not explain %q: %s", file, key, line)
				}
			}
		}
		if rows == 0 {
			t.Errorf("%s has no rows", file)
		}
	}
}
