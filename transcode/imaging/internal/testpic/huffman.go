package testpic

// huffmanSpec is a table as DHT carries it: how many codes of each length 1–16, then the symbols in code order.
type huffmanSpec struct {
	counts  [16]byte
	symbols []byte
}

// code is a symbol's code word.
type code struct{ bits, length uint32 }

// codes assigns the canonical code words (T.81 annex C).
func (s *huffmanSpec) codes() (c [256]code) {
	word, i := uint32(0), 0
	for length, n := range s.counts {
		for range n {
			c[s.symbols[i]] = code{word, uint32(length + 1)}
			word++
			i++
		}
		word <<= 1
	}
	return c
}

// optimal makes the best table for symbols that occur so often (T.81 K.2): Huffman's algorithm with one reserved code
// point, so that no code is all ones, and lengths cut to 16.
func optimal(frequency [256]int) huffmanSpec {
	var freq, other, size [257]int
	copy(freq[:], frequency[:])
	freq[256] = 1
	for i := range other {
		other[i] = -1
	}
	for {
		a, b := rarest(&freq, -1), -1
		if b = rarest(&freq, a); b < 0 {
			break
		}
		freq[a] += freq[b]
		freq[b] = 0
		last := a
		for size[last]++; other[last] >= 0; size[last]++ {
			last = other[last]
		}
		other[last] = b
		for size[b]++; other[b] >= 0; size[b]++ {
			b = other[b]
		}
	}
	return specOf(&size)
}

// rarest returns the least frequent symbol other than not, the highest numbered among equals; −1 if there is none.
func rarest(freq *[257]int, not int) int {
	best := -1
	for i, f := range freq {
		if f > 0 && i != not && (best < 0 || f <= freq[best]) {
			best = i
		}
	}
	return best
}

// specOf turns code sizes into a table, shortening those over 16 bits (figure K.3).
func specOf(size *[257]int) (s huffmanSpec) {
	var counts [258]int
	for _, n := range size {
		counts[n]++
	}
	for i := len(counts) - 1; i > 16; i-- {
		for counts[i] > 0 {
			j := i - 2
			for counts[j] == 0 {
				j--
			}
			counts[i] -= 2
			counts[i-1]++
			counts[j+1] += 2
			counts[j]--
		}
	}
	for i := 16; i > 0; i-- {
		if counts[i] > 0 {
			counts[i]-- // the reserved code point has the longest code
			break
		}
	}
	for i := range s.counts {
		s.counts[i] = byte(counts[i+1])
	}
	for length := 1; length < len(counts); length++ {
		for symbol := range 256 {
			if size[symbol] == length {
				s.symbols = append(s.symbols, byte(symbol))
			}
		}
	}
	return s
}
