package charset

// leads and trails are the dimensions of the table of pairs.
const (
	leads  = 31 + 29 // 81–9F, E0–FC
	trails = 192     // 40–FF
)

// Lead says whether b begins a double-byte code.
func Lead(b byte) bool { return b >= 0x81 && b <= 0x9F || b >= 0xE0 && b <= 0xFC }

// Trail says whether b may end a double-byte code.
func Trail(b byte) bool { return b >= 0x40 && b <= 0xFC && b != 0x7F }

// pair returns the place of a double-byte code in the table. The lead must be one, the trail at least 0x40.
func pair(lead, trail byte) int {
	row := int(lead) - 0x81
	if lead >= 0xE0 {
		row -= 0xE0 - 0xA0
	}
	return row*trails + int(trail) - 0x40
}

// Decode returns the character of a CP932 code, or 0 when it has none. The user-defined area has none.
func Decode(code uint16) rune {
	switch lead, trail := byte(code>>8), byte(code); {
	case code < 0x80:
		return rune(code)
	case code >= 0xA1 && code <= 0xDF:
		return 0xFF61 + rune(code) - 0xA1
	case Lead(lead) && Trail(trail):
		return rune(pairs[pair(lead, trail)])
	}
	return 0
}

// Encode returns the code that Windows writes for r, or 0 when CP932 has none (and for NUL). Both columns of the
// characters that JIS and Windows tables name differently are accepted.
func Encode(r rune) uint16 {
	if r < 0 || r > 0xFFFF {
		return 0
	}
	return codes[r]
}

// codes is the inverse of Decode for the Basic Multilingual Plane.
var codes = invert()

// invert walks the table so that the code Windows prefers is written last: JIS X 0208 before NEC row 13 (lead 87) before
// the IBM extensions (FA–FC) before NEC's selection of them (ED, EE).
func invert() *[0x10000]uint16 {
	t := new([0x10000]uint16)
	for _, leads := range [...][2]int{{0xED, 0xEE}, {0xFA, 0xFC}, {0x87, 0x87}, {0x81, 0x86}, {0x88, 0x9F}, {0xE0, 0xEC}} {
		for lead := leads[0]; lead <= leads[1]; lead++ {
			for trail := 0x40; trail <= 0xFC; trail++ {
				if r := pairs[pair(byte(lead), byte(trail))]; r != 0 {
					t[r] = uint16(lead<<8 | trail)
				}
			}
		}
	}
	for b := uint16(1); b < 0x80; b++ {
		t[b] = b
	}
	for b := uint16(0xA1); b <= 0xDF; b++ {
		t[Decode(b)] = b
	}
	for other, ours := range twins {
		t[other] = t[ours]
	}
	return t
}

// twins are characters that JIS X 0208 tables, Macs and Java use where CP932 has another one. Reading gives the CP932
// column, writing accepts both. The yen sign becomes the full-width one, because 5C is a backslash on half the phones.
var twins = map[rune]rune{
	'\u301C': '\uFF5E', // wave dash
	'\u2212': '\uFF0D', // minus
	'\u2016': '\u2225', // parallel lines
	'\u2014': '\u2015', // em dash
	'\u00A2': '\uFFE0', // cent
	'\u00A3': '\uFFE1', // pound
	'\u00AC': '\uFFE2', // not
	'\u00A5': '\uFFE5', // yen
	'\u203E': '\uFFE3', // overline
	'\u00AF': '\uFFE3', // macron
	'\u00A6': '\uFFE4', // broken bar

	// No JIS table has these; the nearest character is what their writers meant.
	'\u2013': '\u2015', // en dash
	'\u2011': '\u2010', // hyphen that does not break
	'\u00B7': '\u30FB', // middle dot
	'\u2022': '\u30FB', // bullet
	'\u2027': '\u30FB', // hyphenation point
	'\u00AB': '\u226A', // angle quotation marks
	'\u00BB': '\u226B',
	'\u00B5': '\u03BC', // micro
	'\u2044': '\uFF0F', // fraction slash
	'\u3094': '\u30F4', // hiragana vu
}

// NECSelected returns NEC's twin (lead ED or EE) of an IBM extension code (FA40–FC4B): the form for SoftBank, where
// FB41–FBDE are emoji, and for EUC-JP and ISO-2022-JP, which have no other. A code without twin is returned as it is.
func NECSelected(code uint16) uint16 {
	if code < 0xFA40 || code > 0xFC4B {
		return code
	}
	if twin := necSelected[code-0xFA40]; twin != 0 {
		return twin
	}
	return code
}

var necSelected = func() *[0xFC4C - 0xFA40]uint16 {
	t := new([0xFC4C - 0xFA40]uint16)
	for _, lead := range []byte{0xED, 0xEE} {
		for trail := byte(0x40); trail <= 0xFC; trail++ {
			if r := pairs[pair(lead, trail)]; r != 0 && codes[r] >= 0xFA40 {
				t[codes[r]-0xFA40] = uint16(lead)<<8 | uint16(trail)
			}
		}
	}
	return t
}()
