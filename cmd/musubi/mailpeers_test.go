package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/gateway/inbound/inboundtest"
	"musubi/transcode/mail"
)

// TestSwaksPosts: the line that the demo prints, as a shell runs it: text, with a photo, as a P903i, in capitals, from a wrong sender.
func TestSwaksPosts(t *testing.T) {
	swaks := inboundtest.Program(t, "swaks")
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	to := pc.postAddresses()[0]
	picture := filepath.Join(t.TempDir(), "海.png")
	if err := os.WriteFile(picture, albumPicture(3), 0o600); err != nil {
		t.Fatal(err)
	}
	send := func(args ...string) string {
		return inboundtest.Run(t, swaks, append([]string{"--server", d.SMTP, "--to", to, "--suppress-data"}, args...)...)
	}
	from := d.Members[0].Mail
	send("--from", from, "--header", "Subject: from a shell", "--body", "by mail")
	pc.get("/diary/list").must(http.StatusOK, "from a shell").follow("from a shell").must(http.StatusOK, "by mail") // when DATA is answered it is there
	send("--from", from, "--header", "Subject: with a photo", "--body", "sea", "--attach-type", "image/png", "--attach", "@"+picture)
	pc.get("/diary/list").must(http.StatusOK).follow("with a photo").must(http.StatusOK, "sea").showsPicture()
	corpus := filepath.Join(t.TempDir(), "p903i.eml")
	raw, err := os.ReadFile("../../testdata/mail/docomo-emoji.eml")
	if err != nil {
		t.Fatal(err)
	}
	raw = regexp.MustCompile(`(?im)^From: .*$`).ReplaceAll(raw, []byte("From: "+from))
	if err := os.WriteFile(corpus, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	to = strings.ToUpper(to)
	send("--from", from, "--data", "@"+corpus)
	m, err := mail.Read(raw, mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pc.get("/diary/list").must(http.StatusOK, m.Subject)
	to = strings.ToLower(to)
	entries := string(pc.get("/diary/list").raw)
	for _, wrong := range [][]string{{"--from", "stranger@example.com"}, {"--from", d.Members[1].Mail}} {
		if out, err := exec.Command(swaks, append([]string{"--server", d.SMTP, "--to", to, "--header", "Subject: forged", "--body", "x"}, wrong...)...).CombinedOutput(); err == nil || !strings.Contains(string(out), "550 5.7.1") {
			t.Errorf("%s posts: %v\n%s", wrong[1], err, out)
		}
	}
	if now := string(pc.get("/diary/list").raw); strings.Contains(now, "forged") || strings.Count(now, "/diary?") != strings.Count(entries, "/diary?") {
		t.Error("a forged mail is there")
	}
}

// TestPostfixBeforeTheProgram: a mail server of one's own hands over by LMTP what handsets send, odd addresses too; whom it is not for is told
// by Postfix.
func TestPostfixBeforeTheProgram(t *testing.T) {
	swaks := inboundtest.Program(t, "swaks")
	s := newMailSiteWith(t, func(c *serveCmd) { c.SMTPListen, c.LMTPListen = "", "127.0.0.1:0" })
	smtp := inboundtest.StartPostfix(t, s.server)
	senders := []string{"a..b@docomo.ne.jp", "a.@ezweb.ne.jp", "a/b?c=d@softbank.ne.jp"}
	for i, from := range senders {
		s.registers(from)
		inboundtest.Run(t, swaks, "--server", smtp, "--from", from, "--to", strings.ToUpper(s.diary), "--h-Subject", fmt.Sprint("odd ", i), "--h-Message-Id", fmt.Sprintf("<%d@docomo.ne.jp>", i), "--body", "text")
	}
	for began := time.Now(); len(s.newest()) < len(senders); time.Sleep(50 * time.Millisecond) {
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("%d entries of %d", len(s.newest()), len(senders))
		}
	}
	for _, l := range s.newest() {
		if !strings.HasPrefix(l.Title, "odd ") {
			t.Errorf("the entry %q", l.Title)
		}
	}
}

// TestSmtpSourcePosts: a load of mail over eight sessions is posted, all of it, once.
func TestSmtpSourcePosts(t *testing.T) {
	source := inboundtest.Program(t, "smtp-source")
	s := newMailSite(t)
	s.registers("a@docomo.ne.jp")
	inboundtest.Run(t, source, "-c", "-d", "-s", "8", "-m", "120", "-l", "4000", "-f", "a@docomo.ne.jp", "-t", s.diary, s.server)
	if n := len(s.newest()); n != 120 {
		t.Errorf("%d entries of 120 mails", n)
	}
}

// TestSEC91_BombsTakeLittleMemory: the running program takes at most 64 MB more while mail bombs of every kind come in at once, and goes on.
func TestSEC91_BombsTakeLittleMemory(t *testing.T) {
	if _, err := binary(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir()) // without ffmpeg: the demo's film takes memory, too
	d := startDemo(t, "")
	defer d.stop()
	d.waitForPictures()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	to := pc.postAddresses()[0]
	status := fmt.Sprintf("/proc/%d/", d.cmd.Process.Pid)
	if err := os.WriteFile(status+"clear_refs", []byte("5"), 0o200); err != nil { // the peak begins anew
		t.Skipf("the peak of memory cannot be reset here: %v", err)
	}
	before := residentMB(t, status, "VmRSS")
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("\xFF\xD8\xFF"), 19)) + "\r\n"
	bombs := map[string]string{
		"nested":    nested(25),
		"parts":     "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 20_000) + "--b--\r\n",
		"oversized": "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat(line, 300_000),
		"large":     "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat(line, 95_000), // no picture, nearly 8 MB
		"header":    "X: " + strings.Repeat("a\r\n b", 40_000) + "\r\n\r\nx\r\n",
	}
	var all sync.WaitGroup
	for round := range 3 {
		for name, bomb := range bombs {
			all.Go(func() {
				id := fmt.Sprintf("%s%d", name, round)
				code := postMail(d.SMTP, d.Members[0].Mail, to, []byte("From: "+d.Members[0].Mail+"\r\nMessage-ID: <"+id+"@example.jp>\r\nMIME-Version: 1.0\r\n"+bomb))
				if code == 250 && name != "large" || code == 0 && name != "oversized" { // its peer may not hear 552 before the connection ends
					t.Errorf("%s: %d", id, code)
				}
			})
		}
	}
	all.Wait()
	if peak := residentMB(t, status, "VmHWM"); peak-before > 64 {
		t.Errorf("the program had %d MB, and %d under mail bombs", before, peak)
	} else {
		t.Logf("the program had %d MB, and %d under mail bombs", before, peak)
	}
	if code := postMail(d.SMTP, d.Members[0].Mail, to, []byte("From: "+d.Members[0].Mail+"\r\nSubject: after\r\nMessage-ID: <after@example.jp>\r\n\r\ntext\r\n")); code != 250 {
		t.Errorf("after the bombs a mail is answered %d", code)
	}
	pc.get("/diary/list").must(http.StatusOK, "after")
}

// residentMB is a line of /proc/PID/status in MB.
func residentMB(t *testing.T, dir, name string) int {
	t.Helper()
	text, err := os.ReadFile(dir + "status")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("no %s in\n%s", name, text)
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n >> 10
}
