package carriers

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"musubi/carriers/internal/rows"
)

// confirmedFor is how long an operator's confirmation of a range holds: addresses change hands (SEC-05).
const confirmedFor = 180 * 24 * time.Hour

// readDir reads the operator's carriers, generations and models. Missing files add nothing; a missing folder is an error.
func (g *Registry) readDir(dir string) (err error) {
	if dir == "" {
		return nil
	}
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("carriers folder: %w", err)
	}
	if g.generations, err = readIn(dir, "generations.tsv", rows.Generations); err != nil {
		return err
	}
	if g.matches, err = readIn(dir, "carriers.tsv", rows.Matches); err != nil {
		return err
	}
	if g.models, err = readIn(dir, "handsets.tsv", rows.Models); err != nil {
		return err
	}
	slices.SortStableFunc(g.models, byToken)
	return g.check()
}

// byToken is the order that findModel searches.
func byToken(a, b rows.Model) int {
	return cmp.Or(strings.Compare(a.Carrier, b.Carrier), compareFold(a.Token, b.Token))
}

func readFile[T any](path string, read func(string, io.Reader) ([]T, error)) ([]T, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(path, f)
}

// readIn reads a file of the operator's folder, which may be missing.
func readIn[T any](dir, name string, read func(string, io.Reader) ([]T, error)) ([]T, error) {
	list, err := readFile(filepath.Join(dir, name), read)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return list, err
}

// check finds rows that contradict each other or name nobody.
func (g *Registry) check() error {
	for i, r := range g.generations {
		if j := slices.IndexFunc(g.generations[:i], func(o rows.Generation) bool {
			return o.Carrier == r.Carrier && o.Generation == r.Generation
		}); j >= 0 {
			return fmt.Errorf("%v: %s %s stands on line %d already: keep one", r.Place, r.Carrier, r.Generation, g.generations[j].Line)
		}
	}
	for _, m := range g.matches {
		if !g.knows(m.Carrier) {
			return fmt.Errorf("%v: carrier %s has no defaults: add a row for it to generations.tsv, with generation \"-\"", m.Place, m.Carrier)
		}
	}
	for i, m := range g.models {
		if !g.knows(m.Carrier) {
			return fmt.Errorf("%v: carrier %s is unknown: correct it, or add it to generations.tsv", m.Place, m.Carrier)
		}
		if i > 0 && byToken(g.models[i-1], m) == 0 {
			return fmt.Errorf("%v: %s %s stands on line %d already: keep one", m.Place, m.Carrier, m.Token, g.models[i-1].Line)
		}
	}
	return nil
}

// knows says whether the carrier has a row of its own in generations.tsv, ours or the operator's.
func (g *Registry) knows(carrier string) bool { return g.generation(Carrier(carrier), "-") != nil }

// readRanges reads the operator's address lists.
func (g *Registry) readRanges(c Config) (list []rows.Range, err error) {
	if c.Dir != "" {
		if list, err = readIn(c.Dir, "ranges.tsv", rows.Ranges); err != nil {
			return nil, err
		}
	}
	if c.Ranges != "" {
		more, err := readFile(c.Ranges, rows.Ranges)
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, fmt.Errorf("%s: no range in it: list the carriers' ranges, or leave --ranges out", c.Ranges)
		}
		list = append(list, more...)
	}
	now := c.Now
	if now.IsZero() {
		now = time.Now()
	}
	for i := range list {
		if err := g.checkRange(&list[i], now); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// checkRange refuses a range that nobody confirmed, that is too wide, or that names no carrier (SEC-05).
func (g *Registry) checkRange(r *rows.Range, now time.Time) error {
	widest := 16
	if r.CIDR.Addr().Is6() {
		widest = 32
	}
	switch {
	case !g.knows(r.Carrier):
		return fmt.Errorf("%v: carrier %s is unknown: correct it, or add it to generations.tsv", r.Place, r.Carrier)
	case r.CIDR.Bits() == 0:
		return fmt.Errorf("%v: %v is the whole Internet: list the carrier's own ranges", r.Place, r.CIDR)
	case r.CIDR.Bits() < widest && !r.Wide:
		return fmt.Errorf("%v: %v is wider than /%d: list narrower ranges, or write yes in column wide", r.Place, r.CIDR, widest)
	case !r.Current() || Class(r.Class) != ClassHandset:
		return nil // nothing is believed by it
	}
	day, err := time.Parse(time.DateOnly, r.Confirmed)
	switch {
	case err != nil:
		return fmt.Errorf("%v: nobody has confirmed %v: check that it is %s's today and write the date (2006-01-02) in column confirmed", r.Place, r.CIDR, r.Carrier)
	case day.After(now.Add(24 * time.Hour)):
		return fmt.Errorf("%v: %v was confirmed on %s, which is in the future: correct the date", r.Place, r.CIDR, r.Confirmed)
	case now.Sub(day) > confirmedFor:
		return fmt.Errorf("%v: %v was last confirmed on %s, more than 180 days ago: check it again and write the new date", r.Place, r.CIDR, r.Confirmed)
	}
	return nil
}
