package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// A conformanceCase is one line of testdata/handsets/*.jsonl; its README says what the fields mean.
type conformanceCase struct {
	Name   string
	In     json.RawMessage
	Want   map[string]any
	Facts  map[string]any
	Source string
}

func conformanceCases(t *testing.T) []conformanceCase {
	t.Helper()
	files, err := filepath.Glob("../../testdata/handsets/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("testdata/handsets is not there:", err)
	}
	var cases []conformanceCase
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			var c conformanceCase
			d := json.NewDecoder(bytes.NewReader(line))
			d.DisallowUnknownFields()
			if err := d.Decode(&c); err != nil {
				t.Fatalf("%s: %v: %s", name, err, line)
			}
			cases = append(cases, c)
		}
	}
	return cases
}

// The whole conformance suite, through the command that the public contract names.
func TestIdentifyConformance(t *testing.T) {
	cases := conformanceCases(t)
	var in, out, errs bytes.Buffer
	for _, c := range cases {
		in.Write(c.In)
		in.WriteByte('\n')
	}
	if status := run([]string{"identify", "--jsonl"}, &std{&in, &out, &errs}); status != 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	lines := bufio.NewScanner(&out)
	for _, c := range cases {
		if !lines.Scan() {
			t.Fatal("fewer results than requests")
		}
		var got map[string]any
		if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Name, func(t *testing.T) {
			for field, want := range c.Want {
				if !fits(got[field], want) {
					t.Errorf("%s = %v, want %v\n%s\n%s", field, got[field], want, c.In, lines.Text())
				}
			}
		})
	}
}

// fits compares as the README of the suite says: null is absent, a list is any of its values, an object is compared field
// by field.
func fits(got, want any) bool {
	switch w := want.(type) {
	case []any:
		if _, isList := got.([]any); !isList {
			return slices.ContainsFunc(w, func(one any) bool { return fits(got, one) })
		}
	case map[string]any:
		g, _ := got.(map[string]any)
		for field, v := range w {
			if !fits(g[field], v) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(got, want)
}

// The suite itself: every case has its own name, a source and something to compare.
func TestConformanceSuiteIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range conformanceCases(t) {
		if seen[c.Name] || c.Name == "" || c.Source == "" || len(c.Want) == 0 || !strings.Contains(string(c.In), `"ua"`) {
			t.Errorf("case %q: twice, or without name, source, want or ua", c.Name)
		}
		seen[c.Name] = true
	}
	if len(seen) < 590 {
		t.Errorf("%d cases: some were lost", len(seen))
	}
}

var update = flag.Bool("update", false, "rewrite the golden files of cmd/musubi")

// The readable table and the JSON object, as people and scripts see them.
func TestIdentifyGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"docomo-foma":   {"DoCoMo/2.0 P903i(c100;TB;W24H12;ser356623000314657)", "--header", "X-DCMGUID: AbCdEf1", "--ip", "210.153.84.7"},
		"docomo-mova":   {"DoCoMo/1.0/SH505i/c20/TC/W24H12"},
		"docomo-imode2": {"DoCoMo/2.0 P07A3(c500;TB;W24H15)"},
		"au-hdml":       {"UP.Browser/3.04-KCTA UP.Link/3.4.5.9", "--header", "X-UP-DEVCAP-MAX-PDU: 7000"},
		"au-win": {"KDDI-CA39 UP.Browser/6.2.0.13.1.5 (FUI) MMP/2.0", "--header", "x-up-subno: 05000012345678_mj.ezweb.ne.jp",
			"--header", "X-UP-DEVCAP-SCREENPIXELS: 232,323", "--header", "X-UP-DEVCAP-SCREENDEPTH: 16,RGB565", "--ip", "210.153.84.7"},
		"softbank-pdc": {"J-PHONE/4.0/J-SH51/SNJSHA3029293 SH/0001aa Profile/MIDP-1.0 Configuration/CLDC-1.0 Ext-Profile/JSCL-1.1.0"},
		"softbank-new": {"SoftBank/1.0/999ZZ/ZZJ001 Browser/NetFront/3.5", "--header", "X-JPHONE-DISPLAY: 240*400"},
		"crawler":      {"DoCoMo/2.0 P900i(c100;TB;W24H11)(compatible; ichiro/mobile goo; +http://search.goo.ne.jp/)"},
		"full-browser": {"Mozilla/4.08 (N905imyu_W;FOMA;c500;TB)"},
		"smartphone":   {"Mozilla/5.0 (iPhone; CPU iPhone OS 5_0_1 like Mac OS X) AppleWebKit/534.46"},
		"pc":           {"Mozilla/5.0 (Windows NT 10.0)"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			for _, form := range [][]string{{"identify"}, {"identify", "--json"}} {
				if status := run(append(form, args...), &std{nil, &out, &errs}); status != 0 {
					t.Fatalf("status %d: %s", status, errs.String())
				}
			}
			golden(t, filepath.Join("testdata", "identify", name+".golden"), out.Bytes())
		})
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", path, got, want)
	}
}

// A carrier that exists only in a folder of files, through the command.
func TestIdentifyWithOperatorFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"carriers.tsv":    "carrier\tua_contains\tfrom_ranges\tid_header\tid_pattern\noperator-x\tKAIOS/\tyes\tX-MSISDN-Hash\t[0-9a-f]{64}\n",
		"generations.tsv": "carrier\tgeneration\tdialect\tcharset\temoji\tcookies\tpage\timage\tinput\noperator-x\t-\thtml5\tUTF-8\tunicode\tyes\t0\t0\thtml5\n",
		"ranges.tsv": "carrier\tcidr\tclass\tconfirmed\twide\noperator-x\t10.0.0.0/8\thandset\t" +
			time.Now().Format(time.DateOnly) + "\tyes\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hash := strings.Repeat("0a", 32)
	in := `{"ua":"Mozilla/5.0 (Mobile; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5","headers":{"x-msisdn-hash":"` + hash + `"},"ip":"10.1.2.3"}`
	var out, errs bytes.Buffer
	if status := run([]string{"identify", "--jsonl", "--carriers", dir}, &std{strings.NewReader(in), &out, &errs}); status != 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	want := `{"carrier":"operator-x","charset":"UTF-8","dialect":"html5","emoji":"unicode","cookies":true,"page_budget":0,"subscriber_id":"` +
		hash + `","trusted":true,"range_class":"handset","step":"carrier"}` + "\n"
	if out.String() != want {
		t.Errorf("got  %swant %s", out.String(), want)
	}
}

// Bad arguments and unreadable input end with status 2 and one sentence.
func TestIdentifyRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		in   string
		want string
	}{
		"no JSON":         {[]string{"--jsonl"}, "{\"ua\":\"x\"}\nDoCoMo/2.0\n", "line 2 is no request: invalid character 'D'"},
		"no ua":           {[]string{"--jsonl"}, "{\"headers\":{}}", "line 1 is no request: it has no \"ua\"; expected {\"ua\":"},
		"header a number": {[]string{"--jsonl"}, `{"ua":"x","headers":{"a":1}}`, `header "a": expected text or a list of texts`},
		"headers a list":  {[]string{"--jsonl"}, `{"ua":"x","headers":["a"]}`, "headers: expected an object of names and values"},
		"line too long":   {[]string{"--jsonl"}, strings.Repeat(" ", 1<<20+1), "line 1 is longer than 1048576 bytes"},
		"nothing":         {nil, "", "no User-Agent: expected one as argument, or --jsonl"},
		"both":            {[]string{"--jsonl", "DoCoMo/2.0"}, "", `leave the User-Agent "DoCoMo/2.0" out`},
		"header":          {[]string{"x", "--header", "X-DCMGUID"}, "", `--header "X-DCMGUID": expected 'Name: value'`},
		"address":         {[]string{"x", "--ip", "somewhere"}, "", `--ip "somewhere": expected an address`},
		"folder":          {[]string{"x", "--carriers", "/does/not/exist"}, "", "carriers folder: stat /does/not/exist"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			status := run(append([]string{"identify"}, c.args...), &std{strings.NewReader(c.in), &out, &errs})
			if status != 2 || !strings.Contains(errs.String(), c.want) || strings.Count(errs.String(), "\n") != 1 {
				t.Errorf("status %d, %q; want 2 and one line with %q", status, errs.String(), c.want)
			}
		})
	}
}
