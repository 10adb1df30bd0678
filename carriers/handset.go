package carriers

import (
	"net/netip"

	"musubi/carriers/internal/rows"
)

// A Carrier is one operator's network, one value for a company through all its names: J-PHONE and Vodafone are
// generations of SoftBank. Operators of musubi may add carriers of their own in a file; their names are further values.
type Carrier string

// The carriers that need code of their own, and the four kinds of client that have none.
const (
	DoCoMo     Carrier = "docomo"
	Au         Carrier = "au"
	SoftBank   Carrier = "softbank"
	Willcom    Carrier = "willcom"
	Emobile    Carrier = "emobile"
	Crawler    Carrier = "crawler"    // a robot, often dressed as a handset: served its markup, never trusted
	Smartphone Carrier = "smartphone" // reads the canonical page
	PC         Carrier = "pc"         // reads the canonical page; also everything we do not know
)

// A Generation is a carrier's network and browser generation.
type Generation string

// Generations, as `musubi identify` prints them.
const (
	Mova     Generation = "mova"     // docomo PDC
	FOMA     Generation = "foma"     // docomo W-CDMA, i-mode browser 1.0
	IMode2   Generation = "imode2"   // docomo FOMA with i-mode browser 2.0 (cache of 500 KB and up)
	HDMLGen  Generation = "hdml"     // au WAP1
	WAP2x1   Generation = "wap2-1x"  // au CDMA 1X
	WAP2WIN  Generation = "wap2-win" // au CDMA 1X WIN
	TUKA     Generation = "tuka"     // TU-KA, WAP1 or WAP2
	PDCC     Generation = "pdc-c"    // J-PHONE C type
	PDCP     Generation = "pdc-p"    // J-PHONE P type
	SBW      Generation = "w"        // Vodafone first W-CDMA models
	SB3GC    Generation = "3gc"      // Vodafone 3G, SoftBank 3G
	Unlisted Generation = ""         // none, or not known
)

// A Charset is an encoding a handset reads or writes. Shift_JIS means Windows code page 932.
type Charset uint8

// Charsets. The zero value is UTF-8.
const (
	UTF8 Charset = iota
	ShiftJIS
	EUCJP
	ISO2022JP // mail only
	Latin1    // ISO-8859-1, of old browsers of the West
)

// String gives the name used on the wire, in HTTP headers and in the workbench's JSON.
func (c Charset) String() string {
	switch c {
	case ShiftJIS:
		return "Shift_JIS"
	case EUCJP:
		return "EUC-JP"
	case ISO2022JP:
		return "ISO-2022-JP"
	case Latin1:
		return "ISO-8859-1"
	}
	return "UTF-8"
}

// An EmojiSet says which emoji codes a handset draws.
type EmojiSet uint8

// Emoji sets. The zero value is standard Unicode, which is what the core writes and browsers draw.
const (
	EmojiUnicode  EmojiSet = iota
	EmojiNone              // text fallbacks only (retro browsers)
	EmojiDoCoMo            // also Willcom
	EmojiAu                // au and TU-KA
	EmojiSoftBank          // J-PHONE, Vodafone, SoftBank; webcode on C, P and W types
)

// String gives the name used in the workbench's JSON.
func (e EmojiSet) String() string {
	return [...]string{"unicode", "none", "docomo", "au", "softbank"}[e]
}

// A Family is a kind of markup, without its version.
type Family uint8

// Markup families. The zero value, HTML5, means the canonical page goes out untouched.
const (
	HTML5   Family = iota
	CHTML          // i-mode HTML 1.0 … 7.2
	IXHTML         // i-XHTML 1.0 … 2.3, application/xhtml+xml, inline CSS only
	XHTMLMP        // XHTML Mobile Profile: au WAP2, SoftBank W and 3GC
	JPHONE         // J-PHONE HTML, C and P types
	HDML           // au WAP1
	HTML32         // plain HTML 3.2: Willcom, retro PC browsers, feature phones unknown to us
	WML            // WAP phones of other countries: 1.1, or 1.3 with keys
)

// A Dialect is the markup a handset reads: family and version.
type Dialect struct {
	Family       Family
	Major, Minor uint8
}

// String gives the name used in the workbench's JSON: "chtml-5.0", "ixhtml-2.3", "xhtml-mp", "html5" …
func (d Dialect) String() string {
	v := string([]byte{'-', '0' + d.Major, '.', '0' + d.Minor})
	switch d.Family {
	case CHTML:
		return "chtml" + v
	case IXHTML:
		return "ixhtml" + v
	case XHTMLMP:
		return "xhtml-mp"
	case JPHONE:
		return "jphone"
	case HDML:
		return "hdml"
	case HTML32:
		return "html-3.2"
	case WML:
		return "wml" + v
	}
	return "html5"
}

// XML says whether pages of the dialect must be well-formed XML.
func (d Dialect) XML() bool { return d.Family == IXHTML || d.Family == XHTMLMP || d.Family == WML }

// Deck says whether pages of the dialect are decks of cards.
func (d Dialect) Deck() bool { return d.Family == HDML || d.Family == WML }

// A Display is the browser's area on the handset's screen. Zero fields are not known.
type Display struct {
	WidthPx, HeightPx int
	Colors            int // 2 and 4 are grey scales
	Columns, Rows     int // half-width characters per line, lines
}

// ImageFormats is a set of image formats.
type ImageFormats uint8

// Image formats a handset may show.
const (
	GIF ImageFormats = 1 << iota
	JPEG
	PNG
	BMP
	WBMP // WAP's own, black and white
)

// Has says whether all formats of g are in the set.
func (f ImageFormats) Has(g ImageFormats) bool { return f&g == g }

// Names lists the formats of the set as the workbench's JSON does.
func (f ImageFormats) Names() (names []string) {
	for i, name := range rows.Formats {
		if f.Has(1 << i) {
			names = append(names, name)
		}
	}
	return names
}

// ImageLimits bounds one image for the handset.
type ImageLimits struct {
	Formats  ImageFormats // zero: every format a browser of today shows
	MaxBytes int          // largest one image may be, in bytes; 0: not limited
}

// An InputMode is the way a handset is told what a text field expects.
type InputMode uint8

// Input mode families.
const (
	InputHTML5  InputMode = iota // inputmode and type as written
	InputIstyle                  // istyle="1"…"4": CHTML, au, 3GC
	InputMODE                    // mode="hiragana|katakana|alphabet|numeric": J-PHONE
	InputCSS                     // -wap-input-format in a style attribute: i-XHTML
	InputFormat                  // FORMAT=: HDML, format=: WML
	InputNone
)

// A Class is the kind of client a source address range belongs to. Only ClassHandset may carry a believable ID
// (SEC-04).
type Class uint8

// Range classes.
const (
	ClassNone        Class = iota // in no list
	ClassHandset                  // the carrier's own handset gateway
	ClassFullBrowser              // full browser, PC site viewer, or shared with one
	ClassDialUp                   // shared with data cards
	ClassSmartphone
	ClassMail // mail only
)

// String names the class as data/ranges.tsv does, "" for none.
func (c Class) String() string { return rows.Classes[c] }

// A Step says how far Identify had to fall back for its facts.
type Step uint8

// Steps, best first.
const (
	StepRow        Step = iota // a row of the handset table
	StepGeneration             // defaults of the generation
	StepCarrier                // defaults of the carrier
	StepPlain                  // plain HTML
)

// String says where the facts were found.
func (s Step) String() string {
	return [...]string{"row", "generation", "carrier", "plain"}[s]
}

// A Handset is the phone (or browser) as one request shows it: a plain value, computed once by Identify and passed
// down. No later stage reads a request header again. Zero fields are not known.
type Handset struct {
	Carrier    Carrier
	Generation Generation
	Model      string // the token of the User-Agent: "P903i", "CA39", "910T"
	Name       string // the marketing name where it differs
	Type       string // SoftBank's own name of a PDC type: "C2" (cannot POST) … "P7"

	Display    Display
	Charset    Charset // of pages sent to it
	FormIn     Charset // what its forms usually post; the form stage still checks
	Dialect    Dialect
	Emoji      EmojiSet
	Webcode    bool // SoftBank emoji as ESC $ … SI (C, P and W types)
	Cookies    bool
	References bool // shows decimal references to characters that its charset lacks
	PageBudget int  // the most bytes of one page after encoding; 0: not limited
	// BudgetCountsImages says that inline images count towards TotalBudget.
	BudgetCountsImages bool
	TotalBudget        int // page and images together, bytes; 0: PageBudget
	Image              ImageLimits
	InputMode          InputMode
	Status             string // docomo: what is asking, "TB" the browser, "TC" the browser with images off, "TJ" an i-appli …
	Video              string // containers its player takes, "3gp", "3g2+3gp"; "" unknown or none
	Flash              string // Flash Lite version as the carrier gave it: "1.1", "3.0"; "" unknown

	// SubscriberID is the ID the carrier's gateway inserts, CardID the FOMA card's, TerminalID the serial without its
	// prefix; each only when it fits its grammar exactly, case kept. An all-zero ID is reported here, but UsableID
	// refuses it.
	SubscriberID, CardID, TerminalID string
	// Trusted is true only when the peer address lies in a handset range of this carrier, for the configured list.
	Trusted  bool
	TLS      bool // the request came inside TLS
	Class    Class
	ListDate string // edition of the range list that Class comes from, "2019-12-12"
	Robot    bool   // a crawler, transcoder or emulator that wears a handset's name
	// FullBrowser says that this is the handset's PC mode: the canonical page, no ID, never trusted.
	FullBrowser bool

	Step    Step
	Assumed Fields // fields above that are the generation's assumption, not knowledge
}

// A Request is what Identify looks at. Strings are only read during the call; fields of the Handset may share their
// memory with UserAgent and header values, so a caller that reuses buffers copies what it keeps (Handset.Clone).
type Request struct {
	UserAgent string
	Headers   Headers    // nil: none
	IP        netip.Addr // the TCP peer (or what a trusted front proxy says); zero: unknown
	TLS       bool
}

// Headers gives access to the fields of a request's header section (never its trailers, SEC-10).
type Headers interface {
	// Header returns the first value of the field and how many fields of that name there are. Names compare without
	// case. Several fields of an ID's name mean no ID (SEC-08).
	Header(name string) (value string, n int)
}
