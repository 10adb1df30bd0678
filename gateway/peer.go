package gateway

import (
	"net"
	"net/netip"
	"strings"
)

// A peer is who is at the other end: the address that counts, and whether its connection is encrypted.
type peer struct {
	addr netip.Addr // zero: unknown, trusted for nothing
	tls  bool
	text string // of addr, once somebody wanted it
}

// String is the address as text.
func (p *peer) String() string {
	if p.text == "" {
		if p.text = "unknown"; p.addr.IsValid() { // a proxy of ours wrote what is no address
			p.text = p.addr.String()
		}
	}
	return p.text
}

// peerOf finds the address that counts: the TCP peer's (SEC-01), or what our own front proxies say behind which it is
// (SEC-07). Nobody else's forwarding fields are looked at.
func (g *Gateway) peerOf(remote net.Addr, tls bool, h *head) peer {
	a := tcpAddr(remote)
	if !g.cfg.TrustProxies.Has(a) {
		return peer{addr: a, tls: tls}
	}
	return peer{
		addr: g.cfg.TrustProxies.ClientIP(a, h.joined("X-Forwarded-For")),
		tls:  strings.EqualFold(lastOf(h.joined("X-Forwarded-Proto")), "https"),
	}
}

// tcpAddr returns the address of a TCP peer, an IPv4 address mapped into IPv6 as IPv4 (SEC-06). Zones and other
// networks give no address.
func tcpAddr(remote net.Addr) netip.Addr {
	t, ok := remote.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	a := t.AddrPort().Addr()
	if a.Zone() != "" {
		return netip.Addr{}
	}
	return a.Unmap()
}

// lastOf returns the last member of a comma-separated list: the one the nearest proxy wrote.
func lastOf(list string) string {
	return strings.TrimSpace(list[strings.LastIndexByte(list, ',')+1:])
}
