package index

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// A token is a character, or two that follow one another in a word, of one kind of things: kind, first, second (0: none).
// Words of Japanese are not told apart by spaces; every word of two and more characters is found by its pairs.
const (
	runeBits  = 21 // of a code point
	kindShift = 2 * runeBits
)

func token(kind Kind, first, second rune) int64 {
	return int64(kind)<<kindShift | int64(first)<<runeBits | int64(second)
}

// eachToken calls f with the tokens of a folded text, some of them repeatedly.
func eachToken(kind Kind, folded string, f func(int64)) {
	before := ' '
	for _, r := range folded {
		if r != ' ' {
			f(token(kind, r, 0))
			if before != ' ' {
				f(token(kind, before, r))
			}
		}
		before = r
	}
}

// maxQueryTokens is how many tokens of a query are looked up: enough to leave few candidates, which are read anyway.
const maxQueryTokens = 12

// queryTokens gives the tokens that whatever has the folded words must have.
func queryTokens(kind Kind, words []string) (list []int64) {
	for _, w := range words {
		before := rune(0)
		for i, r := range w {
			switch {
			case i > 0:
				list = append(list, token(kind, before, r))
			case len(w) == len(string(r)):
				list = append(list, token(kind, r, 0))
			}
			before = r
		}
	}
	slices.Sort(list)
	if list = slices.Compact(list); len(list) <= maxQueryTokens {
		return list
	}
	some := make([]int64, maxQueryTokens)
	for i := range some { // from all over, so that every word has its part in it
		some[i] = list[i*len(list)/maxQueryTokens]
	}
	return some
}

// A listKey is a token and an audience.
type listKey uint64

func keyOf(token int64, a Audience) listKey { return listKey(token)<<2 | listKey(a) }

func (k listKey) token() int64  { return int64(k >> 2) }
func (k listKey) audience() int { return int(k & 3) }
func (k listKey) kind() Kind    { return Kind(k >> 2 >> kindShift) }

// lists are the places of the things that have a token.
type lists map[listKey][]uint16

func newLists(size int) lists { return make(lists, size) }

// add puts a thing into the lists of its tokens, and says into how many. A thing is added at once, so that what is in a
// list already is its last.
func (l lists) add(kind Kind, place uint16, d *Doc) (n int) {
	for a, text := range d.Texts {
		eachToken(kind, text, func(t int64) {
			key := keyOf(t, Audience(a))
			places := l[key]
			if len(places) == 0 || places[len(places)-1] != place {
				l[key] = append(places, place)
				n++
			}
		})
	}
	return n
}

// tokens goes through the tokens in order, with the places of each audience.
func (l lists) tokens() iter.Seq2[int64, *[Audiences][]uint16] {
	return func(yield func(int64, *[Audiences][]uint16) bool) {
		keys := make([]listKey, 0, len(l))
		for k := range l {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for i := 0; i < len(keys); {
			t, sets := keys[i].token(), new([Audiences][]uint16)
			for ; i < len(keys) && keys[i].token() == t; i++ {
				sets[keys[i].audience()] = l[keys[i]]
			}
			if !yield(t, sets) {
				return
			}
		}
	}
}

// A placeSet is a set of places in a segment.
type placeSet [segmentSize / 64]uint64

func (s *placeSet) add(place uint16) { s[place/64] |= 1 << (place % 64) }

// unpack adds what pack made.
func (s *placeSet) unpack(b []byte) {
	if len(b) == segmentSize/8 {
		for i := range s {
			s[i] |= binary.LittleEndian.Uint64(b[8*i:])
		}
		return
	}
	for ; len(b) >= 2; b = b[2:] {
		s.add(binary.LittleEndian.Uint16(b) % segmentSize)
	}
}

// places lists the set.
func (s *placeSet) places() (list []uint16) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			list = append(list, uint16(64*i+bits.TrailingZeros64(word)))
		}
	}
	return list
}

// pack writes places as two bytes each, or as bits when that is shorter; nil for none.
func pack(places []uint16) any {
	if len(places) == 0 {
		return nil
	}
	if 2*len(places) < segmentSize/8 {
		b := make([]byte, 0, 2*len(places))
		for _, p := range places {
			b = binary.LittleEndian.AppendUint16(b, p)
		}
		return b
	}
	var s placeSet
	for _, p := range places {
		s.add(p)
	}
	b := make([]byte, 0, segmentSize/8)
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

// A posting is what a segment has of a token, for each audience.
type posting [Audiences][]byte

// matches narrows down the places of a segment token by token.
type matches struct {
	begun bool
	sets  [Audiences]placeSet // seen by this audience or by a wider one
}

// and keeps what has another token.
func (m *matches) and(p *posting) {
	var seen placeSet
	for a := range m.sets {
		seen.unpack(p[a])
		if !m.begun {
			m.sets[a] = seen
			continue
		}
		for i := range seen {
			m.sets[a][i] &= seen[i]
		}
	}
	m.begun = true
}

// places lists what is left, the highest first, each with the widest audience that sees it.
func (m *matches) places() (list []match) {
	for i := len(m.sets[0]) - 1; i >= 0; i-- {
		for word := m.sets[Audiences-1][i]; word != 0; {
			bit := 63 - bits.LeadingZeros64(word)
			word &^= 1 << bit
			found := match{uint16(64*i + bit), 0}
			for m.sets[found.audience][i]>>bit&1 == 0 {
				found.audience++
			}
			list = append(list, found)
		}
	}
	return list
}

type match struct {
	place    uint16
	audience Audience
}
