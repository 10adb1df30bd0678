package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"musubi/core/outbox"
	musubimail "musubi/transcode/mail"
)

// A sink is a mail server that keeps what it is given.
type sink struct {
	mu  sync.Mutex
	got [][]byte
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return s, nil }
func (s *sink) Mail(string, *smtp.MailOptions) error        { return nil }
func (s *sink) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (s *sink) Reset()                                      {}
func (s *sink) Logout() error                               { return nil }
func (s *sink) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, raw)
	return err
}

// Emoji in letters reach each carrier's handset as its mail reader knows them (docs/mail.md §8), or as words; everybody else as Unicode.
func TestLettersSpeakEachHandsetsTongue(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := &sink{}
	server := smtp.NewServer(box)
	go server.Serve(ln)
	defer server.Close()
	man, err := new(incoming).openPostman("smtp://" + ln.Addr().String() + "?from=musubi@example.jp")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		to, charset, sun, word string // the sun in the body, and in a word of the subject; base64 unless the body is 7 bit
		seven                  bool
	}{
		{"a..b@docomo.ne.jp", "Shift_JIS", "\xF8\x9F", "\xF8\x9F", false},
		{"a@ezweb.ne.jp", "ISO-2022-JP", "\x1b$BuA\x1b(B", "uA", true}, // 7541
		{"a@softbank.ne.jp", "UTF-8", "\uE04A", "\uE04A", false},
		{"a@t.vodafone.ne.jp", "UTF-8", "\uE04A", "\uE04A", false},
		{"a@pdx.ne.jp", "ISO-2022-JP", "晴", "晴", true},
		{"a@example.com", "UTF-8", "☀", "☀", false},
		{"a@i.softbank.jp", "UTF-8", "☀", "☀", false},
	} {
		box.got = nil
		if err := man.Send(t.Context(), outbox.Mail{To: c.to, Subject: "☀の日" + strings.Repeat("☀", 40), Body: "晴れ☀です\n☀\n"}); err != nil || len(box.got) != 1 {
			t.Fatal(c.to, err, len(box.got))
		}
		m, err := mail.ReadMessage(bytes.NewReader(box.got[0]))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(m.Body)
		if !c.seven {
			if body, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(string(body), "\r\n", "")); err != nil {
				t.Fatalf("%s: %v", c.to, err)
			}
		}
		var subject []byte
		for _, word := range strings.Fields(m.Header.Get("Subject")) {
			text, ok := strings.CutPrefix(word, "=?"+c.charset+"?")
			if len(word) > 75 || !ok {
				t.Errorf("%s: the subject has the word %q", c.to, word)
			}
			raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(text[2:], "?="))
			if err != nil {
				t.Errorf("%s: %v", c.to, err)
			}
			subject = append(subject, raw...)
		}
		if !strings.Contains(m.Header.Get("Content-Type"), "charset="+c.charset) {
			t.Errorf("%s: %s", c.to, m.Header.Get("Content-Type"))
		}
		if c.word == "晴" { // no emoji: a word in brackets
			c.sun, c.word = jis("晴"), jis("晴")
			c.sun, c.word = c.sun[3:5], c.word[3:5]
		}
		if !bytes.Contains(body, []byte(c.sun)) || bytes.Count(subject, []byte(c.word)) != 41 {
			t.Errorf("%s: the subject is %q, the body %q", c.to, subject, body)
		}
	}
}

// One name that a charset has not leaves the letter in the handset's own charset, as a near sign or 〓; everybody else gets it as it is.
func TestNamesOutsideOfJISInLetters(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := &sink{}
	server := smtp.NewServer(box)
	go server.Serve(ln)
	defer server.Close()
	man, err := new(incoming).openPostman("smtp://" + ln.Addr().String() + "?from=musubi@example.jp")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("長", 600)
	for to, charset := range map[string]string{"a@docomo.ne.jp": "Shift_JIS", "a@ezweb.ne.jp": "ISO-2022-JP", "a@pdx.ne.jp": "ISO-2022-JP", "a@example.com": "UTF-8"} {
		box.got = nil
		if err := man.Send(t.Context(), outbox.Mail{To: to, Subject: "김さんから", Body: "Zoëさんと김さんから\n" + long + "\n"}); err != nil || len(box.got) != 1 {
			t.Fatal(to, err, len(box.got))
		}
		m, err := musubimail.Read(box.got[0], musubimail.Options{})
		if err != nil {
			t.Fatal(err)
		}
		subject, body := "〓さんから", "Zoeさんと〓さんから\n"+long
		if charset == "UTF-8" {
			subject, body = "김さんから", "Zoëさんと김さんから\n"+long
		}
		if m.Subject != subject || strings.TrimSpace(m.Text) != body || !bytes.Contains(box.got[0], []byte("charset="+charset)) {
			t.Errorf("%s: %q, %q", to, m.Subject, m.Text)
		}
		for line := range bytes.SplitSeq(box.got[0], []byte("\r\n")) {
			if len(line) > 998 {
				t.Errorf("%s: a line of %d bytes", to, len(line))
			}
		}
	}
}
