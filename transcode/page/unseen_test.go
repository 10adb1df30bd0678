package page_test

import (
	"bytes"
	"strings"
	"testing"

	"musubi/transcode/page"
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
