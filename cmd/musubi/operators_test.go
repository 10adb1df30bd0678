package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// fetchText asks for a page that must be there.
func fetchText(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%s: %d, %v\n%s", url, r.StatusCode, err, b)
	}
	return string(b)
}

var (
	sampleLine = regexp.MustCompile(`^([a-z_]+)(?:\{((?:[A-Za-z]+="[^"]*"(?:, ?)?)+)\})? (\S+)$`)
	labelPart  = regexp.MustCompile(`([A-Za-z]+)="([^"]*)"`)
)

// checkExposition reads a page in Prometheus' text format as Prometheus would: a TYPE before the first sample of each name,
// values that are numbers, histograms cumulative up to +Inf, which is their count. It gives the samples.
func checkExposition(t *testing.T, text string) map[string]float64 {
	t.Helper()
	types, samples, buckets := map[string]string{}, map[string]float64{}, map[string]float64{}
	for sc := bufio.NewScanner(strings.NewReader(text)); sc.Scan(); {
		line := sc.Text()
		if f := strings.Fields(line); len(f) == 4 && f[1] == "TYPE" {
			if types[f[2]] != "" {
				t.Errorf("two TYPE lines for %s", f[2])
			}
			types[f[2]] = f[3]
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("no sample: %q", line)
			continue
		}
		value, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			t.Errorf("%q: %v", line, err)
		}
		if _, twice := samples[m[1]+"{"+m[2]+"}"]; twice {
			t.Errorf("twice: %q", line)
		}
		samples[m[1]+"{"+m[2]+"}"] = value
		name := m[1]
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			if base := strings.TrimSuffix(name, suffix); types[base] == "histogram" || suffix != "_bucket" && types[base] == "summary" {
				name = base
			}
		}
		if types[name] == "" {
			t.Errorf("no TYPE for %q", line)
		}
		if types[name] == "histogram" && strings.HasSuffix(m[1], "_bucket") {
			series, bound := name, math.Inf(-1)
			for _, l := range labelPart.FindAllStringSubmatch(m[2], -1) {
				if l[1] == "le" {
					bound, _ = strconv.ParseFloat(l[2], 64)
				} else {
					series += "," + l[0]
				}
			}
			if value < buckets[series] {
				t.Errorf("not cumulative: %q after %v", line, buckets[series])
			}
			buckets[series] = value
			if math.IsInf(bound, 1) {
				buckets[series+" whole"] = value
			}
		}
	}
	for series, value := range buckets {
		if whole, ok := buckets[series+" whole"]; !strings.HasSuffix(series, " whole") && (!ok || whole != value) {
			t.Errorf("the buckets of %s do not end with +Inf", series)
		}
	}
	return samples
}

// TestMetricsOfAWholeSite: what Prometheus reads of gateway and core, apart and in one process. No address that somebody asked
// for is in it, and the outbox is on the core's own listener.
func TestMetricsOfAWholeSite(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	p := newPhone(t, d.URL, uaPC, true)
	p.logIn(d.Members[0].Mail, d.Members[0].Password)
	for _, path := range []string{"/diary?id=12345", "/photo/4711.jpg", "/nowhere/4711", "/album/list"} {
		p.get(path)
	}
	text := fetchText(t, d.Admin+"/metrics")
	samples := checkExposition(t, text)
	for name := range samples { // only the names: a count or a time may have any digits
		if strings.Contains(name, "4711") || strings.Contains(name, "12345") {
			t.Errorf("an address as it came is in the metrics: %s", name)
		}
	}
	for name, atLeast := range map[string]float64{
		`musubi_members{status="active"}`: 15, `musubi_sessions{}`: 1, `musubi_letters_waiting{}`: 0, `musubi_store_up{}`: 1, `musubi_cache_bytes{}`: 1,
		`musubi_file_bytes{file="musubi.db"}`: 1000, `musubi_disk_free_bytes{}`: 1, `musubi_requests_inside{kind="page"}`: 0,
		`musubi_request_seconds_bucket{route="/album/list",le="+Inf"}`: 1, `musubi_request_seconds_count{route="/photo/"}`: 1, `musubi_request_seconds_count{route="none"}`: 1,
	} {
		if got, ok := samples[name]; !ok || got < atLeast {
			t.Errorf("%s is %v (there: %v), expected %v at least", name, got, ok, atLeast)
		}
	}
}

// TestCoreHasOperators: a core alone answers its operators.
func TestCoreHasOperators(t *testing.T) {
	core, admin := startPair(t, "core", "--data", t.TempDir())
	fetchText(t, core+"/")
	if got := fetchText(t, admin+"/healthz") + fetchText(t, admin+"/readyz"); got != "ok\nready\n" {
		t.Errorf("health: %q", got)
	}
	if page := fetchText(t, admin+"/outbox"); !strings.Contains(page, "<html") {
		t.Errorf("no outbox: %.200s", page)
	}
	samples := checkExposition(t, fetchText(t, admin+"/metrics"))
	for _, name := range []string{`musubi_requests_total{route="/",status="2xx"}`, `musubi_request_seconds_count{route="/"}`} {
		if samples[name] != 1 {
			t.Errorf("%s is %v: %v", name, samples[name], fmt.Sprint(samples))
		}
	}
}
