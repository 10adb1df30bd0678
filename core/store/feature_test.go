package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/network"
)

// Every kind of thread and of find that core knows has its place in the database.
func TestEveryKindIsKept(t *testing.T) {
	s := fresh(t)
	if len(s.boards) != len(network.ThreadKinds) || len(s.finds) != len(network.SearchKinds) {
		t.Errorf("the database keeps %d kinds of threads and %d of finds, core knows %d and %d",
			len(s.boards), len(s.finds), len(network.ThreadKinds), len(network.SearchKinds))
	}
}

// A feature that does not fit the others is refused by its name before a database is touched.
func TestFeaturesThatDoNotFitAreRefused(t *testing.T) {
	finds := 0 // of the areas of the house: the next number is nobody's
	for _, f := range features {
		finds += len(f.Finds)
	}
	for want, f := range map[string]Feature{
		`two features have a table "diary"`:                {Tables: []core.Table{{Name: "diary"}}},
		`two features have a table "twin"`:                 {Tables: []core.Table{{Name: "twin"}, {Name: "twin"}}},
		`"toy" and "journal" both have the board kind 0`:   {Boards: []Board{{Kind: journal.OnDiary}}},
		`none has the board kind 4`:                        {Boards: []Board{{Kind: 9}}},
		`"toy" and "journal" both have the find kind 1`:    {Finds: []Find{{Kind: journal.SearchDiaries}}},
		fmt.Sprintf(`none has the find kind %d`, finds):    {Finds: []Find{{Kind: 99}}},
		`"journal" counts the photos of kind 1, which ano`: {Photos: []PhotoCount{{Kind: journal.DiaryPhoto}}},
	} {
		f.Name = "toy"
		s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "musubi.db")}, f)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("refused with %v, want %q", err, want)
		}
	}
}

// The changes of a feature that comes along are made after those they need, and once.
func TestFeaturesBringTheirSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "musubi.db")
	schema := fstest.MapFS{"20991231000000_toy.sql": {Data: []byte("-- +goose Up\nCREATE TABLE toy AS SELECT id FROM member;\n")}}
	for opened := range 2 {
		s, err := Open(t.Context(), Config{Path: path}, Feature{Name: "toy", Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.change(t.Context(), `INSERT INTO toy (id) VALUES ($1)`, opened); err != nil {
			t.Error(err)
		}
		var n int
		if err := s.on(t.Context()).Row(t.Context(), `SELECT count(*) FROM toy`).Scan(&n); err != nil || n != opened+1 {
			t.Errorf("opened %d times before, the table has %d rows, %v", opened, n, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
