// Command musubi is the whole of musubi in one program: the social network, its gateway for handsets, and the
// workbench commands that show what each stage does. One file per subcommand; this file only parses the command line.
//
// Exit status: 0 done, 1 the work failed, 2 the command line or the input is wrong (one sentence on stderr says how).
package main

//lint:file-ignore SA5008 kong reads every tag "set" of a field

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	_ "golang.org/x/crypto/x509roots/fallback" // whom to believe where the machine has no list: an empty container
)

// commands is the command line. Each field's type lives in the file of its name and has a Run method.
type commands struct {
	Demo     demoCmd     `cmd:"" help:"Run everything on an embedded store, with a small lively community to look at."`
	Serve    serveCmd    `cmd:"" help:"Run gateway and core for production." set:"listen=:8080" set:"admin_listen=127.0.0.1:8081"`
	Core     coreCmd     `cmd:"" help:"Run the core alone: plain HTTP, canonical markup." set:"listen=127.0.0.1:8082" set:"admin_listen=127.0.0.1:8083"`
	Gateway  gatewayCmd  `cmd:"" help:"Run the gateway alone, before any web application." set:"listen=:8080" set:"admin_listen=127.0.0.1:8081"`
	Handset  handsetCmd  `cmd:"" help:"Behave as a handset behind its carrier's gateway."`
	Backup   backupCmd   `cmd:"" help:"Copy a data directory, also while musubi runs on it."`
	Restore  restoreCmd  `cmd:"" help:"Make a data directory from a backup."`
	Check    checkCmd    `cmd:"" help:"Read everything in a data directory or a backup and say whether it is whole."`
	Doctor   doctorCmd   `cmd:"" help:"Say what is wrong with this installation, with the cure." set:"listen=:8080" set:"admin_listen=127.0.0.1:8081"`
	Migrate  migrateCmd  `cmd:"" help:"Bring a database's schema up to date, or tell what is missing."`
	Member   memberCmd   `cmd:"" help:"Add, invite or look up a member; suspend one or let them in again."`
	Invite   inviteCmd   `cmd:"" help:"Invite somebody in a member's name and print the link."`
	Operator operatorCmd `cmd:"" help:"Add someone who runs the service; print what its provider of payments signs with."`
	Music    musicCmd    `cmd:"" help:"Look after artists: merge spellings, set pictures, feature albums."`
	Product  productCmd  `cmd:"" help:"Look after what members review: import products, correct them."`
	Audit    auditCmd    `cmd:"" help:"Read the log of what was done and refused, or verify it."`
	Config   configCmd   `cmd:"" help:"What can be set, and how."`
	Identify identifyCmd `cmd:"" help:"Tell which handset a request comes from, and the rule behind each field."`
	Image    imageCmd    `cmd:"" help:"The image stage alone: a picture in, the bytes a handset gets out."`
	Form     formCmd     `cmd:"" help:"The form stage alone: a handset's form body to UTF-8 fields."`
	Mail     mailCmd     `cmd:"" help:"Show what a mail that comes in becomes: text, photos, and why."`
	Page     pageCmd     `cmd:"" help:"The page stage alone: canonical HTML in, the bytes a handset gets out."`
	Seed     seedCmd     `cmd:"" help:"Fill a store with made-up members, friends, diaries and comments."`
	Text     textCmd     `cmd:"" help:"The text stage alone: UTF-8 to a carrier's bytes and back."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
	Help     helpCmd     `cmd:"" help:"Tell how a command is used."`
	Man      manCmd      `cmd:"" help:"Print this program's page of the manual, for man -l -."`

	Completion kongcompletion.Completion `cmd:"" help:"Tell how a shell completes commands and flags."`

	ShowVersion kong.VersionFlag `name:"version" help:"Print the version and quit."`
}

// std is what a command reads and writes, so that tests can run commands in-process.
type std struct {
	In       io.Reader
	Out, Err io.Writer
}

// usageError is a wrong command line or unreadable input: exit status 2.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// badUsage makes a usageError from one sentence that says what is wrong and what is expected.
func badUsage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func main() {
	limitMemory()
	ours.takeActivated()
	os.Exit(run(os.Args[1:], &std{os.Stdin, os.Stdout, os.Stderr}))
}

// newParser makes the parser of the command line.
func newParser(c *commands, options ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append([]kong.Option{
		kong.Name("musubi"),
		kong.Description("A social network for the phones of 2007 and the browsers of today."),
		kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true}),
		kong.ValueFormatter(helpOf),
	}, options...)...)
}

// helpOf is the help of a flag with its default, which a placeholder would hide, and its environment variable.
func helpOf(v *kong.Value) string {
	help := v.Help
	if v.HasDefault && v.Default != "" {
		help += " Default: " + v.Default + "."
	}
	if len(v.Tag.Envs) > 0 {
		help += " ($" + v.Tag.Envs[0] + ")"
	}
	return help
}

// run executes one command line and returns the exit status.
func run(args []string, io *std) (status int) {
	var c commands
	exited := 0
	files, err := fromFiles(args)
	if err != nil {
		fmt.Fprintln(io.Err, "musubi:", err)
		return 2
	}
	parser, err := newParser(&c, kong.Writers(io.Out, io.Err), kong.Exit(func(code int) { exited = code; panic(exit{}) }),
		kong.Bind(io), kong.Resolvers(files))
	if err != nil {
		fmt.Fprintln(io.Err, "musubi:", err)
		return 1
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exit); !ok {
				panic(r)
			}
			status = exited
		}
	}()
	kongcompletion.Register(parser) // answers a shell that asks, and nobody else
	ctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(io.Err, "musubi: %v. Run \"musubi --help\" to see the commands.\n", err)
		return 2
	}
	if err := ctx.Run(io); err != nil {
		fmt.Fprintln(io.Err, "musubi:", err)
		if errors.As(err, new(usageError)) {
			return 2
		}
		return 1
	}
	return 0
}

// exit unwinds run when kong has already printed what was asked for (--help, --version).
type exit struct{}
