package rows

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// MaxBytes bounds one table.
const MaxBytes = 8 << 20

// A Place is where a row stands: the file as it was named, and the line from 1. Shipped rows, which are named by what they
// hold, have line 0.
type Place struct {
	File string
	Line int
}

// String writes the place as compilers do.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// A row is one line of a table.
type row struct {
	Place
	cells map[string]string
	err   error // the first cell that could not be read
}

// fail notes the first error of the row: file, line, column, what is wrong and what to do.
func (r *row) fail(column, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%v: column %s: %s", r.Place, column, fmt.Sprintf(format, args...))
	}
}

// read reads a table: UTF-8, one row per line, cells parted by one tab, `#` comments, a header row that names the columns.
// Columns may stand in any order and may be left out, but only those of known may occur; a row has exactly as many cells
// as the header.
func read(file string, from io.Reader, known []string) ([]row, error) {
	text, err := io.ReadAll(io.LimitReader(from, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("%s: larger than %d bytes: split it", file, MaxBytes)
	}
	var header []string
	var rows []row
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
		r := row{Place{file, i + 1}, make(map[string]string, len(cells)), nil}
		for j, cell := range cells {
			r.cells[header[j]] = strings.TrimSpace(cell)
		}
		rows = append(rows, r)
	}
	if header == nil {
		return nil, fmt.Errorf("%s: no header row: the first line that is no comment names the columns (%s)", file, strings.Join(known, ", "))
	}
	return rows, nil
}

func checkHeader(header, known []string) error {
	seen := map[string]bool{}
	for _, name := range header {
		if !slices.Contains(known, name) {
			return fmt.Errorf("unknown column %q: the columns are %s, parted by tabs", name, strings.Join(known, ", "))
		}
		if seen[name] {
			return fmt.Errorf("column %q occurs twice: keep one", name)
		}
		seen[name] = true
	}
	return nil
}
