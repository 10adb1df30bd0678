package carriers

// idFields are the fields in which the carriers' gateways put IDs.
var idFields = [...]string{"x-dcmguid", "x-up-subno", "x-jphone-uid", "x-em-uid"}

// ReservesField says whether a header field's name is that of an ID, or could become it on the way, as FoldField has it. A
// reverse proxy leaves such fields out of what it forwards.
func (g *Registry) ReservesField(name string) bool {
	name = FoldField(name)
	for _, field := range idFields {
		if name == field {
			return true
		}
	}
	for i := range g.matches {
		if m := &g.matches[i]; m.IDHeader != "" && name == FoldField(m.IDHeader) {
			return true
		}
	}
	return false
}

// FoldField is a field's name as upstreams may see it that make variables of names: lower case, a hyphen for every sign
// that is no letter or digit, none at the ends, no two together (SEC-09). CGI folds "-" and "_" together; lighttpd's folds
// thirteen signs, and PHP's own server the dot. "X_Up.Subno!" and "X--UP-SUBNO" are both "x-up-subno".
func FoldField(name string) string {
	folded, sign := make([]byte, 0, 32), false
	for i := range len(name) {
		c := lower(name[i])
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9') {
			sign = true
			continue
		}
		if sign && len(folded) > 0 {
			folded = append(folded, '-')
		}
		folded, sign = append(folded, c), false
	}
	return string(folded)
}
