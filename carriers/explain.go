package carriers

import (
	"strconv"

	"musubi/carriers/internal/rows"
)

// Fields is a set of fields of a Handset, to say where each came from.
type Fields uint32

// Fields, in the order in which `musubi identify` shows them.
const (
	FieldCarrier Fields = 1 << iota
	FieldGeneration
	FieldModel
	FieldName
	FieldSize // Display.WidthPx, HeightPx
	FieldColors
	FieldChars // Display.Columns, Rows
	FieldCharset
	FieldDialect
	FieldEmoji
	FieldCookies
	FieldBudget
	FieldImages
	FieldInput
	FieldFlash
	FieldVideo
	FieldSubscriberID
	FieldCardID
	FieldTerminalID
	FieldTrusted
	FieldRobot
)

// fieldDefaults is what a row of generations.tsv fills.
const fieldDefaults = FieldSize | FieldColors | FieldCharset | FieldDialect | FieldEmoji | FieldCookies | FieldBudget |
	FieldImages | FieldInput | FieldVideo

var fieldNames = [...]string{"carrier", "generation", "model", "name", "display", "colors", "characters", "charset",
	"dialect", "emoji", "cookies", "page budget", "images", "input mode", "flash", "video", "subscriber id", "card id", "terminal id",
	"trusted", "robot"}

// String names a single field.
func (f Fields) String() string {
	for i, name := range fieldNames {
		if f == 1<<i {
			return name
		}
	}
	return "fields " + strconv.Itoa(int(f))
}

// A Reason names the rule, and the row or value, that a field of a Handset came from.
type Reason struct {
	Field Fields // a single field
	Rule  string // "UA DoCoMo/2.0", "handsets.tsv:261", "header X-UP-DEVCAP-SCREENPIXELS"
	Value string // what the rule saw
}

// reasons remembers the last rule that set each field.
type reasons [len(fieldNames)]Reason

// because notes why fields have their value. It costs one comparison when nobody asks.
func (s *sight) because(f Fields, rule, value string) {
	if s.why == nil {
		return
	}
	for i := range s.why {
		if f&(1<<i) != 0 {
			s.why[i] = Reason{1 << i, rule, value}
		}
	}
}

// Explain identifies like Identify and says for each field that is known which rule set it.
func (g *Registry) Explain(r Request) (Handset, []Reason) {
	s := sight{r: r, g: g, why: new(reasons)}
	s.identify()
	var list []Reason
	for _, reason := range s.why {
		if reason.Field != 0 {
			list = append(list, reason)
		}
	}
	return s.h, list
}

// becauseHeader notes that a header field set the fields.
func (s *sight) becauseHeader(f Fields, name, value string) {
	if s.why != nil {
		s.because(f, "header "+name, value)
	}
}

// becauseRange notes that an address range decided on trust.
func (s *sight) becauseRange(r *rows.Range) {
	if s.why != nil {
		s.because(FieldTrusted, r.Place.String(), r.CIDR.String()+" "+rows.Classes[r.Class])
	}
}

// becauseRow notes that a row of a table set the fields.
func (s *sight) becauseRow(f Fields, p rows.Place, value string) {
	if s.why != nil {
		s.because(f, p.String(), value)
	}
}
