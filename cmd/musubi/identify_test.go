package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
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
	if len(seen) < 443 {
		t.Errorf("%d cases: some were lost", len(seen))
	}
}
