package postman

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"

	"musubi/core/outbox"
)

// write is the letter as RFC 5322 text with CRLF line ends. Japanese goes out as ISO-2022-JP, 7 bit, which every handset
// and every PC reads; text that it cannot hold, emoji for one, as the receiver's handset reads it, or as UTF-8 in base64.
func (p *Postman) write(m outbox.Mail, at time.Time) []byte {
	from := p.from
	id := make([]byte, 16)
	rand.Read(id)
	_, domain, _ := strings.Cut(from, "@")
	subject, body, charset, transfer := p.encode(m)
	lines := []string{
		"From: " + header(from),
		"To: " + header(m.To),
		"Subject: " + subject,
		"Date: " + at.Format(time.RFC1123Z),
		"Message-ID: <" + hex.EncodeToString(id) + "@" + header(domain) + ">",
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=" + charset,
		"Content-Transfer-Encoding: " + transfer,
	}
	if m.Answers != "" {
		lines = append(lines, "Auto-Submitted: auto-replied", "In-Reply-To: <"+header(m.Answers)+">")
	} else {
		lines = append(lines, "Auto-Submitted: auto-generated")
	}
	if m.Unsubscribe != "" {
		lines = append(lines, "List-Unsubscribe: <"+header(m.Unsubscribe)+">", "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
	}
	lines = append(lines, "", body)
	return []byte(strings.Join(lines, "\r\n"))
}

// fold is what ISO-2022-JP writes in another way than Unicode likes best: wave dash, minus, double bar, dashes.
var fold = strings.NewReplacer("〜", "～", "−", "－", "‖", "∥", "—", "―", "¢", "￠", "£", "￡", "¬", "￢")

func (p *Postman) encode(m outbox.Mail) (subject, body, charset, transfer string) {
	lines := strings.ReplaceAll(strings.ReplaceAll(m.Body, "\r\n", "\n"), "\n", "\r\n")
	title := wide(fold.Replace(header(m.Subject)))
	_, err1 := jis(title)
	jisBody, err2 := jis(wide(fold.Replace(lines)))
	if err1 == nil && err2 == nil && !longLine(jisBody) {
		return words(title, "ISO-2022-JP", func(s string) []byte { text, _ := jis(s); return []byte(text) }), jisBody, "ISO-2022-JP", "7bit"
	}
	if t, ok := p.tongueOf(m.To); ok {
		subject, body, transfer = t.encode(fold.Replace(header(m.Subject)), fold.Replace(lines))
		return subject, body, t.Charset, transfer
	}
	return unicodeWords(header(m.Subject)), wrap(base64.StdEncoding.EncodeToString([]byte(lines))), "UTF-8", "base64"
}

// longLine says whether a line is longer than SMTP takes (998 bytes, RFC 5321 §4.5.3.1.6).
func longLine(s string) bool {
	for line := range strings.SplitSeq(s, "\r\n") {
		if len(line) > 998 {
			return true
		}
	}
	return false
}

func jis(s string) (string, error) { return japanese.ISO2022JP.NewEncoder().String(s) }

// wide writes half-width kana full, joined with their marks: ISO-2022-JP of handsets has no others (RFC 1468).
func wide(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n := strings.IndexFunc(s[i:], func(r rune) bool { return r >= '｡' && r <= 'ﾟ' })
		if n < 0 {
			return b.String() + s[i:]
		}
		b.WriteString(s[i : i+n])
		i += n
		if n = strings.IndexFunc(s[i:], func(r rune) bool { return r < '｡' || r > 'ﾟ' }); n < 0 {
			n = len(s) - i
		}
		b.WriteString(norm.NFKC.String(s[i : i+n]))
		i += n
	}
	return b.String()
}

// wrap cuts base64 into lines of 76.
func wrap(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	return b.String() + s
}

// header takes from a text whatever could begin another header field (SEC-49).
func header(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == 0x2028 || r == 0x2029 || r == 0x85 {
			return -1
		}
		return r
	}, s)
}
