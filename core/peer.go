package core

import (
	"context"
	"net/netip"
)

// A Peer is where a request comes from, as whoever serves it knows: for the audit log, and against those who guess.
type Peer struct {
	Addr    netip.Addr // zero: unknown
	Client  string     // what the member uses, as in the list of sessions
	Carrier bool       // it is a gateway of a carrier's, behind which are many members
	Refused string     // why the subscriber ID that came along was not believed; "": none came, or it was
	ID      string     // keyed hash of that ID; "": none came
}

// PeerKey is the key of a request's Peer among the values of its ctx.
type PeerKey struct{}

// PeerOf is where the request of ctx comes from; zero for what no request asked for.
func PeerOf(ctx context.Context) Peer {
	p, _ := ctx.Value(PeerKey{}).(Peer)
	return p
}

// address is the peer in the audit log.
func (p Peer) address() string {
	if !p.Addr.IsValid() {
		return ""
	}
	return p.Addr.String()
}
