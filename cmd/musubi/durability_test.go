package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKillLosesNoAcknowledgedComment kills the program (kill -9) twenty times while handsets and PCs write comments,
// and wants every comment whose answer page arrived to be there after the restart.
func TestKillLosesNoAcknowledgedComment(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 3
	}
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	entry := writeEntry(t, d)
	var mu sync.Mutex
	var acknowledged []string
	for round := range rounds {
		var writers sync.WaitGroup
		for w := range 3 {
			p := newPhone(t, d.URL, uaPC, true)
			p.logIn(d.Members[w].Mail, d.Members[w].Password)
			writers.Go(func() {
				for n := 0; ; n++ {
					text := fmt.Sprintf("comment-%d-%d-%d.", round, w, n)
					s, err := p.request(http.MethodGet, p.base, entry, "", nil)
					if err != nil || s.status != 200 {
						return
					}
					s, err = s.send(s.form("textarea"), map[string]string{"textarea": text, "+send": ""})
					if err != nil || s.status != 200 {
						return
					}
					mu.Lock()
					acknowledged = append(acknowledged, text)
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(50+37*round%200) * time.Millisecond)
		d.kill()
		writers.Wait()
		d = startDemo(t, data)
	}
	defer d.stop()
	if len(acknowledged) < rounds {
		t.Fatalf("only %d comments were acknowledged in %d rounds: the test says nothing", len(acknowledged), rounds)
	}
	have := allComments(t, d, entry)
	for _, text := range acknowledged {
		if !strings.Contains(have, text) {
			t.Errorf("%s was acknowledged and is gone", text)
		}
	}
	t.Logf("%d comments acknowledged over %d kills, all there", len(acknowledged), rounds)
}

// writeEntry writes a diary as the first member and returns its path.
func writeEntry(t *testing.T, d *demo) string {
	t.Helper()
	p := newPhone(t, d.URL, uaPC, true)
	p.logIn(d.Members[0].Mail, d.Members[0].Password)
	s := p.get("/diary/write").must(200)
	s = s.submit(s.form("textarea"), map[string]string{"title": "durable", "textarea": "body", "+confirm": "1"}).must(200)
	for _, f := range s.forms {
		if strings.HasPrefix(f.action, "/diary/write") {
			return s.submit(f, map[string]string{"+send": "1"}).must(200).url.RequestURI()
		}
	}
	t.Fatalf("no form to send the diary:\n%s", s.raw)
	return ""
}

// allComments reads every page of an entry's comments.
func allComments(t *testing.T, d *demo, entry string) string {
	t.Helper()
	p := newPhone(t, d.URL, uaPC, true)
	p.logIn(d.Members[0].Mail, d.Members[0].Password)
	var all strings.Builder
	seen := map[string]bool{}
	for next := []string{entry}; len(next) > 0; {
		path := next[0]
		next = next[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		s := p.get(path).must(200)
		all.Write(s.raw)
		for _, l := range s.links {
			if l.key == "4" || l.key == "6" { // the pager
				next = append(next, l.href)
			}
		}
	}
	return all.String()
}
