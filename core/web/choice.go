package web

import (
	"musubi/core"
	"musubi/core/people"
)

// choiceFeature has the words of what can be chosen in profiles; core keeps them beside the keys.
var choiceFeature = feature{name: "choices", words: choiceWords()}

func choiceWords() wordTable {
	words := wordTable{}
	for _, f := range people.ProfileFields {
		for _, c := range f.Choices {
			words["choice."+c.Key] = [2]string{c.Japanese, c.English}
		}
	}
	return words
}

// chosen are the keys of what was chosen in a field, by key or by name; what is no choice stays, to be refused by who knows why.
func (f form) chosen(field string, of core.Choices) []string {
	list := nonEmpty(f.values[field])
	for i := range list {
		if key, ok := of.KeyOf(list[i]); ok {
			list[i] = key
		}
	}
	return list
}

// choiceLabel is the word for a choice of a profile, or what stands there.
func (w words) choiceLabel(key string) string {
	if word := w.t("choice." + key); word != "choice."+key {
		return word
	}
	return key
}
