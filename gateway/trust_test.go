package gateway

import (
	"fmt"
	"strings"
	"testing"

	"musubi/carriers"
)

// A genuine is one carrier's handset as its own gateway presents it.
type genuine struct {
	carrier carriers.Carrier
	ua      string
	field   string
	id      string // a good ID
	other   string // another good ID of that carrier
}

var genuines = []genuine{
	{carriers.DoCoMo, uaP903i, "X-DCMGUID", "AbCdEf1", "ZyXwVu9"},
	{carriers.Au, uaCA39, "X-Up-Subno", "05000012345678_mj.ezweb.ne.jp", "05000087654321_vc.ezweb.ne.jp"},
	{carriers.SoftBank, ua910T, "X-JPhone-UID", "a1B2c3D4e5F6g7H8", "H8g7F6e5D4c3B2a1"},
	{carriers.Emobile, uaH11T, "X-EM-UID", "u12345678901234567", "u76543210987654321"},
}

// whoGotIn returns the login key that the upstream saw, "" for none. It fails on any unsigned or doubled verdict.
func (w *world) whoGotIn(t *testing.T) string {
	t.Helper()
	key := ""
	for _, r := range w.requests() {
		n := strings.Count(r, fieldKey+": ")
		if n > 1 || n == 1 && strings.Count(r, fieldSign+": ") != 1 {
			t.Fatalf("odd verdict in %q", r)
		}
		if n == 1 {
			_, rest, _ := strings.Cut(r, fieldKey+": ")
			key, _, _ = strings.Cut(rest, "\r\n")
		}
		for line := range strings.SplitSeq(r, "\r\n") {
			name, _, _ := strings.Cut(line, ":")
			for _, g := range genuines {
				if carriers.FoldField(name) == strings.ToLower(g.field) {
					t.Fatalf("the field of an ID went upstream: %q", line)
				}
			}
		}
	}
	return key
}

// A spoof is one way of showing an ID that is not one's own.
type spoof struct {
	name string
	// lines are the header lines that carry the ID v in field f of carrier c.
	lines func(f, v string) []string
	// raw, if set, makes the whole request instead.
	raw func(head, f, v string) string
}

var spoofs = []spoof{
	{name: "header", lines: func(f, v string) []string { return []string{f + ": " + v} }},
	{name: "lower case", lines: func(f, v string) []string { return []string{strings.ToLower(f) + ": " + v} }},
	{name: "upper case", lines: func(f, v string) []string { return []string{strings.ToUpper(f) + ": " + v} }},
	{name: "underscores", lines: func(f, v string) []string { return []string{strings.ReplaceAll(f, "-", "_") + ": " + v} }},
	{name: "one underscore", lines: func(f, v string) []string { return []string{strings.Replace(f, "-", "_", 1) + ": " + v} }},
	{name: "trailing hyphen", lines: func(f, v string) []string { return []string{f + "-: " + v} }},
	{name: "trailing underscore", lines: func(f, v string) []string { return []string{f + "_: " + v} }},
	{name: "leading hyphen", lines: func(f, v string) []string { return []string{"-" + f + ": " + v} }},
	{name: "double hyphen", lines: func(f, v string) []string { return []string{strings.Replace(f, "-", "--", 1) + ": " + v} }},
	{name: "HTTP_ prefix", lines: func(f, v string) []string { return []string{"HTTP_" + strings.ReplaceAll(f, "-", "_") + ": " + v} }},
	{name: "with Connection", lines: func(f, v string) []string { return []string{f + ": " + v, "Connection: " + f} }},
	{name: "forwarded for a gateway", lines: func(f, v string) []string {
		return []string{f + ": " + v, "X-Forwarded-For: 210.153.84.1", "X-Real-IP: 210.153.84.1", "Forwarded: for=210.153.84.1", "Client-IP: 27.90.206.1"}
	}},
	{name: "our own verdict", lines: func(f, v string) []string {
		return []string{fieldKey + ": " + v, fieldCarrier + ": docomo", "X_Ktai_Key: " + v, fieldSign + ": x"}
	}},
	{name: "other name", lines: func(f, v string) []string { return []string{"X-Subscriber-Id: " + v} }},
	{name: "cookie", lines: func(f, v string) []string { return []string{"Cookie: " + f + "=" + v} }},
	{name: "twice", lines: func(f, v string) []string { return []string{f + ": " + v, f + ": " + v} }},
	{name: "twice, two cases", lines: func(f, v string) []string { return []string{f + ": " + v, strings.ToUpper(f) + ": " + v} }},
	{name: "empty and good", lines: func(f, v string) []string { return []string{f + ":", f + ": " + v} }},
	{name: "good and empty", lines: func(f, v string) []string { return []string{f + ": " + v, f + ": "} }},
	{name: "comma", lines: func(f, v string) []string { return []string{f + ": " + v + ", " + v} }},
	{name: "two User-Agents", lines: func(f, v string) []string { return []string{f + ": " + v, "User-Agent: " + uaChrome} }},
	{name: "folded", lines: func(f, v string) []string { return []string{f + ":\r\n " + v} }},
	{name: "folded into another", lines: func(f, v string) []string { return []string{"X-A: b\r\n " + f + ": " + v} }},
	{name: "query", raw: func(head, f, v string) string {
		return "GET /login?guid=ON&" + f + "=" + v + "&uid=" + v + " HTTP/1.1\r\n" + head + "\r\n"
	}},
	{name: "form", raw: func(head, f, v string) string {
		body := f + "=" + v + "&uid=" + v + "&guid=ON"
		return fmt.Sprintf("POST /login?guid=ON HTTP/1.1\r\n%sContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
	}},
	{name: "trailer", raw: func(head, f, v string) string {
		return "POST /login?guid=ON HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + f + ": " + v + "\r\n\r\n"
	}},
	{name: "announced trailer", raw: func(head, f, v string) string {
		return "POST /login?guid=ON HTTP/1.1\r\n" + head + "Trailer: " + f + "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + f + ": " + v + "\r\n\r\n"
	}},
	{name: "chunk extension", raw: func(head, f, v string) string {
		return "POST /login?guid=ON HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n1;" + f + "=" + v + "\r\na\r\n0\r\n\r\n"
	}},
}

// honest says whether this combination is a handset's own, rightly presented ID, which must get in.
func honest(source string, ua genuine, header genuine, s spoof) bool {
	if source != handsetAddr[ua.carrier] || ua.carrier != header.carrier {
		return false
	}
	switch s.name {
	case "header", "lower case", "upper case", "with Connection", "forwarded for a gateway":
		return true
	}
	return false
}

// TestSEC02_SpoofMatrix shows an ID from every kind of address, under every carrier's User-Agent, in every carrier's field,
// in every place. Only a handset's own gateway, with its own User-Agent, in its own field, may get in.
func TestSEC02_SpoofMatrix(t *testing.T) {
	w := newWorld(t, hello, nil)
	sources := []string{
		anywhere, "127.0.0.1", "::1", "2001:db8::1",
		handsetAddr[carriers.DoCoMo], handsetAddr[carriers.Au], handsetAddr[carriers.SoftBank], handsetAddr[carriers.Emobile],
		"210.153.87.1",  // docomo full browser
		"27.90.207.225", // au, shared with PC Site Viewer
		"61.198.128.1",  // Willcom, shared with data cards
	}
	agents := append([]genuine{{carrier: "pc", ua: uaChrome}, {carrier: "crawler", ua: uaP903i + " (compatible; Googlebot-Mobile/2.1; +http://www.google.com/bot.html)"}}, genuines...)
	cases, in := 0, 0
	for _, source := range sources {
		for _, ua := range agents {
			for _, header := range genuines {
				for _, s := range spoofs {
					cases++
					head := "Host: " + ourHost + "\r\nUser-Agent: " + ua.ua + "\r\n"
					raw := ""
					if s.raw != nil {
						raw = s.raw(head, header.field, header.id)
					} else {
						raw = "GET /login?guid=ON HTTP/1.1\r\n" + head + strings.Join(s.lines(header.field, header.id), "\r\n") + "\r\n\r\n"
					}
					resp := w.raw(source, raw)
					if resp == nil {
						t.Fatalf("%s %s %s %s: no answer", source, ua.carrier, header.carrier, s.name)
					}
					key := w.whoGotIn(t)
					want := honest(source, ua, header, s)
					if (key != "") != want {
						t.Errorf("from %s as %s, %s's field, %s: got in %v, want %v", source, ua.carrier, header.carrier, s.name, key != "", want)
					}
					if key != "" {
						in++
						if expect, _ := w.g.cfg.Keys.Of(string(ua.carrier), "subscriber", header.id); key != expect {
							t.Errorf("%s got another's key", ua.carrier)
						}
					}
				}
			}
		}
	}
	t.Logf("%d cases, %d rightly in", cases, in)
	if cases < 2000 || in == 0 {
		t.Errorf("%d cases, %d in: too few to mean anything", cases, in)
	}
}

// TestSEC10_TrailersNeverSpeak: a genuine ID in the header and another in a trailer, announced or not, for every reserved
// name. The header's own counts, and nothing of the trailer goes upstream.
func TestSEC10_TrailersNeverSpeak(t *testing.T) {
	w := newWorld(t, hello, nil)
	names := []string{"User-Agent", "X-Forwarded-For", "Forwarded", "Via", "Referer", "Cache-Control", fieldKey, fieldSign, fieldCarrier, "X-Real-IP"}
	for _, g := range genuines {
		names = append(names, g.field)
	}
	for _, g := range genuines {
		for _, name := range names {
			for _, announced := range []bool{false, true} {
				for _, with := range []bool{false, true} {
					head := "POST /login?guid=ON HTTP/1.1\r\nHost: " + ourHost + "\r\nUser-Agent: " + g.ua + "\r\n"
					if with {
						head += g.field + ": " + g.id + "\r\n"
					}
					if announced {
						head += "Trailer: " + name + "\r\n"
					}
					w.raw(handsetAddr[g.carrier], head+"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n"+name+": "+g.other+"\r\n\r\n")
					key := w.whoGotIn(t)
					mine, _ := w.g.cfg.Keys.Of(string(g.carrier), "subscriber", g.id)
					if want := map[bool]string{true: mine}[with]; key != "" && key != want {
						t.Errorf("%s, trailer %s (announced %v): key of somebody else", g.carrier, name, announced)
					}
				}
			}
		}
	}
}

func TestSEC09_LookAlikesNeverReachACGIUpstream(t *testing.T) {
	w := newWorld(t, hello, func(c *Config) { c.EasyLogin = false })
	for _, reserved := range []string{"X-Dcmguid", "X-Up-Subno", "X-Jphone-Uid", "X-Em-Uid", "X-Ktai-Key", "X-Forwarded-For", "Host", "Content-Length", "Transfer-Encoding", "Cookie"} {
		for _, variant := range []string{
			reserved, strings.ToUpper(reserved), strings.ReplaceAll(reserved, "-", "_"), reserved + "-", reserved + "_", "-" + reserved, "_" + reserved,
			strings.Replace(reserved, "-", "--", 1), strings.Replace(reserved, "-", "_-", 1), "__" + strings.ReplaceAll(reserved, "-", "__") + "__",
		} {
			if strings.EqualFold(variant, reserved) && (reserved == "Host" || reserved == "Content-Length" || reserved == "Transfer-Encoding" || reserved == "Cookie") {
				continue
			}
			w.get(anywhere, uaChrome, "/", variant+": evil-value")
			for _, r := range w.requests() {
				if strings.Contains(r, "evil-value") {
					t.Errorf("%s went through: %q", variant, r)
				}
			}
		}
	}
}

// foldings are how upstreams make variables of field names.
var foldings = map[string]func(r rune) rune{
	"CGI (RFC 3875)": func(r rune) rune { return foldOnly(r, "-_") },
	"lighttpd's CGI": func(r rune) rune { return foldOnly(r, "!#$%&'*+-.^_`|~") }, // whatever is no letter or digit
	"PHP's server":   func(r rune) rune { return foldOnly(r, "-_. ") },
}

func foldOnly(r rune, signs string) rune {
	if strings.ContainsRune(signs, r) {
		return '_'
	}
	return r
}

// Every sign that a field name may have, at every place of a reserved name: none becomes a variable that only a carrier's
// gateway, or our own, may set. Ordinary names pass.
func TestSEC09_NoSignFoldsToAReservedName(t *testing.T) {
	w := newWorld(t, hello, func(c *Config) { c.EasyLogin = false })
	for _, reserved := range []string{"X-DCMGUID", "X-Up-Subno", "X-Jphone-Uid", "X-Em-Uid", "X-Ktai-Sign", "X-Ktai-Key", "X-Forwarded-For", "Proxy", "X-Real-IP", "User-Agent"} {
		variable := "HTTP_" + strings.ToUpper(strings.ReplaceAll(reserved, "-", "_"))
		var lines []string
		for _, sign := range "!#$%&'*+-.^_`|~" {
			lines = append(lines, strings.ReplaceAll(reserved, "-", string(sign))+": evil-value", string(sign)+reserved+": evil-value",
				strings.Replace(reserved, "-", "-"+string(sign), 1)+": evil-value", reserved+string(sign)+": evil-value")
		}
		w.get(anywhere, uaChrome, "/", append(lines, "X-Requested-With: genuine", "DNT: genuine")...)
		for _, r := range w.requests() {
			if strings.Count(r, "genuine") != 2 {
				t.Errorf("an ordinary field did not pass: %q", r)
			}
			for line := range strings.SplitSeq(r, "\r\n") {
				name, value, _ := strings.Cut(line, ": ")
				for server, fold := range foldings {
					if v := "HTTP_" + strings.ToUpper(strings.Map(fold, name)); value == "evil-value" {
						t.Errorf("%s: %q went through and is %s there, like %s", server, name, v, variable)
					}
				}
			}
		}
	}
}

func TestSEC12_IDsAreExact(t *testing.T) {
	w := newWorld(t, hello, nil)
	keys := map[string]string{}
	for _, g := range genuines {
		for name, v := range map[string]string{
			"good": g.id, "case flipped": strings.Map(flip, g.id), "lower": strings.ToLower(g.id), "truncated": g.id[:len(g.id)-1], "longer": g.id + "0",
			"zeros": strings.Map(zero, strings.ToUpper(strings.TrimSuffix(g.id, "_mj.ezweb.ne.jp"))) + g.id[min(len(g.id), 14):], "null": "NULLGWDOCOMO", "NULL": "NULL", "empty": "", "blank inside": g.id[:3] + " " + g.id[3:], "quoted": `"` + g.id + `"`,
		} {
			w.get(handsetAddr[g.carrier], g.ua, "/login?guid=ON", g.field+": "+v)
			key := w.whoGotInAny()
			if name == "good" {
				if key == "" {
					t.Errorf("%s: the good ID was refused", g.carrier)
				}
				keys[key] = v
				continue
			}
			if owner, taken := keys[key]; key != "" && taken && owner != v {
				t.Errorf("%s: %s (%q) has the key of %q", g.carrier, name, v, owner)
			}
			if key != "" && name != "case flipped" && name != "lower" { // these are other people's IDs, and valid
				t.Errorf("%s: %s (%q) got in", g.carrier, name, v)
			}
		}
	}
}

func flip(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 32
	case 'A' <= r && r <= 'Z':
		return r + 32
	}
	return r
}

func zero(r rune) rune {
	if '1' <= r && r <= '9' || 'A' <= r && r <= 'Z' {
		return '0'
	}
	return r
}

// whoGotInAny is whoGotIn without its checks, for tests that play with the IDs themselves.
func (w *world) whoGotInAny() (key string) {
	for _, r := range w.requests() {
		if _, rest, ok := strings.Cut(r, fieldKey+": "); ok {
			key, _, _ = strings.Cut(rest, "\r\n")
		}
	}
	return key
}

func TestSEC12_NULLGWDOCOMONeverGoesUpstream(t *testing.T) {
	w := newWorld(t, hello, nil)
	w.get(handsetAddr[carriers.DoCoMo], uaP903i, "/?uid=NULLGWDOCOMO&a=1&guid=on")
	w.post(handsetAddr[carriers.DoCoMo], uaP903i, "/", "uid=NULLGWDOCOMO&a=1")
	for _, r := range w.requests() {
		if strings.Contains(r, "NULLGW") || strings.Contains(strings.ToLower(r), "guid=on") {
			t.Errorf("upstream saw %q", r)
		}
	}
}

func TestSEC13_IModeIDOnlyWithGuidInTheQuery(t *testing.T) {
	w := newWorld(t, hello, nil)
	g := genuines[0]
	for target, want := range map[string]bool{
		"/login?guid=ON": true, "/login?GUID=on": true, "/login?a=1&guid=ON&b=2": true,
		"/login": false, "/login?guid=OFF": false, "/login?xguid=ON": false, "/login?a=guid=ON": false, "/guid=ON": false,
	} {
		w.get(handsetAddr[g.carrier], g.ua, target, g.field+": "+g.id)
		if got := w.whoGotIn(t) != ""; got != want {
			t.Errorf("%s: in %v, want %v", target, got, want)
		}
	}
	w.post(handsetAddr[g.carrier], g.ua, "/login", "guid=ON", g.field+": "+g.id)
	if w.whoGotIn(t) != "" {
		t.Error("guid=ON in a form counted")
	}
}

func TestSEC14_NothingIsBelievedOverTLS(t *testing.T) {
	w := newWorld(t, hello, func(c *Config) { c.TrustProxies = proxies("192.0.2.0/24") })
	for _, g := range genuines {
		for proto, want := range map[string]bool{"http": true, "https": false} {
			w.get(anywhere, g.ua, "/login?guid=ON", g.field+": "+g.id, "X-Forwarded-For: "+handsetAddr[g.carrier], "X-Forwarded-Proto: "+proto)
			if got := w.whoGotIn(t) != ""; got != want {
				t.Errorf("%s over %s: in %v, want %v", g.carrier, proto, got, want)
			}
		}
	}
}

func TestSEC15_WrongHostsLookNothingUp(t *testing.T) {
	for _, configured := range [][]string{{ourHost}, {"a.example", "127.0.0.1:8080"}} {
		store := &countingStore{}
		w := newWorld(t, hello, func(c *Config) { c.Hosts = configured; c.Sessions = store })
		g := genuines[0]
		for _, host := range []string{
			"evil.example", "sns.example.", "SNS.example", "sns.example:99999", "sns.example:81", "user@sns.example", "sns.example,evil.example", "sns.example/x",
			"192.0.2.1", "127.0.0.1", "[::1]", "[::1%25eth0]", "%73ns.example", "sns.example#x", "sns.example?x", "sns.example\\x", "sns..example", "-sns.example", "あ.jp", "", "sns.example:", "0x7f.1", "169.254.169.254",
		} {
			r := w.raw(handsetAddr[g.carrier], "GET /login?guid=ON&_s="+strings.Repeat("A", 22)+" HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+g.ua+"\r\n"+g.field+": "+g.id+"\r\n\r\n")
			if r == nil {
				t.Fatalf("%q: no answer", host)
			}
			if s := r.StatusCode(); s != 421 && s != 400 {
				t.Errorf("%q: status %d", host, s)
			}
			if len(r.Header.Peek("Set-Cookie")) > 0 || len(r.Header.Peek("Location")) > 0 {
				t.Errorf("%q: a cookie or a redirect: %s", host, r.Header.String())
			}
			if n := len(w.requests()); n > 0 {
				t.Errorf("%q reached the upstream", host)
			}
		}
		if store.calls != 0 {
			t.Errorf("%d look-ups for hosts that are not ours", store.calls)
		}
	}
}

func TestSEC15_NoHostListNoEasyLogin(t *testing.T) {
	w := newWorld(t, hello, func(c *Config) { c.Hosts = nil })
	g := genuines[1]
	if r := w.get(handsetAddr[g.carrier], g.ua, "/", g.field+": "+g.id); r.StatusCode() != 200 {
		t.Errorf("status %d", r.StatusCode())
	}
	if w.whoGotIn(t) != "" {
		t.Error("easy login without a host list")
	}
}

func TestSEC19_SerialsOnlyByChoiceAndOnlyWhole(t *testing.T) {
	const ser, icc = "123456789012345", "89811000000000000000"
	ua := func(inner string) string { return "DoCoMo/2.0 P903i(c100;TB;W24H12;" + inner + ")" }
	for _, row := range []struct {
		name, ua string
		serials  bool
		guid     string
		want     string // class of the ID that got in
	}{
		{"off by default", ua("ser" + ser + ";icc" + icc), false, "", ""},
		{"card before serial", ua("ser" + ser + ";icc" + icc), true, "", "card"},
		{"serial alone", ua("ser" + ser), true, "", "terminal"},
		{"short serial", ua("ser" + ser[1:]), true, "", ""},
		{"inside a word", "DoCoMo/2.0 P903iser" + ser + "(c100;TB;W24H12)", true, "", ""},
		{"gateway's ID before serials", ua("ser" + ser + ";icc" + icc), true, "AbCdEf1", "subscriber"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, hello, func(c *Config) { c.Serials = row.serials })
			lines := []string{}
			if row.guid != "" {
				lines = append(lines, "X-DCMGUID: "+row.guid)
			}
			w.get(handsetAddr[carriers.DoCoMo], row.ua, "/login?guid=ON", lines...)
			got := w.requests()
			want := ""
			if id := map[string]string{"card": icc, "terminal": ser, "subscriber": row.guid}[row.want]; id != "" {
				want, _ = w.g.cfg.Keys.Of("docomo", row.want, id)
			}
			if len(got) != 1 || want == "" && strings.Contains(got[0], fieldKey+":") || !strings.Contains(got[0], want) {
				t.Errorf("upstream saw %q, want key %q", got, want)
			}
			if row.name != "inside a word" && (strings.Contains(got[0], ser) || strings.Contains(got[0], icc)) {
				t.Errorf("a serial went upstream: %q", got[0])
			}
		})
	}
}

func TestSEC27_KillSwitches(t *testing.T) {
	w := newWorld(t, hello, nil)
	try := func(g genuine) bool {
		w.get(handsetAddr[g.carrier], g.ua, "/?guid=ON", g.field+": "+g.id)
		return w.whoGotIn(t) != ""
	}
	docomo, au := genuines[0], genuines[1]
	if !try(docomo) || !try(au) {
		t.Fatal("easy login does not work at all")
	}
	w.g.SetEasyLogin(carriers.Au, false)
	if !try(docomo) || try(au) {
		t.Error("the switch for au")
	}
	w.g.SetEasyLogin("", false)
	if try(docomo) || try(au) {
		t.Error("the switch for all")
	}
	w.g.SetEasyLogin(carriers.Au, true)
	if try(au) {
		t.Error("one carrier's switch overrules the one for all")
	}
	w.g.SetEasyLogin("", true)
	if !try(docomo) || !try(au) {
		t.Error("switched on again")
	}
}

// A field whose name has other signs than letters, digits and single hyphens goes to no upstream, whatever it is called: CGI,
// lighttpd's and PHP's own server make of "X.Remote-User" what they make of "X-Remote-User" (SEC-09). Ordinary ones pass.
func TestSEC09_UnusualNamesPassNowhere(t *testing.T) {
	for _, ua := range []string{uaChrome, uaP903i} {
		w := newWorld(t, hello, nil)
		for _, sign := range "!#$%&'*+.^_`|~" {
			for _, pattern := range []string{"X%cRemote-User", "X-Remote%cUser", "%cX-Remote-User", "X-Remote-User%c", "X%cDCMGUID", "X%cKtai-Sign"} {
				name := fmt.Sprintf(pattern, sign)
				w.raw(anywhere, "GET / HTTP/1.1\r\nHost: "+ourHost+"\r\nUser-Agent: "+ua+"\r\nX-Remote-Host: usual\r\n"+name+": forged\r\n\r\n")
				for _, r := range w.requests() {
					if strings.Contains(r, "forged") || !strings.Contains(r, "usual") {
						t.Errorf("%s: the upstream saw %q", name, r)
					}
				}
			}
		}
	}
}
