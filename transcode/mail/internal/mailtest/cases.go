package mailtest

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/japanese"

	"musubi/transcode/mail"
)

const (
	subject = "梅が咲いた"
	body    = "庭の梅が咲いた。\nソ連の表は十能だ～\n\nまた書く。"
)

func textCase(s sender) Case {
	more := ""
	switch s.name {
	case "au": // half-width kana and NEC's row 13, which handsets send whatever RFC 1468 says
		return Case{Raw: raw(s.head(s.from, s.word(subject)) + s.textPart("text/plain", body) + "\r\n\x1b(I6^\x1b$B-!\x1b(B"), Subject: subject, Text: body + "\nｶﾞ①"}
	case "smartphone": // CP50220 under the name of ISO-2022-JP
		jis := sender{name: s.name, from: s.from, charset: "ISO-2022-JP", encoding: japanese.ISO2022JP, transfer: "7bit"}
		return Case{Raw: raw(s.head(s.from, jis.word(subject)) + jis.textPart("text/plain", body) + "\r\n\x1b$B-j-!y!\x1b(B"), Subject: subject, Text: body + "\n㈱①纊"}
	case "pc": // a signature stays in an entry; a line was broken by the program
		more = "\n-- \n葵"
	}
	return Case{Raw: raw(s.head(s.from, s.word(subject)) + s.textPart("text/plain", body+more)), Subject: subject, Text: body + more, Second: true}
}

func emojiCase(s sender) Case {
	const text = "晴れ{sun}です{sun}{sun}\n{sun}"
	return Case{Raw: raw(s.head(s.from, s.word("{sun}の日")) + s.textPart("text/plain", text)), Subject: s.reads("{sun}の日"), Text: s.reads(text), Second: s.name == "smartphone" || s.name == "pc"}
}

func photoCase(s sender) Case {
	kind, more := `image/jpeg; name="P1000001.jpg"`, []string{"Content-Disposition: attachment; filename=\"P1000001.jpg\""}
	switch s.name {
	case "au": // names in encoded words, type unknown
		kind, more = `application/octet-stream; name="=?iso-2022-jp?B?GyRCR18bKEIuanBn?="`, nil
	case "smartphone": // between two texts
		return Case{Raw: raw(s.head(s.from, s.word(subject)) + multipart("mixed", "Apple-Mail-1", s.textPart("text/plain", "前の文"),
			filePart(kind, picture(640, 480), "Content-Disposition: inline; filename=IMG_0001.jpg"), s.textPart("text/plain", "後の文"))),
			Subject: subject, Text: "前の文\n\n後の文", Photos: []string{"image/jpeg"}}
	}
	return Case{Raw: raw(s.head(s.from, s.word(subject)) + multipart("mixed", "--=_next_"+s.name, s.textPart("text/plain", body), filePart(kind, picture(640, 480), more...))),
		Subject: subject, Text: body, Photos: []string{"image/jpeg"}, Second: true}
}

// decoratedCase has the shape of each carrier: multipart/related or multipart/mixed is left out where it would be empty.
func decoratedCase(s sender) Case {
	page := `<html><head><title>x</title></head><body bgcolor="#ffccee"><div align="center"><font color="#ff0000">` + strings.ReplaceAll(body, "\n", "<br>") +
		`</font><img src="cid:01@070303"><marquee>はる</marquee></div></body></html>`
	alternative := multipart("alternative", "alt", s.textPart("text/plain", body), s.textPart("text/html", page))
	gif := filePart("image/gif; name=\"heart.gif\"", stamp(), "Content-ID: <01@070303>")
	frame := filePart("image/jpeg; name=\"waku.jpg\"", picture(240, 40), "Content-ID: <02@070303>")
	photo := filePart("image/jpeg; name=\"DCF_0001.jpg\"", picture(480, 640), "Content-Disposition: attachment")
	c := Case{Subject: subject, Text: body, Decoration: 2}
	head := s.head(s.from, s.word(subject))
	switch s.name {
	case "docomo":
		c.Raw = raw(head + multipart("related", "rel", alternative, gif, frame))
	case "au": // no multipart/related: the HTML alone says that the picture is decoration
		c.Raw, c.Decoration, c.Photos = raw(head+multipart("mixed", "mix", alternative, gif, photo)), 1, []string{"image/jpeg"}
	case "willcom": // HTML alone
		c.Raw, c.Decoration, c.Text = raw(head+multipart("related", "rel", s.textPart("text/html", page), gif)), 1, body+"\nはる"
		c.Text = body + "はる"
	case "smartphone": // a photo within the text is one all the same
		big := filePart("image/jpeg; name=\"IMG_0002.JPG\"", picture(480, 640), "Content-ID: <01@070303>", "Content-Disposition: inline")
		c.Raw, c.Decoration, c.Photos = raw(head+multipart("alternative", "alt2", s.textPart("text/plain", body),
			multipart("related", "rel", s.textPart("text/html", page), big))), 0, []string{"image/jpeg"}
	default:
		c.Raw, c.Photos = raw(head+multipart("mixed", "mix", multipart("related", "rel", alternative, gif, frame), photo)), []string{"image/jpeg"}
	}
	return c
}

func videoCase(s sender) Case {
	return Case{Raw: raw(s.head(s.from, s.word(subject)) + multipart("mixed", "v", s.textPart("text/plain", body), filePart(s.video, film(s.brand)))),
		Subject: subject, Text: body, Videos: []string{s.videoReads}, Second: true}
}

func emptyCase(s sender) Case {
	switch s.name {
	case "docomo": // cannot send without a body: the page offered one blank
		return Case{Raw: raw(s.head(s.from, "") + s.textPart("text/plain", " ")), Kind: mail.Empty}
	case "au": // no Content-Type
		return Case{Raw: raw(s.head(s.from, "") + "\r\n"), Kind: mail.Empty}
	case "softbank": // not even an empty line after the header
		return Case{Raw: raw(s.head(s.from, "")), Kind: mail.Empty}
	case "pc": // both alternatives are empty
		return Case{Raw: raw(s.head(s.from, "") + multipart("alternative", "e", s.textPart("text/plain", "\n"), s.textPart("text/html", "<html><body><br></body></html>"))), Kind: mail.Empty}
	}
	return Case{Raw: raw(s.head(s.from, "") + s.textPart("text/plain", "")), Kind: mail.Empty}
}

// rawSubjectCase has the bytes of the charset in the field, not encoded. The kanji 清 is =6 in JIS, and 粛 begins with =?.
func rawSubjectCase(s sender) Case {
	title := "清水の粛々と、" + subject
	if s.encoding == japanese.ISO2022JP {
		title = "清水 " + title + "=?"
	}
	return Case{Raw: raw(s.head(s.from, string(s.bytes(title))) + s.textPart("text/plain", body)), Subject: title, Text: body}
}

// dotAddressCase has the addresses that carriers gave out until 2009, and a display name in the charset.
func dotAddressCase(s sender) Case {
	at := s.from[strings.IndexByte(s.from, '@'):]
	local := map[string]string{"docomo": "hana..umi.", "au": ".taro-", "softbank": "sora..", "willcom": "mo/ri?x=y", "smartphone": "Yuki..K", "pc": "a..b"}[s.name]
	from := map[string]string{
		"docomo": local + at, "au": string(s.bytes("太郎")) + " <" + local + at + ">", "softbank": `"` + local + `"` + at,
		"willcom": s.word("森") + " <" + local + at + ">", "smartphone": `"Yuki, K. <x>" <` + local + at + ">", "pc": "<\"" + local + "\"" + at + "> (" + string(s.bytes("葵")) + ")",
	}[s.name]
	return Case{Raw: raw(s.head(from, s.word(subject)) + s.textPart("text/plain", body)), From: strings.ToLower(local + at), Subject: subject, Text: body}
}

func replyCase(s sender) Case {
	const own = "ありがとう！\n嬉しいです。"
	quoted := map[string]string{
		"docomo":     "\n\n>花子さんがコメントしました。\n>http://musubi.example/d/1",
		"au":         "\n\n----- Original Message -----\nFrom: musubi\nいい写真ですね。",
		"softbank":   "\n\nFrom: musubi <c@musubi.example>\nDate: 2007/3/3\nSubject: コメント\n\nいい写真ですね。",
		"willcom":    "\n＞いい写真ですね。\n＞また。",
		"smartphone": "\n\niPhoneから送信\n\n2007/03/03 12:00、musubi <c@musubi.example>のメッセージ:\n\n> いい写真ですね。\n> \n> また。",
		"pc":         "\n\n2007年3月3日(土) 11:00 musubi\n<c@musubi.example>:\n\n> いい写真ですね。\n\n-- \n葵\n",
	}[s.name]
	return Case{Raw: raw(s.head(s.from, s.word("Re: "+subject), "In-Reply-To: <l-17@"+Own+">") + s.textPart("text/plain", own+quoted)), Subject: "Re: " + subject, Text: own}
}

func bounceCase(s sender) Case {
	at := s.from[strings.IndexByte(s.from, '@')+1:]
	daemon := "MAILER-DAEMON@" + at
	head := s.head("Mail Delivery System <"+daemon+">", "Undelivered Mail", "Return-Path: <>")
	c := Case{From: strings.ToLower(daemon), Subject: "Undelivered Mail", Kind: mail.Bounce}
	if s.name == "willcom" || s.name == "docomo" { // words only
		c.Raw, c.Text = raw(head+"Content-Type: text/plain; charset=us-ascii\r\n\r\n550 Unknown user "+s.from), "550 Unknown user "+s.from
		return c
	}
	status := map[string]string{"au": "5.1.1", "softbank": "5.2.2", "smartphone": "4.4.1", "pc": "5.7.1"}[s.name]
	action := "failed"
	if status[0] == '4' {
		action = "delayed"
	}
	report := "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx." + at + "\r\n\r\nFinal-Recipient: rfc822; \"a.\"@" + at + "\r\nAction: " + action +
		"\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 550 it is\r\n so\r\n"
	c.Raw = raw(head + multipart("report; report-type=delivery-status", "rep", "Content-Type: text/plain\r\n\r\nIt did not arrive.", report,
		"Content-Type: message/rfc822\r\n\r\nSubject: hello\r\n\r\nhello"))
	c.Text = "It did not arrive."
	c.Reports = []mail.Report{{To: mail.Address{Local: "a.", Domain: at}, Action: action, Status: status, Diagnostic: "550 it is so"}}
	return c
}

func loopCase(s sender) Case {
	c := Case{Subject: subject, Text: body, Kind: mail.Loop}
	from, more := s.from, []string{"Message-ID: <l-99@" + Own + ">"}
	switch s.name {
	case "softbank":
		from, more = "musubi@"+Own, nil
		c.From = from
	case "pc":
		more = []string{"X-Hops: 1" + strings.Repeat("\r\nReceived: from a.example by b.example; Sat, 03 Mar 2007 12:00:00 +0900", 60)}
	case "au", "smartphone": // a program answers our answer
		c.Kind, more = mail.AutoReply, []string{"Auto-Submitted: auto-replied (vacation)"}
	case "willcom":
		c.Kind, more = mail.List, []string{"List-Id: <ume.example.org>"}
	}
	c.Raw = raw(s.head(from, s.word(subject), more...) + s.textPart("text/plain", body))
	return c
}

func oversizedCase(s sender) Case {
	return Case{Big: true, Refused: mail.TooLarge, Raw: func() []byte {
		return []byte(s.head(s.from, s.word(subject)) + multipart("mixed", "big", filePart("image/jpeg", bytes.Repeat([]byte("\xFF\xD8\xFF"), 8<<20/3))))
	}}
}

// nestedCase cost a well-known library a minute: none of its parts is closed.
func nestedCase(s sender) Case {
	var b strings.Builder
	b.WriteString(s.head(s.from, s.word(subject)))
	for i := range 25 {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString(s.textPart("text/plain", body))
	return Case{Refused: mail.TooDeep, Raw: raw(b.String())}
}

func partsCase(s sender) Case {
	return Case{Big: true, Refused: mail.TooManyParts, Raw: func() []byte {
		return []byte(s.head(s.from, s.word(subject)) + multipart("mixed", "p", slicesOf(s.textPart("text/plain", "x"), 20000)...))
	}}
}

func slicesOf(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}
