package seed

import (
	_ "embed"
	"strconv"
	"strings"

	"musubi/core/seed/dice"
)

//go:embed data/phrases.txt
var phrasesText string

// lists are the choices of data/phrases.txt, compiled.
var lists = compile(parseLists(phrasesText))

type (
	list   []phrase
	phrase []piece
	// piece is a literal, or a list to choose from (optional: in a third of the cases), or something about the writer.
	piece struct {
		text     string
		from     *list
		optional bool
		variable byte
	}
)

// The words in braces that are not lists but say something about the writer.
var variables = map[string]byte{"pref": 'p', "job": 'j', "hobby": 'h', "nick": 'n'}

func compile(raw map[string][]string) map[string]*list {
	out := map[string]*list{}
	for k := range raw {
		out[k] = new(list)
	}
	for k, choices := range raw {
		for _, c := range choices {
			*out[k] = append(*out[k], compilePhrase(c, out))
		}
	}
	return out
}

// compilePhrase panics on a word that is neither a list nor a variable: the text is part of the program.
func compilePhrase(s string, all map[string]*list) phrase {
	var p phrase
	for s != "" {
		i := strings.IndexAny(s, "{~")
		if i != 0 {
			if i < 0 {
				i = len(s)
			}
			p, s = append(p, piece{text: s[:i]}), s[i:]
			continue
		}
		if s[0] == '~' {
			p, s = append(p, piece{from: all["e"], optional: true}), s[1:]
			continue
		}
		word, rest, ok := strings.Cut(s[1:], "}")
		switch {
		case ok && all[word] != nil:
			p = append(p, piece{from: all[word]})
		case ok && variables[word] != 0:
			p = append(p, piece{variable: variables[word]})
		default:
			panic("seed: data/phrases.txt: unknown word in " + strconv.Quote(s))
		}
		s = rest
	}
	return p
}

// writer writes phrases in the name of a person.
type writer struct {
	*dice.Dice
	person *Person
	to     string // the nickname of the one written to
}

// append writes one choice of l.
func (w *writer) append(dst []byte, l *list) []byte {
	for _, p := range (*l)[w.N(len(*l))] {
		switch {
		case p.optional && !w.Chance(35):
		case p.from != nil:
			dst = w.append(dst, p.from)
		case p.variable == 'p':
			dst = append(dst, w.person.Prefecture...)
		case p.variable == 'j':
			dst = append(dst, w.person.Job...)
		case p.variable == 'h':
			dst = append(dst, w.person.Hobbies[w.N(len(w.person.Hobbies))]...)
		case p.variable == 'n':
			dst = append(dst, w.to...)
		default:
			dst = append(dst, p.text...)
		}
	}
	return dst
}

// appendBody writes a diary: how it begins, one to three things that happened, how it ends.
func (w *writer) appendBody(dst []byte) []byte {
	if w.Chance(70) {
		dst = append(w.append(dst, lists["opening"]), '\n')
	}
	for i := range 1 + w.N(3) {
		if i > 0 && w.Chance(50) {
			dst = append(dst, '\n')
		}
		dst = append(w.append(dst, lists["event"]), '\n')
	}
	if w.Chance(75) {
		dst = append(dst, '\n')
		dst = append(w.append(dst, lists["closing"]), '\n')
	}
	return dst[:len(dst)-1]
}
