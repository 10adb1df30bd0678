// Package mysqldump reads the rows of what mysqldump wrote: CREATE TABLE, for the names of columns, and INSERT. It knows no other
// statement, runs nothing, and keeps one row at a time. Start reading at Read.
package mysqldump

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxValue is the most bytes of one value: a picture.
const MaxValue = 64 << 20

// A Row is one row of a table. What it holds is the caller's to keep.
type Row struct {
	Table   string
	Columns []string
	Values  [][]byte // nil: NULL
}

// Options say what is read.
type Options struct {
	Want func(table string) bool // whose rows are given; the others are passed over
	SJIS bool                    // texts are Shift_JIS, whose second bytes may look like a backslash
}

// Read gives every wanted row to row, in the order of the dump, and ends with its first error. What is no dump is an error that says
// which line is wrong and what was expected there.
func Read(r io.Reader, o Options, row func(Row) error) error {
	l := &lexer{in: bufio.NewReaderSize(r, 1<<20), line: 1, sjis: o.SJIS}
	columns := map[string][]string{}
	for {
		t, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case t.is("CREATE"):
			err = l.create(columns)
		case t.is("INSERT"), t.is("REPLACE"):
			err = l.insert(columns, o.Want, row)
		default:
			err = l.skip(t)
		}
		if err == io.EOF {
			err = l.wrong("the end of the statement")
		}
		if err != nil {
			return err
		}
	}
}

// A kind of token.
type kind uint8

const (
	word   kind = iota // a bare word or number
	name               // in backquotes
	text               // in quotes, or in hexadecimal digits
	symbol             // one sign
)

type token struct {
	kind kind
	s    []byte
}

func (t token) is(s string) bool {
	return (t.kind == word || t.kind == symbol) && strings.EqualFold(string(t.s), s)
}

// lexer cuts a dump into tokens. Comments are none, those that MySQL runs among them.
type lexer struct {
	in   *bufio.Reader
	line int
	sjis bool
}

func (l *lexer) wrong(expected string) error {
	return fmt.Errorf("mysqldump: line %d: expected %s", l.line, expected)
}

func (l *lexer) byte() (byte, error) {
	b, err := l.in.ReadByte()
	if b == '\n' {
		l.line++
	}
	return b, err
}

func (l *lexer) peek() byte {
	b, err := l.in.Peek(1)
	if err != nil {
		return 0
	}
	return b[0]
}

// next gives the next token; io.EOF after the last.
func (l *lexer) next() (token, error) {
	for {
		b, err := l.byte()
		if err != nil {
			return token{}, err
		}
		switch {
		case b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0xEF || b == 0xBB || b == 0xBF: // the mark of UTF-8 too
		case b == '#' || b == '-' && l.peek() == '-':
			if err := l.passLine(); err != nil {
				return token{}, err
			}
		case b == '/' && l.peek() == '*':
			if err := l.passComment(); err != nil {
				return token{}, err
			}
		case b == '`':
			s, err := l.quoted('`')
			return token{name, s}, err
		case b == '\'' || b == '"':
			s, err := l.quoted(b)
			return token{text, s}, err
		case isWord(b):
			return l.word(b)
		default:
			return token{symbol, []byte{b}}, nil
		}
	}
}

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == '.' || b == '-' || b == '+' || b == '@' || b == '$'
}

func (l *lexer) passLine() error {
	for {
		if b, err := l.byte(); err != nil || b == '\n' {
			return err
		}
	}
}

func (l *lexer) passComment() error {
	for last := byte(0); ; {
		b, err := l.byte()
		if err == io.EOF {
			return l.wrong("*/")
		}
		if err != nil || last == '*' && b == '/' {
			return err
		}
		last = b
	}
}

// word reads a bare word. _binary before a text says nothing that matters here, and 0x begins a text in digits.
func (l *lexer) word(first byte) (token, error) {
	s := []byte{first}
	for isWord(l.peek()) {
		b, err := l.byte()
		if err != nil {
			return token{}, err
		}
		if s = append(s, b); len(s) > 2*MaxValue+2 {
			return token{}, l.wrong(fmt.Sprintf("a value of at most %d bytes", MaxValue))
		}
	}
	switch {
	case len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'):
		b := make([]byte, hex.DecodedLen(len(s)-2))
		if _, err := hex.Decode(b, s[2:]); err != nil {
			return token{}, l.wrong("hexadecimal digits in pairs after 0x")
		}
		return token{text, b}, nil
	case s[0] == '_' && (l.peek() == ' ' || l.peek() == '\''):
		return l.next() // _binary '…', _utf8mb4'…'
	}
	return token{word, s}, nil
}

// escapes are what stands behind a backslash; every other sign stands for itself.
var escapes = map[byte]byte{'0': 0, 'b': '\b', 'n': '\n', 'r': '\r', 't': '\t', 'Z': 0x1A}

// quoted reads until the quote that ends the text.
func (l *lexer) quoted(quote byte) ([]byte, error) {
	s := make([]byte, 0, 32)
	for {
		b, err := l.byte()
		if err == io.EOF {
			return nil, l.wrong("the end of a text")
		}
		if err != nil {
			return nil, err
		}
		switch {
		case b == quote && l.peek() == quote:
			l.byte()
		case b == quote:
			return s, nil
		case b == '\\' && quote != '`':
			if b, err = l.byte(); err != nil {
				return nil, l.wrong("a sign behind the backslash")
			}
			if e, special := escapes[b]; special {
				b = e
			}
		case l.sjis && (b >= 0x81 && b <= 0x9F || b >= 0xE0 && b <= 0xFC):
			s = append(s, b)
			if b, err = l.byte(); err != nil {
				return nil, l.wrong("the second byte of a character")
			}
		}
		if s = append(s, b); len(s) > MaxValue {
			return nil, l.wrong(fmt.Sprintf("a value of at most %d bytes", MaxValue))
		}
	}
}

// skip passes over a statement.
func (l *lexer) skip(t token) (err error) {
	for err == nil && !t.is(";") {
		t, err = l.next()
	}
	if err == io.EOF && t.kind != text { // the last one need not end
		return nil
	}
	return err
}

// create notes the columns of a table in their order. CREATE of anything else is passed over.
func (l *lexer) create(columns map[string][]string) error {
	t, err := l.next()
	if err != nil || !t.is("TABLE") {
		return errors.Join(err, l.skip(t))
	}
	for t.kind != name {
		if t, err = l.next(); err != nil {
			return err
		}
		if t.is("(") || t.is(";") {
			return l.wrong("the name of a table in backquotes")
		}
	}
	table, depth, begins := string(t.s), 0, false
	columns[table] = nil
	for {
		if t, err = l.next(); err != nil {
			return err
		}
		switch {
		case t.is(";"):
			return nil
		case t.is("("):
			depth++
			begins = depth == 1
			continue
		case t.is(")"):
			depth--
		case t.is(",") && depth == 1:
			begins = true
			continue
		case t.kind == name && depth == 1 && begins:
			columns[table] = append(columns[table], string(t.s))
		}
		begins = false
	}
}

// insert reads INSERT INTO `table` [(`column`, …)] VALUES (…), (…);
func (l *lexer) insert(known map[string][]string, want func(string) bool, row func(Row) error) error {
	t, err := l.next()
	for err == nil && (t.is("IGNORE") || t.is("INTO")) {
		t, err = l.next()
	}
	if err != nil {
		return err
	}
	if t.kind != name {
		return l.wrong("INSERT INTO and the name of a table in backquotes")
	}
	table := string(t.s)
	if !want(table) {
		return l.skip(t)
	}
	columns := known[table]
	if t, err = l.next(); err != nil {
		return err
	}
	if t.is("(") {
		columns = nil
		for !t.is(")") {
			if t, err = l.next(); err != nil {
				return err
			}
			if t.kind == name {
				columns = append(columns, string(t.s))
			}
		}
		if t, err = l.next(); err != nil {
			return err
		}
	}
	if len(columns) == 0 {
		return fmt.Errorf("mysqldump: line %d: the columns of %s are not known: the dump needs CREATE TABLE (mysqldump without --no-create-info)", l.line, table)
	}
	if !t.is("VALUES") {
		return l.wrong("VALUES")
	}
	for {
		values, err := l.values(len(columns), table)
		if err != nil {
			return err
		}
		if err := row(Row{table, columns, values}); err != nil {
			return err
		}
		if t, err = l.next(); err != nil {
			return err
		}
		switch {
		case t.is(";"):
			return nil
		case !t.is(","):
			return l.wrong(", or ; after a row of " + table)
		}
	}
}

// values reads one row.
func (l *lexer) values(n int, table string) ([][]byte, error) {
	t, err := l.next()
	if err != nil {
		return nil, err
	}
	if !t.is("(") {
		return nil, l.wrong("( before a row of " + table)
	}
	values := make([][]byte, 0, n)
	for {
		if t, err = l.next(); err != nil {
			return nil, err
		}
		switch {
		case t.kind == text, t.kind == word && !t.is("NULL"):
			values = append(values, t.s)
		case t.is("NULL"):
			values = append(values, nil)
		default:
			return nil, l.wrong("a value of " + table)
		}
		if t, err = l.next(); err != nil {
			return nil, err
		}
		if t.is(")") {
			break
		}
		if !t.is(",") {
			return nil, l.wrong(", or ) behind a value of " + table)
		}
	}
	if len(values) != n {
		return nil, fmt.Errorf("mysqldump: line %d: a row of %s has %d values, expected %d", l.line, table, len(values), n)
	}
	return values, nil
}
