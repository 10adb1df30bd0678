package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"musubi/core/disk"
)

// fromFiles finds what sets flags that were not given: the environment, the file named by --config or MUSUBI_CONFIG, and, for whoever keeps
// secrets in files, from the file that MUSUBI_<FLAG>_FILE names.
func fromFiles(args []string) (func(key, env string) (string, bool, error), error) {
	settings := map[string]string{}
	if name := configName(args); name != "" {
		f, err := os.Open(name)
		if err != nil {
			return nil, badUsage("cannot read the settings file: %v", err)
		}
		defer f.Close()
		if settings, err = parseSettings(f); err != nil {
			return nil, badUsage("%s: %v", name, err)
		}
	}
	return func(key, env string) (string, bool, error) {
		if value := os.Getenv(env); value != "" { // the environment wins over the file
			return value, true, nil
		}
		for _, name := range []string{os.Getenv(env + "_FILE"), settings[key+"-file"]} {
			if _, set := settings[key]; name != "" && (!set || name != settings[key+"-file"]) {
				value, err := secretFile(name)
				return value, true, err
			}
		}
		value, set := settings[key]
		return value, set, nil
	}, nil
}

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

// secretFile is the only line of a file.
func secretFile(name string) (string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	value := strings.TrimSpace(string(b))
	if strings.ContainsAny(value, "\r\n") {
		return "", fmt.Errorf("%s has several lines, expected the value alone", name)
	}
	return value, nil
}

// parseSettings reads "key = value" lines; # starts a comment line. An unknown or repeated key is an error that names
// the line. KEY-file names a file with the value.
func parseSettings(r io.Reader) (map[string]string, error) {
	known := map[string]bool{}
	for _, s := range settingsOf(serverCommands...) {
		known[s.key], known[s.key+"-file"] = true, true
	}
	got := map[string]string{}
	sc := bufio.NewScanner(r)
	for line := 1; sc.Scan(); line++ {
		text := strings.TrimSpace(sc.Text())
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
			got[key] = value
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
