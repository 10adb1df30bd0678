package markup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
)

// Bounds of a rules file: a file beyond them is a mistake.
const (
	maxRulesFile = 256 << 10 // bytes
	maxRules     = 1000
	maxRuleLine  = 2000 // bytes
	maxRuleWords = 200  // bytes of words that a rule adds
)

// Rules are an operator's rules for pages that were not written for us. nil has none.
type Rules struct{ rules []rule }

// A rule is one line of the file.
type rule struct {
	host   string // "": every host; "*.example" is every host below example
	path   string // the rule is for addresses whose path begins so
	action string
	match  goquery.Matcher // of actions with a selector
	words  string
	set    func(*Site) // what it says of whole answers; nil: of elements of pages
}

// A Site is what the rules say of whole answers at an address. The zero value is what happens without rules.
type Site struct {
	Overrule    bool // the application's no-transform counts for nothing
	PassThrough bool // answers go out as they come
	NeverCut    bool // pages are one part, whatever the handset's budget
	InOrder     bool // navigation stays where it is
	Quality     int  // of JPEG pictures, 1 to 100; 0: ours
}

// ParseRules reads a rules file (docs/rules.md): UTF-8, one rule per line, "#" begins a comment line, " # " a comment behind a rule. The first column says for
// which addresses the rule is, the second what to do; the rest of the line belongs to that. Rules are carried out in order.
func ParseRules(r io.Reader) (*Rules, error) {
	var out Rules
	in := bufio.NewScanner(io.LimitReader(r, maxRulesFile+1))
	in.Buffer(make([]byte, 0, 1<<10), maxRuleLine)
	n, size := 0, 0
	for in.Scan() {
		n++
		if size += len(in.Bytes()) + 1; size > maxRulesFile {
			return nil, fmt.Errorf("rules line %d: the file is larger than %d KB; leave out what is not needed", n, maxRulesFile>>10)
		}
		line := strings.TrimSpace(strings.TrimPrefix(in.Text(), "\uFEFF"))
		if line == "" || line[0] == '#' {
			continue
		}
		if before, _, comment := strings.Cut(line, " # "); comment { // no selector has such a sign
			line = strings.TrimSpace(before)
		}
		if len(out.rules) == maxRules {
			return nil, fmt.Errorf("rules line %d: more than %d rules; join selectors with commas", n, maxRules)
		}
		rule, err := parseRule(line)
		if err != nil {
			return nil, fmt.Errorf("rules line %d: %w", n, err)
		}
		out.rules = append(out.rules, rule)
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("rules line %d: longer than %d bytes; divide it into several rules", n+1, maxRuleLine)
	}
	return &out, in.Err()
}

// parseRule reads one line.
func parseRule(line string) (rule, error) {
	where, rest := word(line)
	action, rest := word(rest)
	r := rule{action: action}
	slash := strings.IndexByte(where, '/')
	if slash < 0 {
		return r, fmt.Errorf("%q is no address; a path that begins with / is expected, after a host if the rule is for one: wiki.example/wiki", where)
	}
	r.host, r.path = strings.ToLower(where[:slash]), where[slash:]
	if strings.ContainsAny(r.host, ":?#@") || strings.Contains(strings.TrimPrefix(r.host, "*."), "*") {
		return r, fmt.Errorf("%q is no host; a name without scheme and port is expected, or *.example for all below it", r.host)
	}
	var err error
	switch action {
	case "remove", "drop", "unwrap", "keep", "title", "main":
		r.match, err = selector(rest)
	case "words":
		sel, words, ok := cutLast(rest, " = ")
		if r.words = strings.TrimSpace(words); !ok || r.words == "" || len(r.words) > maxRuleWords {
			return r, fmt.Errorf("words %q; a selector, \" = \" and up to %d bytes of words are expected: words a.edit = 編集", rest, maxRuleWords)
		}
		r.match, err = selector(sel)
	case "no-transform":
		if rest != "obey" && rest != "overrule" {
			return r, fmt.Errorf("no-transform %q; obey or overrule is expected", rest)
		}
		r.set = func(s *Site) { s.Overrule = rest == "overrule" }
	case "quality":
		q, bad := strconv.Atoi(rest)
		if bad != nil || q < 1 || q > 100 {
			return r, fmt.Errorf("quality %q; a number from 1 to 100 is expected", rest)
		}
		r.set = func(s *Site) { s.Quality = q }
	case "pass-through", "never-cut", "in-order":
		if rest != "" && rest != "off" {
			return r, fmt.Errorf("%s %q; nothing is expected behind it, or off", action, rest)
		}
		r.set = flags[action](rest == "")
	default:
		return r, fmt.Errorf("action %q; drop, remove, unwrap, keep, title, main, words, no-transform, quality, pass-through, never-cut or in-order is expected", action)
	}
	return r, err
}

var flags = map[string]func(on bool) func(*Site){
	"pass-through": func(on bool) func(*Site) { return func(s *Site) { s.PassThrough = on } },
	"never-cut":    func(on bool) func(*Site) { return func(s *Site) { s.NeverCut = on } },
	"in-order":     func(on bool) func(*Site) { return func(s *Site) { s.InOrder = on } },
}

// word cuts the first word off a line.
func word(s string) (first, rest string) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}

// cutLast cuts at the last separator: the words behind it have none.
func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func selector(s string) (goquery.Matcher, error) {
	if s == "" {
		return nil, errors.New("no selector; a CSS selector is expected: #menu, .advert")
	}
	match, err := cascadia.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("selector %q: %w; a CSS selector is expected: #menu, .advert", s, err)
	}
	return match, nil
}

// holds says whether the rule is for an address.
func (r *rule) holds(host, path string) bool {
	if !strings.HasPrefix(path, r.path) {
		return false
	}
	below, wild := strings.CutPrefix(r.host, "*")
	return r.host == "" || r.host == host || wild && strings.HasSuffix(host, below)
}

// For is what the rules say of whole answers at an address. The host has no port.
func (r *Rules) For(host, path string) (s Site) {
	if r == nil {
		return s
	}
	host = strings.ToLower(host)
	for i := range r.rules {
		if set := r.rules[i].set; set != nil && r.rules[i].holds(host, path) {
			set(&s)
		}
	}
	return s
}

// ForURL is For with an absolute URL.
func (r *Rules) ForURL(pageURL string) Site {
	if r == nil {
		return Site{}
	}
	return r.For(addressOf(pageURL))
}

func addressOf(pageURL string) (host, path string) {
	u, err := url.Parse(pageURL)
	if err != nil {
		return "", "/"
	}
	return strings.ToLower(u.Hostname()), first(u.Path, "/")
}
