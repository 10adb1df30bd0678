package page_test

import (
	"testing"

	"musubi/transcode/page/pagetest"
)

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
		if _, wrong := pagetest.Page(&h, src, all); wrong != "" {
			t.Errorf("%s (%s): %s", n.Name, h.Dialect, wrong)
		}
	})
}
