package form_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"reflect"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/form"
)

// handsets by what matters to a form.
var (
	foma     = &carriers.Handset{Carrier: carriers.DoCoMo, Emoji: carriers.EmojiDoCoMo, Charset: carriers.ShiftJIS, FormIn: carriers.ShiftJIS, Dialect: carriers.Dialect{Family: carriers.IXHTML}}
	ezweb    = &carriers.Handset{Carrier: carriers.Au, Emoji: carriers.EmojiAu, Charset: carriers.ShiftJIS, FormIn: carriers.ShiftJIS, Dialect: carriers.Dialect{Family: carriers.XHTMLMP}}
	threeGC  = &carriers.Handset{Carrier: carriers.SoftBank, Emoji: carriers.EmojiSoftBank, Dialect: carriers.Dialect{Family: carriers.XHTMLMP}}
	jphone   = &carriers.Handset{Carrier: carriers.SoftBank, Emoji: carriers.EmojiSoftBank, Charset: carriers.ShiftJIS, FormIn: carriers.ShiftJIS, Webcode: true, Dialect: carriers.Dialect{Family: carriers.JPHONE}}
	computer = &carriers.Handset{Carrier: carriers.PC}
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, contentType string
		h                 *carriers.Handset
		body              string
		want              form.Fields
	}{
		{"docomo/Shift_JIS", "", foma, "n=%93%FA%8BL&c=%F8%9F", form.Fields{{"n", "日記"}, {"c", "☀"}}},
		{"docomo/raw bytes with trail 5C", "", foma, "n=\x95\x5C&m=a", form.Fields{{"n", "表"}, {"m", "a"}}},
		{"docomo/UTF-8 page", "application/x-www-form-urlencoded; charset=UTF-8", foma, "c=%EE%98%BE", form.Fields{{"c", "☀"}}},
		{"docomo/charset that lies", "application/x-www-form-urlencoded; charset=UTF-8", foma, "c=%93%FA%8BL", form.Fields{{"c", "日記"}}},
		{"docomo/UTF-8 link of ours", "", foma, "c=%E6%97%A5%E8%A8%98", form.Fields{{"c", "日記"}}},
		{"docomo/half-width kana is no UTF-8", "", foma, "c=%C3%BD", form.Fields{{"c", "ﾃｽ"}}},
		{"au/docomo code", "", ezweb, "c=%F8%9F%F6%60", form.Fields{{"c", "☀☀"}}},
		{"au/UTF-8 auto", "", ezweb, "c=%EE%BD%A0", form.Fields{{"c", "☀"}}},
		{"au/UTF-8 published", "", ezweb, "c=%EE%92%88", form.Fields{{"c", "☀"}}},
		{"softbank/UTF-8", "", threeGC, "c=%EE%81%8A", form.Fields{{"c", "☀"}}},
		{"softbank/Shift_JIS from a UTF-8 page", "", threeGC, "c=%F9%8B%93%FA", form.Fields{{"c", "☀日"}}},
		{"softbank/webcode run", "", jphone, "c=%1B%24Gji%0F&d=1", form.Fields{{"c", "☀☁"}, {"d", "1"}}},
		{"softbank/raw webcode with &, =, % and +", "", jphone, "c=\x1b$G&%+\x0f&d=1", form.Fields{{"c", "👕👩📠"}, {"d", "1"}}},
		{"softbank/webcode without end", "", jphone, "c=\x1b$G&d=1", form.Fields{{"c", "$G"}, {"d", "1"}}},
		{"pc/UTF-8", "", computer, "c=%E2%98%80%EF%B8%8F", form.Fields{{"c", "☀\ufe0f"}}},
		{"pc/never Shift_JIS", "", computer, "c=%C0%BC", form.Fields{{"c", "\ufffd\ufffd"}}},
		{"duplicates, empty fields, no value, plus", "", computer, "a=1&a=2&&b=&c&d=x+y%2", form.Fields{{"a", "1"}, {"a", "2"}, {"b", ""}, {"c", ""}, {"d", "x y%2"}}},
		{"bad byte keeps its neighbour", "", foma, "c=%81%22%3E", form.Fields{{"c", "\ufffd\">"}}},
		{"multipart", "multipart/form-data; boundary=B", foma,
			"--B\r\nContent-Disposition: form-data; name=\"\x95\x5C\"\r\n\r\n\x93\xFA\xF8\x9F\r\n--B\r\nContent-Disposition: form-data; name=f; filename=\"C:\\\x95\x5C.jpg\"\r\n\r\n\x00\x93\r\n--B--\r\n",
			form.Fields{{"表", "日☀"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := form.Parse(tt.h, tt.contentType, []byte(tt.body), form.Limits{})
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q, %v\nwant %q", got, err, tt.want)
			}
		})
	}
}

func TestRecodeMultipart(t *testing.T) {
	const file = "\xFF\xD8--B\r\n--BB\r\n\x00\x1b$B"
	body := "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n\x00--musubi\r\n\x93\xFA\r\n--B\r\n" +
		"Content-Disposition: form-data; name=\"photo\"; filename=\"\x95\x5C\\\".jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" + file + "\r\n--B--\r\n"
	out, kind, err := form.Recode(nil, foma, "multipart/form-data; boundary=B", []byte(body), form.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(bytes.NewReader(out), params["boundary"])
	p, err := r.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(p); p.FormName() != "t" || string(b) != "--musubi\n日" {
		t.Errorf("field %q = %q", p.FormName(), b)
	}
	p, err = r.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(p); p.FormName() != "photo" || p.FileName() != "表%22.jpg" || string(b) != file || p.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("file %q %q %q = %q", p.FormName(), p.FileName(), p.Header, b)
	}
	if _, err := r.NextPart(); err != io.EOF {
		t.Errorf("after the last part: %v", err)
	}
}

func TestErrors(t *testing.T) {
	for name, tt := range map[string]struct{ contentType, body, says string }{
		"other type":          {"text/plain", "", "is expected"},
		"no boundary":         {"multipart/form-data", "", "boundary"},
		"unclosed":            {"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "part 1"},
		"too many fields":     {"", strings.Repeat("a&", 1001), "1000 fields"},
		"unreadable type":     {"/", "", "cannot be read"},
		"over the byte limit": {"", strings.Repeat("a", 8<<20+1), "at most"},
	} {
		if _, err := form.Parse(foma, tt.contentType, []byte(tt.body), form.Limits{}); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want a sentence with %q", name, err, tt.says)
		}
	}
}

// TestLongBodies: bodies made to be slow are read in one pass; a second one would not end within the test's time.
func TestLongBodies(t *testing.T) {
	const size = 1 << 20
	for name, body := range map[string]string{
		"boundaries in one line": "--B\r\n\r\nx" + strings.Repeat("--B", size/3),
		"lines like boundaries":  "--B\r\n\r\n" + strings.Repeat("\n--Bx", size/5),
		"one header line":        "--B\r\n" + strings.Repeat("Content-Disposition: ", size/21),
	} {
		if _, err := form.Parse(foma, "multipart/form-data; boundary=B", []byte(body), form.Limits{}); !errors.Is(err, form.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, body := range map[string]string{
		"introducers":   strings.Repeat("\x1b$G", size/3),
		"open webcodes": strings.Repeat("\x1b$G"+strings.Repeat("a", 2500), size/2503),
		"percent signs": strings.Repeat("%", size),
	} {
		if f, err := form.Parse(jphone, "", []byte(body), form.Limits{}); err != nil || len(f) != 1 {
			t.Errorf("%s: %d fields, %v", name, len(f), err)
		}
	}
}
