package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"musubi/core/disk"
)

// elsewhere finds what sets flags that were not given: the environment, the file named by --config or MUSUBI_CONFIG, and, for whoever keeps
// secrets in files, from the file that MUSUBI_<FLAG>_FILE names.
type elsewhere struct {
	name     string // of the file
	settings map[string]fileSetting
}

// A fileSetting is a value of a file, and the line on which it stands.
type fileSetting struct {
	value string
	line  int
}

func fromFiles(args []string) (*elsewhere, error) {
	e := &elsewhere{name: configName(args), settings: map[string]fileSetting{}}
	if e.name == "" {
		return e, nil
	}
	f, err := os.Open(e.name)
	if err != nil {
		return nil, badUsage("cannot read the settings file: %v", err)
	}
	defer f.Close()
	if e.settings, err = parseSettings(f); err != nil {
		return nil, badUsage("%s: %v", e.name, err)
	}
	return e, nil
}

// of gives the value of a flag and where it was set: the environment wins over the file.
func (e *elsewhere) of(key, env string) (value, where string, err error) {
	name := os.Getenv(env + "_FILE")
	if value := os.Getenv(env); value != "" && name != "" {
		return "", "", badUsage("$%s and $%s_FILE are both set: leave one of them, or nobody knows which is meant", env, env)
	} else if value != "" {
		return value, "$" + env, nil
	}
	if name != "" {
		value, err = secretFile("$"+env+"_FILE", name)
		return value, name, err
	}
	if s, set := e.settings[key]; set {
		return s.value, e.at(s), nil
	}
	if s, set := e.settings[key+"-file"]; set {
		value, err = secretFile(e.at(s)+": "+key+"-file", s.value)
		return value, s.value, err
	}
	return "", "", nil
}

func (e *elsewhere) at(s fileSetting) string { return fmt.Sprintf("%s:%d", e.name, s.line) }

// secretFiles are the files that a settings file and the environment name for secrets, and the settings file itself when a secret stands
// in it.
func secretFiles(config string) (names []string, err error) {
	e, err := fromFiles([]string{"--config=" + config})
	if err != nil {
		return nil, err
	}
	for _, s := range settingsOf(serverCommands...) {
		names = append(names, os.Getenv(s.env+"_FILE"), e.settings[s.key+"-file"].value)
		value := e.settings[s.key].value
		u, err := url.Parse(value)
		if err == nil && u.User != nil {
			_, s.secret = u.User.Password()
		}
		if value != "" && s.secret {
			names = append(names, config)
		}
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "" }), nil
}

// strayNames are variables of the environment that look like settings and are none: most are typing errors, and what they should have set
// is not set. Others come from engines of containers, so that nothing is refused for them.
func strayNames(environ []string) (names []string) {
	known := map[string]bool{"MUSUBI_CONFIG": true}
	for name := range envNames() {
		known[name], known[name+"_FILE"] = true, true
	}
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, "MUSUBI_") && !known[name] && !strings.HasPrefix(name, "MUSUBI_TEST_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// envNames are the variables that any command obeys.
func envNames() map[string]bool {
	names := map[string]bool{}
	p, err := newParser(new(commands))
	if err != nil {
		panic(err) // the tags do not fit: a fault of the build
	}
	for _, o := range optionsBelow(p.Command) {
		if env := environmentOf(o); env != "" {
			names[env] = true
		}
	}
	return names
}

// strayCure is what helps against them.
const strayCure = "no setting is called so; musubi config describe lists those there are"

// configName is the file that a command line or the environment names.
func configName(args []string) string {
	name := os.Getenv("MUSUBI_CONFIG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			name = v
		} else if a == "--config" && i+1 < len(args) {
			name = args[i+1]
		}
	}
	return name
}

// secretFile is the only line of a file; what names it is told when it is not there.
func secretFile(setting, name string) (string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", badUsage("%s: %v; it names the file that holds the value", setting, err)
	}
	value := strings.TrimSpace(string(b))
	if strings.ContainsAny(value, "\r\n") {
		return "", badUsage("%s: %s has several lines, expected the value alone", setting, name)
	}
	return value, nil
}

// parseSettings reads "key = value" lines; # starts a comment line. An unknown or repeated key is an error that names
// the line. KEY-file names a file with the value.
func parseSettings(r io.Reader) (map[string]fileSetting, error) {
	known := map[string]bool{}
	for _, s := range settingsOf(serverCommands...) {
		known[s.key], known[s.key+"-file"] = true, true
	}
	got := map[string]fileSetting{}
	sc := bufio.NewScanner(r)
	for line := 1; sc.Scan(); line++ {
		text := strings.TrimSpace(strings.TrimPrefix(sc.Text(), "\ufeff")) // which editors of Windows put before the first line
		if text == "" || text[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(text, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case !ok:
			return nil, fmt.Errorf("line %d: expected \"key = value\"", line)
		case !known[key]:
			return nil, fmt.Errorf("line %d: there is no setting %q (\"musubi config describe\" lists them)", line, key)
		}
		if _, twice := got[key]; twice {
			return nil, fmt.Errorf("line %d: %s is set twice", line, key)
		}
		if value != "" {
			got[key] = fileSetting{value, line}
		}
		other, isFile := strings.CutSuffix(key, "-file")
		if !isFile {
			other = key + "-file"
		}
		if before, both := got[other]; both && value != "" {
			return nil, fmt.Errorf("line %d: %s, and line %d sets %s: leave one of them, or nobody knows which is meant", line, key, before.line, other)
		}
	}
	return got, sc.Err()
}

type configCmd struct {
	Describe describeCmd `command:"describe" description:"Print every setting with its default, as a file that --config reads."`
	Init     initCmd     `command:"init" description:"Write a file of settings to begin with: all of a command's, commented out."`
}

type describeCmd struct {
	For string `long:"for" description:"Settings of this command only: serve, core or gateway." value-name:"COMMAND" choice:"serve" choice:"core" choice:"gateway"`
}

// Run prints every setting as a commented file that --config reads back.
func (c *describeCmd) Run(io *std) error {
	of := serverCommands
	if c.For != "" {
		of = []string{c.For}
	}
	fmt.Fprint(io.Out, "# Settings of musubi. Each is also a flag (--key) and an environment variable, which win over this file. Where a value is a\n"+
		"# secret, KEY-file = NAME, or MUSUBI_KEY_FILE in the environment, names a file that holds it.\n")
	for _, s := range settingsOf(of...) {
		describeSetting(io.Out, s, "")
	}
	return nil
}

// describeSetting writes a setting with its default; before stands before the line itself.
func describeSetting(w io.Writer, s setting, before string) {
	fmt.Fprintf(w, "\n# %s\n# For: %s. Environment: %s\n%s%s\n", s.help, strings.Join(s.commands, ", "), s.env, before, strings.TrimSpace(s.key+" = "+s.def))
}

type initCmd struct {
	Args struct {
		File string `positional-arg-name:"FILE" description:"File to write; it must not be there. Without a name: musubi.conf."`
	} `positional-args:"yes"`
	For string `long:"for" description:"Settings of this command: serve, core or gateway." value-name:"COMMAND" default:"serve" choice:"serve" choice:"core" choice:"gateway"`
}

// Run writes the file with mode 0600, since a mail server's password may come to stand in it.
func (c *initCmd) Run(io *std) error {
	c.Args.File = cmp.Or(c.Args.File, "musubi.conf")
	if _, err := os.Lstat(c.Args.File); err == nil {
		return badUsage("%s is there already; nothing is overwritten", c.Args.File)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Settings of musubi %s, to be read with --config %s. What begins with # is the default.\n", c.For, c.Args.File)
	all := settingsOf(serverCommands...)
	for _, s := range all {
		if slices.Contains(s.commands, c.For) {
			s.def = defaultOf(c.For, s.key)
			describeSetting(&b, s, "#")
		}
	}
	if err := disk.WriteNew(c.Args.File, []byte(b.String())); err != nil {
		return badUsage("cannot write %s: %v", c.Args.File, err)
	}
	fmt.Fprintf(io.Out, "wrote %s; start with: musubi %s --config %s\n", c.Args.File, c.For, c.Args.File)
	return nil
}

// defaultOf is a setting's default for one command.
func defaultOf(command, key string) string {
	for _, s := range settingsOf(command) {
		if s.key == key {
			return s.def
		}
	}
	return ""
}
