package page_test

import (
	"bytes"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// What only a PC shows of a form does not make it too large for a handset, nor one button of two.
func TestUnseenFieldsDoNotCount(t *testing.T) {
	h := handset("docomo-D501i")
	form := func(pc string) []byte {
		out, _, err := page.Render(nil, &h, []byte(`<p>文</p><form method=post action="/a"><input name=t>`+pc+`<button name=b value=1>送る</button></form>`+strings.Repeat("<p>ながい文。</p>", 400)), goldenOptions("x"))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := form("")
	if !bytes.Contains(want, []byte("<form")) {
		t.Fatalf("no form: %s", want)
	}
	for _, pc := range []string{
		`<fieldset data-pc><select name=v>` + strings.Repeat("<option>"+strings.Repeat("x", 400), 20) + `</select></fieldset>`,
		`<fieldset data-pc>` + strings.Repeat(`<input type=hidden name=h value="`+strings.Repeat("x", 400)+`">`, 20) + `</fieldset>`,
		`<p style="display:none"><button name=c value=2>消す</button></p>`,
	} {
		if got := form(pc); !bytes.Equal(got, want) {
			t.Errorf("with %.60s…\n%s\nwant\n%s", pc, got, want)
		}
	}
}

// A page that is sent as XML may close any element in itself; one that is sent as HTML may not.
func TestXHTMLClosesItself(t *testing.T) {
	src := `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="/a.js"/></head><body><p>前の文<br/><a href="/a" title="x/y"/>次<textarea name="t"/></p><div/><p>後の文</p></body></html>`
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		out, _, err := page.Render(nil, &h, []byte(src), page.Options{URL: "http://www.example/", ContentType: "application/xhtml+xml; charset=utf-8", Foreign: true})
		if err != nil {
			t.Fatal(err)
		}
		if wrong := shows(string(text.ForHandset(&h).AppendDecode(nil, out)), []string{"前の文", "次", "後の文"}, nil); wrong != "" && h.Dialect.Family != carriers.HTML5 {
			t.Errorf("%s: %s", n.Name, wrong)
		}
	}
}
