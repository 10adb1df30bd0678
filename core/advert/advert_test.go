package advert

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/core"
)

// oracle says in forty lines, and in other words than Fit, whether a member with this profile is shown a campaign with these rules: what
// is asked of the member is written down as a list of questions, each with an answer that may be "not known".
func oracle(r Rules, p Profile, allowed bool, age int, premium bool, in []core.ID, carrier string) bool {
	minor := age != 0 && age < 18
	known := func(v core.ProfileValue) bool {
		return !minor && v.Value != "" && (v.Visibility == core.Everyone || allowed)
	}
	var no []string
	ask := func(asked, yes bool, what string) {
		if asked && !yes {
			no = append(no, what)
		}
	}
	ask(r.Sex != "", known(p.Sex) && p.Sex.Value == r.Sex, "sex")
	knows := known(p.Birthday) && age != 0
	ask(r.AgeFrom != 0, knows && age >= r.AgeFrom, "old enough")
	ask(r.AgeTo != 0, knows && age <= r.AgeTo, "young enough")
	lives := false
	for _, f := range r.Prefectures {
		lives = lives || known(p.Prefecture) && f == p.Prefecture.Value
	}
	ask(len(r.Prefectures) != 0, lives, "place")
	switch r.Premium {
	case "yes":
		ask(true, premium && !minor, "pays")
	case "no":
		ask(true, !premium || minor, "does not pay")
	}
	belongs := false
	for _, c := range r.Communities {
		for _, m := range in {
			belongs = belongs || c == m && !minor
		}
	}
	ask(len(r.Communities) != 0, belongs, "community")
	calls := strings.Contains(" "+strings.Join(r.Carriers, " ")+" ", " "+carrier+" ")
	ask(len(r.Carriers) != 0, calls, "carrier")
	return len(no) == 0
}

// The rules and the oracle agree on 10⁵ random members and rules, which fit and do not fit in fair parts.
func TestRulesByOracle(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	some := func(list []string, chance int) (out []string) {
		for _, s := range list {
			if dice.IntN(chance) == 0 {
				out = append(out, s)
			}
		}
		return out
	}
	pick := func(list ...string) string { return list[dice.IntN(len(list))] }
	ids := func(chance int) (out []core.ID) {
		for i := core.ID(1); i < 6; i++ {
			if dice.IntN(chance) == 0 {
				out = append(out, i)
			}
		}
		return out
	}
	carriers, places := []string{"docomo", "au", "softbank"}, []string{"hokkaido", "aomori", "iwate", "miyagi"}
	fits := 0
	for range 100_000 {
		r := Rules{Sex: pick("", "", "male", "female"), Premium: pick("", "", "yes", "no"), Communities: ids(8), Carriers: some(carriers, 4)}
		if dice.IntN(2) == 0 {
			r.Prefectures = some(places, 2)
		}
		if dice.IntN(2) == 0 {
			r.AgeFrom = dice.IntN(40)
		}
		if dice.IntN(2) == 0 {
			r.AgeTo = r.AgeFrom + dice.IntN(30)
		}
		value := func(s string) core.ProfileValue {
			return core.ProfileValue{Value: s, Visibility: core.Visibility(dice.IntN(3))}
		}
		p := Profile{Sex: value(pick("", "male", "female")), Prefecture: value(pick("", places[0], places[1], places[2])), Birthday: value("1980-01-01")}
		age := 12 + dice.IntN(50)
		if dice.IntN(5) == 0 {
			age, p.Birthday = 0, core.ProfileValue{}
		}
		allowed, premium, in, carrier := dice.IntN(2) == 0, dice.IntN(2) == 0, ids(3), pick(append(carriers, "")...)
		who := ReaderOf(p, allowed, age)
		if age == 0 || age >= MinAdult {
			who.Premium, who.Communities = premium, in
		}
		who.Carrier = carrier
		got, want := r.Fit(&who), oracle(r, p, allowed, age, premium, in, carrier)
		if got != want {
			t.Fatalf("rules %+v for %+v (allowed %v, age %d, premium %v, in %v, %s): %v, the oracle says %v", r, p, allowed, age, premium, in, carrier, got, want)
		}
		if got {
			fits++
		}
	}
	if fits < 5_000 || fits > 95_000 {
		t.Errorf("%d of 100000 fit: the test says little", fits)
	}
}

// memory is a database of campaigns.
type memory struct {
	mu    sync.Mutex
	ads   []Campaign
	days  map[dayKey]Day
	seen  map[seenKey]Seen
	shops []ShopClick
	in    []Income
}

func (m *memory) PutCampaign(_ context.Context, c Campaign) error {
	m.ads = append(m.ads, c)
	return nil
}
func (m *memory) Campaign(_ context.Context, id core.ID) (Campaign, error) {
	for _, c := range m.ads {
		if c.ID == id {
			return c, nil
		}
	}
	return Campaign{}, core.ErrNotFound
}
func (m *memory) Campaigns(context.Context, core.Page) ([]Campaign, error) { return m.ads, nil }
func (m *memory) Running(_ context.Context, at time.Time, _ int) (list []Campaign, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.ads {
		c.Shown = 0
		for k, d := range m.days {
			if k.ad == c.ID {
				c.Shown += d.Shown
			}
		}
		if !at.Before(c.Since) && at.Before(c.Until) {
			list = append(list, c)
		}
	}
	return list, nil
}
func (m *memory) EndCampaign(context.Context, core.ID, time.Time) error { return nil }
func (m *memory) Allowed(context.Context, core.ID) (bool, error)        { return false, nil }
func (m *memory) SetAllowed(context.Context, core.ID, bool) error       { return nil }
func (m *memory) DeleteSeenAds(context.Context, int) error              { return nil }
func (m *memory) AddAds(_ context.Context, days []Day, seen []Seen, shops []ShopClick) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range days {
		k := dayKey{d.Ad, d.Day, d.Mobile}
		had := m.days[k]
		had.Ad, had.Day, had.Mobile = d.Ad, d.Day, d.Mobile
		had.Shown, had.Clicks, had.Members = had.Shown+d.Shown, had.Clicks+d.Clicks, had.Members+d.Members
		m.days[k] = had
	}
	for _, n := range seen {
		m.seen[seenKey{n.Member, n.Ad}] = n
	}
	m.shops = append(m.shops, shops...)
	return nil
}
func (m *memory) SeenBy(_ context.Context, member core.ID, day int) (list []Seen, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range m.seen {
		if n.Member == member && n.Day == day {
			list = append(list, n)
		}
	}
	return list, nil
}
func (m *memory) AdDays(_ context.Context, ad core.ID) (list []Day, _ error) {
	for k, d := range m.days {
		if k.ad == ad {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b Day) int { return a.Day - b.Day })
	return list, nil
}
func (m *memory) AdMonth(_ context.Context, from, to int) (list []Day, _ error) {
	for _, d := range m.days {
		if d.Day >= from && d.Day < to {
			list = append(list, d)
		}
	}
	return list, nil
}
func (m *memory) ShopMonth(context.Context, int, int) ([]ShopClick, error) { return m.shops, nil }
func (m *memory) PutIncome(_ context.Context, list []Income) error {
	m.in = append(m.in, list...)
	return nil
}
func (m *memory) Incomes(context.Context) ([]Income, error) { return m.in, nil }
func (m *memory) PayersViews(context.Context, int, int, time.Time) (int64, int64, error) {
	return 60, 40, nil
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time      { c.mu.Lock(); defer c.mu.Unlock(); return c.t }
func (c *clock) add(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

// nothing is what a desk asks for and advertising does not.
type nothing struct {
	core.Transactions
	core.Blobs
	core.PhotoMaker
}

// advertising is a service over a memory.
func advertising(t *testing.T, m *memory, c *clock) *Service {
	t.Helper()
	desk, err := core.NewDesk(core.DeskConfig{Store: core.Store{Transactions: nothing{}}, Blobs: nothing{}, Photos: nothing{}, Secret: make([]byte, 32), Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return New(desk, Store{CampaignStore: m, CountStore: m, IncomeStore: m})
}

func newMemory() *memory { return &memory{days: map[dayKey]Day{}, seen: map[seenKey]Seen{}} }

// Thirty members at once, each asking sixty times while counts are stored and the process is started anew in between: no member sees a
// campaign more often than its cap, and all together exactly to its goal.
func TestCapsUnderConcurrency(t *testing.T) {
	m, c := newMemory(), &clock{t: time.Date(2007, 1, 31, 12, 0, 0, 0, Tokyo)}
	const members, each, most, goal = 30, 60, 4, 100
	add := func(id core.ID, slot string, cap int, goal int64) {
		m.ads = append(m.ads, Campaign{ID: id, Slot: slot, Weight: 1, Cap: cap, Goal: goal, Since: c.t.Add(-time.Hour), Until: c.t.Add(100 * time.Hour)})
	}
	add(1, "pc-top", most, 0)
	add(2, "pc-top", 0, goal)
	shown := map[seenKey]int{}
	var mu sync.Mutex
	round := func(s *Service) {
		var all sync.WaitGroup
		for who := core.ID(1); who <= members; who++ {
			all.Go(func() {
				for i := range each {
					o := Offer{Slot: "pc-top", Member: who, Counted: true, Who: func() (Reader, error) { return Reader{}, nil }}
					ad, ok := s.Choose(t.Context(), o)
					if !ok {
						continue
					}
					if i%7 == 3 { // the page is not written
						s.TakeBack(t.Context(), o, ad.ID)
						continue
					}
					mu.Lock()
					shown[seenKey{who, ad.ID}]++
					mu.Unlock()
					if i%10 == 0 {
						if err := s.Flush(t.Context(), true); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		all.Wait()
		if err := s.Flush(t.Context(), true); err != nil {
			t.Error(err)
		}
	}
	round(advertising(t, m, c))
	round(advertising(t, m, c)) // a new process, on the same day
	total := map[core.ID]int{}
	for k, n := range shown {
		total[k.ad] += n
		if k.ad == 1 && n > most {
			t.Errorf("member %d saw a campaign %d times, at most %d", k.member, n, most)
		}
	}
	if total[1] != members*most || total[2] != goal {
		t.Errorf("shown %v, want %d and %d", total, members*most, goal)
	}
	for id, n := range total {
		var counted, who int64
		for k, d := range m.days {
			if k.ad == id {
				counted, who = counted+d.Shown, who+d.Members
			}
		}
		if counted != int64(n) || id == 1 && who != members {
			t.Errorf("campaign %d: %d counted of %d shown, to %d members", id, counted, n, who)
		}
	}
	c.add(24 * time.Hour)
	s := advertising(t, m, c)
	if ad, ok := s.Choose(t.Context(), Offer{Slot: "pc-top", Member: 1, Counted: true, Who: func() (Reader, error) { return Reader{}, nil }}); !ok || ad.ID != 1 {
		t.Errorf("the next day the cap begins anew: %v %v", ad, ok)
	}
}

// A click counts once for a member, campaign and day; weights are kept; a part of a page that was counted is no impression.
func TestClicksAndWeights(t *testing.T) {
	m, c := newMemory(), &clock{t: time.Date(2007, 1, 31, 12, 0, 0, 0, Tokyo)}
	for id, weight := range map[core.ID]int{1: 1, 2: 3} {
		m.ads = append(m.ads, Campaign{ID: id, Slot: "handset-top", Weight: weight, URL: "https://ad.example/", Since: c.t, Until: c.t.Add(100 * time.Hour)})
	}
	s := advertising(t, m, c)
	got := map[core.ID]int{}
	for range 4000 {
		ad, _ := s.Choose(t.Context(), Offer{Slot: "handset-top", Member: 7, Mobile: true, Counted: true, Who: func() (Reader, error) { return Reader{}, nil }})
		got[ad.ID]++
		s.Choose(t.Context(), Offer{Slot: "handset-top", Member: 7, Mobile: true, Who: func() (Reader, error) { return Reader{}, nil }})
	}
	if got[2] < 2800 || got[2] > 3200 {
		t.Errorf("weights 1 and 3 give %v", got)
	}
	for range 3 {
		if to, err := s.Click(t.Context(), 7, 1, true); err != nil || to != "https://ad.example/" {
			t.Fatal(to, err)
		}
	}
	if _, err := s.Click(t.Context(), 7, 99, true); err == nil {
		t.Error("a campaign that is not there is followed")
	}
	days, err := s.Days(t.Context(), 1)
	if err != nil || len(days) != 1 || days[0].Clicks != 1 || days[0].Members != 1 || days[0].Shown != int64(got[1]) {
		t.Errorf("counted %+v, %v", days, err)
	}
}

// Incomes are read from a file, and divided by what was counted.
func TestIncomes(t *testing.T) {
	m, c := newMemory(), &clock{t: time.Date(2007, 2, 5, 12, 0, 0, 0, Tokyo)}
	m.days[dayKey{1, 20070110, false}] = Day{Ad: 1, Day: 20070110, Shown: 30}
	m.days[dayKey{1, 20070111, true}] = Day{Ad: 1, Day: 20070111, Mobile: true, Shown: 10}
	m.days[dayKey{1, 20070201, true}] = Day{Ad: 1, Day: 20070201, Mobile: true, Shown: 1000}
	s := advertising(t, m, c)
	list, err := ReadIncomes(strings.NewReader("\uFEFFmonth,stream,device,yen\n2007-01,advertising,,1001\n2007-01,advertising,pc,\"2,000\"\n2007-01,premium,,315\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutIncome(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	table, err := s.Revenues(t.Context())
	if err != nil || len(table) != 1 {
		t.Fatalf("%+v, %v", table, err)
	}
	r := table[0]
	if r.All["advertising"] != 3001 || r.Mobile["advertising"] != 250 || r.PC["advertising"] != 2751 || r.All["premium"] != 315 || r.PC["premium"] != 0 || r.Payers != 0.4 || r.Sum() != 3316 {
		t.Errorf("the month is %+v", r)
	}
	for _, bad := range []string{"", "month,yen\n", "month,stream,yen\n2007-13,premium,1\n", "month,stream,yen\n2007-01,rent,1\n", "month,stream,yen\n2007-01,premium,x\n", "month,stream,yen\n2007-01,premium,-1\n"} {
		if _, err := ReadIncomes(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%q is read: %v", bad, err)
		}
	}
}

// A campaign says what is wrong with it.
func TestCampaignCheck(t *testing.T) {
	now := time.Now()
	good := Campaign{Name: "店", Slot: "pc-top", Text: "新発売", URL: "https://ad.example/x", Since: now, Until: now.Add(time.Hour), Weight: 1}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(c *Campaign){
		"slot": func(c *Campaign) { c.Slot = "moon" }, "url": func(c *Campaign) { c.URL = "javascript:alert(1)" }, "until": func(c *Campaign) { c.Until = now },
		"text": func(c *Campaign) { c.Text = strings.Repeat("長", 61) }, "picture": func(c *Campaign) { c.Slot, c.Picture = "handset-top", 5 },
		"weight": func(c *Campaign) { c.Weight = 0 }, "sex": func(c *Campaign) { c.Rules.Sex = strings.Repeat("x", 21) }, "agefrom": func(c *Campaign) { c.Rules.AgeFrom, c.Rules.AgeTo = 30, 20 },
		"prefecture": func(c *Campaign) { c.Rules.Prefectures = []string{"atlantis"} },
	} {
		bad := good
		change(&bad)
		if err := bad.Check(); err == nil || !strings.Contains(fmt.Sprint(err), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
