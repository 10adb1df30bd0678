// Package rows holds the rows of the carriers room's tables and reads them from TSV. The generator reads the shipped
// tables with it and the Registry an operator's files, so that both have one form and one set of checks.
//
// Words of the tables become the numbers of package carriers by their place in the lists of words.go; a test there
// compares the two.
package rows

import (
	"io"
	"net/netip"
	"regexp"
	"strings"
)

// A Model is one row of handsets.tsv. Zero fields are not known.
type Model struct {
	Carrier, Token string
	SameAs         string // this token means that model
	Name           string
	Generation     string
	Type           string // SoftBank's own name of the type: C2 … P7
	Dialect        Dialect
	Width, Height  int // pixels
	Colors         int
	Limit          int   // page or cache limit, bytes
	Images         uint8 // bits in the order of Formats
	Flash          string
	Place
}

// A Dialect is the number of a markup family and its version; zero says nothing.
type Dialect struct{ Family, Major, Minor uint8 }

// A Generation is one row of generations.tsv, the defaults of a carrier's generation; "-" is the carrier's own row.
type Generation struct {
	Carrier, Generation string
	Dialect             Dialect
	Charset, Emoji      uint8
	Webcode, Cookies    bool
	Total               int // bytes of page and images together
	Page, Image         Share
	Counts              bool // images count towards Total
	Images              uint8
	Input               uint8
	Width, Height       int
	Colors              int
	Video               string
	Place
}

// A Share is a number of bytes, or a percentage of a total.
type Share struct{ Bytes, Percent int }

// Of returns the share in bytes, never more than a known total.
func (s Share) Of(total int) int {
	if s.Percent > 0 {
		return total * s.Percent / 100
	}
	if total > 0 {
		return min(s.Bytes, total)
	}
	return s.Bytes
}

// A Range is one row of ranges.tsv.
type Range struct {
	Carrier   string
	CIDR      netip.Prefix
	Class     uint8
	Edition   string // "" or "current"; anything else is an older list and never eligible
	Dated     string // date of the carrier's list
	Confirmed string // date on which the operator confirmed the row, "2026-11-22"
	Wide      bool   // the operator means a range wider than /16
	Place
}

// Current says whether the row belongs to the edition in force.
func (r *Range) Current() bool { return r.Edition == "" || r.Edition == "current" }

// A Word is one row of words.tsv: what it gives away when it stands in a User-Agent.
type Word struct {
	Word string // lower case, at least two bytes
	Edge bool   // no letter or digit may follow
	Kind string // one of WordKinds
	Place
}

// A Browser is one row of browsers.tsv: a browser that is no handset of Japan and does not read the pages of today.
type Browser struct {
	Mark, Generation string
	Width, Height    int
	Colors           int
	Images           uint8
	Place
}

// A Mail is one row of maildomains.tsv; a leading dot also takes every name below the domain.
type Mail struct {
	Domain, Carrier string
	Place
}

// A Match is one row of an operator's carriers.tsv: how a request of a carrier looks. All cells that are filled must hold.
type Match struct {
	Carrier                string
	UAStarts, UAContains   string
	HasHeader              string
	FromRanges             bool
	ModelAfter, ModelUntil string // the model stands between these two in the User-Agent
	IDHeader               string
	IDPattern              *regexp.Regexp
	IDOverTLS              bool
	Place
}

// Models reads handsets.tsv.
func Models(file string, from io.Reader) ([]Model, error) {
	return all(file, from, "carrier model same_as name generation type dialect width height colors page_kb images flash released sources",
		func(r *row) Model {
			return Model{
				Carrier: r.need("carrier"), Token: r.need("model"), SameAs: r.text("same_as"), Name: r.text("name"),
				Generation: r.text("generation"), Type: r.text("type"), Dialect: r.dialect("dialect"),
				Width: r.number("width"), Height: r.number("height"), Colors: r.number("colors"), Limit: r.kilobytes("page_kb"),
				Images: r.formats("images"), Flash: r.text("flash"), Place: r.Place,
			}
		})
}

// Generations reads generations.tsv.
func Generations(file string, from io.Reader) ([]Generation, error) {
	return all(file, from, "carrier generation dialect charset emoji webcode cookies total page image counts images input width height colors video source",
		func(r *row) Generation {
			return Generation{
				Carrier: r.need("carrier"), Generation: r.need("generation"), Dialect: r.dialect("dialect"),
				Charset: r.word("charset", Charsets), Emoji: r.word("emoji", EmojiSets),
				Webcode: r.yes("webcode"), Cookies: r.yes("cookies"),
				Total: r.number("total"), Page: r.share("page"), Image: r.share("image"), Counts: r.yes("counts"),
				Images: r.formats("images"), Input: r.word("input", InputModes),
				Width: r.number("width"), Height: r.number("height"), Colors: r.number("colors"),
				Video: r.text("video"), Place: r.Place,
			}
		})
}

// Ranges reads ranges.tsv.
func Ranges(file string, from io.Reader) ([]Range, error) {
	return all(file, from, "carrier cidr class edition dated confirmed wide note source", func(r *row) Range {
		return Range{
			Carrier: r.need("carrier"), CIDR: r.prefix("cidr"), Class: r.word("class", Classes), Edition: r.text("edition"),
			Dated: r.text("dated"), Confirmed: r.text("confirmed"), Wide: r.yes("wide"), Place: r.Place,
		}
	})
}

// Words reads words.tsv.
func Words(file string, from io.Reader) ([]Word, error) {
	return all(file, from, "word edge kind note", func(r *row) Word {
		w := Word{Word: strings.ToLower(r.need("word")), Edge: r.yes("edge"), Kind: r.text("kind"), Place: r.Place}
		r.word("kind", WordKinds)
		if len(w.Word) < 2 {
			r.fail("word", "%q: write at least two letters", w.Word)
		}
		return w
	})
}

// Browsers reads browsers.tsv.
func Browsers(file string, from io.Reader) ([]Browser, error) {
	return all(file, from, "mark generation width height colors images note", func(r *row) Browser {
		return Browser{
			Mark: strings.ToLower(r.need("mark")), Generation: r.need("generation"), Width: r.number("width"), Height: r.number("height"),
			Colors: r.number("colors"), Images: r.formats("images"), Place: r.Place,
		}
	})
}

// Mails reads maildomains.tsv.
func Mails(file string, from io.Reader) ([]Mail, error) {
	return all(file, from, "domain carrier note source", func(r *row) Mail {
		return Mail{Domain: strings.ToLower(r.need("domain")), Carrier: r.need("carrier"), Place: r.Place}
	})
}

// Matches reads an operator's carriers.tsv.
func Matches(file string, from io.Reader) ([]Match, error) {
	return all(file, from, "carrier ua_starts ua_contains has_header from_ranges model_after model_until id_header id_pattern id_over_tls note",
		func(r *row) Match {
			m := Match{
				Carrier: r.need("carrier"), UAStarts: r.text("ua_starts"), UAContains: r.text("ua_contains"),
				HasHeader: r.headerName("has_header"), FromRanges: r.yes("from_ranges"),
				ModelAfter: r.text("model_after"), ModelUntil: r.text("model_until"),
				IDHeader: r.headerName("id_header"), IDPattern: r.pattern("id_pattern"), IDOverTLS: r.yes("id_over_tls"), Place: r.Place,
			}
			if m.UAStarts == "" && m.UAContains == "" && m.HasHeader == "" && !m.FromRanges {
				r.fail("ua_starts", "nothing tells this carrier's requests: fill ua_starts, ua_contains, has_header or from_ranges")
			}
			if (m.IDHeader == "") != (m.IDPattern == nil) {
				r.fail("id_pattern", "id_header and id_pattern belong together: an ID is believed only when it fits a pattern exactly")
			}
			return m
		})
}

// all reads the table and makes each row; the first bad cell ends it.
func all[T any](file string, from io.Reader, columns string, make func(*row) T) ([]T, error) {
	lines, err := read(file, from, strings.Fields(columns))
	if err != nil {
		return nil, err
	}
	var list []T
	for i := range lines {
		list = append(list, make(&lines[i]))
		if lines[i].err != nil {
			return nil, lines[i].err
		}
	}
	return list, nil
}
