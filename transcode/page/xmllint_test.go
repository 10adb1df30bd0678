package page_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// needs skips a test whose program is not installed, unless everything is required to be there (make test).
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") == "1" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed", program)
	}
}

var doctype = regexp.MustCompile(`(?s)^<\?xml[^>]*\?>\s*<!DOCTYPE[^>]*>`)

const basic11 = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML Basic 1.1//EN" "http://www.w3.org/TR/xhtml-basic/xhtml-basic11.dtd">`

// TestXHTMLIsValid holds every page of the XML dialects against the DTD of XHTML Basic 1.1, which contains what XHTML
// Mobile Profile has but ol start [xhtml-basic11].
func TestXHTMLIsValid(t *testing.T) {
	needs(t, "xmllint")
	dir := t.TempDir()
	var files []string
	sources := maps.Clone(hostile)
	for seed := range uint64(12) {
		sources[fmt.Sprint("today", seed)] = makeToday(seed).src.String()
	}
	for name, src := range sources {
		all := all
		all.Foreign = strings.HasPrefix(name, "today")
		for _, n := range pagetest.Handsets {
			h := n.Handset()
			if !h.Dialect.XML() {
				continue
			}
			parts, _ := pagetest.Page(&h, []byte(src), all)
			for i, part := range parts {
				if i > 1 && i < len(parts)-1 && i%7 != 0 {
					continue // the middle parts of a long page are alike
				}
				decoded := text.ForHandset(&h).AppendDecode(nil, part)
				file := filepath.Join(dir, fmt.Sprintf("%s-%s-%d.xhtml", name, n.Name, i+1))
				if err := os.WriteFile(file, doctype.ReplaceAll(decoded, []byte(basic11)), 0o600); err != nil {
					t.Fatal(err)
				}
				files = append(files, file)
			}
		}
	}
	for len(files) > 0 {
		n := min(len(files), 200)
		cmd := exec.Command("xmllint", append([]string{"--nonet", "--valid", "--noout", "--huge"}, files[:n]...)...)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("xmllint: %v\n%s", err, bytes.ReplaceAll(out[:min(len(out), 6000)], []byte(dir), nil))
		}
		files = files[n:]
	}
}
