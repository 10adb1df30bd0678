package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKillLosesNothingFromTheSearch kills the program (kill -9) while members write entries and the index of the search takes
// them in. After each restart the search finds every entry whose answer page arrived, under the very word that only it has.
func TestKillLosesNothingFromTheSearch(t *testing.T) {
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	var mu sync.Mutex
	acknowledged := map[int][]string{} // by writer
	total := 0
	for round := range rounds {
		var writers sync.WaitGroup
		for w := range 2 {
			p := newPhone(t, d.URL, uaPC, true)
			p.logIn(d.Members[w].Mail, d.Members[w].Password)
			writers.Go(func() {
				for n := 0; ; n++ {
					word := fmt.Sprintf("q%dz%dx%dq", round, w, n)
					if !newEntry(p, "", word) {
						return
					}
					mu.Lock()
					acknowledged[w] = append(acknowledged[w], word)
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(400+170*round) * time.Millisecond) // the index looks for what is new five times a second
		d.kill()
		writers.Wait()
		d = startDemo(t, data)
		for w, words := range acknowledged {
			p := newPhone(t, d.URL, uaPC, true)
			p.logIn(d.Members[w].Mail, d.Members[w].Password)
			for _, word := range words {
				if !finds(p, word) {
					t.Errorf("after kill %d the search does not find %s, which was acknowledged", round+1, word)
				}
			}
		}
	}
	d.stop()
	for _, words := range acknowledged {
		total += len(words)
	}
	if total < rounds {
		t.Fatalf("only %d writes were acknowledged in %d rounds: the test says nothing", total, rounds)
	}
	t.Logf("%d entries acknowledged over %d kills, all found", total, rounds)
}

// finds asks the search for a diary until it is there, for ten seconds.
func finds(p *phone, word string) bool {
	for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(100 * time.Millisecond) {
		s := p.get("/search?in=diaries&q=" + url.QueryEscape(word)).must(http.StatusOK)
		_, found, _ := strings.Cut(string(s.raw), `<ul class="found`)
		if bytes.Contains([]byte(found), []byte("/diary?")) && strings.Contains(found, word) {
			return true
		}
	}
	return false
}
