package carriers

import (
	"strings"

	"musubi/carriers/internal/rows"
)

// docomo reads the User-Agents of i-mode:
//
//	mova  DoCoMo/1.0/MODEL[/cNN][/STATUS][/WccHrr][/ser…11]
//	FOMA  DoCoMo/2.0 MODEL[(cNN[;STATUS][;WccHrr][;ser…15][;icc…20])]
//
// Options may come in any order and unknown ones are ignored [docomo §1].
func (s *sight) docomo(ua string) bool {
	rest, ok := strings.CutPrefix(ua, "DoCoMo/")
	if !ok || len(rest) < 3 || !digit(rest[0]) || rest[1] != '.' || !digit(rest[2]) {
		return false
	}
	version, rest := rest[:3], rest[3:]
	if rest != "" && rest[0] != '/' && rest[0] != ' ' {
		return false
	}
	s.h.Carrier = DoCoMo
	s.because(FieldCarrier, "User-Agent starts with", ua[:len("DoCoMo/0.0")])
	switch {
	case rest == "":
	case rest[0] == ' ':
		s.foma(rest[1:])
	case version[0] == '1':
		s.h.Generation, s.stated = Mova, true
		s.because(FieldGeneration, "User-Agent DoCoMo/1", version)
		s.mova(rest[1:])
	default: // DoCoMo/2.0/N502i: no handset writes this
		s.h.Robot = true
		s.because(FieldRobot, "DoCoMo/2.0 followed by a slash", rest)
		s.mova(rest[1:])
	}
	return true
}

// series finds the row of a model's series, what all makers' 502i have in common.
func (g *Registry) series(model string) *rows.Model {
	i := 0
	for i < len(model) && !digit(model[i]) {
		i++
	}
	if i+4 > len(model) {
		return nil
	}
	return g.model(DoCoMo, "*"+model[i:i+4])
}

// mova reads MODEL/option/option, up to the comment a robot may add.
func (s *sight) mova(rest string) {
	rest = upTo(rest, " (")
	s.setModel(upTo(rest, "/"))
	s.limit = limit{bytes: 5000, rule: "User-Agent without a cache size"}
	for rest = after(rest, '/'); rest != ""; rest = after(rest, '/') {
		s.docomoOption(upTo(rest, "/"), 11)
	}
}

// foma reads MODEL(option;option). A second pair of brackets is a robot's and is not looked at.
func (s *sight) foma(rest string) {
	model := upTo(rest, " (/")
	s.setModel(model)
	s.h.Generation = FOMA
	s.because(FieldGeneration, "User-Agent DoCoMo/2", model)
	rest = rest[len(model):]
	if !strings.HasPrefix(rest, "(") {
		return
	}
	options := upTo(rest[1:], ")")
	for options != "" {
		s.docomoOption(upTo(options, ";"), 15)
		options = after(options, ';')
	}
	if s.limit.bytes > 0 {
		s.stated = true
		if s.limit.bytes >= 500_000 {
			s.h.Generation = IMode2
			s.because(FieldGeneration, "cache of 500 KB and up: i-mode browser 2.0", "")
		}
	}
}

// docomoOption reads one option. serial is the length of a serial number in this generation.
func (s *sight) docomoOption(o string, serial int) {
	switch {
	case len(o) >= 2 && o[0] == 'c' && digits(o[1:]):
		s.limit = limit{bytes: min(number(o[1:])*1000, maxTransfer), rule: "User-Agent cache size in KB", value: o}
	case strings.HasPrefix(o, "ser"):
		s.takeID(&s.h.TerminalID, FieldTerminalID, o[3:], alphanumeric(o[3:], serial))
	case strings.HasPrefix(o, "icc") && serial == 15:
		s.takeID(&s.h.CardID, FieldCardID, o[3:], alphanumeric(o[3:], 20))
	case len(o) >= 4 && o[0] == 'W' && strings.IndexByte(o, 'H') > 0:
		columns, rows, _ := strings.Cut(o[1:], "H")
		if digits(columns) && digits(rows) {
			s.h.Display.Columns, s.h.Display.Rows = number(columns), number(rows)
			s.because(FieldChars, "User-Agent columns and rows", o)
		}
	case len(o) == 2 && upper(o[0]) && upper(o[1]):
		s.h.Status = o
	}
}

// takeID sets an ID that stands in the User-Agent. A second one of the same kind leaves none (SEC-08).
func (s *sight) takeID(to *string, f Fields, value string, valid bool) {
	if s.twice&f != 0 || !valid {
		return
	}
	if *to != "" {
		*to, s.twice = "", s.twice|f
		s.because(f, "given twice: none believed", "")
		return
	}
	*to = value
	s.because(f, "User-Agent", value)
}
