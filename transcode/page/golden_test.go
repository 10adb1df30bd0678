package page_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

var update = flag.Bool("update", false, "write the golden pages instead of comparing with them")

// golden names the handsets whose bytes are kept, one of each kind from mova to 3GC.
var golden = []string{"docomo-D501i", "docomo-SH505i", "docomo-P901i", "docomo-P07A3", "au-KCT1", "au-CA39", "softbank-J-SH07", "softbank-910T", "willcom-WX310K"}

// TestGoldenPages compares every canonical page on every golden handset with testdata/pages/<page>/<handset>.out, further
// parts in <handset>.2.out and so on. The bytes are the handset's own; a difference is shown decoded.
func TestGoldenPages(t *testing.T) {
	eachGolden(t, func(t *testing.T, name, file string, src []byte, n pagetest.Named) {
		h := n.Handset()
		parts, wrong := pagetest.Page(&h, src, goldenOptions(name))
		if wrong != "" {
			t.Error(wrong)
		}
		for i, part := range parts {
			file := file
			if i > 0 {
				file = strings.TrimSuffix(file, ".out") + fmt.Sprintf(".%d.out", i+1)
			}
			if *update {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, part, 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(part, want) {
				c := text.ForHandset(&h)
				t.Errorf("%s differs (go test -update writes it):\n got %s\nwant %s", file, c.AppendDecode(nil, part), c.AppendDecode(nil, want))
			}
		}
	})
}

func goldenOptions(name string) page.Options {
	return page.Options{URL: "http://sns.example/" + name, ContentType: "text/html; charset=utf-8", Session: "S3ss10n", EasyLogin: true}
}

// eachGolden runs f for each canonical page and golden handset.
func eachGolden(t *testing.T, f func(t *testing.T, name, file string, src []byte, n pagetest.Named)) {
	pages, err := filepath.Glob("../../testdata/canonical/*.html")
	if err != nil || len(pages) < 12 {
		t.Fatalf("%d canonical pages, at least 12 are expected (%v)", len(pages), err)
	}
	for _, path := range pages {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".html")
		for _, want := range golden {
			for _, n := range pagetest.Handsets {
				if n.Name == want {
					file := filepath.Join("../../testdata/pages", name, n.Name+".out")
					t.Run(name+"/"+n.Name, func(t *testing.T) { f(t, name, file, src, n) })
				}
			}
		}
	}
}

// TestStable renders every golden page twice: a part reloaded is the same part.
func TestStable(t *testing.T) {
	eachGolden(t, func(t *testing.T, name, _ string, src []byte, n pagetest.Named) {
		h := n.Handset()
		first, _ := pagetest.Page(&h, src, goldenOptions(name))
		again, _ := pagetest.Page(&h, src, goldenOptions(name))
		for i := range first {
			if !bytes.Equal(first[i], again[i]) {
				t.Errorf("part %d is another the second time", i+1)
			}
		}
	})
}
