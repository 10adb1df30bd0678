package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// rooms says which other rooms of musubi each room may import (docs/architecture.md). The longest matching prefix
// counts; a room may always import what lies below itself.
var rooms = map[string][]string{
	"carriers":           {},
	"transcode":          {"carriers", "transcode"},
	"transcode/internal": {},
	"transcode/charset":  {},
	"transcode/emoji":    {"carriers"},
	"transcode/text":     {"carriers", "transcode/charset", "transcode/emoji"},
	"transcode/form":     {"carriers", "transcode/text"},
	"transcode/keep":     {"carriers", "transcode/charset", "transcode/text"},
	"transcode/markup":   {"carriers", "transcode/text", "transcode/form", "transcode/keep"},
	"transcode/page":     {"carriers", "transcode/text", "transcode/form", "transcode/keep", "transcode/markup"},
	"transcode/imaging":  {},
	"transcode/mail":     {"carriers", "transcode/text"},
	"disk":               {},
	"gateway":            {"carriers", "disk", "transcode"},
	"gateway/session":    {"carriers", "disk"},
	"core":               {"disk"},
	"core/store":         {"core", "disk"},
	"core/cache":         {"core", "core/store"},
	"core/web":           {"core"},
	"core/seed":          {"core"},
	"core/postman":       {"core"},
	"cmd":                {"carriers", "disk", "transcode", "gateway", "core", "cmd"},
}

// modules says which modules outside the standard library a room may import; a room that is not named may import any.
var modules = map[string][]string{
	"carriers":          {},
	"transcode/charset": {"golang.org/x/text"},
	"transcode/emoji":   {"golang.org/x/text"},
	"transcode/imaging": {"github.com/disintegration/imaging", "golang.org/x/image"},
	"core":              {"golang.org/x/text", "golang.org/x/crypto", "golang.org/x/sync"},
}

// TestImportsFollowTheRooms opens the files itself, so the test cache notices a new import.
func TestImportsFollowTheRooms(t *testing.T) {
	const top = "../.."
	files := 0
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		files++
		rel, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		dir := path.Dir(filepath.ToSlash(rel))
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			if why := forbidden(dir, imp, strings.HasSuffix(name, "_test.go")); why != "" {
				t.Errorf("%s imports %s: %s", rel, imp, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 5 {
		t.Fatalf("only %d Go files found: is the test looking at the right tree?", files)
	}
}

// forbidden says why a file in dir must not import imp, or "". A test may also import what any sub-room of its own
// top-level room offers, and any module.
func forbidden(dir, imp string, test bool) string {
	own, ours := strings.CutPrefix(imp, "musubi/")
	room := longest(rooms, dir)
	if room == "" {
		return "the folder is in no room; add it to docs/architecture.md and to this table"
	}
	if ours {
		if under(own, room) || anyUnder(own, rooms[room]) || test && under(own, strings.SplitN(room, "/", 2)[0]) {
			return ""
		}
		return "room " + room + " may not import it (docs/architecture.md)"
	}
	allowed, limited := modules[room]
	if !limited || test || !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") || anyUnder(imp, allowed) {
		return ""
	}
	return "room " + room + " keeps to the standard library and " + strings.Join(allowed, ", ")
}

func longest(table map[string][]string, dir string) (best string) {
	for room := range table {
		if under(dir, room) && len(room) > len(best) {
			best = room
		}
	}
	return best
}

func under(p, prefix string) bool { return p == prefix || strings.HasPrefix(p, prefix+"/") }

func anyUnder(p string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if under(p, prefix) {
			return true
		}
	}
	return false
}
