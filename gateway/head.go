package gateway

import "strings"

// A head is the header section of one request as it came over the wire: parsed once, strictly, before the body is read.
// Nothing the body brings (trailers above all, SEC-10) can reach it, and every later step reads it instead of the
// parser's own, more forgiving view. It satisfies carriers.Headers.
type head struct{ fields []field }

// A field is one header field. Its strings share the memory of one copy of the section.
type field struct{ name, value string }

// Limits of a header section (SEC-64). Its size in bytes is bounded by Limits.HeaderBytes.
const maxFields = 100

// parse reads a raw header section, from the first field to the empty line. What the parser in front of it
// forgives is refused here: folded lines, bare LF, names that are not tokens (SEC-11, SEC-61).
func (h *head) parse(raw string) *refusal {
	for raw != "" {
		line, rest, ok := strings.Cut(raw, "\n")
		if !ok || !strings.HasSuffix(line, "\r") {
			return refuse(errMalformed, "a header line does not end with CRLF")
		}
		raw, line = rest, line[:len(line)-1]
		if line == "" {
			if raw != "" {
				return refuse(errMalformed, "bytes after the header section")
			}
			return nil
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) { // a folded line begins with white space, which is no token either
			return refuse(errMalformed, "a header line without a valid field name")
		}
		value = strings.Trim(value, " \t")
		if hasControl(value) {
			return refuse(errMalformed, "a control byte in a field value")
		}
		if len(h.fields) == maxFields {
			return refuse(errHeaderTooLarge, "more than 100 header fields")
		}
		h.fields = append(h.fields, field{name, value})
	}
	return nil
}

// Header returns the first value of the field and how many fields have that name, compared without case.
func (h *head) Header(name string) (string, int) {
	value, n := "", 0
	for i := range h.fields {
		if f := &h.fields[i]; len(f.name) == len(name) && strings.EqualFold(f.name, name) {
			if n == 0 {
				value = f.value
			}
			n++
		}
	}
	return value, n
}

// get returns the value of a field that must not repeat; repeated fields count as absent.
func (h *head) get(name string) string {
	v, n := h.Header(name)
	if n != 1 {
		return ""
	}
	return v
}

// has says whether a comma-separated list field holds the token, compared without case and looking at every field of
// the name.
func (h *head) has(name, token string) bool {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) && listHas(f.value, token) {
			return true
		}
	}
	return false
}

// listHas says whether a comma-separated list has the token as a member, parameters left aside.
func listHas(list, token string) bool {
	for list != "" {
		var member string
		member, list, _ = strings.Cut(list, ",")
		member, _, _ = strings.Cut(member, ";")
		if strings.EqualFold(strings.TrimSpace(member), token) {
			return true
		}
	}
	return false
}

// joined returns all values of a comma-separated list field in order, as one list.
func (h *head) joined(name string) string { return h.joinedBy(name, ",") }

func (h *head) joinedBy(name, separator string) string {
	all, n := "", 0
	for i := range h.fields {
		if f := &h.fields[i]; len(f.name) == len(name) && strings.EqualFold(f.name, name) {
			if n++; n == 1 { // nearly always the only one
				all = f.value
			} else {
				all += separator + f.value
			}
		}
	}
	return all
}

// isToken says whether s is an HTTP token of ASCII letters, digits and the signs allowed in names.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>@,;:\\\"/[]?={}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

// hasControl says whether s holds a control byte other than a tab.
func hasControl(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return false
}
