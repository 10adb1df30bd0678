package gateway

import (
	"musubi/carriers"
	"musubi/transcode/own"
)

// A verdict is what the gateway believes about who sent a request.
type verdict struct {
	subscriber  string // keyed hash of a believed ID, for binding sessions; "" none
	key, keyOld string // login keys, only while easy login is on
	refused     string // why an ID that was there was not believed; "" if none was there, or it was
	shown       string // keyed hash of an ID that was not believed, for the log
}

// judge decides whether a request's ID is believed. Everything must hold on every request that shows an ID, not only at
// the login: the address is a handset gateway's of the carrier that the User-Agent names, that carrier's own field came
// once in the header section of a plain HTTP request, and the request was meant for one of our names (SEC-01 to SEC-19).
// The reason it gives is for the log; the answer to the client never tells.
func (g *Gateway) judge(x *exchange) verdict {
	v := g.believe(x)
	if v.refused != "" && g.cfg.Keys != nil {
		h := &x.hs
		class, id := "subscriber", h.SubscriberID
		if id == "" {
			class, id = "card", h.CardID
		}
		if id == "" {
			class, id = "terminal", h.TerminalID
		}
		v.shown, _ = g.cfg.Keys.Of(string(h.Carrier), class, id)
	}
	return v
}

func (g *Gateway) believe(x *exchange) verdict {
	h := &x.hs
	if h.SubscriberID == "" && h.CardID == "" && h.TerminalID == "" {
		return verdict{}
	}
	id, class, ok := h.UsableID()
	switch {
	case !ok:
		return verdict{refused: "peer"}
	case x.peer.tls:
		return verdict{refused: "tls"}
	case len(g.hostList().names) == 0:
		return verdict{refused: "no host list"}
	case class != "subscriber" && !g.cfg.Serials:
		return verdict{refused: "serial"}
	case h.Carrier == carriers.DoCoMo && class == "subscriber" && !own.Asks(x.target.query):
		// The carrier adds the i-mode ID to URLs with guid=ON only; without it, something else did.
		return verdict{refused: own.GUID}
	case g.cfg.Keys == nil:
		return verdict{refused: "no key"}
	}
	v := verdict{}
	v.key, v.keyOld = g.cfg.Keys.Of(string(h.Carrier), class, id)
	v.subscriber = loginKey(g.cfg.Keys.current, "binding", string(h.Carrier)+"/"+class, id)
	if !g.easyLogin(h.Carrier) {
		v.key, v.keyOld, v.refused = "", "", "off"
	}
	return v
}

// SetEasyLogin switches easy login without a restart: for one carrier, or for all with "" (SEC-27). It cannot be switched
// on for a carrier while it is off for all.
func (g *Gateway) SetEasyLogin(c carriers.Carrier, on bool) {
	if c == "" {
		g.easyOn.Store(on)
		return
	}
	g.easyOff.Store(c, !on)
}

func (g *Gateway) easyLogin(c carriers.Carrier) bool {
	off, _ := g.easyOff.Load(c)
	return g.easyOn.Load() && off != true
}

// SetCarriers replaces the tables of handsets and believed addresses, for example after the operator changed a file.
// Requests under way finish with the old ones.
func (g *Gateway) SetCarriers(r *carriers.Registry) { g.carriers.Store(r) }
