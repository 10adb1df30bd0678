package main

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/mail"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"musubi/core/store/pgtest"
)

// A postbox is a mail server that counts letters by whom they go to, and at one of them does something before it answers.
type postbox struct {
	sink
	counted sync.Mutex
	count   map[string]int
	at      int
	do      func()
}

func (p *postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }

func (p *postbox) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	p.counted.Lock()
	defer p.counted.Unlock()
	p.count[m.Header.Get("To")]++
	if len(p.count) == p.at {
		p.at = 0
		p.do()
	}
	return nil
}

// Of two nodes the one that sends is killed after the mail server has a letter and before the node can mark it. No letter is lost, and
// none comes twice but that one: SMTP can promise no more.
func TestLettersOfAKilledNodeGoOut(t *testing.T) {
	pg := pgtest.Start(t)
	pg.Run(t, `CREATE DATABASE musubi`)
	dir, db := t.TempDir(), pg.URL("musubi")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const letters = 60
	killed := make(chan struct{})
	box := &postbox{count: map[string]int{}, at: letters / 3}
	server := smtp.NewServer(box)
	go server.Serve(ln)
	defer server.Close()

	shared := []string{"--db", db, "--blobs", filepath.Join(dir, "blobs"), "--secret-in-db", "plain"}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(path, append([]string{"seed", "--members", "3", "--data", filepath.Join(dir, "a")}, shared...)...).CombinedOutput(); err != nil {
		t.Fatalf("seed: %v\n%s", err, out)
	}
	shared = append(shared, "--smtp", "smtp://"+ln.Addr().String()+"?from=musubi@example.jp")
	a := startServe(t, filepath.Join(dir, "a"), shared...) // it does the chores: it came first
	b := startServe(t, filepath.Join(dir, "b"), shared...)
	box.do = func() {
		a.cmd.Process.Kill()
		close(killed)
	}
	rows, err := sql.Open("pgx", db)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for i := range letters {
		if _, err := rows.Exec(`INSERT INTO outbox (id, address, subject, body, created_at, next_at) VALUES ($1, $2, 'letter', 'body', 1, 1)`, i+1, fmt.Sprintf("%d@example.jp", i)); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-killed:
	case <-time.After(30 * time.Second):
		t.Fatalf("node a sends nothing\n%s", a.log)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		var waiting int
		if err := rows.QueryRow(`SELECT count(*) FROM outbox WHERE sent_at = 0`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		if waiting == 1 { // that of the dead node: its lease passes
			if _, err := rows.Exec(`UPDATE outbox SET next_at = 1 WHERE sent_at = 0`); err != nil {
				t.Fatal(err)
			}
		}
		if waiting == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d letters wait\n%s", waiting, b.log)
		}
	}
	box.counted.Lock()
	defer box.counted.Unlock()
	twice := 0
	for to, n := range box.count {
		if n > 1 {
			twice++
		}
		if n > 2 {
			t.Errorf("%s has the letter %d times", to, n)
		}
	}
	if len(box.count) != letters || twice != 1 {
		t.Errorf("%d of %d letters came, %d of them twice, expected only the one that the node died with", len(box.count), letters, twice)
	}
	b.stop()
}
