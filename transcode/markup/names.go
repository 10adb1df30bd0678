package markup

import (
	"encoding/binary"
	"math/bits"
)

// A Tag is an element we know, and what the dialect table speaks about. Elements we do not know are transparent: their
// content stays, they leave no node.
type Tag uint8

// Elements. The zero value is a run of text.
const (
	Text Tag = iota
	TagHtml
	TagHead
	TagBody
	TagTitle
	TagBase
	TagLink
	TagMeta
	TagStyle
	TagScript
	TagTemplate
	TagNoscript
	TagNoframes
	TagNoembed
	TagFrameset
	TagFrame
	TagIframe
	TagP
	TagDiv
	TagSection
	TagArticle
	TagAside
	TagNav
	TagHeader
	TagFooter
	TagMain
	TagHgroup
	TagAddress
	TagCenter
	TagH1
	TagH2
	TagH3
	TagH4
	TagH5
	TagH6
	TagHr
	TagBr
	TagWbr
	TagPre
	TagListing
	TagXmp
	TagPlaintext
	TagBlockquote
	TagUl
	TagOl
	TagMenu
	TagDir
	TagLi
	TagDl
	TagDt
	TagDd
	TagTable
	TagCaption
	TagColgroup
	TagCol
	TagThead
	TagTbody
	TagTfoot
	TagTr
	TagTd
	TagTh
	TagFigure
	TagFigcaption
	TagDetails
	TagSummary
	TagDialog
	TagSearch
	TagA
	TagB
	TagI
	TagU
	TagS
	TagBig
	TagSmall
	TagStrong
	TagEm
	TagDel
	TagIns
	TagStrike
	TagSub
	TagSup
	TagTt
	TagCode
	TagKbd
	TagSamp
	TagVar
	TagCite
	TagQ
	TagAbbr
	TagAcronym
	TagDfn
	TagMark
	TagTime
	TagData
	TagSpan
	TagFont
	TagBlink
	TagMarquee
	TagBdi
	TagBdo
	TagLabel
	TagOutput
	TagNobr
	TagRuby
	TagRb
	TagRt
	TagRtc
	TagRp
	TagImg
	TagMap
	TagArea
	TagObject
	TagParam
	TagEmbed
	TagVideo
	TagAudio
	TagCanvas
	TagPicture
	TagSource
	TagTrack
	TagSvg
	TagMath
	TagDesc
	TagAnnotation
	TagForm
	TagInput
	TagTextarea
	TagSelect
	TagOption
	TagOptgroup
	TagDatalist
	TagButton
	TagFieldset
	TagLegend
	TagKeygen
	TagIsindex
	TagProgress
	TagMeter
	TagApplet
	tagCount
)

var tagNames = [tagCount]string{
	TagHtml:       "html",
	TagHead:       "head",
	TagBody:       "body",
	TagTitle:      "title",
	TagBase:       "base",
	TagLink:       "link",
	TagMeta:       "meta",
	TagStyle:      "style",
	TagScript:     "script",
	TagTemplate:   "template",
	TagNoscript:   "noscript",
	TagNoframes:   "noframes",
	TagNoembed:    "noembed",
	TagFrameset:   "frameset",
	TagFrame:      "frame",
	TagIframe:     "iframe",
	TagP:          "p",
	TagDiv:        "div",
	TagSection:    "section",
	TagArticle:    "article",
	TagAside:      "aside",
	TagNav:        "nav",
	TagHeader:     "header",
	TagFooter:     "footer",
	TagMain:       "main",
	TagHgroup:     "hgroup",
	TagAddress:    "address",
	TagCenter:     "center",
	TagH1:         "h1",
	TagH2:         "h2",
	TagH3:         "h3",
	TagH4:         "h4",
	TagH5:         "h5",
	TagH6:         "h6",
	TagHr:         "hr",
	TagBr:         "br",
	TagWbr:        "wbr",
	TagPre:        "pre",
	TagListing:    "listing",
	TagXmp:        "xmp",
	TagPlaintext:  "plaintext",
	TagBlockquote: "blockquote",
	TagUl:         "ul",
	TagOl:         "ol",
	TagMenu:       "menu",
	TagDir:        "dir",
	TagLi:         "li",
	TagDl:         "dl",
	TagDt:         "dt",
	TagDd:         "dd",
	TagTable:      "table",
	TagCaption:    "caption",
	TagColgroup:   "colgroup",
	TagCol:        "col",
	TagThead:      "thead",
	TagTbody:      "tbody",
	TagTfoot:      "tfoot",
	TagTr:         "tr",
	TagTd:         "td",
	TagTh:         "th",
	TagFigure:     "figure",
	TagFigcaption: "figcaption",
	TagDetails:    "details",
	TagSummary:    "summary",
	TagDialog:     "dialog",
	TagSearch:     "search",
	TagA:          "a",
	TagB:          "b",
	TagI:          "i",
	TagU:          "u",
	TagS:          "s",
	TagBig:        "big",
	TagSmall:      "small",
	TagStrong:     "strong",
	TagEm:         "em",
	TagDel:        "del",
	TagIns:        "ins",
	TagStrike:     "strike",
	TagSub:        "sub",
	TagSup:        "sup",
	TagTt:         "tt",
	TagCode:       "code",
	TagKbd:        "kbd",
	TagSamp:       "samp",
	TagVar:        "var",
	TagCite:       "cite",
	TagQ:          "q",
	TagAbbr:       "abbr",
	TagAcronym:    "acronym",
	TagDfn:        "dfn",
	TagMark:       "mark",
	TagTime:       "time",
	TagData:       "data",
	TagSpan:       "span",
	TagFont:       "font",
	TagBlink:      "blink",
	TagMarquee:    "marquee",
	TagBdi:        "bdi",
	TagBdo:        "bdo",
	TagLabel:      "label",
	TagOutput:     "output",
	TagNobr:       "nobr",
	TagRuby:       "ruby",
	TagRb:         "rb",
	TagRt:         "rt",
	TagRtc:        "rtc",
	TagRp:         "rp",
	TagImg:        "img",
	TagMap:        "map",
	TagArea:       "area",
	TagObject:     "object",
	TagParam:      "param",
	TagEmbed:      "embed",
	TagVideo:      "video",
	TagAudio:      "audio",
	TagCanvas:     "canvas",
	TagPicture:    "picture",
	TagSource:     "source",
	TagTrack:      "track",
	TagSvg:        "svg",
	TagMath:       "math",
	TagDesc:       "desc",
	TagAnnotation: "annotation",
	TagForm:       "form",
	TagInput:      "input",
	TagTextarea:   "textarea",
	TagSelect:     "select",
	TagOption:     "option",
	TagOptgroup:   "optgroup",
	TagDatalist:   "datalist",
	TagButton:     "button",
	TagFieldset:   "fieldset",
	TagLegend:     "legend",
	TagKeygen:     "keygen",
	TagIsindex:    "isindex",
	TagProgress:   "progress",
	TagMeter:      "meter",
	TagApplet:     "applet",
}

// An Attr is an attribute we know.
type Attr uint8

// Attributes.
const (
	attrNone Attr = iota
	AttrHref
	AttrSrc
	AttrAlt
	AttrName
	AttrId
	AttrClass
	AttrStyle
	AttrTitle
	AttrType
	AttrValue
	AttrSize
	AttrMaxlength
	AttrChecked
	AttrSelected
	AttrMultiple
	AttrDisabled
	AttrReadonly
	AttrHidden
	AttrOpen
	AttrRows
	AttrCols
	AttrAction
	AttrMethod
	AttrEnctype
	AttrAccesskey
	AttrInputmode
	AttrLang
	AttrPattern
	AttrRequired
	AttrLabel
	AttrFor
	AttrTarget
	AttrRel
	AttrContent
	AttrHttpEquiv
	AttrCharset
	AttrWidth
	AttrHeight
	AttrAlign
	AttrValign
	AttrBorder
	AttrCellpadding
	AttrCellspacing
	AttrColspan
	AttrRowspan
	AttrBgcolor
	AttrColor
	AttrText
	AttrStart
	AttrLoop
	AttrDirection
	AttrBehavior
	AttrReversed
	AttrDataPc
	AttrDataHandset
	AttrDataFold
	AttrDataCut
	AttrDataKeep
	AttrDataBox
	AttrDataUtn
	AttrDataWords
	AttrDataBar
	AttrDataFilm
	AttrDataBytes
	AttrDataNocopy
	AttrCopyright
	AttrStandby
	AttrValuetype
	AttrAriaLabel
	AttrPoster
	AttrBackground
	AttrCite
	AttrData
	AttrIstyle
	AttrMode
	AttrFormat
	AttrUtn
	AttrDirectkey
	AttrNonumber
	AttrAlink
	AttrLink
	AttrVlink
	AttrNoshade
	AttrClear
	AttrFace
	AttrHspace
	AttrVspace
	AttrScrollamount
	AttrScrolldelay
	AttrBordercolor
	AttrDir
	AttrPlaceholder
	AttrFormaction
	AttrSrcset
	AttrFormmethod
	AttrPing
	AttrLongdesc
	AttrXmlLang
	AttrXmlns
	AttrVersion
	AttrSummary
	AttrAcceptCharset
	AttrForm
	AttrMin
	AttrStep
	AttrMax
	AttrDataSrc
	AttrDataSrcset
	AttrDataOriginal
	AttrDataLazySrc
	AttrPopover
	AttrAriaHidden
	AttrRole
	AttrDirname
	AttrFormenctype
	attrCount
)

var attrNames = [attrCount]string{
	AttrHref:          "href",
	AttrSrc:           "src",
	AttrAlt:           "alt",
	AttrName:          "name",
	AttrId:            "id",
	AttrClass:         "class",
	AttrStyle:         "style",
	AttrTitle:         "title",
	AttrType:          "type",
	AttrValue:         "value",
	AttrSize:          "size",
	AttrMaxlength:     "maxlength",
	AttrChecked:       "checked",
	AttrSelected:      "selected",
	AttrMultiple:      "multiple",
	AttrDisabled:      "disabled",
	AttrReadonly:      "readonly",
	AttrHidden:        "hidden",
	AttrOpen:          "open",
	AttrRows:          "rows",
	AttrCols:          "cols",
	AttrAction:        "action",
	AttrMethod:        "method",
	AttrEnctype:       "enctype",
	AttrAccesskey:     "accesskey",
	AttrInputmode:     "inputmode",
	AttrLang:          "lang",
	AttrPattern:       "pattern",
	AttrRequired:      "required",
	AttrLabel:         "label",
	AttrFor:           "for",
	AttrTarget:        "target",
	AttrRel:           "rel",
	AttrContent:       "content",
	AttrHttpEquiv:     "http-equiv",
	AttrCharset:       "charset",
	AttrWidth:         "width",
	AttrHeight:        "height",
	AttrAlign:         "align",
	AttrValign:        "valign",
	AttrBorder:        "border",
	AttrCellpadding:   "cellpadding",
	AttrCellspacing:   "cellspacing",
	AttrColspan:       "colspan",
	AttrRowspan:       "rowspan",
	AttrBgcolor:       "bgcolor",
	AttrColor:         "color",
	AttrText:          "text",
	AttrStart:         "start",
	AttrLoop:          "loop",
	AttrDirection:     "direction",
	AttrBehavior:      "behavior",
	AttrReversed:      "reversed",
	AttrDataPc:        "data-pc",
	AttrDataHandset:   "data-handset",
	AttrDataFold:      "data-fold",
	AttrDataCut:       "data-cut",
	AttrDataKeep:      "data-keep",
	AttrDataBox:       "data-box",
	AttrDataUtn:       "data-utn",
	AttrDataWords:     "data-words",
	AttrDataBar:       "data-bar",
	AttrDataFilm:      "data-film",
	AttrDataBytes:     "data-bytes",
	AttrDataNocopy:    "data-nocopy",
	AttrCopyright:     "copyright",
	AttrStandby:       "standby",
	AttrValuetype:     "valuetype",
	AttrAriaLabel:     "aria-label",
	AttrPoster:        "poster",
	AttrBackground:    "background",
	AttrCite:          "cite",
	AttrData:          "data",
	AttrIstyle:        "istyle",
	AttrMode:          "mode",
	AttrFormat:        "format",
	AttrUtn:           "utn",
	AttrDirectkey:     "directkey",
	AttrNonumber:      "nonumber",
	AttrAlink:         "alink",
	AttrLink:          "link",
	AttrVlink:         "vlink",
	AttrNoshade:       "noshade",
	AttrClear:         "clear",
	AttrFace:          "face",
	AttrHspace:        "hspace",
	AttrVspace:        "vspace",
	AttrScrollamount:  "scrollamount",
	AttrScrolldelay:   "scrolldelay",
	AttrBordercolor:   "bordercolor",
	AttrDir:           "dir",
	AttrPlaceholder:   "placeholder",
	AttrFormaction:    "formaction",
	AttrForm:          "form",
	AttrMin:           "min",
	AttrStep:          "step",
	AttrMax:           "max",
	AttrDataSrc:       "data-src",
	AttrDataSrcset:    "data-srcset",
	AttrDataOriginal:  "data-original",
	AttrDataLazySrc:   "data-lazy-src",
	AttrPopover:       "popover",
	AttrAriaHidden:    "aria-hidden",
	AttrRole:          "role",
	AttrDirname:       "dirname",
	AttrFormenctype:   "formenctype",
	AttrSrcset:        "srcset",
	AttrFormmethod:    "formmethod",
	AttrPing:          "ping",
	AttrLongdesc:      "longdesc",
	AttrXmlLang:       "xml:lang",
	AttrXmlns:         "xmlns",
	AttrVersion:       "version",
	AttrSummary:       "summary",
	AttrAcceptCharset: "accept-charset",
}

// String gives the element's name in lower case; "" for text.
func (t Tag) String() string { return tagNames[t] }

// String gives the attribute's name in lower case.
func (a Attr) String() string { return attrNames[a] }

// A nameTable finds a name's number without allocation: names are packed eight bytes to a word and hashed by
// multiplication. Names that meet stand in the next slot.
type nameTable struct {
	names []string
	slots [1024]nameSlot
}

type nameSlot struct {
	key uint64 // the first bytes
	n   uint8  // how many bytes there are in all
	id  uint8
}

func newNameTable(names []string) *nameTable {
	t := &nameTable{names: names}
	for id, n := range names {
		if n == "" {
			continue
		}
		key := packName(n)
		i := slotOf(key, len(n))
		for t.slots[i].id != 0 {
			i = (i + 1) % uint32(len(t.slots))
		}
		t.slots[i] = nameSlot{key, uint8(len(n)), uint8(id)}
	}
	return t
}

// packed is how many bytes of a name its key has, the first one lowest.
const packed = 8

// packName makes the key of a name of our own.
func packName(n string) (key uint64) {
	for i := range min(len(n), packed) {
		key |= uint64(n[i]) << (8 * i)
	}
	return key
}

func slotOf(key uint64, n int) uint32 {
	return uint32((key + uint64(n)) * 0x9E3779B97F4A7C15 >> 54)
}

// find returns the number of name n in any letter case, whose key is given; 0 if it is none of the table's.
func (t *nameTable) find(key uint64, n []byte) uint8 {
	for i := slotOf(key, len(n)); ; i = (i + 1) % uint32(len(t.slots)) {
		s := &t.slots[i]
		if s.id == 0 {
			return 0
		}
		if s.key == key && int(s.n) == len(n) && (len(n) <= packed || foldEqual(n, t.names[s.id])) {
			return s.id
		}
	}
}

// named is find for a name of our own.
func (t *nameTable) named(n string) uint8 { return t.find(packName(n), []byte(n)) }

// lowered are the bytes with the letters of ASCII in lower case.
var lowered = func() (t [256]byte) {
	for c := range t {
		t[c] = byte(c)
		if 'A' <= c && c <= 'Z' {
			t[c] |= 0x20
		}
	}
	return t
}()

// What a byte can mean in a tag.
const (
	endsTagName uint8 = 1 << iota
	endsAttrName
)

var meanings = func() (t [256]uint8) {
	for _, c := range " \n\t\r\f/>" {
		t[c] = endsTagName | endsAttrName
	}
	t['='] = endsAttrName
	return t
}()

// nameAt reads the name that starts at i, of one byte at least, and returns its key and the index behind it. Most names end
// within the next eight bytes, which are looked at all at once.
func nameAt(s []byte, i int, ends uint8) (key uint64, end int) {
	if i+packed <= len(s) {
		w := binary.LittleEndian.Uint64(s[i : i+packed])
		n := bits.TrailingZeros64(mayEnd(w)) / 8
		switch key = lowerWord(w); {
		case n == packed:
			end = i + packed
			for end < len(s) && meanings[s[end]]&ends == 0 {
				end++
			}
			return key, end
		case n > 0 && meanings[s[i+n]]&ends != 0:
			return key & (1<<(8*n) - 1), i + n
		}
	}
	key, end = uint64(lowered[s[i]]), i+1
	for ; end < len(s) && meanings[s[end]]&ends == 0; end++ {
		if n := end - i; n < packed {
			key |= uint64(lowered[s[end]]) << (8 * n)
		}
	}
	return key, end
}

// Each byte of a word.
const (
	lowBits  = 0x0101010101010101
	highBits = 0x80 * lowBits
)

// mayEnd sets the high bit of the first byte of w that may end a name, and perhaps of some behind it: control characters,
// a space, a slash, and what stands beside the equals sign in ASCII.
func mayEnd(w uint64) uint64 {
	slash, sign := w^'/'*lowBits, (w|3*lowBits)^'?'*lowBits
	return ((w-(' '+1)*lowBits)&^w | (slash-lowBits)&^slash | (sign-lowBits)&^sign) & highBits
}

// maySpace says whether a byte of w is a control character or a space.
func maySpace(w uint64) bool { return (w-(' '+1)*lowBits)&^w&highBits != 0 }

// lowerWord folds the letters of ASCII in w to lower case.
func lowerWord(w uint64) uint64 {
	low := w &^ highBits
	fromA, behindZ := low+(0x80-'A')*lowBits, low+(0x80-'Z'-1)*lowBits
	return w | (fromA&^behindZ&^w&highBits)>>2
}

// foldEqual compares b in any letter case with s, which is lower case.
func foldEqual(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, c := range b {
		if lowered[c] != s[i] {
			return false
		}
	}
	return true
}

// startTags and endTags are the elements' tags without attributes.
var startTags, endTags = func() (start, end [tagCount]string) {
	for tag, name := range tagNames {
		start[tag], end[tag] = "<"+name+">", "</"+name+">"
	}
	return start, end
}()

var (
	tagTable  = newNameTable(tagNames[:])
	attrTable = newNameTable(attrNames[:])
)
