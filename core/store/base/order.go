package base

import "strings"

// An Order is how a list is sorted, said once: [Order.SQL] for the database, [Order.Compare] for who keeps the rows in memory.
type Order[T any] []By[T]

// By is one thing that a list is sorted by; the next decides where this one is the same.
type By[T any] struct {
	Column  string
	Down    bool // the last first
	Compare func(a, b T) int
}

// SQL is what stands behind ORDER BY.
func (o Order[T]) SQL() string {
	var columns []string
	for _, by := range o {
		if by.Down {
			by.Column += " DESC"
		}
		columns = append(columns, by.Column)
	}
	return strings.Join(columns, ", ")
}

// Compare says which of two comes first, for slices.SortFunc.
func (o Order[T]) Compare(a, b T) int {
	for _, by := range o {
		c := by.Compare(a, b)
		if by.Down {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}
