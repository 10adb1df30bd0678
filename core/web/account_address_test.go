package web

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/outbox"
)

var regexpToken = regexp.MustCompile(`name="k" value="[^"]*"`)

// wish sends the form for a new address and gives the answer.
func (w *world) wish(b *browser, mail, password string) reply {
	return w.press(b, mailPath, url.Values{"mail": {mail}, "password": {password}, "send": {"1"}})
}

func (w *world) confirm(b *browser, link string) reply {
	w.t.Helper()
	page := b.get(link)
	if page.status != 200 {
		return page
	}
	return b.post(mailConfirmPath, url.Values{"k": {tokenOn(w.t, page.body, mailConfirmPath)}, "t": {strings.TrimPrefix(link, mailConfirmPath+"?t=")}, "send": {"1"}})
}

func (w *world) logsIn(mail string) bool {
	_, _, err := w.core.Account.Login(context.Background(), mail, password, "PC")
	return err == nil
}

const handsetMail = "hanako@docomo.ne.jp"

// An address counts when its owner has opened the link in the letter, and not before; it takes the place of the one of its
// kind, and the old addresses are told.
func TestMailAddressStory(t *testing.T) {
	w, hanako, _ := newPeople(t)
	me := w.as(hanako)
	w.contains(me.get(mailPath), "パソコン: <strong>"+mailOf(hanako))
	if got := w.wish(me, " Hanako@DoCoMo.ne.jp ", password); got.location != mailPath {
		t.Fatalf("wishing: %d %s", got.status, got.body)
	}
	w.contains(me.get(mailPath), handsetMail+"に確認のメールを送りました")
	if w.logsIn(handsetMail) {
		t.Fatal("the address counts before it is confirmed")
	}
	link := w.linkTo(handsetMail)
	if l := w.letters()[0]; len(l.Body) > 250 {
		t.Errorf("a letter of %d bytes to a handset:\n%s", len(l.Body), l.Body)
	}
	for range 2 { // looking at it changes nothing
		w.contains(me.get(link), handsetMail, "登録しますか")
	}
	if w.logsIn(handsetMail) {
		t.Fatal("looking at the link was enough")
	}
	if got := w.confirm(me, link); got.location != mailPath {
		t.Fatalf("confirming: %d", got.status)
	}
	w.contains(me.get(mailPath), "パソコン: <strong>"+mailOf(hanako), "ケータイ: <strong>"+handsetMail)
	if !w.logsIn(handsetMail) || !w.logsIn(mailOf(hanako)) {
		t.Error("one of the two addresses does not work")
	}
	if l := w.letters()[0]; l.To != mailOf(hanako) || !strings.Contains(l.Subject, "メールアドレスが変わりました") {
		t.Errorf("the old address is not told: %q to %s", l.Subject, l.To)
	}
	const second = "hanako@another.example.jp"
	w.wish(me, second, password)
	w.confirm(me, w.linkTo(second))
	page := me.get(mailPath)
	w.contains(page, "パソコン: <strong>"+second, "ケータイ: <strong>"+handsetMail)
	if strings.Contains(page.body, mailOf(hanako)) || w.logsIn(mailOf(hanako)) {
		t.Error("the address that was replaced still counts")
	}
	told := map[string]bool{}
	for _, l := range w.letters()[:2] {
		told[l.To] = strings.Contains(l.Subject, "変わりました")
	}
	if !told[mailOf(hanako)] || !told[handsetMail] {
		t.Errorf("told of the change: %v", told)
	}
	if got := w.press(me, mailPath, url.Values{"address": {handsetMail}, "password": {password}, "remove": {"1"}}); got.location != mailPath {
		t.Fatalf("removing: %d %s", got.status, got.body)
	}
	if w.logsIn(handsetMail) || !w.logsIn(second) {
		t.Error("the wrong address was removed")
	}
	w.contains(w.press(me, mailPath, url.Values{"address": {second}, "password": {password}, "remove": {"1"}}), "最後のアドレスは削除できません")
	if n, err := w.core.VerifyAudit(context.Background()); err != nil || n == 0 {
		t.Errorf("audit: %d lines, %v", n, err)
	}
}

// The link works once, for a day, for the member who asked, and only the newest one (SEC-104).
func TestSEC104_MailLinks(t *testing.T) {
	w, hanako, taro := newPeople(t)
	me, other := w.as(hanako), w.as(taro)
	w.wish(me, handsetMail, password)
	link := w.linkTo(handsetMail)
	if _, _, err := w.store.Account.Link(context.Background(), strings.TrimPrefix(link, mailConfirmPath+"?t="), "mail"); err != core.ErrNotFound {
		t.Errorf("the database has the token itself, %v", err)
	}
	refused := map[string]string{
		"no token": mailConfirmPath, "garbage": mailConfirmPath + "?t=AAAA", "one letter changed": link[:len(link)-1] + "_",
		"a reset's": mailConfirmPath + "?t=" + strings.Repeat("A", 32),
	}
	for name, forged := range refused {
		if forged == link {
			forged = link[:len(link)-1] + "-"
		}
		if got := w.confirm(me, forged); got.status != 404 {
			t.Errorf("%s: %d, want 404", name, got.status)
		}
	}
	if got := w.confirm(other, link); got.status != 404 {
		t.Errorf("another member's session: %d, want 404", got.status)
	}
	if got := w.browser().get(link); got.status != 302 || !strings.HasPrefix(got.location, "/?next=") {
		t.Errorf("without a login: %d to %q", got.status, got.location)
	}
	if w.logsIn(handsetMail) {
		t.Fatal("one of them worked")
	}
	w.clock.advance(2 * time.Minute)
	w.wish(me, handsetMail, password)
	newer := w.linkTo(handsetMail)
	if newer == link || w.confirm(me, link).status != 404 {
		t.Error("the older link works beside the newer one")
	}
	if got := w.confirm(me, newer); got.location != mailPath {
		t.Fatalf("the newer link: %d", got.status)
	}
	if got := w.confirm(me, newer); got.status != 404 {
		t.Errorf("the link worked twice: %d", got.status)
	}
	const late, dropped = "late@example.jp", "dropped@example.jp"
	w.wish(me, dropped, password)
	link = w.linkTo(dropped)
	w.press(me, mailPath, url.Values{"forget": {"1"}})
	if got := w.confirm(me, link); got.status != 404 || strings.Contains(me.get(mailPath).body, dropped) {
		t.Errorf("after the change was forgotten: %d", got.status)
	}
	w.clock.advance(time.Hour)
	w.wish(me, late, password)
	w.clock.advance(account.MailWishAge + time.Second)
	if got := w.confirm(me, w.linkTo(late)); got.status != 404 || strings.Contains(me.get(mailPath).body, late) {
		t.Errorf("after a day: %d", got.status)
	}
	if err := w.core.Chores.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Account.MailWish(context.Background(), hanako.ID); err != core.ErrNotFound {
		t.Errorf("after the sweep the address is still there, %v", err)
	}
}

// A form sent twice is one letter; after five letters the next one waits.
func TestMailWishesAreBounded(t *testing.T) {
	w, hanako, _ := newPeople(t)
	me := w.as(hanako)
	for range 3 {
		w.wish(me, handsetMail, password)
	}
	if n := len(w.letters()); n != 1 {
		t.Errorf("%d letters for one wish", n)
	}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		w.wish(me, name+"@example.jp", password)
	}
	if n := len(w.letters()); n != 5 {
		t.Errorf("%d letters, want 5", n)
	}
	got := w.wish(me, "h@example.jp", password)
	w.contains(got, "しばらくたってから", `value="h@example.jp"`)
}

// What takes an account from its owner asks for the password, in a session of easy login too (SEC-23).
func TestSEC23_MailNeedsThePassword(t *testing.T) {
	w, hanako, _ := newPeople(t)
	ctx := context.Background()
	me := w.as(hanako)
	if err := w.store.Account.PutAddress(ctx, hanako.ID, account.Address{Mail: handsetMail}); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", "not this one"} {
		got := w.wish(me, "evil@example.jp", wrong)
		w.contains(got, "パスワードが違います", `value="evil@example.jp"`)
		got = w.press(me, mailPath, url.Values{"address": {handsetMail}, "password": {wrong}, "remove": {"1"}})
		w.contains(got, "パスワードが違います")
		if n := strings.Count(got.body, `id="password-error"`); n != 1 {
			t.Errorf("the sentence stands at %d fields", n)
		}
	}
	if n := len(w.letters()); n != 0 {
		t.Errorf("%d letters were sent", n)
	}
	if !w.logsIn(handsetMail) {
		t.Error("the address is gone")
	}
	if got := w.press(me, mailPath, url.Values{"address": {"taro@example.jp"}, "password": {password}, "remove": {"1"}}); got.status != 404 {
		t.Errorf("removing an address of somebody else: %d", got.status)
	}
	if err := w.core.FlushRefusals(ctx, true); err != nil {
		t.Fatal(err)
	}
	var audited int
	entries, err := w.store.Ledger.AuditAfter(ctx, 0, 1000)
	for _, e := range entries {
		if e.Kind == "stepupfail" && e.Member == hanako.ID {
			audited++
		}
	}
	if err != nil || audited != 4 {
		t.Errorf("%d of 4 wrong passwords are in the audit log, %v", audited, err)
	}
}

// Wishing for an address of somebody else looks the same, and its owner is told (SEC-103).
func TestSEC103_MailOfAnother(t *testing.T) {
	w, hanako, taro := newPeople(t)
	me := w.as(hanako)
	free := w.wish(me, "nobody@example.jp", password)
	freePage := me.get(mailPath)
	w.clock.advance(2 * time.Minute)
	taken := w.wish(me, mailOf(taro), password)
	takenPage := me.get(mailPath)
	if free.status != taken.status || free.location != taken.location {
		t.Errorf("free: %d %q, taken: %d %q", free.status, free.location, taken.status, taken.location)
	}
	strip := func(r reply, mail string) string {
		body := strings.ReplaceAll(r.body, mail, "")
		for _, at := range []string{"21:00", "21:02"} {
			body = strings.ReplaceAll(body, at, "")
		}
		return skeleton(t, body) + regexpToken.ReplaceAllString(body, "")
	}
	if strip(free, "nobody@example.jp") != strip(taken, mailOf(taro)) || strip(freePage, "nobody@example.jp") != strip(takenPage, mailOf(taro)) {
		t.Errorf("the pages differ:\n%s\n%s", strip(freePage, "nobody@example.jp"), strip(takenPage, mailOf(taro)))
	}
	l := w.letters()[0]
	if l.To != mailOf(taro) || !strings.Contains(l.Body, "登録しようとした人がいます") || strings.Contains(l.Body, "?t=") || strings.Contains(l.Body, "花子") {
		t.Errorf("the owner's letter: %s\n%s", l.To, l.Body)
	}
	w.contains(w.wish(me, mailOf(hanako), password), "このアドレスは登録済みです")
}

// Somebody registers with the address before its link is opened: the member does not get it.
func TestMailTakenMeanwhile(t *testing.T) {
	w, hanako, taro := newPeople(t)
	me := w.as(hanako)
	w.wish(me, handsetMail, password)
	link := w.linkTo(handsetMail)
	if err := w.store.Account.PutAddress(context.Background(), taro.ID, account.Address{Mail: handsetMail}); err != nil {
		t.Fatal(err)
	}
	if got := w.confirm(me, link); got.status != 409 {
		t.Errorf("%d, want 409", got.status)
	}
	w.contains(me.get(mailPath), mailOf(hanako))
	if id, _, err := w.store.Account.Credentials(context.Background(), handsetMail); err != nil || id != taro.ID {
		t.Errorf("the address is %d's, %v", id, err)
	}
}

// For a day no new password goes to an address that was changed, and what was on its way to an old one is worth nothing
// (SEC-104).
func TestSEC104_ResetOfAChangedAddress(t *testing.T) {
	w, hanako, _ := newPeople(t)
	me := w.as(hanako)
	ask := func(mail string) outbox.Letter {
		t.Helper()
		before := len(w.letters())
		w.contains(w.browser().post("/reset", url.Values{"mail": {mail}}), "メールを送りました")
		if n := len(w.letters()) - before; n != 1 {
			t.Fatalf("%d letters", n)
		}
		return w.letters()[0]
	}
	if l := ask(mailOf(hanako)); !strings.Contains(l.Body, "/reset/new?t=") {
		t.Fatalf("the address of the registration gets no link:\n%s", l.Body)
	}
	old := w.linkTo(mailOf(hanako))
	w.wish(me, handsetMail, password)
	w.confirm(me, w.linkTo(handsetMail))
	if got := w.browser().get(old); got.status != 404 {
		t.Errorf("a link from before the change: %d", got.status)
	}
	if l := ask(handsetMail); l.To != handsetMail || strings.Contains(l.Body, "?t=") || !strings.Contains(l.Body, "24時間たってから") {
		t.Errorf("an address of this minute gets:\n%s", l.Body)
	}
	if l := ask(mailOf(hanako)); !strings.Contains(l.Body, "/reset/new?t=") {
		t.Errorf("the old address beside it gets:\n%s", l.Body)
	}
	w.clock.advance(account.NewMail)
	if l := ask(handsetMail); !strings.Contains(l.Body, "/reset/new?t=") {
		t.Errorf("after a day it gets:\n%s", l.Body)
	}
}
