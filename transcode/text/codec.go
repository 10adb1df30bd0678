package text

import (
	"unsafe"

	"musubi/carriers"
)

// An Option changes how text is written.
type Option uint8

// Options; they combine.
const (
	// EscapeHTML writes & < > " ' as entities that every dialect knows. Emoji codes are never escaped.
	EscapeHTML Option = 1 << iota
	// Webcode writes SoftBank emoji as ESC $ … SI, runs of one bank merged.
	Webcode
	// LocalSrc writes au emoji as <img localsrc="N">: for element content only.
	LocalSrc
	// HalfKana writes full-width katakana half-width. Never use it for values, passwords and URLs.
	HalfKana
	// English writes the words that stand for an emoji in English: for pages in another language than Japanese.
	English
	// Short writes the shortest word that stands for an emoji: for titles, buttons and choices.
	Short
	// References writes a character that has no code and no likeness as a decimal reference, for browsers that are known
	// to show it. It needs EscapeHTML.
	References
)

// A Codec writes and reads the text of one kind of handset. It is immutable and safe for concurrent use.
type Codec struct {
	set     carriers.EmojiSet
	charset carriers.Charset
	noCodes bool // the set has no emoji codes in this charset
	avoidFB bool // SoftBank: NEC's twin where IBM's code is an emoji
	phone   bool // knows NEC row 13 and the IBM extensions in ISO-2022-JP
	codes   *ownCodes
	pairs   *pairTable
	private *privateTable // UTF-8 private-use codes that it posts
}

// For returns the codec for a carrier's text in a character set with a set of emoji codes. It never returns nil and
// does not allocate. The carrier only decides which of two equal codes is safe to write.
func For(carrier carriers.Carrier, set carriers.EmojiSet, cs carriers.Charset) *Codec {
	if int(set) >= sets {
		set = carriers.EmojiNone
	}
	if int(cs) >= charsets {
		cs = carriers.UTF8
	}
	if carrier == carriers.SoftBank {
		return &codecs[softBankWeb][set][cs]
	}
	return &codecs[web][set][cs]
}

// ForHandset returns the codec of the pages that a handset is sent.
func ForHandset(h *carriers.Handset) *Codec { return For(h.Carrier, h.Emoji, h.Charset) }

// ForMail returns the codec of a carrier's mail, which differs from its pages where au reads other codes (EB–EE, and
// rows 75–7B of ISO-2022-JP).
func ForMail(carrier carriers.Carrier, set carriers.EmojiSet, cs carriers.Charset) *Codec {
	c := For(carrier, set, cs)
	if c.set == carriers.EmojiAu && c.charset == carriers.ShiftJIS {
		return &codecs[mail][set][cs]
	}
	return c
}

// The kinds of codec that share a set and a charset.
const (
	web = iota
	softBankWeb
	mail
	kinds

	sets     = int(carriers.EmojiSoftBank) + 1
	charsets = int(carriers.Latin1) + 1
)

var codecs = func() (t [kinds][sets][charsets]Codec) {
	for kind := range kinds {
		for set := range sets {
			for cs := range charsets {
				t[kind][set][cs] = makeCodec(kind, carriers.EmojiSet(set), carriers.Charset(cs))
			}
		}
	}
	return t
}()

func makeCodec(kind int, set carriers.EmojiSet, cs carriers.Charset) Codec {
	c := Codec{
		set: set, charset: cs,
		avoidFB: kind == softBankWeb || set == carriers.EmojiSoftBank,
		phone:   set >= carriers.EmojiDoCoMo,
		private: privates[set],
	}
	c.codes = codesFor(set, cs)
	c.noCodes = *c.codes == ownCodes{}
	c.pairs = pairsFor(set, kind == mail, cs == carriers.ISO2022JP)
	return c
}

// Append writes the canonical text s in the handset's bytes to dst and returns the extended slice and the number of
// user-perceived characters that became 〓. It does not keep s. dst and s must not overlap.
func (c *Codec) Append(dst, s []byte, o Option) (out []byte, lost int) {
	e := encoder{c: c, o: o, dst: dst}
	e.encode(s)
	e.flush()
	return e.dst, e.lost
}

// AppendString is Append for a string.
func (c *Codec) AppendString(dst []byte, s string, o Option) (out []byte, lost int) {
	return c.Append(dst, unsafe.Slice(unsafe.StringData(s), len(s)), o) // Append only reads s
}
