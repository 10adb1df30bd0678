// Package emojitable reads transcode/emoji/data/emoji.tsv for tests, without the generator's help: what a test expects
// is what the table says.
package emojitable

import (
	"os"
	"strings"
	"testing"
)

// A Row is one concept by column name.
type Row map[string]string

// Read returns the rows of the table in their order. The path is relative to the test's package.
func Read(t *testing.T, path string) []Row {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	var rows []Row
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if columns == nil {
			columns = cells
			continue
		}
		row := make(Row, len(cells))
		for i, cell := range cells {
			row[columns[i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}
