package carriers

import "strings"

// au reads the User-Agents of EZweb and TU-KA, whose device ID has four characters: two for the maker, the series, the
// serial. The series tells the generation [au §1]:
//
//	HDML  UP.Browser/3.04-KCTA UP.Link/3.4.5.9 …
//	WAP2  KDDI-CA32 UP.Browser/6.2.0.7.3.129 (GUI) MMP/2.0 …
func (s *sight) au(ua string) bool {
	var id string
	if rest, ok := strings.CutPrefix(ua, "KDDI-"); ok {
		id = upTo(rest, " /(;,")
		s.h.Generation = wap2Generation(id)
		s.because(FieldCarrier, "User-Agent starts with", "KDDI-")
	} else if rest, ok := strings.CutPrefix(ua, "UP.Browser/"); ok {
		browser := upTo(rest, " ")
		_, id, _ = strings.Cut(browser, "-")
		s.h.Generation = hdmlGeneration(id)
		s.because(FieldCarrier, "User-Agent starts with", "UP.Browser/")
	} else {
		return false
	}
	s.h.Carrier = Au
	s.setModel(id)
	s.because(FieldGeneration, "third character of the device ID", id)
	return true
}

// wap2Generation reads the series: U is TU-KA, 3 and up is CDMA 1X WIN.
func wap2Generation(id string) Generation {
	switch {
	case len(id) >= 3 && id[2] == 'U':
		return TUKA
	case len(id) >= 3 && id[2] >= '3' && id[2] <= '9':
		return WAP2WIN
	}
	return WAP2x1
}

// hdmlGeneration reads the series: T is TU-KA.
func hdmlGeneration(id string) Generation {
	if len(id) >= 3 && id[2] == 'T' {
		return TUKA
	}
	return HDMLGen
}
