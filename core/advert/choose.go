package advert

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"musubi/core"
)

// table is the campaigns that run, by their slots, with what was counted of them when it was read.
type table struct {
	slots map[string][]Campaign
	shown map[core.ID]*int64 // impressions; moved under Service.mu
	at    time.Time
}

// fresh is how old the table may be.
const fresh = 5 * time.Second

// A reader is a member of today.
type reader struct {
	day    int
	counts map[core.ID]*count
}

// A count is what a member has seen of a campaign on a day.
type count struct {
	shown   int
	clicked bool
}

// maxReaders is how many members' counts stay in memory.
const maxReaders = 100_000

// An Offer asks for a campaign in a slot.
type Offer struct {
	Slot    string
	Member  core.ID
	Mobile  bool
	Carrier string
	Counted bool // it is an impression; false: another part of a page that was counted
	// Who says what rules may know of the member at this moment; it is asked where a campaign of the slot has rules that look at it.
	Who func() (Reader, error)
}

// Choose picks a campaign for a slot and counts it, or gives none. Of those that fit each has the chance of its weight; goal and cap are
// kept by all pages that ask at once. A page that is not written in the end takes it back.
func (s *Service) Choose(ctx context.Context, o Offer) (c Campaign, ok bool) {
	t := s.running(ctx)
	if t == nil || len(t.slots[o.Slot]) == 0 {
		return c, false
	}
	who, err := s.reader(ctx, t, o)
	if err != nil {
		return c, false // advertising is no reason for a page to fail
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.seen[o.Member]
	if r == nil || r.day != DayOf(s.Now()) {
		return c, false // the day has changed in this moment
	}
	var fit []*Campaign
	sum := 0
	for i := range t.slots[o.Slot] {
		n := &t.slots[o.Slot][i]
		if o.Counted && (n.Goal > 0 && *t.shown[n.ID] >= n.Goal || n.Cap > 0 && r.of(n.ID).shown >= n.Cap) || !n.Rules.Fit(&who) {
			continue
		}
		fit = append(fit, n)
		sum += n.Weight
	}
	if sum == 0 {
		return c, false
	}
	at := rand.IntN(sum)
	for _, n := range fit {
		if at -= n.Weight; at < 0 {
			if o.Counted {
				s.count(t, r, n.ID, o, 1)
			}
			return *n, true
		}
	}
	return c, false
}

// of is the count of a campaign.
func (r *reader) of(id core.ID) *count {
	n := r.counts[id]
	if n == nil {
		n = &count{}
		r.counts[id] = n
	}
	return n
}

// count adds n impressions, 1 or -1. s.mu is held.
func (s *Service) count(t *table, r *reader, ad core.ID, o Offer, n int) {
	if shown := t.shown[ad]; shown != nil {
		*shown += int64(n)
	}
	of := r.of(ad)
	first := of.shown == 0 && n > 0 || of.shown == 1 && n < 0
	of.shown += n
	s.waiting.saw(o.Member, ad, r.day)
	d := s.waiting.day(dayKey{ad, r.day, o.Mobile})
	d.Shown += int64(n)
	if first {
		d.Members += int64(n)
	}
}

// TakeBack undoes Choose for a page that was not written.
func (s *Service) TakeBack(ctx context.Context, o Offer, ad core.ID) {
	if !o.Counted {
		return
	}
	t := s.running(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.seen[o.Member]; r != nil && t != nil && r.of(ad).shown > 0 {
		s.count(t, r, ad, o, -1)
	}
}

// Click counts the first click of a member on a campaign on a day, and gives the address that it leads to; core.ErrNotFound.
func (s *Service) Click(ctx context.Context, member, ad core.ID, mobile bool) (to string, err error) {
	c, err := s.store.Campaign(ctx, ad)
	if err != nil {
		return "", err
	}
	if err := s.load(ctx, member); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.seen[member]; r != nil {
		if of := r.of(ad); !of.clicked {
			of.clicked = true
			s.waiting.saw(member, ad, r.day)
			s.waiting.day(dayKey{ad, r.day, mobile}).Clicks++
		}
	}
	return c.URL, nil
}

// reader loads what a member has seen today and gives what rules know of them. A field that was hidden a moment ago is not known.
func (s *Service) reader(ctx context.Context, t *table, o Offer) (who Reader, err error) {
	if err := s.load(ctx, o.Member); err != nil {
		return who, err
	}
	if slices.ContainsFunc(t.slots[o.Slot], func(c Campaign) bool { return c.Rules.asks() }) {
		who, err = o.Who()
	}
	who.Carrier = o.Carrier
	return who, err
}

// load reads what a member has seen today, once a day.
func (s *Service) load(ctx context.Context, member core.ID) error {
	day := DayOf(s.Now())
	s.mu.Lock()
	r := s.seen[member]
	loaded := r != nil && r.day == day
	s.mu.Unlock()
	if loaded {
		return nil
	}
	stored, err := s.store.SeenBy(ctx, member, day)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.seen[member]; r != nil && r.day == day {
		return nil // somebody else was faster, and has counted since
	}
	if len(s.seen) >= maxReaders {
		for id := range s.seen {
			if _, waits := s.waiting.of[id]; !waits {
				delete(s.seen, id)
			}
			if len(s.seen) < maxReaders/2 {
				break
			}
		}
	}
	r = &reader{day: day, counts: map[core.ID]*count{}}
	for _, n := range stored {
		*r.of(n.Ad) = count{shown: n.Shown, clicked: n.Clicked}
	}
	s.seen[member] = r
	return nil
}

// running gives the campaigns that run now; nil when they cannot be read.
func (s *Service) running(ctx context.Context) *table {
	have := s.table.Load()
	now := s.Now()
	if have != nil && now.Sub(have.at) < fresh && !now.Before(have.at) {
		return have
	}
	if have == nil {
		s.reading.Lock()
	} else if !s.reading.TryLock() {
		return have
	}
	defer s.reading.Unlock()
	if again := s.table.Load(); again != nil && again != have {
		return again
	}
	list, err := s.store.Running(ctx, now, MaxCampaigns)
	if err != nil {
		return have
	}
	t := &table{slots: map[string][]Campaign{}, shown: map[core.ID]*int64{}, at: now}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range list {
		shown := c.Shown
		for k, d := range s.waiting.days { // what is counted and not stored
			if k.ad == c.ID {
				shown += d.Shown
			}
		}
		t.slots[c.Slot] = append(t.slots[c.Slot], c)
		t.shown[c.ID] = &shown
	}
	s.table.Store(t)
	return t
}
