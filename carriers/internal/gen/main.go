// Command gen compiles carriers/data/*.tsv into carriers/tables.go. It is run by `go generate ./carriers`, reads only files
// of the repository and prints which rows were added, changed or removed since the last run: a removal is looked at twice
// and gets a line in data/removed.tsv.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	data := flag.String("data", "data", "folder of the tables")
	out := flag.String("out", "tables.go", "file to write")
	flag.Parse()
	if err := run(*data, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(data, out string) error {
	code, err := Generate(os.DirFS(data))
	if err != nil {
		return err
	}
	old, err := os.ReadFile(out)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if bytes.Equal(old, code) {
		return nil
	}
	fmt.Printf("%s\n%s", filepath.Base(out), Diff(old, code))
	return os.WriteFile(out, code, 0o644)
}
