package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"musubi/carriers"
	"musubi/transcode/markup"

	"github.com/alecthomas/kong"
)

// What can be set is declared here, once. Each field is a flag, an environment variable MUSUBI_<FLAG>, and a key of the
// optional file (--config); the commands that obey it embed its struct, and so have it in their help, and no others do. A new
// setting goes into the struct of those who read it. Defaults of addresses differ by command: main.go sets them.

// serving is set for every process that answers requests: serve, core and gateway.
type serving struct {
	Config      string   `help:"File of \"key = value\" lines with the settings below; flags and environment win over it." placeholder:"FILE" env:"MUSUBI_CONFIG" type:"path"`
	Listen      string   `help:"Address to listen on, host:port or unix:FILE. That of a core alone is for gateways only." default:"${listen}" placeholder:"ADDR" env:"MUSUBI_LISTEN"`
	AdminListen string   `help:"Address of health, metrics and the operator's pages: host:port, or unix:FILE. Keep it off the Internet." default:"${admin_listen}" placeholder:"ADDR" env:"MUSUBI_ADMIN_LISTEN"`
	AdminHosts  []string `help:"Names the operator's listener answers to beside addresses and localhost: a page of some other site that gives its own name this address reads nothing." placeholder:"NAME" env:"MUSUBI_ADMIN_HOSTS" sep:","`
	Data        string   `help:"Directory of all that is kept: database, photos, sessions, keys. A gateway alone has the last two only." default:"./musubi-data" placeholder:"DIR" env:"MUSUBI_DATA" type:"path"`
	Hosts       []string `help:"Host names this site answers to; every other Host gets 421. The first is that of links in letters. Empty: the listening address only." placeholder:"NAME" env:"MUSUBI_HOSTS" sep:","`
	EasyLogin   string   `help:"Easy login by subscriber ID: on or off. It works where the gateway is told which address ranges are a carrier's." enum:"on,off" default:"off" env:"MUSUBI_EASY_LOGIN"`
	FilmMB      int      `help:"The largest film (動画) that members may send, and that a gateway lets through to a core, in MB." default:"50" placeholder:"MB" env:"MUSUBI_FILM_MB" name:"film-mb"`
	AtOnce      int      `help:"Pages answered at once; beside them 256 forms, which wait for the disk together, and twice as many as pages that hash a password or bring pictures. More wait for a moment or are told to come back. 0: 4 for each processor and 8 at least, before another web application 256 for each." default:"0" placeholder:"N" env:"MUSUBI_AT_ONCE"`
	InLine      int      `help:"Requests of each kind that may wait for their turn; more are told to come back at once. 0: 32 times --at-once." default:"0" placeholder:"N" env:"MUSUBI_IN_LINE"`
	TakeOver    bool     `help:"Take the place of the musubi that serves the same data: it hands over its listening sockets, answers what was asked and ends, and nobody is refused meanwhile."`
	logging
}

// following is set for who answers handsets and browsers: serve and gateway.
type following struct {
	Traces      string  `help:"Where requests are told of as traces of OpenTelemetry, by OTLP over HTTP (JSON), like http://127.0.0.1:4318/v1/traces: pattern of the address, status, handset, times; no member, no address. Empty: nowhere." placeholder:"URL" env:"MUSUBI_TRACES"`
	TracesShare float64 `help:"The share of requests that is told of, 0 to 1." default:"1" placeholder:"SHARE" env:"MUSUBI_TRACES_SHARE"`
}

// encryption is set for who answers the world: serve and gateway.
type encryption struct {
	TLSListen    string `help:"Address for https, host:port. Empty: TLS is for a proxy in front." placeholder:"ADDR" env:"MUSUBI_TLS_LISTEN" name:"tls-listen"`
	TLSCert      string `help:"File of the certificate, with its chain, for --tls-listen." placeholder:"FILE" env:"MUSUBI_TLS_CERT" name:"tls-cert" type:"path"`
	TLSKey       string `help:"File of its key." placeholder:"FILE" env:"MUSUBI_TLS_KEY" name:"tls-key" type:"path"`
	ACME         bool   `help:"Get certificates for --hosts by ACME and renew them; by this you agree to the terms of who gives them. They are kept below --data." env:"MUSUBI_ACME" name:"acme"`
	ACMEServer   string `help:"Directory of the ACME server." default:"https://acme-v02.api.letsencrypt.org/directory" placeholder:"URL" env:"MUSUBI_ACME_SERVER" name:"acme-server"`
	ACMEMail     string `help:"Where the ACME server writes to when something is wrong. Empty: nowhere." placeholder:"ADDRESS" env:"MUSUBI_ACME_MAIL" name:"acme-mail"`
	ACMERoots    string `help:"File of certificates by which the ACME server itself is known. Empty: those of this machine." placeholder:"FILE" env:"MUSUBI_ACME_ROOTS" name:"acme-roots" type:"path"`
	Plain        string `help:"Who is answered without TLS, beside --tls-listen: nobody, all are sent to https; handsets, that know no TLS of today, whose passwords then are read by who stands between; all." enum:"nobody,handsets,all" default:"nobody" env:"MUSUBI_PLAIN"`
	OldTLSListen string `help:"Address for the TLS of old handsets, from TLS 1.0 with ciphers that can be broken: for them alone, others are sent to --tls-listen. Needs a certificate with an RSA key. Empty: none." placeholder:"ADDR" env:"MUSUBI_OLD_TLS_LISTEN" name:"old-tls-listen"`
}

// community is set for the social network: serve and core.
type community struct {
	Name          string   `help:"Name of the site, on every page and letter. Empty: what its first page was told, or musubi." placeholder:"NAME" env:"MUSUBI_NAME"`
	Secure        bool     `help:"Members reach the site by https: cookies are for https only." env:"MUSUBI_SECURE"`
	Stealth       string   `help:"Members may choose to visit others without a footprint: on or off." enum:"on,off" default:"off" env:"MUSUBI_STEALTH"`
	SMTP          string   `help:"Mail server for invitations and notices, smtp://user:password@host:port?from=address, smtps:// for TLS from the first byte; &name=HOST is how we call ourselves. Empty: what the first page was told, or mail waits in the outbox." placeholder:"URL" env:"MUSUBI_SMTP" name:"smtp"`
	AloneDays     int      `help:"Members without friends for so many days are suspended, after a warning at half time. 0: never." default:"0" placeholder:"DAYS" env:"MUSUBI_ALONE_DAYS"`
	AlbumMB       int      `help:"Room for the photos in a member's albums, in MB, with what was sent where that is kept." default:"2000" placeholder:"MB" env:"MUSUBI_ALBUM_MB" name:"album-mb"`
	Originals     string   `help:"Photos are kept as they were sent too, without place and time, for their owners to fetch: on or off." enum:"on,off" default:"on" env:"MUSUBI_ORIGINALS"`
	FilmMinutes   int      `help:"The longest film that members may send, in minutes." default:"5" placeholder:"MINUTES" env:"MUSUBI_FILM_MINUTES"`
	FilmsMB       int      `help:"Room for all films of a member, as they are kept, in MB." default:"500" placeholder:"MB" env:"MUSUBI_MEMBER_FILMS_MB" name:"member-films-mb"`
	ExportMB      int      `help:"Room on the disk for the files of all members' exports together, in MB." default:"4096" placeholder:"MB" env:"MUSUBI_EXPORT_MB" name:"export-mb"`
	TopicComments int      `help:"So many comments fill a topic of a community; it goes on in another." default:"1000" placeholder:"N" env:"MUSUBI_TOPIC_COMMENTS"`
	MessageDays   int      `help:"Messages between members are kept for so many days. 0: for ever." default:"0" placeholder:"DAYS" env:"MUSUBI_MESSAGE_DAYS"`
	PayURL        string   `help:"Where members pay for premium, an address with {reference} in it, by which the provider names the member. Empty: nowhere." placeholder:"URL" env:"MUSUBI_PAY_URL" name:"pay-url"`
	MusicShops    []string `help:"Where tracks are sold: NAME=URL, with {artist}, {title} and {album} in it and your affiliate tag; several with blanks between. Empty: iTunes, mora and Amazon without a tag." placeholder:"NAME=URL" env:"MUSUBI_MUSIC_SHOPS" sep:" "`
	ReviewShops   []string `help:"Where what is reviewed is sold, with {title}, {maker} and {code}. Empty: Amazon without a tag." placeholder:"NAME=URL" env:"MUSUBI_REVIEW_SHOPS" sep:" "`
	ProductsURL   string   `help:"A web service that knows products for reviews, with {words} and {code} in its address; it answers a JSON array of objects with category, title, maker and code. Empty: none is asked." placeholder:"URL" env:"MUSUBI_PRODUCTS_URL" name:"products-url"`
	PlainPlayers  string   `help:"Take what music players send by plain http although the site is reached by https: players of 2005 know nothing else, and their keys do nothing but tell plays. on or off." enum:"on,off" default:"off" env:"MUSUBI_PLAIN_PLAYERS"`
	HookSecret    string   `help:"What the provider of payments signs its calls of /hooks/entitlement with. Empty: one that is derived from the secret file; musubi operator hook prints it." placeholder:"SECRET" env:"MUSUBI_HOOK_SECRET"`
	UpgradeBackup string   `help:"Copy the database before a newer program changes its schema, to musubi.db.before-upgrade beside it: on or off." enum:"on,off" default:"on" env:"MUSUBI_UPGRADE_BACKUP"`
	MinFreeMB     int      `help:"Room in MB that stays free on the disk: with less, members can read and nothing is stored, until there is room again. 0: never mind." default:"64" placeholder:"MB" env:"MUSUBI_MIN_FREE_MB" name:"min-free-mb"`
	CacheMB       int      `help:"Memory in MB for what pages read most (members, ties, lists, entries). 0: every page asks the database." default:"96" placeholder:"MB" env:"MUSUBI_CACHE_MB" name:"cache-mb"`
	incoming
}

// incoming is set for mail that comes in.
type incoming struct {
	SMTPListen     string   `help:"Address where mail comes in from the world, by SMTP. Empty, as is --lmtp-listen: nothing is posted by mail." placeholder:"ADDR" env:"MUSUBI_SMTP_LISTEN" name:"smtp-listen"`
	LMTPListen     string   `help:"Address where mail comes in by LMTP from a mail server of your own." placeholder:"ADDR" env:"MUSUBI_LMTP_LISTEN" name:"lmtp-listen"`
	MailDomain     string   `help:"Domain of the addresses for posting by mail. Empty: the first of --hosts." placeholder:"NAME" env:"MUSUBI_MAIL_DOMAIN"`
	MailMB         int      `help:"Largest mail that is taken, in MB; a photo in it takes a third more than its file." default:"8" placeholder:"MB" env:"MUSUBI_MAIL_MB" name:"mail-mb"`
	MailCert       string   `help:"File of the certificate for STARTTLS, with --mail-key." placeholder:"FILE" env:"MUSUBI_MAIL_CERT" type:"path"`
	MailKey        string   `help:"File of its key." placeholder:"FILE" env:"MUSUBI_MAIL_KEY" type:"path"`
	MailPeers      []string `help:"Address ranges that may speak LMTP. Empty: this machine." placeholder:"CIDR" env:"MUSUBI_MAIL_PEERS" sep:","`
	MailAuthID     string   `help:"Name under which your own mail server before LMTP writes Authentication-Results; it must remove such fields that come from outside. Empty: none are believed." placeholder:"NAME" env:"MUSUBI_MAIL_AUTH_ID"`
	MailForged     string   `help:"What becomes of mail that its sender's own domain calls forged: hold keeps entries for their owner alone and refuses the rest, post posts it." enum:"hold,post" default:"hold" env:"MUSUBI_MAIL_FORGED"`
	Registration   string   `help:"Who gets a way in by an empty mail to get@ the mail domain: invited, who was, and members who are to log in; open, everybody." enum:"invited,open" default:"invited" env:"MUSUBI_REGISTRATION"`
	ConfirmHandset string   `help:"Who has to show the mail address of a handset to register, beside the one they were invited at: off, nobody; free, whoever was invited at an address that anybody gets for nothing; all, everybody." enum:"off,free,all" default:"off" env:"MUSUBI_CONFIRM_HANDSET"`
	DKIMKey        string   `help:"File of a private key (PEM, RSA or Ed25519) that letters are signed with." placeholder:"FILE" env:"MUSUBI_DKIM_KEY" name:"dkim-key" type:"path"`
	DKIMSelector   string   `help:"Its selector: the public half stands in the DNS at SELECTOR._domainkey.DOMAIN." default:"musubi" placeholder:"NAME" env:"MUSUBI_DKIM_SELECTOR" name:"dkim-selector"`
}

// maxMailMB bounds --mail-mb: each mail that is being received is in memory.
const maxMailMB = 100

// domain is the domain of the addresses; "": nothing is posted by mail.
func (o *incoming) mailDomain(hosts []string) string {
	switch {
	case o.SMTPListen == "" && o.LMTPListen == "":
		return ""
	case o.MailDomain != "":
		return strings.ToLower(o.MailDomain)
	case len(hosts) > 0:
		return strings.ToLower(hosts[0])
	}
	return ""
}

// check refuses settings that do not fit together, before anything is opened.
func (o *incoming) checkMail(hosts []string) error {
	switch domain := o.mailDomain(hosts); {
	case o.SMTPListen == "" && o.LMTPListen == "":
		return nil
	case o.MailMB < 1 || o.MailMB > maxMailMB:
		return badUsage("--mail-mb %d: expected 1 to %d", o.MailMB, maxMailMB)
	case domain == "":
		return badUsage("--smtp-listen and --lmtp-listen need --mail-domain, or --hosts: what stands after the @ of the addresses")
	case !strings.Contains(domain, "."):
		return badUsage("--mail-domain %s: expected a name with a dot: no mail server takes others", domain)
	case o.MailAuthID != "" && o.LMTPListen == "":
		return badUsage("--mail-auth-id is for --lmtp-listen: what comes from the world may have any Authentication-Results")
	case (o.MailCert == "") != (o.MailKey == ""):
		return badUsage("--mail-cert and --mail-key belong together")
	}
	return nil
}

// handsets is set for what stands before handsets: serve and gateway.
type handsets struct {
	Redis      string   `help:"Redis for handset sessions, redis://host:port/0 or redis+cluster://a,b,c. Empty: in this process, kept under --data." placeholder:"URL" env:"MUSUBI_REDIS"`
	Carriers   string   `help:"Directory of your own carrier and handset tables, added to the shipped ones." placeholder:"DIR" env:"MUSUBI_CARRIERS" type:"path"`
	Ranges     string   `help:"File of handset gateway address ranges you vouch for. Without it no address is trusted." placeholder:"FILE" env:"MUSUBI_RANGES" type:"path"`
	TrustProxy []string `help:"Address ranges of front proxies whose X-Forwarded-For is believed." placeholder:"CIDR" env:"MUSUBI_TRUST_PROXIES" name:"trust-proxies" sep:","`
}

// foreign is set for a gateway alone: the web application behind it.
type foreign struct {
	Upstream   []string `help:"The web application behind the gateway (several: load-balanced), or musubi cores." placeholder:"URL" env:"MUSUBI_UPSTREAM" sep:","`
	Rules      string   `help:"File of rules for pages of other applications: what handsets are spared or shown first, picture quality, and what goes out as it is, by host, path and CSS selector (docs/rules.md)." placeholder:"FILE" env:"MUSUBI_RULES" type:"path"`
	CoreSecret string   `help:"The secret file of the musubi core behind this gateway (its DATA/secret, mode 600): its pages are musubi's own, and what the gateway finds out about a handset is signed. Empty: some other web application." placeholder:"FILE" env:"MUSUBI_CORE_SECRET" type:"path"`
}

// world is set for a gateway alone that leads to any site.
type world struct {
	Proxy         bool     `help:"Be the proxy that old browsers and handsets are set up with: they see the web of today, fetched over TLS." env:"MUSUBI_PROXY"`
	Portal        bool     `help:"Be a portal for screens without a proxy setting: http://this-host/~/example.org/ is a site as they can read it." env:"MUSUBI_PORTAL"`
	Archive       string   `help:"Directory or WARC file (also .gz) of archived pages: they are answered from it, as they were to the handsets they were made for, transcoded to others." placeholder:"PATH" env:"MUSUBI_ARCHIVE" type:"path"`
	ArchiveFor    string   `help:"Whose handsets the archived pages were made for, where the archive does not tell." enum:",docomo,au,softbank" default:"" placeholder:"CARRIER" env:"MUSUBI_ARCHIVE_FOR"`
	ProxyAllow    []string `help:"Address ranges that may use proxy and portal. Empty, without a password: only this machine." placeholder:"CIDR" env:"MUSUBI_PROXY_ALLOW" sep:","`
	ProxyPassword string   `help:"Password that lets others in, typed once on a handset." placeholder:"PASSWORD" env:"MUSUBI_PROXY_PASSWORD"`
	ProxyReach    []string `help:"Private addresses, or other ports, that proxy and portal may reach all the same." placeholder:"HOST:PORT" env:"MUSUBI_PROXY_REACH" sep:","`
	ProxyPorts    []string `help:"Ports that sites may have beside 80 and 443." placeholder:"PORT" env:"MUSUBI_PROXY_PORTS" sep:","`
	ProxyCA       string   `help:"File of certificates (PEM) that are believed beside the system's." placeholder:"FILE" env:"MUSUBI_PROXY_CA" name:"proxy-ca" type:"path"`
	Bookmarks     string   `help:"File of bookmarks for the start page: lines of an address and a title." placeholder:"FILE" env:"MUSUBI_BOOKMARKS" type:"path"`
}

// check refuses numbers that mean nothing.
func (c *community) check() error {
	for _, n := range []struct {
		flag  string
		value int
		want  string
	}{
		{"alone-days", c.AloneDays, "a number of days, or 0 for never"},
		{"min-free-mb", c.MinFreeMB, "a number of megabytes"},
		{"album-mb", c.AlbumMB, "a number of megabytes"},
		{"film-minutes", c.FilmMinutes, "a number of minutes"},
		{"member-films-mb", c.FilmsMB, "a number of megabytes"},
		{"export-mb", c.ExportMB, "a number of megabytes"},
		{"topic-comments", c.TopicComments, "how many comments fill a topic"},
		{"message-days", c.MessageDays, "a number of days, or 0 to keep messages for ever"},
	} {
		if n.value < 0 {
			return badUsage("--%s %d: expected %s", n.flag, n.value, n.want)
		}
	}
	if c.CacheMB < 0 || c.CacheMB > maxCacheMB {
		return badUsage("--cache-mb %d: expected 0 to %d", c.CacheMB, maxCacheMB)
	}
	return nil
}

// maxCacheMB bounds --cache-mb: a terabyte is a typing error.
const maxCacheMB = 1 << 20

// proxies parses --trust-proxies.
func (c *handsets) proxies() (carriers.Proxies, error) {
	p, err := carriers.ParseProxies(c.TrustProxy)
	if err != nil {
		return p, badUsage("--trust-proxies: %v", err)
	}
	return p, nil
}

// readRules reads a file of page rules; "" has none.
func readRules(name string) (*markup.Rules, error) {
	if name == "" {
		return nil, nil
	}
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

// A setting is one of them, as a file has it.
type setting struct {
	key, env, help string
	def            string   // of the first of the commands
	commands       []string // that obey it
}

// settingsOf lists what the commands obey, in the order of their help: read from the flags themselves, so that neither the
// documented file nor the manual can drift from them.
func settingsOf(commands ...string) (list []setting) {
	at := map[string]int{}
	for _, command := range commands {
		for _, flag := range commandNode(command).Flags {
			i, known := at[flag.Name]
			switch {
			case flag.Name == "config" || len(flag.Envs) == 0:
			case known:
				list[i].commands = append(list[i].commands, command)
			default:
				at[flag.Name] = len(list)
				list = append(list, setting{flag.Name, flag.Envs[0], flag.Help, flag.Default, []string{command}})
			}
		}
	}
	return list
}

// serverCommands are those that read a file of settings.
var serverCommands = []string{"serve", "core", "gateway"}

// commandNode is a command as the parser knows it.
func commandNode(name string) *kong.Node {
	parser, err := newParser(new(commands))
	if err != nil {
		panic(err) // the tags do not fit: a fault of the build
	}
	for _, node := range parser.Model.Children {
		if node.Name == name {
			return node
		}
	}
	panic("no command " + name)
}

// defaults are the settings of serve where nobody has set any: neither flags nor environment count.
func defaults() *serveCmd {
	c := new(commands)
	parser, err := newParser(c, kong.PostBuild(func(k *kong.Kong) error {
		return kong.Visit(k.Model, func(node kong.Visitable, next kong.Next) error {
			if flag, ok := node.(*kong.Flag); ok {
				flag.Envs, flag.Tag.Envs = nil, nil
			}
			return next(nil)
		})
	}))
	if err == nil {
		_, err = parser.Parse([]string{"serve"})
	}
	if err != nil {
		panic(err)
	}
	return &c.Serve
}

// secretValue is the placeholder of a setting that is a secret itself, not the file of one.
const secretValue = "SECRET"

// chosen writes an operator's choices for the audit log, without what may hold a password.
func (c *community) chosen() string {
	var b strings.Builder
	v := reflect.ValueOf(*c)
	for _, f := range reflect.VisibleFields(v.Type()) {
		if f.Anonymous {
			continue
		}
		key := strings.ToLower(strings.TrimPrefix(f.Tag.Get("env"), "MUSUBI_"))
		value := v.FieldByIndex(f.Index).Interface()
		if s, ok := value.(string); ok && (strings.Contains(s, "://") || s != "" && f.Tag.Get("placeholder") == secretValue) {
			value = true
		}
		fmt.Fprintf(&b, " %s=%v", strings.ReplaceAll(key, "_", "-"), value)
	}
	return b.String()
}
