package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// AtomPub and the API through the whole gateway, as a program meets them: a key made on the page of settings opens the service document, an
// entry is written, changed under its ETag and deleted; a key that has ended opens nothing.
func TestAtomPubThroughTheGateway(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	page := pc.get("/settings/keys").must(200)
	page = page.submit(page.formWith("purpose"), map[string]string{"purpose": "0", "name": "試験", "password": d.Members[0].Password, "+make": ""}).must(200)
	key := string(regexp.MustCompile(`<code>([^<]+)</code>`).FindSubmatch(page.raw)[1])
	ask := func(status int, method, address, body string, fields ...string) (string, http.Header) {
		t.Helper()
		req, err := http.NewRequest(method, address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(d.Members[0].Mail, key)
		req.Header.Set("User-Agent", "atomclient/1.0")
		if body != "" {
			req.Header.Set("Content-Type", "application/atom+xml;type=entry")
		}
		for i := 0; i < len(fields); i += 2 {
			req.Header.Set(fields[i], fields[i+1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != status {
			t.Fatalf("%s %s: %d, want %d\n%s", method, address, resp.StatusCode, status, b)
		}
		return string(b), resp.Header
	}
	entry := func(title string) string {
		return `<?xml version="1.0"?><entry xmlns="http://www.w3.org/2005/Atom"><title>` + title + `</title><content>門をくぐって☀</content></entry>`
	}
	service, _ := ask(200, "GET", d.URL+"/atom/diary", "")
	collection := regexp.MustCompile(`collection href="([^"]+)"`).FindStringSubmatch(service)[1]
	_, made := ask(201, "POST", collection, entry("門の題"))
	address := made.Get("Location")
	text, head := ask(200, "GET", address, "")
	if !strings.Contains(text, "門の題") || head.Get("ETag") == "" || !strings.HasPrefix(head.Get("Content-Type"), "application/atom+xml") {
		t.Fatalf("%v\n%s", head, text)
	}
	ask(304, "GET", address, "", "If-None-Match", head.Get("ETag"))
	ask(412, "PUT", address, entry("別の題"), "If-Match", `"other"`)
	ask(200, "PUT", address, entry("別の題"), "If-Match", head.Get("ETag"))
	pc.get("/diary/list").must(200, "別の題")
	_, head = ask(200, "GET", address, "")
	ask(204, "DELETE", address, "", "If-Match", head.Get("ETag"))
	ask(404, "GET", address, "")
	ask(403, "GET", d.URL+"/api/1/notices", "") // a key is for one purpose
	page = pc.get("/settings/keys").must(200)
	page = page.followTo("/settings/keys/delete").must(200, `name="sure"`)
	page.submit(page.formTo("/settings/keys/delete"), map[string]string{"+sure": ""}).must(200)
	ask(401, "GET", d.URL+"/atom/diary", "")
}
