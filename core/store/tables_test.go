package store

import (
	"context"
	"musubi/core"
	"musubi/core/store/engine"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every table and every column of the schema says what becomes of it. Who adds one and comes here: say in the tables of its
// area whether its rows go with a member, stay and why, and whether an export has them.
func TestSEC122_TablesKnowEveryColumn(t *testing.T) {
	onFile(t)
	s := fresh(t)
	ctx := context.Background()
	word := func(r engine.Scanner) (name string, err error) { return name, r.Scan(&name) }
	names, err := engine.List(ctx, s.on(ctx), word, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil || len(names) < 20 {
		t.Fatal(names, err)
	}
	files := map[string]bool{}
	for _, name := range names {
		i := slices.IndexFunc(s.tables, func(x core.Table) bool { return x.Name == name })
		if i < 0 {
			t.Errorf("no area has the table %s", name)
			continue
		}
		table := s.tables[i]
		columns, err := engine.List(ctx, s.on(ctx), word, `SELECT name FROM pragma_table_info($1)`, name)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := engine.List(ctx, s.on(ctx), word, `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`, name)
		if err != nil || !slices.Equal(keys, table.Keys()) {
			t.Errorf("%s: the key is %v, its area says %v (%v)", name, keys, table.Keys(), err)
		}
		var known []string
		for _, c := range strings.Fields(table.Columns) {
			column, kind, _ := strings.Cut(c, ":")
			if !core.IsColumnKind(kind) {
				t.Errorf("%s.%s is of the kind %q, which is none", name, column, kind)
			}
			known = append(known, column)
			refers := slices.ContainsFunc(table.Members, func(r core.Reference) bool { return r.Column == column })
			if holds := kind == "self" || kind == "member" || kind == "author"; holds != refers {
				t.Errorf("%s.%s holds a member's ID: %v, is a reference: %v", name, column, holds, refers)
			}
		}
		slices.Sort(columns)
		slices.Sort(known)
		if !slices.Equal(columns, known) {
			t.Errorf("%s has the columns %v, its area knows %v", name, columns, known)
		}
		if (table.Export == "") == (table.NoExport == "") || files[table.Export] && table.Export != "" {
			t.Errorf("%s: Export %q, NoExport %q: one of them, and no file twice", name, table.Export, table.NoExport)
		}
		files[table.Export] = true
	}
	if len(s.tables) != len(names) {
		t.Errorf("the areas have %d tables, the database %d", len(s.tables), len(names))
	}
}

// What a reference leans on is there, and nothing reads a whole table, so that a purge is as cheap among a million members.
func TestPurgeAndExportReadByIndex(t *testing.T) {
	onFile(t)
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
	for _, table := range s.tables {
		for _, r := range table.Members {
			if r.Goes() {
				plan(table.Name+" by "+r.Column, `SELECT `+strings.Join(table.Keys(), ", ")+` FROM `+table.Name+` WHERE `+r.Rows()+` LIMIT $2`)
			} else if r.With != "" && !goes(s.tables, r.With) {
				t.Errorf("%s.%s goes with %s, which does not go", table.Name, r.Column, r.With)
			}
		}
		if table.Export == "" {
			continue
		}
		for _, where := range table.ExportedRows() {
			plan("export of "+table.Export, `SELECT * FROM `+table.Name+` WHERE `+where+` ORDER BY `+strings.Join(table.Keys(), ", ")+` LIMIT $2`)
		}
	}
}

// goes says whether the rows of a reference named "table.column" go for its own sake.
func goes(tables []core.Table, name string) bool {
	table, column, _ := strings.Cut(name, ".")
	return slices.ContainsFunc(tables, func(x core.Table) bool {
		return x.Name == table && slices.ContainsFunc(x.Members, func(r core.Reference) bool { return r.Column == column && r.Goes() })
	})
}

// Rows that are found by those of another table go before them: when that one's are gone, nothing finds them any more.
func TestTablesGoBeforeThoseTheyRead(t *testing.T) {
	s := fresh(t)
	place := map[string]int{}
	for i, table := range s.tables {
		place[table.Name] = i
	}
	reads := regexp.MustCompile(`IN \(SELECT [^()]*? FROM (\w+)`)
	found := 0
	for i, table := range s.tables {
		texts := slices.Clone(table.Cascade)
		for _, r := range table.Members {
			if r.Goes() {
				texts = append(texts, r.Rows())
			}
		}
		for _, text := range texts {
			for _, m := range reads.FindAllStringSubmatch(text, -1) {
				if found++; place[m[1]] < i {
					t.Errorf("%s reads %s, whose rows are gone by then: %s", table.Name, m[1], text)
				}
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d readings found: does the test see them?", found)
	}
}
