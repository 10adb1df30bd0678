package main

import (
	"fmt"
	"runtime/debug"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
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
	Of []string `arg:"" optional:"" name:"command" help:"Command to tell of."`
}

// Run prints the help of a command, or of all.
func (c *helpCmd) Run(io *std) error {
	parser, err := newParser(new(commands), kong.Writers(io.Out, io.Err), kong.Exit(func(int) { panic(exit{}) }))
	if err != nil {
		return err
	}
	_, err = parser.Parse(append(c.Of, "--help")) // prints and panics; run knows
	return badUsage("%v", err)
}

// manCmd writes the manual from the flags themselves.
type manCmd struct{}

// Run prints it in roff.
func (manCmd) Run(io *std) error {
	parser, err := newParser(new(commands))
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(io.Out, mangokong.NewManPage(1, parser.Model).Build(roff.NewDocument()))
	return err
}
