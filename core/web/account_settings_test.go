package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/network"
	"musubi/core/outbox"
)

// letters is the outbox, newest first.
func (w *world) letters() []outbox.Letter {
	w.t.Helper()
	list, _, err := w.core.Outbox.Letters(context.Background(), core.Page{Size: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

var linkPattern = regexp.MustCompile(`http://localhost(/\S+)`)

// linkTo is the address in the newest letter to somebody.
func (w *world) linkTo(address string) string {
	w.t.Helper()
	for _, l := range w.letters() {
		if l.To == address {
			if m := linkPattern.FindStringSubmatch(l.Body); m != nil {
				return m[1]
			}
		}
	}
	w.t.Fatalf("no letter to %s with a link", address)
	return ""
}

// invites goes through the form on its way and returns the link in the letter.
func (w *world) invites(b *browser, address string) string {
	w.t.Helper()
	preview := b.post("/invite", url.Values{"k": {tokenOn(w.t, b.get("/invite").body, "/invite")}, "address": {address}, "message": {"いっしょにやろう"}, "confirm": {"1"}})
	w.contains(preview, "本当にあなたの知っている友人ですか", address, "いっしょにやろう")
	unsure := b.post("/invite", url.Values{"k": {tokenOn(w.t, preview.body, "/invite")}, "address": {address}, "message": {"いっしょにやろう"}, "send": {"1"}})
	w.contains(unsure, "本当に知っている友人だけを招待できます。")
	sent := b.post("/invite", url.Values{"k": {tokenOn(w.t, unsure.body, "/invite")}, "address": {address}, "message": {"いっしょにやろう"}, "known": {"1"}, "send": {"1"}})
	if sent.location != "/invite?sent=1" {
		w.t.Fatalf("sent: %d %s %s", sent.status, sent.location, sent.body)
	}
	return w.linkTo(address)
}

func registration(t string) url.Values {
	return url.Values{
		"t": {t}, "name": {"はなちゃん"}, "password": {"みかんの花が咲く丘"}, "realname": {"山田 花子"}, "sex": {"女性"}, "prefecture": {"東京都"},
		"birthday": {"１９８５/3/3"}, "occupation": {"学生"}, "intro": {"よろしく☀\nおねがいします"}, "realname-v": {"2"}, "confirm": {"1"},
	}
}

// An invitation by PC, a registration that begins on a PC and goes on with a handset, and the friendship that comes of it.
func TestInvitationStory(t *testing.T) {
	w := newWorld(t)
	inviter := w.member("太郎")
	pc := w.as(inviter)
	link := w.invites(pc, "hanako@docomo.ne.jp")
	w.contains(pc.get("/invite"), "hanako@docomo.ne.jp", "返事待ち")
	token := strings.TrimPrefix(link, "/register?t=")

	visitor := w.browser()
	w.contains(visitor.get(link), "太郎さんからの招待です", "hanako@docomo.ne.jp", "ニックネーム")
	half := registration(token)
	half.Set("birthday", "1985")
	half.Del("sex")
	again := visitor.post("/register", half)
	w.contains(again, "日付を8けたの数字で", "入力してください。", `value="はなちゃん"`, "よろしく☀", "入力済みです", `value="1985"`)

	handset := w.browser() // goes on where the PC stopped, without typing the password again
	w.contains(handset.get(link), `value="はなちゃん"`, "入力済みです")
	whole := registration(token)
	whole.Del("password")
	preview := handset.post("/register", whole)
	w.contains(preview, "登録内容の確認", "山田 花子", "1985年3月3日", "送信", "修正する")
	if strings.Contains(preview.body, "みかん") {
		t.Fatal("the preview carries the password")
	}
	sent := handset.post("/register", url.Values{"t": {token}, "send": {"1"}})
	if sent.status != 302 || sent.location != "/home" {
		t.Fatalf("sent: %d %s\n%s", sent.status, sent.location, sent.body)
	}
	w.contains(handset.get("/home"), "はなちゃんさん、こんにちは", "太郎")
	w.contains(pc.get("/friends"), "はなちゃん")
	w.contains(pc.get("/invite"), "登録済み")
	if r := handset.post("/register", url.Values{"t": {token}, "send": {"1"}}); r.status != 404 {
		t.Fatalf("the link worked twice: %d", r.status)
	}
	fresh := w.browser()
	if r := fresh.post("/login", url.Values{"mail": {"Hanako@DoCoMo.ne.jp"}, "password": {"みかんの花が咲く丘"}}); r.location != "/home" {
		t.Fatalf("login: %d %s", r.status, r.body)
	}
}

func TestSEC111_Invitations(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("太郎"))
	token := func(n int) string {
		return strings.TrimPrefix(w.invites(b, fmt.Sprintf("friend%d@example.jp", n)), "/register?t=")
	}
	t.Run("race", func(t *testing.T) {
		k := token(1)
		w.contains(w.browser().post("/register", registration(k)), "登録内容の確認")
		var mu sync.Mutex
		entered := 0
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if r := w.browser().post("/register", url.Values{"t": {k}, "send": {"1"}}); r.location == "/home" {
					mu.Lock()
					entered++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if entered != 1 {
			t.Fatalf("%d of 50 registrations succeeded, want 1", entered)
		}
	})
	t.Run("withdrawn", func(t *testing.T) {
		k := token(2)
		page := b.get("/invite").body
		b.post("/invite/withdraw", url.Values{"k": {tokenOn(t, page, "/invite/withdraw")}, "invitation": {regexp.MustCompile(`name="invitation" value="(\d+)"`).FindStringSubmatch(page)[1]}})
		if r := w.browser().get("/register?t=" + k); r.status != 404 {
			t.Fatalf("withdrawn invitation: %d", r.status)
		}
		w.contains(b.get("/invite"), "取り消し")
	})
	t.Run("of another", func(t *testing.T) {
		k := token(3)
		page := b.get("/invite").body
		id := regexp.MustCompile(`name="invitation" value="(\d+)"`).FindStringSubmatch(page)[1]
		other := w.as(w.member("次郎"))
		other.post("/invite/withdraw", url.Values{"k": {w.site.newToken(w.sessionKey(other), "/invite/withdraw")}, "invitation": {id}})
		if r := w.browser().get("/register?t=" + k); r.status != 200 {
			t.Fatalf("another member withdrew the invitation: %d", r.status)
		}
	})
	t.Run("incomplete draft", func(t *testing.T) {
		k := token(4)
		half := registration(k)
		half.Del("realname")
		w.browser().post("/register", half)
		if r := w.browser().post("/register", url.Values{"t": {k}, "send": {"1"}}); r.status != 404 {
			t.Fatalf("an incomplete registration was taken: %d %s", r.status, r.location)
		}
	})
	t.Run("expired", func(t *testing.T) {
		k := token(5)
		w.clock.advance(account.InvitationAge + time.Minute)
		if r := w.browser().get("/register?t=" + k); r.status != 404 {
			t.Fatalf("expired invitation: %d", r.status)
		}
	})
	t.Run("none", func(t *testing.T) {
		for _, k := range []string{"", "x", strings.Repeat("A", 32)} {
			for _, button := range []string{"confirm", "send", "edit"} {
				if r := w.browser().post("/register", url.Values{"t": {k}, button: {"1"}, "name": {"x"}}); r.status != 404 {
					t.Errorf("registration with token %q (%s): %d", k, button, r.status)
				}
			}
		}
	})
}

// The operator reads the outbox on the admin listener, and nobody anything else there; members have no such page.
func TestOutbox(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("太郎"))
	w.invites(b, "hanako@example.jp")
	ask := func(method, path string) (int, string) {
		var ctx fasthttp.RequestCtx
		var req fasthttp.Request
		req.Header.SetMethod(method)
		req.SetRequestURI(path)
		ctx.Init(&req, nil, nil)
		w.site.AdminHandler(&ctx)
		return ctx.Response.StatusCode(), string(ctx.Response.Body())
	}
	for _, path := range []string{"/", "/outbox"} {
		if status, body := ask("GET", path); status != 200 || !strings.Contains(body, "hanako@example.jp") || !strings.Contains(body, "/register?t=") {
			t.Errorf("GET %s: %d\n%s", path, status, body)
		}
		if status, _ := ask("POST", path); status != 404 {
			t.Errorf("POST %s: %d, want 404", path, status)
		}
	}
	for _, path := range []string{"/home", "/member", "/outbox/", "/photo/1"} {
		if status, _ := ask("GET", path); status != 404 {
			t.Errorf("GET %s: %d, want 404", path, status)
		}
	}
	if r := b.get("/outbox"); r.status != 404 {
		t.Errorf("a member asks for the outbox: %d, want 404", r.status)
	}
}

// A letter that cannot be handed over is tried again, later each time, and in the end given up.
func TestMailIsTriedAgain(t *testing.T) {
	sender := &brokenSender{}
	w := newWorldWith(t, func(c *network.Config) { c.Mail = sender })
	w.invites(w.as(w.member("太郎")), "hanako@example.jp")
	for range 200 {
		if _, err := w.core.Outbox.SendMail(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.clock.advance(30 * time.Minute)
	}
	if l := w.letters()[0]; sender.tries != 7 || !l.NextAt.IsZero() || !l.SentAt.IsZero() || l.Problem != "mail server is away" {
		t.Fatalf("%d tries, letter %+v", sender.tries, l)
	}
	sender.works = true
	w.invites(w.as(w.member("次郎")), "jiro@example.jp")
	if n, err := w.core.Outbox.SendMail(context.Background()); n != 1 || err != nil {
		t.Fatalf("sent %d, %v", n, err)
	}
	if n, _ := w.core.Outbox.SendMail(context.Background()); n != 0 {
		t.Fatal("a sent letter went out again")
	}
}

type brokenSender struct {
	tries   int
	works   bool
	letters []outbox.Mail // that went out
}

func (s *brokenSender) Send(_ context.Context, m outbox.Mail) error {
	s.tries++
	if s.works {
		s.letters = append(s.letters, m)
		return nil
	}
	return errors.New("mail server is away")
}

// A member without friends is warned at half time and suspended at the end; a friend saves them.
func TestAlone(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) { c.AloneLimit = 30 * 24 * time.Hour })
	alone, befriended := w.member("太郎"), w.member("次郎")
	w.clock.advance(20 * 24 * time.Hour)
	b := w.as(alone)
	w.contains(b.get("/home"), "あと10日で利用が止まります")
	w.friends(befriended, w.member("三郎"))
	if r := w.as(befriended).get("/home"); strings.Contains(r.body, "利用が止まります") {
		t.Error("a member with a friend is warned")
	}
	w.clock.advance(11 * 24 * time.Hour)
	b = w.as(alone)
	if err := w.core.Chores.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if r := b.get("/home"); r.status != 302 {
		t.Errorf("after 31 days alone: %d, want no session", r.status)
	}
	w.as(befriended)
}

// The inviter cannot learn by inviting whether an address is a member's.
func TestSEC103_InvitingAMember(t *testing.T) {
	w := newWorld(t)
	b, member := w.as(w.member("太郎")), w.member("花子")
	for _, address := range []string{mailOf(member), "nobody@example.jp"} {
		if link := w.invites(b, address); (address == mailOf(member)) != strings.HasPrefix(link, "/member?id=") {
			t.Errorf("letter to %s leads to %s", address, link)
		}
	}
	if n := strings.Count(b.get("/invite").body, "返事待ち"); n != 2 {
		t.Errorf("the list tells the two apart: %d waiting", n)
	}
}

func TestSEC104_Reset(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	old := w.as(m)
	known := w.browser().post("/reset", url.Values{"mail": {mailOf(m)}})
	unknown := w.browser().post("/reset", url.Values{"mail": {"nobody@example.jp"}})
	if known.status != unknown.status || known.body != unknown.body || len(w.letters()) != 1 {
		t.Fatalf("known %d, unknown %d, %d letters", known.status, unknown.status, len(w.letters()))
	}
	link := w.linkTo(mailOf(m))
	token := strings.TrimPrefix(link, "/reset/new?t=")
	b := w.browser()
	for range 2 { // looking at it uses nothing up
		w.contains(b.get(link), "新しいパスワード")
	}
	w.contains(b.post("/reset/new", url.Values{"t": {token}, "password": {"password1234"}}), "推測されやすい")
	w.contains(b.post("/reset/new", url.Values{"t": {token}, "password": {"あたらしいひみつのうた"}}), "パスワードを変えました")
	if r := b.post("/reset/new", url.Values{"t": {token}, "password": {"もういちどかえるうた"}}); r.status != 404 {
		t.Errorf("the link worked twice: %d", r.status)
	}
	if r := old.get("/home"); r.status != 302 {
		t.Errorf("an old session lives on: %d", r.status)
	}
	if r := w.browser().post("/login", url.Values{"mail": {mailOf(m)}, "password": {"あたらしいひみつのうた"}}); r.location != "/home" {
		t.Errorf("login with the new password: %d", r.status)
	}
	if l := w.letters()[0]; l.To != mailOf(m) || !strings.Contains(l.Subject, "パスワードが変わりました") {
		t.Errorf("no notice of the change, but %q to %s", l.Subject, l.To)
	}
	w.browser().post("/reset", url.Values{"mail": {mailOf(m)}})
	late := w.linkTo(mailOf(m))
	w.clock.advance(account.ResetAge + time.Second)
	if r := b.get(late); r.status != 404 {
		t.Errorf("after half an hour: %d", r.status)
	}
	w.store.Close()
	// The letter holds the token until it is sent and swept away; the link table holds its hash only.
	if n := w.times(token); n > 1 {
		t.Errorf("the token is stored %d times, want only in the letter", n)
	}
}

func TestSEC100_PasswordOfRegistration(t *testing.T) {
	w := newWorld(t)
	token := strings.TrimPrefix(w.invites(w.as(w.member("太郎")), "hanako@example.jp"), "/register?t=")
	rows := map[string]string{
		"short": "8文字以上", "12345678": "数字だけ", "hanako12": "推測されやすい", "はなちゃん1985": "推測されやすい", "19850303hanako": "推測されやすい",
		"P@ssw0rd2007": "推測されやすい", "qwertyuiop12": "推測されやすい", strings.Repeat("長い", 40): "64文字以内",
	}
	for password, want := range rows {
		values := registration(token)
		values.Set("password", password)
		w.contains(w.browser().post("/register", values), want)
	}
}

// A handset behind its carrier's gateway, as the gateway would tell of it.
func (w *world) handset(key, model string) *browser {
	b := w.browser()
	b.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Model": model, "X-Ktai-Key": key}
	return b
}

func (b *browser) signed(method, target string, values url.Values) reply {
	b.headers["X-Ktai-Time"] = fmt.Sprint(b.w.clock.Now().Unix())
	b.sign(method, target)
	if method == "GET" {
		return b.get(target)
	}
	return b.post(target, values)
}

func TestEasyLogin(t *testing.T) {
	w := newWorld(t)
	m, other := w.member("花子"), w.member("太郎")
	login := func(b *browser, m core.Member) {
		b.signed("POST", "/login", url.Values{"mail": {mailOf(m)}, "password": {password}})
	}
	enrol := func(b *browser, password string) reply {
		return b.signed("POST", "/settings/easy", url.Values{"k": {w.site.newToken(w.sessionKey(b), "/settings/easy")}, "password": {password}, "enrol": {"1"}})
	}
	phone := w.handset("key-of-hanako", "P903i")
	login(phone, m)

	// off until the operator turns it on (SEC-20)
	if strings.Contains(w.browser().get("/").body, "かんたんログイン") {
		t.Fatal("easy login is offered though it is off")
	}
	w.contains(enrol(phone, password), "ケータイ会社の回線を通ったケータイだけ")
	w.core.Account.SwitchEasyLogin(true)
	w.contains(w.browser().get("/"), "かんたんログイン", "data-utn")

	t.Run("SEC20 enrol after the password", func(t *testing.T) {
		w.contains(enrol(phone, "wrong password"), "パスワードが違います")
		if r := enrol(phone, password); r.location != "/settings/easy" {
			t.Fatalf("enrol: %d %s", r.status, r.body)
		}
		page := phone.get("/settings/easy")
		w.contains(page, "docomo P903i")
		if strings.Contains(page.body, "key-of-hanako") {
			t.Fatal("the page shows the key")
		}
	})
	t.Run("enter", func(t *testing.T) {
		b := w.handset("key-of-hanako", "P903i")
		if r := b.signed("GET", "/easy", url.Values{}); r.location != "/home" {
			t.Fatalf("easy login: %d %s", r.status, r.body)
		}
		w.contains(b.get("/home"), "花子さん")
		s, _, err := w.core.Account.Session(context.Background(), b.cookies["musubi"])
		if err != nil || !s.Easy {
			t.Fatalf("session %+v, %v: not marked as easy", s, err)
		}
	})
	t.Run("SEC26 refusals are one page", func(t *testing.T) {
		unsigned := w.handset("key-of-hanako", "P903i")
		var want string
		for name, r := range map[string]reply{
			"unsigned":        unsigned.get("/easy"),
			"unknown":         w.handset("key-of-nobody", "P903i").signed("GET", "/easy", url.Values{}),
			"other model":     w.handset("key-of-hanako", "N902i").signed("GET", "/easy", url.Values{}),
			"no key":          w.handset("", "P903i").signed("GET", "/easy", url.Values{}),
			"from a browser":  w.browser().get("/easy"),
			"member's own ID": w.handset(m.ID.String(), "P903i").signed("GET", "/easy", url.Values{}),
		} {
			if want == "" {
				want = r.body
			}
			if r.status != 200 || r.body != want || r.location != "" || !strings.Contains(r.body, "かんたんログインできませんでした") {
				t.Errorf("%s: %d %s\n%s", name, r.status, r.location, r.body)
			}
		}
	})
	t.Run("SEC21 one key, one account", func(t *testing.T) {
		b := w.handset("key-of-hanako", "P903i")
		login(b, other)
		w.contains(enrol(b, password), "このケータイは登録できません")
		var mu sync.Mutex
		won := 0
		var wg sync.WaitGroup
		for _, m := range []core.Member{m, other} {
			racer := w.handset("raced-key", "SH902i")
			login(racer, m)
			racer.headers["X-Ktai-Time"] = fmt.Sprint(w.clock.Now().Unix())
			racer.sign("POST", "/settings/easy")
			wg.Go(func() {
				r := racer.post("/settings/easy", url.Values{"k": {w.site.newToken(w.sessionKey(racer), "/settings/easy")}, "password": {password}, "enrol": {"1"}})
				mu.Lock()
				defer mu.Unlock()
				if r.status == 302 {
					won++
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Fatalf("%d of two enrolments of one key won", won)
		}
	})
	t.Run("SEC22 expires unused", func(t *testing.T) {
		w.clock.advance(account.EasyLoginAge + time.Hour)
		b := w.handset("key-of-hanako", "P903i")
		w.contains(b.signed("GET", "/easy", url.Values{}), "かんたんログインできませんでした")
	})
	t.Run("SEC24 revoke", func(t *testing.T) {
		b := w.handset("new-key", "P903i")
		login(b, m)
		enrol(b, password)
		page := b.get("/settings/easy").body
		names := regexp.MustCompile(`name="enrolment" value="(\d+)"`).FindAllStringSubmatch(page, -1)
		revoke := func(password string) reply {
			return b.signed("POST", "/settings/easy", url.Values{"k": {w.site.newToken(w.sessionKey(b), "/settings/easy")}, "password": {password}, "enrolment": {names[len(names)-1][1]}, "revoke": {"1"}})
		}
		w.contains(revoke("wrong password"), "パスワードが違います")
		if r := revoke(password); r.status != 302 {
			t.Fatalf("revoke: %d %s", r.status, r.body)
		}
		w.contains(w.handset("new-key", "P903i").signed("GET", "/easy", url.Values{}), "かんたんログインできませんでした")
	})
	t.Run("SEC27 kill switch", func(t *testing.T) {
		b := w.handset("last-key", "P903i")
		login(b, m)
		enrol(b, password)
		w.core.Account.SwitchEasyLogin(false)
		if r := w.handset("last-key", "P903i").signed("GET", "/easy", url.Values{}); r.location != "" {
			t.Fatalf("easy login worked though switched off: %s", r.location)
		}
	})
	t.Run("SEC120 audit", func(t *testing.T) {
		if n, err := w.core.VerifyAudit(context.Background()); err != nil || n < 10 {
			t.Fatalf("audit log of %d lines: %v", n, err)
		}
	})
}

// Every form shows again what was typed, with a sentence beside each field that is wrong.
func TestFormsComeBack(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	long := strings.Repeat("長", 4000)
	rows := []struct {
		name, page, action string
		values             url.Values
		want               []string
	}{
		{"diary empty", "/diary/write", "/diary/write", url.Values{"confirm": {"1"}}, []string{`id="title-error"`, `id="body-error"`, "入力してください。"}},
		{"diary blank", "/diary/write", "/diary/write", url.Values{"title": {" 　"}, "body": {"本文だけ"}, "confirm": {"1"}}, []string{`id="title-error"`, "本文だけ</textarea>"}},
		{"diary long", "/diary/write", "/diary/write", url.Values{"title": {long}, "body": {strings.Repeat(long, 3)}, "send": {"1"}}, []string{"100文字以内", "10000文字以内", long}},
		{"profile empty name", "/settings/profile", "/settings/profile", url.Values{"name": {""}, "intro": {"のこる"}, "send": {"1"}}, []string{`id="name-error"`, "のこる</textarea>"}},
		{"profile wrong choices", "/settings/profile", "/settings/profile", url.Values{"name": {"花子"}, "sex": {"ほか"}, "prefecture": {"<b>"}, "birthday": {"20070230"}, "blood": {"C型"}, "send": {"1"}},
			[]string{`id="sex-error"`, `id="prefecture-error"`, `id="birthday-error"`, `id="blood-error"`, `value="20070230"`}},
		{"profile long", "/settings/profile", "/settings/profile", url.Values{"name": {long}, "intro": {long}, "hobby": {long}, "send": {"1"}}, []string{"40文字以内", "3000文字以内", "100文字以内"}},
		{"invite no address", "/invite", "/invite", url.Values{"address": {""}, "message": {"のこる"}, "confirm": {"1"}}, []string{`id="address-error"`, "のこる</textarea>"}},
		{"invite bad address", "/invite", "/invite", url.Values{"address": {"<b>@x"}, "confirm": {"1"}}, []string{`id="address-error"`, `value="&lt;b&gt;@x"`}},
		{"invite header injection", "/invite", "/invite", url.Values{"address": {"a@b.jp\r\nBcc: x@y.jp"}, "confirm": {"1"}}, []string{`id="address-error"`}},
		{"invite long message", "/invite", "/invite", url.Values{"address": {"a@b.jp"}, "message": {long}, "confirm": {"1"}}, []string{"500文字以内", `value="a@b.jp"`}},
		{"photo missing", "/settings/photos", "/settings/photos", url.Values{"send": {"1"}}, []string{`id="file-error"`}},
	}
	for _, r := range rows {
		r.values.Set("k", tokenOn(t, b.get(r.page).body, r.action))
		got := b.post(r.action, r.values)
		if got.status != 200 {
			t.Errorf("%s: status %d", r.name, got.status)
		}
		for _, want := range r.want {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s: no %.60q on the page", r.name, want)
			}
		}
	}
	notAPicture := b.upload("/settings/photos", url.Values{"k": {tokenOn(t, b.get("/settings/photos").body, "/settings/photos")}}, []byte("<script>"))
	w.contains(notAPicture, "写真を読み込めませんでした")
	entry := b.upload("/diary/write", url.Values{"k": {tokenOn(t, b.get("/diary/write").body, "/diary/write")}, "title": {"題"}, "body": {"本文"}, "confirm": {"1"}}, []byte("GIF89a"))
	w.contains(entry, "写真を読み込めませんでした", `value="題"`)
	if len(w.letters()) != 0 {
		t.Error("a refused form sent a letter")
	}
}

func TestProfileStory(t *testing.T) {
	w := newWorld(t)
	m, friend, stranger := w.member("花子"), w.member("太郎"), w.member("次郎")
	w.friends(m, friend)
	b := w.as(m)
	r := b.post("/settings/profile", url.Values{"k": {tokenOn(t, b.get("/settings/profile").body, "/settings/profile")}, "name": {"はな"}, "realname": {"山田 花子"}, "realname-v": {"2"},
		"birthday": {"19850303"}, "birthday-v": {"3"}, "intro": {"こんにちは"}, "intro-v": {"3"}, "favorite": {"みかん"}, "send": {"1"}})
	if r.location != "/member" {
		t.Fatalf("edit: %d %s", r.status, r.body)
	}
	w.contains(b.get("/member"), "はなさんのプロフィール", "山田 花子", "1985年3月3日", "こんにちは")
	seen := w.as(friend).get(memberPath(m.ID))
	w.contains(seen, "山田 花子", "こんにちは", "はなさんのくわしいプロフィール")
	if strings.Contains(seen.body, "1985") {
		t.Error("a friend sees the private birthday")
	}
	other := w.as(stranger).get(memberPath(m.ID))
	w.contains(other, "こんにちは") // fixed: always seen, whatever the form says
	if strings.Contains(other.body, "山田") {
		t.Error("a stranger sees the name meant for friends")
	}
	// a handset's form has no choice of who sees: it stays as it was
	b.post("/settings/profile", url.Values{"k": {tokenOn(t, b.get("/settings/profile").body, "/settings/profile")}, "name": {"はな"}, "birthday": {"19850304"}, "send": {"1"}})
	if strings.Contains(w.as(friend).get(memberPath(m.ID)).body, "1985") {
		t.Error("the short form made the birthday visible")
	}

	for i := range 3 {
		if r := b.upload("/settings/photos", url.Values{"k": {tokenOn(t, b.get("/settings/photos").body, "/settings/photos")}}, drawing(i)); r.status != 302 {
			t.Fatalf("photo %d: %d %s", i, r.status, r.body)
		}
	}
	if r := b.upload("/settings/photos", url.Values{"k": {w.site.newToken(w.sessionKey(b), "/settings/photos")}}, drawing(9)); !strings.Contains(r.body, "プロフィール写真") || r.status != 200 {
		t.Errorf("a fourth photo: %d", r.status)
	}
	photos, err := w.core.People.ProfilePhotos(context.Background(), core.Viewer{Member: stranger.ID}, m.ID)
	if err != nil || len(photos) != 3 {
		t.Fatalf("%d photos, %v", len(photos), err)
	}
	change := func(button string, id core.ID) {
		b.post("/settings/photos", url.Values{"k": {w.site.newToken(w.sessionKey(b), "/settings/photos")}, "photo": {id.String()}, button: {"1"}, sureField: {"1"}})
	}
	main := func() core.ID {
		m, _, _ := w.core.Member(context.Background(), core.Viewer{Member: m.ID}, m.ID)
		return m.Photo.ID
	}
	if main() != photos[0].ID {
		t.Error("the first photo is not the main one")
	}
	change("main", photos[2].ID)
	if main() != photos[2].ID {
		t.Error("the third photo did not become the main one")
	}
	change("delete", photos[2].ID)
	if main() != photos[0].ID {
		t.Error("after the main photo was deleted, the first is not the main one")
	}
	// what nobody uses any more leaves the disk
	blobs, _ := filepath.Glob(filepath.Join(filepath.Dir(w.path), "blobs", "*", "*"))
	w.clock.now = time.Now().Add(time.Hour)
	if err := w.core.Chores.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(w.path), "blobs", "*", "*"))
	if len(left) >= len(blobs) {
		t.Errorf("%d of %d blobs left", len(left), len(blobs))
	}
}
