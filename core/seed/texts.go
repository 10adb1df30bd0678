package seed

import (
	"errors"
	"iter"
	"time"

	"musubi/core/seed/dice"
)

// Texts yields everything the members of the demo write, each with the carrier ("docomo", "au", "softbank") whose phone
// they type it on: the examples that tests of the text stage hold their conversion to.
func Texts() iter.Seq2[string, string] {
	return func(yield func(phone, text string) bool) {
		cast, err := parseCast(membersText, time.Now())
		entries, err2 := parseDiaries(diariesText)
		regards, err3 := parseRegards(endorsementsText)
		letters, err4 := parseLetters(lettersText)
		if errors.Join(err, err2, err3, err4) != nil {
			return
		}
		phones := map[string]string{}
		for _, m := range cast {
			phones[m.Key] = m.Phone
			if !yield(m.Phone, m.Nick) || !yield(m.Phone, m.Intro) {
				return
			}
		}
		for _, r := range regards {
			if !yield(phones[r.author], r.relationship) || !yield(phones[r.author], r.text) {
				return
			}
		}
		for _, l := range letters {
			if !yield(phones[l.author], l.subject) || !yield(phones[l.author], l.body) {
				return
			}
		}
		for _, e := range entries {
			if !yield(phones[e.member], e.title) || !yield(phones[e.member], e.body) {
				return
			}
			for _, c := range e.comments {
				if !yield(phones[c.member], c.text) {
					return
				}
			}
		}
	}
}

// Sample yields the texts of the first n members of a filled store: nicknames, introductions, diaries, comments, albums.
func Sample(seed uint64, n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			p := NewPerson(seed, i, 2007)
			w := writer{Dice: dice.New(seed, uint64(i)<<8|streamDiaries), person: &p, to: p.Nick}
			if !yield(p.Nick) || !yield(p.Intro) || !yield(string(w.appendBody(nil))) {
				return
			}
			for _, l := range []string{"title", "comment", "endorse", "message", "albumtitle", "albumnote", "caption", "albumcomment", "albumanswer", "albumwait"} {
				if !yield(string(w.append(nil, lists[l]))) {
					return
				}
			}
		}
	}
}
