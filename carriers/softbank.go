package carriers

import "strings"

// softBank reads the User-Agents of J-PHONE, Vodafone and SoftBank, one company through its names [softbank §1]:
//
//	C    J-PHONE/3.0/V301D
//	P    J-PHONE/4.0/J-SH51[/SN…11] SH/0001aa Profile/… Ext-Profile/JSCL-1.1.0
//	W    J-PHONE/5.0/V801SA
//	3GC  SoftBank/1.0/910T/TJ001[/SN…15] Browser/…,  Vodafone/1.0/…,  MOT-V980/…
func (s *sight) softBank(ua string) bool {
	switch {
	case strings.HasPrefix(ua, "Semulator/"), strings.HasPrefix(ua, "Vemulator/"):
		s.softBankPath("Semulator/, Vemulator/", after(ua, '/'), SB3GC)
	case strings.HasPrefix(ua, "J-EMULATOR/") && version(ua[11:]):
		s.softBankPath("J-EMULATOR/", ua[11:], jphoneGeneration(ua[11:]))
		s.h.Type = pdcType(ua[11:])
	case strings.HasPrefix(ua, "MOTEMULATOR/"):
		s.softBankPath("MOTEMULATOR/", "", SB3GC)
	case hasPrefixFold(ua, "J-PHONE/") && version(ua[8:]):
		s.softBankPath("J-PHONE/", ua[8:], jphoneGeneration(ua[8:]))
		s.h.Type = pdcType(ua[8:])
	case strings.HasPrefix(ua, "Vodafone/") && version(ua[9:]):
		s.softBankPath("Vodafone/", ua[9:], SB3GC)
	case strings.HasPrefix(ua, "SoftBank/") && version(ua[9:]):
		s.softBankPath("SoftBank/", ua[9:], SB3GC)
	case strings.HasPrefix(ua, "MOT-"):
		s.softBankPath("MOT-", "", SB3GC)
		s.setModel(upTo(ua, "/ "))
	default:
		return false
	}
	return true
}

// softBankPath reads VERSION/MODEL[/MAKER][/SNserial], the first word of the User-Agent.
func (s *sight) softBankPath(prefix, rest string, g Generation) {
	s.h.Carrier, s.h.Generation, s.stated = SoftBank, g, true
	s.because(FieldCarrier, "User-Agent starts with", prefix)
	s.because(FieldGeneration, "User-Agent version", upTo(rest, "/ "))
	path := after(upTo(rest, " "), '/')
	if path == "" {
		return
	}
	s.setModel(upTo(path, "/"))
	path = after(path, '/')
	if g == SB3GC {
		path = after(path, '/') // the maker's code, SHJ001
	}
	if serial, ok := strings.CutPrefix(path, "SN"); ok {
		valid := len(serial) == 15 && digits(serial)
		if g == PDCP || g == SBW {
			valid = valid || alphanumeric(serial, 11)
		}
		s.takeID(&s.h.TerminalID, FieldTerminalID, serial, valid)
	}
}

// modelHeader takes the model from X-JPHONE-MSNAME, which knows it better than the User-Agent: Motorola's has none.
func (s *sight) modelHeader() {
	if s.h.Carrier != SoftBank || s.h.FullBrowser {
		return
	}
	if name := s.field("X-JPHONE-MSNAME"); tokenLike(name) {
		s.h.Model = name
		s.becauseHeader(FieldModel, "X-JPHONE-MSNAME", name)
	}
}

func jphoneGeneration(version string) Generation {
	switch version[0] {
	case '4':
		return PDCP
	case '5':
		return SBW
	}
	return PDCC
}

// pdcType gives SoftBank's name of a PDC type for a model without a row: the browser's version, and on P types the Java
// library's [softbank §1].
func pdcType(version string) string {
	switch version[0] {
	case '1', '2':
		return "C2"
	case '3':
		return "C3"
	case '4':
		_, jscl, _ := strings.Cut(version, "JSCL-")
		switch {
		case jscl == "" || strings.HasPrefix(jscl, "1.1"):
			return "P4"
		case strings.HasPrefix(jscl, "1.2.1"):
			return "P5"
		case strings.HasPrefix(jscl, "1.2.2"):
			return "P6"
		}
		return "P7"
	}
	return ""
}

// withoutRevision drops the hardware revision: J-SH03_a is a J-SH03.
func withoutRevision(model string) string {
	if n := len(model); n > 2 && model[n-2] == '_' && 'a' <= model[n-1] && model[n-1] <= 'c' {
		return model[:n-2]
	}
	return model
}
