package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	wire "encoding/binary"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"golang.org/x/net/dns/dnsmessage"
)

// acmeName is the site's name in these tests, which an authority of their own believes to be on this machine.
const acmeName = "musubi.example"

// An authority is an ACME server of this process: pebble, which checks challenges by asking, and whose names are all here.
type authority struct {
	url, roots string // of the server, and a file of what it is known by
	issuer     *x509.CertPool
	handler    atomic.Pointer[http.Handler]
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	a := &authority{issuer: x509.NewCertPool()}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := a.handler.Load(); h != nil {
			(*h).ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	a.url, a.roots = server.URL+wfe.DirectoryPath, filepath.Join(t.TempDir(), "roots.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(a.roots, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// begin lets the authority check challenges at these ports.
func (a *authority) begin(t *testing.T, plain, encrypted int) {
	t.Helper()
	quiet, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "rsa", 0, 1, map[string]ca.Profile{"default": {}})
	checker := va.New(quiet, plain, encrypted, false, everyNameIsHere(t), store)
	front := wfe.New(quiet, store, checker, issuer, []string{"pebble.letsencrypt.org"}, false, false, 1, 1)
	h := front.Handler()
	a.issuer.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	a.handler.Store(&h)
}

// everyNameIsHere answers DNS, over TCP as pebble asks: every name is at 127.0.0.1.
func everyNameIsHere(t *testing.T) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go answerNames(c)
		}
	}()
	return ln.Addr().String()
}

func answerNames(c net.Conn) {
	defer c.Close()
	for {
		head := make([]byte, 2)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		question := make([]byte, wire.BigEndian.Uint16(head))
		var m dnsmessage.Message
		if _, err := io.ReadFull(c, question); err != nil || m.Unpack(question) != nil || len(m.Questions) != 1 {
			return
		}
		m.Response, m.Additionals = true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
		}
		answer, err := m.Pack()
		if err != nil {
			return
		}
		c.Write(append(wire.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
	}
}

// httpsAt gives the ports with TLS that a server's line names.
func httpsAt(t *testing.T, line string) (ports []int) {
	t.Helper()
	for _, m := range regexp.MustCompile(`https://[0-9.]+:(\d+)`).FindAllStringSubmatch(line, -1) {
		port, _ := strconv.Atoi(m[1])
		ports = append(ports, port)
	}
	return ports
}

// ask sends one request to a port of this machine for acmeName, with TLS if config is not nil, and gives the answer.
func ask(t *testing.T, port int, config *tls.Config, ua string) *http.Response {
	t.Helper()
	c, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute)) // the first handshake waits for a certificate
	scheme := "http"
	if config != nil {
		c, scheme = tls.Client(c, config), "https"
	}
	r, err := http.NewRequest("GET", scheme+"://"+acmeName+":"+strconv.Itoa(port)+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", ua)
	client := http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return c, nil }, DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return c, nil }}
	answer, err := client.RoundTrip(r)
	if err != nil {
		t.Fatalf("port %d: %v", port, err)
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer
}

// TestACME: a site that has nothing but its name gets its certificate from the authority, keeps it, and answers browsers with TLS of
// today, handsets in plain text and with TLS of 2007 because its operator wished so; others are sent to https.
func TestACME(t *testing.T) {
	a := newAuthority(t)
	data := filepath.Join(t.TempDir(), "data")
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, log: new(safeBuffer)}
	args := []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--hosts", acmeName,
		"--tls-listen", "127.0.0.1:0", "--old-tls-listen", "127.0.0.1:0", "--plain", "handsets", "--acme", "--acme-server", a.url, "--acme-roots", a.roots}
	line := s.start(path, args...)
	ports := httpsAt(t, line)
	plain, err := strconv.Atoi(s.url[strings.LastIndexByte(s.url, ':')+1:])
	if err != nil || len(ports) != 2 {
		t.Fatalf("%q: %v", line, err)
	}
	a.begin(t, plain, ports[0])

	today := &tls.Config{RootCAs: a.issuer, ServerName: acmeName}
	r := ask(t, ports[0], today, uaPC)
	page, _ := io.ReadAll(r.Body)
	if r.StatusCode != 200 || r.TLS == nil || r.TLS.Version < tls.VersionTLS12 || !bytes.Contains(page, []byte("<form")) {
		t.Fatalf("over TLS: %d\n%s\n%s", r.StatusCode, page, s.log)
	}
	if r.Header.Get("Strict-Transport-Security") == "" {
		t.Error("SEC-74: a page over TLS has no Strict-Transport-Security")
	}
	// What handsets of 2007 speak: TLS 1.0 with an RSA key exchange, which is refused at the address of today.
	old := &tls.Config{RootCAs: a.issuer, ServerName: acmeName, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA}}
	if r := ask(t, ports[1], old, uaDoCoMo); r.StatusCode != 200 || r.TLS.Version != tls.VersionTLS10 {
		t.Errorf("a handset over TLS of old: %d, version %x", r.StatusCode, r.TLS.Version)
	}
	if c, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[0])), old); err == nil {
		c.Close()
		t.Error("TLS of old is spoken at the address of today")
	}
	https := "https://" + acmeName + ":" + strconv.Itoa(ports[0]) + "/"
	for what, row := range map[string]struct {
		answer *http.Response
		status int
		to     string
	}{
		"a handset without TLS":     {ask(t, plain, nil, uaDoCoMo), 200, ""},
		"a browser without TLS":     {ask(t, plain, nil, uaPC), 301, https},
		"a browser with TLS of old": {ask(t, ports[1], old, uaPC), 301, https},
	} {
		if row.answer.StatusCode != row.status || row.answer.Header.Get("Location") != row.to {
			t.Errorf("%s: %d to %q, want %d to %q", what, row.answer.StatusCode, row.answer.Header.Get("Location"), row.status, row.to)
		}
	}
	if kept, err := filepath.Glob(filepath.Join(data, "certificates", acmeName+"*")); err != nil || len(kept) == 0 {
		t.Errorf("no certificate is kept: %v", err)
	}
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--password-file", passwordFile(t), "--data", data)
	s.logsInPlainly(plain)
	s.stop()
}

// passwordFile is a file of the password "hutatsu-no-ito".
func passwordFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(name, []byte("hutatsu-no-ito\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// logsInPlainly logs a handset in without TLS, where the core's cookies are for https only.
func (s *server) logsInPlainly(port int) {
	s.t.Helper()
	p := newPhone(s.t, "http://"+acmeName+":"+strconv.Itoa(port), uaDoCoMo, false)
	p.client.Transport = &http.Transport{DisableKeepAlives: true, DisableCompression: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		return net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	}}
	page := p.get("/").must(200)
	page = page.submit(page.formWith("password"), map[string]string{"mail": "haruka@example.jp", "password": "hutatsu-no-ito"}).must(200)
	if !bytes.Contains(page.raw, []byte(sjis("春香"))) {
		s.t.Errorf("a handset without TLS does not come in:\n%s", page.raw)
	}
}

// TestTLSSettings: what does not fit together is refused before anything is opened.
func TestTLSSettings(t *testing.T) {
	for args, want := range map[string]string{
		"--acme": "--tls-listen", "--tls-listen 127.0.0.1:0 --hosts a.example": "--acme", "--tls-listen 127.0.0.1:0 --acme": "--hosts",
		"--tls-listen 127.0.0.1:0 --hosts a.example --tls-cert x": "--tls-key", "--old-tls-listen 127.0.0.1:0": "--tls-listen",
	} {
		all := append([]string{"serve", "--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}, strings.Fields(args)...)
		var said, wrong bytes.Buffer
		if status := run(all, &std{strings.NewReader(""), &said, &wrong}); status != 2 || !strings.Contains(wrong.String(), want) {
			t.Errorf("%s: %d, %q, want a sentence with %s", args, status, &wrong, want)
		}
	}
}
