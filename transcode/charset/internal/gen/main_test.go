package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestTablesAreUpToDate(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../tables.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("tables.go is not what the generator writes: run go generate ./transcode/charset")
	}
}

func TestSignsAreUpToDate(t *testing.T) {
	tsv, err := os.ReadFile("../../data/signs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	want, err := generateSigns(tsv)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../signs.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("signs.go is not what the generator writes: run go generate ./transcode/charset")
	}
}

func TestBadSigns(t *testing.T) {
	const header = "code\tcharacter\tlikeness\trule\n"
	for name, tt := range map[string]struct{ rows, want string }{
		"too few cells":         {"2713\t✓\tレ\n", "2713"},
		"not in order":          {"2713\t✓\tレ\thand\n2712\t✒\tペン\thand\n", "2712"},
		"another character":     {"2713\t✒\tレ\thand\n", "2713"},
		"no code for likeness":  {"2713\t✓\t✔\thand\n", "✔"},
		"no likeness":           {"2713\t✓\t\thand\n", "2713"},
		"has a code of its own": {"3042\tあ\tア\thand\n", "3042"},
	} {
		if _, err := generateSigns([]byte(header + tt.rows)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want an error that names %s", name, err, tt.want)
		}
	}
}
