package inbound_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/gateway/inbound"
	"musubi/gateway/inbound/inboundtest"
	"musubi/transcode/mail"
)

// TestSwaks: a mail program posts a diary with a photo, over SMTP and over LMTP, the mails of the corpus too.
func TestSwaks(t *testing.T) {
	swaks := inboundtest.Program(t, "swaks")
	for _, protocol := range []string{"ESMTP", "LMTP"} {
		t.Run(protocol, func(t *testing.T) {
			office := &postOffice{}
			address := serve(t, inbound.Config{Receiver: office, LMTP: protocol == "LMTP"})
			send := func(args ...string) {
				inboundtest.Run(t, swaks, append([]string{"--protocol", protocol, "--server", address, "--helo", "phone.example", "--from", "a..b@docomo.ne.jp",
					"--to", "d-k5a7q2mfxw3ce6zt@musubi.example", "--suppress-data"}, args...)...)
			}
			send("--h-Subject", "from a shell", "--body", "text")
			corpus, err := filepath.Glob("../../testdata/mail/*-decorated.eml")
			if err != nil || len(corpus) < 5 {
				t.Fatal(corpus, err)
			}
			for _, file := range corpus {
				send("--data", "@"+file)
			}
			got := office.all()
			if len(got) != len(corpus)+1 {
				t.Fatalf("%d mails arrived of %d", len(got), len(corpus)+1)
			}
			if got[0].subject != "from a shell" || got[0].From.String() != "a..b@docomo.ne.jp" || got[0].text != "text" {
				t.Errorf("arrived: %+v", got[0])
			}
			for _, m := range got[1:] {
				if m.subject != "梅が咲いた" || !strings.HasPrefix(m.text, "庭の梅が咲いた。") {
					t.Errorf("arrived: %q %q", m.subject, m.text)
				}
			}
		})
	}
}

// TestSmtpSource: what a load generator sends over many sessions arrives, all of it, once.
func TestSmtpSource(t *testing.T) {
	source := inboundtest.Program(t, "smtp-source")
	office := &postOffice{}
	address := serve(t, inbound.Config{Receiver: office})
	inboundtest.Run(t, source, "-c", "-d", "-N", "-s", "8", "-m", "400", "-l", "8000", "-f", "a@docomo.ne.jp", "-t", "d-1@musubi.example", address)
	got := office.all()
	keys := map[string]bool{}
	for _, m := range got {
		keys[m.key] = true
	}
	if len(got) != 400 || len(keys) != 400 {
		t.Errorf("%d messages arrived, %d different ones, of 400", len(got), len(keys))
	}
}

// TestPostfix: a private Postfix before us, by LMTP. Odd addresses arrive as phones have them, a recipient that nobody is bounces,
// and what must wait is sent again by itself.
func TestPostfix(t *testing.T) {
	swaks := inboundtest.Program(t, "swaks")
	tries := map[string]int{}
	office := &postOffice{
		admits: func(a mail.Address) error {
			if a.Local == "nobody" {
				return inbound.ErrUnknown
			}
			return nil
		},
	}
	office.answer = func(_ inbound.Envelope, m *mail.Message) error {
		office.mu.Lock()
		defer office.mu.Unlock()
		if tries[m.Subject]++; m.Subject == "second try" && tries[m.Subject] == 1 {
			return fmt.Errorf("the database is not there yet")
		}
		return nil
	}
	lmtp := serve(t, inbound.Config{Receiver: office, LMTP: true})
	smtp := inboundtest.StartPostfix(t, lmtp)
	send := func(from, to, subject string) {
		inboundtest.Run(t, swaks, "--server", smtp, "--from", from, "--to", to, "--h-Subject", subject, "--h-Message-Id", "<"+subject+"@docomo.ne.jp>", "--body", "text")
	}
	senders := []string{"a..b@docomo.ne.jp", "a.@ezweb.ne.jp", ".x@docomo.ne.jp", "a/b?c=d@softbank.ne.jp"}
	for i, from := range senders {
		send(from, "D-1@musubi.example", fmt.Sprint("odd ", i))
	}
	send("a@docomo.ne.jp", "d-1@musubi.example", "second try")
	send("a@docomo.ne.jp", "nobody@musubi.example", "unknown")
	for deadline := time.Now().Add(60 * time.Second); len(office.all()) < len(senders)+1; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("arrived: %s", office.subjects())
		}
	}
	from := map[string]string{}
	for _, m := range office.all() {
		from[m.subject] = m.From.String()
	}
	for i, want := range senders {
		if got := from[fmt.Sprint("odd ", i)]; got != want {
			t.Errorf("the mail of %s arrived from %q", want, got)
		}
	}
	if _, ok := from["unknown"]; ok || from["second try"] == "" {
		t.Errorf("arrived: %v", from)
	}
}
