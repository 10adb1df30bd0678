package advert

import (
	"context"
	"net/url"
	"slices"
	"time"

	"musubi/core"
)

// A Slot is a place on pages. Text slots show the text alone; where a picture may stand, the text is its alternative.
type Slot struct {
	Key     string // its word is "slot." and this
	Handset bool
	Text    int // most characters of the text
	Sizes   []Size
}

// A Size is one of those that pictures of a slot have, in pixels; a picture is made to fit into the first.
type Size struct{ Width, Height int }

// Slots are all there are, in the order of forms.
var Slots = []Slot{
	{Key: "pc-top", Text: 60, Sizes: []Size{{728, 90}, {468, 60}}},
	{Key: "pc-side", Text: 60, Sizes: []Size{{120, 600}}},
	{Key: "pc-foot", Text: 60, Sizes: []Size{{468, 60}}},
	{Key: "handset-top", Handset: true, Text: 20},
	{Key: "handset-banner", Handset: true, Text: 20, Sizes: []Size{{192, 53}, {120, 20}}},
	{Key: "handset-foot", Handset: true, Text: 20},
}

// FindSlot finds a slot by its key.
func FindSlot(key string) (Slot, bool) {
	i := slices.IndexFunc(Slots, func(s Slot) bool { return s.Key == key })
	return Slots[max(i, 0)], i >= 0
}

// A Campaign is what somebody has shown in a slot for some time.
type Campaign struct {
	ID           core.ID
	Name         string // of the advertiser, for operators
	Slot         string
	Text         string
	URL          string
	Picture      core.ID // of the operator's pictures; 0: text
	Since, Until time.Time
	Goal         int64 // impressions; 0: as many as there are
	Weight       int   // against others of the same slot
	Cap          int   // impressions of a member and day; 0: any
	Rules        Rules
	EndedAt      time.Time // zero: it runs as its dates say
	By           string

	Shown, Clicks int64 // as counted
}

// Limits of campaigns.
const (
	MaxName      = 60
	MaxURL       = 500
	MaxWeight    = 100
	MaxCampaigns = 1000 // that run at a time
)

// CampaignStore keeps campaigns.
type CampaignStore interface {
	PutCampaign(ctx context.Context, c Campaign) error
	Campaign(ctx context.Context, id core.ID) (Campaign, error)
	// Campaigns lists all, newest first, with what was counted; Running those that run at a time.
	Campaigns(ctx context.Context, p core.Page) ([]Campaign, error)
	Running(ctx context.Context, at time.Time, limit int) ([]Campaign, error)
	EndCampaign(ctx context.Context, id core.ID, at time.Time) error
	// Allowed says whether a member lets all of their profile be used for advertising; SetAllowed stores it.
	Allowed(ctx context.Context, member core.ID) (bool, error)
	SetAllowed(ctx context.Context, member core.ID, allowed bool) error
}

// Check cleans a campaign in place and returns Invalid for fields that are wrong.
func (c *Campaign) Check() error {
	var w core.Check
	slot, ok := FindSlot(c.Slot)
	if !ok {
		w.Fail("slot", "field.choice", 0)
	}
	w.Text("name", &c.Name, core.OneLine, true, MaxName)
	w.Text("text", &c.Text, core.OneLine, true, slot.Text)
	w.Text("url", &c.URL, core.OneLine, true, MaxURL)
	if u, err := url.Parse(c.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		w.Fail("url", "field.url", 0)
	}
	if c.Picture != 0 && len(slot.Sizes) == 0 {
		w.Fail("picture", "field.textslot", 0)
	}
	if !c.Since.Before(c.Until) {
		w.Fail("until", "field.isoday", 0)
	}
	if c.Weight < 1 || c.Weight > MaxWeight {
		w.Fail("weight", "field.choice", 0)
	}
	if c.Goal < 0 || c.Cap < 0 {
		w.Fail("goal", "field.number", 0)
	}
	c.Rules.check(&w)
	return w.Err()
}

// Put stores a new campaign, or one in place of that of the same ID.
func (s *Service) Put(ctx context.Context, c Campaign) (Campaign, error) {
	if err := c.Check(); err != nil {
		return c, err
	}
	if c.ID == 0 {
		c.ID = s.NextID()
	}
	err := s.store.PutCampaign(ctx, c)
	s.table.Store(nil)
	return c, err
}

// End stops a campaign at once.
func (s *Service) End(ctx context.Context, id core.ID) error {
	err := s.store.EndCampaign(ctx, id, s.Now())
	s.table.Store(nil)
	return err
}

// Campaign gives one with what was counted of it.
func (s *Service) Campaign(ctx context.Context, id core.ID) (Campaign, error) {
	return s.store.Campaign(ctx, id)
}

// Campaigns lists all, newest first.
func (s *Service) Campaigns(ctx context.Context, p core.Page) ([]Campaign, bool, error) {
	list, err := s.store.Campaigns(ctx, p)
	list, more := core.Cut(list, p)
	return list, more, err
}

// Allowed says whether a member lets all of their profile be used, beside what they show to everyone.
func (s *Service) Allowed(ctx context.Context, member core.ID) (bool, error) {
	return s.store.Allowed(ctx, member)
}

// SetAllowed stores it.
func (s *Service) SetAllowed(ctx context.Context, member core.ID, allowed bool) error {
	return s.store.SetAllowed(ctx, member, allowed)
}
