package carriers

import "strings"

// idFields are the fields in which the carriers' gateways put IDs.
var idFields = [...]string{"x-dcmguid", "x-up-subno", "x-jphone-uid", "x-em-uid"}

// ReservesField says whether a header field's name is that of an ID, or could become it on the way: CGI-style upstreams
// fold "-" and "_" together, so X_DCMGUID and X-Dcmguid- are the same to them (SEC-09). A reverse proxy leaves such fields
// out of what it forwards.
func (g *Registry) ReservesField(name string) bool {
	for _, field := range idFields {
		if looksLike(name, field) {
			return true
		}
	}
	for i := range g.matches {
		if m := &g.matches[i]; m.IDHeader != "" && looksLike(name, m.IDHeader) {
			return true
		}
	}
	return false
}

// looksLike compares letters without case, "_" as "-", runs of "-" as one, and forgets "-" at both ends.
func looksLike(name, field string) bool {
	name = strings.Trim(name, "-_ ")
	i := 0
	for j := 0; j < len(field); j++ {
		if i == len(name) {
			return false
		}
		if field[j] != '-' {
			if lower(name[i]) != lower(field[j]) {
				return false
			}
			i++
			continue
		}
		start := i
		for i < len(name) && (name[i] == '-' || name[i] == '_') {
			i++
		}
		if i == start {
			return false
		}
	}
	return i == len(name)
}
