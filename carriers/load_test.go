package carriers

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// today is the day on which these tests judge confirmations.
var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// folder writes an operator's files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.ReplaceAll(text, " | ", "\t")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// kaiosX is a carrier that exists only in files: KaiOS phones on operator X, whose gateway adds X-MSISDN-Hash.
var kaiosX = map[string]string{
	"carriers.tsv": "carrier | ua_contains | from_ranges | model_after | model_until | id_header | id_pattern\n" +
		"operator-x | KAIOS/ | yes | (Mobile; | ; rv: | X-MSISDN-Hash | [0-9a-f]{64}\n",
	"generations.tsv": "carrier | generation | dialect | charset | emoji | cookies | total | page | image | images | input | width | height | colors\n" +
		"operator-x | - | html5 | UTF-8 | unicode | yes | 400000 | 50% | 100000 | gif+jpeg+png | html5 | 240 | 320 | 262144\n",
	"handsets.tsv": "carrier | model | name | width | height | colors\n" +
		"operator-x | Nokia_8110_4G | Banana | 240 | 294 | 16777216\n" +
		"docomo | P903i | P903i of the museum | 240 | 300 | 262144\n",
	"ranges.tsv": "carrier | cidr | class | dated | confirmed | wide | source\n" +
		"operator-x | 10.0.0.0/8 | handset | 2026-11-01 | 2026-11-20 | yes | contract with operator X\n",
}

const (
	kaiosUA   = "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5"
	kaiosHash = "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92"
)

func TestCarrierFromFilesOnly(t *testing.T) {
	g, err := New(Config{Dir: folder(t, kaiosX), Now: today})
	if err != nil {
		t.Fatal(err)
	}
	r := Request{UserAgent: kaiosUA, IP: netip.MustParseAddr("10.1.2.3"), Headers: fields("X-MSISDN-Hash", kaiosHash)}
	h := g.Identify(r)
	id, class, ok := h.UsableID()
	if h.Carrier != "operator-x" || h.Model != "Nokia_8110_4G" || h.Name != "Banana" || h.Display != (Display{WidthPx: 240, HeightPx: 294, Colors: 16777216}) ||
		h.PageBudget != 200000 || h.Image != (ImageLimits{GIF | JPEG | PNG, 100000}) || h.Dialect.Family != HTML5 || !h.Cookies || h.Step != StepRow ||
		!h.Trusted || !ok || id != kaiosHash || class != "subscriber" {
		t.Errorf("got %+v, usable ID %q %q %v", h, id, class, ok)
	}
	for name, other := range map[string]Request{
		"from elsewhere":    {UserAgent: kaiosUA, IP: netip.MustParseAddr("192.0.2.1"), Headers: r.Headers},
		"another browser":   {UserAgent: "Mozilla/5.0 (Windows NT 10.0)", IP: r.IP, Headers: r.Headers},
		"a handset of ours": {UserAgent: "DoCoMo/2.0 P903i(c100;TB;W24H12)", IP: r.IP, Headers: r.Headers},
		"too short an ID":   {UserAgent: kaiosUA, IP: r.IP, Headers: fields("X-MSISDN-Hash", kaiosHash[1:])},
		"two IDs":           {UserAgent: kaiosUA, IP: r.IP, Headers: append(fields("x-msisdn-hash", kaiosHash), r.Headers.(HeaderList)...)},
		"a robot":           {UserAgent: kaiosUA + " (compatible; Googlebot-Mobile/2.1)", IP: r.IP, Headers: r.Headers},
		"inside TLS":        {UserAgent: kaiosUA, IP: r.IP, Headers: r.Headers, TLS: true},
	} {
		h := g.Identify(other)
		if id, _, ok := h.UsableID(); ok {
			t.Errorf("%s: login as %q", name, id)
		}
	}
	if h := g.Identify(Request{UserAgent: "DoCoMo/2.0 P903i(c100;TB;W24H12)"}); h.Name != "P903i of the museum" || h.Display.HeightPx != 300 || h.Generation != FOMA {
		t.Errorf("a corrected row does not count: %+v", h)
	}
	if !g.ReservesField("X_MSISDN_Hash") || !g.ReservesField("X-DCMGUID") {
		t.Error("the carrier's ID field may reach an upstream")
	}
	if oldest, ok := g.Confirmed(); !ok || oldest.Format(time.DateOnly) != "2026-11-20" {
		t.Errorf("confirmed %v %v", oldest, ok)
	}
}

// Each explanation names the operator's file and line.
func TestExplainNamesTheOperatorsRow(t *testing.T) {
	dir := folder(t, kaiosX)
	g, err := New(Config{Dir: dir, Now: today})
	if err != nil {
		t.Fatal(err)
	}
	_, reasons := g.Explain(Request{UserAgent: kaiosUA, IP: netip.MustParseAddr("10.1.2.3")})
	rules := map[Fields]string{}
	for _, r := range reasons {
		rules[r.Field] = r.Rule
	}
	for field, want := range map[Fields]string{FieldCarrier: "carriers.tsv:2", FieldSize: "handsets.tsv:2", FieldDialect: "generations.tsv:2", FieldTrusted: "ranges.tsv:2"} {
		if rules[field] != filepath.Join(dir, want) {
			t.Errorf("%v: %q, want %s", field, rules[field], want)
		}
	}
}

// A bad file stops the start with a sentence that names file, line and cure.
func TestBadOperatorFiles(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"no header", "handsets.tsv", "# only a comment\n", "handsets.tsv: no header row"},
		{"unknown column", "handsets.tsv", "carrier | modell\n", `handsets.tsv:1: unknown column "modell": the columns are carrier, model`},
		{"column twice", "handsets.tsv", "carrier | model | model\n", `handsets.tsv:1: column "model" occurs twice: keep one`},
		{"cell missing", "handsets.tsv", "carrier | model | width\ndocomo | P903i\n", "handsets.tsv:2: 2 cells where the header has 3: check the tabs"},
		{"no model", "handsets.tsv", "carrier | model\ndocomo | \n", "handsets.tsv:2: column model: empty: fill it"},
		{"no number", "handsets.tsv", "carrier | model | width\ndocomo | P903i | wide\n", `handsets.tsv:2: column width: "wide": write a whole number, or nothing`},
		{"bad dialect", "handsets.tsv", "carrier | model | dialect\ndocomo | P903i | chtml\n\n\ndocomo | P904i | chtml-x\n", `handsets.tsv:5: column dialect: "chtml-x": write one of html5`},
		{"bad format", "handsets.tsv", "carrier | model | images\ndocomo | P903i | gif+webp\n", `handsets.tsv:2: column images: "gif+webp": write formats joined by +`},
		{"unknown carrier", "handsets.tsv", "carrier | model\nnobody | P903i\n", "handsets.tsv:2: carrier nobody is unknown: correct it, or add it to generations.tsv"},
		{"model twice", "handsets.tsv", "carrier | model\ndocomo | P903i\ndocomo | p903I\n", "handsets.tsv:3: docomo p903I stands on line 2 already: keep one"},
		{"bad share", "generations.tsv", "carrier | generation | charset | emoji | input | page\nx | - | UTF-8 | none | none | 120%\n", `generations.tsv:2: column page: "120%": write bytes (9000) or a share`},
		{"bad charset", "generations.tsv", "carrier | generation | charset | emoji | input | page | image\nx | - | latin1 | none | none | 0 | 0\n", `generations.tsv:2: column charset: "latin1": write one of UTF-8, Shift_JIS`},
		{"generation twice", "generations.tsv", "carrier | generation | charset | emoji | input | page | image\nx | - | UTF-8 | none | none | 0 | 0\nx | - | UTF-8 | none | none | 0 | 0\n", "generations.tsv:3: x - stands on line 2 already: keep one"},
		{"rule that fits everyone", "carriers.tsv", "carrier | note\ndocomo | x\n", "carriers.tsv:2: column ua_starts: nothing tells this carrier's requests"},
		{"rule of an unknown carrier", "carriers.tsv", "carrier | ua_starts\nx | X/\n", `carriers.tsv:2: carrier x has no defaults: add a row for it to generations.tsv, with generation "-"`},
		{"bad pattern", "carriers.tsv", "carrier | ua_starts | id_header | id_pattern\ndocomo | X/ | X-Id | [0-9\n", `carriers.tsv:2: column id_pattern: "[0-9" is no regular expression`},
		{"ID without a pattern", "carriers.tsv", "carrier | ua_starts | id_header\ndocomo | X/ | X-Id\n", "carriers.tsv:2: column id_pattern: id_header and id_pattern belong together"},
		{"bad header name", "carriers.tsv", "carrier | has_header\ndocomo | X_Id\n", `carriers.tsv:2: column has_header: "X_Id": write a header field's name`},
		{"neither yes nor no", "carriers.tsv", "carrier | from_ranges\ndocomo | perhaps\n", `carriers.tsv:2: column from_ranges: "perhaps": write yes or no`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := New(Config{Dir: folder(t, map[string]string{c.file: c.text}), Now: today})
			if err == nil || g != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want %q", err, c.want)
			}
		})
	}
	if _, err := New(Config{Dir: filepath.Join(t.TempDir(), "missing")}); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

// A bad address list names file, line and cure, switches easy login off and leaves the site up.
func TestSEC05_BadRangeListFailsClosed(t *testing.T) {
	const header = "carrier | cidr | class | dated | confirmed | wide\n"
	const good = "docomo | 198.51.100.0/24 | handset | 2026-11-01 | 2026-11-20 | \n"
	for _, c := range []struct{ name, text, want string }{
		{"empty file", "", "no header row"},
		{"header alone", header, "no range in it"},
		{"garbage", "\x00\xff\x13PNG\n", "unknown column"},
		{"not tabs", "docomo 198.51.100.0/24 handset\n", "unknown column"},
		{"the whole Internet", header + "docomo | 0.0.0.0/0 | handset | 2026-11-01 | 2026-11-20 | yes\n", ":2: 0.0.0.0/0 is the whole Internet: list the carrier's own ranges"},
		{"the whole IPv6 Internet", header + "docomo | ::/0 | handset | 2026-11-01 | 2026-11-20 | yes\n", ":2: ::/0 is the whole Internet"},
		{"too wide", header + "docomo | 198.0.0.0/8 | handset | 2026-11-01 | 2026-11-20 | \n", ":2: 198.0.0.0/8 is wider than /16: list narrower ranges, or write yes in column wide"},
		{"too wide IPv6", header + "docomo | 2001:d000::/20 | handset | 2026-11-01 | 2026-11-20 | \n", ":2: 2001:d000::/20 is wider than /32"},
		{"two carriers overlap", header + good + "au | 198.51.100.128/25 | handset | 2026-11-01 | 2026-11-20 | \n", ":3: 198.51.100.128/25 of au overlaps 198.51.100.0/24 of docomo"},
		{"two carriers, one a full browser", header + good + "au | 198.51.0.0/16 | fullbrowser | 2026-11-01 |  | \n", ": an address belongs to one carrier, remove one of the two"},
		{"nobody confirmed", header + "docomo | 198.51.100.0/24 | handset | 2021-10 |  | \n", ":2: nobody has confirmed 198.51.100.0/24: check that it is docomo's today and write the date"},
		{"confirmed long ago", header + "docomo | 198.51.100.0/24 | handset | 2021-10 | 2026-05-01 | \n", ":2: 198.51.100.0/24 was last confirmed on 2026-05-01, more than 180 days ago"},
		{"confirmed in the future", header + "docomo | 198.51.100.0/24 | handset | 2021-10 | 2027-05-01 | \n", "which is in the future"},
		{"bits after the length", header + "docomo | 198.51.100.7/24 | handset | 2026-11-01 | 2026-11-20 | \n", "198.51.100.7/24 has bits after its length: write 198.51.100.0/24"},
		{"IPv4 written as IPv6", header + "docomo | ::ffff:198.51.100.0/120 | handset | 2026-11-01 | 2026-11-20 | \n", "write an IPv4 range as IPv4"},
		{"no class", header + "docomo | 198.51.100.0/24 |  | 2026-11-01 | 2026-11-20 | \n", `column class: "": write one of handset, fullbrowser`},
		{"unknown carrier", header + "nobody | 198.51.100.0/24 | handset | 2026-11-01 | 2026-11-20 | \n", ":2: carrier nobody is unknown"},
		{"one bad row among good ones", header + good + "docomo | everywhere | handset | 2026-11-01 | 2026-11-20 | \n", `:3: column cidr: "everywhere": write an address range such as 192.0.2.0/24`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(folder(t, map[string]string{"list.tsv": c.text}), "list.tsv")
			g, err := New(Config{Ranges: path, Now: today})
			var refused *RangesError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %q, want a RangesError with %q and %q", err, path, c.want)
			}
			h := g.Identify(Request{UserAgent: idCarriers[0].ua, IP: netip.MustParseAddr("198.51.100.7"), Headers: fields("X-DCMGUID", "AbCdEfG")})
			if _, _, ok := h.UsableID(); ok || h.Trusted || h.Carrier != DoCoMo || h.Dialect.Family != IXHTML {
				t.Errorf("login %v, trusted %v, carrier %v", ok, h.Trusted, h.Carrier)
			}
		})
	}
	if _, err := New(Config{Ranges: filepath.Join(t.TempDir(), "missing.tsv")}); !errors.As(err, new(*RangesError)) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a list that is not there: %v", err)
	}
	path := filepath.Join(folder(t, map[string]string{"list.tsv": header + good}), "list.tsv")
	g, err := New(Config{Ranges: path, Now: today})
	if err != nil {
		t.Fatal(err)
	}
	if id, ok := login(g, Request{UserAgent: idCarriers[0].ua, IP: netip.MustParseAddr("198.51.100.7"), Headers: fields("X-DCMGUID", "AbCdEfG")}); !ok || id != "AbCdEfG" {
		t.Error("a good list does not count")
	}
}

// The shipped list is nobody's confirmation: as it stands it is refused.
func TestSEC05_ShippedListIsNotConfirmed(t *testing.T) {
	_, err := New(Config{Ranges: filepath.Join("data", "ranges.tsv"), Now: today})
	if !errors.As(err, new(*RangesError)) || !strings.Contains(err.Error(), "nobody has confirmed") {
		t.Errorf("error %v", err)
	}
}
