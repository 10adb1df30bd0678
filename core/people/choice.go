package people

import (
	"slices"
	"time"

	"musubi/core"
)

// Choices of profile fields.
var (
	Sexes      = core.Choices{choice("female", "女性", "Female"), choice("male", "男性", "Male")}
	BloodTypes = core.Choices{choice("a", "A型", "A"), choice("b", "B型", "B"), choice("o", "O型", "O"), choice("ab", "AB型", "AB")}
	// Occupations are few, so that they can be counted; what one does exactly stands in the field "work".
	Occupations = core.Choices{
		choice("employee", "会社員", "Company employee"), choice("manager", "経営者・役員", "Manager"), choice("official", "公務員", "Public servant"),
		choice("teacher", "教員・講師", "Teacher"), choice("medical", "医療・福祉", "Health and care"), choice("engineer", "技術者", "Engineer"),
		choice("creative", "クリエイター", "Creative"), choice("sales", "営業・販売", "Sales"), choice("service", "サービス業", "Services"),
		choice("craft", "職人・製造", "Craft and manufacturing"), choice("farming", "農林水産", "Farming and fishing"), choice("selfemployed", "自営業", "Self-employed"),
		choice("freelance", "フリーランス", "Freelance"), choice("parttime", "パート・アルバイト", "Part-time"), choice("student", "学生", "Student"),
		choice("home", "主婦・主夫", "Home"), choice("seeking", "求職中", "Between jobs"), choice("retired", "退職", "Retired"), choice(OtherOccupation, "その他", "Other"),
	}
)

func choice(key, japanese, english string) core.Choice {
	return core.Choice{Key: key, Japanese: japanese, English: english}
}

// OtherOccupation is the occupation of whoever finds none that fits.
const OtherOccupation = "other"

// A FieldKind says what a profile field holds.
type FieldKind uint8

// Kinds.
const (
	Words  FieldKind = iota // anything up to the limit
	Choice                  // the key of one of Choices
	Date                    // "2006-01-02", a day gone by
)

// fits brings a value into the form in which its field stores it and says whether it is of the field's kind; the empty
// value always is.
func (f ProfileField) fits(value *string) bool {
	switch {
	case *value == "":
		return true
	case f.Kind == Choice:
		key, ok := f.Choices.KeyOf(*value)
		if ok {
			*value = key
		}
		return ok
	case f.Kind == Date:
		date, ok := core.ReadDate(*value)
		if ok {
			*value = date.Format(time.DateOnly)
		}
		return ok
	}
	return true
}

// occupationTold makes of an occupation that is told in words, as it was before there were choices and is elsewhere, the choice
// "other" and a line about one's work: what somebody wrote is not refused, and not lost.
func occupationTold(values []core.ProfileValue) []core.ProfileValue {
	at := func(key string) int {
		return slices.IndexFunc(values, func(v core.ProfileValue) bool { return v.Key == key })
	}
	i := at(occupationField)
	if i < 0 || values[i].Value == "" {
		return values
	}
	if _, ok := Occupations.KeyOf(values[i].Value); ok {
		return values
	}
	told := values[i]
	values[i].Value, told.Key = OtherOccupation, workField
	switch j := at(workField); {
	case j < 0:
		return append(values, told)
	case values[j].Value == "":
		values[j] = told
	case values[j].Value != told.Value:
		values[j].Value += "、" + told.Value
	}
	return values
}
