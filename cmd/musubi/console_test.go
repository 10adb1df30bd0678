package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"musubi/carriers"
	handset "musubi/gateway/phone"
)

// An operatorBrowser is logged in to the console of a demo.
type operatorBrowser struct {
	t    *testing.T
	base string
	http.Client
}

// operates logs in as the demo says.
func (d *demo) operates() *operatorBrowser {
	d.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	b := &operatorBrowser{d.t, d.Admin, http.Client{Jar: jar}}
	page := b.post("/operator/login", url.Values{"name": {d.Operator.Name}, "password": {d.Operator.Password}})
	code, err := totp.GenerateCode(d.Operator.TOTP, time.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	if page = b.post("/operator/login", url.Values{"ticket": {valueOf(page, "ticket")}, "code": {code}}); !strings.Contains(page, "アクセス") {
		d.t.Fatalf("the console does not open:\n%s", page)
	}
	return b
}

// valueOf is the value of a hidden field.
func valueOf(page, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

func (b *operatorBrowser) read(r *http.Response, err error) string {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		b.t.Fatalf("%s: %d %v\n%s", r.Request.URL, r.StatusCode, err, body)
	}
	return string(body)
}

func (b *operatorBrowser) get(path string) string { b.t.Helper(); return b.read(b.Get(b.base + path)) }

func (b *operatorBrowser) post(path string, values url.Values) string {
	b.t.Helper()
	return b.read(b.PostForm(b.base+path, values))
}

// mobile is how many pages of the running month were handsets'.
func (b *operatorBrowser) mobile() int {
	b.t.Helper()
	var months []struct{ Mobile int }
	if err := json.Unmarshal([]byte(b.get("/operator/traffic.json")), &months); err != nil || len(months) < 23 {
		b.t.Fatalf("%d months: %v", len(months), err)
	}
	return months[len(months)-1].Mobile
}

// TestReportStoryFromHDML: a member reports an entry on an HDML phone; the operator hides it on the console; the phone shows the
// outcome. A page of many decks is one page view.
func TestReportStoryFromHDML(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	member := func(model string, n int) *hdmlMember {
		_, agent, _ := carriers.ModelHandset(model)
		p, err := handset.New(handset.Config{URL: d.URL, UserAgent: agent})
		if err != nil {
			t.Fatal(err)
		}
		m := &hdmlMember{t, p}
		m.get("/")
		m.press("ログイン", "mail", d.Members[n].Mail, "password", d.Members[n].Password).shows("こんにちは")
		return m
	}
	author, reporter, op := member("CA13", 0), member("CA11", 1), d.operates()
	author.follow("日記を書く")
	author.press("確認", "title", "通報される日記", "body", "よくない内容", "visibility", "0")
	author.press("送信").shows("通報される日記")
	reporter.get("/diary/newest")
	reporter.follow("通報される日記")
	reporter.follow("通報する")
	reporter.press("送信", "reason", "abuse", "words", "困っています").shows("通報を受け付けました")

	queue := op.get("/operator/reports")
	path := regexp.MustCompile(`href="(/operator/report\?id=\d+)">通報される日記`).FindStringSubmatch(queue)
	if path == nil {
		t.Fatalf("the report is not in the queue:\n%s", queue)
	}
	page := op.get(path[1])
	form := page[strings.Index(page, `action="/operator/report"`):]
	done := op.post("/operator/report", url.Values{"k": {valueOf(form, "k")}, "id": {valueOf(form, "id")}, "hide": {"1"}, "reason": {"規約の3条"}, "answer": {"お知らせありがとう"}})
	if !strings.Contains(done, "非表示にしました") {
		t.Fatalf("not hidden:\n%s", done)
	}
	reporter.get("/notices").shows("通報")
	reporter.get("/reports").shows("非表示にしました")
	reporter.shows("お知らせありがとう")
	if page, err := reporter.p.Get("/diary/newest"); err != nil || strings.Contains(page.Text, "通報される日記") {
		t.Errorf("the entry is still listed (%v)", err)
	}
	author.get("/measures").shows("規約の3条")

	before := op.mobile()
	reporter.get("/home").shows("ログアウト") // turns to the last deck
	if strings.Contains(reporter.p.Page().URL, "_p=") == false {
		t.Errorf("home came in one deck, which says nothing: %s", reporter.p.Page().URL)
	}
	if got := op.mobile(); got != before+1 {
		t.Errorf("a page of many decks is counted %d times", got-before)
	}
	table := op.get("/operator/traffic")
	for _, row := range []string{"<td>2005年4月</td><td>840</td><td>60</td><td>6.7%</td>", "<td>2006年12月</td><td>n.a.</td><td>n.a.</td><td>n.a.</td>", "<td>2007年1月</td><td>7,000</td><td>3,100</td><td>30.7%</td>"} {
		if !strings.Contains(table, row) {
			t.Errorf("the table of traffic has no %s", row)
		}
	}
}
