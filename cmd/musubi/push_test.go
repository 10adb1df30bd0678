package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A pushReceiver is a push service and a browser in one: what it is sent is opened by another implementation of RFC 8291, that of npm.
type pushReceiver struct {
	t       *testing.T
	server  *httptest.Server
	arrived chan received
	keys    struct{ Private, Public, Auth string }
	status  int
}

type received struct {
	header http.Header
	body   []byte
}

// node runs a script with what .ci/install has from the npm registry.
func (p *pushReceiver) node(script string, in []byte, args ...string) []byte {
	p.t.Helper()
	modules, err := filepath.Abs("../../.ci/node_modules")
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := os.Stat(modules + "/http_ece"); err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			p.t.Fatalf("http_ece of .ci/package.json is not installed, and this run must not skip anything: %v", err)
		}
		p.t.Skip("http_ece is not installed (.ci/install installs it from the npm registry)")
	}
	node := exec.Command("node", append([]string{"-e", script, "--"}, args...)...)
	node.Env, node.Stdin = append(os.Environ(), "NODE_PATH="+modules), strings.NewReader(string(in))
	var problems strings.Builder
	node.Stderr = &problems
	out, err := node.Output()
	if err != nil {
		p.t.Fatalf("node: %v\n%s", err, &problems)
	}
	return out
}

// newPushReceiver starts one that the program may reach and believes.
func newPushReceiver(t *testing.T) *pushReceiver {
	t.Helper()
	p := &pushReceiver{t: t, arrived: make(chan received, 16), status: http.StatusCreated}
	made := p.node(`const c = require("crypto"), k = c.createECDH("prime256v1"); k.generateKeys();
		console.log(JSON.stringify({Private: k.getPrivateKey("base64url"), Public: k.getPublicKey("base64url"), Auth: c.randomBytes(16).toString("base64url")}))`, nil)
	if err := json.Unmarshal(made, &p.keys); err != nil {
		t.Fatal(err)
	}
	p.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.arrived <- received{r.Header, body}
		w.WriteHeader(p.status)
	}))
	t.Cleanup(p.server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", ca)
	return p
}

// next waits for a message; nil when none comes.
func (p *pushReceiver) next(most time.Duration) *received {
	select {
	case r := <-p.arrived:
		return &r
	case <-time.After(most):
		return nil
	}
}

// opens reads a message, and says for whom and by whom it is signed.
func (p *pushReceiver) opens(r *received) (text string, signed map[string]any) {
	p.t.Helper()
	script := `const c = require("crypto"), ece = require("http_ece"), [key, auth, authorization] = process.argv.slice(1).filter(a => a !== "--");
		const k = c.createECDH("prime256v1"); k.setPrivateKey(key, "base64url");
		const text = ece.decrypt(require("fs").readFileSync(0), {version: "aes128gcm", privateKey: k, authSecret: auth}).toString();
		const [, t, by] = authorization.match(/^vapid t=([^,]+), k=(\S+)$/), raw = Buffer.from(by, "base64url"), [head, body, sign] = t.split(".");
		const jwk = {kty: "EC", crv: "P-256", x: raw.subarray(1, 33).toString("base64url"), y: raw.subarray(33).toString("base64url")};
		const good = c.verify("sha256", Buffer.from(head + "." + body), {key: c.createPublicKey({key: jwk, format: "jwk"}), dsaEncoding: "ieee-p1363"}, Buffer.from(sign, "base64url"));
		console.log(JSON.stringify({text, key: by, good, ...JSON.parse(Buffer.from(body, "base64url"))}));`
	out := p.node(script, r.body, p.keys.Private, p.keys.Auth, r.header.Get("Authorization"))
	if err := json.Unmarshal(out, &signed); err != nil {
		p.t.Fatalf("%v: %s", err, out)
	}
	return signed["text"].(string), signed
}

// With the built program: a comment reaches a browser of its entry's owner as a kind and a number, signed by the site and opened by another
// implementation; after the logout nothing comes any more.
func TestPushReachesABrowser(t *testing.T) {
	p := newPushReceiver(t)
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	d.stop()
	d.URL = startServe(t, data, "--push-reach", p.server.Listener.Addr().String()).url
	path := d.newEntry(0, "ひみつの題", "本文")
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	page := pc.get("/settings/app").must(200, "プッシュ通知")
	page = page.submit(page.formWith("from"), map[string]string{"from": "0", "to": "0", "+save": ""}).must(200, "プッシュ通知")
	siteKey := string(regexp.MustCompile(`data-key="([^"]+)"`).FindSubmatch(page.raw)[1])
	page.submit(page.formWith("endpoint"), map[string]string{"endpoint": p.server.URL + "/place", "p256dh": p.keys.Public, "auth": p.keys.Auth, "+add": ""}).must(200, "このログイン")
	friend := newPhone(t, d.URL, uaPC, true)
	friend.logIn(d.Members[1].Mail, d.Members[1].Password)
	says := func(text string) {
		t.Helper()
		entry := friend.get(path)
		entry.submit(entry.form("textarea"), map[string]string{"textarea": text, "+send": ""}).must(200, text)
	}
	says("ないしょの返事")
	r := p.next(30 * time.Second)
	if r == nil {
		t.Fatal("nothing has come")
	}
	text, signed := p.opens(r)
	if !strings.HasPrefix(text, `{"lines":["`) || !strings.Contains(text, "日記に新しいコメントが") || strings.Contains(text, "ひみつ") || strings.Contains(text, "ないしょ") || strings.Contains(text, d.Members[1].Name) {
		t.Errorf("the message says %s", text)
	}
	if signed["good"] != true || signed["aud"] != p.server.URL || signed["key"] != siteKey || !strings.HasPrefix(fmt.Sprint(signed["sub"]), "https://") {
		t.Errorf("signed: %v, want the key %s and %s", signed, siteKey, p.server.URL)
	}
	for field, want := range map[string]string{"Content-Encoding": "aes128gcm", "Topic": "notices", "Ttl": "86400", "Urgency": "normal"} {
		if got := r.header.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	pc.get(path).must(200, "ないしょの返事") // looked at
	home := pc.get("/home")
	home.submit(home.formTo("/logout"), map[string]string{})
	says("聞こえない返事")
	if r := p.next(12 * time.Second); r != nil {
		text, _ := p.opens(r)
		t.Errorf("after the logout: %s", text)
	}
}

// The site as an application, in chromium: it has a manifest, a worker that keeps files of the program alone, a page
// without a connection, and what is shared with it begins an entry.
func TestScriptApp(t *testing.T) {
	d := startDemo(t, "")
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+"/settings/app"), chromedp.WaitVisible(`#push`))
	problems := b.await(`fetch(document.querySelector("link[rel=manifest]").href).then(r => r.json()).then(m => [m.name !== "", m.display, m.icons.length, m.share_target.action].join(" "))`)
	if problems != "true standalone 6 /share" {
		t.Errorf("the manifest: %s", problems)
	}
	b.becomes("active", `(navigator.serviceWorker.getRegistration().then(r => window.there = r && r.active && r.active.state), window.there === "activated")`, 20*time.Second)
	draft := b.await(`(async () => {
		const canvas = Object.assign(document.createElement("canvas"), {width: 300, height: 200}), form = new FormData();
		form.append("title", "空の写真");
		form.append("text", "きれい☀");
		form.append("file", await new Promise(done => canvas.toBlob(done, "image/jpeg")), "sky.jpg");
		return (await fetch("/share", {method: "POST", body: form})).url;
	})()`)
	b.do(chromedp.Navigate(draft), chromedp.WaitVisible(`textarea[name=body]`), chromedp.Click(`button[name=confirm]`), chromedp.WaitVisible(`main button[name=send]`), chromedp.Click(`main button[name=send]`), chromedp.WaitVisible(`#comments`))
	b.wants("空の写真", "きれい☀")
	b.becomes("shown", `[...document.querySelectorAll("article.entry img")].some(i => i.complete && i.naturalWidth > 0)`, 20*time.Second)
	b.do(chromedp.Navigate(d.URL+"/home"), chromedp.WaitVisible(`#main`))
	kept := b.await(`caches.keys().then(names => Promise.all(names.map(n => caches.open(n).then(c => c.keys())))).then(all => all.flat().map(r => new URL(r.url).pathname).sort().join(" "))`)
	if kept != "/logo.svg /offline /style.css" {
		t.Errorf("the worker keeps %q", kept)
	}
	page := b.await(`caches.match("/offline").then(r => r.text())`)
	for _, m := range d.Members {
		if strings.Contains(page, m.Name) {
			t.Errorf("the page that is kept names %s", m.Name)
		}
	}
	d.stop()
	b.do(chromedp.Navigate(d.URL+"/notices"), chromedp.WaitVisible(`#main`))
	b.wants("つながっていません")
}

// await is eval of what comes later.
func (b *browser) await(script string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(fmt.Errorf("script on the page: %w", err))
	}
	return text
}
