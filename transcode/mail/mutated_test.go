package mail_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"musubi/transcode/mail/internal/mailtest"
)

// Mails of the corpus, changed at random, are read or refused, and never more. MUSUBI_MAIL_MUTATIONS=1000000 is the long run, of which
// FuzzRead is the one that learns.
func TestMutatedMails(t *testing.T) {
	rounds := 20_000
	if n, err := strconv.Atoi(os.Getenv("MUSUBI_MAIL_MUTATIONS")); err == nil {
		rounds = n
	}
	var corpus [][]byte
	for _, c := range mailtest.Cases() {
		if !c.Big {
			corpus = append(corpus, c.Raw())
		}
	}
	r := rand.New(rand.NewPCG(2007, 3))
	for n := range rounds {
		raw := append([]byte(nil), corpus[r.IntN(len(corpus))]...)
		if len(raw) > 20_000 { // mostly the text of a photo, which takes the time
			raw = raw[:4_000+r.IntN(16_000)]
		}
		for range 1 + r.IntN(6) {
			raw = mutate(r, raw, corpus)
		}
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("mail %d breaks it: %v\n%q", n, p, raw)
				}
			}()
			checkRead(t, raw)
		}()
	}
}

// tokens are what mails are made of.
var tokens = []string{"\r\n", "\r\n\r\n", "--", "=?", "?=", "\x1b$B", "\x1b(B", "\x1b(I", "\x0e", "\x0f", "boundary=", "charset=", "base64", "quoted-printable", "multipart/mixed", "multipart/related",
	"message/rfc822", "Content-Type: ", "Content-Transfer-Encoding: ", "\xf8\x9f", "\xff", "\x00", "<", ">", "@", "\"", ";", "*0*=", "utf-7", "iso-2022-jp", "Subject: ", "From: "}

func mutate(r *rand.Rand, b []byte, corpus [][]byte) []byte {
	if len(b) == 0 {
		return append(b, tokens[r.IntN(len(tokens))]...)
	}
	at := r.IntN(len(b))
	to := min(len(b), at+1+r.IntN(200))
	switch r.IntN(7) {
	case 0:
		b[at] = byte(r.Uint32())
	case 1:
		b = append(b[:at:at], b[to:]...)
	case 2:
		b = append(b[:to:to], b[at:]...)
	case 3:
		other := corpus[r.IntN(len(corpus))]
		from := r.IntN(len(other))
		b = append(append(b[:at:at], other[from:min(len(other), from+1+r.IntN(400))]...), b[at:]...)
	case 4:
		b = append(append(b[:at:at], tokens[r.IntN(len(tokens))]...), b[at:]...)
	case 5:
		b = b[:at]
	case 6:
		b[at] ^= 1 << r.IntN(8)
	}
	return b
}
