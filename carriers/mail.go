package carriers

import "strings"

// ByMailDomain tells the carrier of a mail address's domain, letter case aside; PC when it is no carrier's.
func ByMailDomain(domain string) Carrier {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	for _, r := range mailRows {
		if domain == strings.TrimPrefix(r.Domain, ".") || r.Domain[0] == '.' && strings.HasSuffix(domain, r.Domain) {
			return Carrier(r.Carrier)
		}
	}
	return PC
}
