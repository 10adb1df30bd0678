package carriers

import (
	"strconv"

	"musubi/carriers/internal/rows"
)

// A RangeRow is one piece of the address ranges whose handsets are believed, for people to read.
type RangeRow struct{ Carrier, Network, Class string }

// RangeRows lists the ranges of the operator's files, cut into disjoint pieces, in their order.
func (g *Registry) RangeRows() (list []RangeRow) {
	for _, p := range g.ranges {
		list = append(list, RangeRow{p.row.Carrier, p.from.String() + "–" + p.to.String(), Class(p.row.Class).String()})
	}
	return list
}

// A ModelRow is a handset as it is taken for, for people to read.
type ModelRow struct{ Carrier, Model, Generation, Dialect, Display, Budget string }

// ModelRows lists the models of the shipped tables and of the operator's files, each as a request of it is identified.
func (g *Registry) ModelRows() (list []ModelRow) {
	add := func(m *rows.Model) {
		if m.SameAs != "" || m.Token == "" || m.Token[0] == '*' {
			return
		}
		h := g.Identify(Request{UserAgent: userAgentOf(m)})
		name := m.Token
		if m.Name != "" && m.Name != m.Token {
			name += " " + m.Name
		}
		list = append(list, ModelRow{m.Carrier, name, string(h.Generation), h.Dialect.String(),
			strconv.Itoa(h.Display.WidthPx) + "×" + strconv.Itoa(h.Display.HeightPx), strconv.Itoa(h.PageBudget)})
	}
	for i := range g.models {
		add(&g.models[i])
	}
	for i := range modelRows {
		add(&modelRows[i])
	}
	return list
}
