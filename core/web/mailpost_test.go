package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/album"
	"musubi/core/journal"
	"musubi/core/mailpost"
	"musubi/core/network"
	"musubi/core/people"
	"musubi/core/talk"
)

// mailDomain is the one of the addresses in these tests.
const mailDomain = "post.example"

var mailpostSurfaces = []surface{
	{name: "address for a comment", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, mailpostThread(journal.DiaryThread(s.owner.ID, s.entries[v].ID)), canary("題", v))
	}},
	{name: "address for a comment, by renewing it", reach: func(s *scene, b *browser, v core.Visibility) bool {
		on := journal.DiaryThread(s.owner.ID, s.entries[v].ID)
		form := url.Values{"kind": {"0"}, "owner": {on.Owner.String()}, "thing": {on.Thing.String()}, "renew": {"1"}}
		return s.press(b, mailpostThreadPath, form).location == mailpostThread(on)
	}},
}

var addressPattern = regexp.MustCompile(`mailto:([a-z0-9-]+)@` + regexp.QuoteMeta(mailDomain))

// A poster mails as a member.
type poster struct {
	*world
	core.Member
	*browser
	n int
}

func (w *world) poster(name string) *poster {
	m := w.member(name)
	return &poster{w, m, w.as(m), 0}
}

// addresses are the local parts on a page, in order.
func (p *poster) addresses(path string) (list []string) {
	p.t.Helper()
	for _, m := range addressPattern.FindAllStringSubmatch(p.get(path).body, -1) {
		list = append(list, m[1])
	}
	return list
}

// letter is a mail of the member; each has a name of its own.
func (p *poster) letter(to, subject, text string, files ...[]byte) *mailpost.Letter {
	p.n++
	id := fmt.Sprintf("%d.%s@example.jp", p.n, p.ID)
	l := &mailpost.Letter{To: to, From: mailOf(p.Member), ID: id, Key: id, Personal: true, Subject: subject, Text: text, Own: text}
	for _, f := range files {
		l.Files = append(l.Files, mailpost.File{Format: "image/png", Bytes: func() []byte { return f }})
	}
	return l
}

func (p *poster) sends(l *mailpost.Letter, want error) {
	p.t.Helper()
	if err := p.core.Mailpost.Receive(p.t.Context(), l); !errors.Is(err, want) {
		p.t.Fatalf("%q to %s: %v, want %v", l.Subject, l.To, err, want)
	}
}

func (p *poster) entries() []journal.DiaryLine {
	p.t.Helper()
	lines, _, err := p.core.Journal.Diaries(p.t.Context(), core.Viewer{Member: p.ID}, p.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 50})
	if err != nil {
		p.t.Fatal(err)
	}
	return lines
}

func TestPostAnEntryByMail(t *testing.T) {
	w := newWorld(t)
	p, friend := w.poster("花子"), w.member("太郎")
	w.friends(p.Member, friend)
	page := p.get(mailpostPath)
	w.contains(page, "<h1", "メール投稿", "日記:<br>", "プロフィール写真:", "新しいアドレスにする", mailpostCodePath+"?which=diary")
	to := p.addresses(mailpostPath)[0]
	if again := p.addresses(mailpostPath)[0]; again != to || !regexp.MustCompile(`^d-[a-z2-7]{16}$`).MatchString(to) {
		t.Fatalf("addresses %q, then %q", to, again)
	}
	w.contains(p.get("/diary/write"), mailpostPath)
	w.contains(p.get("/settings"), mailpostPath, "メール投稿")

	p.sends(p.letter(strings.ToUpper(to), "おにぎり🍙", "晴れ☀\n二行目", drawing(1), drawing(2)), nil)
	w.contains(w.as(friend).get(diaryPath(p.ID, p.entries()[0].ID)), "おにぎり🍙", "晴れ☀<br>二行目", "/photo/")
	if l := p.entries()[0]; l.Visibility != core.Friends || l.Photos != 2 {
		t.Errorf("the entry: %+v, want the visibility that the member chose, and two photos", l)
	}
	if code := p.get(mailpostCodePath + "?which=diary"); code.status != 200 || !strings.HasPrefix(code.body, "\x89PNG") {
		t.Errorf("the QR code: %d", code.status)
	}
	for subject, want := range map[string]string{"": "無題", strings.Repeat("長", 150): strings.Repeat("長", 99) + "…"} {
		w.clock.advance(time.Second)
		p.sends(p.letter(to, subject, "本文"), nil)
		if got := p.entries()[0].Title; got != want {
			t.Errorf("subject %q: the title is %q", subject, got)
		}
	}
	w.clock.advance(time.Second)
	p.sends(p.letter(to, "写真だけ", "", drawing(3)), nil)
	w.contains(p.get(diaryPath(p.ID, p.entries()[0].ID)), "写真だけ", "📷", "/photo/")
}

func TestPostToAlbumAndProfileByMail(t *testing.T) {
	w := newWorld(t)
	p := w.poster("花子")
	a, err := w.core.Album.WriteAlbum(t.Context(), p.ID, album.NewAlbum{Title: "夏", Visibility: core.Everyone})
	if err != nil {
		t.Fatal(err)
	}
	w.contains(p.get(mailpostPath), "アルバム「夏」:<br>")
	w.contains(p.get(albumIDPath(p.ID, a.ID)), mailpostPath+"?album="+a.ID.String())
	to := p.addresses(mailpostPath + "?album=" + a.ID.String())
	if len(to) != 1 || to[0][0] != 'a' {
		t.Fatalf("addresses of the album: %q", to)
	}
	p.sends(p.letter(to[0], "海", "", drawing(1), drawing(2)), nil)
	p.sends(p.letter(to[0], "", "砂浜\nで", drawing(3)), nil)
	w.contains(p.get(albumIDPath(p.ID, a.ID)), "海", "砂浜")
	if seen, err := w.core.Album.Album(t.Context(), core.Viewer{Member: p.ID}, p.ID, a.ID); err != nil || seen.Photos != 3 {
		t.Errorf("the album has %d photos, %v", seen.Photos, err)
	}
	all := p.addresses(mailpostPath)
	profile := all[len(all)-1]
	p.sends(p.letter(profile, "", "", drawing(4)), nil)
	if photos, err := w.core.People.ProfilePhotos(t.Context(), core.Viewer{Member: p.ID}, p.ID); err != nil || len(photos) != 1 {
		t.Errorf("the profile has %d photos, %v", len(photos), err)
	}
	p.sends(p.letter(profile, "", "", drawing(5), drawing(6), drawing(7)), nil) // one too many: two are taken, and it is said
	if photos, _ := w.core.People.ProfilePhotos(t.Context(), core.Viewer{Member: p.ID}, p.ID); len(photos) != people.MaxProfilePhotos {
		t.Errorf("the profile has %d photos", len(photos))
	}
	if l := w.letters(); len(l) != 1 || !strings.Contains(l[0].Body, "写真は3枚までです") {
		t.Errorf("answers: %+v", l)
	}
	if err := w.core.Album.DeleteAlbum(t.Context(), p.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	p.sends(p.letter(to[0], "海", "", drawing(8)), nil)
	if l := w.letters(); len(l) != 2 || !strings.Contains(l[0].Body, "投稿先が見つからない") {
		t.Errorf("answers: %+v", l)
	}
}

func TestCommentByMail(t *testing.T) {
	w := newWorld(t)
	p, owner := w.poster("花子"), w.member("主")
	d := w.diary(owner, "日記", core.Everyone)
	on := journal.DiaryThread(owner.ID, d.ID)
	w.contains(p.get(diaryPath(owner.ID, d.ID)), strings.ReplaceAll(mailpostThread(on), "&", "&amp;"))
	to := p.addresses(mailpostThread(on))[0]
	l := p.letter(to, "Re: 日記", "見ました\n> 引用\n-- \n署名")
	l.Own = "見ました"
	p.sends(l, nil)
	page := p.get(diaryPath(owner.ID, d.ID))
	w.contains(page, "見ました")
	if strings.Contains(page.body, "署名") || strings.Contains(page.body, "Re: 日記") {
		t.Error("more than the member's own words were posted")
	}
	if news, err := w.core.Account.Notices(t.Context(), owner); err != nil || len(news) != 1 {
		t.Errorf("the owner is told %+v, %v", news, err)
	}
	p.sends(p.letter(to, "", "写真つき", drawing(1)), nil)
	if l := w.letters(); !strings.Contains(l[0].Body, "コメントに写真は付けられません") {
		t.Errorf("answered %+v", l[0])
	}
	if err := w.core.People.Block(t.Context(), owner.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	before := len(w.letters())
	p.sends(p.letter(to, "", "まだ見えますか"), nil)
	if l := w.letters(); len(l) != before+1 || !strings.Contains(l[0].Body, "投稿先が見つからないか、ご覧になれません。") {
		t.Errorf("after a block it is answered %+v", l[0])
	}
	seen, err := w.core.Talk.See(t.Context(), core.Viewer{Member: owner.ID}, on)
	if err != nil {
		t.Fatal(err)
	}
	if comments, _, _ := w.core.Talk.Comments(t.Context(), seen, core.Page{Number: 1, Size: 9}); len(comments) != 0 {
		t.Errorf("the owner who blocked reads %+v", comments)
	}
}

func TestSEC90_OnlyTheMemberPosts(t *testing.T) {
	w := newWorld(t)
	p, other := w.poster("花子"), w.poster("太郎")
	to := p.addresses(mailpostPath)[0]
	for name, change := range map[string]func(l *mailpost.Letter) error{
		"right secret, wrong sender": func(l *mailpost.Letter) error { l.From = "x@example.jp"; return mailpost.ErrStranger },
		"another member":             func(l *mailpost.Letter) error { l.From = mailOf(other.Member); return mailpost.ErrStranger },
		"no sender":                  func(l *mailpost.Letter) error { l.From = ""; return mailpost.ErrStranger },
		"wrong secret":               func(l *mailpost.Letter) error { l.To = "d-aaaaaaaaaaaaaaaa"; return core.ErrNotFound },
		"no secret":                  func(l *mailpost.Letter) error { l.To = "d-"; return core.ErrNotFound },
		"a program":                  func(l *mailpost.Letter) error { l.Personal = false; return mailpost.ErrAutomatic },
	} {
		l := p.letter(to, name, name)
		p.sends(l, change(l))
	}
	if n := len(p.entries()) + len(w.letters()); n != 0 {
		t.Fatalf("%d entries and answers", n)
	}
	renew := p.get(mailpostPath)
	r := p.post(mailpostPath, url.Values{"k": {tokenOn(t, renew.body, mailpostPath)}, "which": {"diary"}, "renew": {"1"}})
	if fresh := p.addresses(mailpostPath)[0]; r.location != mailpostPath || fresh == to {
		t.Fatalf("renewed: %d %s, the address is %s", r.status, r.location, fresh)
	}
	p.sends(p.letter(to, "前のアドレス", "本文"), core.ErrNotFound)
	p.sends(p.letter(p.addresses(mailpostPath)[0], "新しいアドレス", "本文"), nil)
	if err := w.store.Desk.SetStatus(t.Context(), p.ID, core.Held); err != nil {
		t.Fatal(err)
	}
	p.sends(p.letter(to, "停止中", "本文"), core.ErrNotFound)
}

// What the sender's domain calls forged is held for its owner, where the operator wants it so.
func TestSEC90_ForgedMailIsHeld(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) { c.MailHeld = true })
	p, owner := w.poster("花子"), w.member("主")
	l := p.letter(p.addresses(mailpostPath)[0], "疑わしい", "本文")
	l.Denied = true
	p.sends(l, nil)
	if e := p.entries()[0]; e.Visibility != core.Private {
		t.Errorf("the entry has the visibility %d", e.Visibility)
	}
	if l := w.letters(); len(l) != 1 || !strings.Contains(l[0].Body, "非公開で保存しました") {
		t.Errorf("answers: %+v", l)
	}
	l = p.letter(p.addresses(mailpostThread(journal.DiaryThread(owner.ID, w.diary(owner, "題", core.Everyone).ID)))[0], "", "コメント")
	l.Denied = true
	p.sends(l, mailpost.ErrForged)
}

// A letter that comes twice, even at once, is posted once; to two addresses it is posted to both.
func TestDoubledMailPostsOnce(t *testing.T) {
	w := newWorld(t)
	p := w.poster("花子")
	to := p.addresses(mailpostPath)[0]
	l := p.letter(to, "一度だけ", "本文", drawing(1))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := w.core.Mailpost.Receive(context.Background(), l); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.clock.advance(6 * 24 * time.Hour)
	if err := w.core.Chores.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.sends(l, nil)
	if n := len(p.entries()); n != 1 {
		t.Errorf("%d entries", n)
	}
	empty := p.letter(to, "空", "")
	p.sends(empty, nil)
	p.sends(empty, nil)
	if n := len(w.letters()); n != 1 {
		t.Errorf("an empty letter that comes twice is answered %d times", n)
	}
}

// A mistake is answered once a day, and each says what is wrong.
func TestSEC92_MistakesAreAnsweredOnceADay(t *testing.T) {
	w := newWorld(t)
	p := w.poster("花子")
	to := p.addresses(mailpostPath)[0]
	p.sends(p.letter(to, "空", " \n"), nil)
	p.sends(p.letter(to, "空", ""), mailpost.ErrMistake)
	l := w.letters()
	if len(l) != 1 || l[0].To != mailOf(p.Member) || l[0].Answers == "" || !strings.Contains(l[0].Body, "本文も写真もないため") {
		t.Fatalf("answers: %+v", l)
	}
	p.sends(p.letter(to, "長い", strings.Repeat("長", journal.MaxDiaryBody+1)), nil)
	p.sends(p.letter(to, "壊れた写真", "", []byte("no picture")), nil)
	for i, want := range []string{"読み込めない写真", "10000文字以内"} {
		if l := w.letters()[i]; !strings.Contains(l.Body, want) {
			t.Errorf("answered %q, want %q", l.Body, want)
		}
	}
	p.sends(p.letter(to, "壊れた写真と本文", "本文", []byte("no picture")), nil) // posted, and answered today already
	if e := p.entries(); len(e) != 1 || e[0].Title != "壊れた写真と本文" || len(w.letters()) != 3 {
		t.Errorf("entries %+v, %d answers", e, len(w.letters()))
	}
	w.clock.advance(25 * time.Hour)
	p.sends(p.letter(to, "空", ""), nil)
	if n := len(w.letters()); n != 4 {
		t.Errorf("%d answers on the next day", n)
	}
}

// The same mistake from another address of the member is told there, what is missing is told, and who gets no letters is not said to have.
func TestSEC92_WhatIsMissingIsTold(t *testing.T) {
	w := newWorld(t)
	p := w.poster("花子")
	to := p.addresses(mailpostPath)[0]
	if err := w.store.Account.PutAddress(t.Context(), p.ID, account.Address{Mail: "hanako@docomo.ne.jp", ChangedAt: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	p.sends(p.letter(to, "空", ""), nil)
	l := p.letter(to, "空", "")
	l.From = "hanako@docomo.ne.jp"
	p.sends(l, nil)
	if all := w.letters(); len(all) != 2 || all[0].To != l.From {
		t.Fatalf("answers: %+v", all)
	}
	l = p.letter(to, strings.Repeat("長", journal.MaxDiaryTitle+1), "本文")
	l.Missed = true
	p.sends(l, nil)
	said := ""
	for _, l := range w.letters() {
		said += l.Body
	}
	for _, want := range []string{"添付ファイルは投稿されませんでした", fmt.Sprintf("%d文字に短くして", journal.MaxDiaryTitle)} {
		if !strings.Contains(said, want) {
			t.Errorf("no letter says %q", want)
		}
	}
	if len(p.entries()) != 1 {
		t.Errorf("entries: %+v", p.entries())
	}
}

// Every kind of thread has an address, and every key of a refusal words.
func TestMailAnswersHaveWords(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	for _, e := range []*core.Error{journal.ErrCommentsClosed, album.ErrAlbumClosed, album.ErrAlbumLocked, album.ErrAlbumFull, album.ErrAlbumSpace, talk.ErrCommentsFull} {
		if l := (letterWriter{w.site}).MailAnswer(m, "refused", 0, e.Key, true); strings.Contains(l.Body, e.Key) {
			t.Errorf("%s is answered with %q", e.Key, l.Body)
		}
	}
	on := album.AlbumThread(1, 2, 3)
	if path := mailpostThread(on); path != "/comment/mail?kind=1&owner=1&thing=2&piece=3" {
		t.Error(path)
	}
}

// A handset's address may send as well as a PC's; what is answered goes to where it came from, short on a handset.
func TestAnyAddressOfTheMemberPosts(t *testing.T) {
	w := newWorldWith(t, func(c *network.Config) {
		c.HandsetMail = func(a string) bool { return strings.HasSuffix(a, "@docomo.ne.jp") }
	})
	p := w.poster("花子")
	if err := w.store.Account.PutAddress(t.Context(), p.ID, account.Address{Mail: "a..b.@docomo.ne.jp", ChangedAt: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	to := p.addresses(mailpostPath)[0]
	for _, from := range []string{mailOf(p.Member), "a..b.@docomo.ne.jp"} {
		l := p.letter(to, from, "本文")
		l.From = from
		p.sends(l, nil)
	}
	if n := len(p.entries()); n != 2 {
		t.Errorf("%d entries", n)
	}
	l := p.letter(to, "", "")
	l.From = "a..b.@docomo.ne.jp"
	p.sends(l, nil)
	if l := w.letters(); len(l) != 1 || l[0].To != "a..b.@docomo.ne.jp" || strings.Contains(l[0].Body, "http") {
		t.Errorf("answered %+v", l)
	}
}

// The page of addresses says how much one mail may bring; who does not know it says nothing.
func TestLimitsOfMailAreShown(t *testing.T) {
	for bytes, want := range map[int]bool{0: false, 8 << 20: true} {
		w := newWorldWith(t, func(c *network.Config) { c.MailBytes = bytes })
		page := w.poster("花子").get(mailpostPath).body
		if strings.Contains(page, "合わせて6MBまで、写真は10枚まで") != want {
			t.Errorf("of %d bytes the page says %t", bytes, !want)
		}
	}
}
