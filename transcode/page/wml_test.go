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

func wapPhone() *carriers.Handset { return wapPhones()["wml-1.1"] }

// wapPhones are one for each version of WML.
func wapPhones() map[string]*carriers.Handset {
	list := map[string]*carriers.Handset{}
	for _, ua := range []string{"Nokia7110/1.0 (04.84)", "OPWV1/4.0 UP.Browser/5.0.1.1.103 (GUI)"} {
		h := carriers.Identify(carriers.Request{UserAgent: ua})
		list[h.Dialect.String()] = &h
	}
	return list
}

// Every page, hostile ones too, is decks of WML within the phone's budget, with all its text in order.
func TestWML(t *testing.T) {
	phones := wapPhones()
	if phones["wml-1.1"] == nil || phones["wml-1.3"] == nil {
		t.Fatalf("WAP phones read %v", phones)
	}
	for dialect, h := range phones {
		for name, src := range hostile {
			if _, wrong := pagetest.Page(h, []byte(src), all); wrong != "" {
				t.Errorf("%s, %s: %.300s", dialect, name, wrong)
			}
		}
		for _, name := range canonicalPages(t) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, wrong := pagetest.Page(h, src, all); wrong != "" {
				t.Errorf("%s, %s: %.300s", dialect, name, wrong)
			}
		}
	}
}

// Links have the keys of the page where the phone knows keys, with their signs before them, and the parts have theirs.
func TestKeysOfWML(t *testing.T) {
	src := `<title>t</title><p><a href="/a" accesskey="1">一</a> <a href="/b">二</a>` + strings.Repeat("<p>長い文が続く。", 100)
	for dialect, want := range map[string]string{"wml-1.1": `<a href="/a">一</a>`, "wml-1.3": `<a href="/a" accesskey="1">`} {
		out, info, err := page.Render(nil, wapPhones()[dialect], []byte(src), page.Options{URL: "http://sns.example/", Part: 1})
		if err != nil || info.Parts < 2 || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v %s", dialect, err, out)
		}
		if keys := strings.Count(string(out), "accesskey"); (keys >= 2) != (dialect == "wml-1.3") {
			t.Errorf("%s: %d keys: %s", dialect, keys, out)
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

// xmllint agrees, by the document types of WML 1.1 and 1.3.
func TestWMLIsValid(t *testing.T) {
	needs(t, "xmllint")
	for dialect, dtd := range map[string]string{"wml-1.1": "wml11.dtd", "wml-1.3": "wml13.dtd"} {
		h, dir := wapPhones()[dialect], t.TempDir()
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
		dtd, err := filepath.Abs("testdata/" + dtd)
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("xmllint", append([]string{"--nonet", "--noout", "--dtdvalid", dtd}, files...)...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %.3000s", dialect, err, out)
		}
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

// A format says what may be typed at all: a date, a number with a point and what is there already have to fit it.
func TestFormatsOfDecksFit(t *testing.T) {
	hdml := carriers.Identify(carriers.Request{UserAgent: "UP.Browser/3.04-CA13 UP.Link/3.4.4"})
	for input, want := range map[string]string{
		`type="date"`: "*m", `type="time" value="10:00"`: "*m", `type="number"`: "*N", `type="number" step="0.1"`: "*m", `type="number" min="-5"`: "*m", `type="number" value="-3"`: "*m",
		`type="tel"`: "*N", `type="tel" value="03-1234-5678"`: "*m", `inputmode="numeric" value="42"`: "*N", `inputmode="decimal"`: "*m",
	} {
		for _, h := range []*carriers.Handset{wapPhone(), &hdml} {
			out, _, err := page.Render(nil, h, []byte(`<title>t</title><form action="/s"><input name="a" `+input+`><input type="submit"></form>`), page.Options{URL: "http://www.example/"})
			if err != nil || !strings.Contains(strings.ToLower(string(out)), `format="`+strings.ToLower(want)) || !strings.Contains(string(out), want) {
				t.Errorf("%s, %s: %s", h.Dialect, input, out)
			}
		}
	}
}
