package page_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"musubi/carriers"
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
		partFile := func(i int) string {
			if i == 0 {
				return file
			}
			return strings.TrimSuffix(file, ".out") + fmt.Sprintf(".%d.out", i+1)
		}
		for i := len(parts); ; i++ { // parts that the page had before
			if _, err := os.Stat(partFile(i)); err != nil {
				break
			}
			if !*update {
				t.Errorf("%s is a part too many (go test -update removes it)", partFile(i))
			} else if err := os.Remove(partFile(i)); err != nil {
				t.Fatal(err)
			}
		}
		for i, part := range parts {
			file := partFile(i)
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

// TestOneResult: our own parser and the HTML standard's make the same page of canonical markup.
func TestOneResult(t *testing.T) {
	eachGolden(t, func(t *testing.T, name, _ string, src []byte, n pagetest.Named) {
		doc, err := html.ParseWithOptions(bytes.NewReader(src), html.ParseOptionEnableScripting(false))
		if err != nil {
			t.Fatal(err)
		}
		var standard bytes.Buffer
		if err := html.Render(&standard, doc); err != nil {
			t.Fatal(err)
		}
		h := n.Handset()
		own, _ := pagetest.Page(&h, src, goldenOptions(name))
		theirs, _ := pagetest.Page(&h, standard.Bytes(), goldenOptions(name))
		if a, b := bytes.Join(own, nil), bytes.Join(theirs, nil); !bytes.Equal(a, b) {
			c := text.ForHandset(&h)
			t.Errorf("ours\n%s\nthe standard's\n%s", c.AppendDecode(nil, a), c.AppendDecode(nil, b))
		}
	})
}

// TestReadableInATextBrowser has w3m show every golden page that it can read, and looks for its text there in order.
func TestReadableInATextBrowser(t *testing.T) {
	needs(t, "w3m")
	eachGolden(t, func(t *testing.T, name, _ string, src []byte, n pagetest.Named) {
		h := n.Handset()
		if h.Dialect.Family == carriers.HDML || h.Webcode || n.Name == "docomo-P07A3" {
			return // no HDML, no webcode; one i-XHTML is enough
		}
		parts, _ := pagetest.Page(&h, src, goldenOptions(name))
		var shown bytes.Buffer
		for _, part := range parts {
			decoded := strings.Replace(string(text.ForHandset(&h).AppendDecode(nil, part)), h.Charset.String(), "UTF-8", 2)
			cmd := exec.Command("w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "40", "-o", "display_borders=0")
			cmd.Stdin = strings.NewReader(decoded)
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			shown.Write(out)
			for line := range strings.Lines(string(out)) {
				if strings.ContainsAny(line, "<>") && strings.Contains(line, "</") {
					t.Errorf("markup shows through: %s", line)
				}
			}
		}
		if len(bytes.TrimSpace(shown.Bytes())) == 0 {
			t.Error("an empty page")
		}
		if wrong := pagetest.Readable(&h, src, shown.String()); wrong != "" {
			t.Errorf("%s\n%s", wrong, shown.String())
		}
	})
}
