package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestTraces: each request is a span with what was asked of the core below it, by the pattern of its address, and nothing of who
// asked (SEC-36).
func TestTraces(t *testing.T) {
	var mu sync.Mutex
	var batches []otlpBatch
	var raw strings.Builder
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		var b otlpBatch
		mu.Lock()
		defer mu.Unlock()
		if err := json.Unmarshal(text, &b); err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v: %s", err, text)
		}
		batches = append(batches, b)
		raw.Write(text)
	}))
	defer collector.Close()
	s := startServe(t, filepath.Join(t.TempDir(), "data"), "--traces", collector.URL+"/v1/traces")
	newPhone(t, s.url, uaDoCoMo, false).get("/?next=%2Fmember%3Fid%3D471147114711").must(200)
	newPhone(t, s.url, uaPC, true).get("/photo/471147114711?x=secret")
	s.stop() // sends what waits
	mu.Lock()
	defer mu.Unlock()
	spans := map[string]otlpSpan{}
	children := map[string]string{}
	for _, b := range batches {
		for _, r := range b.Resources {
			for _, scope := range r.Scopes {
				for _, span := range scope.Spans {
					if span.Parent != "" {
						children[span.Parent] = span.Name
						continue
					}
					spans[span.Name] = span
				}
			}
		}
	}
	for name, carrier := range map[string]string{"GET /": "docomo", "GET /photo/": "pc"} {
		span, ok := spans[name]
		if !ok || span.Kind != 2 || len(span.TraceID) != 32 || span.Start >= span.End || children[span.SpanID] != "upstream" {
			t.Errorf("%s: %+v, below it %q", name, span, children[span.SpanID])
		}
		if !strings.Contains(raw.String(), `"stringValue":"`+carrier+`"`) {
			t.Errorf("no span says that a handset of %s asked", carrier)
		}
	}
	for _, secret := range []string{"471147114711", "secret", "127.0.0.1"} {
		if strings.Contains(raw.String(), secret) {
			t.Errorf("%q is in the traces: %s", secret, &raw)
		}
	}
}
