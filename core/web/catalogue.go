package web

import (
	"fmt"
	"strings"
)

// words is a language of the catalogue: the index of its column.
type words int

// Languages.
const (
	japanese words = iota
	english
)

func (w words) lang() string { return [...]string{"ja", "en"}[w] }

// t is the sentence for a key, with its %s and %d filled in; the first number chooses between "{one|many}" (plural). A key
// that is missing shows itself; a test looks for such.
func (w words) t(key string, args ...any) string {
	row, ok := catalogue[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return row[w]
	}
	return fmt.Sprintf(plural(row[w], args), args...)
}

// plural chooses in "%d entr{y|ies}": what stands before the bar for one, what stands after it for every other number. The
// number is the first among the args. Japanese needs none of this.
func plural(sentence string, args []any) string {
	open := strings.IndexByte(sentence, '{')
	if open < 0 {
		return sentence
	}
	one := false
	for _, a := range args {
		if n, ok := a.(int); ok {
			one = n == 1
			break
		}
	}
	var b strings.Builder
	for ; open >= 0; open = strings.IndexByte(sentence, '{') {
		b.WriteString(sentence[:open])
		choice, rest, _ := strings.Cut(sentence[open+1:], "}")
		first, second, _ := strings.Cut(choice, "|")
		if one {
			b.WriteString(first)
		} else {
			b.WriteString(second)
		}
		sentence = rest
	}
	b.WriteString(sentence)
	return b.String()
}

// A wordTable is the words of an area by their keys: Japanese, English. It is one literal, so the compiler refuses a key that
// stands in it twice.
type wordTable = map[string][2]string
