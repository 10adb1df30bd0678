package carriers

// robotsByByte lists the words of data/robots.tsv by their first letter in lower case, so that one walk over the
// User-Agent finds any of them.
var robotsByByte = func() (index [256][]*robotRow) {
	for i := range robotRows {
		c := lower(robotRows[i].word[0])
		index[c] = append(index[c], &robotRows[i])
	}
	return index
}()

// robotWord returns the first word of robots.tsv in the User-Agent, or nil.
func robotWord(ua string) *robotRow {
	for i := 0; i < len(ua); i++ {
		for _, r := range robotsByByte[lower(ua[i])] {
			if hasPrefixFold(ua[i:], r.word) {
				return r
			}
		}
	}
	return nil
}
