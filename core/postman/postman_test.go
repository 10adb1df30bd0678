package postman

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"musubi/core/outbox"
)

// serve is a mail server for one letter: it says yes to everything and returns what it heard.
func serve(t *testing.T) (address string, heard chan []string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	heard = make(chan []string, 1)
	go func() {
		defer ln.Close()
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var lines []string
		io.WriteString(conn, "220 test\r\n")
		in, data := bufio.NewScanner(conn), false
		for in.Scan() {
			line := in.Text()
			lines = append(lines, line)
			switch {
			case data && line == ".":
				data = false
				io.WriteString(conn, "250 ok\r\n")
			case data:
			case line == "DATA":
				data = true
				io.WriteString(conn, "354 go on\r\n")
			case line == "QUIT":
				io.WriteString(conn, "221 bye\r\n")
				heard <- lines
				return
			default:
				io.WriteString(conn, "250 ok\r\n")
			}
		}
	}()
	return ln.Addr().String(), heard
}

func TestSend(t *testing.T) {
	address, heard := serve(t)
	p, err := Open("smtp://" + address + "?from=musubi@example.jp")
	if err != nil {
		t.Fatal(err)
	}
	letter := outbox.Mail{To: "a..b.@docomo.ne.jp", Subject: "花子さんから招待〜", Body: "こんにちは\n.点で始まる行\n"}
	if err := p.Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	lines := <-heard
	text := strings.Join(lines, "\r\n")
	for _, want := range []string{"MAIL FROM:<musubi@example.jp>", `RCPT TO:<"a..b."@docomo.ne.jp>`, "Content-Type: text/plain; charset=ISO-2022-JP", "Content-Transfer-Encoding: 7bit"} {
		if !strings.Contains(text, want) {
			t.Errorf("the server did not hear %q:\n%s", want, text)
		}
	}
}

// What goes out comes back as it was written, in the charset that it can have.
func TestMessage(t *testing.T) {
	rows := []struct {
		name, subject, body, charset string
	}{
		{"Japanese", "招待が届きました", "こんにちは。\n・一行\n", "ISO-2022-JP"},
		{"ASCII", "hello", "hello\n", "ISO-2022-JP"},
		{"emoji", "招待🍙", "☀と🍙\n", "UTF-8"},
		{"other script", "안녕", "안녕하세요\n", "UTF-8"},
		{"long line", "題", strings.Repeat("長", 600) + "\n", "UTF-8"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			raw := (&Postman{from: "c@d.jp"}).write(outbox.Mail{To: "a@b.jp", Subject: r.subject, Body: r.body}, time.Date(2007, 3, 3, 0, 0, 0, 0, time.UTC))
			m, err := mail.ReadMessage(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(m.Body)
			if r.charset == "UTF-8" {
				if body, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(string(body), "\r\n", "")); err != nil {
					t.Fatal(err)
				}
			} else if body, err = japanese.ISO2022JP.NewDecoder().Bytes(body); err != nil {
				t.Fatal(err)
			}
			words := mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) {
				return japanese.ISO2022JP.NewDecoder().Reader(in), nil
			}}
			subject, err := words.DecodeHeader(m.Header.Get("Subject"))
			if err != nil {
				t.Fatal(err)
			}
			if subject != r.subject || strings.ReplaceAll(string(body), "\r\n", "\n") != r.body || !strings.HasSuffix(m.Header.Get("Content-Type"), r.charset) {
				t.Errorf("subject %q, body %q, %s", subject, body, m.Header.Get("Content-Type"))
			}
		})
	}
}

func TestSEC49_NoHeaderInjection(t *testing.T) {
	for _, evil := range []string{"a\r\nBcc: x@y.jp", "a\nBcc: x@y.jp", "a\rBcc: x@y.jp", "a\u2028Bcc: x@y.jp", "a\u0085Bcc: x@y.jp", "a\x00Bcc"} {
		raw := (&Postman{from: "c@d.jp"}).write(outbox.Mail{To: evil, Subject: evil, Body: "本文"}, time.Now())
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil || m.Header.Get("Bcc") != "" || len(m.Header) != 9 {
			t.Errorf("%q: %v, header %v", evil, err, m.Header)
		}
	}
}

func TestOpen(t *testing.T) {
	for _, bad := range []string{"", "http://x?from=a@b.jp", "smtp://?from=a@b.jp", "smtp://host", "smtp://host?from=x", "smtp://user:geheim@ho st"} {
		if _, err := Open(bad); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("Open(%q): %v", bad, err)
		}
	}
	p, err := Open("smtp://user:pw@mail.example.jp:587?from=Musubi@example.jp")
	if err != nil || p.address != "mail.example.jp:587" || p.from != "musubi@example.jp" || p.password != "pw" {
		t.Errorf("Open: %+v, %v", p, err)
	}
}
