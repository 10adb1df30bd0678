package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/gateway/redis/redistest"
)

// SEC-102: where there is a Redis, wrong passwords are counted there, for all who use it and whatever they restart; where it is
// lost, the database counts, and the login goes on.
func TestSEC102_GuessesAreCountedInRedis(t *testing.T) {
	addr, stop := redistest.Server(t)
	data := filepath.Join(t.TempDir(), "data")
	wrong := func(s *server, from, n int) (looked int) {
		t.Helper()
		for i := range n {
			p := newPhone(t, s.url, uaPC, true)
			page := p.get("/").must(http.StatusOK)
			got := page.submit(page.form("password"), map[string]string{"mail": fmt.Sprintf("nobody%d@example.jp", from+i), "password": "not the password"})
			switch got.status {
			case http.StatusOK:
				looked++
			case http.StatusTooManyRequests:
			default:
				t.Fatalf("try %d: %d\n%s", i, got.status, s.log)
			}
		}
		return looked
	}
	began := time.Now()
	atMost := func(what string, looked int) {
		t.Helper()
		if most := 21 + int(time.Since(began)/(3*time.Second)); looked > most {
			t.Errorf("%s: %d wrong passwords were looked at, want %d at most", what, looked, most)
		}
	}
	s := startServe(t, data, "--redis", "redis://"+addr+"/0")
	looked := wrong(s, 0, 40)
	s.stop()
	s = startServe(t, data, "--redis", "redis://"+addr+"/0")
	atMost("with Redis, by two processes", looked+wrong(s, 100, 10))
	stop()
	began = time.Now()
	looked = wrong(s, 200, 40)
	if atMost("without Redis", looked); looked < 20 {
		t.Errorf("without Redis %d of 40 were looked at: the database had counted before, or the login stands still", looked)
	}
	if strings.Contains(s.log.String(), "panic") {
		t.Errorf("%s", s.log)
	}
}
