package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"image"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/smtp"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/journal"
	"musubi/core/mailpost"
	"musubi/core/outbox"
	"musubi/transcode/mail"
)

// postMail gives a mail to a server and returns its code: of DATA, or of what was refused before; 0: it did not answer.
func postMail(server, from, to string, raw []byte) int {
	err := func() error {
		c, err := smtp.Dial(server)
		if err != nil {
			return err
		}
		defer c.Close()
		if err := c.Mail(from); err != nil {
			return err
		}
		if err := c.Rcpt(to); err != nil {
			return err
		}
		w, err := c.Data()
		if err != nil {
			return err
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
		return w.Close()
	}()
	var answer *textproto.Error
	switch {
	case err == nil:
		return 250
	case errors.As(err, &answer):
		return answer.Code
	}
	return 0
}

// A mailSite is a site with its mail, in this process, and a member of it.
type mailSite struct {
	t      *testing.T
	room   *coreRoom
	server string
	member core.Member
	diary  string // the member's address for entries
}

func newMailSite(t *testing.T) *mailSite {
	t.Helper()
	return newMailSiteWith(t, func(*serveCmd) {})
}

func newMailSiteWith(t *testing.T, change func(c *serveCmd)) *mailSite {
	t.Helper()
	set := defaults()
	set.Data, set.Listen, set.AdminListen = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	set.SMTPListen, set.MailDomain = "127.0.0.1:0", demoMailDomain
	change(set)
	site, err := openSite(t.Context(), set, false, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Close(); err != nil {
			t.Error(err)
		}
	})
	m, err := site.core.services.Account.CreateMember(t.Context(), account.NewMember{Name: "花子", Mail: "hanako@example.jp", PasswordHash: "x", DiaryVisibility: core.Friends})
	if err != nil {
		t.Fatal(err)
	}
	s := &mailSite{t: t, room: site.core, server: site.mail.address, member: m}
	s.diary = s.address(mailpost.Diary(m.ID))
	return s
}

func (s *mailSite) address(to mailpost.Target) string {
	s.t.Helper()
	a, err := s.room.services.Mailpost.Address(s.t.Context(), core.Viewer{Member: s.member.ID}, to)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// sends gives the member an address, once, and mails from it.
func (s *mailSite) sends(from string, raw []byte) int {
	s.t.Helper()
	s.registers(from)
	return postMail(s.server, from, s.diary, raw)
}

// registers gives the member an address, once.
func (s *mailSite) registers(from string) {
	s.t.Helper()
	if err := s.room.store.Account.PutAddress(s.t.Context(), s.member.ID, account.Address{Mail: from}); err != nil && !errors.Is(err, core.ErrMailTaken) {
		s.t.Fatal(err)
	}
}

// newest are the entries of the member, newest first.
func (s *mailSite) newest() []journal.DiaryLine {
	s.t.Helper()
	lines, _, err := s.room.services.Journal.Diaries(s.t.Context(), core.Viewer{Member: s.member.ID}, s.member.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 200})
	if err != nil {
		s.t.Fatal(err)
	}
	return lines
}

func (s *mailSite) letters() []outbox.Letter {
	s.t.Helper()
	list, _, err := s.room.services.Outbox.Letters(s.t.Context(), core.Page{Number: 1, Size: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

var messageID = regexp.MustCompile(`(?im)^Message-ID: .*$`)

// What every carrier's handsets send becomes an entry, or is refused: one mail for each carrier and kind.
func TestCorpusIsPostedOrRefused(t *testing.T) {
	s := newMailSite(t)
	files, err := filepath.Glob("../../testdata/mail/*.eml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d mails: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".eml")
		_, kind, _ := strings.Cut(name, "-")
		t.Run(name, func(t *testing.T) {
			s.t = t
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if kind != "loop" { // one of them is one because of its ID
				raw = messageID.ReplaceAll(raw, []byte("Message-ID: <"+name+"@mail.example.net>"))
			}
			m, err := mail.Read(raw, mail.Options{Own: demoMailDomain})
			before, letters := len(s.newest()), len(s.letters())
			from := "stranger@example.com"
			if err == nil && m.From != (mail.Address{}) {
				from = m.From.String()
			}
			code := s.sends(from, raw)
			lines, answers := s.newest(), len(s.letters())-letters
			switch kind {
			case "bounce", "loop", "nested-25":
				if code < 500 || len(lines) != before || answers != 0 {
					t.Errorf("code %d, %d entries and %d answers more; it is to be refused without a word", code, len(lines)-before, answers)
				}
			case "empty":
				if len(lines) != before || code == 250 && answers != 1 || code != 250 && answers != 0 {
					t.Errorf("code %d, %d entries and %d answers more; once a day it is answered, and then refused", code, len(lines)-before, answers)
				}
			case "video": // no room for films here: the text is posted
				fallthrough
			default:
				if code != 250 || len(lines) != before+1 {
					t.Fatalf("code %d, %d entries more", code, len(lines)-before)
				}
				d, err := s.room.services.Journal.Diary(t.Context(), core.Viewer{Member: s.member.ID}, s.member.ID, lines[0].ID)
				if err != nil || d.Title != orUntitled(m.Subject) || d.Body != core.Clean(m.Text, core.ManyLines) || strings.Contains(d.Title+d.Body, "\uFFFD") {
					t.Errorf("the entry is %q, %q, %v; the mail says %q, %q", d.Title, d.Body, err, m.Subject, m.Text)
				}
				if kind == "photo" && len(d.Photos) != 1 || kind == "decorated" && len(d.Photos) > 1 {
					t.Errorf("it has %d photos", len(d.Photos))
				}
			}
		})
	}
}

func orUntitled(subject string) string {
	if subject == "" {
		return "無題"
	}
	return core.Clean(subject, core.OneLine)
}

// 20,000 parts, more bytes than may be, a mail within mails: refused at once, and nobody is told.
func TestSEC91_BombsAreRefused(t *testing.T) {
	s := newMailSite(t)
	const head = "From: hanako@example.jp\r\nMessage-ID: <%s@example.jp>\r\nMIME-Version: 1.0\r\n"
	for name, raw := range map[string]string{
		"parts":     "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 20_000) + "--b--\r\n",
		"oversized": "Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 120_000),
		"header":    "X: " + strings.Repeat("a\r\n b", 40_000) + "\r\n\r\nx\r\n",
		"nested":    nested(25),
	} {
		began := time.Now()
		code := s.sends("hanako@example.jp", []byte(fmt.Sprintf(head, name)+raw))
		if code < 500 || len(s.newest())+len(s.letters()) != 0 || time.Since(began) > 10*time.Second {
			t.Errorf("%s: code %d after %v, %d entries, %d letters", name, code, time.Since(began), len(s.newest()), len(s.letters()))
		}
	}
}

// nested is so many multiparts within each other, none of them closed.
func nested(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	return b.String() + "Content-Type: text/plain\r\n\r\nx\r\n"
}

// --mail-mb is the limit of a whole mail: greeted with, refused before anything has come where the sender says the size, and while it comes
// where not; what fits is posted.
func TestSEC91_MailMBBoundsAMail(t *testing.T) {
	s := newMailSiteWith(t, func(c *serveCmd) { c.MailMB = 1 })
	if code := s.sends("hanako@example.jp", []byte("From: hanako@example.jp\r\nMessage-ID: <fits@example.jp>\r\nSubject: fits\r\n\r\n"+strings.Repeat(strings.Repeat("a", 70)+"\r\n", 10))); code != 250 {
		t.Fatalf("a mail that fits: %d", code)
	}
	large := photoMail("large", "写真", make([]byte, 800<<10)) // a photo takes a third more than its file
	if code := s.sends("hanako@example.jp", large); code != 552 {
		t.Errorf("%d bytes: %d, want 552", len(large), code)
	}
	c, err := smtp.Dial(s.server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, size := c.Extension("SIZE"); size != strconv.Itoa(1<<20) {
		t.Errorf("EHLO says SIZE %s", size)
	}
	id, err := c.Text.Cmd("MAIL FROM:<hanako@example.jp> SIZE=%d", 1<<20+1)
	if err != nil {
		t.Fatal(err)
	}
	c.Text.StartResponse(id)
	defer c.Text.EndResponse(id)
	if code, _, _ := c.Text.ReadResponse(0); code != 552 {
		t.Errorf("a size that is said: %d, want 552", code)
	}
	if got := s.newest(); len(got) != 1 || got[0].Title != "fits" {
		t.Errorf("posted: %+v", got)
	}
}

// Photos come upright, and without the place where they were taken.
func TestMailedPhotosAreTurnedAndBare(t *testing.T) {
	s := newMailSite(t)
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewRGBA(image.Rect(0, 0, 320, 200)), nil); err != nil {
		t.Fatal(err)
	}
	// An Exif segment: orientation 6 (turn right), and a GPS directory with a telling text.
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00\x00\x00\x00\x00GPSPLACE"
	photo := append([]byte("\xFF\xD8\xFF\xE1"+string([]byte{byte((len(exif) + 2) >> 8), byte(len(exif) + 2)})+exif), plain.Bytes()[2:]...)
	if code := s.sends("hanako@example.jp", photoMail("turned", "写真", photo)); code != 250 {
		t.Fatal(code)
	}
	d, err := s.room.services.Journal.Diary(t.Context(), core.Viewer{Member: s.member.ID}, s.member.ID, s.newest()[0].ID)
	if err != nil || len(d.Photos) != 1 {
		t.Fatal(len(d.Photos), err)
	}
	b, err := s.room.services.PhotoBytes(t.Context(), d.Photos[0])
	if err != nil || d.Photos[0].Width != 200 || d.Photos[0].Height != 320 || bytes.Contains(b, []byte("GPSPLACE")) || bytes.Contains(b, []byte("Exif")) {
		t.Errorf("the photo is %d×%d, %d bytes, %v", d.Photos[0].Width, d.Photos[0].Height, len(b), err)
	}
}

// photoMail is a mail of a P903i: ISO-2022-JP with DoCoMo's emoji between the escapes, and a photo.
func photoMail(id, subject string, photo []byte) []byte {
	const sun = "\x1b$B\xf8\x9f\x1b(B"
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: hanako@example.jp\r\nTo: <x@%s>\r\nSubject: =?ISO-2022-JP?B?%s?=\r\nMessage-ID: <%s@docomo.ne.jp>\r\n", demoMailDomain, base64.StdEncoding.EncodeToString([]byte(jis(subject)+sun)), id)
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"--P903i\"\r\n\r\n")
	fmt.Fprintf(&b, "----P903i\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n%s%s\r\n", jis("梅が咲いた"), sun)
	fmt.Fprintf(&b, "----P903i\r\nContent-Type: image/jpeg; name=\"P1.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	for text := base64.StdEncoding.EncodeToString(photo); text != ""; {
		n := min(len(text), 76)
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	b.WriteString("----P903i--\r\n")
	return b.Bytes()
}

// jis is text in ISO-2022-JP.
func jis(s string) string {
	b, err := japanese.ISO2022JP.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return b
}

// A photo and words that a P903i mails stand in diary and album, as PC, au and SoftBank show them.
func TestMailOfAHandsetOnEveryScreen(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	d.waitForPictures()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 640, 480)), nil); err != nil {
		t.Fatal(err)
	}
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	pc.get("/settings").must(http.StatusOK, "メール投稿")
	page := string(pc.get("/settings/post").must(http.StatusOK, "日記:", "アルバム「").raw)
	to := regexp.MustCompile(`mailto:([da]-[a-z2-7]{16}@`+regexp.QuoteMeta(demoMailDomain)+`)`).FindAllStringSubmatch(page, -1)
	if len(to) < 2 {
		t.Fatalf("the page has the addresses %q", to)
	}
	for i, a := range to[:2] {
		raw := bytes.ReplaceAll(photoMail(fmt.Sprint("screens", i), "庭の梅", photo.Bytes()), []byte("hanako@example.jp"), []byte(d.Members[0].Mail))
		if code := postMail(d.SMTP, d.Members[0].Mail, strings.ToUpper(a[1]), raw); code != 250 {
			t.Fatalf("mail to %s: %d\n%s", a[1], code, d.log)
		}
	}
	album := html.UnescapeString(regexp.MustCompile(`/album\?owner=\d+&amp;id=\d+`).FindString(string(pc.get("/album/list").must(http.StatusOK).raw)))
	for ua, screen := range map[string]struct {
		sun   string
		bytes func(string) string
	}{
		uaPC: {"☀", utf8}, uaSoftBank: {"\uE04A", utf8}, uaAu: {"\xF6\x60", sjis}, uaDoCoMo: {"\xF8\x9F", sjis},
	} {
		p := newPhone(t, d.URL, ua, ua != uaDoCoMo)
		home := p.logIn(d.Members[0].Mail, d.Members[0].Password)
		title := screen.bytes("庭の梅")
		entry := home.follow(screen.bytes("自分の日記")).must(http.StatusOK, title+screen.sun).follow(title).must(http.StatusOK, screen.bytes("梅が咲いた")+screen.sun)
		entry.showsPicture()
		p.get(album+"&_s="+p.session).must(http.StatusOK, title+screen.sun).follow(title).must(http.StatusOK).showsPicture()
	}
}

func utf8(s string) string { return s }

// showsPicture wants a photo on the page that the handset can fetch.
func (s *screen) showsPicture() {
	s.phone.t.Helper()
	for _, src := range s.images {
		if strings.Contains(src, "/photo/") {
			picture := s.phone.do(http.MethodGet, s.url, src, "", nil).must(http.StatusOK)
			if kind := http.DetectContentType(picture.raw); !strings.HasPrefix(kind, "image/") {
				s.phone.t.Errorf("the picture on %s is %s", s.url, kind)
			}
			return
		}
	}
	s.phone.t.Fatalf("no picture on %s:\n%s", s.url, s.raw)
}

// TestKillLosesNoMail kills the program (kill -9) under mail. Each mail that was acknowledged is there once after the restart,
// and mail that was not is sent again, as a mail server does, and is there once, too.
func TestKillLosesNoMail(t *testing.T) {
	rounds := 5
	if testing.Short() {
		rounds = 2
	}
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	to := regexp.MustCompile(`d-[a-z2-7]{16}@[a-z.]+`).FindString(string(pc.get("/settings/post").must(http.StatusOK).raw))
	var mu sync.Mutex
	acknowledged, waiting := map[string]bool{}, map[string]bool{}
	send := func(server, name string) bool {
		raw := fmt.Sprintf("From: %s\r\nSubject: %s\r\nMessage-ID: <%s@example.jp>\r\n\r\n%s\r\n", d.Members[0].Mail, name, name, name)
		code := postMail(server, d.Members[0].Mail, to, []byte(raw))
		mu.Lock()
		defer mu.Unlock()
		if waiting[name] = code != 250; code == 250 {
			acknowledged[name] = true
		}
		return code == 250
	}
	for round := range rounds {
		server := d.SMTP
		var senders sync.WaitGroup
		for i := range 4 {
			senders.Go(func() {
				for n := 0; send(server, fmt.Sprintf("q%dz%dx%dq", round, i, n)); n++ {
				}
			})
		}
		time.Sleep(time.Duration(300+130*round) * time.Millisecond)
		d.kill()
		senders.Wait()
		d = startDemo(t, data)
		for name, waits := range waiting {
			if waits && !send(d.SMTP, name) {
				t.Errorf("%s is not taken after the restart", name)
			}
		}
	}
	pc = newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	found := map[string]int{}
	for page := 1; ; page++ {
		s := pc.get(fmt.Sprintf("/diary/list?page=%d", page)).must(http.StatusOK)
		names := regexp.MustCompile(`>(q\d+z\d+x\d+q)</a>`).FindAllStringSubmatch(string(s.raw), -1)
		for _, m := range names {
			found[m[1]]++
		}
		if !bytes.Contains(s.raw, []byte(`rel="next"`)) {
			break
		}
	}
	d.stop()
	for name := range acknowledged {
		if found[name] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", name, found[name])
		}
	}
	if len(found) != len(acknowledged) || len(acknowledged) < 4*rounds {
		t.Errorf("%d mails were acknowledged over %d kills, %d entries are there", len(acknowledged), rounds, len(found))
	}
	t.Logf("%d mails acknowledged over %d kills, each there once", len(acknowledged), rounds)
}
