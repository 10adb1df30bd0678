package markup

// A Stream is a page's body as the writer leaves it: encoded bytes in the handset's dialect, and what is needed to cut
// them into parts that are valid by themselves.
type Stream struct {
	Body  []byte
	Title []byte // UTF-8, white space collapsed
	Lost  int    // clusters that became 〓
	Keys  uint16 // access keys in use: bits 0–9, then * and #

	Kept  bool // a form keeps text beside what it shows
	Again bool // a form says that its text stands on the page, which is asked for again

	Targets           []Target
	Background, Color Color // of the body, if the page says so

	// The rest is filled only when the writer was told to note cuts.
	Opens    []Open
	Cuts     []Cut
	Keeps    []Keep
	Controls []Control
	Forms    []Form
	Selects  []Select
	Radios   []Radio
	Refs     []Ref
	End      int32 // the element open at the end of Body: the last card of HDML, else 0
}

// An Open is an element that is open somewhere in the stream. Opens[0] is the body.
type Open struct {
	Parent     int32 // the element around it
	Start, Len int32 // its start tag in Body
	Tag        Tag
	Form       int32 // the form it is in or is, counted from 1; 0: none
	Select     int32 // the select it is, counted from 1; 0: none
	OpenLen    int32 // bytes of the start tags from the outermost to this one
	CloseLen   int32 // bytes of the end tags
}

// A Quality says how good a place for a cut is; more is better.
type Quality uint8

// Qualities.
const (
	CutCharacter Quality = iota // between two characters, or behind a heading
	CutSentence                 // behind 。 ！ ？ or before a line break
	CutParagraph
	CutItem    // before a list item or a table row
	CutHeading // before a heading, a rule or a section
	CutMarked  // data-cut
)

// A Cut is a place where a part may end and the next begin. The bytes from At on are content, so the elements open there
// are empty on neither side.
type Cut struct {
	At      int32
	Open    int32 // innermost open element
	Control int32 // how many controls stand before it
	Quality Quality
}

// A Keep is a stretch of Body that is not cut while it fits into a part: a form, or data-keep.
type Keep struct{ Start, Stop int32 }

// A Form is one form of the page. Action is escaped for an attribute.
type Form struct {
	Open        int32    // its element in Opens
	Start, Stop int32    // Body from its start tag to behind its end tag
	TagStop     int32    // behind its start tag
	First, Last int32    // its controls: Controls[First:Last]
	Own         []string // fields of the gateway's own that it bears, each 1
	SendsAs     string   // what the gateway has to know of how it is sent (own.Charset), "": nothing
}

// A Control is a value that a form sends if the member changes nothing.
type Control struct {
	Name, Value []byte
	At          int32 // its place in Body
	Radio       int32 // in Radios, from 1; 0: it is none
}

// A Radio is a radio button of a form that may have to be spread over parts.
type Radio struct {
	Node       int32
	Name       []byte
	Packed     bool  // its value goes out packed
	From, Stop int32 // Body where it says that it is checked; nothing if it is not
}

// A Select is a select whose options may have to be spread over parts.
type Select struct {
	Open          int32
	Node          int32
	TagStop, Stop int32
	Most          int32 // bytes that its chosen option takes, whichever that is
	Name          []byte
	Packed, None  bool   // its values go out packed; none is chosen by default
	Value, Label  []byte // the option chosen by default
}
