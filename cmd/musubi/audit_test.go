package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// musubiAudit runs the command on a data directory.
func musubiAudit(data string, args ...string) (out string, status int) {
	var stdout, errs bytes.Buffer
	status = run(append([]string{"audit"}, append(args, "--data", data)...), &std{strings.NewReader(""), &stdout, &errs})
	return stdout.String() + errs.String(), status
}

// TestSEC120_AuditCommand: who was refused an easy login, or gave a wrong password, is in the log a moment later, while the
// demo runs and after it has ended; a changed line is found.
func TestSEC120_AuditCommand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	for i := range 5 {
		p := newPhone(t, d.URL, uaDoCoMo, false)
		p.gateway = map[string]string{"X-DCMGUID": fmt.Sprintf("AbCdEf%d", i)}
		p.get("/").must(200).follow(sjis("かんたんログイン"))
	}
	login := newPhone(t, d.URL, uaPC, true).get("/").must(200)
	login.submit(login.form("password"), map[string]string{"mail": d.Members[0].Mail, "password": "not the password"})

	rows := func() (easy, wrong int, whose map[string]bool) {
		t.Helper()
		out, status := musubiAudit(data, "query")
		if status != 0 {
			t.Fatalf("status %d: %s", status, out)
		}
		whose = map[string]bool{}
		for line := range strings.Lines(out) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(f) != 9 {
				t.Fatalf("a line of %d fields: %q", len(f), line)
			}
			if _, err := time.Parse("2006-01-02T15:04:05.000Z", f[0]); err != nil {
				t.Error(err)
			}
			switch strings.Join(f[1:4], " ") {
			case "127.0.0.1 easyloginfail unknown":
				easy++
				whose[f[4]] = len(f[4]) == 16
			case "127.0.0.1 loginfail password":
				wrong++
			}
		}
		return easy, wrong, whose
	}
	var easy, wrong int
	var whose map[string]bool
	for range 100 { // they are stored behind the answers
		if easy, wrong, whose = rows(); easy == 5 && wrong == 1 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if easy != 5 || wrong != 1 || len(whose) != 5 {
		t.Errorf("while it runs: %d refused easy logins of %d IDs, %d wrong passwords; want 5 of 5, and 1", easy, len(whose), wrong)
	}
	if out, status := musubiAudit(data, "verify"); status != 0 {
		t.Errorf("verify while it runs: status %d: %s", status, out)
	}
	d.stop()
	if easy, wrong, _ := rows(); easy != 5 || wrong != 1 {
		t.Errorf("after it has ended: %d and %d", easy, wrong)
	}
	if out, _ := musubiAudit(data, "query", "--kind", "settings"); strings.Count(out, "\n") != 1 || !strings.Contains(out, " easy-login=on ") {
		t.Errorf("the settings in the log:\n%s", out)
	}
	if out, _ := musubiAudit(data, "query", "--until", "2007-03-03T12:00:00+09:00"); out != "" {
		t.Errorf("before there was anything:\n%s", out)
	}
	if out, status := musubiAudit(data, "verify"); status != 0 {
		t.Errorf("verify: status %d: %s", status, out)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE audit SET peer = '192.0.2.1' WHERE kind = 'easyloginfail'`); err != nil {
		t.Fatal(err)
	}
	if out, status := musubiAudit(data, "verify"); status != 1 || !strings.Contains(out, "was changed") {
		t.Errorf("verify after a change: status %d: %s", status, out)
	}
}
