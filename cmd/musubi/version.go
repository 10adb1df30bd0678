package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints the module version and the Go version it was built with.
func (versionCmd) Run(io *std) error {
	_, err := fmt.Fprintln(io.Out, version())
	return err
}

// released is set by the Makefile: -ldflags "-X main.released=…".
var released string

// version is what this program says of itself.
func version() string {
	v := "devel"
	info, ok := debug.ReadBuildInfo()
	switch {
	case released != "":
		v = released
	case ok && info.Main.Version != "" && info.Main.Version != "(devel)":
		v = info.Main.Version
	}
	return fmt.Sprintf("musubi %s %s", v, info.GoVersion)
}

// helpCmd is --help as a word.
type helpCmd struct {
	Args struct {
		Of []string `positional-arg-name:"command" description:"Command to tell of."`
	} `positional-args:"yes"`
}

// Run prints the help of a command, or of all.
func (c *helpCmd) Run(io *std) error {
	if status := run(append(c.Args.Of, "--help"), io); status != 0 {
		return badUsage("there is no such help")
	}
	return nil
}

// manCmd writes the manual from the flags themselves.
type manCmd struct{}

// Run prints it in roff.
func (manCmd) Run(io *std) error {
	p, err := newParser(new(commands))
	if err == nil {
		p.WriteManPage(io.Out)
	}
	return err
}

// completionCmd prints what makes a shell ask this program how a command line may go on.
type completionCmd struct {
	Args struct {
		Shell string `positional-arg-name:"bash|zsh|fish" description:"The shell. In bash: source <(musubi completion bash)" required:"1"`
	} `positional-args:"yes"`
}

// completions are the scripts: the parser answers when GO_FLAGS_COMPLETION is set.
var completions = map[string]string{
	"bash": `_musubi() { local IFS=$'\n'; COMPREPLY=($(GO_FLAGS_COMPLETION=1 "${COMP_WORDS[0]}" "${COMP_WORDS[@]:1:$COMP_CWORD}")); }
complete -o default -o bashdefault -F _musubi musubi
`,
	"zsh": `#compdef musubi
_musubi() { local -a found; found=("${(@f)$(GO_FLAGS_COMPLETION=1 ${words[1]} ${words[2,$CURRENT]})}"); compadd -a found || _files; }
compdef _musubi musubi
`,
	"fish": `complete -c musubi -a '(GO_FLAGS_COMPLETION=1 musubi (commandline -opc)[2..-1] (commandline -ct))'
`,
}

// Run prints the script of a shell.
func (c *completionCmd) Run(io *std) error {
	script, ok := completions[c.Args.Shell]
	if !ok {
		return badUsage("there is no script for %s", c.Args.Shell)
	}
	_, err := fmt.Fprint(io.Out, script)
	return err
}
