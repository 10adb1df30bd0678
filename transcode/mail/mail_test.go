package mail_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"musubi/transcode/mail"
	"musubi/transcode/mail/internal/mailtest"
)

var update = flag.Bool("update", false, "write testdata/mail")

const corpus = "../../testdata/mail"

func read(t testing.TB, c mailtest.Case) (*mail.Message, error) {
	t.Helper()
	return mail.Read(c.Raw(), mail.Options{Own: mailtest.Own})
}

// Every sender × every property: what must be read is read, what must be refused is.
func TestRead(t *testing.T) {
	for _, c := range mailtest.Cases() {
		t.Run(c.Name(), func(t *testing.T) {
			m, err := read(t, c)
			if c.Refused != "" {
				var r *mail.Refusal
				if !errors.As(err, &r) || r.Bound != c.Refused {
					t.Fatalf("read with %v, want a refusal for its %s", err, c.Refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text := m.Text
			if c.Property == "reply" {
				text = mail.WithoutQuotes(text)
			}
			if m.From.String() != c.From || m.Subject != c.Subject || text != c.Text || m.Kind != c.Kind {
				t.Errorf("read as %v from %q:\n%q\n%q\nwant %v from %q:\n%q\n%q", m.Kind, m.From, m.Subject, text, c.Kind, c.From, c.Subject, c.Text)
			}
			checkFiles(t, m, c)
			if !slices.Equal(m.Reports, c.Reports) {
				t.Errorf("reports %+v, want %+v", m.Reports, c.Reports)
			}
		})
	}
}

func checkFiles(t *testing.T, m *mail.Message, c mailtest.Case) {
	t.Helper()
	var photos, videos []string
	for _, a := range m.Attachments {
		if a.Kind == mail.Photo {
			photos = append(photos, a.Format)
		} else {
			videos = append(videos, a.Format)
		}
		if b := a.Append(nil); len(b) != a.Bytes || len(b) == 0 {
			t.Errorf("%s has %d bytes, %d are told", a.Format, len(b), a.Bytes)
		}
	}
	decoration := 0
	for _, l := range m.Left {
		if l.Why == mail.LeftDecoration {
			decoration++
		}
	}
	if !slices.Equal(photos, c.Photos) || !slices.Equal(videos, c.Videos) || decoration != c.Decoration {
		t.Errorf("photos %v, videos %v, %d of decoration; want %v, %v, %d", photos, videos, decoration, c.Photos, c.Videos, c.Decoration)
	}
}

// The files are what the generator makes, every one of them, and no others.
func TestCorpus(t *testing.T) {
	want := map[string]bool{}
	for _, c := range mailtest.Cases() {
		if c.Big {
			continue
		}
		name := filepath.Join(corpus, c.Name()+".eml")
		want[name] = true
		if *update {
			if err := os.MkdirAll(corpus, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, c.Raw(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, c.Raw()) {
			t.Errorf("%s is not what mailtest makes (%v); go test ./transcode/mail -run TestCorpus -update writes it", name, err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(corpus, "*.eml"))
	for _, name := range files {
		if !want[name] {
			t.Errorf("%s: nothing makes it", name)
		}
	}
}

// A mailbox file has LF where the wire has CRLF: both read the same.
func TestLineEnds(t *testing.T) {
	for _, c := range mailtest.Cases() {
		if c.Big || c.Refused != "" {
			continue
		}
		wire, err1 := read(t, c)
		file, err2 := mail.Read(bytes.ReplaceAll(c.Raw(), []byte("\r\n"), []byte("\n")), mail.Options{Own: mailtest.Own})
		if err1 != nil || err2 != nil || wire.Subject != file.Subject || wire.Text != file.Text || len(wire.Attachments) != len(file.Attachments) {
			t.Errorf("%s reads differently with LF: %v %v\n%q\n%q", c.Name(), err1, err2, wire.Text, file.Text)
		}
	}
}

// The name of a mail is its Message-ID and what relays leave alone: another mail under a used ID is another.
func TestKey(t *testing.T) {
	with := func(head string) string {
		m, err := mail.Read([]byte(head+"From: a@b.jp\r\nSubject: x\r\n\r\nbody"), mail.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return m.Key() + " " + m.Sum()
	}
	const id = "Message-ID: <1@b.jp>\r\n"
	for _, head := range []string{"", id} {
		if once, twice := with(head), with("Received: from a by b\r\n"+head); once != twice {
			t.Errorf("keys %q and %q", once, twice)
		}
	}
	if !strings.HasPrefix(with(id), "1@b.jp ") || with(id) == with("") || with(id) == with(id+"Date: now\r\n") {
		t.Errorf("key %q", with(id))
	}
	if with("") == with("Date: now\r\n") {
		t.Error("two mails of one minute have one key")
	}
}

// A handset that sends under an address of no carrier keeps its emoji; what is no carrier's stays lost.
func TestEmojiOfHandsetsUnderOtherAddresses(t *testing.T) {
	for body, want := range map[string]string{
		"\x1b$BG_\x1b(B\x1b$B\xf8\x9f\x1b(B": "梅☀", // DoCoMo's, between the escapes
		"\x1b$BG_uA\x1b(B":                   "梅☀", // au's row 75
		"\x1b$BG_\x29\x21\x1b(B":             "梅\uFFFD",
	} {
		raw := "From: hanako@example.jp\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\n\r\n" + body
		m, err := mail.Read([]byte(raw), mail.Options{})
		if err != nil || m.Text != want {
			t.Errorf("%q is read as %q, %v; want %q", body, m.Text, err, want)
		}
	}
}

// Emoji of DoCoMo in JIS rows of their own, as relays and programs write them: read as what au means by the same codes, in which JIS has
// nothing else. Kanji of the rows after them stay kanji, but in mail from au.
func TestEmojiInJISRows(t *testing.T) {
	for _, from := range []string{"a@docomo.ne.jp", "a@example.com", "a@softbank.ne.jp", "a@pdx.ne.jp"} {
		raw := "From: " + from + "\r\nSubject: =?ISO-2022-JP?B?GyRCdUEbKEI=?=\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B@2$luAvA|b\x1b(B\r\n"
		m, err := mail.Read([]byte(raw), mail.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if m.Subject != "☀" || m.Text != "晴れ☀💧髙" {
			t.Errorf("%s: %q, %q", from, m.Subject, m.Text)
		}
	}
}
