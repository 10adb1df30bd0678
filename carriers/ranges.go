package carriers

import (
	"fmt"
	"net/netip"
	"slices"

	"musubi/carriers/internal/rows"
)

// ranges is an address list cut into disjoint pieces, in order. Where ranges of one carrier overlap, the class that may
// do less wins: what a full browser shares is no handset's (SEC-04).
type ranges []piece

type piece struct {
	from, to netip.Addr
	row      *rows.Range
}

// find returns the row of an address, or nil. An IPv4 address written as IPv6 is that IPv4 address; one with a zone is
// nobody's (SEC-06).
func (l ranges) find(ip netip.Addr) *rows.Range {
	if !ip.IsValid() || ip.Zone() != "" {
		return nil
	}
	ip = ip.Unmap()
	low, high := 0, len(l)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if l[mid].to.Less(ip) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(l) || ip.Less(l[low].from) {
		return nil
	}
	return l[low].row
}

// newRanges cuts the rows in force into disjoint pieces. Mail servers ask for no page and are left out.
func newRanges(list []rows.Range) (ranges, error) {
	var whole []piece
	var edges []netip.Addr // where a piece may begin
	for i := range list {
		if r := &list[i]; r.Current() && Class(r.Class) != ClassMail {
			p := piece{r.CIDR.Addr(), lastOf(r.CIDR), r}
			whole = append(whole, p)
			edges = append(edges, p.from)
			if next := p.to.Next(); next.IsValid() {
				edges = append(edges, next)
			}
		}
	}
	slices.SortFunc(edges, netip.Addr.Compare)
	edges = slices.Compact(edges)
	var cut ranges
	for i, from := range edges {
		row, err := strictest(whole, from)
		if err != nil {
			return nil, err
		}
		if row == nil {
			continue
		}
		to := lastOf(netip.PrefixFrom(from, 0))
		if i+1 < len(edges) && edges[i+1].BitLen() == from.BitLen() {
			to = edges[i+1].Prev()
		}
		cut = append(cut, piece{from, to, row})
	}
	return cut, nil
}

// strictest returns the row with the class that may do least among those that hold the address.
func strictest(whole []piece, ip netip.Addr) (*rows.Range, error) {
	var found *rows.Range
	for _, p := range whole {
		if ip.Less(p.from) || p.to.Less(ip) {
			continue
		}
		if found != nil && found.Carrier != p.row.Carrier {
			return nil, fmt.Errorf("%v: %v of %s overlaps %v of %s (%v): an address belongs to one carrier, remove one of the two",
				p.row.Place, p.row.CIDR, p.row.Carrier, found.CIDR, found.Carrier, found.Place)
		}
		if found == nil || p.row.Class > found.Class {
			found = p.row
		}
	}
	return found, nil
}

// lastOf returns the last address of a range.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
