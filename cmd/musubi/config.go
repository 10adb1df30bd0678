package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"musubi/carriers"
	"musubi/transcode/markup"

	"github.com/alecthomas/kong"
)

// config is how a running musubi is set up: each field is a flag, an environment variable MUSUBI_<FLAG> and a key of the
// optional file (--config). Zero values are the defaults; secrets belong in the environment or in files of the data directory.
type config struct {
	Config      string   `help:"File of \"key = value\" lines with the settings below; flags and environment win over it." placeholder:"FILE" env:"MUSUBI_CONFIG" type:"path"`
	Listen      string   `help:"Address the gateway listens on." default:"127.0.0.1:0" placeholder:"ADDR" env:"MUSUBI_LISTEN"`
	AdminListen string   `help:"Address of health, metrics and the operator's pages: host:port, or unix:FILE. Keep it off the Internet." default:"127.0.0.1:0" placeholder:"ADDR" env:"MUSUBI_ADMIN_LISTEN"`
	AdminHosts  []string `help:"Names the operator's listener answers to beside addresses and localhost: a page of some other site that gives its own name this address reads nothing." placeholder:"NAME" env:"MUSUBI_ADMIN_HOSTS" sep:","`
	Data        string   `help:"Directory of the database, photos, sessions and keys. Back it up by copying (musubi backup)." default:"./musubi-data" placeholder:"DIR" env:"MUSUBI_DATA" type:"path"`
	Hosts       []string `help:"Host names this site answers to; every other Host gets 421. Empty: the listening address only." placeholder:"NAME" env:"MUSUBI_HOSTS" sep:","`
	DB          string   `help:"Database. Empty: SQLite under --data." placeholder:"URL" env:"MUSUBI_DB"`
	Redis       string   `help:"Redis for handset sessions, redis://host:port/0 or redis+cluster://a,b,c. Empty: in this process, kept under --data." placeholder:"URL" env:"MUSUBI_REDIS"`
	Blobs       string   `help:"Where photos are kept. Empty: files under --data." placeholder:"URL" env:"MUSUBI_BLOBS"`
	SMTP        string   `help:"Mail server for invitations and notices, smtp://user:password@host:port?from=address. Empty: mail waits in the outbox." placeholder:"URL" env:"MUSUBI_SMTP" name:"smtp"`
	Upstream    []string `help:"The web application behind the gateway (several: load-balanced). Empty: musubi's own core in this process." placeholder:"URL" env:"MUSUBI_UPSTREAM" sep:","`
	Carriers    string   `help:"Directory of your own carrier and handset tables, added to the shipped ones." placeholder:"DIR" env:"MUSUBI_CARRIERS" type:"path"`
	Ranges      string   `help:"File of handset gateway address ranges you vouch for. Without it no address is trusted." placeholder:"FILE" env:"MUSUBI_RANGES" type:"path"`
	Rules       string   `help:"File of rules for foreign pages on handsets: what to remove, unwrap, keep or take as title, by path and CSS selector." placeholder:"FILE" env:"MUSUBI_RULES" type:"path"`
	EasyLogin   string   `help:"Easy login by subscriber ID (needs --ranges): on or off." enum:"on,off" default:"off" env:"MUSUBI_EASY_LOGIN"`
	Stealth     string   `help:"Members may choose to visit others without a footprint: on or off." enum:"on,off" default:"off" env:"MUSUBI_STEALTH"`
	Secure      bool     `help:"Members reach the site by https: cookies are for https only." env:"MUSUBI_SECURE"`
	AloneDays   int      `help:"Members without friends for so many days are suspended, after a warning at half time. 0: never." default:"0" placeholder:"DAYS" env:"MUSUBI_ALONE_DAYS"`
	AlbumMB     int      `help:"Room for the photos in a member's albums, in MB." default:"200" placeholder:"MB" env:"MUSUBI_ALBUM_MB" name:"album-mb"`
	ExportMB    int      `help:"Room on the disk for the files of all members' exports together, in MB." default:"4096" placeholder:"MB" env:"MUSUBI_EXPORT_MB" name:"export-mb"`
	MessageDays int      `help:"Messages between members are kept for so many days. 0: for ever." default:"0" placeholder:"DAYS" env:"MUSUBI_MESSAGE_DAYS"`
	CacheMB     int      `help:"Memory in MB for what pages read most (members, ties, lists, entries). 0: every page asks the database." default:"96" placeholder:"MB" env:"MUSUBI_CACHE_MB" name:"cache-mb"`
	AtOnce      int      `help:"Pages answered at once; beside them twice as many forms, and as many that hash a password or bring pictures. More wait for a moment or are told to come back. 0: 4 for each processor and 8 at least, before another web application 256 for each." default:"0" placeholder:"N" env:"MUSUBI_AT_ONCE"`
	InLine      int      `help:"Requests of each kind that may wait for their turn; more are told to come back at once. 0: 32 times --at-once." default:"0" placeholder:"N" env:"MUSUBI_IN_LINE"`
	TrustProxy  []string `help:"Address ranges of front proxies whose X-Forwarded-For is believed." placeholder:"CIDR" env:"MUSUBI_TRUST_PROXIES" name:"trust-proxies" sep:","`
}

// proxies parses --trust-proxies.
func (c *config) proxies() (carriers.Proxies, error) {
	p, err := carriers.ParseProxies(c.TrustProxy)
	if err != nil {
		return p, badUsage("--trust-proxies: %v", err)
	}
	return p, nil
}

// pageRules reads --rules, nil if there are none.
func (c *config) pageRules() (*markup.Rules, error) {
	if c.Rules == "" {
		return nil, nil
	}
	return readRules(c.Rules)
}

// readRules reads a file of page rules.
func readRules(name string) (*markup.Rules, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, badUsage("--rules: %v", err)
	}
	defer f.Close()
	rules, err := markup.ParseRules(f)
	if err != nil {
		return nil, badUsage("--rules %s: %v", name, err)
	}
	return rules, nil
}

// notYet refuses settings whose engines are not part of this version, rather than ignoring them.
func (c *config) notYet() error {
	if c.DB != "" {
		return badUsage("--db %s: this version keeps its data in SQLite under --data; leave --db empty", c.DB)
	}
	if c.Blobs != "" {
		return badUsage("--blobs %s: this version keeps photos as files under --data; leave --blobs empty", c.Blobs)
	}
	return nil
}

// configFile resolves flags from the file named by --config or MUSUBI_CONFIG.
func configFile(args []string) (kong.Resolver, error) {
	name := os.Getenv("MUSUBI_CONFIG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			name = v
		} else if a == "--config" && i+1 < len(args) {
			name = args[i+1]
		}
	}
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, badUsage("cannot read the settings file: %v", err)
	}
	defer f.Close()
	settings, err := parseSettings(f)
	if err != nil {
		return nil, badUsage("%s: %v", name, err)
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, env := range flag.Envs { // the environment wins over the file
			if os.Getenv(env) != "" {
				return nil, nil
			}
		}
		if v, ok := settings[flag.Name]; ok {
			return v, nil
		}
		return nil, nil
	}), nil
}

// parseSettings reads "key = value" lines; # starts a comment line. An unknown or repeated key is an error that names
// the line.
func parseSettings(r io.Reader) (map[string]string, error) {
	known := map[string]bool{}
	for _, s := range settings() {
		known[s.key] = true
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

// setting is one documented field of config.
type setting struct{ key, env, def, help string }

// settings lists config's fields, read from its tags so that the documentation cannot drift from the flags.
func settings() []setting {
	var list []setting
	t := reflect.TypeFor[config]()
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("name")
		if key == "" {
			key = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(f.Tag.Get("env"), "MUSUBI_")), "_", "-")
		}
		if key != "config" {
			list = append(list, setting{key, f.Tag.Get("env"), f.Tag.Get("default"), f.Tag.Get("help")})
		}
	}
	return list
}

type configCmd struct {
	Describe describeCmd `cmd:"" help:"Print a documented settings file with the defaults."`
}

type describeCmd struct{}

// Run prints every setting as a commented file that --config reads back.
func (describeCmd) Run(io *std) error {
	fmt.Fprint(io.Out, "# Settings of musubi. Each is also a flag (--key) and an environment variable, which win over this file.\n")
	for _, s := range settings() {
		fmt.Fprintf(io.Out, "\n# %s\n# environment: %s\n%s\n", s.help, s.env, strings.TrimSpace(s.key+" = "+s.def))
	}
	return nil
}
