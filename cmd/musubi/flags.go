package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jessevdk/go-flags"
)

// defaultsOf are defaults that differ from command to command, where their flag itself has none.
var defaultsOf = map[string]map[string]string{
	"serve":   {"listen": ":8080", "admin-listen": "127.0.0.1:8081"},
	"core":    {"listen": "127.0.0.1:8082", "admin-listen": "127.0.0.1:8083"},
	"gateway": {"listen": ":8080", "admin-listen": "127.0.0.1:8081"},
	"doctor":  {"listen": ":8080", "admin-listen": "127.0.0.1:8081"},
}

// newParser makes the parser of a command line. Nothing in it, nor in the rest of the program, asks for a method by a name known
// only when it runs, as text/template and some parsers do: the linker would have to keep every method of everything, a third more
// program. It asks no environment: what is set there, or in files, is set with settle.
func newParser(c *commands) (*flags.Parser, error) {
	p := flags.NewNamedParser("musubi", flags.HelpFlag|flags.PassDoubleDash)
	p.ShortDescription = "a social network for old handsets and browsers of today, and their gateway"
	p.LongDescription = "A social network for the phones of 2007 and the browsers of today."
	p.UnknownOptionHandler = func(name string, _ flags.SplitArgument, _ []string) ([]string, error) {
		return nil, fmt.Errorf("there is no flag %s here", strings.Repeat("-", min(2, len(name)))+name)
	}
	c.ShowVersion = func() error { return &flags.Error{Type: flags.ErrHelp, Message: version()} }
	if _, err := p.AddGroup("Options", "", c); err != nil {
		return nil, err
	}
	for command, set := range defaultsOf {
		for flag, value := range set {
			p.Find(command).FindOptionByLongName(flag).Default = []string{value}
		}
	}
	for _, o := range optionsBelow(p.Command) {
		if env := environmentOf(o); env != "" {
			o.Description += " ($" + env + ")"
		}
		o.EnvDefaultKey = ""
	}
	return p, nil
}

// optionsBelow lists the options of a command, and of those below it.
func optionsBelow(c *flags.Command) (list []*flags.Option) {
	var walk func(g *flags.Group)
	walk = func(g *flags.Group) {
		list = append(list, g.Options()...)
		for _, below := range g.Groups() {
			walk(below)
		}
	}
	walk(c.Group)
	for _, below := range c.Commands() {
		list = append(list, optionsBelow(below)...)
	}
	return list
}

// environmentOf is the environment variable that sets an option, "" where none does.
func environmentOf(o *flags.Option) string { return o.Field().Tag.Get("env") }

// settle makes what was set elsewhere the default of each option that can be set elsewhere; help goes on to tell the default
// of the program, and never a secret.
func settle(p *flags.Parser, from *elsewhere) (origins, error) {
	set := origins{}
	for _, o := range optionsBelow(p.Command) {
		env := environmentOf(o)
		if env == "" {
			continue
		}
		value, where, err := from.of(o.LongName, env)
		if err != nil {
			return nil, err
		}
		if where != "" {
			set[o.LongName] = where
			o.DefaultMask = cmp.Or(strings.Join(o.Default, ", "), "-")
			o.Default = []string{value}
		}
	}
	return set, nil
}

// origins say where flags were set that nobody gave: a file and its line, or a variable of the environment.
type origins map[string]string

var flagName = regexp.MustCompile(`--([a-z-]+)`)

// tell puts before an error that speaks of such a flag where to look for it.
func (o origins) tell(err error, args []string) error {
	if err == nil {
		return nil
	}
	for _, found := range flagName.FindAllStringSubmatch(err.Error(), -1) {
		given := slices.ContainsFunc(args, func(a string) bool { return a == found[0] || strings.HasPrefix(a, found[0]+"=") })
		if where := o[found[1]]; where != "" && !given {
			return fmt.Errorf("%s: %w", where, err)
		}
	}
	return err
}

// A runner is a command that has been parsed.
type runner interface{ Run(io *std) error }

// chosen is the command that a command line named.
func chosen(c *commands, p *flags.Parser) runner {
	v := reflect.ValueOf(c).Elem()
	for at := p.Active; at != nil; at = at.Active {
		for f, below := range v.Fields() {
			if f.Tag.Get("command") == at.Name {
				v = below
				break
			}
		}
	}
	return v.Addr().Interface().(runner)
}

// checkWords holds arguments whose name is a choice, as query|verify, to it.
func checkWords(command runner) error {
	args := reflect.Indirect(reflect.ValueOf(command)).FieldByName("Args")
	if !args.IsValid() {
		return nil
	}
	for f, value := range args.Fields() {
		words := strings.Split(f.Tag.Get("positional-arg-name"), "|")
		if len(words) > 1 && !slices.Contains(words, value.String()) {
			return badUsage("%q must be one of %s", value, strings.Join(words, ", "))
		}
	}
	return nil
}

// findPaths makes names of files independent of the working directory, and ~ the home of who runs the program.
func findPaths(p *flags.Parser) error {
	for c := p.Active; c != nil; c = c.Active {
		for _, o := range optionsBelow(c) {
			name, ok := o.Value().(string)
			if o.Field().Tag.Get("type") != "path" || !ok || name == "" || name == "-" {
				continue
			}
			if rest, below := strings.CutPrefix(name, "~/"); below {
				home, err := os.UserHomeDir()
				if err != nil {
					return err
				}
				name = filepath.Join(home, rest)
			}
			name, err := filepath.Abs(name)
			if err != nil {
				return err
			}
			if err := o.Set(&name); err != nil {
				return err
			}
		}
	}
	return nil
}

// A list is several values with commas between; the flag may be repeated.
type list []string

// UnmarshalFlag adds what one flag names.
func (l *list) UnmarshalFlag(value string) error {
	for v := range strings.SplitSeq(value, ",") {
		if v = strings.TrimSpace(v); v != "" {
			*l = append(*l, v)
		}
	}
	return nil
}

// MarshalFlag writes a list as a flag has it.
func (l list) MarshalFlag() (string, error) { return strings.Join(l, ","), nil }

// A wordlist is several values with blanks between, for values in which commas may stand.
type wordlist []string

// UnmarshalFlag adds what one flag names.
func (l *wordlist) UnmarshalFlag(value string) error {
	*l = append(*l, strings.Fields(value)...)
	return nil
}

// MarshalFlag writes a list as a flag has it.
func (l wordlist) MarshalFlag() (string, error) { return strings.Join(l, " "), nil }

// An instant is a time as people write it for programs: 2007-03-03T12:00:00+09:00.
type instant struct{ time.Time }

// UnmarshalFlag reads one.
func (t *instant) UnmarshalFlag(value string) (err error) {
	t.Time, err = time.Parse(time.RFC3339, value)
	return err
}
