package emoji

import (
	"strings"
	"sync"
)

// init sets what each concept is for a reader without any emoji, because it is asked for while pages are written.
func init() {
	for i := range table {
		table[i].plain = table[i].plainText()
	}
}

// plainText returns the neutral text of a concept, else the carrier's name in brackets (a word is kinder than 〓), or the
// name of today where the carrier only numbered its pictures ("ＯＫ！２") or said what they are for.
func (c *Concept) plainText() string {
	switch row := Find(c.Unicode); {
	case signs[c.Unicode] != "":
		return signs[c.Unicode]
	case len(c.Unicode) == len("1\u20e3") && c.Unicode[1:] == "\u20e3":
		return "[" + c.Unicode[:1] + "]"
	case row != "" && strings.Contains(purposes, c.Unicode):
		return "[" + row.Name(false) + "]"
	case c.Text != "":
		return c.Text
	case row != "" && (c.NameJA == "" || strings.ContainsAny(c.NameJA, "0123456789０１２３４５６７８９（(")):
		return "[" + row.Name(false) + "]"
	case c.NameJA != "":
		return "[" + c.NameJA + "]"
	}
	return "〓"
}

// purposes are pictures that a carrier named by what its menu used them for, or by what its drawing looked like, which is not
// what people who write them today mean: a pair of scissors was the hairdresser's, a woman "small face", a key the password,
// a beer mug with a straw the bar, a blond person "white man", a face that cries out "haggard".
const purposes = "✂⛵❤👩👠👽👾👱👲👳🔑🔔🔏💞💠📇📠📩📲🔯🎠🎽🎩😳👅📑📪🔎🔱👣💲" +
	"☕♻⛄🌂🌑🌔🌕🌴🍔🍴🍸🎂🎄🎊🎤🎧🎯🏁💄💇👹📈📉📍📜📦📶🔃🚨😔😡😱🛎"

// Typed says whether what a carrier drew as a picture is a sign of typesetting, which a screen without emoji has all the same.
func Typed(unicode string) bool {
	return unicode == "\u00a9" || unicode == "\u00ae" || unicode == "\u2122"
}

// signs are concepts that plain text writes better than with a name.
var signs = map[string]string{
	"\u00a9": "(C)", "\u00ae": "(R)", "\u2122": "TM",
	"\u2002": " ", "\u2003": "\u3000", "\u2005": " ",
	"\U0001F3B5": "♪", "\U0001F3B6": "♪♪", "\u3030": "～", "\u2b55": "○", "\u26aa": "○", "\u26ab": "●",
	"\u2757": "！", "\u2755": "！", "\U0001F197": "[OK]",
}

// words has what each concept that rides on its plane-15 code is for a reader without that carrier's font.
var words = sync.OnceValue(func() map[rune]string {
	m := map[rune]string{}
	for i := range table {
		switch c := &table[i]; {
		case rides[c.Unicode]: // a blank
			m[c.Private] = c.Unicode
		case c.Unicode == "":
			m[c.Private] = c.plain
		}
	}
	return m
})

// Word gives the text for a sign of canonical text that only a carrier has, in brackets; "" for every other rune.
func Word(r rune) string { return words()[r] }
