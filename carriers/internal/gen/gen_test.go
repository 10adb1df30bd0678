package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// The checked-in tables are those that the generator makes of the data of today.
func TestTablesAreCurrent(t *testing.T) {
	want, err := Generate(os.DirFS("../../data"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../tables.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("tables.go is not what data/ says: run go generate ./carriers\n%s", Diff(got, want))
	}
}

// Row by row, the generator says what a change of the data adds, changes and removes.
func TestDiff(t *testing.T) {
	data := func(handsets string) []byte {
		files := fstest.MapFS{}
		for _, name := range []string{"generations.tsv", "ranges.tsv", "words.tsv", "browsers.tsv", "maildomains.tsv"} {
			text, err := os.ReadFile("../../data/" + name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: text}
		}
		files["handsets.tsv"] = &fstest.MapFile{Data: []byte("carrier\tmodel\tgeneration\twidth\theight\n" + handsets)}
		code, err := Generate(files)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	old := data("docomo\tP903i\tfoma\t240\t270\ndocomo\tP902i\tfoma\t240\t270\n")
	now := data("# a comment moves every line\ndocomo\tP903i\tfoma\t240\t271\ndocomo\tP904i\tfoma\t240\t270\n")
	got := strings.Split(strings.TrimSpace(Diff(old, now)), "\n")
	want := []string{
		`+ modelRows Carrier: "docomo", Token: "P904i"`,
		`- modelRows Carrier: "docomo", Token: "P902i"   (a removal gets its own commit and a line in removed.tsv)`,
		`~ modelRows Carrier: "docomo", Token: "P903i"`,
		`    was Carrier: "docomo", Token: "P903i", Generation: "foma", Width: 240, Height: 270`,
		`    now Carrier: "docomo", Token: "P903i", Generation: "foma", Width: 240, Height: 271`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if same := strings.TrimSpace(Diff(old, old)); same != "" {
		t.Errorf("a file differs from itself: %s", same)
	}
}
