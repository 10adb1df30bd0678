package advert

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
)

// Streams of income, in the order of the table (7.3 of the case study); the words are "stream." and these.
var Streams = []string{"advertising", "premium", "affiliate", "other"}

// Devices of an income: "" is undivided.
var Devices = []string{"", "pc", "mobile"}

// An Income is what a stream brought in a month, in yen, as an operator typed or imported it.
type Income struct {
	Month  int // 200701
	Stream string
	Device string
	Yen    int64
}

// IncomeStore keeps incomes.
type IncomeStore interface {
	// PutIncome stores one in place of that of the same month, stream and device.
	PutIncome(ctx context.Context, list []Income) error
	// Incomes lists all, oldest month first.
	Incomes(ctx context.Context) ([]Income, error)
	// PayersViews sums page views, in days from one until before another, of members with a plan in force at a moment.
	PayersViews(ctx context.Context, from, to int, at time.Time) (pc, mobile int64, err error)
}

// MaxYen is the most of one income.
const MaxYen = 1_000_000_000_000

func (i Income) check() error {
	var c core.Check
	if i.Month%100 < 1 || i.Month%100 > 12 || i.Month < 190001 || i.Month > 299912 {
		c.Fail("month", "field.month", 0)
	}
	if !slices.Contains(Streams, i.Stream) {
		c.Fail("stream", "field.choice", 0)
	}
	if !slices.Contains(Devices, i.Device) {
		c.Fail("device", "field.choice", 0)
	}
	if i.Yen < 0 || i.Yen > MaxYen {
		c.Fail("yen", "field.number", 0)
	}
	return c.Err()
}

// PutIncome stores incomes, all or none.
func (s *Service) PutIncome(ctx context.Context, list []Income) error {
	for _, i := range list {
		if err := i.check(); err != nil {
			return err
		}
	}
	return s.store.PutIncome(ctx, list)
}

// maxIncomes is how many lines a file of incomes has at most.
const maxIncomes = 10_000

// ReadIncomes reads a CSV with the columns month (2007-01), stream, device and yen; its first line names them, in any order.
func ReadIncomes(from io.Reader) ([]Income, error) {
	r := csv.NewReader(from)
	r.TrimLeadingSpace = true
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("line 1: expected the names of the columns: month, stream, device, yen")
	}
	at := map[string]int{}
	for i, name := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\uFEFF")))] = i
	}
	for _, name := range []string{"month", "stream", "yen"} {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("line 1: there is no column %q; expected month, stream, device, yen", name)
		}
	}
	var list []Income
	for line := 2; ; line++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil || len(list) == maxIncomes {
			return nil, fmt.Errorf("line %d: %v; expected at most %d lines of as many cells as the first", line, err, maxIncomes)
		}
		i := Income{Stream: row[at["stream"]]}
		if d, ok := at["device"]; ok {
			i.Device = row[d]
		}
		month, err := time.Parse("2006-01", row[at["month"]])
		if err != nil {
			return nil, fmt.Errorf("line %d: month %q, expected 2007-01", line, row[at["month"]])
		}
		i.Month = month.Year()*100 + int(month.Month())
		if i.Yen, err = strconv.ParseInt(strings.ReplaceAll(row[at["yen"]], ",", ""), 10, 64); err != nil {
			return nil, fmt.Errorf("line %d: yen %q, expected a whole number", line, row[at["yen"]])
		}
		if err := i.check(); err != nil {
			return nil, fmt.Errorf("line %d: expected a stream of %s, and pc, mobile or nothing as its device", line, strings.Join(Streams, ", "))
		}
		list = append(list, i)
	}
}

// A Revenue is a month of the table. What is undivided is divided by what was counted: advertising by impressions, affiliate by clicks;
// Premium stays whole, with the share of payers' page views that were mobile beside it.
type Revenue struct {
	Month      int
	All        map[string]int64 // by stream
	PC, Mobile map[string]int64
	Payers     float64 // share of mobile among payers' page views; -1: there are none
}

// Sum is all of a month.
func (r *Revenue) Sum() (sum int64) {
	for _, yen := range r.All {
		sum += yen
	}
	return sum
}

// Revenues is the table by month.
func (s *Service) Revenues(ctx context.Context) ([]Revenue, error) {
	list, err := s.store.Incomes(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Flush(ctx, true); err != nil {
		return nil, err
	}
	var table []Revenue
	for _, i := range list {
		if len(table) == 0 || table[len(table)-1].Month != i.Month {
			table = append(table, Revenue{Month: i.Month, All: map[string]int64{}, PC: map[string]int64{}, Mobile: map[string]int64{}, Payers: -1})
		}
		r := &table[len(table)-1]
		r.All[i.Stream] += i.Yen
		switch i.Device {
		case "pc":
			r.PC[i.Stream] += i.Yen
		case "mobile":
			r.Mobile[i.Stream] += i.Yen
		default:
			if err := s.divide(ctx, r, i); err != nil {
				return nil, err
			}
		}
	}
	return table, nil
}

// divide gives the parts of an undivided income.
func (s *Service) divide(ctx context.Context, r *Revenue, i Income) error {
	begin := time.Date(i.Month/100, time.Month(i.Month%100), 1, 0, 0, 0, 0, Tokyo)
	from, to := DayOf(begin), DayOf(begin.AddDate(0, 1, 0))
	var pc, mobile int64
	switch i.Stream {
	case "advertising":
		days, err := s.store.AdMonth(ctx, from, to)
		if err != nil {
			return err
		}
		for _, d := range days {
			add(d.Mobile, d.Shown, &pc, &mobile)
		}
	case "affiliate":
		clicks, err := s.store.ShopMonth(ctx, from, to)
		if err != nil {
			return err
		}
		for _, c := range clicks {
			add(c.Mobile, c.Clicks, &pc, &mobile)
		}
	case "premium":
		pc, mobile, err := s.store.PayersViews(ctx, from, to, begin.AddDate(0, 1, 0))
		if pc+mobile > 0 {
			r.Payers = float64(mobile) / float64(pc+mobile)
		}
		return err
	}
	if pc+mobile > 0 {
		part := i.Yen * mobile / (pc + mobile)
		r.Mobile[i.Stream] += part
		r.PC[i.Stream] += i.Yen - part
	}
	return nil
}

func add(isMobile bool, n int64, pc, mobile *int64) {
	if isMobile {
		*mobile += n
	} else {
		*pc += n
	}
}

// ShopClicks sums the clicks on links to shops in the last days, by area and shop.
func (s *Service) ShopClicks(ctx context.Context, days int) ([]ShopClick, error) {
	if err := s.Flush(ctx, true); err != nil {
		return nil, err
	}
	now := s.Now()
	return s.store.ShopMonth(ctx, DayOf(now.AddDate(0, 0, -days)), DayOf(now.AddDate(0, 0, 1)))
}
