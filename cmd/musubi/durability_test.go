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

// TestKillLosesNoAcknowledgedWrite kills the program (kill -9) twenty times while members write entries and comments,
// and wants every one whose answer page arrived to be there after the restart.
func TestKillLosesNoAcknowledgedWrite(t *testing.T) {
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
					text := fmt.Sprintf("written-%d-%d-%d.", round, w, n)
					write := comment
					if w == 2 {
						write = newEntry
					}
					if !write(p, entry, text) {
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
		t.Fatalf("only %d writes were acknowledged in %d rounds: the test says nothing", len(acknowledged), rounds)
	}
	have := allPages(t, d, 0, entry) + allPages(t, d, 2, "/diary/list")
	for _, text := range acknowledged {
		if !strings.Contains(have, text) {
			t.Errorf("%s was acknowledged and is gone", text)
		}
	}
	t.Logf("%d writes acknowledged over %d kills, all there", len(acknowledged), rounds)
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

// comment writes a comment under an entry and says whether the answer page came.
func comment(p *phone, entry, text string) bool {
	s, err := p.request(http.MethodGet, p.base, entry, "", nil)
	if err != nil || s.status != 200 {
		return false
	}
	s, err = s.send(s.form("textarea"), map[string]string{"textarea": text, "+send": ""})
	return err == nil && s.status == 200
}

// newEntry writes an entry of that title and says whether its page came.
func newEntry(p *phone, _, text string) bool {
	s, err := p.request(http.MethodGet, p.base, "/diary/write", "", nil)
	if err != nil || s.status != 200 {
		return false
	}
	s, err = s.send(s.form("textarea"), map[string]string{"title": text, "textarea": text, "+confirm": "1"})
	if err != nil || s.status != 200 {
		return false
	}
	s, err = s.send(s.formWith("title"), map[string]string{"+send": "1"})
	return err == nil && s.status == 200
}

// allPages reads every page of a list as one of the members.
func allPages(t *testing.T, d *demo, member int, first string) string {
	t.Helper()
	p := newPhone(t, d.URL, uaPC, true)
	p.logIn(d.Members[member].Mail, d.Members[member].Password)
	var all strings.Builder
	seen := map[string]bool{}
	for next := []string{first}; len(next) > 0; {
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
