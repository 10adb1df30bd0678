// Package mailtest makes the mails of testdata/mail: one for each kind of sender and each property, with what must be read
// of it. People, addresses and pictures are made up; the shapes are those of handsets (docs/mail.md §3).
//
// Japanese is encoded by golang.org/x/text, and emoji stand as the bytes that the carriers' documents give, so that nothing
// here is made by what the tests examine.
package mailtest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

	"musubi/transcode/mail"
)

// Own is the domain of the musubi that gets the mails.
const Own = "musubi.example"

// A Case is one mail.
type Case struct {
	Carrier, Property string
	Raw               func() []byte
	Big               bool // made for each test, not kept as a file

	From, Subject, Text string // Text: without quotations for a reply
	Photos, Videos      []string
	Decoration          int // pictures left out as such
	Kind                mail.Kind
	Reports             []mail.Report
	Refused             mail.Bound
	Second              bool // a second parser must read the same subject, text and number of files
}

// Name is the name of the file: docomo-emoji.
func (c Case) Name() string { return c.Carrier + "-" + c.Property }

// A sender is one kind of phone or program.
type sender struct {
	name, from string
	charset    string            // as it declares it
	encoding   encoding.Encoding // nil: UTF-8
	transfer   string
	sun        string // the sun, as hexadecimal of its code in this charset; "" where none can be sent
	sunReads   string
	video      string // type and file name
	brand      string
	videoReads string
}

var senders = []sender{
	{name: "docomo", from: "hanako-umi@docomo.ne.jp", charset: "Shift_JIS", encoding: japanese.ShiftJIS, transfer: "base64", sun: "F89F", sunReads: "☀",
		video: `video/3gpp; name="MOV00001.3gp"`, brand: "mmp4", videoReads: "video/3gpp"},
	{name: "au", from: "taro_yama@ezweb.ne.jp", charset: "ISO-2022-JP", encoding: japanese.ISO2022JP, transfer: "7bit", sun: "7541", sunReads: "☀",
		video: `application/octet-stream; name="070303_1200~01.3g2"`, brand: "kddi", videoReads: "video/3gpp2"},
	{name: "softbank", from: "sora.kawa@softbank.ne.jp", charset: "UTF-8", transfer: "base64", sun: "EE818A", sunReads: "☀",
		video: `video/3gpp; name="movie.3gp"`, brand: "3gp4", videoReads: "video/3gpp"},
	{name: "willcom", from: "mori@di.pdx.ne.jp", charset: "shift_jis", encoding: japanese.ShiftJIS, transfer: "8bit", sun: "F89F", sunReads: "☀",
		video: `application/octet-stream; name="a.3gp"`, brand: "3gp5", videoReads: "video/3gpp"},
	{name: "smartphone", from: "yuki@i.softbank.jp", charset: "utf-8", transfer: "quoted-printable", sun: "E29880EFB88F", sunReads: "☀\uFE0F",
		video: `video/quicktime; name="IMG_0001.MOV"`, brand: "qt  ", videoReads: "video/quicktime"},
	{name: "pc", from: "aoi@example.org", charset: "iso-2022-jp", encoding: japanese.ISO2022JP, transfer: "7bit", sunReads: "〓",
		video: `video/mp4; name=film.mp4`, brand: "isom", videoReads: "video/mp4"},
}

// Cases are all of them.
func Cases() (all []Case) {
	for _, s := range senders {
		for _, p := range []struct {
			property string
			build    func(sender) Case
		}{
			{"text", textCase}, {"emoji", emojiCase}, {"photo", photoCase}, {"decorated", decoratedCase}, {"video", videoCase},
			{"empty", emptyCase}, {"raw-subject", rawSubjectCase}, {"dot-address", dotAddressCase}, {"reply", replyCase},
			{"bounce", bounceCase}, {"loop", loopCase}, {"oversized", oversizedCase}, {"nested-25", nestedCase}, {"parts-20000", partsCase},
		} {
			c := p.build(s)
			c.Carrier, c.Property = s.name, p.property
			if c.From == "" {
				c.From = s.from
			}
			all = append(all, c)
		}
	}
	return all
}

// bytes writes s in the sender's charset. {sun} is the carrier's code.
func (s sender) bytes(text string) []byte {
	var out []byte
	for i, piece := range strings.Split(text, "{sun}") {
		if i > 0 {
			out = append(out, s.emoji()...)
		}
		out = append(out, s.plain(piece)...)
	}
	return out
}

func (s sender) plain(text string) []byte {
	if s.encoding == nil {
		return []byte(text)
	}
	b, err := s.encoding.NewEncoder().Bytes([]byte(text))
	if err != nil {
		panic(fmt.Sprintf("%s: %q: %v", s.name, text, err))
	}
	return b
}

func (s sender) emoji() []byte {
	if s.sun == "" {
		return s.plain("〓")
	}
	code, err := hex.DecodeString(s.sun)
	if err != nil {
		panic(err)
	}
	if s.encoding == japanese.ISO2022JP {
		return []byte("\x1b$B" + string(code) + "\x1b(B")
	}
	return code
}

// reads is what must be read of text.
func (s sender) reads(text string) string { return strings.ReplaceAll(text, "{sun}", s.sunReads) }

// word is an encoded word.
func (s sender) word(text string) string {
	return "=?" + s.charset + "?B?" + base64.StdEncoding.EncodeToString(s.bytes(text)) + "?="
}

// transferred writes b as the sender transfers it.
func (s sender) transferred(b []byte) []byte {
	switch s.transfer {
	case "base64":
		return lines(b)
	case "quoted-printable":
		var out bytes.Buffer
		w := quotedprintable.NewWriter(&out)
		w.Write(b)
		w.Close()
		return out.Bytes()
	}
	return b
}

// lines is base64 in lines of 76.
func lines(b []byte) []byte {
	s := base64.StdEncoding.EncodeToString(b)
	var out bytes.Buffer
	for len(s) > 76 {
		out.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	out.WriteString(s)
	return out.Bytes()
}

// head is the header of a mail with the given subject field, up to its Content-Type.
func (s sender) head(from, subject string, more ...string) string {
	fields := []string{
		"Return-Path: <" + s.from + ">",
		"Received: from mail.example.net (mail.example.net [192.0.2.25]) by mx." + Own + "; Sat, 03 Mar 2007 12:00:05 +0900",
		"From: " + from, "To: <d-k5a7q2mfxw3ce6zt@" + Own + ">", "Subject: " + subject,
		"Date: Sat, 03 Mar 2007 12:00:00 +0900", "Message-ID: <20070303120000." + s.name + "@mail.example.net>", "MIME-Version: 1.0",
	}
	for _, f := range more {
		name, _, _ := strings.Cut(f, ":")
		replaced := false
		for i := range fields {
			if strings.HasPrefix(fields[i], name+":") {
				fields[i], replaced = f, true
			}
		}
		if !replaced {
			fields = append(fields, f)
		}
	}
	return strings.Join(fields, "\r\n") + "\r\n"
}

// textPart is a part of text.
func (s sender) textPart(kind, text string) string {
	return "Content-Type: " + kind + "; charset=" + s.charset + "\r\nContent-Transfer-Encoding: " + s.transfer + "\r\n\r\n" +
		string(s.transferred(s.bytes(strings.ReplaceAll(text, "\n", "\r\n"))))
}

// filePart is a file in base64.
func filePart(kind string, b []byte, more ...string) string {
	return "Content-Type: " + kind + "\r\nContent-Transfer-Encoding: base64\r\n" + strings.Join(append(more, ""), "\r\n") + "\r\n" + string(lines(b))
}

// multipart puts parts together.
func multipart(kind, boundary string, parts ...string) string {
	var b strings.Builder
	b.WriteString("Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n\r\n")
	for _, p := range parts {
		b.WriteString("--" + boundary + "\r\n" + p + "\r\n")
	}
	return b.String() + "--" + boundary + "--\r\n"
}

func raw(s string) func() []byte { return func() []byte { return []byte(s) } }

// picture is a made-up photo.
func picture(width, height int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(x / 40 * 40), uint8(y / 40 * 40), 128, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 30}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// stamp is a decoration emoji, as handsets have it: a GIF of 20 × 20.
func stamp() []byte {
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewPaletted(image.Rect(0, 0, 20, 20), palette.WebSafe[:16]), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// film is the beginning of a film: what tells its format.
func film(brand string) []byte {
	return []byte("\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x02\x00" + brand + "3gp4" + "\x00\x00\x00\x10mdat" + "made up.")
}
