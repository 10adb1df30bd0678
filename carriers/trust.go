package carriers

// trust reads the ID and decides whether it can be believed: the address must lie in a handset range of the very carrier
// that the User-Agent names (SEC-01 to SEC-04), in plain HTTP, and one User-Agent must stand in the header.
func (s *sight) trust() {
	h := &s.h
	s.subscriberID()
	carrier, class, dated := s.g.classify(s.r.IP, h.Carrier)
	h.Class, h.ListDate = class, dated
	if carrier != "" && carrier != h.Carrier {
		h.Class = ClassNone
		if h.SubscriberID != "" { // another carrier's gateway does not clean this field
			h.SubscriberID = ""
			s.because(FieldSubscriberID, "address belongs to another carrier: not believed", string(carrier))
		}
		s.because(FieldTrusted, "address belongs to another carrier", string(carrier))
		return
	}
	h.Trusted = class == ClassHandset && carrier == h.Carrier && !h.Robot && !h.FullBrowser && !s.twoUserAgents()
	s.because(FieldTrusted, "address ranges of "+string(h.Carrier), dated)
}

// twoUserAgents says whether the header section names two browsers (SEC-08).
func (s *sight) twoUserAgents() bool {
	if s.r.Headers == nil {
		return false
	}
	_, n := s.r.Headers.Header("User-Agent")
	return n > 1
}
