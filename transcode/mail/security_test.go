package mail_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"musubi/transcode/mail"
	"musubi/transcode/mail/internal/mailtest"
)

// hostile are mails made to cost much, each with what must come of it.
var hostile = []struct {
	name    string
	raw     func() []byte
	refused mail.Bound // "": read
}{
	{"nested 10,000 deep, closed", func() []byte { return nested(10_000, true) }, mail.TooDeep},
	{"nested 10,000 deep, never closed", func() []byte { return nested(10_000, false) }, mail.TooDeep},
	{"nested as deep as allowed", func() []byte { return nested(5, false) }, ""},
	{"50,000 header fields", func() []byte { return []byte(strings.Repeat("A: b\r\n", 50_000) + "\r\nbody") }, mail.HeaderTooLarge},
	{"a header field of 4 MB", func() []byte { return []byte("Subject: " + strings.Repeat("x", 4<<20) + "\r\n\r\nbody") }, mail.HeaderTooLarge},
	{"a header folded 30,000 times", func() []byte { return []byte("Subject: x" + strings.Repeat("\r\n ", 20_000) + "\r\n\r\nbody") }, ""},
	{"a header that never ends", func() []byte { return bytes.Repeat([]byte("no field\r\n"), 400_000) }, mail.HeaderTooLarge},
	{"4 MB of text", func() []byte {
		return append([]byte("From: a@b.jp\r\n\r\n"), bytes.Repeat([]byte("\xE6\xA2\x85"), 4<<20/3)...)
	}, mail.TextTooLarge},
	{"1 MB of < in HTML", func() []byte { return []byte("Content-Type: text/html\r\n\r\n" + strings.Repeat("<", 1<<20-100)) }, ""},
	{"1 MB of blockquotes and lines", func() []byte {
		return []byte("Content-Type: text/html\r\n\r\n" + strings.Repeat("<blockquote>", 40_000) + strings.Repeat("<br>", 100_000))
	}, ""},
	{"60 KB of encoded words", func() []byte { return []byte("Subject: " + strings.Repeat("=?utf-8?Q?=E6?= ", 3_800) + "\r\n\r\nbody") }, ""},
	{"60 KB of words that never end", func() []byte { return []byte("Subject: " + strings.Repeat("=?utf-8?Q?", 6_000) + "\r\n\r\nbody") }, ""},
	{"60 KB of raw escapes", func() []byte { return []byte("Subject: " + strings.Repeat("\x1b$", 30_000) + "\r\n\r\nbody") }, ""},
	{"60 KB of parameters", func() []byte {
		return []byte("Content-Type: multipart/mixed" + strings.Repeat("; boundary*0=\"", 4_000) + "\r\n\r\nbody")
	}, ""},
	{"1 MB of boundary beginnings", func() []byte {
		return []byte("Content-Type: multipart/mixed; boundary=" + strings.Repeat("-", 60_000) + "\r\n\r\n" + strings.Repeat("-", 1<<20-70_000))
	}, ""},
	{"one boundary at all depths", func() []byte {
		return []byte(strings.Repeat("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n", 10_000))
	}, mail.TooManyParts},
	{"a JPEG that says 65,500 × 65,500", func() []byte {
		return []byte("Content-Type: multipart/related; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a\r\nContent-Type: image/jpeg\r\n\r\n" +
			"\xFF\xD8\xFF\xC0\x00\x11\x08\xFF\xDC\xFF\xDC\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\r\n--a--\r\n")
	}, ""},
	{"uuencode is text", func() []byte { return []byte("From: a@b.jp\r\n\r\nbegin 644 x.jpg\r\n#86)C\r\n`\r\nend") }, ""},
	{"TNEF", func() []byte {
		return []byte("Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9F\x3E\x22")
	}, ""},
	{"nothing at all", func() []byte { return nil }, ""},
}

func nested(depth int, closed bool) []byte {
	var b bytes.Buffer
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\nthe text\r\n")
	for i := depth - 1; closed && i >= 0; i-- {
		fmt.Fprintf(&b, "--b%d--\r\n", i)
	}
	return b.Bytes()
}

// TestSEC91_Bounds reads mails that are made to cost much. Beyond what the bytes of the mail take, none allocates more than
// a few times its own size, so nothing in it is multiplied.
func TestSEC91_Bounds(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			raw := tt.raw()
			var m *mail.Message
			var err error
			spent := allocated(func() { m, err = mail.Read(raw, mail.Options{Own: mailtest.Own}) })
			var r *mail.Refusal
			if errors.As(err, &r) != (tt.refused != "") || r != nil && r.Bound != tt.refused {
				t.Fatalf("%v, want a refusal for %q", err, tt.refused)
			}
			if limit := uint64(4<<20 + 16*len(raw)); spent > limit {
				t.Errorf("%d bytes allocated for %d of mail", spent, len(raw))
			}
			if err == nil {
				mail.WithoutQuotes(m.Text)
			}
		})
	}
}

// TestSEC91_Memory: what one mail of the corpus takes, 20,000 parts and 8 MB included, stays below 64 MB with the mail itself.
func TestSEC91_Memory(t *testing.T) {
	for _, c := range mailtest.Cases() {
		raw := c.Raw()
		spent := allocated(func() {
			if m, err := mail.Read(raw, mail.Options{Own: mailtest.Own}); err == nil {
				for _, a := range m.Attachments {
					a.Append(nil)
				}
			}
		})
		if total := spent + uint64(len(raw)); total > 64<<20 {
			t.Errorf("%s takes %d bytes", c.Name(), total)
		}
	}
}

// TestSEC91_BytesTellTheType: names and types that a part claims are not believed.
func TestSEC91_BytesTellTheType(t *testing.T) {
	raw := "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: image/jpeg; name=\"../../a.jpg\"\r\n\r\n<script>alert(1)</script>\r\n" +
		"--a\r\nContent-Type: application/x-msdownload; name=a.exe\r\n\r\n\xFF\xD8\xFF\xE0jpeg after all\r\n--a--\r\n"
	m, err := mail.Read([]byte(raw), mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Attachments) != 1 || m.Attachments[0].Format != "image/jpeg" || len(m.Left) != 1 || m.Left[0].Why != mail.LeftUnknown {
		t.Errorf("attachments %+v, left out %+v", m.Attachments, m.Left)
	}
}

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
