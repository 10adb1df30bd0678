package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestTablesAreUpToDate(t *testing.T) {
	emoji, today := file(t, "data/emoji.tsv"), file(t, "data/today.tsv")
	tables, err := generate(emoji)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := generateToday(today, emoji)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file(t, "tables.go"), tables) || !bytes.Equal(file(t, "today_table.go"), rows) {
		t.Error("the tables are not what the generator writes: run go generate ./transcode/emoji")
	}
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBadToday(t *testing.T) {
	emoji := []byte("e4u_id\tgoogle_pua\tdocomo_sjis\tau_sjis\ne-000\tFE000\tF89F\t\n")
	const columns = "sequence\tdocomo\tau\tsoftbank\tja\ten\tshort\n"
	for name, tt := range map[string]struct{ rows, want string }{
		"out of order":                {"1F601\t\t\t\t\t\t\n1F600\t\t\t\t\t\t\n", "1F600"},
		"picture of no row":           {"1F600\te-123\t\t\t\t\t\n", "e-123"},
		"picture the carrier lacks":   {"1F600\t\te-000\t\t\t\t\n", "e-000"},
		"name with an unknown sign":   {"1F600\t\t\t\t\tcaf\u00e9\t\n", "caf"},
		"text that has no code":       {"1F600\t\u263a\t\t\t\t\t\n", "docomo"},
		"two pictures, one of no row": {"1F600\te-000+e-001\t\t\t\t\t\n", "e-001"},
	} {
		if _, err := generateToday([]byte(columns+tt.rows), emoji); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want an error that names %s", name, err, tt.want)
		}
	}
}

func TestBadTables(t *testing.T) {
	for name, tsv := range map[string]string{
		"too few cells":        "e4u_id\tgoogle_pua\ne-000\n",
		"fallback to no row":   "e4u_id\tgoogle_pua\tdocomo_fallback\ne-000\tFE000\te-123\n",
		"code that is not hex": "e4u_id\tgoogle_pua\tdocomo_sjis\ne-000\tFE000\tF8XX\n",
	} {
		if _, err := generate([]byte(tsv)); err == nil || !strings.Contains(err.Error(), "e-000") && !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v, want an error that names the row", name, err)
		}
	}
}
