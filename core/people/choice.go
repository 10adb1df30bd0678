package people

import (
	"slices"
	"time"

	"musubi/core"
)

// Choices of profile fields. Values are stored as members read them; core/web has the English ones.
var (
	Sexes      = []string{"女性", "男性"}
	BloodTypes = []string{"A型", "B型", "O型", "AB型"}
)

// A FieldKind says what a profile field holds.
type FieldKind uint8

// Kinds.
const (
	Words  FieldKind = iota // anything up to the limit
	Choice                  // one of Choices
	Date                    // "2006-01-02", a day gone by
)

// fits brings a value into the form in which its field stores it and says whether it is of the field's kind; the empty
// value always is.
func (f ProfileField) fits(value *string) bool {
	switch {
	case *value == "":
		return true
	case f.Kind == Choice:
		return slices.Contains(f.Choices, *value)
	case f.Kind == Date:
		date, ok := core.ReadDate(*value)
		if ok {
			*value = date.Format(time.DateOnly)
		}
		return ok
	}
	return true
}
