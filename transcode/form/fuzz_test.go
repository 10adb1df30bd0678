package form_test

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"musubi/carriers"
	"musubi/transcode/form"
)

var fuzzHandsets = []*carriers.Handset{foma, ezweb, threeGC, jphone, computer}

// FuzzForm parses any body from any handset: it never panics, what comes out is UTF-8, and the recoded form has the same
// fields.
func FuzzForm(f *testing.F) {
	for i, body := range []string{
		"a=%93%FA&b", "a=\x1b$G&\x0f&b=%1B%24Gj%0F", "%%%=+&&=",
		"--B\r\nContent-Disposition: form-data; name=\"\x95\x5c\"\r\n\r\n\x93\xfa\r\n--B\r\nContent-Disposition: form-data; name=f; filename=\"\\\"\"\r\n\r\nx\r\n--B--",
	} {
		f.Add(byte(i), i == 3, []byte(body))
	}
	f.Fuzz(func(t *testing.T, which byte, multipart bool, body []byte) {
		h := fuzzHandsets[int(which)%len(fuzzHandsets)]
		contentType := ""
		if multipart {
			contentType = "multipart/form-data; boundary=B"
		}
		fields, err := form.Parse(h, contentType, body, form.Limits{})
		for _, field := range fields {
			if !utf8.ValidString(field.Name) || !utf8.ValidString(field.Value) {
				t.Fatalf("%q has the field %q", body, field)
			}
		}
		out, kind, err2 := form.Recode(nil, h, contentType, body, form.Limits{})
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%q: Parse says %v, Recode %v", body, err, err2)
		}
		if err != nil || multipart {
			return // names of multipart fields are quoted on the way
		}
		again, err := form.Parse(computer, kind, out, form.Limits{})
		if err != nil || fmt.Sprintf("%q", again) != fmt.Sprintf("%q", fields) {
			t.Fatalf("%q is %q, recoded %q, %v", body, fields, again, err)
		}
	})
}
