package carriers

import "strings"

// emobile reads the User-Agents of EMOBILE [willcom §2]: EMnet mode names itself, PC mode says OpenBrowser.
//
//	emobile/1.0.0 (H11T; like Gecko; Wireless) NetFront/3.4
//	Mozilla/5.0 (H11T; like Gecko; OpenBrowser) NetFront/3.4
//	IAC/1.0 (H31IA;like Gecko;OpenBrowser) WWW Browser/ver1.0
//	Huawei/1.0/H12HW/B000 Browser/Obigo-Browser/Q05A
func (s *sight) emobile(ua string) bool {
	switch {
	case strings.HasPrefix(ua, "emobile/"):
		s.setModel(upTo(after(ua, '('), ";)"))
	case strings.HasPrefix(ua, "IAC/1.0 (H31IA;"):
		s.setModel("H31IA")
	case strings.HasPrefix(ua, "Huawei/1.0/H1"):
		s.setModel(upTo(ua[len("Huawei/1.0/"):], "/ "))
	case strings.HasPrefix(ua, "Mozilla/5.0 (H11T;"):
		s.setModel("H11T")
	case strings.HasPrefix(ua, "Mozilla/4.0 (compatible; MSIE 6.0; Windows CE; IEMobile 7.7) S11HT"):
		s.setModel("S11HT")
	default:
		return false
	}
	s.h.Carrier = Emobile
	s.h.FullBrowser = strings.Contains(ua, "OpenBrowser")
	s.because(FieldCarrier, "User-Agent of EMOBILE", upTo(ua, " "))
	return true
}
