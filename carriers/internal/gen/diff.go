package main

import (
	"fmt"
	"sort"
	"strings"
)

// Diff says, row by row, what changed between two generated files: "+" added, "~" changed, "-" removed.
func Diff(old, now []byte) string {
	before, after := rowsOf(old), rowsOf(now)
	var lines []string
	for name, row := range after {
		was, known := before[name]
		switch {
		case !known:
			lines = append(lines, fmt.Sprintf("+ %s", name))
		case was != row:
			lines = append(lines, fmt.Sprintf("~ %s\n    was %s\n    now %s", name, was, row))
		}
	}
	for name := range before {
		if _, known := after[name]; !known {
			lines = append(lines, fmt.Sprintf("- %s   (a removal gets its own commit and a line in removed.tsv)", name))
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n") + "\n"
}

// rowsOf maps the name of each row, its slice and first two fields, to its text without the line number.
func rowsOf(code []byte) map[string]string {
	rows := map[string]string{}
	slice := ""
	for _, line := range strings.Split(string(code), "\n") {
		if name, ok := strings.CutPrefix(line, "var "); ok {
			slice, _, _ = strings.Cut(name, " ")
			continue
		}
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "{") {
			continue
		}
		text, _, _ := strings.Cut(strings.Trim(line, "{},"), ", Place: ")
		parts := strings.SplitN(text, ", ", 3)
		name := slice + " " + strings.Join(parts[:min(2, len(parts))], ", ")
		rows[name] = text
	}
	return rows
}
