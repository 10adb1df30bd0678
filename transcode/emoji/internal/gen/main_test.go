package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestTablesAreUpToDate(t *testing.T) {
	tsv, err := os.ReadFile("../../data/emoji.tsv")
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(tsv)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../tables.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("tables.go is not what the generator writes: run go generate ./transcode/emoji")
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
