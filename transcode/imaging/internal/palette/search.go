package palette

import "slices"

// A search finds the nearest of a set of colours. Colours are in the order of their green, so that a search walks
// outward from the green it wants and stops when green alone is farther than what it has.
type search struct {
	colours []rgb
	index   []int // of colours in the caller's order
	start   [256]uint16
}

func newSearch(colours []rgb) *search {
	s := &search{index: make([]int, len(colours)), colours: make([]rgb, len(colours))}
	for i := range s.index {
		s.index[i] = i
	}
	slices.SortStableFunc(s.index, func(a, b int) int { return colours[a][1] - colours[b][1] })
	for i, at := range s.index {
		s.colours[i] = colours[at]
	}
	at := 0
	for g := range s.start {
		for at < len(s.colours)-1 && s.colours[at][1] < g {
			at++
		}
		s.start[g] = uint16(at)
	}
	return s
}

// Weights of squared differences in red, green and blue.
const (
	weightR = 4
	weightG = 6
	weightB = 3
)

// nearest returns the caller's index of the colour nearest to c, whose parts are 0 … 255.
func (s *search) nearest(c rgb) int {
	best, least := 0, 1<<30
	at := int(s.start[c[1]])
	for i := at; i < len(s.colours); i++ {
		if !s.try(i, c, &best, &least) {
			break
		}
	}
	for i := at - 1; i >= 0; i-- {
		if !s.try(i, c, &best, &least) {
			break
		}
	}
	return s.index[best]
}

// try compares colour i and says whether colours beyond it may still be nearer.
func (s *search) try(i int, c rgb, best, least *int) bool {
	k := &s.colours[i]
	dg := k[1] - c[1]
	far := weightG * dg * dg
	if far >= *least {
		return false
	}
	dr, db := k[0]-c[0], k[2]-c[2]
	if far += weightR*dr*dr + weightB*db*db; far < *least {
		*best, *least = i, far
	}
	return true
}
