package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// aName is one of the gateway's own names or paths, written out.
var aName = regexp.MustCompile(`(?i)(^|[?&;"'])(_[spfaoeukhxy]|_ss|guid)($|[="'])|_[bcgvndl]\.|^/_/`)

// The names that belong to the gateway are written in transcode/own and nowhere else, so that what is ours of an address is
// decided once.
func TestOwnNamesAreWrittenOnce(t *testing.T) {
	top, read := os.DirFS("../.."), 0
	for _, room := range []string{"carriers", "gateway", "transcode", "core", "cmd"} {
		err := fs.WalkDir(top, room, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "transcode/own/") {
				return err
			}
			text, err := fs.ReadFile(top, name)
			if err != nil || !strings.ContainsRune(string(text), '_') && !strings.Contains(strings.ToLower(string(text)), "guid") {
				return err
			}
			read++
			f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil && aName.MatchString(s) && !(s == "guid" && name == "transcode/document/feed.go") { // which is an element of RSS
						t.Errorf("%s writes %.60q; the name stands in transcode/own", name, s)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 100 {
		t.Errorf("only %d files read", read)
	}
}
