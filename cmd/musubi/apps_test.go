package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	handset "musubi/gateway/phone"
	"musubi/transcode/own"
)

// Applications that know nothing of us, from Debian packages, before a gateway and used by handsets: log in, write, look at it
// before it is stored, store, find, look back, delete. What was written is compared in the application itself.

// An appScreen uses them on one of the ways, and has a page of its own there.
type appScreen struct{ page, ua, way string }

// appScreens are handsets before the application, most without cookies, and old screens that come by portal and proxy: each goes one way,
// those most unlike each other both, for a walk through an application takes seconds.
var appScreens = func() (list []appScreen) {
	for model, ua := range map[string]string{"P903i": "DoCoMo/2.0 P903i(c100;TB;W24H12)", "N501i": "DoCoMo/1.0/N501i", "CA39": "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0",
		"910T": "SoftBank/1.0/910T/TJ001/SN123456789012345 Browser/NetFront/3.3", "CA13": "UP.Browser/3.04-CA13 UP.Link/3.4.4"} {
		list = append(list, appScreen{model + "alone", ua, ""})
	}
	for _, way := range []string{"P903i portal", "P903i proxy", "910T proxy", "D501i portal", "HDML portal", "HDML proxy", "WAP portal", "WAP proxy", "Netscape 4 proxy", "IE 3 portal", "w3m proxy",
		"KaiOS portal"} {
		name := way[:strings.LastIndexByte(way, ' ')]
		list = append(list, appScreen{strings.ToUpper(way[:1]) + strings.ReplaceAll(way[1:], " ", ""), oldScreens[name], way[len(name)+1:]})
	}
	return list
}()

// inThreeScripts is what stood in the application before a handset came: it shows a part of it at most.
const inThreeScripts = "結び目は紐の文化。\n한국어 텍스트, Привет мир, Zürich é ✓\n最後の行 🧑‍🚀"

// An appWalk is one screen in one application.
type appWalk struct {
	t  *testing.T
	p  *handset.Phone
	at string // where the application begins for it
}

// get asks for a path of the application.
func (w *appWalk) get(path string) *handset.Page {
	w.t.Helper()
	return w.must(w.p.Get(w.at + path))
}

func (w *appWalk) must(page *handset.Page, err error) *handset.Page {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	if page.Status >= 400 {
		w.t.Fatalf("%s: status %d\n%s", page.URL, page.Status, page.Text)
	}
	return page
}

// find goes from part to part until one has a form with a field, and returns its place and the field. Where a deck has no room for what it
// sends, its form has variables alone: the longest is the text.
func (w *appWalk) find(field string) (form int, f handset.Field) {
	w.t.Helper()
	for range 30 {
		for i, fm := range w.p.Page().Forms {
			for _, f := range fm.Fields {
				if f.Name == field || strings.HasSuffix(f.Name, "."+field) {
					return i, f
				}
			}
			if hasField(fm, own.Answers) && w.p.Handset().Dialect.Deck() {
				return i, slices.MaxFunc(fm.Fields[1:], func(a, b handset.Field) int { return len(a.Value) - len(b.Value) })
			}
		}
		w.onwards("a field " + field)
	}
	w.t.Fatalf("no part has a field %s", field)
	return 0, f
}

// onwards goes to the next part: by its link, or by the button of a form in pieces.
func (w *appWalk) onwards(for_ string) {
	w.t.Helper()
	for i, fm := range w.p.Page().Forms {
		for _, b := range fm.Buttons {
			if isNext(b.Value) {
				w.must(w.p.Submit(i))
				return
			}
		}
	}
	page := w.p.Page()
	for _, l := range page.Links {
		if isNext(l.Text) {
			w.must(w.p.Follow(l.Text))
			return
		}
	}
	w.t.Fatalf("%s: nowhere %s\n%s", page.URL, for_, page.Text)
}

// isNext says whether words of the gateway lead to the next part, in the page's language.
func isNext(words string) bool {
	return words == "次へ" || words == "Next" || words == "[次へ]" || words == "[Next]"
}

// link goes from part to part until one has a link to an address, and returns its words.
func (w *appWalk) link(to string) string {
	w.t.Helper()
	for range 30 {
		for _, l := range w.p.Page().Links {
			if strings.Contains(l.URL, to) {
				return l.Text
			}
		}
		w.onwards("a link to " + to)
	}
	w.t.Fatalf("no part has a link to %s", to)
	return ""
}

// press fills in a field, and others on the same part, and presses the button with a label, wherever in the form's parts that
// stands.
func (w *appWalk) press(label, field, value string, more ...string) *handset.Page {
	w.t.Helper()
	i, f := w.find(field)
	pairs := append([]string{f.Name, value}, more...)
	for range 30 {
		forms := w.p.Page().Forms
		for k := range forms {
			for _, b := range forms[k].Buttons {
				if !b.Says(label) || k != i && !hasField(forms[k], f.Name) && pairs != nil {
					continue
				}
				if b.Name != "" {
					pairs = append(pairs, b.Name, b.Value)
				}
				return w.must(w.p.Submit(k, pairs...))
			}
		}
		if len(forms) > i && len(forms[i].Buttons) == 1 && isNext(forms[i].Buttons[0].Value) { // a piece
			w.must(w.p.Submit(i, pairs...))
			pairs, i = nil, 0
			continue
		}
		w.onwards("a button " + label)
	}
	w.t.Fatalf("no button %s", label)
	return nil
}

func hasField(f handset.Form, field string) bool {
	for _, x := range f.Fields {
		if x.Name == field {
			return true
		}
	}
	return false
}

// all is the text of all parts of the page on the display.
func (w *appWalk) all() string {
	w.t.Helper()
	var b strings.Builder
	for range 60 {
		page := w.p.Page()
		b.WriteString(page.Text)
		part, of, cut := strings.Cut(page.Part, "/")
		if !cut || part == of {
			return b.String()
		}
		w.onwards("the rest")
	}
	return b.String()
}

// lineEnd is how a handset's field shows a line end: HDML has fields of one line.
func (w *appWalk) lineEnd() string {
	if w.p.Handset().Dialect.String() == "hdml" {
		return "¶"
	}
	return "\n"
}

// onScreens runs a walk as each screen, with the rules that docs/rules.md gives for the application; page is the one that is the screen's.
func onScreens(t *testing.T, name, upstream string, walk func(w *appWalk, page string)) {
	host := strings.TrimPrefix(upstream, "http://")
	rules := rulesFor(t, name)
	before := startServer(t, "gateway", "--upstream", upstream, "--rules", rules, "--data", t.TempDir())
	world := startServer(t, "gateway", "--portal", "--proxy", "--proxy-rate", "0", "--proxy-reach", host, "--rules", rules, "--data", t.TempDir())
	for _, s := range appScreens {
		t.Run(s.page, func(t *testing.T) {
			gateway := world
			if s.way == "" {
				gateway = before
			}
			p, at := throughWorld(t, gateway, s.way, host, s.ua)
			walk(&appWalk{t, p, at}, s.page)
		})
	}
}

// rulesFor is a file of the rules that docs/rules.md gives for an application.
func rulesFor(t *testing.T, name string) (file string) {
	t.Helper()
	doc, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rules, ok := strings.Cut(string(doc), "\n"+name+":")
	if !ok {
		t.Fatalf("docs/rules.md has no rules for %s", name)
	}
	_, rules, _ = strings.Cut(rules, "```rules\n")
	rules, _, _ = strings.Cut(rules, "```")
	file = filepath.Join(t.TempDir(), "rules")
	write(t, file, rules)
	return file
}

// application starts a program that serves HTTP and waits for it.
func application(t *testing.T, address, dir string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	var said bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &said, &said
	cmd.Env = append(os.Environ(), "HOME="+dir, "USER=admin")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 100 {
		if resp, err := http.Get("http://" + address + "/"); err == nil {
			resp.Body.Close()
			return "http://" + address
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%v does not answer: %s", command, said.String())
	return ""
}

// freeAddress is an address that nobody listens on just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// runIn runs a program of a test's preparations.
func runIn(t *testing.T, dir string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir, "USER=admin")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
	return string(out)
}

// needsFiles skips a test whose packages are not installed, or fails it where all have to be.
func needsFiles(t *testing.T, files ...string) {
	t.Helper()
	for _, f := range files {
		if _, err := os.Stat(f); err == nil {
			continue
		}
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("%s is missing; .ci/install installs it", f)
		}
		t.Skipf("%s is missing", f)
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// startDokuWiki gives a wiki of its own, and its directory.
func startDokuWiki(t *testing.T) (url, dir string) {
	needsFiles(t, "/usr/share/dokuwiki/doku.php", "/usr/bin/php")
	dir = t.TempDir()
	runIn(t, dir, "cp", "-rL", "/usr/share/dokuwiki/.", dir)
	runIn(t, dir, "sh", "-c", "mkdir -p conf && cp -rL /etc/dokuwiki/. conf/ 2>/dev/null; rm -f conf/users.auth.php conf/acl.auth.php; for d in pages attic cache index locks media media_attic media_meta meta tmp log; do mkdir -p data/$d; done")
	write(t, dir+"/inc/preload.php", "<?php define('DOKU_CONF', '"+dir+"/conf/');")
	write(t, dir+"/conf/local.php", `<?php $conf['title'] = 'wiki'; $conf['lang'] = 'en'; $conf['savedir'] = '`+dir+`/data'; $conf['useacl'] = 1;
$conf['superuser'] = 'admin'; $conf['authtype'] = 'authplain'; $conf['passcrypt'] = 'bcrypt'; $conf['signature'] = '';`)
	hash := strings.TrimSpace(runIn(t, dir, "php", "-r", `echo password_hash("pass123", PASSWORD_BCRYPT);`))
	write(t, dir+"/conf/users.auth.php", "admin:"+hash+":Admin:a@example.org:admin,user\n")
	write(t, dir+"/conf/acl.auth.php", "*\t@ALL\t1\n*\t@user\t16\n")
	address := freeAddress(t)
	return application(t, address, dir, "php", "-d", "display_errors=0", "-S", address, "-t", dir), dir
}

func TestDokuWikiOnHandsets(t *testing.T) {
	upstream, dir := startDokuWiki(t)
	onScreens(t, "DokuWiki", upstream, func(w *appWalk, name string) {
		id := strings.ToLower(name)
		file := filepath.Join(dir, "data/pages", id+".txt")
		write(t, file, inThreeScripts)
		stored := func() string { b, _ := os.ReadFile(file); return strings.ReplaceAll(string(b), "\r\n", "\n") }

		w.get("/doku.php?id=" + id + "&do=login")
		i, user := w.find("u")
		w.must(w.p.Submit(i, user.Name, "admin", "p", "pass123"))
		if !strings.Contains(w.all(), "Log Out") {
			w.t.Fatalf("not logged in:\n%s", w.p.Page().Text)
		}
		w.get("/doku.php?id=" + id + "&do=edit")
		_, text := w.find("wikitext")
		w.press("Preview", "wikitext", text.Value+w.lineEnd()+"追記です。")
		if shown := w.all(); !strings.Contains(shown, "追記です。") || stored() != inThreeScripts {
			w.t.Fatalf("the preview shows not what was written, or has stored it:\n%s\n%s", shown, stored())
		}
		w.get("/doku.php?id=" + id + "&do=edit")
		w.press("Save", "wikitext", text.Value+w.lineEnd()+"追記です。")
		if got, want := stored(), inThreeScripts+"\n追記です。"; strings.TrimRight(got, "\n") != want {
			w.t.Fatalf("stored is\n%q, want\n%q", got, want)
		}
		runIn(w.t, dir, "php", "-d", "display_errors=0", "bin/indexer.php", "-q")
		w.get("/doku.php?id=" + id)
		w.press("Search", "q", "追記")
		if found := w.all(); !strings.Contains(found, id) {
			w.t.Errorf("what was written is not found:\n%s", found)
		}
		w.get("/doku.php?id=" + id + "&do=revisions")
		if shown := w.all(); !strings.Contains(shown, "Old Revisions") || strings.Count(shown, "admin") < 1 {
			w.t.Errorf("no history:\n%s", shown)
		}
		w.get("/doku.php?id=" + id + "&do=edit")
		w.press("Save", "wikitext", "")
		if stored() != "" {
			w.t.Errorf("what was deleted is stored: %q", stored())
		}
	})
}

// startMediaWiki gives a wiki of its own, with a page for each handset.
func startMediaWiki(t *testing.T) (url string) {
	needsFiles(t, "/usr/share/mediawiki/index.php", "/usr/bin/php", "/usr/share/doc/php8.2-sqlite3")
	dir, address := t.TempDir(), freeAddress(t)
	url = "http://" + address
	const program = "/usr/share/mediawiki/"
	runIn(t, dir, "env", "MW_CONFIG_FILE="+dir+"/none.php", "php", program+"maintenance/install.php", "--dbtype", "sqlite", "--dbpath", dir, "--server", url, "--scriptpath", "",
		"--pass", "pass123456x", "--confpath", dir, "wiki", "Admin")
	settings := "MW_CONFIG_FILE=" + dir + "/LocalSettings.php"
	runIn(t, dir, "sh", "-c", `echo '$wgPasswordAttemptThrottle = []; $wgRateLimits = [];' >>LocalSettings.php`)
	load := []string{"env", settings, "php", program + "maintenance/importTextFiles.php", "-u", "Admin", "--overwrite"}
	for _, s := range appScreens {
		write(t, dir+"/"+s.page+".txt", inThreeScripts)
		load = append(load, dir+"/"+s.page+".txt")
	}
	runIn(t, dir, load...)
	return application(t, address, dir, "env", settings, "php", "-d", "display_errors=0", "-S", address, "-t", program)
}

func TestMediaWikiOnHandsets(t *testing.T) {
	upstream := startMediaWiki(t)
	onScreens(t, "MediaWiki", upstream, func(w *appWalk, name string) {
		stored := func() string {
			resp, err := http.Get(upstream + "/index.php?action=raw&title=" + name)
			if err != nil {
				w.t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode == http.StatusNotFound {
				return ""
			}
			text, _ := io.ReadAll(resp.Body)
			return string(text)
		}
		const added = "追記です。Ещё"
		w.get("/index.php?title=Special:UserLogin")
		w.press("Log in", "wpName", "Admin", "wpPassword", "pass123456x")
		if shown := w.all(); !strings.Contains(shown, "Log out") {
			w.t.Fatalf("not logged in:\n%s", shown)
		}
		edit := "/index.php?action=edit&title=" + name
		w.get(edit)
		_, text := w.find("wpTextbox1")
		longer := strings.TrimRight(text.Value, "\n¶") + w.lineEnd() + added
		w.press("Show preview", "wpTextbox1", longer)
		if shown := w.all(); !strings.Contains(shown, "追記です。") || stored() != inThreeScripts {
			w.t.Fatalf("the preview shows not what was written, or has stored it:\n%s\n%s", shown, stored())
		}
		w.get(edit)
		w.press("Save changes", "wpTextbox1", longer)
		if got, want := stored(), inThreeScripts+"\n"+added; got != want {
			w.t.Fatalf("stored is\n%q, want\n%q\n%s", got, want, w.p.Page().Text)
		}
		w.get("/index.php?title=" + name)
		w.press("Search", "search", "Привет")
		if found := w.all(); !strings.Contains(found, name) {
			w.t.Errorf("what was written is not found:\n%s", found)
		}
		w.get("/index.php?action=history&title=" + name)
		if shown := w.all(); strings.Count(shown, "Admin") < 2 {
			w.t.Errorf("no history:\n%s", shown)
		}
		w.get("/index.php?action=delete&title=" + name)
		w.press("Delete page", "wpReason", "済み")
		if left := stored(); left != "" {
			w.t.Errorf("what was deleted is stored: %q\n%s", left, w.p.Page().Text)
		}
	})
}

func TestFossilOnHandsets(t *testing.T) {
	needsFiles(t, "/usr/bin/fossil")
	dir := t.TempDir()
	runIn(t, dir, "fossil", "init", "r.fossil", "--admin-user", "admin")
	runIn(t, dir, "fossil", "user", "password", "admin", "pass123", "-R", "r.fossil")
	address := freeAddress(t)
	upstream := application(t, address, dir, "fossil", "server", "r.fossil", "--localhost", "--port", address[strings.LastIndexByte(address, ':')+1:])
	onScreens(t, "Fossil", upstream, func(w *appWalk, name string) {
		stored := func() string { return runIn(t, dir, "fossil", "wiki", "export", name, "-R", "r.fossil") }
		write(t, filepath.Join(dir, "in.txt"), inThreeScripts)
		runIn(t, dir, "fossil", "wiki", "create", name, "in.txt", "-M", "text/plain", "-R", "r.fossil")

		w.get("/login")
		i, user := w.find("u")
		pairs := []string{user.Name, "admin", "p", "pass123"}
		for _, b := range w.p.Page().Forms[i].Buttons {
			if b.Says("Login") && b.Name != "" {
				pairs = append(pairs, b.Name, b.Value)
			}
		}
		w.must(w.p.Submit(i, pairs...))
		w.get("/wikiappend?name=" + name) // its editor needs scripts
		w.press("Preview", "r", "追記です。")
		if shown := w.all(); !strings.Contains(shown, "追記です。") || strings.Contains(stored(), "追記") {
			w.t.Fatalf("the preview shows not what was written, or has stored it:\n%s\n%s", shown, stored())
		}
		w.get("/wikiappend?name=" + name)
		w.press("Append", "r", "追記です。")
		if got := strings.ReplaceAll(stored(), "\r\n", "\n"); !strings.HasPrefix(got, inThreeScripts) || !strings.Contains(got, "追記です。") {
			w.t.Fatalf("stored is\n%q", got)
		}
		w.get("/wiki?name=" + name)
		if shown := w.all(); !strings.Contains(shown, "結び目は紐の文化。") || !strings.Contains(shown, "追記です。") {
			w.t.Errorf("the page shows\n%s", shown)
		}
		w.get("/whistory?name=" + name)
		if shown := w.all(); !strings.Contains(shown, "admin") {
			w.t.Errorf("no history:\n%s", shown)
		}
	})
}

// djangoProject is a project with its admin and one kind of thing.
const djangoProject = `
import os, sys
from django.conf import settings
settings.configure(DEBUG=True, SECRET_KEY='x'*50, ALLOWED_HOSTS=['*'], ROOT_URLCONF=__name__, STATIC_URL='/static/', USE_TZ=True,
  DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}, DEFAULT_AUTO_FIELD='django.db.models.AutoField',
  INSTALLED_APPS=['django.contrib.admin','django.contrib.auth','django.contrib.contenttypes','django.contrib.sessions','django.contrib.messages','django.contrib.staticfiles','django.contrib.flatpages','django.contrib.sites'],
  SITE_ID=1, MIDDLEWARE=['django.contrib.sessions.middleware.SessionMiddleware','django.middleware.csrf.CsrfViewMiddleware','django.contrib.auth.middleware.AuthenticationMiddleware','django.contrib.messages.middleware.MessageMiddleware'],
  TEMPLATES=[{'BACKEND':'django.template.backends.django.DjangoTemplates','APP_DIRS':True,'OPTIONS':{'context_processors':['django.template.context_processors.request','django.contrib.auth.context_processors.auth','django.contrib.messages.context_processors.messages']}}])
import django
django.setup()
from django.contrib import admin
from django.urls import path
urlpatterns = [path('admin/', admin.site.urls)]
if __name__ == '__main__':
  from django.core.management import execute_from_command_line, call_command
  if sys.argv[1] == 'make':
    call_command('migrate', verbosity=0)
    from django.contrib.auth.models import User
    from django.contrib.flatpages.models import FlatPage
    User.objects.create_superuser('admin', 'a@example.org', 'pass123')
    for m in sys.argv[3:]:
      p = FlatPage.objects.create(url='/%s/' % m, title=m, content=open(sys.argv[2], encoding='utf-8').read()); p.sites.add(1)
  elif sys.argv[1] == 'show':
    from django.contrib.flatpages.models import FlatPage
    sys.stdout.buffer.write(''.join(p.content for p in FlatPage.objects.filter(url='/%s/' % sys.argv[2])).encode('utf-8'))
  else:
    execute_from_command_line(sys.argv)
`

func TestDjangoAdminOnHandsets(t *testing.T) {
	needsFiles(t, "/usr/lib/python3/dist-packages/django/__init__.py")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "site.txt"), inThreeScripts)
	write(t, filepath.Join(dir, "manage_it.py"), djangoProject)
	python := func(args ...string) string {
		return runIn(t, dir, append([]string{"/usr/bin/python3", "manage_it.py"}, args...)...)
	}
	made := []string{"make", "site.txt"}
	for _, s := range appScreens {
		made = append(made, s.page)
	}
	python(made...)
	address := freeAddress(t)
	upstream := application(t, address, dir, "/usr/bin/python3", "manage_it.py", "runserver", "--noreload", address)
	onScreens(t, "Django's admin", upstream, func(w *appWalk, name string) {
		stored := func() string { return strings.ReplaceAll(python("show", name), "\r\n", "\n") }
		w.get("/admin/login/?next=/admin/flatpages/flatpage/")
		i, user := w.find("username")
		w.must(w.p.Submit(i, user.Name, "admin", "password", "pass123"))
		w.press("Search", "q", name)
		w.must(w.p.Follow(w.link("/change/")))
		change := w.p.Page().URL
		_, text := w.find("content")
		w.press("Save and continue", "content", text.Value+w.lineEnd()+"追記です。")
		if got, want := stored(), inThreeScripts+"\n追記です。"; strings.TrimRight(got, "\n") != want {
			w.t.Fatalf("stored is\n%q, want\n%q\n%s", got, want, w.p.Page().Text)
		}
		path, _, _ := strings.Cut(change[len("http://"):], "?")
		path = path[strings.IndexByte(path, '/'):]
		w.must(w.p.Get(strings.Replace(path, "/change/", "/history/", 1)))
		if shown := w.all(); !strings.Contains(shown, "Change") {
			w.t.Errorf("no history:\n%s", shown)
		}
		w.must(w.p.Get(strings.Replace(path, "/change/", "/delete/", 1)))
		i, post := w.find("post")
		w.must(w.p.Submit(i, post.Name, post.Value))
		if stored() != "" {
			w.t.Errorf("what was deleted is stored: %q\n%s", stored(), w.p.Page().Text)
		}
	})
}
