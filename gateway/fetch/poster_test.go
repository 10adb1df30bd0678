package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"encoding/pem"
	"os"
	"path/filepath"
)

// SEC-85: what strangers name is reached by https alone, on the global Internet alone, and no further than they name it.
func TestSEC85_Poster(t *testing.T) {
	p, err := NewPoster(Config{})
	if err != nil {
		t.Fatal(err)
	}
	port, reached := trap(t)
	for _, address := range []string{
		"http://push.example/a", "https://127.0.0.1/a", "https://127.0.0.1:" + port + "/", "https://localhost/", "https://printer/a", "https://[::1]/", "https://10.0.0.1/a", "https://192.168.1.1/", "https://169.254.169.254/latest",
		"https://push.example:80/", "https://push.example:22/", "https://[fe80::1]/", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/", "https://100.64.0.1/",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if p.Admits(u) == nil {
			t.Errorf("%s is admitted", address)
		}
		if resp, err := p.Client.Post(address, "text/plain", strings.NewReader("x")); err == nil {
			resp.Body.Close()
			t.Errorf("%s was reached", address)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("a server of this machine was reached %d times", n)
	}
	for _, address := range []string{"https://fcm.googleapis.com/fcm/send/x", "https://updates.push.services.mozilla.com/wpush/v2/x", "https://web.push.apple.com:443/x"} {
		u, _ := url.Parse(address)
		if err := p.Admits(u); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	// A name that resolves to this machine is refused when it is connected to.
	rebound, _ := NewPoster(Config{})
	rebound.guard.resolver = names(t, func(int) []string { return []string{"127.0.0.1"} })
	rebound.Client.Transport.(secured).next.(*http.Transport).DialContext = rebound.guard.dial
	if _, err := rebound.Client.Post("https://rebound.example/", "text/plain", strings.NewReader("x")); !errors.Is(err, ErrRefused) {
		t.Errorf("a name of this machine: %v", err)
	}
}

// A redirect is an answer, and leads nowhere.
func TestPosterFollowsNothing(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := NewPoster(Config{Reach: []string{s.Listener.Addr().String()}, CA: ca})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.Client.Post(s.URL, "text/plain", strings.NewReader("x"))
	if err != nil || resp.StatusCode != http.StatusTemporaryRedirect || asked.Load() != 1 {
		t.Fatalf("%v %v, asked %d times", err, resp, asked.Load())
	}
	resp.Body.Close()
}
