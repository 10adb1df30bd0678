package page_test

import (
	"testing"

	"musubi/carriers"
	"musubi/transcode/page"
)

// TestBrowser: the session goes where it belongs, and no other byte of a page changes.
func TestBrowser(t *testing.T) {
	h := carriers.Identify(carriers.Request{UserAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"})
	for _, c := range []struct{ name, src, want string }{
		{"a form without attributes", `<p>文</p><form><input name=q></form>`,
			`<p>文</p><form><input type="hidden" name="_s" value="S"><input name=q></form>`},
		{"a form whose attribute nobody knows", `<b>太</b><form x-y="a>b">`, `<b>太</b><form x-y="a>b"><input type="hidden" name="_s" value="S">`},
		{"an area to another host", `<map><area href="http://evil.example/"></map>`, `<map><area href="/_/go?u=http%3A%2F%2Fevil.example%2F"></map>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, _, err := page.Render(nil, &h, []byte(c.src), page.Options{URL: "http://sns.example/", Session: "S"})
			if err != nil || string(out) != c.want {
				t.Errorf("%s, want %s, %v", out, c.want, err)
			}
		})
	}
}
