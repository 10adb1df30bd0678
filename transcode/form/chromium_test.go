package form

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode"
)

// TestServersCharsetsAreChromiums: every character of the Basic Multilingual Plane, and some beyond, goes to an application in the bytes that
// chromium sends for a form in the charset of its page.
func TestServersCharsetsAreChromiums(t *testing.T) {
	program, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("MUSUBI_TEST_SERVICES") != "" {
		t.Fatal("chromium is not installed, and this run must not skip anything")
	} else if err != nil {
		t.Skip("chromium is not installed (make test installs it)")
	}
	charsets := []string{"shift_jis", "euc-jp", "iso-2022-jp", "big5", "euc-kr", "gbk", "gb18030", "windows-1251", "koi8-r"}
	var all []string
	for r := rune(' '); r <= 0xFFFD; r++ {
		if (r < 0xD800 || r > 0xF8FF) && !unicode.IsControl(r) && r != 0x2028 && r != 0x2029 {
			all = append(all, string(r))
		}
	}
	all = append(all, "𠮷", "🐱", "\U00020089")
	sent := make(chan string, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><title>t</title><textarea id=all>%s</textarea><script>
			(async () => {
				for (const charset of %q.split(" ")) {
					const f = document.createElement("iframe");
					f.name = charset;
					document.body.append(f);
					const form = document.createElement("form");
					form.method = "post"; form.action = "/sent?" + charset; form.target = charset; form.acceptCharset = charset;
					const v = document.createElement("textarea");
					v.name = "v"; v.value = all.value;
					form.append(v);
					document.body.append(form);
					const loaded = new Promise(done => f.onload = () => { if (f.contentDocument.URL != "about:blank") done(); });
					form.submit();
					await loaded;
				}
			})();
		</script>`, strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(strings.Join(all, "\n")), strings.Join(charsets, " "))
	})
	mux.HandleFunc("/sent", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent <- r.URL.RawQuery + " " + string(body)
		io.WriteString(w, "ok")
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	cmd := exec.Command(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-component-update", "--no-first-run",
		"--remote-debugging-port=0", "--user-data-dir="+t.TempDir(), server.URL)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() }()
	for range charsets {
		var charset, body string
		select {
		case got := <-sent:
			charset, body, _ = strings.Cut(got, " ")
		case <-time.After(3 * time.Minute):
			t.Fatal("chromium has not answered")
		}
		value, err := url.QueryUnescape(strings.TrimPrefix(body, "v="))
		if err != nil {
			t.Fatal(err)
		}
		lines, ours, differ := strings.Split(value, "\r\n"), strings.Split(encoderOf(charset)(strings.Join(all, "\r\n")), "\r\n"), 0
		if len(lines) != len(all) || len(ours) != len(all) {
			t.Errorf("%s: %d and %d lines of %d", charset, len(lines), len(ours), len(all))
			continue
		}
		for i, c := range all {
			if got := ours[i]; got != lines[i] {
				if differ++; differ <= 5 {
					t.Errorf("%s: %q (%U) is sent as %x, chromium sends %x", charset, c, []rune(c), got, lines[i])
				}
			}
		}
		if differ > 0 {
			t.Errorf("%s: %d characters differ", charset, differ)
		}
	}
}
