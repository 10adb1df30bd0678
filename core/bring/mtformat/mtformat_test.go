package mtformat

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"
)

var tokyo = time.FixedZone("JST", 9*3600)

const blog = `AUTHOR: hanako
TITLE: 海へ &amp; 山へ
STATUS: Publish
ALLOW COMMENTS: 1
CONVERT BREAKS: 0
DATE: 03/01/2007 09:15:00 PM
PRIMARY CATEGORY: 旅
CATEGORY: 旅
CATEGORY: 夏
-----
BODY:
<p>はじめの<b>行</b><br />
つぎの行</p>
<p>写真<img src="http://blog.example.jp/a.jpg" /> <a href="http://example.jp/">ここ</a></p><script>alert(1)</script>
-----
EXTENDED BODY:
つづき
-----
EXCERPT:
要約
-----
COMMENT:
AUTHOR: 太郎
EMAIL: taro@example.jp
IP: 192.0.2.1
DATE: 03/02/2007 08:00:00
いいね<br />また
-----
PING:
TITLE: よそ
-----
--------
AUTHOR: hanako
TITLE: 下書き
STATUS: Draft
DATE: 03/03/2007 10:00:00
-----
BODY:
一行目
二行目
-----
--------
TITLE: 日付なし
-----
BODY:
x
-----
--------
`

func TestMTOfBlogs(t *testing.T) {
	euc, _ := japanese.EUCJP.NewEncoder().String(blog)
	sjis, _ := japanese.ShiftJIS.NewEncoder().String(strings.ReplaceAll(blog, "\n", "\r\n"))
	want := []Entry{
		{Title: "海へ & 山へ", Category: "旅", At: time.Date(2007, 3, 1, 21, 15, 0, 0, tokyo), Pictures: 1, Pings: 1,
			Body:     "はじめの行\nつぎの行\n\n写真 ここ (http://example.jp/)\n\nつづき",
			Comments: []Comment{{"太郎", "いいね\nまた", time.Date(2007, 3, 2, 8, 0, 0, 0, tokyo)}}},
		{Title: "下書き", Body: "一行目\n二行目", Draft: true, At: time.Date(2007, 3, 3, 10, 0, 0, 0, tokyo)},
	}
	for name, file := range map[string]string{"UTF-8": blog, "with a mark": "\ufeff" + blog, "EUC-JP": euc, "Shift_JIS": sjis, "of a Macintosh": strings.ReplaceAll(blog, "\n", "\r")} {
		got, err := Parse([]byte(file), tokyo)
		if err != nil || got.Undated != 1 || !reflect.DeepEqual(got.Entries, want) {
			t.Errorf("%s: %v\n%+v\nwant\n%+v", name, err, got, want)
		}
	}
}

// Dates of any year are read, with two digits too; what is no date is told apart from none.
func TestDatesOfMT(t *testing.T) {
	for date, want := range map[string]string{
		"01/02/1969 03:04:05": "1969-01-02T03:04:05", "01/02/2099 03:04:05": "2099-01-02T03:04:05", "03/03/07 01:02:03": "2007-03-03T01:02:03", "03/03/98 11:02:03 PM": "1998-03-03T23:02:03",
		"03/03/2007 12:00:00 AM": "2007-03-03T00:00:00", "03/03/2007 13:04:05 PM": "2007-03-03T13:04:05", "03/03/2007": "2007-03-03T00:00:00", "13/45/2007 99:99:99": "misread", "yesterday": "misread", "": "undated",
	} {
		r, err := Parse([]byte("TITLE: x\nDATE: "+date+"\n-----\nBODY:\ny\n-----\n--------\n"), tokyo)
		got := map[[2]int]string{{0, 1}: "misread", {1, 0}: "undated"}[[2]int{r.Undated, r.Misread}]
		if len(r.Entries) == 1 {
			got = r.Entries[0].At.Format("2006-01-02T15:04:05")
		}
		if err != nil || got != want {
			t.Errorf("%q: %s, want %s (%v)", date, got, want, err)
		}
	}
	r, err := Parse([]byte(`<diary><day date="1969-01-01"><body>昔</body></day><day date="bad"><body>*x*y
z</body></day></diary>`), tokyo)
	if err != nil || len(r.Entries) != 1 || r.Entries[0].At.Year() != 1969 || r.Misread != 1 {
		t.Errorf("Hatena: %+v, %v", r, err)
	}
}

func TestHatenaXML(t *testing.T) {
	const file = `<?xml version="1.0" encoding="UTF-8"?>
<diary><day date="2007-03-01" title="春"><body>
はじめに
*1172734200*[日記]花見
さいた
&lt;b&gt;さいた&lt;/b&gt;
*p2*二つめ
** 小見出し
本文
</body><comments><comment><username>taro</username><body>見た</body><timestamp>1172734300</timestamp></comment></comments></day></diary>`
	r, err := Parse([]byte(file), tokyo)
	if err != nil || len(r.Entries) != 3 {
		t.Fatalf("%v %+v", err, r)
	}
	for i, want := range []Entry{{Title: "春", Body: "はじめに"}, {Title: "花見", Category: "日記", Body: "さいた\nさいた"}, {Title: "二つめ", Body: "** 小見出し\n本文"}} {
		e := r.Entries[i]
		if e.Title != want.Title || e.Body != want.Body || e.Category != want.Category {
			t.Errorf("%d: %+v, want %+v", i, e, want)
		}
	}
	if at := r.Entries[1].At; !at.Equal(time.Unix(1172734200, 0)) {
		t.Error(at)
	}
	if c := r.Entries[2].Comments; len(c) != 1 || c[0].Author != "taro" || c[0].Body != "見た" {
		t.Error(c)
	}
}

// What is written is read back as it was, whatever stands in it.
func TestWrittenIsRead(t *testing.T) {
	e := Entry{Title: "A < B & C", Category: "旅 & 夏", At: time.Date(2007, 3, 1, 0, 5, 9, 0, tokyo), Draft: true,
		Body:     "-----\n--------\nCOMMENT:\n\n<b>太字</b> & 字\n  字下げ http://example.jp/?a=1&b=2\n-----",
		Comments: []Comment{{"太郎 <x>", "BODY:\n-----\n--------", time.Date(2007, 3, 2, 13, 0, 0, 0, tokyo)}}}
	var b bytes.Buffer
	if err := Write(&b, "花子", e); err != nil {
		t.Fatal(err)
	}
	r, err := Parse(b.Bytes(), tokyo)
	if err != nil || len(r.Entries) != 1 || !reflect.DeepEqual(r.Entries[0], e) {
		t.Errorf("%v\n%+v\nwant\n%+v\n%s", err, r.Entries, e, b.String())
	}
}

func TestNoFormat(t *testing.T) {
	for _, file := range []string{"", "hello", "<html><body>x", "PK\x03\x04", "<diary", strings.Repeat("-", 20)} {
		if _, err := Parse([]byte(file), tokyo); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(blog))
	f.Add([]byte("<diary><day date=\"2007-01-01\"><body>*a*b\nc</body></day></diary>"))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := Parse(file, tokyo)
		if err == nil && len(r.Entries) > MaxEntries {
			t.Error(len(r.Entries))
		}
	})
}
