package review

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// MaxImport bounds the products of one file, and one answer of a service.
const MaxImport = 1_000_000

// A record is a product as files and services write it. The category is its English name or its number.
type record struct {
	Category any    `json:"category"`
	Title    string `json:"title"`
	Maker    string `json:"maker"`
	Code     string `json:"code"`
}

func (r record) product() (n NewProduct, err error) {
	n = NewProduct{Title: r.Title, Maker: r.Maker, Code: r.Code}
	switch c := r.Category.(type) {
	case float64:
		n.Category = Category(max(0, min(c, 255)))
	case string:
		n.Category = ParseCategory(c)
	}
	if err := n.Check(); err != nil {
		return n, fmt.Errorf("%q: %w", r.Title, err)
	}
	return n, nil
}

// ParseCategory reads a category by its English name or its number; 0 for what is none.
func ParseCategory(s string) Category {
	s = strings.ToLower(strings.TrimSpace(s))
	if n, err := strconv.ParseUint(s, 10, 8); err == nil && Category(n).valid() {
		return Category(n)
	}
	return Category(max(0, slices.Index(categoryNames[:], s)))
}

// ReadJSON reads products from an array of objects with category, title, maker and code. Those that cannot be taken are left
// out and named in bad; err is that of the text as a whole.
func ReadJSON(from io.Reader) (list []NewProduct, bad []error, err error) {
	var all []record
	if err := json.NewDecoder(from).Decode(&all); err != nil {
		return nil, nil, fmt.Errorf("review: products in JSON: %w", err)
	}
	list, bad = products(all)
	return list, bad, nil
}

// ReadTable reads products from a table with commas or tabs (as its first line has them), whose first line names the columns:
// category, title, maker, code. Lines that begin with # say nothing.
func ReadTable(from io.Reader) (list []NewProduct, bad []error, err error) {
	r := bufio.NewReader(from)
	if head, _ := r.Peek(3); bytes.Equal(head, []byte("\uFEFF")) {
		_, _ = r.Discard(3)
	}
	first, _ := r.Peek(256)
	table := csv.NewReader(r)
	table.Comment, table.FieldsPerRecord = '#', -1
	if line, _, _ := bytes.Cut(first, []byte("\n")); bytes.IndexByte(line, '\t') >= 0 {
		table.Comma, table.LazyQuotes = '\t', true
	}
	names, err := table.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("review: products in a table: %w", err)
	}
	title := slices.Index(names, "title")
	if title < 0 || !slices.Contains(names, "category") {
		return nil, nil, fmt.Errorf("review: products in a table: the first line is %q, expected the columns category, title and perhaps maker, code", strings.Join(names, " "))
	}
	var all []record
	for len(all) < MaxImport {
		f, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("review: products in a table: %w", err)
		}
		all = append(all, row(names, f))
	}
	list, bad = products(all)
	return list, bad, nil
}

func row(names, f []string) (r record) {
	for i, value := range f[:min(len(f), len(names))] {
		switch names[i] {
		case "category":
			r.Category = value
		case "title":
			r.Title = value
		case "maker":
			r.Maker = value
		case "code":
			r.Code = value
		}
	}
	return r
}

func products(all []record) (list []NewProduct, bad []error) {
	for _, r := range all[:min(len(all), MaxImport)] {
		n, err := r.product()
		if err != nil {
			bad = append(bad, err)
			continue
		}
		list = append(list, n)
	}
	return list, bad
}
