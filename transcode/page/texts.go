package page

import (
	"musubi/transcode/form"
	"musubi/transcode/keep"
	"musubi/transcode/own"
)

// A form that has no room for the text behind what its fields show says only where that text stands: on the page that the form
// was on (Options.Source). When the form comes back, TextsAt tells which page it is, Texts reads it, and Restore takes what of it
// is still the text that was shown.

// Texts are the text fields of a page that Render would take, each with its value; o is as for Render.
func Texts(src []byte, o Options) (texts form.Fields) {
	if len(src) > MaxSource {
		return nil
	}
	r := renderers.Get().(*renderer)
	defer r.release()
	r.parse(src, o)
	r.tree.Texts(func(name, value []byte) {
		texts = append(texts, form.Field{Name: string(name), Value: string(value)})
	})
	return texts
}

// TextsAt returns path and query of the page whose texts a form needs to be restored, "" if it needs none.
func TextsAt(key []byte, fields form.Fields) string {
	for _, f := range fields {
		switch f.Name {
		case own.Kept, own.KeptAnswer:
			if r, ok := keep.Open(key, f.Value); ok && r.Page != "" {
				return r.Page
			}
		case own.Answers:
			if at := TextsAt(key, unpack(f.Value)); at != "" {
				return at
			}
		}
	}
	return ""
}

// textOf finds the text that a record without it was made of.
func textOf(key []byte, texts form.Fields, r *keep.Record) (string, bool) {
	for _, t := range texts {
		if t.Name == r.Name && r.Means(key, t.Value) {
			return t.Value, true
		}
	}
	return "", false
}
