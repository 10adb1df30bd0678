package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"musubi/core"
	"musubi/core/people"
)

// What members chose before choices had keys is the same choice after it, and what they wrote of their occupation stands beside it.
func TestChoicesOfOldBecomeKeys(t *testing.T) {
	const change = 20261130220000
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "old.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrations/sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), change-1); err != nil {
		t.Fatal(err)
	}
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	asked := map[string]core.Choices{"sex": people.Sexes, "blood": people.BloodTypes, "prefecture": core.Prefectures, "occupation": people.Occupations}
	said := func(member int) map[string]string {
		t.Helper()
		rows, err := db.QueryContext(t.Context(), `SELECT field, value || '/' || visibility FROM profile WHERE member = $1`, member)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		all := map[string]string{}
		for rows.Next() {
			var field, value string
			if err := rows.Scan(&field, &value); err != nil {
				t.Fatal(err)
			}
			all[field] = value
		}
		return all
	}
	put := func(member int, field, value string) {
		t.Helper()
		do(`INSERT INTO profile (member, field, value, visibility) VALUES ($1, $2, $3, 2)`, member, field, value)
	}
	for field, choices := range asked {
		for i, c := range choices {
			put(100+i, field, c.Japanese)
		}
	}
	put(1, "occupation", "時計職人")
	put(2, "occupation", "")
	put(2, "hometown", "東京都")
	do(`INSERT INTO figure (name, month, label, n) VALUES ('prefecture', 200701, '東京都', 7), ('prefecture', 200701, '', 2), ('sex', 200701, '女性', 3)`)
	do(`INSERT INTO ad (id, name, slot, text, url, picture, since, until, goal, weight, cap, rules, ended_at, operator) VALUES (1, 'a', 'home', '', '', 0, 0, 0, 0, 1, 0, '{"Sex":"女性","Prefectures":["東京都","京都府"]}', 0, '')`)
	before := said(1)

	if _, err := p.UpTo(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	for field, choices := range asked {
		for i, c := range choices {
			if got := said(100 + i)[field]; got != c.Key+"/2" {
				t.Errorf("%s %s became %q", field, c.Japanese, got)
			}
		}
	}
	if got := said(1); got["occupation"] != people.OtherOccupation+"/2" || got["work"] != "時計職人/2" {
		t.Errorf("a line of words became %q", got)
	}
	if got := said(2); len(got) != 2 || got["occupation"] != "/2" || got["hometown"] != "東京都/2" {
		t.Errorf("what was not chosen became %q", got)
	}
	var labels, rules string
	if err := db.QueryRowContext(t.Context(), `SELECT group_concat(label || n, ' ' ORDER BY name, label), (SELECT rules FROM ad) FROM figure`).Scan(&labels, &rules); err != nil || labels != "2 tokyo7 female3" {
		t.Errorf("figures are of %q, %v", labels, err)
	}
	if rules != `{"Sex":"female","Prefectures":["tokyo","kyoto"]}` {
		t.Errorf("rules %s", rules)
	}
	if _, err := p.DownTo(t.Context(), change-1); err != nil {
		t.Fatal(err)
	}
	if got := said(1); strings.Join([]string{got["occupation"], got["work"]}, " ") != before["occupation"]+" " {
		t.Errorf("and back: %q, before %q", got, before)
	}
	if got := said(112)["prefecture"]; got != "東京都/2" {
		t.Errorf("and back: %q", got)
	}
}
