package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/figures"
	"musubi/core/operator"
	"musubi/core/people"
	"musubi/core/report"
)

// A desk is an operator's browser on the admin listener.
type desk struct {
	w       *world
	cookies map[string]string
	name    string
	key     operator.Key
}

// operator makes an account of a role and a browser that has not logged in.
func (w *world) operator(role operator.Role) *desk {
	w.t.Helper()
	d := &desk{w: w, cookies: map[string]string{}, name: "op-" + role.String(), key: operator.NewKey()}
	if _, err := w.core.Operator.Create(w.t.Context(), "test", d.name, role, d.key); err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (d *desk) do(method, target string, values url.Values) reply {
	var ctx fasthttp.RequestCtx
	var req fasthttp.Request
	req.Header.SetMethod(method)
	req.SetRequestURI(target)
	for k, v := range d.cookies {
		req.Header.SetCookie(k, v)
	}
	if values != nil {
		req.Header.SetContentType("application/x-www-form-urlencoded")
		req.SetBodyString(values.Encode())
	}
	ctx.Init(&req, nil, nil)
	d.w.site.AdminHandler(&ctx)
	for k, v := range ctx.Response.Header.Cookies() {
		var c fasthttp.Cookie
		if err := c.ParseBytes(v); err != nil {
			d.w.t.Fatal(err)
		}
		d.cookies[string(k)] = string(c.Value())
	}
	h := &fasthttp.ResponseHeader{}
	ctx.Response.Header.CopyTo(h)
	return reply{ctx.Response.StatusCode(), string(h.Peek("Location")), string(ctx.Response.Body()), h}
}

func (d *desk) get(target string) reply { return d.do("GET", target, nil) }

// sends presses a button of the form to a path, as the page has it.
func (d *desk) sends(page, path string, values url.Values) reply {
	d.w.t.Helper()
	values.Set("k", tokenOn(d.w.t, d.get(page).body, path))
	return d.do("POST", path, values)
}

// code is the one of this moment.
func (d *desk) code() string {
	code, err := totp.GenerateCode(d.key.TOTP, d.w.clock.Now())
	if err != nil {
		d.w.t.Fatal(err)
	}
	return code
}

// logIn goes through both halves; every code is a new one.
func (d *desk) logIn() *desk {
	d.w.t.Helper()
	d.w.clock.advance(31 * time.Second)
	page := d.do("POST", consoleLoginPath, url.Values{"name": {d.name}, "password": {d.key.Password}})
	d.w.contains(page, "確認コード")
	if r := d.do("POST", consoleLoginPath, url.Values{"ticket": {hidden(page.body, "ticket")}, "code": {d.code()}}); r.location != consolePath {
		d.w.t.Fatalf("login: %d\n%s", r.status, r.body)
	}
	return d
}

// Every route of the console, asked for by nobody, by a member on the site, and by each role: only what the role may.
func TestSEC105_ConsoleByRole(t *testing.T) {
	w := newWorld(t)
	me := w.as(w.member("花子"))
	nobody := &desk{w: w, cookies: map[string]string{}}
	roles := map[operator.Role]*desk{}
	for _, role := range operator.Roles {
		roles[role] = w.operator(role).logIn()
	}
	tried := 0
	for _, r := range routes.all {
		if r.access != console {
			continue
		}
		if got := me.do(r.method, r.path, "application/x-www-form-urlencoded", []byte("x=1")); got.status != 404 {
			t.Errorf("%s %s on the site: %d, want 404", r.method, r.path, got.status)
		}
		want := 401
		if r.path == consolePath {
			want = 200
		}
		if got := nobody.do(r.method, r.path, url.Values{}); got.status != want || !strings.Contains(got.body, `name="password"`) {
			t.Errorf("%s %s as nobody: %d, want %d and the login", r.method, r.path, got.status, want)
		}
		for role, d := range roles {
			if r.path == consoleLogoutPath {
				continue
			}
			o, key, err := w.core.Operator.Session(t.Context(), d.cookies[consoleCookie])
			if err != nil {
				t.Fatal(err)
			}
			got := d.do(r.method, r.path, url.Values{tokenField: {w.site.newToken(key, r.path)}})
			may := o.Role.May(r.right())
			if refused := got.status == 403; refused == may {
				t.Errorf("%s %s as %s: %d, may %v", r.method, r.path, role, got.status, may)
			}
			if r.method == post {
				if got := d.do(r.method, r.path, url.Values{tokenField: {"x"}}); got.status != 403 {
					t.Errorf("%s %s as %s without its token: %d", r.method, r.path, role, got.status)
				}
			}
			tried++
		}
	}
	if tried < 3*18 {
		t.Errorf("only %d cases", tried)
	}
	if !operator.Everything.May(operator.All) || operator.Reporter.May(operator.Figures) || operator.Analyst.May(operator.Reports) || operator.Reporter.May(operator.All) {
		t.Error("the roles are not what they are")
	}
}

// Password and code, each wrong, used before, too late; a session that rests ends.
func TestSEC105_ConsoleLogin(t *testing.T) {
	w := newWorld(t)
	d := w.operator(operator.Everything)
	for _, bad := range []url.Values{
		{"name": {d.name}, "password": {"wrong"}}, {"name": {"nobody"}, "password": {d.key.Password}},
		{"name": {""}, "password": {""}}, {"ticket": {"x.y.z"}, "code": {d.code()}}, {"ticket": {"."}, "code": {"000000"}},
	} {
		if r := d.do("POST", consoleLoginPath, bad); r.status != 200 || strings.Contains(r.body, "確認コード") || d.cookies[consoleCookie] != "" {
			t.Errorf("%v: %d\n%s", bad, r.status, r.body)
		}
	}
	w.clock.advance(time.Hour)
	page := d.do("POST", consoleLoginPath, url.Values{"name": {d.name}, "password": {d.key.Password}})
	ticket := hidden(page.body, "ticket")
	w.contains(d.do("POST", consoleLoginPath, url.Values{"ticket": {ticket}, "code": {"000000"}}), "確認コードが違います")
	code := d.code()
	if r := d.do("POST", consoleLoginPath, url.Values{"ticket": {ticket}, "code": {code}}); r.status != 302 {
		t.Fatalf("login: %d %s", r.status, r.body)
	}
	token := d.cookies[consoleCookie]
	w.contains(d.do("POST", consoleLoginPath, url.Values{"ticket": {ticket}, "code": {code}}), "使用済み")
	if d.cookies[consoleCookie] != token {
		t.Error("a code opens twice")
	}
	w.clock.advance(6 * time.Minute)
	w.contains(d.do("POST", consoleLoginPath, url.Values{"ticket": {ticket}, "code": {d.code()}}), "名前かパスワード")
	if r := d.get(consoleMembersPath); r.status != 200 {
		t.Errorf("in use: %d", r.status)
	}
	w.clock.advance(operator.Idle + time.Second)
	if r := d.get(consoleMembersPath); r.status != 401 {
		t.Errorf("after a rest: %d, want 401", r.status)
	}
	d.logIn()
	d.sends(consolePath, consoleLogoutPath, url.Values{})
	d.cookies[consoleCookie] = token
	if r := d.get(consoleMembersPath); r.status != 401 {
		t.Errorf("an old token: %d, want 401", r.status)
	}
}

// A report on the console, to its outcome: who answers reports may hide, the reporter hears, and the log says what was before and
// after.
func TestConsoleReportStory(t *testing.T) {
	w := newWorld(t)
	author, reporter := w.memberWith("悪子", "ひどい自己紹介"), w.member("花子")
	w.friends(author, reporter)
	me, op := w.as(reporter), w.operator(operator.Reporter).logIn()
	for _, r := range w.reportables(author, reporter) {
		id, err := w.core.Report.File(t.Context(), core.Viewer{Member: reporter.ID}, r.on, "abuse", "困っています")
		if err != nil {
			t.Fatal(err)
		}
		w.contains(op.get(consoleReportsPath), id.String(), "誹謗中傷")
		page := op.get(consoleReport(id))
		w.contains(page, "困っています", r.says, author.Name, reporter.Name, "理由")
		if n := strings.Count(page.body, `src="`+consolePhotoPath); n > 0 {
			src := strings.ReplaceAll(regexp.MustCompile(`src="(` + consolePhotoPath + `[^"]+)"`).FindStringSubmatch(page.body)[1], "&amp;", "&")
			if p := op.get(src); p.status != 200 || !strings.HasPrefix(p.body, "\x89PNG") {
				t.Errorf("a picture of the report: %d", p.status)
			}
		}
		w.contains(op.sends(consoleReport(id), consoleReportPath, url.Values{"id": {id.String()}, "hide": {"1"}, "reason": {" "}}), "入力してください")
		button, says := "hide", "非表示にしました"
		if !r.hides {
			button, says = "warn", "警告しました"
			if strings.Contains(page.body, `name="hide"`) {
				t.Errorf("a %s is offered to be hidden", r.name)
			}
		}
		if r.name == "album" { // it stays for its photo and its comment to be reported
			button, says = "warn", "警告しました"
		}
		got := op.sends(consoleReport(id), consoleReportPath, url.Values{"id": {id.String()}, button: {"1"}, "reason": {"規約の3条 " + r.name}, "answer": {"ありがとう"}})
		if got.status != 302 {
			t.Fatalf("%s: %d\n%s", r.name, got.status, got.body)
		}
		w.contains(me.get(noticesPath), "通報")
		w.contains(me.get(reportsPath), says, "ありがとう")
		if button == "hide" && shows(me, r.page, r.says) {
			t.Errorf("%s is still there", r.name)
		}
	}
	w.contains(w.as(author).get(measuresPath), "規約の3条 diary")
	all := w.operator(operator.Everything).logIn()
	w.contains(all.get(consoleAuditPath), "規約の3条 diary", "shown", "op-reports")
	w.contains(all.get(consoleAuditPath+"?q="+url.QueryEscape("規約の３条 ALBUM")), "規約の3条 album")
	if shown := all.get(consoleAuditPath + "?q=nothinglikethis").body; strings.Contains(shown, "規約") {
		t.Error("the search in the log finds what has not the words")
	}
	if _, err := w.core.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// Who is held is told so after the right password and only then, and comes in again when the time is over or an operator says so.
func TestHeldMemberIsToldWhy(t *testing.T) {
	w := newWorld(t)
	m := w.member("悪子")
	inside := w.as(m)
	op := w.operator(operator.Everything).logIn()
	hold := func(days string) {
		t.Helper()
		got := op.sends(consoleMember(m.ID), consoleMemberPath, url.Values{"id": {m.ID.String()}, "hold": {"1"}, "reason": {"宣伝の繰り返し"}, "days": {days}})
		if got.status != 302 {
			t.Fatalf("hold: %d\n%s", got.status, got.body)
		}
	}
	enter := func(with string) reply {
		return w.browser().post("/login", url.Values{"mail": {mailOf(m)}, "password": {with}})
	}
	hold("3")
	if r := inside.get("/home"); r.status != 302 {
		t.Errorf("a session of a held member: %d", r.status)
	}
	w.contains(enter(password), "利用停止", "宣伝の繰り返し")
	if body := enter("wrong password 1").body; strings.Contains(body, "利用停止") || strings.Contains(body, "宣伝") {
		t.Error("a wrong password tells of the suspension")
	}
	if body := enter("wrong password 1").body; body != w.browser().post("/login", url.Values{"mail": {"nobody@example.jp"}, "password": {"x"}}).body && len(body) == 0 {
		t.Error("no page")
	}
	w.clock.advance(73 * time.Hour)
	if r := enter(password); r.status != 302 {
		t.Errorf("after the time: %d\n%s", r.status, r.body)
	}
	op.logIn()
	hold("")
	w.clock.advance(100 * 24 * time.Hour)
	w.contains(enter(password), "利用停止")
	op.logIn()
	if got := op.sends(consoleMember(m.ID), consoleMemberPath, url.Values{"id": {m.ID.String()}, "free": {"1"}, "reason": {"話し合いました"}}); got.status != 302 {
		t.Fatalf("free: %d", got.status)
	}
	if r := enter(password); r.status != 302 {
		t.Errorf("let in again: %d", r.status)
	}
	w.contains(op.get(consoleAuditPath), "held until", "active", "話し合いました", "+09:00")
	w.contains(op.get(consoleAuditPath+"?q="+url.QueryEscape("利用停止の解除")), "話し合いました", m.Name)
}

// The chores let in again whom nobody holds, and nobody who is held anew.
func TestHoldsThatEnd(t *testing.T) {
	w := newWorld(t)
	short, long := w.member("短"), w.member("長")
	op := operator.Operator{Name: "運営"}
	for _, m := range []core.Member{short, long} {
		if err := w.core.Operator.Hold(t.Context(), op, report.Measure{Member: m.ID, Reason: "理由", Until: w.clock.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.advance(2 * time.Hour)
	if err := w.core.Operator.Hold(t.Context(), op, report.Measure{Member: long.ID, Reason: "また"}); err != nil {
		t.Fatal(err)
	}
	if err := w.core.Chores.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	for m, want := range map[core.ID]core.Status{short.ID: core.Active, long.ID: core.Held} {
		if got, err := w.store.Desk.Member(t.Context(), m); err != nil || got.Status != want {
			t.Errorf("%s is %v, want %v (%v)", got.Name, got.Status, want, err)
		}
	}
}

// A simulated year of views against a recount from what was looked at: the traffic table, daily use, and months that stay as they
// were written down.
func TestTrafficIsExact(t *testing.T) {
	w := newWorld(t)
	one, two := w.member("花子"), w.member("太郎")
	w.clock.now = time.Date(2007, 4, 30, 14, 59, 50, 0, time.UTC) // ten seconds before May in Tokyo
	pc, phone := w.as(one), w.as(two)
	phone.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": "P903i", "X-Ktai-Omit": "data-pc"}
	look := func(b *browser, path string) reply {
		if len(b.headers) > 0 {
			b.headers["X-Ktai-Time"] = strconv.FormatInt(w.clock.Now().Unix(), 10)
			b.sign("GET", path)
		}
		return b.get(path)
	}
	want := map[figures.Month][2]int64{}
	for i := range 400 {
		w.clock.advance(time.Duration(i%7*i%11) * 37 * time.Minute)
		m := figures.MonthOf(w.clock.Now())
		n := want[m]
		if look(pc, "/friends").status == 200 {
			n[0]++
		} else { // the session is over
			pc = w.as(one)
		}
		if i%3 == 0 {
			if look(phone, "/notices").status == 200 {
				n[1]++
			} else {
				headers := phone.headers
				phone.headers = map[string]string{}
				phone = w.as(two)
				phone.headers = headers
			}
			phone.headers["X-Ktai-Turned"] = "1" // another part of the same page
			look(phone, "/notices")
			delete(phone.headers, "X-Ktai-Turned")
		}
		look(pc, "/style.css")
		look(pc, "/nowhere")
		w.browser().get("/")
		want[m] = n
		if i%50 == 0 {
			if err := w.core.Figures.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if i%20 == 0 {
			if err := w.core.Figures.Flush(t.Context(), true); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(want) < 2 {
		t.Fatalf("only %d months", len(want))
	}
	rows, err := w.core.Figures.TrafficTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[figures.Month][2]int64{}
	for _, r := range rows {
		if r.PC+r.Mobile > 0 {
			got[r.Month] = [2]int64{r.PC, r.Mobile}
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the table is %v, counted were %v", got, want)
	}
	if last := rows[len(rows)-1]; !last.Running || last.Month != figures.MonthOf(w.clock.Now()) {
		t.Errorf("the last row is %+v", last)
	}
	first := slices.Min(func() (list []figures.Month) {
		for m := range want {
			list = append(list, m)
		}
		return list
	}())
	if err := w.core.Figures.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, err := w.core.Figures.Table(t.Context(), "members", first)
	if err != nil || len(before) == 0 {
		t.Fatalf("the first month has no table: %v", err)
	}
	for i := range 5 {
		w.member(fmt.Sprintf("新%d", i))
	}
	w.clock.advance(40 * 24 * time.Hour)
	if err := w.core.Figures.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, _ := w.core.Figures.Table(t.Context(), "members", first)
	if fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("a month that is over became %v, was %v", after, before)
	}
}

// A small cell does not leave the console, nor is it told by the sum and the others.
func TestExportedCells(t *testing.T) {
	rows := func(table string, cells map[string]int64, order ...string) (list []figures.Figure) {
		for _, label := range order {
			list = append(list, figures.Figure{Table: table, Label: label, N: cells[label]})
		}
		return list
	}
	for _, c := range []struct {
		rows []figures.Figure
		want string
	}{
		{rows("sex", map[string]int64{"female": 10, "male": 7, "": 2}, "female", "male", ""), "10 * <5"},
		{rows("sex", map[string]int64{"female": 10, "male": 3, "": 2}, "female", "male", ""), "10 <5 <5"},
		{rows("sex", map[string]int64{"female": 10, "male": 7, "": 0}, "female", "male", ""), "10 7 0"},
		{rows("members", map[string]int64{"registered": 17, "premium": 2, "free": 15, "active": 9}, "registered", "premium", "free", "active"), "17 <5 * 9"},
		{rows("daily", map[string]int64{"days": 3, "visits": 1}, "days", "visits"), "3 1"},
	} {
		if got := strings.Join(exported(c.rows), " "); got != c.want {
			t.Errorf("%v leave as %q, want %q", c.rows, got, c.want)
		}
	}
}

// The page has month, PC, mobile and ratio, then the running month in bare numbers; small cells do not leave it.
func TestTrafficPage(t *testing.T) {
	w := newWorld(t)
	if err := w.core.Figures.Import(t.Context(), []figures.Row{{Month: 200609, PC: 6950e6, Mobile: 1560e6, Known: true}, {Month: 200610}, {Month: 200701, PC: 7000e6, Mobile: 3100e6, Known: true}}); err != nil {
		t.Fatal(err)
	}
	m := w.memberWith("花子", "")
	if err := w.store.People.SetProfile(t.Context(), m.ID, []core.ProfileValue{{Key: "birthday", Value: "1979-03-09"}, {Key: "sex", Value: people.Sexes[0].Key}}); err != nil {
		t.Fatal(err)
	}
	b := w.as(m)
	for range 3 {
		b.get("/friends")
	}
	op := w.operator(operator.Analyst).logIn()
	page := op.get(trafficPath)
	w.contains(page, "<td>2007年1月</td><td>7,000</td><td>3,100</td><td>30.7%</td>", "<td>2006年10月</td><td>n.a.</td><td>n.a.</td><td>n.a.</td>",
		"<td>2007年3月</td><td>3</td><td>0</td><td>0.0%</td>", trafficCSVPath)
	w.contains(op.get(trafficCSVPath), "2007-01,7000000000,3100000000,30.7\n", "2006-10,n.a.,n.a.,n.a.\n", "2007-03,3,0,0.0\n")
	w.contains(op.get(trafficJSONPath), `"month": "2007-03"`, `"running": true`)
	for _, table := range figures.Tables {
		if r := op.get(figuresPath + "?t=" + table); r.status != 200 {
			t.Errorf("%s: %d\n%s", table, r.status, r.body)
		}
	}
	w.contains(op.get(figuresPath+"?t=age"), "25-29")
	w.contains(op.get(figuresCSVPath+"?t=age"), "2007-03,25-29,<5\n")
	w.contains(op.get(consolePath+"?lang=en"), "Traffic")
	w.contains(op.get(trafficPath), "<td>Jan 2007</td>")
	for _, bad := range []string{"?t=nothing", "?t=age&month=x"} {
		if r := op.get(figuresPath + bad); r.status != 404 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
}

// calls sends an event as a provider of payments does.
func (w *world) calls(secret string, at time.Time, body string) int {
	stamp := strconv.FormatInt(at.Unix(), 10)
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(stamp + "." + body))
	b := w.browser()
	b.headers["Musubi-Signature"] = "t=" + stamp + ",v1=" + hex.EncodeToString(m.Sum(nil))
	return b.do("POST", hookPath, "application/json", []byte(body)).status
}

// The webhook: wrong signatures and times, the same event again, events in any order, refunds.
func TestEntitlementHook(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	b := w.as(m)
	page := b.get(premiumPath)
	w.contains(page, "無料プラン", payPath+"?reference=")
	ref := regexp.MustCompile(`reference=([a-z0-9]+)`).FindStringSubmatch(page.body)[1]
	if again := b.get(premiumPath).body; !strings.Contains(again, "reference="+ref) {
		t.Error("the reference changes")
	}
	n := 0
	event := func(kind, until string) string {
		n++
		return fmt.Sprintf(`{"id":"e%d","member":%q,"plan":"premium","until":%q,"event":%q}`, n, ref, until, kind)
	}
	now := w.clock.Now()
	send := func(body string) {
		t.Helper()
		if got := w.calls(w.core.HookSecret, now, body); got != 200 {
			t.Errorf("%s: %d", body, got)
		}
	}
	has := func(want string) {
		t.Helper()
		w.contains(b.get(premiumPath), want)
	}
	granted := event("granted", "2007-04-30T00:00:00Z")
	for name, status := range map[string]int{"x": 401, "": 401} {
		if got := w.calls(name, now, granted); got != status {
			t.Errorf("signed with %q: %d", name, got)
		}
	}
	for _, off := range []time.Duration{-301 * time.Second, 301 * time.Second} {
		if got := w.calls(w.core.HookSecret, now.Add(off), granted); got != 401 {
			t.Errorf("%v off: %d", off, got)
		}
	}
	if got := b.do("POST", hookPath, "application/json", []byte(granted)).status; got != 401 {
		t.Errorf("unsigned: %d", got)
	}
	has("無料プラン")
	send(granted)
	has("2007年4月30日")
	send(strings.Replace(granted, "2007-04-30", "2009-04-30", 1)) // the same ID: nothing
	has("2007年4月30日")
	send(event("renewed", "2007-06-30T00:00:00Z"))
	send(event("renewed", "2007-05-30T00:00:00Z")) // comes late
	send(event("ended", "2007-04-30T00:00:00Z"))   // as well
	has("2007年6月30日")
	send(event("refunded", "2007-06-30T00:00:00Z"))
	has("無料プラン")
	send(event("renewed", "2007-06-30T00:00:00Z")) // of before the refund
	has("無料プラン")
	send(event("granted", "1186000000")) // 2007-08-01, bought anew
	has("2007年8月2日")
	for body, want := range map[string]int{
		`{"id":"y","member":"nobody","plan":"premium","until":"2008-01-01","event":"granted"}`: 404, `not json`: 400, `{}`: 400,
		event("granted", "yesterday"): 400, event("stolen", "2008-01-01"): 400, strings.Replace(event("granted", "2008-01-01"), `"premium"`, `"gold"`, 1): 400,
	} {
		if got := w.calls(w.core.HookSecret, now, body); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
	w.clock.advance(time.Date(2007, 7, 28, 0, 0, 0, 0, time.UTC).Sub(now))
	b = w.as(m)
	if err := w.core.Premium.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.contains(b.get(noticesPath), "プレミアムの期限は2007/08/02です")
	w.clock.advance(6 * 24 * time.Hour)
	has("期限を過ぎています") // grace
	w.clock.advance(4 * 24 * time.Hour)
	has("無料プラン")
}

// The operator's list of categories, and communities that go for good: their administrator reads why, and nobody takes one back.
func TestConsoleCommunities(t *testing.T) {
	w := newWorld(t)
	owner := w.member("管子")
	made, err := w.core.Community.Create(t.Context(), owner.ID, community.NewCommunity{Name: "困った会", Description: "文", Category: 111, Hidden: true})
	if err != nil {
		t.Fatal(err)
	}
	me, d := w.as(owner), w.operator(operator.Everything).logIn()
	w.contains(d.get(consoleCommunitiesPath+"?q="+url.QueryEscape("困った")), "困った会", "管子", "非公開")
	w.contains(d.sends(consoleCommunitiesPath, consoleEndPath, url.Values{"id": {made.ID.String()}, "reason": {""}}), `class="error"`)
	w.contains(me.get(communityIDPath(made.ID)), "困った会")
	if r := d.sends(consoleCommunitiesPath, consoleEndPath, url.Values{"id": {made.ID.String()}, "reason": {"規約の3条"}}); r.location != consoleCommunitiesPath {
		t.Fatalf("removing: %d\n%s", r.status, r.body)
	}
	w.contains(me.get(measuresPath), "困った会", "規約の3条")
	if err := w.core.Community.TakeBack(t.Context(), core.Viewer{Member: owner.ID}, made.ID); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("taken back from an operator: %v", err)
	}
	if err := w.core.Community.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := me.get(communityIDPath(made.ID)); r.status != 404 {
		t.Errorf("a community that an operator removed: %d", r.status)
	}
	w.contains(d.get(consoleAuditPath), "コミュニティの削除", "困った会")

	change := func(pairs ...string) reply {
		values := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return d.sends(consoleCommunitiesPath, consoleCategoryPath, values)
	}
	change("name", "鉄道", "english", "Railways", "parent", "0", "place", "1", "store", "1")
	list, err := w.core.Community.Categories(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heading := list[slices.IndexFunc(list, func(c community.Category) bool { return c.Name == "鉄道" })]
	w.contains(change("name", "", "parent", heading.ID.String(), "store", "1"), `class="error"`)
	w.contains(change("name", "駅", "parent", "101", "store", "1"), `class="error"`) // which is no heading
	change("name", "駅", "parent", heading.ID.String(), "store", "1")
	w.contains(me.get(communityWritePath), "鉄道", "駅")
	w.contains(change("id", heading.ID.String(), "name", "鉄道", "drop", "1"), "まだコミュニティかカテゴリがあります")
	list, _ = w.core.Community.Categories(t.Context())
	below := list[slices.IndexFunc(list, func(c community.Category) bool { return c.Name == "駅" })]
	change("id", below.ID.String(), "parent", heading.ID.String(), "name", "駅弁", "store", "1")
	w.contains(me.get(communityWritePath), "駅弁")
	change("id", below.ID.String(), "drop", "1")
	change("id", heading.ID.String(), "drop", "1")
	if strings.Contains(me.get(communityWritePath).body, "鉄道") {
		t.Error("a category that was taken away is still offered")
	}
}

// The operators' listener links no page that only members' listener has.
func TestConsoleLinksWhatItHas(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", consolePath} {
		var req fasthttp.Request
		req.SetRequestURI(path)
		var ctx fasthttp.RequestCtx
		ctx.Init(&req, nil, nil)
		w.site.AdminHandler(&ctx)
		if body := string(ctx.Response.Body()); strings.Contains(body, `href="`+helpPath) || strings.Contains(body, `href="`+termsPath) {
			t.Errorf("%s links help or terms:\n%s", path, body)
		}
	}
}
