package gateway

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The tables of docs/ics.md promise tests by name; a promise without its test is an error here.
func TestConformanceTablesNameRealTests(t *testing.T) {
	tests := ""
	for _, pattern := range []string{"*_test.go", "*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			tests += string(b)
		}
	}
	table, err := os.ReadFile("../docs/ics.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for line := range strings.SplitSeq(string(table), "\n") {
		if !strings.HasPrefix(line, "| CT-") && !strings.HasPrefix(line, "| H-") && !strings.HasPrefix(line, "| SEC-") {
			continue
		}
		names := regexp.MustCompile(`\bTest\w+`).FindAllString(line, -1)
		if len(names) == 0 {
			t.Errorf("no test is named: %s", line)
		}
		for _, name := range names {
			named++
			if !strings.Contains(tests, "func "+name+"(t *testing.T)") {
				t.Errorf("there is no %s", name)
			}
		}
	}
	if named < 60 {
		t.Errorf("only %d tests named: is this the table?", named)
	}
}
