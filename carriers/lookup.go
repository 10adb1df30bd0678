package carriers

import "musubi/carriers/internal/rows"

//go:generate go run ./internal/gen

// findGeneration returns the row of the carrier's generation, or the carrier's own, or nil.
func findGeneration(list []rows.Generation, c Carrier, g Generation) *rows.Generation {
	var own *rows.Generation
	for i := range list {
		r := &list[i]
		if r.Carrier != string(c) {
			continue
		}
		if r.Generation == string(g) {
			return r
		}
		if r.Generation == "-" {
			own = r
		}
	}
	return own
}

// findModel finds a model's row by binary search; letter case does not count.
func findModel(list []rows.Model, c Carrier, token string) *rows.Model {
	low, high := 0, len(list)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if before(&list[mid], c, token) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(list) || list[low].Carrier != string(c) || compareFold(list[low].Token, token) != 0 {
		return nil
	}
	return &list[low]
}

// before says whether the row stands before (c, token): by carrier, then by token without case.
func before(m *rows.Model, c Carrier, token string) bool {
	if m.Carrier != string(c) {
		return m.Carrier < string(c)
	}
	return compareFold(m.Token, token) < 0
}
