package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/files"
	"musubi/core/network"
)

// from is a browser behind the gateway, which says that it comes from this address: a carrier's when class is "handset".
func (w *world) from(address, class string) *browser {
	b := w.browser()
	carrier := map[string]string{"handset": "docomo", "browser": "pc"}[class]
	b.headers = map[string]string{"X-Ktai-Carrier": carrier, "X-Ktai-Class": class, "X-Forwarded-For": address}
	return b
}

func (b *browser) tries(mail, password string) reply {
	return b.signed("POST", "/login", url.Values{"mail": {mail}, "password": {password}})
}

// crowd makes members whose password is password.
func (w *world) crowd(n int) (list []core.Member) {
	for i := range n {
		list = append(list, w.member(fmt.Sprintf("会員%d", i)))
	}
	return list
}

// Whoever tries one password at many accounts from one address is slowed down within the minute, and told for how long. A
// device that logged in before gets in from there meanwhile, and so does a neighbour from another network.
func TestSEC102_GuessingAcrossAccounts(t *testing.T) {
	w := newWorld(t)
	members := w.crowd(91)
	victim := members[90]
	known := w.from("192.0.2.7", "browser")
	if r := known.tries(mailOf(victim), password); r.status != 302 {
		t.Fatalf("the first login: %d", r.status)
	}
	evaluated := 0
	var refused reply
	for i := range 90 {
		switch r := w.from("192.0.2.7", "browser").tries(mailOf(members[i]), "not the password"); r.status {
		case 200:
			evaluated++
		case 429:
			refused = r
		default:
			t.Fatalf("try %d: %d", i, r.status)
		}
		w.clock.advance(time.Minute / 90)
	}
	if evaluated > 45 || evaluated < 20 {
		t.Errorf("%d of 90 wrong passwords were looked at within a minute, want 20 to 45", evaluated)
	}
	if r := known.tries(mailOf(victim), password); r.status != 302 {
		t.Errorf("a device that logged in before: %d", r.status)
	}
	if r := w.from("198.51.100.7", "browser").tries(mailOf(victim), password); r.status != 302 {
		t.Errorf("from another network: %d", r.status)
	}
	seconds, err := strconv.Atoi(string(refused.header.Peek("Retry-After")))
	if err != nil || seconds < 1 || seconds > 3 || !strings.Contains(refused.body, "秒後") {
		t.Fatalf("the refusal says to wait %q seconds:\n%s", refused.header.Peek("Retry-After"), refused.body)
	}
	w.clock.advance(3 * time.Second)
	if r := w.from("192.0.2.7", "browser").tries(mailOf(members[3]), password); r.status != 302 {
		t.Errorf("after the time that was said: %d", r.status)
	}
}

// Many members behind few addresses get in: those of a carrier, and those of one house at the same moment.
func TestSEC102_ManyBehindOneAddress(t *testing.T) {
	w := newWorld(t)
	members := w.crowd(40)
	for _, class := range []string{"handset", "browser"} {
		results := make(chan reply, len(members))
		for _, m := range members {
			b := w.from("210.153.84.1", class)
			go func() { results <- b.tries(mailOf(m), password) }()
		}
		for range members {
			if r := <-results; r.status != 302 {
				t.Errorf("%s: %d %s", class, r.status, r.header.Peek("Retry-After"))
			}
		}
	}
	for i := range 90 { // a town mistypes
		w.from("210.153.84.1", "handset").tries(mailOf(members[i%40]), "not the password")
	}
	if r := w.from("210.153.84.1", "handset").tries(mailOf(w.member("花子")), password); r.status != 302 {
		t.Errorf("after ninety mistakes behind the same gateway: %d", r.status)
	}
}

// What was counted outlives the process.
func TestSEC102_CountsOutliveTheProcess(t *testing.T) {
	w := newWorld(t)
	for i := range 25 {
		w.from("192.0.2.7", "browser").tries(fmt.Sprintf("nobody%d@example.jp", i), "not the password")
	}
	again, err := network.New(network.Config{Stores: w.store.Stores(), Blobs: files.Blobs(t.TempDir()), Photos: pngMaker{}, Secret: secret, Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	w.core = again
	if w.site, err = New(again, Config{Secret: secret, GatewayKey: []byte("gateway")}); err != nil {
		t.Fatal(err)
	}
	if r := w.from("192.0.2.7", "browser").tries("nobody@example.jp", "not the password"); r.status != 429 {
		t.Errorf("after a restart: %d, want 429", r.status)
	}
}
