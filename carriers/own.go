package carriers

import (
	"strings"

	"musubi/carriers/internal/rows"
)

// ownCarrier tries the operator's rules, in the order of the file and before our own: the operator knows the network.
func (s *sight) ownCarrier(ua string) bool {
	for i := range s.g.matches {
		m := &s.g.matches[i]
		if !s.fits(m, ua) {
			continue
		}
		s.h.Carrier, s.own = Carrier(m.Carrier), m
		s.becauseRow(FieldCarrier, m.Place, "")
		s.ownModel(m, ua)
		return true
	}
	return false
}

// fits says whether every filled cell of the rule holds.
func (s *sight) fits(m *rows.Match, ua string) bool {
	if !strings.HasPrefix(ua, m.UAStarts) || !strings.Contains(ua, m.UAContains) {
		return false
	}
	if m.HasHeader != "" && s.field(m.HasHeader) == "" {
		return false
	}
	if m.FromRanges {
		r := s.g.ranges.find(s.r.IP)
		return r != nil && r.Carrier == m.Carrier
	}
	return true
}

// ownModel takes the model from between two texts of the User-Agent.
func (s *sight) ownModel(m *rows.Match, ua string) {
	if m.ModelAfter == "" {
		return
	}
	_, rest, ok := strings.Cut(ua, m.ModelAfter)
	if !ok {
		return
	}
	model, _, ok := strings.Cut(rest, m.ModelUntil)
	if ok && m.ModelUntil != "" {
		rest = model
	}
	s.setModel(strings.TrimSpace(rest))
}
