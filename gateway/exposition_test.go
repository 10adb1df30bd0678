package gateway

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metrics"
)

// TestMetricsAreWellFormed: every family has one type, what ends in _total is a counter, a histogram has count and sum, no help is empty,
// and each of ours has one.
func TestMetricsAreWellFormed(t *testing.T) {
	w := newWorld(t, hello, nil)
	w.get(docomo, uaP903i, "/")
	w.get(anywhere, uaChrome, "/")
	var measured, written bytes.Buffer
	w.g.WriteMetrics(&measured)
	metrics.WriteProcessMetrics(&measured)
	writeExposition(&written, measured.Bytes())
	types, text := map[string]string{}, written.String()
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`).FindAllStringSubmatch(text, -1) {
		if types[m[1]] != "" {
			t.Errorf("%s has two types", m[1])
		}
		types[m[1]] = m[2]
	}
	if types["process_io_read_bytes_total"] != "counter" || types["go_sched_latencies_seconds"] != "histogram" || types["musubi_request_seconds"] != "histogram" {
		t.Fatalf("types: %v", types)
	}
	for name, kind := range types {
		if strings.HasSuffix(name, "_total") && kind != "counter" {
			t.Errorf("%s is a %s", name, kind)
		}
		if kind == "histogram" {
			last := regexp.MustCompile(`(?m)^` + name + `_bucket\{(.*,)?le="\+Inf"\} (\d+)\n` + name + `_sum.* \S+\n` + name + `_count.* (\d+)$`).FindStringSubmatch(text)
			if last == nil || last[2] != last[3] {
				t.Errorf("%s: bucket +Inf, sum and count are %q", name, last)
			}
		}
		if strings.HasPrefix(name, "musubi_") && !strings.Contains(text, "# HELP "+name+" "+metricsHelp[name]+"\n") || strings.HasPrefix(name, "musubi_") && metricsHelp[name] == "" {
			t.Errorf("%s has no help", name)
		}
	}
	if m := regexp.MustCompile(`(?m)^# HELP \S+ *$`).FindString(text); m != "" {
		t.Errorf("an empty %q", m)
	}
	for line := range strings.Lines(measured.String()) {
		if !strings.HasPrefix(line, "#") && !slices.Contains(strings.SplitAfter(text, "\n"), line) {
			t.Errorf("lost: %s", line)
		}
	}
}
