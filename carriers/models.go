package carriers

import (
	"musubi/carriers/internal/rows"
	"strconv"
	"strings"
)

// A Model names a known handset, for pickers.
type Model struct {
	Carrier    Carrier
	Generation Generation
	Token      string // as the User-Agent spells it
	Name       string // the marketing name where it differs
}

// Models lists every model of the shipped tables by carrier and token.
func Models() []Model {
	list := make([]Model, 0, len(modelRows))
	for _, m := range modelRows {
		if m.SameAs == "" && m.Token[0] != '*' {
			list = append(list, Model{Carrier(m.Carrier), Generation(m.Generation), m.Token, m.Name})
		}
	}
	return list
}

// ModelHandset returns the handset of a model, named by its token or its marketing name ("P903i", "CA39", "W43H",
// "910T"), letter case aside, with a User-Agent such as that model sends. ok is false when nobody knows the model.
func ModelHandset(name string) (h Handset, userAgent string, ok bool) {
	m := modelNamed(name)
	if m == nil {
		return Handset{}, "", false
	}
	userAgent = userAgentOf(m)
	return Identify(Request{UserAgent: userAgent}), userAgent, true
}

func modelNamed(name string) *rows.Model {
	if strings.HasPrefix(name, "*") {
		return nil
	}
	for _, c := range [...]Carrier{DoCoMo, Au, SoftBank} {
		m := findModel(modelRows, c, name)
		if m != nil && m.SameAs != "" {
			m = findModel(modelRows, c, m.SameAs)
		}
		if m != nil {
			return m
		}
	}
	for i := range modelRows {
		if m := &modelRows[i]; m.Name != "" && strings.EqualFold(m.Name, name) {
			return m
		}
	}
	return nil
}

// userAgentOf writes a plausible User-Agent after the grammar of the generation.
func userAgentOf(m *rows.Model) string {
	switch Generation(m.Generation) {
	case Mova:
		ua := "DoCoMo/1.0/" + m.Token
		if m.Limit > 0 {
			ua += "/c" + strconv.Itoa(m.Limit/1000)
		}
		if m.Dialect.Major >= 5 {
			ua += "/TB/W20H10"
		}
		return ua
	case FOMA:
		cache := 100
		if m.Limit > 0 {
			cache = m.Limit / 1000
		}
		return "DoCoMo/2.0 " + m.Token + "(c" + strconv.Itoa(cache) + ";TB;W24H12)"
	case IMode2:
		return "DoCoMo/2.0 " + m.Token + "(c500;TB;W24H16)"
	case WAP2x1, WAP2WIN:
		return "KDDI-" + m.Token + " UP.Browser/6.2.0.7.3.129 (GUI) MMP/2.0"
	case HDMLGen, TUKA:
		if Family(m.Dialect.Family) == XHTMLMP {
			return "KDDI-" + m.Token + " UP.Browser/6.2.0.7.3.129 (GUI) MMP/2.0"
		}
		return "UP.Browser/3.04-" + m.Token + " UP.Link/3.4.5.2"
	case PDCC:
		version := "3.0"
		if m.Type == "C2" {
			version = "2.0"
		}
		return "J-PHONE/" + version + "/" + m.Token
	case PDCP:
		jscl := map[string]string{"P4": "4.0 1.1.0", "P5": "4.2 1.2.1", "P6": "4.3 1.2.2", "P7": "4.3 1.3.2"}[m.Type]
		version, jscl, _ := strings.Cut(jscl, " ")
		return "J-PHONE/" + version + "/" + m.Token + " XX/0001aa Profile/MIDP-1.0 Configuration/CLDC-1.0 Ext-Profile/JSCL-" + jscl
	case SBW:
		return "J-PHONE/5.0/" + m.Token
	}
	switch m.Token {
	case "V702MO":
		return "MOT-V980/80.2F.2E. MIB/2.2.1 Profile/MIDP-2.0 Configuration/CLDC-1.1"
	case "V702sMO":
		return "MOT-C980/80.2F.2E. MIB/2.2.1 Profile/MIDP-2.0 Configuration/CLDC-1.1"
	}
	brand := "SoftBank/1.0/"
	if m.Token[0] == 'V' {
		brand = "Vodafone/1.0/"
	}
	maker := strings.TrimLeft(strings.TrimLeft(m.Token, "V"), "0123456789")
	return brand + m.Token + "/" + maker + "J001 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1"
}
