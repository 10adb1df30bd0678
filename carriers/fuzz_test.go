package carriers

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

// FuzzIdentify: whatever a request says, Identify returns a Handset that the later stages can work with. The seeds are the
// conformance suite.
func FuzzIdentify(f *testing.F) {
	files, _ := filepath.Glob("../testdata/handsets/*.jsonl")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			var c struct {
				In struct {
					UA      string
					Headers map[string]any
				}
			}
			if err := json.Unmarshal(line, &c); err != nil {
				f.Fatal(err)
			}
			field, value := "", ""
			for field = range c.In.Headers {
				value, _ = c.In.Headers[field].(string)
			}
			f.Add(c.In.UA, field, value, uint32(0xd2995407))
		}
	}
	g, err := New(Config{ShippedRanges: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, ua, field, value string, ip uint32) {
		r := Request{UserAgent: ua, Headers: fields(field, value), IP: netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)})}
		h := g.Identify(r)
		if h.Carrier == "" || h.PageBudget < 0 || h.PageBudget > maxTransfer || h.TotalBudget > maxTransfer || h.PageBudget > h.TotalBudget && h.TotalBudget > 0 ||
			h.Display.WidthPx < 0 || h.Display.WidthPx > 9999 || h.Display.HeightPx > 9999 || len(h.Model) > 40 {
			t.Fatalf("%q: %+v", ua, h)
		}
		if family := h.Dialect.Family; family != HTML5 && (h.PageBudget == 0) != (h.Carrier == PC) && h.Image.Formats == 0 {
			t.Fatalf("%q: a handset without limits: %+v", ua, h)
		}
		if id, _, ok := h.UsableID(); ok && (!h.Trusted || masked(id) || h.Robot || h.FullBrowser || g.ranges.find(r.IP) == nil) {
			t.Fatalf("%q: usable ID %q of %+v", ua, id, h)
		}
		if again, reasons := g.Explain(r); again != h || len(reasons) == 0 {
			t.Fatalf("%q: explained as another handset: %+v", ua, again)
		}
	})
}
