package markup

import (
	_ "embed"
	"fmt"
	"strings"

	"musubi/carriers"
)

// A Profile is one dialect as the writer needs it: which elements and attributes it has, and what becomes of those it has
// not. Profiles are made at start from data/dialects.tsv and never change.
type Profile struct {
	Name  string
	XML   bool
	HDML  bool   // pages are decks of cards: HDML, or WML
	WML   bool   // and it is WML
	void  string // ends an element without content
	has   [tagCount]bool
	attrs [tagCount]attrSet
	css   [tagCount]cssSet
	as    [tagCount]Tag // what an inline element is written as; 0: only its content
}

type attrSet [2]uint64

func (s *attrSet) add(a Attr)     { s[a>>6] |= 1 << (a & 63) }
func (s attrSet) has(a Attr) bool { return s[a>>6]&(1<<(a&63)) != 0 }

// A cssSet is a set of the style properties that the writer emits.
type cssSet uint8

const (
	cssColor cssSet = 1 << iota
	cssBackground
	cssAlign
	cssSize
	cssMarquee
	cssInput
)

var cssNames = map[string]cssSet{"color": cssColor, "background-color": cssBackground, "text-align": cssAlign,
	"font-size": cssSize, "display": cssMarquee, "-wap-input-format": cssInput}

// Allows says whether the dialect has an element, and with attr != "" that attribute of it, by name in lower case.
func (p *Profile) Allows(element, attr string) bool {
	t := Tag(tagTable.named(element))
	if t == 0 || !p.has[t] {
		return false
	}
	return attr == "" || p.attrs[t].has(Attr(attrTable.named(attr)))
}

//go:embed data/dialects.tsv
var dialectsTSV string

var profiles = loadProfiles(dialectsTSV)

// For returns the profile of a dialect: its own version, or the newest one listed below it. HTML5 has none: nil.
func For(d carriers.Dialect) *Profile {
	if d.Family == carriers.HTML5 {
		return nil
	}
	if d.Family == carriers.HDML {
		return &hdmlProfile
	}
	if d.Family == carriers.WML {
		if d.Minor >= 2 {
			return &wmlKeysProfile
		}
		return &wmlProfile
	}
	for {
		if p := profiles[d.String()]; p != nil {
			return p
		}
		switch {
		case d.Minor > 0:
			d.Minor--
		case d.Major > 1:
			d.Major, d.Minor = d.Major-1, 9
		default:
			d.Major, d.Minor = 1, 0
			if profiles[d.String()] == nil {
				return profiles["html-3.2"]
			}
		}
	}
}

// Named returns the profile of a dialect by its name in the table ("chtml-5.0"), nil if there is none.
func Named(name string) *Profile { return profiles[name] }

// instead lists, for inline elements, what may stand for them, best first.
var instead = map[Tag][]Tag{
	TagStrong: {TagStrong, TagB}, TagB: {TagB, TagStrong}, TagEm: {TagEm, TagI}, TagI: {TagI, TagEm},
	TagU: {TagU}, TagIns: {TagU}, TagS: {TagStrike}, TagStrike: {TagStrike}, TagDel: {TagStrike},
	TagBig: {TagBig}, TagSmall: {TagSmall}, TagSub: {TagSub}, TagSup: {TagSup}, TagTt: {TagTt}, TagCode: {TagCode, TagTt},
	TagKbd: {TagKbd, TagTt}, TagSamp: {TagSamp, TagTt}, TagVar: {TagVar}, TagCite: {TagCite}, TagDfn: {TagDfn},
	TagMark: {TagStrong, TagB}, TagBlink: {TagBlink},
}

// loadProfiles reads the table. It panics on a row it does not understand: the table is part of the program.
func loadProfiles(tsv string) map[string]*Profile {
	all := map[string]*Profile{}
	for n, line := range strings.Split(tsv, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) != 5 {
			panic(fmt.Sprintf("markup: dialects.tsv line %d has %d columns, 5 expected", n+1, len(col)))
		}
		p := all[col[0]]
		if p == nil {
			p = &Profile{Name: col[0], XML: strings.Contains(col[0], "xhtml"), void: ">"}
			if p.XML {
				p.void = " />"
			}
			all[col[0]] = p
		}
		if base, ok := strings.CutPrefix(col[1], "="); ok {
			name := p.Name
			*p = *all[base]
			p.Name = name
			continue
		}
		if err := p.addRow(col[1], col[2], col[3]); err != nil {
			panic(fmt.Sprintf("markup: dialects.tsv line %d: %v", n+1, err))
		}
	}
	for _, p := range all {
		for tag, choices := range instead {
			p.as[tag] = 0
			for i := len(choices) - 1; i >= 0; i-- {
				if p.has[choices[i]] {
					p.as[tag] = choices[i]
				}
			}
		}
	}
	return all
}

func (p *Profile) addRow(element, attrs, css string) error {
	tag := Tag(tagTable.named(element))
	if tag == 0 {
		return fmt.Errorf("element %q is not in names.go", element)
	}
	p.has[tag] = true
	for a := range strings.FieldsSeq(attrs) {
		id := Attr(attrTable.named(a))
		if id == 0 {
			return fmt.Errorf("attribute %q is not in names.go", a)
		}
		p.attrs[tag].add(id)
	}
	for prop := range strings.FieldsSeq(css) {
		bit, ok := cssNames[prop]
		if !ok {
			return fmt.Errorf("style property %q is none that the writer knows", prop)
		}
		p.css[tag] |= bit
	}
	return nil
}
