package rows

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The words of the tables. Their places are the values of the types of the same name in package carriers.
var (
	Families   = []string{"html5", "chtml", "ixhtml", "xhtml-mp", "jphone", "hdml", "html-3.2", "wml"}
	Charsets   = []string{"UTF-8", "Shift_JIS", "EUC-JP"}
	EmojiSets  = []string{"unicode", "none", "docomo", "au", "softbank"}
	InputModes = []string{"html5", "istyle", "mode", "css", "format", "none"}
	WordKinds  = []string{"robot", "gateway", "emulator", "smartphone", "innocent"}
	Formats    = []string{"gif", "jpeg", "png", "bmp", "wbmp"}
	Classes    = []string{"", "handset", "fullbrowser", "dialup", "smartphone", "mail"}
)

// Each reader takes one cell and notes on the row what is wrong with it.

func (r *row) text(column string) string { return r.cells[column] }

func (r *row) need(column string) string {
	if r.cells[column] == "" {
		r.fail(column, "empty: fill it")
	}
	return r.cells[column]
}

func (r *row) yes(column string) bool {
	switch r.cells[column] {
	case "yes":
		return true
	case "", "no":
		return false
	}
	r.fail(column, "%q: write yes or no", r.cells[column])
	return false
}

func (r *row) word(column string, words []string) uint8 {
	i := slices.Index(words, r.cells[column])
	if i < 0 || r.cells[column] == "" {
		r.fail(column, "%q: write one of %s", r.cells[column], strings.TrimPrefix(strings.Join(words, ", "), ", "))
		return 0
	}
	return uint8(i)
}

func (r *row) number(column string) int {
	if r.cells[column] == "" {
		return 0
	}
	n, err := strconv.Atoi(r.cells[column])
	if err != nil || n < 0 || n > 1<<30 {
		r.fail(column, "%q: write a whole number, or nothing", r.cells[column])
		return 0
	}
	return n
}

// kilobytes reads "1.4" as 1400 bytes. The carriers never said which kilobyte they meant; 1000 is safe under both.
func (r *row) kilobytes(column string) int {
	if r.cells[column] == "" {
		return 0
	}
	n, err := strconv.ParseFloat(r.cells[column], 64)
	if err != nil || !(n > 0 && n <= 1e6) { // so that NaN is none
		r.fail(column, "%q: write a number of kilobytes, or nothing", r.cells[column])
		return 0
	}
	return int(n * 1000)
}

func (r *row) share(column string) (s Share) {
	cell, percent := strings.CutSuffix(r.cells[column], "%")
	n, err := strconv.Atoi(cell)
	if err != nil || n < 0 || n > 1<<30 || percent && n > 100 {
		r.fail(column, "%q: write bytes (9000) or a share of the total (30%%), 0 for no limit", r.cells[column])
	} else if percent {
		s.Percent = n
	} else {
		s.Bytes = n
	}
	return s
}

func (r *row) formats(column string) (set uint8) {
	for name := range strings.SplitSeq(r.cells[column], "+") {
		i := slices.Index(Formats, name)
		if name != "" && i < 0 {
			r.fail(column, "%q: write formats joined by +, of %s", r.cells[column], strings.Join(Formats, ", "))
			return 0
		}
		if i >= 0 {
			set |= 1 << i
		}
	}
	return set
}

// dialect reads "ixhtml-2.3" and the families without a version.
func (r *row) dialect(column string) (d Dialect) {
	cell := r.cells[column]
	if cell == "" {
		return d
	}
	if i := slices.Index(Families, cell); i >= 0 {
		return Dialect{Family: uint8(i)}
	}
	family, version, _ := strings.Cut(cell, "-")
	i := slices.Index(Families, family)
	if i < 0 || len(version) != 3 || version[1] != '.' || version[0] < '1' || version[0] > '9' || version[2] < '0' || version[2] > '9' {
		r.fail(column, "%q: write one of %s, chtml, ixhtml and wml with a version (chtml-5.0)", cell, strings.Join(Families, ", "))
		return d
	}
	return Dialect{uint8(i), version[0] - '0', version[2] - '0'}
}

func (r *row) prefix(column string) netip.Prefix {
	p, err := netip.ParsePrefix(r.cells[column])
	switch {
	case err != nil:
		r.fail(column, "%q: write an address range such as 192.0.2.0/24", r.cells[column])
	case p.Addr().Is4In6():
		r.fail(column, "%v: write an IPv4 range as IPv4", p)
	case p != p.Masked():
		r.fail(column, "%v has bits after its length: write %v", p, p.Masked())
	}
	return p
}

func (r *row) headerName(column string) string {
	for _, c := range r.cells[column] {
		if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			r.fail(column, "%q: write a header field's name, letters, digits and hyphens", r.cells[column])
			break
		}
	}
	return r.cells[column]
}

// pattern reads a regular expression that the whole ID must fit.
func (r *row) pattern(column string) *regexp.Regexp {
	if r.cells[column] == "" {
		return nil
	}
	p, err := regexp.Compile(`\A(?:` + r.cells[column] + `)\z`)
	if err != nil {
		r.fail(column, "%q is no regular expression: %v", r.cells[column], err)
	}
	return p
}
