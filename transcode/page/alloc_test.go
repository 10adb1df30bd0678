//go:build !race

package page_test

import (
	"testing"

	"musubi/transcode/page"
)

// TestWarmPathAllocatesTheTitleOnly holds the number we have: one allocation a page, Info.Title.
func TestWarmPathAllocatesTheTitleOnly(t *testing.T) {
	src, o := canonical(t, "diary"), goldenOptions("diary")
	for _, name := range []string{"docomo-SH505i", "docomo-P901i", "au-CA39", "softbank-910T"} {
		h := handset(name)
		var dst []byte
		render := func() { dst, _, _ = page.Render(dst[:0], &h, src, o) }
		render()
		if n := testing.AllocsPerRun(200, render); n > 1 {
			t.Errorf("%s: %v allocations a page, 1 is promised", name, n)
		}
	}
}
