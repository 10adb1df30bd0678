package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a room of core may grow to before it needs walls. Pages are many by nature: core/web has no bound on lines.
const (
	maxRoomLines        = 4000 // written by hand, tests apart
	maxInterfaceMethods = 25   // those of interfaces that it embeds among them
	maxTypeMethods      = 60   // of its own: what an area takes from the Desk is the Desk's
	shortFunction       = 10   // lines: half of all functions are no longer
)

// A measured room is what the rules of size look at.
type measured struct {
	lines      int
	interfaces map[string]*ast.InterfaceType
	methods    map[string]int // of a type, declared
	functions  []int          // their lines
}

// TestRoomsOfCoreStaySmall reads the files when it runs, and names what has outgrown its room.
func TestRoomsOfCoreStaySmall(t *testing.T) {
	rooms := measureCore(t)
	if len(rooms) < 15 {
		t.Fatalf("only %d rooms found: is the test looking at the right tree?", len(rooms))
	}
	short, all := 0, 0
	for _, dir := range slices.Sorted(maps.Keys(rooms)) {
		r := rooms[dir]
		if r.lines > maxRoomLines && dir != "core/web" {
			t.Errorf("%s has %d lines written by hand, %d are the most: it needs a wall", dir, r.lines, maxRoomLines)
		}
		for name := range r.interfaces {
			if n := interfaceMethods(rooms, dir, name); n > maxInterfaceMethods {
				t.Errorf("%s: the interface %s asks for %d methods, %d are the most", dir, name, n, maxInterfaceMethods)
			}
		}
		for name, n := range r.methods {
			if n > maxTypeMethods {
				t.Errorf("%s: the type %s has %d methods, %d are the most", dir, name, n, maxTypeMethods)
			}
		}
		for _, lines := range r.functions {
			if all++; lines <= shortFunction {
				short++
			}
		}
	}
	if short*2 < all {
		t.Errorf("%d of %d functions in core have at most %d lines, expected half", short, all, shortFunction)
	}
}

// measureCore reads core and all below it.
func measureCore(t *testing.T) map[string]*measured {
	t.Helper()
	rooms := map[string]*measured{}
	err := filepath.WalkDir("../../core", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".qtpl.go") {
			return err
		}
		dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../../")
		if rooms[dir] == nil {
			rooms[dir] = &measured{interfaces: map[string]*ast.InterfaceType{}, methods: map[string]int{}}
		}
		return rooms[dir].read(name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}

func (r *measured) read(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	r.lines += strings.Count(string(text), "\n")
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			r.functions = append(r.functions, set.Position(d.End()).Line-set.Position(d.Pos()).Line+1)
			if d.Recv != nil {
				r.methods[typeName(d.Recv.List[0].Type)]++
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok {
					if typ, ok := s.Type.(*ast.InterfaceType); ok {
						r.interfaces[s.Name.Name] = typ
					}
				}
			}
		}
	}
	return nil
}

// typeName is the name of a type as it is embedded or received: without star, brackets and package, which dir tells.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// home is the room of an embedded type: that of its package, or dir itself.
func home(dir string, e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return dir
	}
	if name := sel.X.(*ast.Ident).Name; name != "core" {
		return "core/" + name
	}
	return "core"
}

func interfaceMethods(rooms map[string]*measured, dir, name string) (n int) {
	r := rooms[dir]
	if r == nil || r.interfaces[name] == nil {
		return 0
	}
	for _, m := range r.interfaces[name].Methods.List {
		if len(m.Names) > 0 {
			n += len(m.Names)
		} else {
			n += interfaceMethods(rooms, home(dir, m.Type), typeName(m.Type))
		}
	}
	return n
}
