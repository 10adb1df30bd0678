package emoji

import "musubi/carriers"

// Count is the number of concepts.
const Count = 788

// An Index names one concept: its place in the table.
type Index uint16

// A Concept is one emoji as at least one carrier has it. It is read-only.
type Concept struct {
	ID        string // row key, "e-000" …
	Private   rune   // plane-15 code; alone canonical when the concept rides on it
	Unicode   string // standard sequence without variation selector, "" for carriers' logos
	Qualified string // the sequence as modern text writes it: U+FE0F where the default presentation is text

	DoCoMo, Au, SoftBank Code
	AuNumber             uint16 // N of <img localsrc="N">, 0 without au code
	DoCoMoNumber         uint16 // in i-mode's lists: 1 to 176, and from 177 the extended ones; 0 for those that they have not

	NameJA, NameEN string
	Text           string // neutral text for a reader without emoji, may be empty

	// ToDoCoMo, ToAu and ToSoftBank are canonical text that stands for the concept on a carrier without a code for it.
	ToDoCoMo, ToAu, ToSoftBank string

	plain string // stands for the concept where there are no emoji
}

// A Code is one carrier's code of an emoji: its Shift_JIS bytes, lead byte in the high half, and the private-use code
// point that the carrier publishes. Zero: the carrier has none.
type Code struct{ SJIS, PUA uint16 }

// At returns the concept of an index below Count.
func At(i Index) *Concept { return &table[i] }

// rides lists the concepts that ride on their plane-15 code although Unicode has a character: au's three blanks, whose
// standard codes are ordinary spaces that a member may type.
var rides = map[string]bool{"\u2002": true, "\u2003": true, "\u2005": true}

// Standard returns the standard Unicode sequence that is the concept in canonical text, or "" when it rides on its
// plane-15 code.
func (c *Concept) Standard() string {
	if rides[c.Unicode] {
		return ""
	}
	return c.Unicode
}

// Canonical returns the concept as canonical text.
func (c *Concept) Canonical() string {
	if s := c.Standard(); s != "" {
		return s
	}
	return string(c.Private)
}

// Code returns the code that a set has for the concept, the zero Code for sets without codes of their own.
func (c *Concept) Code(set carriers.EmojiSet) Code {
	switch set {
	case carriers.EmojiDoCoMo:
		return c.DoCoMo
	case carriers.EmojiAu:
		return c.Au
	case carriers.EmojiSoftBank:
		return c.SoftBank
	}
	return Code{}
}

// Fallback returns canonical text that stands for the concept in a set without a code for it: the nearest emoji of that
// set as plane-15 codes, or text. "〓" means that nothing better is known; "" that nothing needs to be shown.
func (c *Concept) Fallback(set carriers.EmojiSet) string {
	switch set {
	case carriers.EmojiDoCoMo:
		return c.ToDoCoMo
	case carriers.EmojiAu:
		return c.ToAu
	case carriers.EmojiSoftBank:
		return c.ToSoftBank
	}
	return c.plain
}
