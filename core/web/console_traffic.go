package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"musubi/core"
	"musubi/core/figures"
)

// Addresses of the tables.
const (
	trafficPath     = "/operator/traffic"
	trafficCSVPath  = "/operator/traffic.csv"
	trafficJSONPath = "/operator/traffic.json"
	figuresPath     = "/operator/figures"
	figuresCSVPath  = "/operator/figures.csv"
	figuresJSONPath = "/operator/figures.json"
)

// aLot is from how many page views on a month is shown in millions, as the case study does; the running month never is.
const (
	aLot    = 100_000_000
	million = 1_000_000
)

// A trafficLine is a month of the traffic table as it is shown.
type trafficLine struct {
	figures.Row
	millions bool
}

func trafficLines(rows []figures.Row) (list []trafficLine) {
	for _, r := range rows {
		list = append(list, trafficLine{r, !r.Running && r.PC+r.Mobile >= aLot})
	}
	return list
}

// shown is a number of the line, in its unit.
func (l trafficLine) shown(n int64) string {
	if !l.millions {
		return strconv.FormatInt(n, 10)
	}
	return thousands((n + million/2) / million)
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// decimal is a ratio with one decimal.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// month is how a month is called: 2007年1月.
func (v *visit) month(m figures.Month) string { return m.Begin().Format(v.t("traffic.month")) }

// traffic is page views by month, PC and mobile.
func (v consolePages) traffic() error {
	rows, err := v.site.core.Figures.TrafficTable(v.ctx)
	if err != nil {
		return err
	}
	return v.show(&trafficPage{frame(v), trafficLines(rows)})
}

// trafficCSV is the same as a file, in page views.
func (v consolePages) trafficCSV() error {
	rows, err := v.site.core.Figures.TrafficTable(v.ctx)
	if err != nil {
		return err
	}
	lines := [][]string{{"month", "pc", "mobile", "ratio"}}
	for _, r := range rows {
		if !r.Known {
			lines = append(lines, []string{isoMonth(r.Month), "n.a.", "n.a.", "n.a."})
			continue
		}
		lines = append(lines, []string{isoMonth(r.Month), strconv.FormatInt(r.PC, 10), strconv.FormatInt(r.Mobile, 10), decimal(r.Ratio())})
	}
	return v.file("traffic.csv", lines)
}

// isoMonth is a month for programs: 2007-01.
func isoMonth(m figures.Month) string { return m.Begin().Format("2006-01") }

// monthOf is how a month of a table is called.
func monthOf(v *visit, month int) string { return v.month(figures.Month(month)) }

// file answers with lines of CSV. A cell that a spreadsheet would take for a formula cannot come in: labels are keys and numbers, or
// get a quote before them.
func (v consolePages) file(name string, lines [][]string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, line := range lines {
		for i, cell := range line {
			if cell != "" && slices.Contains([]byte("=+-@\t\r"), cell[0]) {
				line[i] = "'" + cell
			}
		}
		w.Write(line)
	}
	w.Flush()
	v.ctx.SetContentType("text/csv; charset=UTF-8")
	v.ctx.Response.Header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	v.ctx.SetBody(b.Bytes())
	return w.Error()
}

// A trafficMonth is a month for programs.
type trafficMonth struct {
	Month   string   `json:"month"`
	PC      *int64   `json:"pc"`
	Mobile  *int64   `json:"mobile"`
	Ratio   *float64 `json:"ratio"`
	Running bool     `json:"running,omitempty"`
}

func (v consolePages) trafficJSON() error {
	rows, err := v.site.core.Figures.TrafficTable(v.ctx)
	if err != nil {
		return err
	}
	list := []trafficMonth{}
	for _, r := range rows {
		m := trafficMonth{Month: isoMonth(r.Month), Running: r.Running}
		if r.Known {
			ratio, _ := strconv.ParseFloat(decimal(r.Ratio()), 64)
			m.PC, m.Mobile, m.Ratio = &r.PC, &r.Mobile, &ratio
		}
		list = append(list, m)
	}
	return v.json(list)
}

func (v consolePages) json(value any) error {
	b, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	v.ctx.SetContentType("application/json")
	v.ctx.SetBody(b)
	return nil
}

// chosen reads table and month from the address.
func (v consolePages) chosen() (table string, m figures.Month, err error) {
	table, m = v.query("t"), figures.MonthOf(v.site.core.Now())
	if table == "" {
		table = figures.Tables[0]
	}
	if !slices.Contains(figures.Tables, table) {
		return table, m, core.ErrNotFound
	}
	if s := v.query("month"); s != "" {
		t, err := time.ParseInLocation("2006-01", s, figures.Tokyo)
		if err != nil {
			return table, m, core.ErrNotFound
		}
		m = figures.MonthOf(t)
	}
	return table, m, nil
}

// figures is one of the other tables.
func (v consolePages) figures() error {
	table, m, err := v.chosen()
	if err != nil {
		return err
	}
	p := &figuresPage{frame: frame(v), table: table, month: m}
	if p.rows, err = v.site.core.Figures.Table(v.ctx, table, m); err != nil {
		return err
	}
	if p.months, err = v.site.core.Figures.Months(v.ctx, table); err != nil {
		return err
	}
	return v.show(p)
}

// exported is what leaves the console of a table: small cells do not, nor a cell from which with the sum a single one could be told.
func exported(rows []figures.Figure) []string {
	cells := make([]string, len(rows))
	small, least := 0, -1 // of what could be told apart: the smallest cell that is not small
	for i, f := range rows {
		cells[i] = strconv.FormatInt(f.N, 10)
		part := ofPeople[f.Table] && (f.Table != "members" || f.Label == "premium" || f.Label == "free")
		switch {
		case !ofPeople[f.Table] || f.N == 0:
		case f.N < figures.SmallCell:
			cells[i] = fmt.Sprintf("<%d", figures.SmallCell)
			if part {
				small++
			}
		case part && (least < 0 || f.N < rows[least].N):
			least = i
		}
	}
	if small == 1 && least >= 0 {
		cells[least] = "*"
	}
	return cells
}

// mean is what a month comes to for a day, a member or a community; "" where nobody asks.
func (p *figuresPage) mean() string {
	of := map[string]int64{}
	for _, f := range p.rows {
		of[f.Label] = f.N
	}
	switch {
	case p.table == "daily" && of["days"] > 0 && of["visits"] > 0:
		days, visits := float64(of["days"]), float64(of["visits"])
		return p.t("figures.daily.mean", decimal(visits/days), decimal(float64(of[figures.PC])/days), decimal(float64(of[figures.Mobile])/days), decimal(float64(of["seconds"])/60/visits))
	case p.table == "communities" && of["communities"] > 0:
		return p.t("figures.communities.mean", decimal(float64(of["memberships"])/float64(of["communities"])))
	}
	return ""
}

// ofPeople are the tables that count people by what they are.
var ofPeople = map[string]bool{"age": true, "sex": true, "occupation": true, "prefecture": true, "members": true}

func (v consolePages) figuresCSV() error {
	table, m, err := v.chosen()
	if err != nil {
		return err
	}
	rows, err := v.site.core.Figures.Table(v.ctx, table, m)
	if err != nil {
		return err
	}
	lines := [][]string{{"month", "label", "n"}}
	cells := exported(rows)
	for i, f := range rows {
		lines = append(lines, []string{isoMonth(f.Month), f.Label, cells[i]})
	}
	return v.file(table+".csv", lines)
}

func (v consolePages) figuresJSON() error {
	table, m, err := v.chosen()
	if err != nil {
		return err
	}
	rows, err := v.site.core.Figures.Table(v.ctx, table, m)
	if err != nil {
		return err
	}
	list := []map[string]string{}
	cells := exported(rows)
	for i, f := range rows {
		list = append(list, map[string]string{"month": isoMonth(f.Month), "label": f.Label, "n": cells[i]})
	}
	return v.json(list)
}

// A pillar is a bar of a chart: where it stands and how much of its height is mobile.
type pillar struct {
	x, pc, mobile, width int
	title                string
}

// Size of a chart.
const chartWidth, chartHeight = 720, 220

// pillars are those of a chart of months, PC and mobile one above the other.
func (v *visit) pillars(lines []trafficLine) (list []pillar) {
	var most int64 = 1
	for _, l := range lines {
		most = max(most, l.PC+l.Mobile)
	}
	step := chartWidth / max(len(lines), 1)
	for i, l := range lines {
		list = append(list, pillar{i * step, int(l.PC * chartHeight / most), int(l.Mobile * chartHeight / most), max(step-3, 1),
			v.month(l.Month) + " PC " + l.shown(l.PC) + ", " + v.t("traffic.mobile") + " " + l.shown(l.Mobile)})
	}
	return list
}

// counts counts a page that a member was shown: a whole page of HTML, asked for with GET, once for all of its parts.
func (v *visit) counts(r *route) {
	if r.method == get && v.member.ID != 0 && !v.ctx.IsHead() && !v.ktai.turned && v.ctx.Response.StatusCode()/100 == 2 &&
		bytes.HasPrefix(v.ctx.Response.Header.ContentType(), []byte("text/html")) {
		v.site.core.Figures.View(v.member.ID, v.ktai.handset, v.ktai.carrier)
	}
}
