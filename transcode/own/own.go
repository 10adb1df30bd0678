// Package own has the names that the gateway keeps for itself in the addresses, forms and cookies of pages, and the one rule of
// what of an address or a form is ours and what the application's (docs/architecture.md has the table).
//
// Start with [Of], which reads one parameter, and [Ours].
package own

import "strings"

// Names of parameters and hidden fields.
const (
	Session = "_s" // session ID
	Part    = "_p" // part of a page
	Held    = "_h" // an answer to a form, of which another part is wanted: it cannot be asked for again
	Piece   = "_f" // piece of a form
	Answers = "_a" // what its earlier pieces were answered
	Kept    = "_o" // the text behind what a field shows (transcode/keep)
	Charset = "_e" // how the application wants its form: charset, kind of its body, mark of the page's session
	AsIs    = "_u" // the query was written by us: it means its bytes, not what the handset's charset makes of them
	Across  = "_x" // a page of one site wrote this into a link or form to another (a proxy's or a portal's)
	Secret  = "_y" // the page said https where it sends this form to: it does not go out in the clear (a proxy's or a portal's)

	WrittenAsIs = AsIs + "=1"

	KeptAnswer = "\x00" + Kept // the same among answers, where names are the application's: none of its own has such a character
)

// Beginnings of field names: what a handset cannot show it does not give back either, so a field says what was done to it
// (page.Restore undoes it).
const (
	Button = "_b." // a button whose label is not its value: handsets know no button element. "_b.act=delete" pressed as 削除 means act=delete
	Check  = "_c." // an HDML check box: it always sends something; nothing means it is not checked
	Step   = "_g." // an HDML card that asks for some of the options of a select: its answer takes the place of what the select sends
	Pick   = "_r." // a radio button of HDML whose group is asked elsewhere: "_r.2._b.size=large" is one if the group was answered 2
	Value  = "_v." // a control whose values are packed (keep.Opaque); an empty one is none at all
	Name   = "_n." // a name that is packed itself
	Way    = "_d." // a button that sends the form otherwise: packed method, target and pairs
	File   = "_i." // a file that is not chosen: handsets have none to choose
	Lines  = "_l." // an HDML field whose value has a keep.Mark for each line end
)

// Cookies, set only where a handset is known or hoped to keep them. The probe holds no secret; the session's name differs
// between HTTP and HTTPS, because au keeps one jar in its server and one in the handset, and a cookie of one must not
// hide that of the other.
const (
	CookieProbe = "_k"
	CookieHTTP  = "_s"
	CookieHTTPS = "_ss"
)

// Paths of the gateway's own pages.
const (
	Pages   = "/_/"
	Cushion = Pages + "go" // the page before a link to another host, whose URL is in its parameter u (SEC-34)
)

// What passes between a docomo handset and its carrier: the wish to be asked for the ID, and what a handset fills in that is not (SEC-12, SEC-13).
const (
	GUID     = "guid"
	AskForID = GUID + "=ON"
	NoID     = "NULLGWDOCOMO"
)

// A Use is what a parameter of an address is for.
type Use uint8

// Uses of parameters.
const (
	Theirs      Use = iota // the application's, whatever it is
	ForSession             // Session
	ForPart                // Part
	ForHeld                // Held
	ForPieces              // Piece and Answers, which travel in the query where a form of GET is cut
	ForCharset             // AsIs
	ForAcross              // Across
	ForSecret              // Secret
	ForTheID               // guid: between handset and carrier
	ForNobodyID            // the application's, with a value that stands for an ID that there is not
)

// Of says what one parameter of an address is for, given as name=value, as it stands between two ampersands.
func Of(pair string) Use {
	name, value, _ := strings.Cut(pair, "=")
	switch {
	case strings.EqualFold(name, GUID):
		return ForTheID
	case value == NoID:
		return ForNobodyID
	}
	return use(name)
}

// use is what a name alone says.
func use(name string) Use {
	switch name {
	case Session:
		return ForSession
	case Part:
		return ForPart
	case Held:
		return ForHeld
	case Piece, Answers:
		return ForPieces
	case AsIs:
		return ForCharset
	case Across:
		return ForAcross
	case Secret:
		return ForSecret
	}
	return Theirs
}

// Ours says whether a parameter, as [Of] has it, is one that the gateway writes: an application's address is written without.
func Ours[T ~string | ~[]byte](pair T) bool {
	return len(pair) > 1 && pair[0] == '_' && (len(pair) == 2 || pair[2] == '=') && use(string(pair[:2])) != Theirs
}

// Field says whether a field of a form is the gateway's own by its name, and no answer of the member.
func Field(name string) bool { return use(name) != Theirs || name == Kept || name == Charset }

// Cookie says whether a cookie is the gateway's own by its name.
func Cookie(name string) bool {
	return name == CookieProbe || name == CookieHTTP || name == CookieHTTPS
}

// Taken says whether a name of the application's would be taken for one of ours, or for one that says what was done to a field.
func Taken(name []byte) bool {
	if len(name) < 2 || name[0] != '_' {
		return false
	}
	if Field(string(name)) {
		return true
	}
	for _, p := range [...]string{Button, Check, Step, Pick, Value, Name, Lines, File, Way} {
		if strings.HasPrefix(string(name), p) {
			return true
		}
	}
	return false
}

// Asks says whether a query asks for the handset's ID: guid=ON, which any case of letters and any place spells (SEC-13).
func Asks(query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		if strings.EqualFold(pair, AskForID) {
			return true
		}
	}
	return false
}

// Without is an address without what is ours in it, and without what is between handset and carrier: so it may be shown to
// the application (SEC-36).
func Without(address string) string {
	before, query, ok := strings.Cut(address, "?")
	if !ok {
		return address
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		if !Ours(pair) && Of(pair) != ForTheID {
			kept = append(kept, pair)
		}
	}
	if len(kept) == 0 {
		return before
	}
	return before + "?" + strings.Join(kept, "&")
}
