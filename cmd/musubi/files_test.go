package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// makers are what puts a file or a name on the disk.
var makers = []string{"Create", "CreateTemp", "Link", "Mkdir", "MkdirAll", "OpenFile", "Rename", "WriteFile"}

// ownWay are folders and files that may do so themselves, and why.
var ownWay = map[string]string{
	"core/disk":                   "it is the way",
	"carriers/internal":           "generators write source",
	"transcode/emoji/internal":    "generators write source",
	"transcode/charset/internal":  "generators write source",
	"transcode/imaging/internal":  "a benchmark",
	"cmd/musubi/internal":         "benchmarks and their temporary files",
	"transcode/video":             "what a job works with, gone when it is closed",
	"gateway/inbound/inboundtest": "a mail server for tests",
	"cmd/musubi/image.go":         "a picture for the developer who asked for it",
	"cmd/musubi/handset.go":       "the developer's own handset",
	"cmd/musubi/backup.go":        "os.Mkdir of what must be new, synced there",
	"gateway/session/journal.go":  "opens the journal that it appends to",
}

// TestFilesAreWrittenOneWay: a file that is not written by package disk is one that a power cut may take, or half of it.
func TestFilesAreWrittenOneWay(t *testing.T) {
	const top = "../.."
	seen := 0
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "os" && slices.Contains(makers, call.Sel.Name) {
				if seen++; !goesOwnWay(filepath.ToSlash(rel)) {
					t.Errorf("%s calls os.%s: use package core/disk, which syncs what it writes", set.Position(call.Pos()), call.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Fatalf("only %d calls found: is the test looking at the right tree?", seen)
	}
}

func goesOwnWay(file string) bool {
	for place := range ownWay {
		if under(file, place) {
			return true
		}
	}
	return false
}
