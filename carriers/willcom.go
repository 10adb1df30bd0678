package carriers

import "strings"

// willcom reads the User-Agents of Willcom and DDI Pocket [willcom §1]:
//
//	Mozilla/3.0(WILLCOM;KYOCERA/WX310K/2;1.2.3.16.000000/0.1/C100) Opera 7.0
//	Mozilla/4.0 (compatible; MSIE 4.01; Windows CE; SHARP/WS007SH; PPC; 480x640)
//	PDXGW/1.0 (TX=8;TY=6;GX=96;GY=64;C=C256;…)   the H" LINK gateway of DDI Pocket
func (s *sight) willcom(ua string) bool {
	rest, ok := strings.CutPrefix(ua, "Mozilla/3.0(WILLCOM;")
	if !ok {
		rest, ok = strings.CutPrefix(ua, "Mozilla/3.0(DDIPOCKET;")
	}
	switch {
	case ok:
		s.because(FieldCarrier, "User-Agent starts with", "Mozilla/3.0(WILLCOM; or (DDIPOCKET;")
		s.willcomPhone(upTo(rest, ")"))
	case strings.HasPrefix(ua, "PDXGW/"):
		s.because(FieldCarrier, "User-Agent starts with", "PDXGW/")
		s.pdxGateway(upTo(after(ua, '('), ")"))
	case strings.Contains(ua, "SHARP/WS"): // Windows CE: the name stands where the browser puts it
		_, model, _ := strings.Cut(ua, "SHARP/")
		s.because(FieldCarrier, "User-Agent names a SHARP/WS model", "")
		s.setModel(upTo(model, ";)/ "))
	default:
		return false
	}
	s.h.Carrier = Willcom
	return true
}

// willcomPhone reads MAKER/MODEL/REV;FW/BROWSER/Cnnn.
func (s *sight) willcomPhone(rest string) {
	s.setModel(upTo(after(upTo(rest, ";"), '/'), "/"))
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		cache := rest[i+1:]
		if len(cache) > 1 && lower(cache[0]) == 'c' && digits(cache[1:]) {
			s.limit = limit{bytes: min(number(cache[1:])*1000, maxTransfer), rule: "User-Agent cache size in KB", value: cache}
		}
	}
}

// pdxGateway reads text columns and rows and the graphics area.
func (s *sight) pdxGateway(list string) {
	d := &s.seen
	for ; list != ""; list = after(list, ';') {
		name, value, _ := strings.Cut(upTo(list, ";"), "=")
		if !digits(value) {
			continue
		}
		switch name {
		case "TX":
			s.h.Display.Columns = number(value)
		case "TY":
			s.h.Display.Rows = number(value)
		case "GX":
			d.WidthPx = number(value)
		case "GY":
			d.HeightPx = number(value)
		}
	}
}
