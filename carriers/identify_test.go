package carriers

import (
	"strconv"
	"strings"
	"testing"
)

// fields makes a header section of name, value pairs.
func fields(pairs ...string) HeaderList {
	var l HeaderList
	for i := 0; i+1 < len(pairs); i += 2 {
		l = append(l, HeaderField{pairs[i], pairs[i+1]})
	}
	return l
}

// Header beats table, table beats default, and a header that does not fit is as good as none.
func TestDisplayComesFromTheBestSource(t *testing.T) {
	const sh904 = "Vodafone/1.0/V904SH/SHJ003/SN000000000000000 Browser/VF-NetFront/3.3"
	for _, c := range []struct {
		name, ua string
		headers  HeaderList
		want     Display
		assumed  Fields
	}{
		{"table", sh904, nil, Display{WidthPx: 480, HeightPx: 540, Colors: 262144}, 0},
		{"header", sh904, fields("x-jphone-display", "480*640", "X-JPHONE-COLOR", "C65536"), Display{WidthPx: 480, HeightPx: 640, Colors: 65536}, 0},
		{"area of the moment", sh904, fields("X-JPHONE-DISPLAY", "480*640", "X-S-Display-Info", "480*540/15*20/TB"), Display{WidthPx: 480, HeightPx: 540, Colors: 262144}, 0},
		{"half a size", sh904, fields("X-JPHONE-DISPLAY", "480*spam"), Display{WidthPx: 480, HeightPx: 540, Colors: 262144}, 0},
		{"three numbers", sh904, fields("X-JPHONE-DISPLAY", "480*640*1"), Display{WidthPx: 480, HeightPx: 540, Colors: 262144}, 0},
		{"given twice", sh904, fields("X-JPHONE-DISPLAY", "1*1", "X-JPHONE-DISPLAY", "2*2"), Display{WidthPx: 480, HeightPx: 540, Colors: 262144}, 0},
		{"16 million colours", sh904, fields("X-JPHONE-COLOR", "C16777216"), Display{WidthPx: 480, HeightPx: 540, Colors: 16777216}, 0},
		{"unknown model", "SoftBank/1.0/999ZZ/ZZJ001", nil, Display{WidthPx: 240, HeightPx: 320, Colors: 65536}, FieldSize | FieldColors},
		{"unknown model, header", "SoftBank/1.0/999ZZ/ZZJ001", fields("X-JPHONE-DISPLAY", "240*400"), Display{WidthPx: 240, HeightPx: 400, Colors: 65536}, FieldColors},
		{"au", "KDDI-TS21 UP.Browser/6.0.2.276 (GUI) MMP/1.1",
			fields("x-up-devcap-screenpixels", "90,70", "x-up-devcap-screendepth", "16,RGB565", "x-up-devcap-screenchars", "15,6"), Display{WidthPx: 90, HeightPx: 70, Colors: 65536, Columns: 15, Rows: 6}, 0},
		{"au grey", "KDDI-TS21 UP.Browser/6.0.2.276 (GUI) MMP/1.1", fields("x-up-devcap-screendepth", "1"), Display{WidthPx: 144, HeightPx: 135, Colors: 2}, 0},
		{"docomo columns", "DoCoMo/1.0/SH505i/c20/TB/W24H12", nil, Display{WidthPx: 240, HeightPx: 252, Colors: 262144, Columns: 24, Rows: 12}, 0},
		{"H\" LINK", "PDXGW/1.0 (TX=8;TY=6;GX=96;GY=64;C=C256;G=B2;GI=2)", nil, Display{WidthPx: 96, HeightPx: 64, Colors: 65536, Columns: 8, Rows: 6}, FieldColors},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := Identify(Request{UserAgent: c.ua, Headers: c.headers})
			if h.Display != c.want || h.Assumed != c.assumed {
				t.Errorf("got %+v, assumed %v; want %+v, assumed %v", h.Display, h.Assumed, c.want, c.assumed)
			}
		})
	}
}

// An HDML handset that nobody has a row for, and that says it is black and white, gets what those of its kind read.
func TestBlackAndWhiteHDML(t *testing.T) {
	const unknown = "UP.Browser/3.01-ZZ99 UP.Link/3.2"
	for _, c := range []struct {
		name, ua string
		headers  HeaderList
		formats  ImageFormats
		total    int
	}{
		{"says nothing", unknown, nil, PNG, 7500},
		{"black and white", unknown, fields("x-up-devcap-screendepth", "1"), BMP, 1400},
		{"four greys", unknown, fields("x-up-devcap-screendepth", "2"), BMP, 1400},
		{"and how much it takes", unknown, fields("x-up-devcap-screendepth", "1", "x-up-devcap-max-pdu", "1492"), BMP, 1492},
		{"colours", unknown, fields("x-up-devcap-screendepth", "8"), PNG, 7500},
		{"no depth", unknown, fields("x-up-devcap-screendepth", "0"), PNG, 7500},
		{"a row knows better", "UP.Browser/3.04-KCTA UP.Link/3.4.5.9", fields("x-up-devcap-screendepth", "1"), PNG | JPEG, 7500},
		{"no HDML", "KDDI-ZZ99 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", fields("x-up-devcap-screendepth", "1"), Identify(Request{UserAgent: "KDDI-ZZ99 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"}).Image.Formats,
			Identify(Request{UserAgent: "KDDI-ZZ99 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"}).TotalBudget},
	} {
		h := Identify(Request{UserAgent: c.ua, Headers: c.headers})
		if h.Image.Formats != c.formats || h.TotalBudget != c.total {
			t.Errorf("%s: %v and %d bytes, want %v and %d", c.name, h.Image.Formats.Names(), h.TotalBudget, c.formats.Names(), c.total)
		}
	}
}

// Budgets follow the handset's own limit where it states one [budgets].
func TestBudgets(t *testing.T) {
	for _, c := range []struct {
		name, ua           string
		headers            HeaderList
		page, total, image int
	}{
		{"mova without a cache size", "DoCoMo/1.0/P503i", nil, 3500, 5000, 1500},
		{"mova c08", "DoCoMo/1.0/N502i/c08", nil, 5600, 8000, 2400},
		{"505i", "DoCoMo/1.0/SH505i/c20/TB/W24H12", nil, 14000, 20000, 6000},
		{"first FOMA", "DoCoMo/2.0 N2001(c10)", nil, 10000, 10000, 2000},
		{"FOMA", "DoCoMo/2.0 P903i(c100;TB;W24H12)", nil, 30000, 100000, 20000},
		{"FOMA without brackets", "DoCoMo/2.0 L06A", nil, 30000, 100000, 20000},
		{"browser 2.0", "DoCoMo/2.0 P07A3(c500;TB;W24H15)", nil, 165000, 500000, 100000},
		{"a cache nobody has", "DoCoMo/2.0 P07A3(c999999999;TB)", nil, 346030, 1 << 20, 209715},
		{"HDML grey", "UP.Browser/3.03-KCT3 UP.Link/3.4.4", nil, 1260, 1400, 1260},
		{"HDML states its limit", "UP.Browser/3.03-KCT3 UP.Link/3.4.4", fields("X-UP-DEVCAP-MAX-PDU", "1492"), 1342, 1492, 1342},
		{"HDML colour", "UP.Browser/3.04-KCTA UP.Link/3.4.5.9", nil, 6750, 7500, 6750},
		{"au 1X", "KDDI-CA21 UP.Browser/6.0.7.1 (GUI) MMP/1.1", fields("X-UP-DEVCAP-MAX-PDU", "8220"), 8220, 100000, 8220},
		{"au WIN", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", fields("X-UP-DEVCAP-MAX-PDU", "131072"), 9000, 131000, 30000},
		{"C type", "J-PHONE/3.0/J-SH07", nil, 3900, 6000, 1500},
		{"P4", "J-PHONE/4.0/J-SH51 SH/0001aa Profile/MIDP-1.0 Ext-Profile/JSCL-1.1.0", nil, 8400, 12000, 3600},
		{"P7", "J-PHONE/4.3/V602SH SH/0006aa Profile/MIDP-1.0 Ext-Profile/JSCL-1.3.2", nil, 21000, 30000, 9000},
		{"W", "J-PHONE/5.0/V801SA", nil, 66000, 200000, 40000},
		{"3GC", "SoftBank/1.0/910T/TJ001", nil, 99000, 300000, 60000},
		{"Willcom", "Mozilla/3.0(WILLCOM;KYOCERA/WX310K/2;1.2.3.16.000000/0.1/C100) Opera 7.0", nil, 33000, 100000, 20000},
		{"PC", "Mozilla/5.0 (Windows NT 10.0)", nil, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := Identify(Request{UserAgent: c.ua, Headers: c.headers})
			if h.PageBudget != c.page || h.TotalBudget != c.total || h.Image.MaxBytes != c.image {
				t.Errorf("page %d, total %d, image %d; want %d, %d, %d", h.PageBudget, h.TotalBudget, h.Image.MaxBytes, c.page, c.total, c.image)
			}
		})
	}
}

// HDML handsets keep their cookies in the EZ server, which sees nothing inside TLS [au §4].
func TestHDMLHasNoCookiesInsideTLS(t *testing.T) {
	for _, c := range []struct {
		ua  string
		tls bool
		was bool
	}{
		{"UP.Browser/3.04-KCTA UP.Link/3.4.5.9", false, true},
		{"UP.Browser/3.04-KCTA UP.Link/3.4.5.9", true, false},
		{"KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", true, true},
	} {
		if h := Identify(Request{UserAgent: c.ua, TLS: c.tls}); h.Cookies != c.was {
			t.Errorf("%q, TLS %v: cookies %v", c.ua, c.tls, h.Cookies)
		}
	}
}

// The Handset says how far Identify had to fall back.
func TestStep(t *testing.T) {
	for ua, want := range map[string]Step{
		"DoCoMo/2.0 P903i(c100;TB;W24H12)":  StepRow,
		"DoCoMo/1.0/TF502i":                 StepGeneration, // by its series
		"KDDI-XX01 UP.Browser/6.2.0.8":      StepGeneration,
		"DoCoMo/2.0":                        StepCarrier,
		"Mozilla/3.0(WILLCOM;A/B/1;1/1/C1)": StepCarrier,
		"Mozilla/5.0 (X11; Linux x86_64)":   StepPlain,
	} {
		if h := Identify(Request{UserAgent: ua}); h.Step != want {
			t.Errorf("%q: step %v, want %v", ua, h.Step, want)
		}
	}
}

// A clone shares nothing with the request's buffer.
func TestCloneSharesNothing(t *testing.T) {
	buffer := []byte("DoCoMo/2.0 ZZ903i(c100;TB;W24H12;ser356623000314657)")
	ua := unsafeString(buffer)
	h := Identify(Request{UserAgent: ua})
	c := h.Clone()
	for i := range buffer {
		buffer[i] = 'x'
	}
	if c.Model != "ZZ903i" || c.TerminalID != "356623000314657" || c.Status != "TB" {
		t.Errorf("the clone changed with the buffer: %+v", c)
	}
	if !strings.HasPrefix(h.Model, "x") {
		t.Error("this test proves nothing: the Handset did not share the buffer")
	}
}

func TestByMailDomain(t *testing.T) {
	for domain, want := range map[string]Carrier{
		"docomo.ne.jp": DoCoMo, "DOCOMO.NE.JP.": DoCoMo, "ezweb.ne.jp": Au, "a2.ezweb.ne.jp": Au, "notezweb.ne.jp": PC,
		"t.vodafone.ne.jp": SoftBank, "x.vodafone.ne.jp": PC, "jp-k.ne.jp": SoftBank, "i.softbank.jp": Smartphone,
		"di.pdx.ne.jp": Willcom, "emnet.ne.jp": Emobile, "example.com": PC, "": PC,
	} {
		if got := ByMailDomain(domain); got != want {
			t.Errorf("%q: %s, want %s", domain, got, want)
		}
	}
}

// The browser 2.0 is told by a cache of 500 KB and up: a large cache below is an ordinary FOMA of a model nobody has listed.
func TestBrowser2IsToldByItsCache(t *testing.T) {
	g := believing(t)
	for kb, want := range map[int]Generation{100: FOMA, 300: FOMA, 499: FOMA, 500: IMode2, 501: IMode2} {
		ua := "DoCoMo/2.0 XX99Z(c" + strconv.Itoa(kb) + ";TB;W24H15)"
		if got := g.Identify(Request{UserAgent: ua}).Generation; got != want {
			t.Errorf("%s: %v, want %v", ua, got, want)
		}
	}
}
