package community

import (
	"strconv"
	"strings"
	"time"

	"musubi/core"
)

// A Mark is a row of a list of members or of threads. A list goes on after it, or before it, so that each page is read along an index, however
// long the list is.
type Mark struct {
	Role   core.Role // in a list of members; of voters: 0; of threads: 1 of a pinned one
	At     time.Time // when they joined, or voted; when it was last written to
	Member core.ID   // or the thread
}

// String is the mark in an address, which ParseMark reads.
func (m Mark) String() string {
	return strconv.Itoa(int(m.Role)) + "." + strconv.FormatInt(m.At.UnixMilli(), 10) + "." + m.Member.String()
}

// ParseMark reads a mark; false for what is none.
func ParseMark(s string) (m Mark, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return m, false
	}
	role, bad := strconv.ParseUint(parts[0], 10, 8)
	at, late := strconv.ParseInt(parts[1], 10, 64)
	member, known := core.ParseID(parts[2])
	if bad != nil || late != nil || !known {
		return m, false
	}
	return Mark{core.Role(role), time.UnixMilli(at), member}, true
}

// A Stretch is which part of a list is asked for: so many rows after From, or before it when Back is set. A zero From is the beginning.
type Stretch struct {
	From Mark
	Back bool
	Size int
}

// First says whether the list is asked for from its beginning.
func (s Stretch) First() bool { return s.From == Mark{} }

// Ends are where a list goes on before and after a part of it; zero: there is no more.
type Ends struct{ Before, After Mark }

// cutStretch takes the row too many that says that there are more, and tells where the list goes on.
func cutStretch[T any](rows []T, s Stretch, mark func(T) Mark) ([]T, Ends) {
	var e Ends
	if len(rows) == 0 {
		return rows, e
	}
	more := len(rows) > s.Size
	switch {
	case s.Back && more:
		rows = rows[1:]
	case more:
		rows = rows[:s.Size]
	}
	if s.Back && more || !s.Back && !s.First() {
		e.Before = mark(rows[0])
	}
	if !s.Back && more || s.Back {
		e.After = mark(rows[len(rows)-1])
	}
	return rows, e
}
