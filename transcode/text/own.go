package text

import (
	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/emoji"
)

// ownCodes has a carrier's code for each concept: Shift_JIS bytes, or the private-use code point for UTF-8. 0: none.
type ownCodes [emoji.Count]uint16

// codesFor returns the codes that a set writes in a charset. EUC-JP has none, nor has SoftBank's ISO-2022-JP: the
// carriers lose them on the way.
func codesFor(set carriers.EmojiSet, cs carriers.Charset) *ownCodes {
	t := new(ownCodes)
	if cs == carriers.EUCJP || cs == carriers.Latin1 || cs == carriers.ISO2022JP && set == carriers.EmojiSoftBank {
		return t
	}
	for i := range emoji.Index(emoji.Count) {
		code := emoji.At(i).Code(set)
		switch {
		case code.SJIS == 0:
		case cs == carriers.UTF8 && set == carriers.EmojiAu:
			t[i] = auPosted(code.SJIS)
		case cs == carriers.UTF8:
			t[i] = code.PUA
		case cs == carriers.ISO2022JP && set == carriers.EmojiAu:
			t[i] = auMail(code.SJIS)
		default:
			t[i] = code.SJIS
		}
	}
	return t
}

// auPosted returns the private-use code that au handsets really post, and read, for a Shift_JIS code. It differs from
// the published one, which overlaps SoftBank's.
func auPosted(sjis uint16) uint16 { return sjis - 0x0700 }

// auMail returns the Shift_JIS code in au mail, whose JIS form is the ISO-2022-JP code.
func auMail(sjis uint16) uint16 {
	if sjis < 0xF600 {
		return sjis - 0x0600
	}
	return sjis - 0x0B00
}

// A pairTable has what each double-byte code means, at its place: a character of the Basic Multilingual Plane, or
// pairEmoji + emoji.Index, which is no character. 0: nothing.
type pairTable [(rows + 1) << 8]uint16

const (
	rows      = 60     // lead bytes 81–9F and E0–FC
	pairEmoji = 0xD800 // the first surrogate
)

// place returns the place of two bytes in a pair table. Where the first is no lead byte there is nothing.
func place(lead, trail byte) uint16 { return uint16(rowOf[lead])<<8 | uint16(trail) }

// rowOf numbers the lead bytes from 1.
var rowOf = func() (t [256]uint8) {
	n := uint8(0)
	for b := range t {
		if charset.Lead(byte(b)) {
			n++
			t[b] = n
		}
	}
	return t
}()

func (t *pairTable) put(code uint16, i emoji.Index) {
	t[place(byte(code>>8), byte(code))] = pairEmoji + uint16(i)
}

// pairsFor returns the table of a set; it is shared by the codecs that read alike.
func pairsFor(set carriers.EmojiSet, mail, jis bool) *pairTable {
	switch {
	case set == carriers.EmojiAu && (mail || jis):
		return auMailPairs
	case jis:
		return jisPairs[max(set, carriers.EmojiNone)]
	case set >= carriers.EmojiDoCoMo:
		return carrierPairs[set]
	}
	return carrierPairs[carriers.EmojiNone]
}

var (
	carrierPairs = func() (t [sets]*pairTable) {
		for set := carriers.EmojiNone; int(set) < sets; set++ {
			t[set] = makePairs(set)
		}
		return t
	}()
	// jisPairs are for ISO-2022-JP of everybody but au: programs and relays write DoCoMo's emoji as au's rows 75–78 there [e4u], in which JIS
	// has nothing. Of the rows after them it has kanji, which they stay.
	jisPairs = func() (t [sets]*pairTable) {
		for set := range t {
			p := *carrierPairs[max(carriers.EmojiSet(set), carriers.EmojiNone)]
			for i := range emoji.Index(emoji.Count) {
				if code := emoji.At(i).Au.SJIS; code != 0 && auMail(code) < 0xED00 && p[place(byte(auMail(code)>>8), byte(auMail(code)))] == 0 {
					p.put(auMail(code), i)
				}
			}
			t[set] = &p
		}
		return t
	}()
	auMailPairs = func() *pairTable {
		t := makePairs(carriers.EmojiAu)
		for i := range emoji.Index(emoji.Count) {
			if code := emoji.At(i).Au.SJIS; code != 0 {
				t.put(auMail(code), i)
			}
		}
		return t
	}()
)

func makePairs(set carriers.EmojiSet) *pairTable {
	t := new(pairTable)
	for code := uint16(0x8140); code <= 0xFCFC; code++ {
		if r := charset.Decode(code); r != 0 {
			t[place(byte(code>>8), byte(code))] = uint16(r)
		}
	}
	for i := range emoji.Index(emoji.Count) {
		if code := emoji.At(i).DoCoMo.SJIS; code != 0 && set == carriers.EmojiAu {
			t.put(code, i) // au firmware draws DoCoMo's codes and posts them when they are copied from a page
		}
	}
	for i := range emoji.Index(emoji.Count) {
		if code := emoji.At(i).Code(set).SJIS; code != 0 {
			t.put(code, i)
		}
	}
	return t
}

// A privateTable has what the private-use code points U+E000–F8FF mean: emoji.Index + 1, or 0.
type privateTable [0x1900]uint16

func (t *privateTable) put(pua uint16, i emoji.Index) { t[pua-0xE000] = uint16(i) + 1 }

// privates has a table for each set of a carrier, nil for the others.
var privates = func() (t [sets]*privateTable) {
	for set := carriers.EmojiDoCoMo; int(set) < sets; set++ {
		t[set] = new(privateTable)
		for i := range emoji.Index(emoji.Count) {
			c := emoji.At(i)
			if set == carriers.EmojiAu && c.DoCoMo.PUA != 0 {
				t[set].put(c.DoCoMo.PUA, i)
			}
			if code := c.Code(set); code.PUA != 0 {
				t[set].put(code.PUA, i)
				if set == carriers.EmojiAu {
					t[set].put(auPosted(code.SJIS), i)
				}
			}
		}
	}
	return t
}()

// canonical has the canonical text of each concept.
var canonical = func() (t [emoji.Count]string) {
	for i := range t {
		t[i] = emoji.At(emoji.Index(i)).Canonical()
	}
	return t
}()
