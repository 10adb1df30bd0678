package people

import (
	"reflect"
	"testing"

	"musubi/core"
)

// A choice is stored as its key, whoever names it; an occupation in words is a choice and the words, and neither twice.
func TestCleanProfile(t *testing.T) {
	type fields map[string]string
	for name, c := range map[string]struct{ in, want fields }{
		"a key":                {fields{"prefecture": "tokyo", "occupation": "student"}, fields{"prefecture": "tokyo", "occupation": "student"}},
		"a Japanese name":      {fields{"sex": "女性", "occupation": "学生"}, fields{"sex": "female", "occupation": "student"}},
		"an English name":      {fields{"prefecture": "Hokkaido", "blood": "AB"}, fields{"prefecture": "hokkaido", "blood": "ab"}},
		"words":                {fields{"occupation": "時計職人"}, fields{"occupation": OtherOccupation, "work": "時計職人"}},
		"words, and of work":   {fields{"occupation": "時計職人", "work": "修理"}, fields{"occupation": OtherOccupation, "work": "修理、時計職人"}},
		"the same words twice": {fields{"occupation": "時計職人", "work": "時計職人"}, fields{"occupation": OtherOccupation, "work": "時計職人"}},
		"no words of work":     {fields{"occupation": "時計職人", "work": ""}, fields{"occupation": OtherOccupation, "work": "時計職人"}},
		"nothing":              {fields{"occupation": "", "work": "修理"}, fields{"occupation": "", "work": "修理"}},
	} {
		var values []core.ProfileValue
		for key, value := range c.in {
			values = append(values, core.ProfileValue{Key: key, Value: value, Visibility: core.Friends})
		}
		var wrong core.Check
		got := fields{}
		for _, v := range CleanProfile(&wrong, values) {
			got[v.Key] = v.Value
			if v.Visibility != core.Friends {
				t.Errorf("%s: %s is for %d", name, v.Key, v.Visibility)
			}
		}
		if err := wrong.Err(); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	var wrong core.Check
	CleanProfile(&wrong, []core.ProfileValue{{Key: "sex", Value: "ほか"}, {Key: "prefecture", Value: "<b>"}})
	if len(wrong.Wrong) != 2 {
		t.Errorf("wrong: %+v", wrong.Wrong)
	}
}
