package charset

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// GB18030 and GBK have the two-byte codes for what users define and what was never assigned, which x/text reads as U+FFFD and writes as
// other characters' codes. Both are read alike, as browsers do.
var (
	GB18030 encoding.Encoding = gb{simplifiedchinese.GB18030}
	GBK     encoding.Encoding = gb{simplifiedchinese.GBK}
)

type gb struct{ encoding.Encoding }

func (gb) NewDecoder() *encoding.Decoder {
	return &encoding.Decoder{Transformer: gbDecoder{simplifiedchinese.GB18030.NewDecoder()}}
}

func (g gb) NewEncoder() *encoding.Encoder {
	return &encoding.Encoder{Transformer: gbEncoder{g.Encoding.NewEncoder()}}
}

// gbUser are those codes: lead and trail bytes from and to, and the private-use character of the first [GB 18030-2005].
var gbUser = [...]struct {
	lead, leads, trail, trails byte
	first                      rune
}{
	{0xAA, 0xAF, 0xA1, 0xFE, 0xE000}, {0xF8, 0xFE, 0xA1, 0xFE, 0xE234}, {0xA1, 0xA2, 0x40, 0xA0, 0xE4C6},
	{0xA3, 0xA3, 0x40, 0x9F, 0xE586}, {0xA4, 0xA7, 0x40, 0xA0, 0xE5E6}, // A3A0 is a space to browsers
	{0xA2, 0xA2, 0xAB, 0xB0, 0xE766}, {0xA2, 0xA2, 0xE4, 0xE4, 0xE76D}, {0xA2, 0xA2, 0xEF, 0xF0, 0xE76E}, {0xA2, 0xA2, 0xFD, 0xFE, 0xE770},
	{0xA4, 0xA4, 0xF4, 0xFE, 0xE772}, {0xA5, 0xA5, 0xF7, 0xFE, 0xE77D}, {0xA6, 0xA6, 0xB9, 0xC0, 0xE785}, {0xA6, 0xA6, 0xD9, 0xDF, 0xE78D},
	{0xA6, 0xA6, 0xEC, 0xED, 0xE794}, {0xA6, 0xA6, 0xF3, 0xF3, 0xE796}, {0xA6, 0xA6, 0xF6, 0xFE, 0xE797}, {0xA7, 0xA7, 0xC2, 0xD0, 0xE7A0},
	{0xA7, 0xA7, 0xF2, 0xFE, 0xE7AF}, {0xA8, 0xA8, 0x96, 0xA0, 0xE7BC}, {0xA8, 0xA8, 0xBC, 0xBC, 0xE7C7}, {0xA8, 0xA8, 0xC1, 0xC4, 0xE7C9},
	{0xA8, 0xA8, 0xEA, 0xFE, 0xE7CD}, {0xA9, 0xA9, 0x58, 0x58, 0xE7E2}, {0xA9, 0xA9, 0x5B, 0x5B, 0xE7E3}, {0xA9, 0xA9, 0x5D, 0x5F, 0xE7E4},
	{0xA9, 0xA9, 0x97, 0xA3, 0xE7F4}, {0xA9, 0xA9, 0xF0, 0xFE, 0xE801}, {0xD7, 0xD7, 0xFA, 0xFE, 0xE810}, {0xFE, 0xFE, 0x51, 0x53, 0xE816},
	{0xFE, 0xFE, 0x59, 0x59, 0xE81E}, {0xFE, 0xFE, 0x61, 0x61, 0xE826}, {0xFE, 0xFE, 0x66, 0x67, 0xE82B}, {0xFE, 0xFE, 0x6C, 0x6D, 0xE831},
	{0xFE, 0xFE, 0x76, 0x76, 0xE83B}, {0xFE, 0xFE, 0x7E, 0x7E, 0xE843}, {0xFE, 0xFE, 0x90, 0x91, 0xE854}, {0xFE, 0xFE, 0xA0, 0xA0, 0xE864},
}

// gbNamed are codes of that kind whose characters Unicode has by now [GB 18030-2022]; browsers read and write them so.
var gbNamed = [...]struct {
	lead, trail byte
	r           rune
}{
	{0xA6, 0xD9, 0xFE10}, {0xA6, 0xDA, 0xFE12}, {0xA6, 0xDB, 0xFE11}, {0xA6, 0xDC, 0xFE13}, {0xA6, 0xDD, 0xFE14}, {0xA6, 0xDE, 0xFE15}, {0xA6, 0xDF, 0xFE16},
	{0xA6, 0xEC, 0xFE17}, {0xA6, 0xED, 0xFE18}, {0xA6, 0xF3, 0xFE19}, {0xA8, 0xBC, 0x1E3F}, {0xFE, 0x59, 0x9FB4}, {0xFE, 0x61, 0x9FB5}, {0xFE, 0x66, 0x9FB6},
	{0xFE, 0x67, 0x9FB7}, {0xFE, 0x6D, 0x9FB8}, {0xFE, 0x7E, 0x9FB9}, {0xFE, 0x90, 0x9FBA}, {0xFE, 0xA0, 0x9FBB},
}

// gbPlace is the number of a trail byte: 7F is none.
func gbPlace(trail byte) rune {
	if trail > 0x7F {
		return rune(trail) - 1
	}
	return rune(trail)
}

// gbRune is the character of a code that x/text does not have, 0 if it is of another kind.
func gbRune(lead, trail byte) rune {
	if trail == 0x7F {
		return 0
	}
	for _, c := range gbNamed {
		if c.lead == lead && c.trail == trail {
			return c.r
		}
	}
	for _, u := range gbUser {
		if lead >= u.lead && lead <= u.leads && trail >= u.trail && trail <= u.trails {
			return u.first + rune(lead-u.lead)*(gbPlace(u.trails)-gbPlace(u.trail)+1) + gbPlace(trail) - gbPlace(u.trail)
		}
	}
	return 0
}

// gbCode is the code of such a character.
func gbCode(r rune) (lead, trail byte, ok bool) {
	for _, c := range gbNamed {
		if c.r == r {
			return c.lead, c.trail, true
		}
	}
	for _, u := range gbUser {
		row := gbPlace(u.trails) - gbPlace(u.trail) + 1
		if n := r - u.first; n >= 0 && n < row*rune(u.leads-u.lead+1) {
			place := gbPlace(u.trail) + n%row
			if place >= 0x7F {
				place++
			}
			return u.lead + byte(n/row), byte(place), true
		}
	}
	return 0, 0, false
}

type gbDecoder struct{ transform.Transformer }

func (d gbDecoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	return around(d.Transformer, dst, src, atEOF, func(src []byte) (n int, sign []byte) {
		for n+1 < len(src) {
			switch lead, trail := src[n], src[n+1]; {
			case lead < 0x81 || trail < '0':
				n++
			case trail <= '9':
				n += 4
			default:
				if r := gbRune(lead, trail); r != 0 {
					return n, utf8.AppendRune(nil, r)
				}
				n += 2
			}
		}
		return len(src), nil
	}, 2)
}

type gbEncoder struct{ transform.Transformer }

func (e gbEncoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	return around(e.Transformer, dst, src, atEOF, func(src []byte) (n int, sign []byte) {
		for n < len(src) {
			r, size := utf8.DecodeRune(src[n:])
			if r >= 0xE000 && r < 0xE865 || r == 0x1E3F || r >= 0x9FB4 && r <= 0x9FBB || r >= 0xFE10 && r <= 0xFE19 {
				if lead, trail, ok := gbCode(r); ok {
					return n, []byte{lead, trail}
				}
			}
			n += size
		}
		return len(src), nil
	}, 3) // bytes of UTF-8 of all of them
}

// around has inner transform all but the signs that find tells: how many bytes stand before the next, and what becomes of its size bytes.
func around(inner transform.Transformer, dst, src []byte, atEOF bool, find func([]byte) (int, []byte), size int) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		n, sign := find(src[nSrc:])
		if n > 0 {
			d, s, err := inner.Transform(dst[nDst:], src[nSrc:nSrc+n], atEOF || sign != nil)
			nDst, nSrc = nDst+d, nSrc+s
			if err != nil {
				return nDst, nSrc, err
			}
			continue
		}
		if nDst+len(sign) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst, nSrc = nDst+copy(dst[nDst:], sign), nSrc+size
	}
	return nDst, nSrc, nil
}
