package carriers

import (
	"strings"

	"musubi/carriers/internal/rows"
)

// browser names what is no Japanese handset: a robot, a smartphone, a phone of elsewhere, a PC new or old.
func (s *sight) browser(ua string) {
	h := &s.h
	robot, smartphone := words(ua)
	if robot != nil {
		h.Carrier = Crawler
		s.becauseRow(FieldCarrier, robot.Place, robot.Word)
		return
	}
	if name, valid := Emobile.idHeader(); valid(s.field(name)) {
		h.Carrier, s.byField = Emobile, true

		s.becauseHeader(FieldCarrier, name, "")
		return
	}
	h.Carrier = PC
	old := oldBrowser(ua)
	switch {
	case old != nil && old.Generation != "-":
		s.browserKind, s.old = Generation(old.Generation), old
		s.becauseRow(FieldCarrier, old.Place, old.Mark)
	case smartphone != nil:
		h.Carrier = Smartphone
		s.becauseRow(FieldCarrier, smartphone.Place, smartphone.Word)
	case s.onlyWML():
		s.browserKind = "wap"
		s.becauseHeader(FieldCarrier, "Accept", s.field("Accept"))
	case foreignPhone(ua):
		s.browserKind = "phone"
		s.because(FieldCarrier, "User-Agent of a feature phone of another country", "")
	case old == nil && retro(ua):
		s.browserKind = "retro"
		h.References = strings.Contains(ua, "MSIE 4.") // the first to draw Unicode in a page of another charset
		s.because(FieldCarrier, "User-Agent of a browser before UTF-8 and CSS", "")
	default:
		s.because(FieldCarrier, "no handset's User-Agent", "")
	}
}

// onlyWML says whether a client asks for pages of WAP and for no others.
func (s *sight) onlyWML() bool {
	accept := strings.ToLower(s.field("Accept"))
	return strings.Contains(accept, "text/vnd.wap.wml") && !strings.Contains(accept, "html")
}

// foreignPhone knows the makers that open a feature phone's User-Agent elsewhere.
func foreignPhone(ua string) bool {
	for _, maker := range [...]string{"Nokia", "SAMSUNG", "SEC-", "SonyEricsson", "LG", "SIE-", "Sagem", "PANTECH", "ZTE",
		"HUAWEI", "Alcatel", "Philips", "SHARP-", "Panasonic", "NEC-", "Motorola", "Ericsson", "BenQ", "jig browser"} {
		if strings.HasPrefix(ua, maker) {
			return true
		}
	}
	return strings.HasPrefix(ua, "Mozilla/4.0 (jig browser")
}

// retro knows browsers that read neither UTF-8 nor style sheets: Netscape to 4, Internet Explorer to 4, the Dreamcast.
func retro(ua string) bool {
	if len(ua) < 10 || !strings.HasPrefix(ua, "Mozilla/") || ua[8] < '1' || ua[8] > '4' || ua[9] != '.' {
		return false
	}
	_, msie, ok := strings.Cut(ua, "MSIE ")
	if ok {
		return msie != "" && msie[0] >= '1' && msie[0] <= '4' && !strings.HasPrefix(msie, "10") && !strings.HasPrefix(msie, "11")
	}
	return !strings.Contains(ua, "Opera")
}

// oldBrowser is the first row of data/browsers.tsv whose mark stands in a User-Agent, nil if none does.
func oldBrowser(ua string) *rows.Browser {
	found := len(browserRows)
	for i := 0; i < len(ua); i++ {
		if i > 0 && letterOrDigit(ua[i-1]) && letterOrDigit(ua[i]) {
			continue // inside a word
		}
		for _, k := range browsersBy[lower(ua[i])] {
			if k < found && markAt(ua[i:], browserRows[k].Mark) {
				found = k
			}
		}
	}
	if found == len(browserRows) {
		return nil
	}
	return &browserRows[found]
}

// browsersBy are the rows of browserRows by the first letter of their mark.
var browsersBy = func() (t [256][]int) {
	for i := range browserRows {
		first := browserRows[i].Mark[0]
		t[first] = append(t[first], i)
	}
	return t
}()

// maxGap is the most that a "*" of a mark stands for.
const maxGap = 12

// markAt says whether a mark stands at the beginning of a text.
func markAt(s, mark string) bool {
	for k := 0; k < len(mark); k++ {
		if mark[k] == '*' {
			for n := 0; n <= min(maxGap, len(s)); n++ {
				if markAt(s[n:], mark[k+1:]) {
					return true
				}
				if n == len(s) || !letterOrDigit(s[n]) && s[n] != ' ' && s[n] != '_' {
					return false
				}
			}
			return false
		}
		if s == "" || lower(s[0]) != mark[k] {
			return false
		}
		s = s[1:]
	}
	return s == "" || !letterOrDigit(s[0]) || !letterOrDigit(mark[len(mark)-1])
}

// oldMachine fills what the row of an old browser says.
func (s *sight) oldMachine() {
	b := s.old
	if b == nil {
		return
	}
	h := &s.h
	if b.Width > 0 && b.Height > 0 {
		h.Display.WidthPx, h.Display.HeightPx = b.Width, b.Height
	}
	if b.Colors > 0 {
		h.Display.Colors = b.Colors
	}
	if b.Images != 0 {
		h.Image.Formats = ImageFormats(b.Images)
	}
	s.becauseRow(FieldSize|FieldColors|FieldImages, b.Place, b.Mark)
}

// fullBrowser knows the PC mode of the handsets [browsers §2]:
//
//	Mozilla/4.08 (N905imyu_W;FOMA;c500;TB)      Mozilla/5.0 (F02B;FOMA;like Gecko)
//	Mozilla/4.0 (compatible; MSIE 6.0; KDDI-CA3B) Opera 8.60 [ja]
//	Mozilla/4.08 (911T;SoftBank;SN…) NetFront/3.3
func (s *sight) fullBrowser(ua string) bool {
	if !strings.HasPrefix(ua, "Mozilla/") {
		return false
	}
	comment := upTo(after(ua, '('), ")")
	if strings.Contains(comment, "Windows Phone") || strings.Contains(comment, "Android") {
		return false // au's smartphones say KDDI- too
	}
	model := upTo(comment, ";")
	second := strings.TrimSpace(upTo(after(comment, ';'), ";"))
	switch {
	case second == "FOMA":
		s.h.Carrier = DoCoMo
	case second == "SoftBank" || second == "Vodafone":
		s.h.Carrier = SoftBank
	default:
		_, model, _ = strings.Cut(comment, "KDDI-")
		if model = upTo(model, "; "); model == "" {
			return false
		}
		s.h.Carrier = Au
	}
	s.h.FullBrowser = true
	s.setModel(model)
	s.because(FieldCarrier, "User-Agent of a full browser", comment)
	return true
}
