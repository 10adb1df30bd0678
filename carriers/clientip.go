package carriers

import (
	"fmt"
	"net/netip"
	"strings"
)

// A Proxies is the set of front proxies whose forwarding field is believed (SEC-07). The zero value believes none: the
// client is then whoever holds the TCP connection (SEC-01).
type Proxies struct {
	ranges []netip.Prefix
}

// maxHops bounds how many trusted proxies may stand in a row.
const maxHops = 32

// ParseProxies reads the ranges of an operator's own front proxies. A range that holds the whole Internet is an error.
func ParseProxies(cidrs []string) (Proxies, error) {
	var p Proxies
	for _, text := range cidrs {
		r, err := netip.ParsePrefix(text)
		if err != nil {
			return Proxies{}, fmt.Errorf("trusted proxy %q: write an address range such as 192.0.2.0/24", text)
		}
		if r.Bits() == 0 {
			return Proxies{}, fmt.Errorf("trusted proxy %v is the whole Internet: anyone could then name any address; list your own proxies", r)
		}
		p.ranges = append(p.ranges, r.Masked())
	}
	return p, nil
}

// Has says whether the address is a trusted proxy's.
func (p Proxies) Has(ip netip.Addr) bool {
	ip = ip.Unmap()
	for _, r := range p.ranges {
		if r.Contains(ip) {
			return true
		}
	}
	return false
}

// ClientIP returns the client's address: the peer, or when that is a trusted proxy, the right-most hop of the
// X-Forwarded-For fields that is not one. The fields are given in the order of the header section. A hop that cannot be
// read, or too many trusted ones, give the zero Addr, which no carrier list holds.
func (p Proxies) ClientIP(peer netip.Addr, forwardedFor ...string) netip.Addr {
	client := peer.Unmap()
	hops := 0
	for i := len(forwardedFor) - 1; i >= 0; i-- {
		rest := forwardedFor[i]
		for more := true; more; {
			if !p.Has(client) {
				return client
			}
			hop := rest
			if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
				rest, hop = rest[:comma], rest[comma+1:]
			} else {
				more = false
			}
			if client = parseHop(hop); !client.IsValid() || hops == maxHops {
				return netip.Addr{}
			}
			hops++
		}
	}
	return client
}

// parseHop reads "192.0.2.1", "2001:db8::1", either with a port, and nothing else.
func parseHop(hop string) netip.Addr {
	hop = strings.Trim(hop, " \t")
	ip, err := netip.ParseAddr(hop)
	if err != nil {
		withPort, err := netip.ParseAddrPort(hop)
		if err != nil {
			return netip.Addr{}
		}
		ip = withPort.Addr()
	}
	if ip.Zone() != "" {
		return netip.Addr{}
	}
	return ip.Unmap()
}
