package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
)

// audited is the log, a line a row: peer, kind, reason.
func (w *world) audited() (lines []core.Entry) {
	w.t.Helper()
	if err := w.core.FlushRefusals(w.t.Context(), true); err != nil {
		w.t.Fatal(err)
	}
	err := w.core.ReadAudit(w.t.Context(), time.Time{}, w.clock.Now().Add(time.Hour), func(e core.Entry) error {
		lines = append(lines, e)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return lines
}

// Whatever is refused is in the log: from where, why, and which ID; and nothing of the ID or of a mail address itself.
func TestSEC01_SEC120_RefusalsAreLogged(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	pc := w.from("192.0.2.7", "browser")
	pc.tries(mailOf(m), "not the password")
	pc.tries("nobody@example.jp", "not the password")
	for range 6 {
		w.from("198.51.100.9", "browser").tries(mailOf(m), "not the password")
	}

	easy := func(b *browser) { b.signed("GET", "/easy", nil) }
	forged := w.from("203.0.113.5", "browser")
	forged.headers["X-Ktai-Carrier"], forged.headers["X-Ktai-Class"] = "docomo", "other"
	forged.headers["X-Ktai-Refused"], forged.headers["X-Ktai-Refused-Id"] = "peer", strings.Repeat("F", 43)
	easy(forged)
	w.core.Account.SwitchEasyLogin(true)
	stranger := w.handset(strings.Repeat("K", 43), "P903i")
	stranger.headers["X-Forwarded-For"] = "210.153.84.1"
	easy(stranger)
	unsigned := w.browser()
	unsigned.headers = map[string]string{"X-Ktai-Refused": "mine", "X-Forwarded-For": "6.6.6.6"}
	unsigned.get("/easy")

	in := w.from("192.0.2.8", "browser")
	in.tries(mailOf(m), password) // throttled by now
	w.clock.advance(time.Hour)
	in.tries(mailOf(m), password)
	in.signed("POST", passwordPath, url.Values{"k": {w.site.newToken(w.sessionKey(in), passwordPath)}, "old": {"wrong"}, "password": {"wrong"}, "new": {"あたらしいひみつのうた"}})

	got := map[string]int{}
	subjects := map[string]string{}
	for _, e := range w.audited() {
		if e.Reason != "" {
			key := e.Peer + " " + e.Kind + " " + e.Reason
			got[key] += e.Times
			subjects[key] = e.Subject
		}
		for _, secret := range []string{mailOf(m), "nobody@example.jp", strings.Repeat("K", 17), strings.Repeat("F", 17)} {
			if strings.Contains(fmt.Sprint(e), secret) {
				t.Errorf("the log says %q: %+v", secret, e)
			}
		}
	}
	for key, want := range map[string]int{
		"192.0.2.7 loginfail password": 1, "192.0.2.7 loginfail unknown": 1, "198.51.100.9 loginfail password": 4, "198.51.100.9 loginfail throttled": 2,
		"203.0.113.5 easyloginfail peer": 1, "210.153.84.1 easyloginfail unknown": 1, " easyloginfail no ID": 1,
		"192.0.2.8 loginfail throttled": 1, "192.0.2.8 stepupfail password": 1,
	} {
		if got[key] != want {
			t.Errorf("%q: %d lines, want %d", key, got[key], want)
		}
	}
	if subjects["203.0.113.5 easyloginfail peer"] != strings.Repeat("F", 16) || subjects["210.153.84.1 easyloginfail unknown"] != strings.Repeat("K", 16) {
		t.Errorf("hashed IDs: %v", subjects)
	}
	if len(subjects["192.0.2.7 loginfail password"]) != 16 || subjects["192.0.2.7 loginfail password"] != subjects["198.51.100.9 loginfail password"] {
		t.Errorf("the hashes of one address differ: %v", subjects)
	}
	if _, err := w.core.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// Blocks, deletions and changed settings are in the log, with who did it and from where.
func TestSEC120_BlocksDeletionsAndSettings(t *testing.T) {
	w := newWorld(t)
	m, other := w.member("花子"), w.member("太郎")
	d := w.diary(m, "題", core.Everyone)
	b := w.from("192.0.2.7", "browser")
	b.tries(mailOf(m), password)
	send := func(path string, values url.Values) {
		values.Set("k", w.site.newToken(w.sessionKey(b), path))
		if r := b.signed("POST", path, values); r.status != 302 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	send("/block", url.Values{"id": {other.ID.String()}})
	send(blocksPath, url.Values{"id": {other.ID.String()}, "member": {other.ID.String()}})
	send("/diary/delete", url.Values{"id": {d.ID.String()}, sureField: {"1"}})
	for _, settings := range []string{"easy-login=off", "easy-login=off", "easy-login=on"} {
		if err := w.core.AuditSettings(t.Context(), settings); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, e := range w.audited() {
		got = append(got, strings.TrimSpace(e.Peer+" "+e.Kind+" "+e.Object))
	}
	want := "192.0.2.7 login|192.0.2.7 block " + other.ID.String() + "|192.0.2.7 unblock " + other.ID.String() + "|192.0.2.7 delete diary " + d.ID.String() +
		"|settings easy-login=off|settings easy-login=on"
	if all := strings.Join(got, "|"); all != want {
		t.Errorf("the log is\n%s\nwant\n%s", all, want)
	}
}

// A line that is changed, or taken out, is found; lines that went because they were old are not missed.
func TestSEC120_VerifyFindsEveryChange(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	for i := range 4 {
		w.from(fmt.Sprintf("192.0.2.%d", i), "browser").tries(mailOf(m), "not the password")
		w.audited()
	}
	db := w.openDB()
	change := func(query string) {
		t.Helper()
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := w.core.VerifyAudit(t.Context()); n != 4 || err != nil {
		t.Fatalf("%d lines, %v", n, err)
	}
	for _, column := range []string{"peer", "reason", "subject", "kind", "client", "object"} {
		change(`UPDATE audit SET ` + column + ` = ` + column + ` || 'x' WHERE seq = 2`)
		if _, err := w.core.VerifyAudit(t.Context()); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("a changed %s: %v", column, err)
		}
		change(`UPDATE audit SET ` + column + ` = substr(` + column + `, 1, length(` + column + `) - 1) WHERE seq = 2`)
	}
	change(`UPDATE audit SET times = 2 WHERE seq = 2`)
	if _, err := w.core.VerifyAudit(t.Context()); err == nil {
		t.Error("a changed number is not found")
	}
	change(`UPDATE audit SET times = 1 WHERE seq = 2`)

	w.clock.advance(core.AuditAge)
	w.from("192.0.2.9", "browser").tries(mailOf(m), "not the password")
	w.audited()
	w.clock.advance(time.Hour)
	if err := w.core.Chores.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := w.core.VerifyAudit(t.Context()); n != 1 || err != nil {
		t.Errorf("after the old lines went: %d lines, %v", n, err)
	}
	change(`DELETE FROM audit_anchor`)
	if _, err := w.core.VerifyAudit(t.Context()); err == nil {
		t.Error("the first lines are missing, and nobody misses them")
	}
}
