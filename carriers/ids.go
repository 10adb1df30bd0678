package carriers

import "strings"

// idHeader is the field in which a carrier's gateway puts the subscriber ID, and its grammar. Only the carrier's own is
// ever read: a gateway overwrites its own field and lets any other through (SEC-02).
func (c Carrier) idHeader() (name string, valid func(string) bool) {
	switch c {
	case DoCoMo:
		return "X-DCMGUID", func(v string) bool { return alphanumeric(v, 7) }
	case Au:
		return "X-UP-SUBNO", validSubno
	case SoftBank:
		return "X-JPHONE-UID", func(v string) bool { return alphanumeric(v, 16) }
	case Emobile:
		return "X-EM-UID", func(v string) bool { return len(v) == 18 && v[0] == 'u' && allDigits(v[1:]) }
	}
	return "", nil
}

// validSubno: 14 letters or digits, an underscore, two more, and the gateway's domain [au §3].
func validSubno(v string) bool {
	id, ok := strings.CutSuffix(v, ".ezweb.ne.jp")
	if !ok {
		id, ok = strings.CutSuffix(v, ".ido.ne.jp")
	}
	return ok && len(id) == 17 && alphanumeric(id[:14], 14) && id[14] == '_' && alphanumeric(id[15:], 2)
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}

// subscriberID reads the carrier's own ID field. No gateway of the time can add it inside TLS, so there it is a forgery
// (SEC-14); an operator's own carrier may say otherwise.
func (s *sight) subscriberID() {
	name, valid := s.h.Carrier.idHeader()
	overTLS := false
	if s.own != nil && s.own.IDHeader != "" {
		name, valid, overTLS = s.own.IDHeader, s.own.IDPattern.MatchString, s.own.IDOverTLS
	}
	if name == "" || s.h.FullBrowser || s.r.TLS && !overTLS {
		return
	}
	v := s.field(name)
	if v == "" || strings.HasPrefix(v, "NULL") || !valid(v) {
		return
	}
	s.h.SubscriberID = v
	s.becauseHeader(FieldSubscriberID, name, v)
}

// UsableID returns the ID that easy login may go by, and its class: "subscriber", "card" or "terminal", in this order.
// ok is false when there is none, when it is a mask (all zeros, all X), or when the request cannot be believed: from
// outside the carrier's handset ranges, from a robot or a full browser. Inside TLS no card or serial number counts.
func (h *Handset) UsableID() (id, class string, ok bool) {
	if !h.Trusted || h.Robot || h.FullBrowser {
		return "", "", false
	}
	switch {
	case h.SubscriberID != "":
		id, class = h.SubscriberID, "subscriber"
	case h.TLS: // what the handset itself writes is not the gateway's word (SEC-14)
	case h.CardID != "":
		id, class = h.CardID, "card"
	case h.TerminalID != "":
		id, class = h.TerminalID, "terminal"
	}
	if id == "" || masked(id) {
		return "", "", false
	}
	return id, class, true
}

// masked says whether an ID is only filler: its part before the domain is all zeros or all X.
func masked(id string) bool {
	id = upTo(id, "_")
	if id == "" {
		return true
	}
	first := lower(id[0])
	if first == 'u' && len(id) > 1 { // EMOBILE
		id, first = id[1:], id[1]
	}
	if first != '0' && first != 'x' {
		return false
	}
	for i := 0; i < len(id); i++ {
		if lower(id[i]) != first && !(i == len(id)-1 && lower(id[i]) == 'f') { // a card number ends in F
			return false
		}
	}
	return true
}

// Clone returns a copy that shares no memory with the request.
func (h *Handset) Clone() Handset {
	c := *h
	for _, p := range [...]*string{&c.Model, &c.Name, &c.Type, &c.Flash, &c.Status, &c.SubscriberID, &c.CardID,
		&c.TerminalID} {
		*p = strings.Clone(*p)
	}
	return c
}
