package mail

import "strings"

// A Report says what became of one recipient (RFC 3464).
type Report struct {
	To         Address // Original-Recipient where there is one, else Final-Recipient; zero when neither can be read
	Action     string  // "failed", "delayed", "delivered", "relayed", "expanded"
	Status     string  // "5.1.1"
	Diagnostic string  // what the server said, one line
}

// Failed says whether the letter will not arrive. A delay is no bounce.
func (r Report) Failed() bool { return r.Action == "failed" }

// maxReports and maxDiagnostic bound what is kept of a report.
const (
	maxReports    = 20
	maxDiagnostic = 300
)

// readReports reads the groups of fields of a message/delivery-status: the first tells of the server, each other of one
// recipient.
func readReports(b []byte) (out []Report) {
	for len(b) > 0 && len(out) < maxReports {
		h, rest, err := splitHeader(b, DefaultLimits.HeaderBytes)
		if err != nil {
			return out
		}
		if b = rest; h.Get("Action") == "" {
			continue
		}
		r := Report{Action: strings.ToLower(firstWord(h.Get("Action"))), Status: firstWord(h.Get("Status"))}
		r.Diagnostic = clip(oneLine(printable(typed(h.Get("Diagnostic-Code")))))
		for _, name := range []string{"Original-Recipient", "Final-Recipient"} {
			if a, ok := headerAddress(typed(h.Get(name))); ok {
				r.To = a
				break
			}
		}
		out = append(out, r)
	}
	return out
}

// typed takes the type from a value such as "rfc822;a@b.jp" or "smtp; 550 …".
func typed(v string) string {
	if _, rest, ok := strings.Cut(v, ";"); ok {
		return strings.TrimSpace(rest)
	}
	return v
}

func firstWord(v string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(printable(v)), " ")
	return word
}

func clip(s string) string { return s[:min(len(s), maxDiagnostic)] }
