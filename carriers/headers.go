package carriers

import "strings"

// maxTransfer bounds what a handset may say of its own limits, in bytes: no page is ever larger.
const maxTransfer = 1 << 20

// headers takes what the handset or its gateway says about itself in header fields [au §2, softbank §2]. A value that does not
// fit is as good as none: never half a size.
func (s *sight) headers() {
	if s.seen.WidthPx > 0 && s.seen.HeightPx > 0 {
		s.h.Display.WidthPx, s.h.Display.HeightPx = s.seen.WidthPx, s.seen.HeightPx
		s.h.Assumed &^= FieldSize
		s.because(FieldSize, "User-Agent", "")
	}
	if s.r.Headers == nil || s.h.FullBrowser {
		return
	}
	switch s.h.Carrier {
	case PC:
		s.acceptCharset()
	case Au:
		s.auHeaders()
	case SoftBank:
		s.softBankHeaders()
	}
}

func (s *sight) auHeaders() {
	s.size("X-UP-DEVCAP-SCREENPIXELS", s.field("X-UP-DEVCAP-SCREENPIXELS"), ',')
	depth := s.field("X-UP-DEVCAP-SCREENDEPTH") // bits: "16,RGB565"
	if bits := upTo(depth, ","); digits(bits) && number(bits) >= 1 && number(bits) <= 24 {
		s.colors("X-UP-DEVCAP-SCREENDEPTH", depth, 1<<number(bits))
		if number(bits) <= 2 {
			s.blackAndWhite(depth)
		}
	}
	chars := s.field("X-UP-DEVCAP-SCREENCHARS")
	if columns, rows, ok := pair(chars, ','); ok {
		s.h.Display.Columns, s.h.Display.Rows = columns, rows
		s.becauseHeader(FieldChars, "X-UP-DEVCAP-SCREENCHARS", chars)
	}
	if pdu := s.field("X-UP-DEVCAP-MAX-PDU"); digits(pdu) && number(pdu) >= 500 {
		s.limit = limit{bytes: min(number(pdu), maxTransfer), rule: "header X-UP-DEVCAP-MAX-PDU", value: pdu}
	}
}

// blackAndWhite gives an HDML handset that nobody has a row for what all of its kind had: bitmaps, and decks of 1.4 KB unless it says
// how much it takes. Those with colours read PNG and five times as much.
func (s *sight) blackAndWhite(depth string) {
	if s.h.Dialect.Family != HDML || s.model != nil {
		return
	}
	s.h.Image.Formats = BMP
	s.becauseHeader(FieldImages, "X-UP-DEVCAP-SCREENDEPTH", depth)
	s.limit = limit{bytes: 1400, rule: "header X-UP-DEVCAP-SCREENDEPTH", value: depth}
}

func (s *sight) softBankHeaders() {
	s.size("X-JPHONE-DISPLAY", s.field("X-JPHONE-DISPLAY"), '*')
	s.size("X-S-DISPLAY-INFO", upTo(s.field("X-S-DISPLAY-INFO"), "/"), '*') // the browser area of the moment
	color := s.field("X-JPHONE-COLOR")                                      // C262144, G4: the number of colours
	if len(color) > 1 && (color[0] == 'C' || color[0] == 'G') && digits(color[1:]) && number(color[1:]) >= 2 {
		s.colors("X-JPHONE-COLOR", color, number(color[1:]))
	}
	if s.h.Type == "C3" && s.field("X-JPHONE-JAVA") != "" {
		s.h.Type = "C4"
	}
}

// acceptCharset takes the charset that an old browser of a PC says it reads best. One that names none of ours, or none at all,
// gets its row's.
func (s *sight) acceptCharset() {
	if s.h.Dialect.Family != HTML32 {
		return
	}
	value := s.field("Accept-Charset")
	best, bestQ := Charset(0), -1
	for list := value; list != ""; {
		var one string
		one, list, _ = strings.Cut(list, ",")
		name, params, _ := strings.Cut(one, ";")
		cs, ok := acceptable[strings.ToLower(strings.TrimSpace(name))]
		if q := quality(params); ok && q > 0 && q > bestQ {
			best, bestQ = cs, q
		}
	}
	if bestQ < 0 || best == Latin1 && strings.Contains(value, "*") && strings.Contains(s.r.UserAgent, "[ja") { // Netscape's of Japan: any other is as good
		return
	}
	s.h.Charset, s.h.FormIn = best, best
	s.h.References = s.h.References || best == Latin1
	s.becauseHeader(FieldCharset, "Accept-Charset", value)
}

// acceptable are the charsets that pages can be sent in, by the names that browsers give them.
var acceptable = map[string]Charset{"utf-8": UTF8, "shift_jis": ShiftJIS, "x-sjis": ShiftJIS, "shift-jis": ShiftJIS, "windows-31j": ShiftJIS,
	"euc-jp": EUCJP, "x-euc-jp": EUCJP, "iso-8859-1": Latin1, "windows-1252": Latin1, "us-ascii": Latin1, "iso-8859-15": Latin1}

// quality reads "q=0.7" in thousandths; 1000 if it is not there.
func quality(params string) int {
	_, v, ok := strings.Cut(params, "q=")
	if !ok {
		return 1000
	}
	v = strings.TrimSpace(v)
	if len(v) == 0 || v[0] != '0' {
		return 1000
	}
	n := 0
	for i := 2; i < 5; i++ {
		n *= 10
		if i < len(v) && digit(v[i]) {
			n += int(v[i] - '0')
		}
	}
	return n
}

// size takes "240*320".
func (s *sight) size(field, value string, sep byte) {
	if w, h, ok := pair(value, sep); ok {
		s.h.Display.WidthPx, s.h.Display.HeightPx = w, h
		s.h.Assumed &^= FieldSize
		s.becauseHeader(FieldSize, field, value)
	}
}

func (s *sight) colors(field, value string, n int) {
	s.h.Display.Colors = n
	s.h.Assumed &^= FieldColors
	s.becauseHeader(FieldColors, field, value)
}

// field returns the value of a field that occurs once, without the blanks around it, or "".
func (s *sight) field(name string) string {
	if s.r.Headers == nil {
		return ""
	}
	v, n := s.r.Headers.Header(name)
	if n != 1 {
		return ""
	}
	return strings.Trim(v, " \t")
}

// pair reads two numbers of one to four digits: "240,268", "240*320".
func pair(v string, sep byte) (a, b int, ok bool) {
	i := strings.IndexByte(v, sep)
	if i < 1 || i > 4 || len(v)-i-1 > 4 || !digits(v[:i]) || !digits(v[i+1:]) {
		return 0, 0, false
	}
	a, b = number(v[:i]), number(v[i+1:])
	return a, b, a > 0 && b > 0
}

// A HeaderList is a request's header section in order, the simplest [Headers].
type HeaderList []HeaderField

// A HeaderField is one line of a header section.
type HeaderField struct{ Name, Value string }

// Header implements [Headers]. Only ASCII letters compare without case: no look-alike counts (SEC-09).
func (l HeaderList) Header(name string) (value string, n int) {
	for _, f := range l {
		if len(f.Name) == len(name) && compareFold(f.Name, name) == 0 {
			if n == 0 {
				value = f.Value
			}
			n++
		}
	}
	return value, n
}
