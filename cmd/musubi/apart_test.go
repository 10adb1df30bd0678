package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startServer starts a server on free ports in a process of its own and gives its address. It is stopped with the test.
func startServer(t *testing.T, args ...string) string {
	t.Helper()
	url, _ := startPair(t, args...)
	return url
}

// startPair is startServer with the operators' address too.
func startPair(t *testing.T, args ...string) (public, admin string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd, problems := exec.Command(path, append(args, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")...), new(bytes.Buffer)
	cmd.Stderr = problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT)
		if err := cmd.Wait(); err != nil {
			t.Errorf("musubi %s after Ctrl-C: %v\n%s", args[0], err, problems)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("musubi %s said nothing: %v\n%s", args[0], err, problems)
	}
	urls := regexp.MustCompile(`http://[0-9.:]+`).FindAllString(line, -1)
	if len(urls) != 2 {
		t.Fatalf("no two addresses in %q", line)
	}
	return urls[0], urls[1]
}

// largeBytes is the size of the picture in the export: more than a gateway takes into memory, and than the kernels take over
// between core, gateway and client before anybody reads.
const largeBytes = 24 << 20

// largePhoto gives a member a photo whose file is very large.
func largePhoto(t *testing.T, data, mail string) {
	t.Helper()
	ctx := context.Background()
	room, err := openCore(ctx, onData(data, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	me, err := room.services.Account.MemberByMail(ctx, mail)
	if err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	p, err := room.services.AddPhoto(ctx, me.ID, picture.Bytes(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := room.services.People.AddProfilePhoto(ctx, me.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, largeBytes)
	rand.NewChaCha8([32]byte{1}).Read(noise)
	if err := os.WriteFile(filepath.Join(data, "photos", p.Hash[:2], p.Hash[2:]), noise, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestExportThroughAGatewayApart: core and gateway are processes of their own. A member with a large photo begins an export on
// a handset, which is told to fetch it on a PC; there a transfer that breaks off can be begun again, and the whole file comes
// through the gateway without being taken into memory, once.
func TestExportThroughAGatewayApart(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	d := startDemo(t, data)
	d.stop()
	me := d.Members[0]
	largePhoto(t, data, me.Mail)
	upstream := startServer(t, "core", "--data", data)
	url := startServer(t, "gateway", "--upstream", upstream, "--core-secret", filepath.Join(data, "secret"), "--data", filepath.Join(dir, "gateway"))

	phone := newPhone(t, url, uaDoCoMo, false)
	page := phone.logIn(me.Mail, me.Password).follow(sjis("設定")).must(200).follow(sjis("データの書き出し")).must(200)
	page.submit(page.formWith("password"), map[string]string{"password": me.Password, "+send": "1"}).must(200)
	ready := waitForExport(t, phone, sjis("書き出しができました"))
	if ready.formMaybe("password") != nil || !bytes.Contains(ready.raw, []byte(sjis("パソコンで"))) {
		t.Errorf("the handset is not told to use a PC:\n%s", ready.raw)
	}

	pc := newPhone(t, url, uaPC, true)
	pc.logIn(me.Mail, me.Password)
	ready = waitForExport(t, pc, "ダウンロード")
	breakOff(t, ready, me.Password)
	z := fetchExport(t, waitForExport(t, pc, "ダウンロード"), me.Password)
	large := 0
	for _, f := range z.File {
		if f.UncompressedSize64 == largeBytes {
			large += readable(t, f)
		}
	}
	if large != 1 {
		t.Errorf("the large photo is there %d times", large)
	}
	if s := pc.get("/settings/export").must(200); bytes.Contains(s.raw, []byte("ダウンロード")) {
		t.Error("what was fetched whole is still offered")
	}
}

// breakOff begins the download and closes the connection in the middle. Its receive buffer is small: what the kernels take
// over counts as sent.
func breakOff(t *testing.T, page *screen, password string) {
	t.Helper()
	form := page.formWith("password")
	body := "fetch=1&password=" + password
	for _, f := range form.fields {
		if f.kind == "hidden" {
			body += "&" + f.name + "=" + f.value
		}
	}
	u, err := page.url.Parse(form.action)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, u.String(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", page.phone.ua)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	dialer := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 32<<10) })
	}}
	client := http.Client{Jar: page.phone.client.Jar, Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.CopyN(io.Discard, resp.Body, 100<<10); err != nil {
		t.Fatalf("%d bytes of status %d came: %v", n, resp.StatusCode, err)
	}
	resp.Body.Close()
}

// readable is 1 for a file of a ZIP that comes out whole, its checksum right.
func readable(t *testing.T, f *zip.File) int {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Errorf("%s: %v", f.Name, err)
		return 0
	}
	return 1
}

// TestGatewayWantsTheCoresSecret: a file that is not there, or that others can read, is a mistake to be told, not a secret to
// be made.
func TestGatewayWantsTheCoresSecret(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "secret")
	if _, problem, status := do(t, "gateway", "--upstream", "http://127.0.0.1:9", "--core-secret", missing); status != 2 || !strings.Contains(problem, "--core-secret") {
		t.Errorf("%d %s", status, problem)
	}
}
