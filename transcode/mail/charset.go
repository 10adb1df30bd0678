package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"musubi/carriers"
	"musubi/transcode/text"
)

// A reader reads the texts of one sender.
type reader struct {
	carrier carriers.Carrier
	set     carriers.EmojiSet
}

func newReader(carrier carriers.Carrier) *reader {
	switch carrier {
	case carriers.DoCoMo, carriers.Willcom:
		return &reader{carrier, carriers.EmojiDoCoMo}
	case carriers.Au:
		return &reader{carrier, carriers.EmojiAu}
	case carriers.SoftBank:
		return &reader{carrier, carriers.EmojiSoftBank}
	}
	return &reader{carrier, carriers.EmojiUnicode}
}

// decode reads b in one of the charsets that handsets speak.
func (r *reader) decode(b []byte, cs carriers.Charset) string {
	return string(text.ForMail(r.carrier, r.set, cs).AppendDecode(nil, b))
}

// text reads b, whose charset is declared by name or not at all (""), and says what it was read as. A handset may send under an
// address of no carrier: where codes mean nothing on a PC, and all of them are emoji of one carrier, they are that.
func (r *reader) text(b []byte, declared string) (s, as string) {
	s, as = r.read(b, declared)
	if r.carrier != carriers.PC || !strings.Contains(s, bad) {
		return s, as
	}
	for _, c := range [...]carriers.Carrier{carriers.DoCoMo, carriers.Au, carriers.SoftBank} {
		if t, same := newReader(c).read(b, declared); same == as && !strings.Contains(t, bad) {
			return t, as
		}
	}
	return s, as
}

// read reads b as the sender's carrier would. What a declaration cannot be true of is found out from the bytes: "us-ascii" over
// ISO-2022-JP, "Shift_JIS" over UTF-8.
func (r *reader) read(b []byte, declared string) (s, as string) {
	as = strings.ToLower(declared)
	cs, known := charsetNamed(as)
	switch {
	case as == "" || as == "us-ascii" || as == "ascii":
		return r.guess(b)
	case known:
		s, as = r.decode(b, cs), cs.String()
	default:
		if s, known = foreign(b, as); !known {
			return r.guess(b)
		}
	}
	escapes := cs != carriers.ISO2022JP && hasEscapes(b)
	if lost := strings.Count(s, bad); lost > 0 || escapes {
		if other, name := r.guess(b); escapes || strings.Count(other, bad) < lost {
			return other, name
		}
	}
	return s, as
}

// bad is what bytes read as that mean nothing.
const bad = "\uFFFD"

// guess finds the charset out: escapes are ISO-2022-JP's, valid UTF-8 is nothing else, and of Shift_JIS and EUC-JP it is
// the one with fewer bytes that mean nothing or with more hiragana; Shift_JIS otherwise, because handsets speak it.
func (r *reader) guess(b []byte) (s, as string) {
	switch {
	case hasEscapes(b) && !(r.carrier == carriers.SoftBank && onlyWebcodes(b)):
		return r.decode(b, carriers.ISO2022JP), carriers.ISO2022JP.String()
	case utf8.Valid(b):
		return r.decode(b, carriers.UTF8), carriers.UTF8.String()
	}
	sjis, euc := r.decode(b, carriers.ShiftJIS), r.decode(b, carriers.EUCJP)
	badEUC, badSJIS := strings.Count(euc, bad), strings.Count(sjis, bad)
	if badEUC < badSJIS || badEUC == 0 && hiragana(euc) > hiragana(sjis) {
		return euc, carriers.EUCJP.String()
	}
	return sjis, carriers.ShiftJIS.String()
}

// hiragana counts the letters that every Japanese sentence has. Read as Shift_JIS, those of EUC-JP are half-width kana.
func hiragana(s string) (n int) {
	for _, r := range s {
		if r >= 'ぁ' && r <= 'ん' {
			n++
		}
	}
	return n
}

// onlyWebcodes says whether every escape in b begins an emoji of J-PHONE (ESC $ G … SI), not a change of character set.
func onlyWebcodes(b []byte) bool {
	for {
		_, rest, ok := bytes.Cut(b, []byte{0x1B})
		if !ok {
			return true
		}
		if len(rest) < 2 || rest[0] != '$' || !bytes.ContainsRune([]byte("GEFOPQ"), rune(rest[1])) {
			return false
		}
		b = rest
	}
}

// charsetNamed tells the charset that a mail means by a name. All names for what Windows and handsets send as Shift_JIS and
// ISO-2022-JP mean their superset: NEC's and IBM's rows, half-width kana (CP932, CP50220–50222, ISO-2022-JP-MS).
func charsetNamed(name string) (carriers.Charset, bool) {
	switch strings.ReplaceAll(name, "_", "-") {
	case "utf-8", "utf8":
		return carriers.UTF8, true
	case "shift-jis", "shiftjis", "sjis", "x-sjis", "ms-kanji", "csshiftjis", "cp932", "ms932", "windows-31j", "cswindows31j", "windows-932", "sjis-win":
		return carriers.ShiftJIS, true
	case "iso-2022-jp", "csiso2022jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ms", "iso-2022-jp-2004",
		"cp50220", "cp50221", "cp50222", "jis", "jis7", "x-windows-iso2022jp":
		return carriers.ISO2022JP, true
	case "euc-jp", "eucjp", "x-euc-jp", "cseucpkdfmtjapanese", "cp51932", "eucjp-win", "eucjp-ms":
		return carriers.EUCJP, true
	}
	return 0, false
}

// foreign reads the charsets of other countries, those that browsers know (WHATWG Encoding).
func foreign(b []byte, name string) (s string, ok bool) {
	e, err := htmlindex.Get(name)
	if err != nil {
		return "", false
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return "", false
	}
	c := text.For(carriers.PC, carriers.EmojiUnicode, carriers.UTF8)
	return string(c.AppendDecode(nil, out)), true // takes control characters away
}
