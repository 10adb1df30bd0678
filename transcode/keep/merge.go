package keep

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// A piece is the smallest stretch of a text that a handset shows as a whole.
type piece struct {
	original string
	shown    []rune
	changed  bool // shown is not original, or the handset may not know it
	geta     bool // shown has a sign that nobody types
}

// Merge returns the text that a member means who was shown r on the screen and sent back returned: the original itself if
// nothing was touched, else what came back with every stretch that was left alone as it was.
func (s *Screen) Merge(r Record, returned string) string {
	merged := s.merge(r, returned)
	if r.OneLine && !strings.ContainsRune(r.Original, Mark) { // marks that were typed are line ends as well
		return strings.ReplaceAll(merged, string(Mark), "\n")
	}
	return merged
}

func (s *Screen) merge(r Record, returned string) string {
	ends := kept{strings.Contains(returned, " \n"), strings.HasSuffix(returned, " ")}
	pieces, spaces := s.pieces(r, ends)
	if spaces && ends == (kept{}) {
		returned = trimLines(returned)
	}
	var shown []rune
	for _, p := range pieces {
		shown = append(shown, p.shown...)
	}
	if len(shown) == 0 && strings.TrimSpace(returned) != "" { // nothing of it was seen: this is all new
		return returned
	}
	back := []rune(returned)
	return join(pieces, back, s.align(shown, back))
}

// kept says where spaces at ends of lines came back: a handset that sent one has lost none there.
type kept struct{ lines, last bool }

// trimLines takes the spaces and tabs off the ends of lines, where some handsets lose them.
func trimLines(t string) string {
	lines := strings.Split(t, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Join(lines, "\n")
}

// pieces cuts the original where what is shown of it can be cut too: between user-perceived characters, unless the codec
// joins several of them. It also says whether spaces stand at the ends of lines; those that came back are pieces as all else.
func (s *Screen) pieces(r Record, ends kept) (pieces []piece, spaces bool) {
	for line := range strings.SplitAfterSeq(r.Original, "\n") {
		spaces = s.addLine(&pieces, r, line, ends) || spaces
	}
	if len(pieces) > 1 && len(pieces[0].shown) == 0 { // nothing to see of the first: it goes with what stands behind
		pieces[1].original, pieces[1].changed = pieces[0].original+pieces[1].original, true
		pieces = pieces[1:]
	}
	return pieces, spaces
}

// addLine adds the pieces of one line and says whether spaces stand at its end, which handsets lose: they go with what
// stands before them, unless they came back.
func (s *Screen) addLine(pieces *[]piece, r Record, line string, ends kept) (spaces bool) {
	add := func(original, shown string) {
		if last := len(*pieces) - 1; shown == "" && last >= 0 {
			(*pieces)[last].original += original
			(*pieces)[last].changed = true
			return
		}
		*pieces = append(*pieces, s.piece(original, shown))
	}
	text := strings.TrimSuffix(line, "\n")
	words := text
	if behind := len(text) < len(line); behind && !ends.lines || !behind && !ends.last {
		words = strings.TrimRight(text, " \t")
	}
	end := line[len(words):]
	for words != "" {
		part, shown := s.first(words)
		add(part, shown)
		words = words[len(part):]
	}
	switch {
	case end == "":
		return false
	case r.OneLine && strings.HasSuffix(end, "\n"):
		add(end, end[:len(end)-1]+string(Mark))
		return false
	case strings.HasSuffix(end, "\n"):
		add(end, "\n")
	default:
		add(end, "")
	}
	return end != "\n"
}

// first cuts off a line the shortest stretch that shows the same alone as together with what follows.
func (s *Screen) first(line string) (part, shown string) {
	_, rest, _, _ := uniseg.FirstGraphemeClusterInString(line, -1)
	for rest != "" {
		part = line[:len(line)-len(rest)]
		next := rest[:min(len(rest), nearby)]
		for len(next) < len(rest) && !utf8.RuneStart(rest[len(next)]) {
			next = rest[:len(next)+1]
		}
		if shown = s.Show(part); shown+s.Show(next) == s.Show(part+next) {
			return part, shown
		}
		_, rest, _, _ = uniseg.FirstGraphemeClusterInString(rest, -1)
	}
	return line, s.Show(line)
}

// nearby is how far behind a character, in bytes, the codec looks at most.
const nearby = 64

func (s *Screen) piece(original, shown string) piece {
	p := piece{original: original, shown: []rune(shown), changed: shown != original || !s.Faithful([]byte(original))}
	for _, r := range p.shown {
		p.geta = p.geta || s.key(r) == '〓' && r != '?'
	}
	return p
}

// key is what a character is compared by. All that is shown as 〓, that the handset may not have, or that it may have made
// a question mark of, is alike.
func (s *Screen) key(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r == '?' || r == '〓' || r == utf8.RuneError:
		return '〓'
	case r < utf8.RuneSelf || s.codec == s.plain || s.same(s.plain, []byte(string(r))):
		return r
	}
	return '〓'
}

// join puts the text together: pieces of the original where all that is shown of them came back, else what came back.
func join(pieces []piece, back []rune, match []int) string {
	var out strings.Builder
	next := 0 // of back
	at := 0   // of shown
	copyTo := func(n int) {
		if n > next {
			out.WriteString(string(back[next:n]))
			next = n
		}
	}
	for _, p := range pieces {
		n := len(p.shown)
		switch {
		case n == 0:
			out.WriteString(p.original)
		case whole(match[at:at+n]) && (!p.changed || p.geta || trusted(match, back, at, n)):
			copyTo(match[at])
			if p.changed {
				out.WriteString(p.original)
			} else {
				out.WriteString(string(back[match[at] : match[at]+n]))
			}
			next = match[at] + n
		}
		at += n
	}
	copyTo(len(back))
	return out.String()
}

// whole says whether characters came back, all in a row.
func whole(match []int) bool {
	for i, m := range match {
		if m < 0 || m != match[0]+i {
			return false
		}
	}
	return true
}

// enough is how many characters in a row are no accident.
const enough = 4

// trusted says whether characters that anybody could have typed (the e of é) are the shown ones: they stand at the start or
// end of the text, or in a long enough row of those.
func trusted(match []int, back []rune, at, n int) bool {
	from, to := at, at+n
	for from > 0 && match[from-1] == match[from]-1 && match[from] > 0 {
		from--
	}
	for to < len(match) && match[to] == match[to-1]+1 {
		to++
	}
	return to-from >= enough || from == 0 && match[from] == 0 || to == len(match) && match[to-1] == len(back)-1
}
