package form_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/charset"
	"musubi/transcode/form"
)

// TestSEC40_BadBytesKeepTheForm: no lead byte at the end of a value takes the separator or the next field with it,
// however the value is written.
func TestSEC40_BadBytesKeepTheForm(t *testing.T) {
	for _, h := range []*carriers.Handset{foma, ezweb, jphone, threeGC} {
		for lead := 0x80; lead <= 0xFF; lead++ {
			for _, value := range []string{string([]byte{byte(lead)}), url.QueryEscape(string([]byte{byte(lead)}))} {
				body := "a=" + value + "&b=%22%3E&c" + value + "=1"
				f, err := form.Parse(h, "", []byte(body), form.Limits{})
				if err != nil || len(f) != 3 || f[1] != (form.Field{Name: "b", Value: "\">"}) || f[2].Value != "1" {
					t.Errorf("%s: %q became %q, %v", h.Carrier, body, f, err)
				}
			}
		}
	}
}

// TestSEC41_TrailBytes: characters whose second byte is \ | [ ] @ ` { } pass through every kind of field: raw and escaped
// bodies, queries, names, multipart contents, names and file names.
func TestSEC41_TrailBytes(t *testing.T) {
	n := 0
	for lead := 0x81; lead <= 0xFC; lead++ {
		for _, trail := range []byte("\\|[]@`{}") {
			r := charset.Decode(uint16(lead)<<8 | uint16(trail))
			if r == 0 {
				continue
			}
			n++
			raw, want := string([]byte{byte(lead), trail}), string(r)
			// The hiragana keeps the form Shift_JIS, as any real form has some.
			posted, read := "\x82\xA0"+raw+"x"+raw, "あ"+want+"x"+want
			for name, body := range map[string]string{
				"raw":     fmt.Sprintf("%s=%s&b=1", posted, posted),
				"escaped": fmt.Sprintf("%s=%s&b=1", url.QueryEscape(posted), url.QueryEscape(posted)),
			} {
				if f, err := form.ParseQuery(foma, []byte(body), form.Limits{}); err != nil || len(f) != 2 || f[0] != (form.Field{Name: read, Value: read}) {
					t.Errorf("%s %X: %q, %v", name, raw, f, err)
				}
			}
			body := "--B\r\nContent-Disposition: form-data; name=\"" + posted + "\"\r\n\r\n" + posted + "\r\n--B\r\n" +
				"Content-Disposition: form-data; name=\"f\"; filename=\"" + posted + "\"\r\n\r\n\r\n--B--\r\n"
			if f, err := form.Parse(foma, "multipart/form-data; boundary=B", []byte(body), form.Limits{}); err != nil || len(f) != 1 || f[0] != (form.Field{Name: read, Value: read}) {
				t.Errorf("multipart %X: %q, %v", raw, f, err)
			}
			out, _, err := form.Recode(nil, foma, "multipart/form-data; boundary=B", []byte(body), form.Limits{})
			if err != nil || !strings.Contains(string(out), "filename=\""+read+"\"\r\n") {
				t.Errorf("file name %X: %q, %v", raw, out, err)
			}
		}
	}
	if n != 332 {
		t.Errorf("%d characters, want 332", n)
	}
}

// TestSEC42_Hygiene: what a browser posts badly becomes U+FFFD or goes, in names as in values.
func TestSEC42_Hygiene(t *testing.T) {
	for _, tt := range []struct{ posted, want string }{
		{"%C0%BC", "\ufffd\ufffd"}, {"%F8%88%80%80%80", strings.Repeat("\ufffd", 5)}, {"%ED%A0%80", "\ufffd\ufffd\ufffd"},
		{"a%00b", "ab"}, {"%0D%0Aa", "\na"}, {"%1B%24Gj%0F", "$Gj"}, {"%EF%BF%BE", "\ufffd"}, {"%C2%85", ""},
	} {
		f, err := form.Parse(computer, "", []byte(tt.posted+"="+tt.posted), form.Limits{})
		if err != nil || len(f) != 1 || f[0] != (form.Field{Name: tt.want, Value: tt.want}) {
			t.Errorf("%s became %q, %v, want %q", tt.posted, f, err, tt.want)
		}
	}
}

// TestSEC44_WebcodesAreCutFirst: a webcode with separators in it is one emoji, and an ESC without a webcode hides no
// separator.
func TestSEC44_WebcodesAreCutFirst(t *testing.T) {
	for _, tt := range []struct {
		body string
		want form.Fields
	}{
		{"a=\x1b$G&\x0f&b=2", form.Fields{{Name: "a", Value: "👕"}, {Name: "b", Value: "2"}}},
		{"a=\x1b$G=\x0f\x1b$G<\x0f", form.Fields{{Name: "a", Value: "✈⛵"}}},
		{"\x1b$G=\x0f=1", form.Fields{{Name: "✈", Value: "1"}}},
		{"a=\x1b$G&b=2", form.Fields{{Name: "a", Value: "$G"}, {Name: "b", Value: "2"}}},
		{"a=\x1b&b=\x0f", form.Fields{{Name: "a", Value: ""}, {Name: "b", Value: ""}}},
		{"a=\x1b$B&\x0f", form.Fields{{Name: "a", Value: "$B"}, {Name: "", Value: ""}}},
		{"a=\x1b$G%41\x0f", form.Fields{{Name: "a", Value: "👩⛳✌"}}},
	} {
		got, err := form.Parse(jphone, "", []byte(tt.body), form.Limits{})
		if err != nil || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", tt.want) {
			t.Errorf("%q became %q, %v, want %q", tt.body, got, err, tt.want)
		}
	}
}

// TestSEC44_ForgedBoundary: control characters that reading removes cannot make a boundary for upstream.
func TestSEC44_ForgedBoundary(t *testing.T) {
	body := "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\x00--B\r\n-\x00-B\r\nContent-Disposition: form-data; name=admin\r\n\r\n1\r\n--B--\r\n"
	out, kind, err := form.Recode(nil, foma, "multipart/form-data; boundary=B", []byte(body), form.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(computer, kind, out, form.Limits{})
	if err != nil || len(f) != 1 || f[0].Name != "a" {
		t.Errorf("%q became %q, %v", body, f, err)
	}
}
