package emoji

import (
	"strings"

	"musubi/carriers"
)

// A Row is an emoji of today as data/today.tsv has it: its key, names and nearest pictures. "" is no row.
type Row string

// The cells of a Row, separated by tabs.
const (
	cellKey = iota
	cellJA
	cellEN
	cellShort
	cellDoCoMo
	cellAu
	cellSoftBank
)

// Find returns the row of a sequence without variation selectors and skin tones, or "".
func Find[T string | []byte](key T) Row {
	low, high := 0, len(today)
	for low < high {
		middle := int(uint(low+high) >> 1)
		switch order := compare(key, today[middle]); {
		case order == 0:
			return today[middle]
		case order < 0:
			high = middle
		default:
			low = middle + 1
		}
	}
	return ""
}

// compare orders key and the key of a row. Keys are UTF-8, whose order of bytes is the order of code points, and the tab
// that ends a row's key is below them all.
func compare[T string | []byte](key T, r Row) int {
	for i := range len(key) {
		if d := int(key[i]) - int(r[i]); d != 0 {
			return d
		}
	}
	return int('\t') - int(r[len(key)])
}

// Rows calls yield for each emoji of today in order, until it returns false.
func Rows(yield func(Row) bool) {
	for _, r := range today {
		if !yield(r) {
			return
		}
	}
}

// cell returns the n-th cell.
func (r Row) cell(n int) string {
	s := string(r)
	for range n {
		_, s, _ = strings.Cut(s, "\t")
	}
	s, _, _ = strings.Cut(s, "\t")
	return s
}

// Key returns the standard sequence, without variation selectors.
func (r Row) Key() string { return r.cell(cellKey) }

// Name returns the short name in Japanese or English.
func (r Row) Name(english bool) string {
	if english {
		return r.cell(cellEN)
	}
	return r.cell(cellJA)
}

// Short returns the shortest name there is: a flag's region code, else the name.
func (r Row) Short(english bool) string {
	if s := r.cell(cellShort); s != "" {
		return s
	}
	return r.Name(english)
}

// Near returns canonical text that says the same with pictures of a set, or "": the name has to do.
func (r Row) Near(set carriers.EmojiSet) string {
	switch set {
	case carriers.EmojiDoCoMo:
		return r.cell(cellDoCoMo)
	case carriers.EmojiAu:
		return r.cell(cellAu)
	case carriers.EmojiSoftBank:
		return r.cell(cellSoftBank)
	}
	return ""
}
