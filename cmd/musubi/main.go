// Command musubi is the whole of musubi in one program: the social network, its gateway for handsets, and the
// workbench commands that show what each stage does. One file per subcommand; this file only parses the command line.
//
// Exit status: 0 done, 1 the work failed, 2 the command line or the input is wrong (one sentence on stderr says how).
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/jessevdk/go-flags"

	_ "golang.org/x/crypto/x509roots/fallback" // whom to believe where the machine has no list: an empty container
)

// commands is the command line. Each field's type lives in the file of its name and has a Run method; flags.go reads the tags.
type commands struct {
	Demo     demoCmd     `command:"demo" description:"Run everything on an embedded store, with a small lively community to look at."`
	Serve    serveCmd    `command:"serve" description:"Run gateway and core for production."`
	Core     coreCmd     `command:"core" description:"Run the core alone: plain HTTP, canonical markup."`
	Gateway  gatewayCmd  `command:"gateway" description:"Run the gateway alone, before any web application."`
	Handset  handsetCmd  `command:"handset" description:"Behave as a handset behind its carrier's gateway."`
	Backup   backupCmd   `command:"backup" description:"Copy a data directory, also while musubi runs on it."`
	Restore  restoreCmd  `command:"restore" description:"Make a data directory from a backup."`
	Check    checkCmd    `command:"check" description:"Read everything in a data directory or a backup and say whether it is whole."`
	Doctor   doctorCmd   `command:"doctor" description:"Say what is wrong with this installation, with the cure."`
	Migrate  migrateCmd  `command:"migrate" description:"Bring a database's schema up to date, or tell what is missing."`
	Move     moveCmd     `command:"move" description:"Move a community from SQLite's file to PostgreSQL."`
	Member   memberCmd   `command:"member" description:"Add, invite or look up a member; suspend one or let them in again."`
	Invite   inviteCmd   `command:"invite" description:"Invite somebody in a member's name and print the link."`
	Operator operatorCmd `command:"operator" description:"Add someone who runs the service; print what its provider of payments signs with."`
	Music    musicCmd    `command:"music" description:"Look after artists: merge spellings, set pictures, feature albums."`
	Product  productCmd  `command:"product" description:"Look after what members review: import products, correct them."`
	Export   exportCmd   `command:"export" description:"Write a whole site into one file that needs no musubi to be read."`
	Import   importCmd   `command:"import" description:"Bring in another site: OpenPNE 2 or 3, or what musubi export wrote."`
	Audit    auditCmd    `command:"audit" description:"Read the log of what was done and refused, or verify it."`
	Config   configCmd   `command:"config" description:"What can be set, and how."`
	Identify identifyCmd `command:"identify" description:"Tell which handset a request comes from, and the rule behind each field."`
	Image    imageCmd    `command:"image" description:"The image stage alone: a picture in, the bytes a handset gets out."`
	Form     formCmd     `command:"form" description:"The form stage alone: a handset's form body to UTF-8 fields."`
	Mail     mailCmd     `command:"mail" description:"Show what a mail that comes in becomes: text, photos, and why."`
	Page     pageCmd     `command:"page" description:"The page stage alone: canonical HTML in, the bytes a handset gets out."`
	Seed     seedCmd     `command:"seed" description:"Fill a store with made-up members, friends, diaries and comments."`
	Text     textCmd     `command:"text" description:"The text stage alone: UTF-8 to a carrier's bytes and back."`
	Version  versionCmd  `command:"version" description:"Print the version."`
	Help     helpCmd     `command:"help" description:"Tell how a command is used."`
	Man      manCmd      `command:"man" description:"Print this program's page of the manual, for man -l -."`

	Completion completionCmd `command:"completion" description:"Print what makes a shell complete commands and flags."`

	ShowVersion func() error `long:"version" description:"Print the version and quit."`
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

// run executes one command line and returns the exit status.
func run(args []string, io *std) int {
	command, set, err := parse(args)
	err = set.tell(err, args)
	switch help := (*flags.Error)(nil); {
	case errors.As(err, &help) && help.Type == flags.ErrHelp:
		fmt.Fprintln(io.Out, help.Message)
		return 0
	case errors.As(err, new(usageError)):
		fmt.Fprintln(io.Err, "musubi:", err)
		return 2
	case err != nil:
		fmt.Fprintf(io.Err, "musubi: %s. %s.\n", plainly(err), helpFor(args))
		return 2
	}
	if err := set.tell(command.Run(io), args); err != nil {
		fmt.Fprintln(io.Err, "musubi:", err)
		if errors.As(err, new(usageError)) {
			return 2
		}
		return 1
	}
	return 0
}

// helpFor says where what a command line should have been is told.
func helpFor(args []string) string {
	p, err := newParser(new(commands))
	if err != nil || len(args) == 0 {
		return `Run "musubi --help" to see the commands`
	}
	name := "musubi"
	for at := p.Command; len(args) > 0; args = args[1:] {
		if at = at.Find(args[0]); at == nil {
			break
		}
		name += " " + args[0]
	}
	if name == "musubi" {
		return `Run "musubi --help" to see the commands`
	}
	return fmt.Sprintf("Run \"%s --help\" to see what it takes", name)
}

var (
	goError = regexp.MustCompile(`: (?:strconv\.\w+: parsing|time: .*duration|parsing time) ("[^"]*").*`)
	goTypes = strings.NewReplacer("expected *int", "expected a number", "expected int64", "expected a number", "expected int", "expected a number", "expected uint64", "expected a number", "expected float64", "expected a number",
		"expected time.Duration", "expected a time such as 24h", "expected main.instant", "expected a time such as 2007-03-03T12:00:00+09:00")
)

// plainly says what is wrong with a command line without words of Go's.
func plainly(err error) string {
	return goTypes.Replace(goError.ReplaceAllString(err.Error(), ", not $1"))
}

// parse reads a command line.
func parse(args []string) (runner, origins, error) {
	c := new(commands)
	p, set, err := parseInto(c, args)
	if err != nil {
		return nil, set, err
	}
	command := chosen(c, p)
	return command, set, checkWords(command)
}

// parseInto reads a command line, with what the environment and files set beside it.
func parseInto(c *commands, args []string) (*flags.Parser, origins, error) {
	elsewhere, err := fromFiles(args)
	if err != nil {
		return nil, nil, err
	}
	p, err := newParser(c)
	if err != nil {
		return nil, nil, err
	}
	set, err := settle(p, elsewhere)
	if err != nil {
		return nil, nil, err
	}
	rest, err := p.ParseArgs(args)
	if err != nil {
		return nil, set, err
	}
	if len(rest) > 0 {
		return nil, set, fmt.Errorf("%q is more than this command takes", rest)
	}
	return p, set, findPaths(p)
}
