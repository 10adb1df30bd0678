package postman

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"

	"musubi/core/outbox"
)

// message is the letter as RFC 5322 text with CRLF line ends. Japanese goes out as ISO-2022-JP, 7 bit, which every handset
// and every PC reads; text that it cannot hold, emoji for one, as UTF-8 in base64.
func message(m outbox.Mail, from string, at time.Time) []byte {
	id := make([]byte, 16)
	rand.Read(id)
	_, domain, _ := strings.Cut(from, "@")
	subject, body, charset, transfer := encode(m)
	lines := []string{
		"From: " + header(from),
		"To: " + header(m.To),
		"Subject: " + subject,
		"Date: " + at.Format(time.RFC1123Z),
		"Message-ID: <" + hex.EncodeToString(id) + "@" + header(domain) + ">",
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=" + charset,
		"Content-Transfer-Encoding: " + transfer,
		"Auto-Submitted: auto-generated",
		"", body,
	}
	return []byte(strings.Join(lines, "\r\n"))
}

// fold is what ISO-2022-JP writes in another way than Unicode likes best: wave dash, minus, double bar, dashes.
var fold = strings.NewReplacer("〜", "～", "−", "－", "‖", "∥", "—", "―", "¢", "￠", "£", "￡", "¬", "￢")

func encode(m outbox.Mail) (subject, body, charset, transfer string) {
	lines := strings.ReplaceAll(strings.ReplaceAll(m.Body, "\r\n", "\n"), "\n", "\r\n")
	jisSubject, err1 := japanese.ISO2022JP.NewEncoder().String(fold.Replace(header(m.Subject)))
	jisBody, err2 := japanese.ISO2022JP.NewEncoder().String(fold.Replace(lines))
	if err1 == nil && err2 == nil && !longLine(jisBody) {
		return words("ISO-2022-JP", jisSubject), jisBody, "ISO-2022-JP", "7bit"
	}
	return mime.BEncoding.Encode("UTF-8", header(m.Subject)), wrap(base64.StdEncoding.EncodeToString([]byte(lines))), "UTF-8", "base64"
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

// words is a header text as one encoded word after another (RFC 2047). ISO-2022-JP begins and ends in ASCII in each; a
// subject of ours is short enough for the few that carriers' mail readers join.
func words(charset, jis string) string {
	return "=?" + charset + "?B?" + base64.StdEncoding.EncodeToString([]byte(jis)) + "?="
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
