package gateway

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestAccessLog: each request has one line of JSON with what it came to, whatever stands in its path.
func TestAccessLog(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, hello, func(c *Config) { c.Access = &log })
	w.get(docomo, uaP903i, "/a%22b?x=1")
	w.get(anywhere, uaChrome, "/日記\xff")
	w.g.access.flush()
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines for two requests:\n%s", len(lines), log.String())
	}
	for i, want := range []map[string]any{
		{"method": "GET", "host": ourHost, "path": "/a%22b", "status": 200.0, "carrier": "docomo", "model": "P903i", "route": "page", "peer": docomo, "lost": 0.0},
		{"method": "GET", "host": ourHost, "path": "/日記\uFFFD", "status": 200.0, "carrier": "pc", "model": "", "route": "stream", "peer": anywhere},
	} {
		var got map[string]any
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatalf("%v in %s", err, lines[i])
		}
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s is %v, want %v: %s", name, got[name], value, lines[i])
			}
		}
		at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(got["time"]))
		if err != nil || time.Since(at).Abs() > time.Hour || len(got) != 18 {
			t.Errorf("%v, %d members in %s", err, len(got), lines[i])
		}
	}
}

// TestAccessLog_text: lines of text are as log/slog writes them, and a path cannot make up another field.
func TestAccessLog_text(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, hello, func(c *Config) { c.Access, c.AccessText = &log, true })
	w.get(docomo, uaP903i, "/a{")
	w.get(anywhere, uaChrome, "/b=1")
	w.g.access.flush()
	lines := strings.Split(log.String(), "\n")
	for i, want := range []string{
		` level=INFO msg=request id=\w+ method=GET host=` + ourHost + ` path=/a\{ status=200 bytes=\d+ carrier=docomo model=P903i dialect=\S+( \S+)* route=page lost=0 peer=` + docomo + ` subscriber=`,
		` path="/b=1" status=200 `,
	} {
		if !strings.HasPrefix(lines[i], "time=20") || !regexp.MustCompile(want).MatchString(lines[i]) {
			t.Errorf("line %d is %s, want %s", i, lines[i], want)
		}
	}
	if len(lines) != 3 {
		t.Errorf("%d lines", len(lines))
	}
}

// TestAccessLog_together: no line is lost or torn when many write at once, and closing leaves none behind.
func TestAccessLog_together(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, hello, func(c *Config) { c.Access = &log })
	const writers, each = 8, 200
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			for n := range each {
				w.g.access.writeLine(func(b []byte) []byte { return fmt.Appendf(b, "%d %d %s\n", i, n, strings.Repeat("x", 300)) })
			}
		})
	}
	all.Wait()
	w.g.access.flush()
	seen := map[string]int{}
	for line := range strings.Lines(log.String()) {
		seen[line]++
	}
	if len(seen) != writers*each {
		t.Errorf("%d lines of %d arrived whole", len(seen), writers*each)
	}
}
