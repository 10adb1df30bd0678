// Package tsv reads the tables of the carriers room: UTF-8, one row per line, cells parted by one tab, `#` comments, a
// header row that names the columns. The generator and the loader of operator files share it, so that a shipped table
// and an operator's correction of it have the same form.
package tsv

import (
	"fmt"
	"io"
	"strings"
)

// MaxBytes bounds one table.
const MaxBytes = 8 << 20

// A Row is one line of a table.
type Row struct {
	File  string
	Line  int // from 1
	cells map[string]string
}

// Cell returns the cell of the column, "" when it is empty or the table has no such column.
func (r Row) Cell(column string) string { return r.cells[column] }

// Errorf makes an error that names file, line and column, then says what is wrong and what to do.
func (r Row) Errorf(column, format string, args ...any) error {
	return fmt.Errorf("%s:%d: column %s: %s", r.File, r.Line, column, fmt.Sprintf(format, args...))
}

// Read reads a table. Columns may stand in any order and may be left out, but only those of known may occur; a row has
// exactly as many cells as the header.
func Read(file string, from io.Reader, known ...string) ([]Row, error) {
	text, err := io.ReadAll(io.LimitReader(from, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("%s: larger than %d bytes: split it", file, MaxBytes)
	}
	var header []string
	var rows []Row
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if header == nil {
			if err := checkHeader(cells, known); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
			header = cells
			continue
		}
		if len(cells) != len(header) {
			return nil, fmt.Errorf("%s:%d: %d cells where the header has %d: check the tabs", file, i+1, len(cells), len(header))
		}
		row := Row{file, i + 1, make(map[string]string, len(cells))}
		for j, cell := range cells {
			row.cells[header[j]] = strings.TrimSpace(cell)
		}
		rows = append(rows, row)
	}
	if header == nil {
		return nil, fmt.Errorf("%s: no header row: the first line that is no comment names the columns (%s)", file, strings.Join(known, ", "))
	}
	return rows, nil
}

func checkHeader(header, known []string) error {
	seen := map[string]bool{}
	for _, name := range header {
		ok := false
		for _, k := range known {
			ok = ok || k == name
		}
		if !ok {
			return fmt.Errorf("unknown column %q: the columns are %s, parted by tabs", name, strings.Join(known, ", "))
		}
		if seen[name] {
			return fmt.Errorf("column %q occurs twice: keep one", name)
		}
		seen[name] = true
	}
	return nil
}
