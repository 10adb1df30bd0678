package carriers

// The rows of data/*.tsv as the generator writes them into tables.go and as the loader reads an operator's files.

// A generationRow is what a handset gets that says nothing better about itself.
type generationRow struct {
	carrier          Carrier
	generation       Generation // "-": the carrier's own default
	dialect          Dialect
	charset          Charset
	emoji            EmojiSet
	webcode, cookies bool
	total            int // bytes of page and images together
	page, image      share
	counts           bool
	images           ImageFormats
	input            InputMode
	width, height    int
	colors           int
	line             int
	file             string // "" for shipped rows
}

// A share is a number of bytes, or a percentage of a total.
type share struct{ bytes, percent int }

func (s share) of(total int) int {
	if s.percent > 0 {
		return total * s.percent / 100
	}
	if total > 0 && s.bytes > total {
		return total
	}
	return s.bytes
}

// A modelRow is what is known of one model. Zero fields are not known.
type modelRow struct {
	carrier       Carrier
	token, sameAs string
	name          string
	generation    Generation
	kind          string  // SoftBank's own name of the type: C2 … P7
	dialect       Dialect // zero: the generation's
	width, height int
	colors        int
	limit         int // page or cache limit, bytes
	images        ImageFormats
	flash         string
	line          int
	file          string // "" for shipped rows
}

// A rangeRow is one published address range.
type rangeRow struct {
	carrier Carrier
	cidr    string
	class   Class
	edition string // "current", or the year of an older list
	dated   string
	line    int
}

// A robotRow is a word that gives a robot, a gateway or an emulator away.
type robotRow struct {
	word, kind string
	line       int
}

// A mailRow gives a carrier's mail domain; a leading dot also takes every name below it.
type mailRow struct {
	domain  string
	carrier Carrier
}

// findGeneration returns the row of the carrier's generation, or the carrier's own, or nil.
func findGeneration(rows []generationRow, c Carrier, g Generation) *generationRow {
	var own *generationRow
	for i := range rows {
		r := &rows[i]
		if r.carrier != c {
			continue
		}
		if r.generation == g {
			return r
		}
		if r.generation == "-" {
			own = r
		}
	}
	return own
}

// findModel finds a model's row by binary search; letter case does not count.
func findModel(rows []modelRow, c Carrier, token string) *modelRow {
	low, high := 0, len(rows)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if rows[mid].before(c, token) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(rows) || rows[low].carrier != c || compareFold(rows[low].token, token) != 0 {
		return nil
	}
	return &rows[low]
}

// before says whether the row stands before (c, token): by carrier, then by token without case.
func (m *modelRow) before(c Carrier, token string) bool {
	if m.carrier != c {
		return m.carrier < c
	}
	return compareFold(m.token, token) < 0
}

// compareFold compares two strings, ASCII letters without case.
func compareFold(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
