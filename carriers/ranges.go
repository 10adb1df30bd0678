package carriers

import (
	"fmt"
	"net/netip"
	"slices"
)

// ranges is an address list cut into disjoint pieces, in order. Where ranges of one carrier overlap, the class that may
// do less wins (SEC-04).
type ranges struct {
	pieces []piece
}

type piece struct {
	from, to netip.Addr
	row      *rangeRow
}

// find tells the carrier and class of an address. An IPv4 address written as IPv6 is that IPv4 address; one with a zone is
// nobody's (SEC-06).
func (l *ranges) find(ip netip.Addr) (Carrier, Class, string) {
	if l == nil || !ip.IsValid() || ip.Zone() != "" {
		return "", ClassNone, ""
	}
	ip = ip.Unmap()
	low, high := 0, len(l.pieces)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if l.pieces[mid].to.Less(ip) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(l.pieces) || ip.Less(l.pieces[low].from) {
		return "", ClassNone, ""
	}
	r := l.pieces[low].row
	return r.carrier, r.class, r.dated
}

// newRanges cuts the rows into disjoint pieces. Rows of two carriers must not overlap.
func newRanges(rows []rangeRow) (*ranges, error) {
	type span struct {
		from, to netip.Addr
		row      *rangeRow
	}
	var spans []span
	var edges []netip.Addr
	for i := range rows {
		if rows[i].class == ClassMail {
			continue // mail never asks for a page
		}
		p, err := netip.ParsePrefix(rows[i].cidr)
		if err != nil {
			return nil, fmt.Errorf("range %q: %w", rows[i].cidr, err)
		}
		s := span{p.Masked().Addr(), lastOf(p), &rows[i]}
		spans = append(spans, s)
		edges = append(edges, s.from)
		if next := s.to.Next(); next.IsValid() {
			edges = append(edges, next)
		}
	}
	slices.SortFunc(edges, netip.Addr.Compare)
	edges = slices.Compact(edges)
	l := &ranges{}
	for i, from := range edges {
		var best *rangeRow
		for _, s := range spans {
			if from.Less(s.from) || s.to.Less(from) {
				continue
			}
			if best != nil && best.carrier != s.row.carrier {
				return nil, fmt.Errorf("ranges %s (%s) and %s (%s) overlap: an address belongs to one carrier", best.cidr, best.carrier, s.row.cidr, s.row.carrier)
			}
			if best == nil || s.row.class > best.class {
				best = s.row
			}
		}
		if best == nil {
			continue
		}
		to := lastOf(netip.PrefixFrom(from, 0))
		if i+1 < len(edges) && edges[i+1].BitLen() == from.BitLen() {
			to = edges[i+1].Prev()
		}
		l.pieces = append(l.pieces, piece{from, to, best})
	}
	return l, nil
}

// lastOf returns the last address of a prefix.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
