package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSeedCommand fills a store, refuses to do it twice, and says what is wrong with its flags.
func TestSeedCommand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	rows := []struct {
		name   string
		args   []string
		status int
		out    string // pattern
		err    string // part
	}{
		{"fill", []string{"--members", "30"}, 0,
			`^30 members, \d+ friendships, \d+ diaries, \d+ comments in \d+\.\d s \(\d+ members/s\)\nlog in as m0\.1@example\.jp … m29\.1@example\.jp with password musubi2007\n$`, ""},
		{"again", []string{"--members", "30"}, 2, `^$`, "choose another --seed"},
		{"other seed", []string{"--members", "5", "--seed", "2", "--password", "kyoto-no-neko"}, 0, `m4\.2@example\.jp with password kyoto-no-neko`, ""},
		{"nobody", []string{"--members", "0"}, 2, `^$`, "expected a number from 1 to"},
		{"too many", []string{"--members", "99999999"}, 2, `^$`, "expected a number from 1 to"},
		{"not a number", []string{"--members", "many"}, 2, `^$`, "many"},
		{"missing", nil, 2, `^$`, "--members"},
		{"short password", []string{"--members", "5", "--password", "short"}, 2, `^$`, "8 to 64"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			status := run(append([]string{"seed", "--data", data}, r.args...), &std{strings.NewReader(""), &out, &errs})
			if status != r.status || !regexp.MustCompile(r.out).MatchString(out.String()) || !strings.Contains(errs.String(), r.err) {
				t.Errorf("status %d, stdout %q, stderr %q", status, out.String(), errs.String())
			}
			if r.status == 0 && errs.Len() > 0 {
				t.Errorf("stderr %q, want silence without a terminal", errs.String())
			}
		})
	}
}
