package carriers

import (
	"net/netip"
	"strings"
	"testing"
	"unsafe"
)

// unsafeString sees a buffer as a string, as fasthttp's callers do.
func unsafeString(b []byte) string { return unsafe.String(&b[0], len(b)) }

var benchRequests = []struct {
	name string
	r    Request
}{
	{"known/docomo", Request{UserAgent: "DoCoMo/2.0 P903i(c100;TB;W24H12)", Headers: fields("Host", "example.jp", "X-DCMGUID", "AbCdEfG")}},
	{"known/au", Request{UserAgent: "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", Headers: fields("X-UP-SUBNO", "05000012345678_mj.ezweb.ne.jp",
		"X-UP-DEVCAP-SCREENPIXELS", "232,323", "X-UP-DEVCAP-SCREENDEPTH", "16,RGB565", "X-UP-DEVCAP-MAX-PDU", "131072")}},
	{"known/softbank", Request{UserAgent: "SoftBank/1.0/910T/TJ001/SN123456789012345 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1",
		Headers: fields("X-JPHONE-MSNAME", "910T", "X-JPHONE-DISPLAY", "240*320", "X-JPHONE-COLOR", "C262144", "X-JPHONE-UID", "abcdefghijklmnop")}},
	{"pc", Request{UserAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"}},
	{"any/400 bytes", Request{UserAgent: "Mozilla/5.0 (" + strings.Repeat("compatible; Crab ", 23) + ")"}},
	{"hostile/64 KB of b", Request{UserAgent: strings.Repeat("b", 64<<10)}},
	{"hostile/64 KB of options", Request{UserAgent: "DoCoMo/2.0 P903i(" + strings.Repeat("ser1;", 13<<10)}},
}

func BenchmarkIdentify(b *testing.B) {
	g, err := New(Config{ShippedRanges: true})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range benchRequests {
		b.Run(c.name, func(b *testing.B) {
			c.r.IP = netip.MustParseAddr("210.153.84.7")
			b.ReportAllocs()
			b.SetBytes(int64(len(c.r.UserAgent)))
			for b.Loop() {
				h := g.Identify(c.r)
				if h.Carrier == "" {
					b.Fatal("no carrier")
				}
			}
		})
	}
}

// The request path allocates nothing, whatever the request.
func TestIdentifyAllocatesNothing(t *testing.T) {
	g, err := New(Config{ShippedRanges: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range benchRequests {
		c.r.IP = netip.MustParseAddr("::ffff:210.153.84.7")
		if n := testing.AllocsPerRun(100, func() { g.Identify(c.r) }); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}
