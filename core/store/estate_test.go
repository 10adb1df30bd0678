package store

import (
	"context"
	"musubi/core/store/engine"
	"slices"
	"strings"
	"testing"
)

// Every table and every column of the schema says in estate what becomes of it. Who adds one and comes here: say in
// core/store/estate.go whether its rows go with a member, stay and why, and whether an export has them.
func TestSEC122_EstateKnowsEveryColumn(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	word := func(r engine.Scanner) (name string, err error) { return name, r.Scan(&name) }
	tables, err := engine.List(ctx, s.on(ctx), word, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil || len(tables) < 20 {
		t.Fatal(tables, err)
	}
	nouns := map[string]bool{}
	for _, table := range tables {
		i := slices.IndexFunc(estate, func(h holding) bool { return h.table == table })
		if i < 0 {
			t.Errorf("estate does not know the table %s", table)
			continue
		}
		h := estate[i]
		columns, err := engine.List(ctx, s.on(ctx), word, `SELECT name FROM pragma_table_info($1)`, table)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := engine.List(ctx, s.on(ctx), word, `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`, table)
		if err != nil || !slices.Equal(keys, h.keys()) {
			t.Errorf("%s: the key is %v, estate says %v (%v)", table, keys, h.keys(), err)
		}
		var known []string
		for _, c := range strings.Fields(h.columns) {
			name, kind, _ := strings.Cut(c, ":")
			if _, ok := kinds[kind]; !ok {
				t.Errorf("%s.%s is of the kind %q, which is none", table, name, kind)
			}
			known = append(known, name)
			claimed := slices.ContainsFunc(h.claims, func(c claim) bool { return c.column == name })
			if holds := kind == "self" || kind == "member" || kind == "author"; holds != claimed {
				t.Errorf("%s.%s holds a member's ID: %v, has a claim: %v", table, name, holds, claimed)
			}
		}
		slices.Sort(columns)
		slices.Sort(known)
		if !slices.Equal(columns, known) {
			t.Errorf("%s has the columns %v, estate knows %v", table, columns, known)
		}
		if (h.noun == "") == (h.not == "") || nouns[h.noun] && h.noun != "" {
			t.Errorf("%s: noun %q, not %q: one of them, and no noun twice", table, h.noun, h.not)
		}
		nouns[h.noun] = true
	}
	if len(estate) != len(tables) {
		t.Errorf("estate has %d tables, the database %d", len(estate), len(tables))
	}
}

// What a claim leans on is there, and nothing reads a whole table, so that a purge is as cheap among a million members.
func TestPurgeAndExportReadByIndex(t *testing.T) {
	s := fresh(t)
	ctx := context.Background()
	plan := func(name, query string) {
		steps, err := engine.List(ctx, s.on(ctx), func(r engine.Scanner) (step string, err error) {
			var id, parent, unused int
			return step, r.Scan(&id, &parent, &unused, &step)
		}, `EXPLAIN QUERY PLAN `+query, 1, 1)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, step := range steps {
			if strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s reads all of a table: %s", name, step)
			}
		}
	}
	for _, h := range estate {
		for _, c := range h.claims {
			if c.with == "" && c.stays == "" {
				plan(h.table+" by "+c.column, `SELECT `+strings.Join(h.keys(), ", ")+` FROM `+h.table+` WHERE `+c.finds()+` LIMIT $2`)
			} else if c.with != "" && !known(c.with) {
				t.Errorf("%s.%s goes with %s, which does not go", h.table, c.column, c.with)
			}
		}
		if h.noun == "" {
			continue
		}
		for _, where := range h.exported() {
			plan("export of "+h.noun, `SELECT * FROM `+h.table+` WHERE `+where+` ORDER BY `+strings.Join(h.keys(), ", ")+` LIMIT $2`)
		}
	}
}

// known says whether a claim named "table.column" deletes rows.
func known(name string) bool {
	table, column, _ := strings.Cut(name, ".")
	for _, h := range estate {
		for _, c := range h.claims {
			if h.table == table && c.column == column && c.with == "" && c.stays == "" {
				return true
			}
		}
	}
	return false
}
