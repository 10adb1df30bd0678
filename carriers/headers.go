package carriers

import "strings"

// headers takes what the handset or its gateway says about itself in header fields [carriers §2]. A value that does not
// fit is as good as none: never half a size.
func (s *sight) headers() {
	if s.seen.WidthPx > 0 && s.seen.HeightPx > 0 {
		s.size(s.seen.WidthPx, s.seen.HeightPx, "User-Agent", "")
	}
	if s.r.Headers == nil || s.h.FullBrowser {
		return
	}
	switch s.h.Carrier {
	case Au:
		s.auHeaders()
	case SoftBank:
		s.softBankHeaders()
	}
}

func (s *sight) auHeaders() {
	d := &s.h.Display
	if v := s.field("X-UP-DEVCAP-SCREENPIXELS"); v != "" {
		if w, h, ok := pair(v, ','); ok {
			s.size(w, h, "header X-UP-DEVCAP-SCREENPIXELS", v)
		}
	}
	if v := s.field("X-UP-DEVCAP-SCREENDEPTH"); v != "" { // bits: "16,RGB565"
		if bits := upTo(v, ","); digits(bits) && number(bits) >= 1 && number(bits) <= 24 {
			s.colors(1<<number(bits), "header X-UP-DEVCAP-SCREENDEPTH", v)
		}
	}
	if v := s.field("X-UP-DEVCAP-SCREENCHARS"); v != "" {
		if columns, rows, ok := pair(v, ','); ok {
			d.Columns, d.Rows = columns, rows
			s.because(FieldChars, "header X-UP-DEVCAP-SCREENCHARS", v)
		}
	}
	if v := s.field("X-UP-DEVCAP-MAX-PDU"); digits(v) && number(v) >= 500 {
		s.limit = limit{bytes: number(v), rule: "header X-UP-DEVCAP-MAX-PDU", value: v}
	}
}

func (s *sight) softBankHeaders() {
	if v := s.field("X-JPHONE-DISPLAY"); v != "" {
		if w, h, ok := pair(v, '*'); ok {
			s.size(w, h, "header X-JPHONE-DISPLAY", v)
		}
	}
	if v := upTo(s.field("X-S-DISPLAY-INFO"), "/"); v != "" { // the browser area of the moment
		if w, h, ok := pair(v, '*'); ok {
			s.size(w, h, "header X-S-DISPLAY-INFO", v)
		}
	}
	if v := s.field("X-JPHONE-COLOR"); len(v) > 1 && (v[0] == 'C' || v[0] == 'G') && digits(v[1:]) && number(v[1:]) >= 2 {
		s.colors(number(v[1:]), "header X-JPHONE-COLOR", v)
	}
	if s.h.Type == "C3" && s.field("X-JPHONE-JAVA") != "" {
		s.h.Type = "C4"
	}
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

func (s *sight) size(w, h int, rule, value string) {
	s.h.Display.WidthPx, s.h.Display.HeightPx = w, h
	s.h.Assumed &^= FieldSize
	s.because(FieldSize, rule, value)
}

func (s *sight) colors(n int, rule, value string) {
	s.h.Display.Colors = n
	s.h.Assumed &^= FieldColors
	s.because(FieldColors, rule, value)
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
