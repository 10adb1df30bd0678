package carriers

import (
	"net/netip"
	"time"

	"musubi/carriers/internal/rows"
)

// A Registry is what Identify knows: the shipped tables, an operator's additions and the address ranges that may be
// believed. It is immutable and safe for concurrent use.
type Registry struct {
	models      []rows.Model // the operator's, in the order of the look-up
	generations []rows.Generation
	matches     []rows.Match
	ranges      ranges
	loopback    bool
}

// shipped knows the shipped tables and trusts nobody.
var shipped = &Registry{}

// Config says what a Registry adds to the shipped tables. The zero value adds nothing and trusts nobody.
type Config struct {
	// Dir is a folder with any of carriers.tsv, generations.tsv, handsets.tsv and ranges.tsv: carriers and models of the
	// operator's own, and corrections of shipped rows. "" = none.
	Dir string
	// Ranges is an address list in the form of data/ranges.tsv. Only rows that somebody has confirmed within the last 180
	// days count. "" = none.
	Ranges string
	// ShippedRanges believes the last edition of the shipped address list. All its addresses belong to others today: it is
	// for tests and the workbench commands.
	ShippedRanges bool
	// Loopback believes, for loopback addresses only, the carrier that the User-Agent names; that carrier's ID field alone
	// is read. It is for the demo.
	Loopback bool
	// Now is the day on which confirmations are judged. Zero = today.
	Now time.Time
}

// New makes a Registry. A bad table is an error that names file, line and cure. When only the address list is bad, the
// error is a [*RangesError] and the Registry is whole but trusts nobody, so that the site can run with easy login off.
func New(c Config) (*Registry, error) {
	g := &Registry{loopback: c.Loopback}
	if err := g.readDir(c.Dir); err != nil {
		return nil, err
	}
	list, err := g.readRanges(c)
	if err != nil {
		return g, &RangesError{err}
	}
	if c.ShippedRanges {
		list = append(list, rangeRows...)
	}
	if g.ranges, err = newRanges(list); err != nil {
		return g, &RangesError{err}
	}
	return g, nil
}

// A RangesError says why an address list was refused as a whole. Easy login stays off; everything else works.
type RangesError struct{ err error }

func (e *RangesError) Error() string {
	return "address ranges refused, nobody is trusted: " + e.err.Error()
}

func (e *RangesError) Unwrap() error { return e.err }

// Confirmed returns the oldest confirmation among the handset ranges in force, for a warning when it grows old. ok is
// false when no range is in force.
func (g *Registry) Confirmed() (oldest time.Time, ok bool) {
	for _, p := range g.ranges {
		day, err := time.Parse(time.DateOnly, p.row.Confirmed)
		if err == nil && (!ok || day.Before(oldest)) {
			oldest, ok = day, true
		}
	}
	return oldest, ok
}

// model finds the model's row, the operator's before ours.
func (g *Registry) model(c Carrier, token string) *rows.Model {
	if m := findModel(g.models, c, token); m != nil {
		return m
	}
	return findModel(modelRows, c, token)
}

// generation finds the row of the generation, the operator's before ours, a generation's before its carrier's.
func (g *Registry) generation(c Carrier, name Generation) *rows.Generation {
	own, ours := findGeneration(g.generations, c, name), findGeneration(generationRows, c, name)
	if own == nil || own.Generation == "-" && ours != nil && ours.Generation != "-" {
		return ours
	}
	return own
}

// classify tells whose address it is. On loopback in the demo the User-Agent's own carrier is believed.
func (g *Registry) classify(ip netip.Addr, named Carrier) (whose Carrier, class Class, r *rows.Range) {
	if g.loopback && ip.Unmap().IsLoopback() {
		return named, ClassHandset, nil
	}
	if r = g.ranges.find(ip); r == nil {
		return "", ClassNone, nil
	}
	return Carrier(r.Carrier), Class(r.Class), r
}
