package page_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"musubi/transcode/page/pagetest"
)

// apart is what our parser reads in another way than x/net/html on purpose: drawings without their integration points,
// text in odd places of tables and selects, raw text that never ends. There the oracle's text is no measure.
var apart = regexp.MustCompile(`(?i)<(svg|math|plaintext|xmp|template|frameset|select|table|iframe|noembed|noframes|title)`)

// FuzzRender holds the contract of the page stage against any bytes, on any of the handsets.
func FuzzRender(f *testing.F) {
	for _, src := range hostile {
		if len(src) < 4000 {
			for i := range pagetest.Handsets {
				f.Add(uint8(i), []byte(src))
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, src []byte) {
		n := pagetest.Handsets[int(which)%len(pagetest.Handsets)]
		h := n.Handset()
		_, wrong := pagetest.Page(&h, src, all)
		if strings.HasPrefix(wrong, "text lost") && (!utf8.Valid(src) || apart.Match(src)) {
			return
		}
		if wrong != "" {
			t.Errorf("%s (%s): %s", n.Name, h.Dialect, wrong)
		}
	})
}
