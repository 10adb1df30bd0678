package advert

import (
	"context"
	"time"

	"musubi/core"
)

// SmallGroup is how many members a line of a report is about at least.
const SmallGroup = 20

// A Day is what was counted of a campaign on a day and kind of screen.
type Day struct {
	Ad                     core.ID
	Day                    int
	Mobile                 bool
	Shown, Clicks, Members int64 // Members: who saw it, each once
}

// Seen is what a member has seen of a campaign on a day.
type Seen struct {
	Member, Ad core.ID
	Day        int
	Shown      int
	Clicked    bool
}

// A ShopClick is how often links to a shop were followed on a day.
type ShopClick struct {
	Day    int
	Area   string // "music", "review"
	Shop   string
	Mobile bool
	Clicks int64
}

// CountStore keeps what is counted.
type CountStore interface {
	// AddAds adds counts to days, and stores what members have seen in place of what was there.
	AddAds(ctx context.Context, days []Day, seen []Seen, shops []ShopClick) error
	SeenBy(ctx context.Context, member core.ID, day int) ([]Seen, error)
	// AdDays lists the days of a campaign, oldest first.
	AdDays(ctx context.Context, ad core.ID) ([]Day, error)
	// AdMonth and ShopMonth sum what was counted on days from one until before another.
	AdMonth(ctx context.Context, from, to int) ([]Day, error)
	ShopMonth(ctx context.Context, from, to int) ([]ShopClick, error)
	// DeleteSeenAds forgets what members saw before a day.
	DeleteSeenAds(ctx context.Context, before int) error
}

type (
	dayKey struct {
		ad     core.ID
		day    int
		mobile bool
	}
	seenKey struct{ member, ad core.ID }
	shopKey struct {
		day        int
		area, shop string
		mobile     bool
	}
)

// A batch is what waits to be stored.
type batch struct {
	days  map[dayKey]*Day
	seen  map[seenKey]int // the day
	of    map[core.ID]bool
	shops map[shopKey]int64
}

func newBatch() batch {
	return batch{map[dayKey]*Day{}, map[seenKey]int{}, map[core.ID]bool{}, map[shopKey]int64{}}
}

func (b *batch) day(k dayKey) *Day {
	d := b.days[k]
	if d == nil {
		d = &Day{Ad: k.ad, Day: k.day, Mobile: k.mobile}
		b.days[k] = d
	}
	return d
}

// saw notes that what a member has seen of a campaign is to be stored.
func (b *batch) saw(member, ad core.ID, day int) {
	b.seen[seenKey{member, ad}], b.of[member] = day, true
}

// ShopClick counts that somebody follows a link to a shop that pays for it.
func (s *Service) ShopClick(area, shop string, mobile bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting.shops[shopKey{DayOf(s.Now()), area, shop, mobile}]++
}

// flushEvery is how long counts wait: a killed process loses so much.
const flushEvery = 5 * time.Second

// flushBite is how many rows of members go in one transaction.
const flushBite = 256

// Flush stores what waits when it is time; at the end of the process at once.
func (s *Service) Flush(ctx context.Context, now bool) error {
	s.reading.Lock()
	defer s.reading.Unlock()
	s.mu.Lock()
	if !now && s.Now().Sub(s.flushed) < flushEvery || len(s.waiting.days)+len(s.waiting.shops) == 0 {
		s.mu.Unlock()
		return nil
	}
	b := s.waiting
	var seen []Seen
	for k, day := range b.seen {
		if r := s.seen[k.member]; r != nil && r.day == day {
			n := r.of(k.ad)
			seen = append(seen, Seen{k.member, k.ad, day, n.shown, n.clicked})
		}
	}
	s.waiting, s.flushed = newBatch(), s.Now()
	s.mu.Unlock()
	var days []Day
	for _, d := range b.days {
		days = append(days, *d)
	}
	var shops []ShopClick
	for k, n := range b.shops {
		shops = append(shops, ShopClick{k.day, k.area, k.shop, k.mobile, n})
	}
	for len(seen) > flushBite {
		if err := s.store.AddAds(ctx, nil, seen[:flushBite], nil); err != nil {
			return err
		}
		seen = seen[flushBite:]
	}
	return s.store.AddAds(ctx, days, seen, shops)
}

// Days lists what was counted of a campaign, day by day, what waits included.
func (s *Service) Days(ctx context.Context, ad core.ID) ([]Day, error) {
	if err := s.Flush(ctx, true); err != nil {
		return nil, err
	}
	return s.store.AdDays(ctx, ad)
}

// Sweep forgets who saw what on days that are over: counts stay, and name nobody.
func (s *Service) Sweep(ctx context.Context) error {
	return s.store.DeleteSeenAds(ctx, DayOf(s.Now().AddDate(0, 0, -1)))
}
