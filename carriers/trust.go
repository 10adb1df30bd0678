package carriers

// trust decides whether the ID can be believed: the address must lie in a handset range of the very carrier that the
// User-Agent names (SEC-01 to SEC-04), and the header section must hold one User-Agent (SEC-08). A robot and the PC mode
// of a handset are never believed.
func (s *sight) trust() {
	h := &s.h
	whose, class, r := s.g.classify(s.r.IP, h.Carrier)
	if whose != "" && whose != h.Carrier {
		s.foreign(whose)
		return
	}
	h.Class = class
	if r != nil {
		h.ListDate = r.Dated
	}
	h.Trusted = class == ClassHandset && !h.Robot && !h.FullBrowser && !s.byField && !s.twoUserAgents()
	switch {
	case r != nil:
		s.becauseRange(r)
	case class == ClassHandset:
		s.because(FieldTrusted, "demo: on loopback the User-Agent names the carrier", "")
	default:
		s.because(FieldTrusted, "address in no range of this carrier", string(h.Carrier))
	}
}

// foreign drops the subscriber ID of a request from another carrier's gateway, which cleans its own field and lets this
// one through (SEC-02, SEC-03). The page is still served for the markup that the User-Agent asks for.
func (s *sight) foreign(whose Carrier) {
	s.h.SubscriberID = ""
	s.because(FieldSubscriberID|FieldTrusted, "address belongs to another carrier", string(whose))
}

// twoUserAgents says whether the header section names two browsers (SEC-08).
func (s *sight) twoUserAgents() bool {
	if s.r.Headers == nil {
		return false
	}
	_, n := s.r.Headers.Header("User-Agent")
	return n > 1
}
