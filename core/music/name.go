package music

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"musubi/core"
)

// MaxName is how long a name of an artist, track or album may be, in characters; players send what stands in the file, and what
// is longer is cut.
const MaxName = 300

// Key is what spellings of one name share: width, case and blanks make no difference. "feat." stays: who is named there is
// part of the title.
func Key(name string) string {
	if plain(name) {
		return strings.ToLower(name)
	}
	return strings.Join(strings.Fields(cases.Fold().String(norm.NFKC.String(name))), " ")
}

// plain says whether a name is ASCII with single blanks, as many are; folding those is a tenth of the work.
func plain(name string) bool {
	for i := range len(name) {
		if c := name[i]; c < ' ' || c >= 0x7f || c == ' ' && (i == 0 || i == len(name)-1 || name[i-1] == ' ') {
			return false
		}
	}
	return true
}

// unreadable says whether a name was no text where it came from: with U+FFFD it names nothing, and two of them nothing in common.
func unreadable(name string) bool { return strings.ContainsRune(name, '\uFFFD') }

// cleanName makes a name fit to be stored and shown.
func cleanName(name string) string {
	name = core.Clean(name, core.OneLine)
	if len(name) > MaxName { // bytes first: nearly all are short
		if r := []rune(name); len(r) > MaxName {
			name = strings.TrimSpace(string(r[:MaxName]))
		}
	}
	return name
}
