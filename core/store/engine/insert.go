package engine

import (
	"context"
	"slices"
	"strings"
)

// Bounds of many rows at once.
const (
	// parameters bounds the parameters of one INSERT of many rows: twenty and more rows with each call of the driver, and
	// only two lengths of statement for each table to keep prepared.
	parameters = 240
	ahead      = 16 // statements whose parameters wait while another is stored
)

// insert is a statement with its parameters.
type insert struct {
	statement string
	args      []any
	rows      int64
	taken     error // when not all of the rows were stored
}

// A Queue brings inserts from the goroutine that makes their parameters to the writer, and the used memory back.
type Queue struct {
	full  chan insert
	spare chan []any
}

// Insert stores what add puts into the queue; add runs beside SQLite's work. After an error the rest is passed over, so that
// add has ended when Insert returns.
func Insert(ctx context.Context, q Querier, add func(out *Queue)) (err error) {
	out := &Queue{make(chan insert, ahead), make(chan []any, ahead)}
	go func() {
		defer close(out.full)
		add(out)
	}()
	for n := range out.full {
		if err == nil {
			var stored int64
			if stored, err = q.Run(ctx, n.statement, n.args...); err == nil && stored < n.rows {
				err = n.taken
			}
		}
		select {
		case out.spare <- n.args[:0]:
		default:
		}
	}
	return err
}

// memory is room for the parameters of one insert.
func (o *Queue) memory() []any {
	select {
	case m := <-o.spare:
		return m
	default:
		return make([]any, 0, parameters)
	}
}

// Rows puts the rows of one table into the queue, many with each statement.
type Rows struct {
	out     *Queue
	table   string
	columns string
	unique  string // see Unique
	taken   error  // see Unique
	width   int    // columns
	many    string // the statement for many rows
	args    []any
}

// Rows begins rows of a table; End ends them.
func (o *Queue) Rows(table, columns string) *Rows {
	return &Rows{out: o, table: table, columns: columns, width: strings.Count(columns, ",") + 1}
}

// Unique says that Insert gives taken when a row has a value of column that another has already.
func (b *Rows) Unique(column string, taken error) {
	b.unique, b.taken = " ON CONFLICT ("+column+") DO NOTHING", taken
}

// Add adds a row; values are int64, string or bool, so that the driver need not convert them.
func (b *Rows) Add(values ...any) {
	if b.args == nil {
		b.args = b.out.memory()
	}
	if b.args = append(b.args, values...); len(b.args)+b.width > parameters {
		rows := len(b.args) / b.width
		if b.many == "" {
			b.many = b.statement(rows)
		}
		b.out.full <- insert{b.many, b.args, int64(rows), b.taken}
		b.args = nil
	}
}

// End takes the rows that are left, one by one.
func (b *Rows) End() {
	if len(b.args) == 0 {
		return
	}
	single := b.statement(1)
	for left := range slices.Chunk(b.args, b.width) {
		b.out.full <- insert{single, append(b.out.memory(), left...), 1, b.taken}
	}
}

// statement writes INSERT INTO table (columns) VALUES (?, ?), (?, ?)… for that many rows. Not $1, $2…: to bind a
// parameter the driver asks for its name, for which SQLite walks through the names of all before it; at 240 of them
// a fill took half as long again.
func (b *Rows) statement(rows int) string {
	var s strings.Builder
	s.WriteString("INSERT INTO " + b.table + " (" + b.columns + ") VALUES ")
	for i := range rows * b.width {
		switch {
		case i == 0:
			s.WriteString("(?")
		case i%b.width == 0:
			s.WriteString("), (?")
		default:
			s.WriteString(", ?")
		}
	}
	s.WriteByte(')')
	s.WriteString(b.unique)
	return s.String()
}
