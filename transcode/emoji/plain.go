package emoji

// plain returns the concept for a reader without any emoji: the neutral text, else the carrier's name in brackets (a
// word is kinder than 〓).
func (c *Concept) plain() string {
	switch {
	case signs[c.Unicode] != "":
		return signs[c.Unicode]
	case len(c.Unicode) == len("1\u20e3") && c.Unicode[1:] == "\u20e3":
		return "[" + c.Unicode[:1] + "]"
	case c.Text != "":
		return c.Text
	case c.NameJA != "":
		return "[" + c.NameJA + "]"
	}
	return "〓"
}

// signs are concepts that plain text writes better than with a name.
var signs = map[string]string{
	"\u00a9": "(C)", "\u00ae": "(R)", "\u2122": "TM",
	"\u2002": " ", "\u2003": "\u3000", "\u2005": " ",
	"\U0001F3B5": "♪", "\u3030": "～", "\u2b55": "○",
}
