package carriers

import (
	"net/netip"
	"strings"
	"testing"
)

// The numbers are those of docs/security.md; items that are not here concern the gateway.

// believing knows the shipped edition of the ranges, as a deployment knows its own confirmed list.
func believing(t *testing.T) *Registry {
	t.Helper()
	g, err := New(Config{ShippedRanges: true})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Four carriers with an ID field: a User-Agent, an address of the handset gateway, the field and an ID that fits.
var idCarriers = []struct {
	carrier       Carrier
	ua, ip        string
	header, value string
}{
	{DoCoMo, "DoCoMo/2.0 P903i(c100;TB;W24H12)", "210.153.84.7", "X-DCMGUID", "AbCdEf1"},
	{Au, "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "27.90.206.7", "X-UP-SUBNO", "05000012345678_mj.ezweb.ne.jp"},
	{SoftBank, "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3", "123.108.237.115", "X-JPHONE-UID", "abcdefghijkl1234"},
	{Emobile, "emobile/1.0.0 (H11T; like Gecko; Wireless) NetFront/3.4", "117.55.1.225", "X-EM-UID", "u12345678901234567"},
}

// login says whether easy login would be possible, and for whom.
func login(g *Registry, r Request) (id string, ok bool) {
	h := g.Identify(r)
	id, _, ok = h.UsableID()
	return id, ok
}

func TestSEC01_ForwardingFieldsNameNobody(t *testing.T) {
	g := believing(t)
	for _, c := range idCarriers {
		for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "Via"} {
			for _, peer := range []string{"198.51.100.9", "2001:db8::9", "127.0.0.1"} {
				r := Request{UserAgent: c.ua, IP: netip.MustParseAddr(peer), Headers: fields(name, c.ip, c.header, c.value)}
				if h := g.Identify(r); h.Trusted || h.Class != ClassNone {
					t.Errorf("%s from %s with %s: %s is trusted", c.carrier, peer, name, c.ip)
				}
			}
		}
	}
}

func TestSEC02_OneCarrierOneField(t *testing.T) {
	g := believing(t)
	for _, source := range idCarriers {
		for _, field := range idCarriers {
			r := Request{UserAgent: source.ua, IP: netip.MustParseAddr(source.ip), Headers: fields(field.header, field.value)}
			id, ok := login(g, r)
			if want := source.carrier == field.carrier; ok != want || want && id != field.value {
				t.Errorf("from %s with %s: login %v as %q", source.carrier, field.header, ok, id)
			}
		}
	}
}

func TestSEC03_UserAgentAndAddressAgree(t *testing.T) {
	g := believing(t)
	for _, source := range idCarriers {
		for _, named := range idCarriers {
			for _, field := range idCarriers {
				r := Request{UserAgent: named.ua, IP: netip.MustParseAddr(source.ip), Headers: fields(field.header, field.value)}
				h := g.Identify(r)
				_, _, ok := h.UsableID()
				if same := source.carrier == named.carrier; h.Trusted != same || ok != (same && named.carrier == field.carrier) {
					t.Errorf("%s named from %s with %s: trusted %v, login %v", named.carrier, source.carrier, field.header, h.Trusted, ok)
				}
				if h.Carrier != named.carrier {
					t.Errorf("%s named from %s is served as %s", named.carrier, source.carrier, h.Carrier)
				}
				if source.carrier != named.carrier && h.SubscriberID != "" {
					t.Errorf("%s named from %s: the ID was read", named.carrier, source.carrier)
				}
			}
		}
	}
}

func TestSEC04_OnlyHandsetRangesAreEligible(t *testing.T) {
	g := believing(t)
	for _, c := range []struct {
		name, ip string
		ua       int // of idCarriers
		class    Class
	}{
		{"docomo full browser", "210.153.87.9", 0, ClassFullBrowser},
		{"docomo range that full browsers share", "203.138.204.170", 0, ClassFullBrowser},
		{"docomo mail", "203.138.180.9", 0, ClassNone},
		{"docomo range of 2007, withdrawn", "210.136.161.9", 0, ClassHandset}, // still in the last edition
		{"au models of autumn 2011", "27.90.207.230", 1, ClassFullBrowser},
		{"au range of 2007, withdrawn", "210.169.40.9", 1, ClassNone},
		{"softbank mail", "117.46.5.9", 2, ClassNone},
	} {
		r := Request{UserAgent: idCarriers[c.ua].ua, IP: netip.MustParseAddr(c.ip), Headers: fields(idCarriers[c.ua].header, idCarriers[c.ua].value)}
		h := g.Identify(r)
		if _, _, ok := h.UsableID(); h.Class != c.class || ok != (c.class == ClassHandset) {
			t.Errorf("%s: class %q, login %v", c.name, h.Class, ok)
		}
	}
	willcom := Request{UserAgent: "Mozilla/3.0(WILLCOM;KYOCERA/WX310K/2;1/1/C100) Opera 7.0", IP: netip.MustParseAddr("61.198.129.9")}
	if h := g.Identify(willcom); h.Trusted || h.Class != ClassDialUp {
		t.Errorf("Willcom, shared with data cards: class %q, trusted %v", h.Class, h.Trusted)
	}
}

// No row of an older edition and no row of another class is ever believed, address by address.
func TestSEC04_EveryShippedRange(t *testing.T) {
	g := believing(t)
	for i := range rangeRows {
		row := &rangeRows[i]
		for _, ip := range []netip.Addr{row.CIDR.Addr(), lastOf(row.CIDR)} {
			believed := false // as another current handset row of the same carrier may say
			for j := range rangeRows {
				o := &rangeRows[j]
				if o.Current() && o.CIDR.Contains(ip) && Class(o.Class) != ClassMail {
					believed = Class(o.Class) == ClassHandset && o.Carrier == row.Carrier
					if !believed {
						break
					}
				}
			}
			_, class, r := g.classify(ip, Carrier(row.Carrier))
			if got := class == ClassHandset && r.Carrier == row.Carrier; got != believed {
				t.Errorf("%v (%s %s): %v believed %v, want %v", row.Place, row.Carrier, row.Edition, ip, got, believed)
			}
		}
	}
}

func TestSEC06_MappedAddressesAndZones(t *testing.T) {
	g := believing(t)
	docomo := idCarriers[0]
	for ip, want := range map[string]bool{
		"210.153.84.1": true, "::ffff:210.153.84.1": true, "::ffff:d299:5401": true,
		"::210.153.84.1": false, "64:ff9b::210.153.84.1": false, "2002:d299:5401::": false,
		"fe80::1%eth0": false, "::ffff:210.153.84.1%eth0": false, "::1": false, "127.0.0.1": false,
	} {
		h := g.Identify(Request{UserAgent: docomo.ua, IP: netip.MustParseAddr(ip)})
		if h.Trusted != want {
			t.Errorf("%s: trusted %v, want %v", ip, h.Trusted, want)
		}
	}
	if h := g.Identify(Request{UserAgent: docomo.ua}); h.Trusted {
		t.Error("an unknown address is trusted")
	}
}

func TestSEC07_TrustedFrontProxies(t *testing.T) {
	p, err := ParseProxies([]string{"10.0.0.0/8", "2001:db8:1::/48"})
	if err != nil {
		t.Fatal(err)
	}
	many := strings.Repeat("10.1.1.1,", 300) + "10.1.1.1"
	for _, c := range []struct {
		name, peer string
		fields     []string
		want       string // "" = unknown
	}{
		{"no proxy, no field", "210.153.84.1", nil, "210.153.84.1"},
		{"no proxy, forged field", "198.51.100.9", []string{"210.153.84.1"}, "198.51.100.9"},
		{"one proxy", "10.0.0.1", []string{"210.153.84.1"}, "210.153.84.1"},
		{"one proxy, mapped", "::ffff:10.0.0.1", []string{"210.153.84.1"}, "210.153.84.1"},
		{"spoofed on the left", "10.0.0.1", []string{"210.153.84.1, 198.51.100.9"}, "198.51.100.9"},
		{"two proxies", "10.0.0.1", []string{"210.153.84.1, 10.0.0.2"}, "210.153.84.1"},
		{"two fields are one list", "10.0.0.1", []string{"210.153.84.1", "198.51.100.9"}, "198.51.100.9"},
		{"two fields, the last a proxy's", "10.0.0.1", []string{"198.51.100.9", "10.0.0.2"}, "198.51.100.9"},
		{"proxy without a field", "10.0.0.1", nil, "10.0.0.1"},
		{"unknown", "10.0.0.1", []string{"210.153.84.1, unknown"}, ""},
		{"RFC 7239 text", "10.0.0.1", []string{`for="[::1]:80"`}, ""},
		{"empty hop", "10.0.0.1", []string{"210.153.84.1,"}, ""},
		{"empty field", "10.0.0.1", []string{""}, ""},
		{"with a port", "10.0.0.1", []string{"210.153.84.1:4711"}, "210.153.84.1"},
		{"IPv6 with a port", "10.0.0.1", []string{"[2001:db8:9::1]:80"}, "2001:db8:9::1"},
		{"zone", "10.0.0.1", []string{"fe80::1%eth0"}, ""},
		{"folded line", "10.0.0.1", []string{"210.153.84.1\r\n 10.0.0.2"}, ""},
		{"300 trusted hops", "10.0.0.1", []string{many}, ""},
		{"300 hops behind an untrusted one", "10.0.0.1", []string{many + ",198.51.100.9"}, "198.51.100.9"},
		{"zero octets", "10.0.0.1", []string{"210.153.084.001"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want netip.Addr
			if c.want != "" {
				want = netip.MustParseAddr(c.want)
			}
			if got := p.ClientIP(netip.MustParseAddr(c.peer), c.fields...); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
	for _, bad := range []string{"0.0.0.0/0", "::/0", "10.0.0.1", "proxy.example"} {
		if _, err := ParseProxies([]string{bad}); err == nil {
			t.Errorf("%s was taken as a trusted proxy", bad)
		}
	}
	var none Proxies
	if got := none.ClientIP(netip.MustParseAddr("10.0.0.1"), "210.153.84.1"); got != netip.MustParseAddr("10.0.0.1") {
		t.Errorf("by default %v is believed", got)
	}
}

func TestSEC08_DuplicateFields(t *testing.T) {
	g := believing(t)
	for _, c := range idCarriers {
		for name, l := range map[string]HeaderList{
			"good then evil":      fields(c.header, c.value, c.header, "x"),
			"evil then good":      fields(c.header, "x", c.header, c.value),
			"identical pair":      fields(c.header, c.value, c.header, c.value),
			"other letter case":   fields(c.header, c.value, strings.ToLower(c.header), c.value),
			"empty then good":     fields(c.header, "", c.header, c.value),
			"joined by a comma":   fields(c.header, c.value+", "+c.value),
			"two User-Agents":     fields("User-Agent", c.ua, "user-agent", c.ua, c.header, c.value),
			"a line of its own":   fields(c.header, c.value+"\r\n"+c.header+": x"),
			"a byte too many":     fields(c.header, c.value+"0"),
			"a byte that is zero": fields(c.header, c.value[:len(c.value)-1]+"\x00"),
		} {
			if id, ok := login(g, Request{UserAgent: c.ua, IP: netip.MustParseAddr(c.ip), Headers: l}); ok {
				t.Errorf("%s, %s: login as %q", c.carrier, name, id)
			}
		}
	}
	twice := "DoCoMo/2.0 P903i(c100;TB;W24H12;ser356623000314657;ser356623000314658;icc8981100000327921096F;icc8981100000327921096F)"
	if h := g.Identify(Request{UserAgent: twice}); h.TerminalID != "" || h.CardID != "" {
		t.Errorf("two serials: %q, two cards: %q", h.TerminalID, h.CardID)
	}
}

// lookalikes are names that are not the ID field but may become it in a CGI-style upstream.
var lookalikes = []string{
	"X_DCMGUID", "X_Up_Subno", "X-Dcmguid-", "X-Dcmguid_", "X--Dcmguid", "-X-Dcmguid", "_X_DCMGUID", "x_dcmguid",
	"X-DCMGUID ", " X-DCMGUID", "X__DCMGUID", "X-_DCMGUID", "X_-DCMGUID", "X-Up_Subno", "X_Up-Subno", "X-UP-SUBNO-",
	"X-UP-SUBNO_", "X--UP--SUBNO", "x-up_subno", "X_JPHONE_UID", "X-JPHONE_UID", "X_JPHONE-UID", "X-JPHONE-UID-",
	"X-JPHONE-UID__", "X--JPHONE-UID", "X_EM_UID", "X-EM_UID", "X_EM-UID", "X-EM-UID_", "X-EM--UID", "__X__EM__UID__",
	"X.DCMGUID", "X!DCMGUID", "X.JPhone+UID", "X'EM*UID", "~X-Up-Subno", "X-Up|Subno^",
}

func TestSEC09_LookalikeNames(t *testing.T) {
	g := believing(t)
	for _, name := range lookalikes {
		for _, c := range idCarriers {
			if id, ok := login(g, Request{UserAgent: c.ua, IP: netip.MustParseAddr(c.ip), Headers: fields(name, c.value)}); ok {
				t.Errorf("%q counts as %s's field: login as %q", name, c.carrier, id)
			}
		}
		if !g.ReservesField(name) {
			t.Errorf("%q may reach an upstream that folds names", name)
		}
	}
	for _, name := range []string{"X-DCMGUID", "x-up-subno", "X-JPhone-UID", "X-EM-UID"} {
		if !g.ReservesField(name) {
			t.Errorf("%q is not reserved", name)
		}
	}
	for _, name := range []string{"", "X", "Host", "X-DCMGUIDE", "X-UP-SUBNO-2", "X-DCMGUI", "XDCMGUID", "X-JPHONE-MSNAME", "Ⅹ-DCMGUID", "X-\u212a"} {
		if g.ReservesField(name) {
			t.Errorf("%q is reserved", name)
		}
	}
	kelvin := HeaderList{{"X-EM-UID", "u12345678901234567"}}
	if _, n := kelvin.Header("X-EM-U\u0131D"); n != 0 {
		t.Error("letters outside ASCII fold into a field's name")
	}
}

func TestSEC12_ExactGrammar(t *testing.T) {
	g := believing(t)
	for _, c := range []struct {
		carrier int
		value   string
		read    string // what is reported
		usable  bool
	}{
		{0, "AbCdEfG", "AbCdEfG", true},
		{0, "abcdefg", "abcdefg", true}, // another person
		{0, " AbCdEfG", "AbCdEfG", true},
		{0, "0000000", "0000000", false},
		{0, "XXXXXXX", "XXXXXXX", false},
		{0, "NULLGWDOCOMO", "", false},
		{0, "NULLGWD", "", false},
		{0, "AbCdEf", "", false},
		{0, "AbCdEfGh", "", false},
		{0, "AbC-EfG", "", false},
		{0, "AbCdEfＧ", "", false},
		{1, "05000012345678_mj.ezweb.ne.jp", "05000012345678_mj.ezweb.ne.jp", true},
		{1, "05000012345678_mj.ido.ne.jp", "05000012345678_mj.ido.ne.jp", true},
		{1, "00000000000000_mj.ezweb.ne.jp", "00000000000000_mj.ezweb.ne.jp", false},
		{1, "05000012345678_mj.ezweb.ne.jp.evil.example", "", false},
		{1, "05000012345678mj.ezweb.ne.jp", "", false},
		{1, "0500001234567_mj.ezweb.ne.jp", "", false},
		{1, "05000012345678_mj.EZWEB.NE.JP", "", false},
		{2, "abcdefghijkl1234", "abcdefghijkl1234", true},
		{2, "xxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxx", false},
		{2, "NULL", "", false},
		{2, "NULLNULLNULLNULL", "", false},
		{2, "abcdefghijkl123", "", false},
		{3, "u12345678901234567", "u12345678901234567", true},
		{3, "u00000000000000000", "u00000000000000000", false},
		{3, "U12345678901234567", "", false},
		{3, "u1234567890123456", "", false},
	} {
		who := idCarriers[c.carrier]
		h := g.Identify(Request{UserAgent: who.ua, IP: netip.MustParseAddr(who.ip), Headers: fields(who.header, c.value)})
		id, _, ok := h.UsableID()
		if h.SubscriberID != c.read || ok != c.usable || ok && id != c.read {
			t.Errorf("%s %q: read %q, usable %v", who.header, c.value, h.SubscriberID, ok)
		}
	}
}

// Serial and card are whole tokens at their documented place, of the length of their generation.
func TestSEC12_SerialAndCardNumbers(t *testing.T) {
	for ua, want := range map[string][2]string{
		"DoCoMo/1.0/P503i/c10/serNMABH200331":                                                {"NMABH200331", ""},
		"DoCoMo/1.0/P503i/c10/serNMABH2003311":                                               {},
		"DoCoMo/1.0/P503i/c10/ser356623000314657":                                            {}, // FOMA's length
		"DoCoMo/1.0/P503i/c10/SERNMABH200331":                                                {},
		"DoCoMo/1.0/P503i/c10/xserNMABH200331":                                               {},
		"DoCoMo/1.0/P503i/c10/icc8981100000327921096F":                                       {},
		"DoCoMo/2.0 N702iD(c100;TB;W24H12;ser356623000314657;icc8981100000327921096F)":       {"356623000314657", "8981100000327921096F"},
		"DoCoMo/2.0 N702iD(icc8981100000327921096F;c100;ser356623000314657;TB)":              {"356623000314657", "8981100000327921096F"},
		"DoCoMo/2.0 N702iD(c100;TB; ser356623000314657)":                                     {},
		"DoCoMo/2.0 N702iD(c100;TB;W24H12;serNMABH200331)":                                   {},
		"DoCoMo/2.0 N702iD(c100;TB;W24H12)(ser356623000314657)":                              {},
		"DoCoMo/2.0 N702iD(c100;TB;W24H12) ser356623000314657":                               {},
		"DoCoMo/2.0 N702iD(c100;TB;W24H12;icc8981100000327921096)":                           {},
		"J-PHONE/4.0/J-SH51/SNJSHA3029293 SH/0001aa Profile/MIDP-1.0":                        {"JSHA3029293", ""},
		"J-PHONE/4.0/J-SH51/SH/SNJSHA3029293 SH/0001aa":                                      {},
		"J-PHONE/4.0/J-SH51 SNJSHA3029293":                                                   {},
		"J-PHONE/3.0/J-SH07/SNJSHA3029293":                                                   {}, // C types have none
		"SoftBank/1.0/930SH/SHJ001/SN200000000000000 Browser/NetFront/3.4":                   {"200000000000000", ""},
		"SoftBank/1.0/930SH/SHJ001/SN*************** Browser/NetFront/3.4":                   {},
		"SoftBank/1.0/930SH/SHJ001[/Serial] Browser/NetFront/3.4":                            {},
		"SoftBank/1.0/930SH/SHJ001 /SN200000000000000":                                       {},
		"SoftBank/1.0/930SH/SHJ001/SN200000000000000/SN300000000000000 Browser/NetFront/3.4": {},
		"MOT-V980/80.2F.2E. MIB/2.2.1 SN200000000000000":                                     {},
		"Mozilla/4.08 (911T;SoftBank;SN123456789012345) NetFront/3.3":                        {},
	} {
		h := Identify(Request{UserAgent: ua})
		if h.TerminalID != want[0] || h.CardID != want[1] {
			t.Errorf("%q: serial %q, card %q", ua, h.TerminalID, h.CardID)
		}
	}
}

// A uid that stands in a query, or a value typed by hand, is nobody's: Identify never sees the query.
func TestSEC14_NoIDInsideTLS(t *testing.T) {
	g := believing(t)
	for _, c := range idCarriers {
		h := g.Identify(Request{UserAgent: c.ua, IP: netip.MustParseAddr(c.ip), TLS: true, Headers: fields(c.header, c.value)})
		if _, _, ok := h.UsableID(); ok || h.SubscriberID != "" {
			t.Errorf("%s: an ID inside TLS was read as %q", c.carrier, h.SubscriberID)
		}
	}
	utn := Request{UserAgent: "DoCoMo/2.0 N702iD(c100;TB;W24H12;ser356623000314657)", IP: netip.MustParseAddr("210.153.84.7"), TLS: true}
	if id, ok := login(g, utn); ok {
		t.Errorf("a serial number inside TLS logs in as %q", id)
	}
}

// Robots, emulators and full browsers are served and never believed, whatever their address.
func TestRobotsAndFullBrowsersAreNeverTrusted(t *testing.T) {
	g := believing(t)
	for _, c := range []struct{ ua, ip string }{
		{"DoCoMo/2.0 P900i(c100;TB;W24H11;ser356623000314657;icc8981100000327921096F)(compatible; ichiro/mobile goo)", "210.153.84.7"},
		{"DoCoMo/2.0/N502i", "210.153.84.7"},
		{"Mozilla/4.08 (N905imyu_W;FOMA;c500;TB)", "210.153.84.7"},
		{"Semulator/1.0/912SH/SHJ001/SN123456789012345", "123.108.237.115"},
		{"Mozilla/5.0 (compatible; KDDI-CA39 UP.Browser/6.2; http://gateway.example/)", "27.90.206.7"},
	} {
		h := g.Identify(Request{UserAgent: c.ua, IP: netip.MustParseAddr(c.ip), Headers: fields("X-DCMGUID", "AbCdEfG", "X-JPHONE-UID", "abcdefghijkl1234")})
		if _, _, ok := h.UsableID(); h.Trusted || ok {
			t.Errorf("%q is trusted", c.ua)
		}
	}
}

// Nothing is trusted by the shipped tables alone, and on loopback in the demo only the named carrier's own field is read.
func TestSEC05_NothingIsTrustedByDefault(t *testing.T) {
	plain, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range idCarriers {
		r := Request{UserAgent: c.ua, IP: netip.MustParseAddr(c.ip), Headers: fields(c.header, c.value)}
		if h := Identify(r); h.Trusted {
			t.Errorf("%s: trusted by Identify", c.carrier)
		}
		if h := plain.Identify(r); h.Trusted || h.SubscriberID != c.value {
			t.Errorf("%s: trusted %v by an empty Config, ID %q", c.carrier, h.Trusted, h.SubscriberID)
		}
	}
}

func TestLoopbackDemo(t *testing.T) {
	g, err := New(Config{Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, ip := range []string{"127.0.0.1", "::1", "::ffff:127.0.0.1"} {
		for _, named := range idCarriers {
			for _, field := range idCarriers {
				_, ok := login(g, Request{UserAgent: named.ua, IP: netip.MustParseAddr(ip), Headers: fields(field.header, field.value)})
				if ok != (named.carrier == field.carrier) {
					t.Errorf("%s on %s with %s: login %v", named.carrier, ip, field.header, ok)
				}
			}
		}
	}
	if _, ok := login(g, Request{UserAgent: idCarriers[0].ua, IP: netip.MustParseAddr("192.0.2.1"), Headers: fields("X-DCMGUID", "AbCdEfG")}); ok {
		t.Error("the demo believes an address that is not loopback")
	}
}
