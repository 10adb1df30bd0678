package carriers

import "net/netip"

// A Registry is what Identify knows: the shipped tables, an operator's additions and the address ranges that may be
// believed. It is immutable and safe for concurrent use.
type Registry struct {
	models      []modelRow      // the operator's, in the order of the look-up
	generations []generationRow // the operator's
	own         []ownCarrier
	ranges      *ranges
	loopback    bool
}

// Config says what a Registry adds to the shipped tables. The zero value adds nothing and trusts nobody.
type Config struct {
	// ShippedRanges believes the last edition of the shipped address list. All its addresses belong to others today: it is
	// for tests and workbench commands.
	ShippedRanges bool
	// Loopback believes, on loopback addresses only, the carrier that the User-Agent names and reads that carrier's ID
	// field alone. It is for the demo.
	Loopback bool
}

// New makes a Registry.
func New(c Config) (*Registry, error) {
	g := &Registry{loopback: c.Loopback}
	if c.ShippedRanges {
		var current []rangeRow
		for _, r := range rangeRows {
			if r.edition == "current" {
				current = append(current, r)
			}
		}
		var err error
		if g.ranges, err = newRanges(current); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// shipped knows the shipped tables and trusts nobody.
var shipped = &Registry{}

// model finds the model's row, the operator's before ours.
func (g *Registry) model(c Carrier, token string) *modelRow {
	if m := findModel(g.models, c, token); m != nil {
		return m
	}
	return findModel(modelRows, c, token)
}

// generation finds the row of the generation, the operator's before ours, a generation's before its carrier's.
func (g *Registry) generation(c Carrier, name Generation) *generationRow {
	own, ours := findGeneration(g.generations, c, name), findGeneration(generationRows, c, name)
	if own == nil && ours == nil {
		return findGeneration(generationRows, PC, "-")
	}
	if own == nil || own.generation == "-" && ours != nil && ours.generation != "-" {
		return ours
	}
	return own
}

// classify tells whose address it is. On loopback in the demo the User-Agent's own carrier is believed.
func (g *Registry) classify(ip netip.Addr, named Carrier) (Carrier, Class, string) {
	if g.loopback && ip.Unmap().IsLoopback() {
		return named, ClassHandset, "loopback"
	}
	return g.ranges.find(ip)
}
