package mail

import (
	"encoding/base64"
	"strings"
	"testing"

	"musubi/carriers"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// Subjects as programs write them, whole or broken.
func TestHeaderWords(t *testing.T) {
	const umeJIS = "\x1b$BG_$,:i$$$?\x1b(B" // 梅が咲いた
	utf8 := "梅が咲いた"
	for _, tt := range []struct {
		name    string
		carrier carriers.Carrier
		in      string
		want    string
	}{
		{"one word", carriers.PC, "=?ISO-2022-JP?B?" + b64(umeJIS) + "?=", "梅が咲いた"},
		{"two words, blank between is none", carriers.PC, "=?utf-8?B?" + b64("梅が") + "?= =?UTF-8?b?" + b64("咲いた") + "?=", "梅が咲いた"},
		{"folded", carriers.PC, "=?utf-8?B?" + b64("梅が") + "?=\t =?UTF-8?b?" + b64("咲いた") + "?=", "梅が咲いた"},
		{"words and plain text", carriers.PC, "Re: =?utf-8?Q?=E6=A2=85?= and more", "Re: 梅 and more"},
		{"cut within a character", carriers.PC, "=?utf-8?B?" + b64(utf8[:4]) + "?= =?utf-8?B?" + b64(utf8[4:]) + "?=", "梅が咲いた"},
		{"cut within a JIS character, shift kept", carriers.PC, "=?ISO-2022-JP?B?" + b64(umeJIS[:6]) + "?= =?ISO-2022-JP?B?" + b64(umeJIS[6:]) + "?=", "梅が咲いた"},
		{"base64 cut anywhere", carriers.PC, "=?utf-8?B?" + b64(utf8)[:6] + "?= =?utf-8?B?" + b64(utf8)[6:] + "?=", "梅が咲いた"},
		{"padding within", carriers.PC, "=?utf-8?B?" + b64("a") + b64("bc") + "?=", "abc"},
		{"Q with blanks", carriers.PC, "=?iso-8859-1?Q?caf=E9 au_lait?=", "café au lait"},
		{"a language", carriers.PC, "=?utf-8*ja?Q?=E6=A2=85?=", "梅"},
		{"unknown charset", carriers.PC, "=?x-unknown?B?" + b64(utf8) + "?=", "梅が咲いた"},
		{"another charset is declared", carriers.PC, "=?us-ascii?B?" + b64(umeJIS) + "?=", "梅が咲いた"},
		{"no word", carriers.PC, "=?utf-8?X?abc?= =? ?=", "=?utf-8?X?abc?= =? ?="},
		{"unfinished", carriers.PC, "=?utf-8?B?" + b64(utf8), "=?utf-8?B?" + b64(utf8)},
		{"raw JIS", carriers.PC, umeJIS, "梅が咲いた"},
		{"raw Shift_JIS", carriers.PC, "\x94~\x82\xaa\x8d\xe7\x82\xa2\x82\xbd", "梅が咲いた"},
		{"raw EUC-JP", carriers.PC, "\xc7\xdf\xa4\xac\xba\xe9\xa4\xa4\xa4\xbf", "梅が咲いた"},
		{"raw UTF-8", carriers.PC, utf8, utf8},
		{"half-width kana", carriers.PC, "=?ISO-2022-JP?B?" + b64("\x1b(I6^\x1b(B") + "?=", "ｶﾞ"},
		{"au's sun", carriers.Au, "=?iso-2022-jp?B?GyRCdUEbKEI=?=", "☀"},
		{"au's sun from DoCoMo", carriers.DoCoMo, "=?iso-2022-jp?B?GyRCdUEbKEI=?=", "☀"},
		{"DoCoMo's sun between the escapes", carriers.DoCoMo, "=?iso-2022-jp?B?" + b64("\x1b$B\xf8\x9f\x1b(B") + "?=", "☀"},
		{"DoCoMo's sun in Shift_JIS", carriers.DoCoMo, "=?shift_jis?B?" + b64("\xf8\x9f") + "?=", "☀"},
		{"SoftBank's sun in Shift_JIS", carriers.SoftBank, "=?shift_jis?B?" + b64("\xf9\x8b") + "?=", "☀"},
		{"SoftBank's sun as webcode", carriers.SoftBank, "=?shift_jis?B?" + b64("\x90\xb0\x1b$Gj\x0f") + "?=", "晴☀"},
		{"no other line", carriers.PC, "=?utf-8?B?" + b64("a\r\nBcc: b\x00") + "?=", "a Bcc: b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := newReader(tt.carrier).header(tt.in); got != tt.want {
				t.Errorf("%q reads as %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for _, tt := range []struct{ in, want, wire string }{
		{"a@b.jp", "a@b.jp", "a@b.jp"},
		{"A..B@DoCoMo.ne.jp", "a..b@docomo.ne.jp", `"a..b"@docomo.ne.jp`},
		{`"a."@docomo.ne.jp`, "a.@docomo.ne.jp", `"a."@docomo.ne.jp`},
		{`Hanako <.a@ezweb.ne.jp>`, ".a@ezweb.ne.jp", `".a"@ezweb.ne.jp`},
		{`"x <y@z.jp>" <a/b?c=d@b.jp.>`, "a/b?c=d@b.jp", "a/b?c=d@b.jp"},
		{"\x1b$B<+\x1b(B <a@b.jp>", "a@b.jp", "a@b.jp"},
		{"a@b.jp (a comment)", "a@b.jp", "a@b.jp"},
		{"a@b.jp, c@d.jp", "", ""},
		{"<a@b.jp>, <c@d.jp>", "", ""},
		{"<a@b.jp> <c@d.jp>", "", ""},
		{"a@b.jp, x", "a@b.jp", "a@b.jp"},
		{"Yamada, Taro <a@b.jp>", "a@b.jp", "a@b.jp"},
		{"(<a@b.jp>) <evil@c.jp>", "evil@c.jp", "evil@c.jp"},
		{"(a@b.jp (in (it)) \\) ) evil@c.jp (end)", "evil@c.jp", "evil@c.jp"},
		{"(\x1b$B!J(<\x1b(B<a@b.jp>) <evil@c.jp>", "evil@c.jp", "evil@c.jp"},
		{"\x1b(J(^o^) \x1b(B<a@b.jp>", "a@b.jp", "a@b.jp"},
		{"(^o^ <a@b.jp>", "a@b.jp", "a@b.jp"},
		{"a@b.jp <evil@c.jp>", "evil@c.jp", "evil@c.jp"},
		{"=?utf-8?Q?a@b.jp?= <evil@c.jp>", "evil@c.jp", "evil@c.jp"},
		{"\"<a@b.jp>\" <evil@c.jp>", "evil@c.jp", "evil@c.jp"},
		{"x\" <a@b.jp>", "a@b.jp", "a@b.jp"},
		{"a b@c.jp", "", ""},
		{"<a@b.jp", "", ""},
		{"a@b", "", ""},
		{"a@b..jp", "", ""},
		{"a@b.jp\x00", "", ""},
		{"あ@b.jp", "", ""},
		{`"a\"b"@c.jp`, "", ""},
		{"@b.jp", "", ""},
		{"", "", ""},
		{strings.Repeat("a", 250) + "@b.jp", "", ""},
	} {
		a, ok := headerAddress(tt.in)
		if ok != (tt.want != "") || a.String() != tt.want || ok && a.Wire() != tt.wire {
			t.Errorf("%q is %q, on the wire %q; want %q, %q", tt.in, a, a.Wire(), tt.want, tt.wire)
		}
		if again, ok := ParseAddress(a.Wire()); tt.want != "" && (!ok || again != a) {
			t.Errorf("%q does not come back from the wire: %v", tt.in, again)
		}
	}
}

func TestTransfer(t *testing.T) {
	for _, tt := range []struct{ name, encoding, in, want string }{
		{"base64", "base64", "5qKF\r\n44GM", "梅が"},
		{"base64 with dirt", "BASE64", "5q KF\x00!4\t4GM", "梅が"},
		{"base64, padding in the middle", "base64", "YQ==YmM=", "abc"},
		{"base64 without padding", "base64", "YWI", "ab"},
		{"base64, six bits too many", "base64", "YWJjZ", "abc"},
		{"quoted", "quoted-printable", "=E6=a2=85 \t\r\nnext=\r\nline=", "梅\r\nnextline"},
		{"quoted, no escape", "quoted-printable", "a=b=ZZ=4", "a=b=ZZ=4"},
		{"unknown", "x-uuencode", "begin 644", "begin 644"},
		{"8bit; with more", "8bit; x=y", "=E6", "=E6"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(transferOf(tt.encoding).append(nil, []byte(tt.in))); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestParam(t *testing.T) {
	for _, tt := range []struct{ in, name, want string }{
		{`text/plain; charset="ISO-2022-JP"`, "charset", "ISO-2022-JP"},
		{`text/plain;CHARSET = utf-8 ; format=flowed`, "charset", "utf-8"},
		{`multipart/mixed; x; boundary="a\"b;c"; y=z`, "boundary", `a"b;c`},
		{`multipart/mixed; name="boundary=no"; boundary=yes`, "boundary", "yes"},
		{`multipart/mixed; boundary="open`, "boundary", "open"},
		{`multipart/mixed`, "boundary", ""},
		{`multipart/mixed; =; boundary=;`, "boundary", ""},
	} {
		if got := param(tt.in, tt.name); got != tt.want {
			t.Errorf("%s of %s is %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestHTML(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"lines", "<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"},
		{"blanks", "<div> a \n  b </div>\n<div>c</div>", "a b\nc"},
		{"no text", "<head><title>t</title><style>s</style></head><body><script>x</script>a<!-- b --></body>", "a"},
		{"head never closed", "<head><body>a</body>b", "b"},
		{"entities once", "a&amp;lt;b&#12354;", "a&lt;bあ"},
		{"quotation", "<div>own</div><blockquote>his<blockquote>mine</blockquote></blockquote>", "own\n> his\n> > mine"},
		{"empty lines", "a<br><br>b", "a\n\nb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := textOf(tt.in, map[string]bool{}); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	cids := map[string]bool{}
	if textOf(`<img src="cid:a"><body background='cid:b'>`, cids); !cids["a"] || !cids["b"] {
		t.Errorf("pictures shown: %v", cids)
	}
}

func TestUnflow(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		delsp    bool
	}{
		{"one \ntwo\nthree", "one two\nthree", false},
		{"一 \n二\n三", "一二\n三", true},
		{"a\n-- \nb", "a\n-- \nb", false},
		{" >stuffed\n>quoted", ">stuffed\n>quoted", false},
	} {
		if got := unflow(tt.in, tt.delsp); got != tt.want {
			t.Errorf("%q flows to %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestWithoutQuotes(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"nothing to cut", "一\n二", "一\n二"},
		{"answers between quotations", "> 元気？\nはい\n> 明日は？\n無理", "はい\n無理"},
		{"On … wrote, in two lines", "yes\n\nOn Sat, Mar 3, 2007 at 11:00 AM, Hanako <hanako@example.jp>\nwrote:\n\n> ok?", "yes"},
		{"wrote", "はい\n花子さんは書きました：\n＞ねえ", "はい"},
		{"a colon of one's own", "理由:\n> 元気？\nはい", "理由:\nはい"},
		{"original message", "はい\n---- 元のメッセージ ----\n何か", "はい"},
		{"repeated fields", "はい\n差出人: a\n宛先: b\n件名: c\n何か", "はい"},
		{"two fields are a text", "日時: 明日\n件名: 花見\nよろしく", "日時: 明日\n件名: 花見\nよろしく"},
		{"signature", "はい\n-- \n花子\n東京\n\n\n\n\n\n\n\n\nずっと", "はい"},
		{"two dashes without blank", "はい\n--\n花子", "はい"},
		{"two dashes far from the end", "一\n--\n" + strings.Repeat("続\n", 20), "一\n--\n" + strings.TrimSuffix(strings.Repeat("続\n", 20), "\n")},
		{"by phone", "はい\n\niPhoneから送信\n", "はい"},
		{"all quoted", "> a\n> b", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := WithoutQuotes(tt.in); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestKind(t *testing.T) {
	for _, tt := range []struct {
		head string
		want Kind
	}{
		{"From: a@b.jp", Letter},
		{"From: a@b.jp\nAuto-Submitted: no", Letter},
		{"From: a@b.jp\nAuto-Submitted: auto-generated", AutoReply},
		{"From: a@b.jp\nX-Autoreply: yes", AutoReply},
		{"From: a@b.jp\nPrecedence: Bulk", List},
		{"From: a@b.jp\nList-Unsubscribe: <mailto:x@y.jp>", List},
		{"From: a@b.jp\nReturn-Path: <>", Bounce},
		{"From: Postmaster@b.jp", Bounce},
		{"From: a@b.jp\nContent-Type: multipart/report; report-type=delivery-status", Bounce},
		{"From: a@b.jp\nMessage-ID: <x@MUSUBI.example>", Loop},
		{"From: a@musubi.example", Loop},
		{"From: a@notmusubi.example", Letter},
	} {
		m, err := Read([]byte(tt.head+"\n\nbody"), Options{Own: "musubi.example"})
		if err != nil || m.Kind != tt.want {
			t.Errorf("%q is %v (%v), want %v", tt.head, m.Kind, m.Because, tt.want)
		}
		if person := tt.want == Letter; m.Answerable() != person {
			t.Errorf("%q may be answered: %v", tt.head, !person)
		}
	}
	nobody, _ := Read([]byte("From: a@b.jp\nFrom: c@d.jp\n\nbody"), Options{})
	if nobody.From != (Address{}) || nobody.Answerable() {
		t.Errorf("of two From fields %v counts", nobody.From)
	}
}
