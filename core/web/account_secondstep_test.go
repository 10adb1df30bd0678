package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// A member switches the second step on; from then on a password alone opens nothing, each code opens once, a recovery code opens
// once, wrong ones wait, and a ticket is worth nothing late or for somebody else (SEC-102).
func TestSEC102_SecondStep(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	me := w.as(m)
	w.contains(me.get("/settings"), "二段階認証", secondStepPath)
	form := me.get(secondStepPath)
	secret := regexp.MustCompile(`<strong>([A-Z2-7]{32})</strong>`).FindStringSubmatch(form.body)
	if secret == nil {
		t.Fatalf("no key on the page:\n%s", form.body)
	}
	code := func() string {
		c, err := totp.GenerateCode(secret[1], w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	start := func(typed, pass string) reply {
		return w.press(me, secondStepPath, url.Values{"sealed": {hidden(form.body, "sealed")}, "code": {typed}, "password": {pass}, "start": {"1"}})
	}
	w.contains(start("000000", password), "確認コードがちがいます", secret[1])
	w.contains(start(code(), "not it at all"), "password-error")
	on := start(code(), password)
	recovery := regexp.MustCompile(`<strong>([a-z2-7]{16})</strong>`).FindAllStringSubmatch(on.body, -1)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes:\n%s", len(recovery), on.body)
	}
	w.contains(me.get(secondStepPath), "残っている回復コード: 10個")
	if strings.Contains(me.get(secondStepPath).body, secret[1]) {
		t.Error("the key is shown again")
	}

	login := func() (*browser, reply) {
		b := w.browser()
		return b, b.post(loginPath, url.Values{"mail": {mailOf(m)}, "password": {password}, "next": {"/friends"}})
	}
	enter := func(b *browser, asked reply, typed string) reply {
		return b.post(codePath, url.Values{"ticket": {hidden(asked.body, "ticket")}, "next": {"/friends"}, "code": {typed}})
	}
	b, asked := login()
	w.contains(asked, "認証アプリ", `name="code"`)
	if b.cookies["musubi"] != "" {
		t.Fatal("the password alone opens a session")
	}
	if r := enter(b, asked, code()); r.status == 302 {
		t.Error("the code that switched it on opens too")
	}
	w.clock.advance(time.Minute)
	typed := code()
	if r := enter(b, asked, typed[:3]+" "+typed[3:]); r.location != "/friends" || b.cookies["musubi"] == "" {
		t.Fatalf("the right code: %d %q\n%s", r.status, r.location, r.body)
	}
	other, again := login()
	if r := enter(other, again, typed); r.status == 302 {
		t.Error("a code opens twice")
	}
	if r := enter(other, again, strings.ToUpper(recovery[3][1])); r.status != 302 {
		t.Errorf("a recovery code: %d %s", r.status, r.body)
	}
	third, asked3 := login()
	if r := enter(third, asked3, recovery[3][1]); r.status == 302 {
		t.Error("a recovery code opens twice")
	}
	w.clock.advance(6 * time.Minute)
	w.contains(enter(third, asked3, code()), "時間がたちすぎました")
	forged := hidden(asked.body, "ticket")
	if r := enter(third, reply{body: strings.ReplaceAll(asked.body, forged, "1"+forged)}, code()); r.status == 302 {
		t.Error("another member's ticket opens")
	}
	fourth, asked4 := login()
	for range 8 {
		enter(fourth, asked4, "111111")
	}
	if r := enter(fourth, asked4, code()); r.status == 302 {
		t.Error("tries at codes do not wait")
	}

	w.contains(w.press(me, secondStepPath, url.Values{"password": {"not it at all"}, "end": {"1"}}), "password-error")
	w.clock.advance(time.Hour)
	w.press(me, secondStepPath, url.Values{"password": {password}, "end": {"1"}})
	if b, r := login(); r.location != "/friends" || b.cookies["musubi"] == "" {
		t.Errorf("after it was switched off: %d", r.status)
	}
}
