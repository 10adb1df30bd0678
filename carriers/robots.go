package carriers

import "musubi/carriers/internal/rows"

// robotsByByte lists the words of data/robots.tsv by their first byte, so that one walk over the User-Agent finds any.
var robotsByByte = func() (index [256][]*rows.Robot) {
	for i := range robotRows {
		c := robotRows[i].Word[0]
		index[c] = append(index[c], &robotRows[i])
	}
	return index
}()

// robotWord returns the first word of robots.tsv that stands in the User-Agent, or nil.
func robotWord(ua string) *rows.Robot {
	for i := 0; i < len(ua); i++ {
		for _, r := range robotsByByte[lower(ua[i])] {
			if hasPrefixFold(ua[i:], r.Word) && !(r.Edge && i+len(r.Word) < len(ua) && letterOrDigit(ua[i+len(r.Word)])) {
				return r
			}
		}
	}
	return nil
}
