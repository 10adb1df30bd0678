package core

import "slices"

// A Choice is one of several things to choose from. Its key is what is stored, counted and exported; the names are what people read.
type Choice struct{ Key, Japanese, English string }

// Choices are all that can be chosen, in the order of forms.
type Choices []Choice

// Find finds a choice by its key.
func (c Choices) Find(key string) (Choice, bool) {
	return c.first(func(x Choice) bool { return x.Key == key })
}

// KeyOf is the key of what somebody calls so: by its key, or by its name in either language, as forms of handsets, whose options
// say nothing twice, older exports and other services do. "", false: nothing is called so.
func (c Choices) KeyOf(name string) (key string, ok bool) {
	x, ok := c.first(func(x Choice) bool { return x.Key == name || x.Japanese == name || x.English == name })
	return x.Key, ok
}

// Name is the Japanese name of a key, or what stands there.
func (c Choices) Name(key string) string {
	if x, ok := c.Find(key); ok {
		return x.Japanese
	}
	return key
}

func (c Choices) first(is func(Choice) bool) (x Choice, ok bool) {
	i := slices.IndexFunc(c, is)
	if i < 0 {
		return x, false
	}
	return c[i], true
}
