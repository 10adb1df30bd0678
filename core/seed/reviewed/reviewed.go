// Package reviewed is the reviews of the demo: what its members say of books, films and kettles.
package reviewed

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/network"
	"musubi/core/review"
)

//go:embed reviews.tsv
var text string

// columns of reviews.tsv.
const (
	category = iota
	title
	maker
	code
	member
	stars
	visibility
	days
	words
	columns
)

// Write has the members, by their keys, say what stands in the table, some days before now; those whom others found helpful and
// one wish come with it.
func Write(ctx context.Context, s *network.Services, now time.Time, ids map[string]core.ID) error {
	for n, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if n < 2 { // what the table is, and its header
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != columns {
			return fmt.Errorf("reviews.tsv: line %d has %d columns, expected %d", n+1, len(f), columns)
		}
		if m, err := s.Desk.Store().Member(ctx, ids[f[member]]); err != nil || m.Status != core.Active {
			continue // an old demo, which they have left
		}
		if err := say(ctx, s, now, ids, f); err != nil {
			return fmt.Errorf("reviews.tsv: line %d: %w", n+1, err)
		}
	}
	return nil
}

func say(ctx context.Context, s *network.Services, now time.Time, ids map[string]core.ID, f []string) error {
	kind, err := strconv.ParseUint(f[category], 10, 8)
	if err != nil {
		return err
	}
	given, err := strconv.Atoi(f[stars])
	if err != nil {
		return err
	}
	ago, err := strconv.Atoi(f[days])
	if err != nil {
		return err
	}
	p, err := s.Review.Enter(ctx, ids[f[member]], review.NewProduct{Category: review.Category(kind), Title: f[title], Maker: f[maker], Code: f[code]})
	if err != nil {
		return err
	}
	n := review.NewReview{Product: p.ID, Stars: given, Body: f[words], At: now.AddDate(0, 0, -ago)}
	if f[visibility] == core.Friends.String() {
		n.Visibility = core.Friends
	}
	r, err := s.Review.Write(ctx, ids[f[member]], n)
	if err != nil {
		return err
	}
	return thank(ctx, s, ids, r)
}

// thank lets some find a review helpful.
func thank(ctx context.Context, s *network.Services, ids map[string]core.ID, r review.Review) error {
	for i, key := range []string{"haruka", "takumi", "yumi", "kenji"} {
		if ids[key] == r.Owner || r.Visibility != core.Everyone || (len(r.Body)+i)%3 != 0 {
			continue
		}
		if err := s.Review.Helpful(ctx, core.Viewer{Member: ids[key]}, r.Owner, r.ID, true); err != nil {
			return err
		}
	}
	return nil
}
