package figures

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
)

// A Figure is one number of a table in a month.
type Figure struct {
	Month Month
	Table string
	Label string
	N     int64
}

// Tables are those that a month is written down with; traffic has a page of its own.
const Traffic = "traffic"

// Tables beside traffic, in the order of the console.
var Tables = []string{"members", "daily", "communities", "age", "sex", "occupation", "prefecture", "carrier"}

// Labels of traffic. NotKnown is a month of which nobody has figures.
const (
	PC       = "pc"
	Mobile   = "mobile"
	NotKnown = "na"
	closed   = "closed" // the table of months that are written down
)

// FigureStore keeps what is written down, and counts what is not.
type FigureStore interface {
	Figures(ctx context.Context, table string) ([]Figure, error)
	IsClosed(ctx context.Context, m Month) (bool, error)
	// FirstView is the first day with views, 0 without any.
	FirstView(ctx context.Context) (Day, error)
	InsertFigures(ctx context.Context, list []Figure) error
	// CountMembers counts those made before end and not left: all, and who logged in since active.
	CountMembers(ctx context.Context, end, active time.Time) (all, recent int64, err error)
	// CountProfiles counts members by the value of a profile field; "" has filled in none.
	CountProfiles(ctx context.Context, field string, end time.Time) (map[string]int64, error)
	// CountCommunities counts communities, their members, and the posts since a time.
	CountCommunities(ctx context.Context, since, end time.Time) (communities, members, posts int64, err error)
	CountPremium(ctx context.Context, at time.Time) (int64, error)
}

// A Row is a month of the traffic table.
type Row struct {
	Month      Month
	PC, Mobile int64
	Known      bool
	Running    bool
}

// Ratio is mobile ÷ all in per cent (the column that the seed's report heads "Mobile-to-PC").
func (r Row) Ratio() float64 {
	if r.PC+r.Mobile == 0 {
		return 0
	}
	return float64(r.Mobile) * 100 / float64(r.PC+r.Mobile)
}

// TrafficTable is page views by month, the running one last, with what was counted until this moment.
func (s *Service) TrafficTable(ctx context.Context) ([]Row, error) {
	list, err := s.store.Figures(ctx, Traffic)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, f := range list {
		if len(rows) == 0 || rows[len(rows)-1].Month != f.Month {
			rows = append(rows, Row{Month: f.Month})
		}
		r := &rows[len(rows)-1]
		switch f.Label {
		case PC:
			r.PC, r.Known = f.N, true
		case Mobile:
			r.Mobile, r.Known = f.N, true
		}
	}
	for m := range s.open(ctx, &err) {
		r, wrong := s.traffic(ctx, m)
		if wrong != nil {
			return nil, wrong
		}
		rows = append(rows, r)
	}
	return rows, err
}

// open goes through the months that are not written down, the running one last.
func (s *Service) open(ctx context.Context, err *error) func(yield func(Month) bool) {
	return func(yield func(Month) bool) {
		now := MonthOf(s.Now())
		first, wrong := s.store.FirstView(ctx)
		m := Month(first / 100)
		if first == 0 || m > now {
			m = now
		}
		for ; m <= now; m = m.Next() {
			done, again := s.store.IsClosed(ctx, m)
			if wrong != nil || again != nil {
				*err = wrong
				if wrong == nil {
					*err = again
				}
				return
			}
			if !done && !yield(m) {
				return
			}
		}
	}
}

func (s *Service) traffic(ctx context.Context, m Month) (Row, error) {
	r := Row{Month: m, Known: true, Running: m == MonthOf(s.Now())}
	from, to := m.Days()
	list, err := s.store.ViewsBetween(ctx, from, to)
	for _, v := range list {
		if v.Mobile {
			r.Mobile += v.N
		} else {
			r.PC += v.N
		}
	}
	pc, mobile := s.unsaved(m)
	r.PC, r.Mobile = r.PC+pc, r.Mobile+mobile
	return r, err
}

// Table is a table as it is now, or as it was written down when a month was over.
func (s *Service) Table(ctx context.Context, table string, m Month) ([]Figure, error) {
	if m < MonthOf(s.Now()) {
		list, err := s.store.Figures(ctx, table)
		return slices.DeleteFunc(list, func(f Figure) bool { return f.Month != m }), err
	}
	return s.count(ctx, table, m, s.Now())
}

// Months are those that a table was written down for.
func (s *Service) Months(ctx context.Context, table string) (months []Month, err error) {
	list, err := s.store.Figures(ctx, table)
	for _, f := range list {
		months = append(months, f.Month)
	}
	return slices.Compact(months), err
}

// Import writes down traffic of months that were counted elsewhere; what is there already stays.
func (s *Service) Import(ctx context.Context, rows []Row) error {
	var list []Figure
	for _, r := range rows {
		if !r.Known {
			list = append(list, Figure{r.Month, Traffic, NotKnown, 1})
			continue
		}
		list = append(list, Figure{r.Month, Traffic, PC, r.PC}, Figure{r.Month, Traffic, Mobile, r.Mobile})
	}
	return s.store.InsertFigures(ctx, list)
}

// Close writes down the months that are over. It costs nothing until the next one is.
func (s *Service) Close(ctx context.Context) (err error) {
	now := MonthOf(s.Now())
	for m := range s.open(ctx, &err) {
		if m == now {
			break
		}
		if err := s.Flush(ctx, true); err != nil {
			return err
		}
		if err := s.closeMonth(ctx, m); err != nil {
			return err
		}
	}
	return err
}

func (s *Service) closeMonth(ctx context.Context, m Month) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.traffic(ctx, m)
		if err != nil {
			return err
		}
		list := []Figure{{m, Traffic, PC, r.PC}, {m, Traffic, Mobile, r.Mobile}, {m, closed, closed, 1}}
		for _, table := range Tables {
			some, err := s.count(ctx, table, m, m.Next().Begin())
			if err != nil {
				return err
			}
			list = append(list, some...)
		}
		return s.store.InsertFigures(ctx, list)
	})
}

// activeTime is how long after a login a member counts as active.
const activeTime = 72 * time.Hour

// count makes a table of a month as of a moment.
func (s *Service) count(ctx context.Context, table string, m Month, end time.Time) (list []Figure, err error) {
	add := func(label string, n int64) { list = append(list, Figure{m, table, label, n}) }
	from, to := m.Days()
	switch table {
	case "members":
		all, active, err := s.store.CountMembers(ctx, end, end.Add(-activeTime))
		if err != nil {
			return nil, err
		}
		premium, err := s.store.CountPremium(ctx, end)
		add("registered", all)
		add("premium", premium)
		add("free", all-premium)
		add("active", active)
		return list, err
	case "daily":
		if err := s.Flush(ctx, true); err != nil { // what waits here; other processes store theirs within minutes
			return nil, err
		}
		d, err := s.store.DailyUse(ctx, from, to)
		add("days", d.Days)
		add("visits", d.Visits)
		add(PC, d.PC)
		add(Mobile, d.Mobile)
		add("seconds", d.Second)
		return list, err
	case "communities":
		n, members, posts, err := s.store.CountCommunities(ctx, m.Begin(), end)
		add("communities", n)
		add("memberships", members)
		add("posts", posts)
		return list, err
	case "carrier":
		views, err := s.store.ViewsBetween(ctx, from, to)
		sums := map[string]int64{}
		for _, v := range views {
			sums[v.Carrier] += v.N
		}
		return sorted(m, table, sums), err
	case "age":
		days, err := s.store.CountProfiles(ctx, "birthday", end)
		sums := map[string]int64{}
		for day, n := range days {
			sums[ageBand(day, end)] += n
		}
		return sorted(m, table, sums), err
	}
	sums, err := s.store.CountProfiles(ctx, table, end)
	return sorted(m, table, sums), err
}

// sorted makes a table of sums: by their size, but for ages, which have an order.
func sorted(m Month, table string, sums map[string]int64) (list []Figure) {
	for label, n := range sums {
		list = append(list, Figure{m, table, label, n})
	}
	slices.SortFunc(list, func(a, b Figure) int {
		if table != "age" && a.N != b.N {
			return int(b.N - a.N)
		}
		return strings.Compare(a.Label, b.Label)
	})
	return list
}

// ageBands begin at these ages.
var ageBands = []int{15, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60}

// ageBand is the band of somebody born on a day; "" when it is not known or is none of the bands.
func ageBand(birthday string, at time.Time) string {
	born, err := time.Parse(time.DateOnly, birthday)
	if err != nil {
		return ""
	}
	age := core.Age(born, at.Add(-time.Nanosecond)) // at the last instant of the month
	for i := len(ageBands) - 1; i >= 0; i-- {
		if age >= ageBands[i] {
			if i == len(ageBands)-1 {
				return strconv.Itoa(ageBands[i]) + "+"
			}
			return strconv.Itoa(ageBands[i]) + "-" + strconv.Itoa(ageBands[i+1]-1)
		}
	}
	return ""
}

// SmallCell is below which a number of people does not leave the console.
const SmallCell = 5
