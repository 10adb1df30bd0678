package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/carriers"
	keitai "musubi/gateway/phone"
)

// A modernSite is one in the style of today's web: a long navigation before the text, cookies for TLS only, forms that are checked by where
// they come from and by a token, names for all to see in scripts only.
type modernSite struct {
	style string
	mu    sync.Mutex
	said  []string // what was posted
	on    map[string]bool
}

// styles are how sites say the same: what of a page is navigation and what is its text, and how a form and its button belong together.
var styles = map[string]struct{ nav, main, login string }{
	"semantic": {`<header><nav aria-label="Main"><ul>%s</ul></nav></header>`, `<main><article>%s</article></main>`,
		`<form id="f" method="post" action="/login"><label for="n">名前</label><input id="n" name="name" required><label>合言葉<input type="password" name="word"></label>%s<button type="submit" name="go" value="1">入る</button></form>`},
	"roles": {`<div role="navigation" class="d-flex">%s</div>`, `<div role="main">%s</div><div role="complementary" aria-hidden="true"><svg></svg></div>`,
		`<form id="f" method="post" action="/nowhere">%s</form><input form="f" name="name" placeholder="名前"><input form="f" type="password" name="word" placeholder="合言葉"><button form="f" formaction="/login">入る</button>`},
	"divs": {`<div class="menu">%s</div>`, `<div class="content"><div class="post">%s</div></div>`,
		`<form method="POST" action="login">%s<div><input type="text" name="name" autocomplete="username"></div><div><input type="password" name="word"></div><input type="submit" value="入る"></form>`},
	"tables": {`<table><tr><td>%s</td></tr></table>`, `<table role="presentation"><tr><td>%s</td></tr></table>`,
		`<form method="post" action="/login"><fieldset><legend>入口</legend><table><tr><th>名前<td><input name="name"><tr><th>合言葉<td><input name="word" type="password"></table></fieldset>%s<button>入る</button></form>`},
	"scripted": {`<script>document.write("x")</script><nav hidden>%s</nav><noscript><p>scriptなし</p></noscript>`, `<main id="app"><template><p>no</p></template>%s</main><dialog><p>閉じた窓</p></dialog>`,
		`<form method="post" enctype="multipart/form-data" action="/login"><input name="name" type="email" list="l"><datalist id="l"><option value="a"></datalist><input name="word" type="password">%s<button type="button">目</button><button>入る</button></form>`},
}

const formToken = `t"<&>한국어✓` // of every form: what must come back byte for byte

func (s *modernSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	st := styles[s.style]
	var nav strings.Builder
	for i := range 24 {
		fmt.Fprintf(&nav, `<li><a href="/section/%d">案内%d</a></li>`, i, i)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Strict-Transport-Security", "max-age=31536000")
	h.Set("Content-Security-Policy", "default-src 'self'")
	cookie, _ := r.Cookie("__Host-sid")
	s.mu.Lock()
	in := cookie != nil && s.on[cookie.Value]
	s.mu.Unlock()
	page := func(title, body string) {
		fmt.Fprintf(w, "<!DOCTYPE html><html lang=ja><head><meta charset=utf-8><title>%s</title><link rel=stylesheet href=/a.css><script src=/a.js></script></head><body>"+st.nav+st.main+"<footer><small>©</small></footer></body></html>",
			title, nav.String(), body)
	}
	hidden := `<input type="hidden" name="csrf" value="` + html.EscapeString(formToken) + `">`
	if r.Method == http.MethodPost {
		if err := r.ParseMultipartForm(1 << 20); err != nil && err != http.ErrNotMultipart {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if r.FormValue("csrf") != formToken || r.Header.Get("Origin") != "" && r.Header.Get("Origin") != "https://"+r.Host {
			http.Error(w, fmt.Sprintf("forged: %q %q", r.FormValue("csrf"), r.Header.Get("Origin")), http.StatusForbidden)
			return
		}
	}
	switch r.URL.Path {
	case "/":
		page("表", `<h1>今日の記事</h1><p>糸を結ぶ話。</p><p><a href="/enter">ログイン</a>`)
	case "/enter":
		page("入口", fmt.Sprintf(st.login, hidden))
	case "/login":
		if r.FormValue("name") != "haruka" || r.FormValue("word") != "himitsu" {
			page("違う", "<p>違います")
			return
		}
		id := fmt.Sprint("s", time.Now().UnixNano())
		s.mu.Lock()
		s.on[id] = true
		s.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: "__Host-sid", Value: id, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
		http.Redirect(w, r, "/home", http.StatusSeeOther)
	case "/home", "/search":
		if !in {
			page("外", "<p>外にいます")
			return
		}
		found := ""
		if q := r.FormValue("q"); q != "" {
			found = "<p>「" + html.EscapeString(q) + "」で1件</p>"
		}
		page("家", found+`<p>ようこそ春香</p><form action="/search" role="search"><input type="search" name="q"><button>探す</button></form>
			<form method="post" action="/post">`+hidden+`<textarea name="text"></textarea><button name="send" value="1">書く</button></form><p><a href="/file.txt" download>控え</a> <a href="/logout">出る</a>`)
	case "/post":
		if in {
			s.mu.Lock()
			s.said = append(s.said, r.FormValue("text"))
			s.mu.Unlock()
		}
		http.Redirect(w, r, "/home", http.StatusSeeOther)
	case "/file.txt":
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="file.txt"`)
		io.WriteString(w, "控えの中身")
	case "/logout":
		if cookie != nil {
			s.mu.Lock()
			delete(s.on, cookie.Value)
			s.mu.Unlock()
		}
		http.SetCookie(w, &http.Cookie{Name: "__Host-sid", Path: "/", MaxAge: -1, Secure: true})
		http.Redirect(w, r, "/", http.StatusFound)
	default:
		page("他", "<p>案内")
	}
}

// madeCA writes a certificate authority into a file and gives a certificate of it for 127.0.0.1.
func madeCA(t *testing.T) (file string, cert tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "made CA"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	site := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	root, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.CreateCertificate(rand.Reader, site, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, tls.Certificate{Certificate: [][]byte{leaf}, PrivateKey: key}
}

// oldScreens are those that visit, with what each calls itself.
var oldScreens = map[string]string{
	"P903i": "DoCoMo/2.0 P903i(c100;TB;W24H12)", "910T": "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3", "D501i": "DoCoMo/1.0/D501i",
	"HDML": "UP.Browser/3.04-TST4 UP.Link/3.4.4", "WAP": "Nokia7110/1.0 (04.67)", "Netscape 4": "Mozilla/4.08 [ja] (Win98; I)", "IE 3": "Mozilla/2.0 (compatible; MSIE 3.02; Windows 95)",
	"w3m": "w3m/0.5.3+git20230121", "KaiOS": "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
}

// oldFields are the other fields of requests that two of them send.
var oldFields = map[string][]string{
	oldScreens["Netscape 4"]: {"Accept: image/gif, image/x-xbitmap, image/jpeg, image/pjpeg, image/png, */*", "Accept-Encoding: gzip", "Accept-Language: ja", "Accept-Charset: iso-8859-1,*,utf-8",
		"Proxy-Connection: Keep-Alive"},
	oldScreens["IE 3"]: {"Accept: image/gif, image/x-xbitmap, image/jpeg, image/pjpeg, */*", "Accept-Language: ja", "UA-pixels: 800x600", "UA-color: color8", "UA-OS: Windows 95", "UA-CPU: x86",
		"Pragma: no-cache"},
}

// TestSitesOfTodayOnOldScreens: five sites behind TLS, with a made authority, through proxy and portal on nine screens: in, a search, a post
// of three scripts, a download, out.
func TestSitesOfTodayOnOldScreens(t *testing.T) {
	ca, cert := madeCA(t)
	sites, hosts := map[string]*modernSite{}, map[string]string{}
	var reach []string
	for style := range styles {
		site := &modernSite{style: style, on: map[string]bool{}}
		server := httptest.NewUnstartedServer(site)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13}
		server.EnableHTTP2 = true
		server.StartTLS()
		t.Cleanup(server.Close)
		u, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		sites[style], hosts[style] = site, u.Host
		reach = append(reach, u.Host)
	}
	base := startServer(t, "gateway", "--data", t.TempDir(), "--portal", "--proxy", "--proxy-rate", "0", "--proxy-ca", ca, "--proxy-reach", strings.Join(reach, ","))
	for name, ua := range oldScreens {
		for style := range styles {
			for _, way := range []string{"portal", "proxy"} {
				t.Run(name+" "+style+" "+way, func(t *testing.T) {
					p, at := throughWorld(t, base, way, hosts[style], ua)
					if style == "roles" && p.Handset().Dialect.Family == carriers.HTML5 {
						return // it gets the site's own page, whose form= the phone of these tests does not know
					}
					visitModernSite(t, p, sites[style], at+"/")
				})
			}
		}
	}
}

// throughWorld is a screen that goes to a site by a portal, by a proxy, or by a gateway before that site alone, and where the site's root is
// for it.
func throughWorld(t *testing.T, gateway, way, host, ua string) (p *keitai.Phone, at string) {
	t.Helper()
	cfg := keitai.Config{URL: gateway, UserAgent: ua, Header: oldFields[ua]}
	switch way {
	case "portal":
		at = "/~/" + host
	case "proxy":
		cfg.Proxy, cfg.URL = strings.TrimPrefix(gateway, "http://"), "http://"+host
	}
	p, err := keitai.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p, at
}

// visitModernSite is one screen's way through a site.
func visitModernSite(t *testing.T, p *keitai.Phone, site *modernSite, at string) {
	t.Helper()
	must := func(page *keitai.Page, err error) *keitai.Page {
		t.Helper()
		if err != nil || page.Status != 200 {
			t.Fatalf("%v %+v", err, page)
		}
		return page
	}
	// part turns to the part of a page that has what is looked for.
	part := func(page *keitai.Page, has func(*keitai.Page) bool) *keitai.Page {
		t.Helper()
		for range 30 {
			if has(page) {
				return page
			}
			next, err := turned(p)
			if err != nil {
				break
			}
			page = must(next, err)
		}
		t.Fatalf("not on any part: %s", page.Text)
		return nil
	}
	says := func(words string) func(*keitai.Page) bool {
		return func(page *keitai.Page) bool { return strings.Contains(page.Text, words) }
	}
	// fill goes through the parts of a form: the fields of each, then its button.
	fill := func(page *keitai.Page, want string, pairs ...string) *keitai.Page {
		t.Helper()
		for range 30 {
			for i, f := range page.Forms {
				for _, field := range f.Fields {
					if field.Name == want || strings.HasSuffix(field.Name, want) {
						for _, b := range f.Buttons {
							pairs = append(pairs, b.Name, b.Value)
							break
						}
						next, err := p.Submit(i, pairs...)
						return must(next, err)
					}
				}
			}
			next, err := turned(p)
			page = must(next, err)
		}
		t.Fatalf("no form with %s", want)
		return nil
	}
	follow := func(page *keitai.Page, words string) *keitai.Page {
		t.Helper()
		part(page, func(page *keitai.Page) bool {
			for _, l := range page.Links {
				if strings.Contains(l.Text, words) {
					return true
				}
			}
			return false
		})
		next, err := p.Follow(words)
		return must(next, err)
	}
	first, err := p.Get(at)
	page := follow(must(first, err), "ログイン")
	page = fill(page, "name", "name", "haruka", "word", "himitsu")
	part(page, says("ようこそ春香"))
	page = fill(must(p.Get(at+"home")), "q", "q", "糸")
	part(page, says("「糸」で1件"))
	before := len(site.said)
	page = fill(must(p.Get(at+"home")), "text", "text", "結び Zurich カナ")
	part(page, says("ようこそ春香"))
	site.mu.Lock()
	said := append([]string(nil), site.said[before:]...)
	site.mu.Unlock()
	if len(said) != 1 || said[0] != "結び Zurich カナ" {
		t.Errorf("posted: %q", said)
	}
	page = follow(must(p.Get(at+"home")), "控え")
	part(page, says("控えの中身"))
	page = follow(must(p.Get(at+"home")), "出る")
	part(page, says("今日の記事"))
	part(must(p.Get(at+"home")), says("外にいます"))
}

// A client that speaks TLS itself is led where --proxy-connect says, and finds there the site's own certificate; what is private is not
// reached by a rule for all names.
func TestConnectWhereTheOperatorSays(t *testing.T) {
	ca, cert := madeCA(t)
	server := httptest.NewUnstartedServer(&modernSite{style: "semantic", on: map[string]bool{}})
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	t.Cleanup(server.Close)
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	host := server.Listener.Addr().String()
	_, port, _ := net.SplitHostPort(host)
	for name, row := range map[string]struct {
		flags []string
		want  string
	}{
		"named":   {[]string{"--proxy-connect", "*:" + port, "--proxy-reach", host}, "今日の記事"},
		"private": {[]string{"--proxy-connect", "*:" + port}, "Forbidden"},
		"other":   {[]string{"--proxy-connect", "*:443", "--proxy-reach", host}, "Forbidden"},
		"no rule": {[]string{"--proxy-reach", host}, "Method Not Allowed"},
	} {
		through, err := url.Parse(startServer(t, append([]string{"gateway", "--proxy", "--data", t.TempDir()}, row.flags...)...))
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(through), TLSClientConfig: &tls.Config{RootCAs: roots}}}
		answer := ""
		if resp, err := client.Get(server.URL + "/"); err != nil {
			answer = err.Error()
		} else {
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			answer = string(body)
		}
		if !strings.Contains(answer, row.want) {
			t.Errorf("%s: %s", name, answer)
		}
	}
}

// turned turns to the next part, by the words of the page's language.
func turned(p *keitai.Phone) (*keitai.Page, error) {
	page, err := p.Follow("次へ")
	if err != nil {
		page, err = p.Follow("Next")
	}
	return page, err
}
