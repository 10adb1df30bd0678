package main

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// TestNoticesOnPCAndHandset tells how a member comes to a handset's address, chooses what is told there, and is told: over
// PC and P903i, through the gateway and the outbox.
func TestNoticesOnPCAndHandset(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	const address = "ann.on.the.way@docomo.ne.jp"
	ann, ben := d.Members[0], d.Members[1]

	// 1. On the PC: the address, the password, the letter.
	pc := newPhone(t, d.URL, uaPC, true)
	page := pc.logIn(ann.Mail, ann.Password).follow("設定").must(200).follow("メールアドレスの設定").must(200, ann.Mail)
	wrong := page.submit(page.formWith("mail"), map[string]string{"mail": address, "password": "not this one", "+send": "1"}).must(200, address, "パスワードが違います")
	wrong.submit(wrong.formWith("mail"), map[string]string{"mail": address, "password": ann.Password, "+send": "1"}).must(200, address+"に確認のメールを送りました")
	link := newestLink(t, d, address, "/settings/mail/confirm")

	// 2. On the handset: the letter's page asks for the login first. Somebody else's login opens nothing.
	other := newPhone(t, d.URL, uaPC, true)
	other.logIn(ben.Mail, ben.Password)
	other.get(link).must(404)
	handset := newPhone(t, d.URL, uaDoCoMo, false)
	login := handset.get(link).must(200)
	ask := login.submit(login.form("password"), map[string]string{"mail": ann.Mail, "password": ann.Password}).must(200, address, sjis("登録しますか"))
	ask.submit(ask.formWith("t"), map[string]string{"+send": "1"}).must(200, sjis("ケータイ"), address, ann.Mail)
	handset.get(handset.ownLink(link)).must(404)
	newPhone(t, d.URL, uaDoCoMo, false).logIn(address, ann.Password).must(200, sjis("友人の最新日記"))

	// 3. Comments shall be told on the handset.
	settings := handset.get(handset.ownLink("/home")).must(200).follow(sjis("設定")).must(200).follow(sjis("お知らせメールの設定")).must(200, sjis("日記へのコメント")) // n2: journal.CommentNews
	settings.submit(settings.formWith("n2"), map[string]string{"n2": "2", "+send": "1"}).must(200, sjis("設定"))

	// 4. Ann writes, Ben comments twice: one letter, and a line on home that leads to the entry and is gone then.
	form := pc.get("/diary/write").must(200)
	preview := form.submit(form.form("textarea"), map[string]string{"title": "お知らせの日記", "textarea": "本文", "+confirm": "1"}).must(200)
	preview.submit(preview.formWith("title"), map[string]string{"+send": "1"}).must(200, "お知らせの日記")
	for _, words := range []string{"だれにも言わない", "もう一言"} {
		entry := other.get("/home").must(200).follow("お知らせの日記").must(200)
		entry.submit(entry.form("textarea"), map[string]string{"textarea": words, "+send": ""}).must(200, words)
	}
	outbox := string(newPhone(t, d.Admin, uaPC, true).get("/outbox").must(200, address).raw)
	if n := strings.Count(outbox, "あなたの日記「お知らせの日記」にコメントを書きました"); n != 1 {
		t.Errorf("%d letters about two comments, want 1", n)
	}
	if strings.Contains(outbox, "だれにも言わない") {
		t.Error("a letter has the words of the comment")
	}
	told := newestLink(t, d, address, "/diary")
	newPhone(t, d.URL, uaDoCoMo, false).get(told).must(200).form("password")
	handset.get(handset.ownLink("/home")).must(200, sjis("日記に新しいコメントが")) // the demo's own are among them
	list := handset.get(handset.ownLink("/notices")).must(200, sjis("お知らせの日記"), "(2)")
	list.follow(sjis("お知らせの日記")).must(200, sjis("もう一言"))
	again := handset.get(handset.ownLink("/notices")).must(200, sjis("お知らせの日記"))
	before, _, _ := strings.Cut(string(again.raw), sjis("お知らせの日記"))
	if link := strings.LastIndex(before, "<a "); strings.Contains(before[strings.LastIndex(before[:link], "</a>"):], sjis("新")) {
		t.Errorf("what was seen is told as new again:\n%q", again.raw)
	}
}

// newestLink finds in the newest letter to an address the link to a path.
func newestLink(t *testing.T, d *demo, address, path string) string {
	t.Helper()
	outbox := html.UnescapeString(string(newPhone(t, d.Admin, uaPC, true).get("/outbox").must(200, address).raw))
	_, after, _ := strings.Cut(outbox, address)
	link := regexp.MustCompile(regexp.QuoteMeta(d.URL) + `(` + regexp.QuoteMeta(path) + `\?[^\s<"]+)`).FindStringSubmatch(after)
	if link == nil {
		t.Fatalf("no link to %s in the outbox after %s:\n%s", path, address, outbox)
	}
	return link[1]
}
