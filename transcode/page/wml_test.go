package page_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
)

func wapPhone() *carriers.Handset {
	h := carriers.Identify(carriers.Request{UserAgent: "Nokia7110/1.0 (04.84)"})
	return &h
}

// Every page, hostile ones too, is decks of WML within the phone's budget, with all its text in order.
func TestWML(t *testing.T) {
	h := wapPhone()
	if h.Dialect.Family != carriers.WML {
		t.Fatalf("a WAP phone reads %s", h.Dialect)
	}
	for name, src := range hostile {
		if _, wrong := pagetest.Page(h, []byte(src), all); wrong != "" {
			t.Errorf("%s: %.300s", name, wrong)
		}
	}
	for _, name := range canonicalPages(t) {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, wrong := pagetest.Page(h, src, all); wrong != "" {
			t.Errorf("%s: %.300s", name, wrong)
		}
	}
}

func canonicalPages(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../../testdata/canonical/*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("no canonical pages: %v", err)
	}
	return names
}

// xmllint agrees, by the document type of WML 1.1.
func TestWMLIsValid(t *testing.T) {
	needs(t, "xmllint")
	h, dir := wapPhone(), t.TempDir()
	var files []string
	for _, name := range canonicalPages(t) {
		src, _ := os.ReadFile(name)
		parts, _ := pagetest.Page(h, src, all)
		for i, part := range parts {
			_, body, _ := strings.Cut(string(part), "<wml>")
			file := filepath.Join(dir, strings.TrimSuffix(filepath.Base(name), ".html")+string(rune('a'+i%26))+".wml")
			os.WriteFile(file, []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wml>"+body), 0o600)
			files = append(files, file)
		}
	}
	dtd, err := filepath.Abs("testdata/wml11.dtd")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("xmllint", append([]string{"--nonet", "--noout", "--dtdvalid", dtd}, files...)...).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %.3000s", err, out)
	}
}

// A form that is too large for one deck goes on in the next; only the first forgets what earlier pages left.
func TestWMLForms(t *testing.T) {
	src := `<title>t</title><form action="/p" method="post">` + strings.Repeat(`<p>題名 <input name="f"><select name="s"><option>一<option selected>二</select></p>`, 12) + `<input type="submit" value="送る"></form>`
	h := wapPhone()
	var texts []string
	for n, parts := 1, 1; n <= parts; n++ {
		out, info, err := page.Render(nil, h, []byte(src), page.Options{URL: "http://sns.example/a", Part: n})
		if err != nil {
			t.Fatal(err)
		}
		parts = info.Parts
		texts = append(texts, string(out))
		if got := strings.Contains(string(out), "newcontext"); got != (n == 1) {
			t.Errorf("deck %d forgets: %t", n, got)
		}
	}
	all := strings.Join(texts, "")
	if len(texts) < 2 || strings.Count(all, "<postfield ") != 24 || strings.Count(all, "<input ") != 12 || !strings.Contains(texts[len(texts)-1], `value="$(v24)"`) {
		t.Errorf("%d decks: %s", len(texts), all)
	}
	out, _, _ := page.Render(nil, h, []byte(src), page.Options{URL: "http://sns.example/a", Part: 1, Turned: true})
	if strings.Contains(string(out), "newcontext") {
		t.Error("whoever turns back has forgotten")
	}
}
