package markup_test

import (
	"testing"

	"golang.org/x/text/encoding/japanese"

	"musubi/transcode/markup"
)

// TestShortHalfKanaIsNoUTF8: a short page of half-width kana that declares nothing is Shift_JIS although most of its bytes
// could be UTF-8; a slip in a page of UTF-8 does not make it one.
func TestShortHalfKanaIsNoUTF8(t *testing.T) {
	for _, want := range []string{"<p>ﾆｯｷ ﾃﾞｽ</p>", "<p>ﾃｯﾃﾞﾓ</p>", "<p>ﾌｧﾐｺﾝ ﾄﾞｯﾄ</p>"} {
		src, err := japanese.ShiftJIS.NewEncoder().String(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, name := markup.CanonicalOf([]byte(src), "text/html"); string(got) != want || name != "shift_jis" {
			t.Errorf("%s is read as %s: %s", want, name, got)
		}
	}
	for _, want := range []string{"<p>Grüße, Straße \xC3 für Zürich</p>", "<p>Привет, мир \xD0</p>", "<p>日記を書く\xE3</p>"} {
		if got, name := markup.CanonicalOf([]byte(want), "text/html"); string(got) != want || name != "utf-8" {
			t.Errorf("%q is read as %s: %q", want, name, got)
		}
	}
}
