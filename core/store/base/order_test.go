package base

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

func TestOrder(t *testing.T) {
	type row struct {
		name string
		n    int
	}
	o := Order[row]{
		{Column: "r.n", Down: true, Compare: func(a, b row) int { return cmp.Compare(a.n, b.n) }},
		{Column: "r.name", Compare: func(a, b row) int { return strings.Compare(a.name, b.name) }},
	}
	if got := o.SQL(); got != "r.n DESC, r.name" {
		t.Errorf("SQL says %q", got)
	}
	rows := []row{{"b", 1}, {"c", 2}, {"a", 1}}
	if slices.SortFunc(rows, o.Compare); rows[0].name+rows[1].name+rows[2].name != "cab" {
		t.Errorf("sorted to %v", rows)
	}
}
