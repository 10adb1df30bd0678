package main

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"musubi/carriers"
	"musubi/core"
	"musubi/core/postman"
	"musubi/gateway/fetch"
	"musubi/transcode/markup"
)

// What can be set is declared here, once. Each field is a flag, an environment variable MUSUBI_<FLAG>, and a key of the
// optional file (--config); the commands that obey it embed its struct, and so have it in their help, and no others do. A new
// setting goes into the struct of those who read it. Defaults of addresses differ by command: main.go sets them.

// serving is set for every process that answers requests: serve, core and gateway.
type serving struct {
	Config      string `long:"config" description:"File of \"key = value\" lines with the settings below; flags and environment win over it." value-name:"FILE" env:"MUSUBI_CONFIG" type:"path"`
	Listen      string `long:"listen" description:"Address to listen on, host:port or unix:FILE. That of a core alone is for gateways only." value-name:"ADDR" env:"MUSUBI_LISTEN"`
	AdminListen string `long:"admin-listen" description:"Address of health, metrics and the operator's pages: host:port, or unix:FILE. Keep it off the Internet." value-name:"ADDR" env:"MUSUBI_ADMIN_LISTEN"`
	AdminHosts  list   `long:"admin-hosts" description:"Names the operator's listener answers to beside addresses and localhost: a page of some other site that gives its own name this address reads nothing." value-name:"NAME" env:"MUSUBI_ADMIN_HOSTS"`
	Data        string `long:"data" description:"Directory of all that is kept: database, photos, sessions, keys. A gateway alone has the last two only." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	Hosts       list   `long:"hosts" description:"Host names this site answers to; every other Host gets 421. The first is that of links in letters. Empty: the listening address only." value-name:"NAME" env:"MUSUBI_HOSTS"`
	EasyLogin   string `long:"easy-login" description:"Easy login by subscriber ID: on or off. It works where the gateway is told which address ranges are a carrier's." default:"off" choice:"on" choice:"off" env:"MUSUBI_EASY_LOGIN"`
	FilmMB      int    `long:"film-mb" description:"The largest film (動画) that members may send, and that a gateway lets through to a core, in MB." value-name:"MB" default:"50" env:"MUSUBI_FILM_MB"`
	AtOnce      int    `long:"at-once" description:"Pages answered at once; beside them 256 forms, which wait for the disk together, and twice as many as pages that hash a password or bring pictures. More wait for a moment or are told to come back. 0: 4 for each processor and 8 at least, before another web application 256 for each." value-name:"N" default:"0" env:"MUSUBI_AT_ONCE"`
	InLine      int    `long:"in-line" description:"Requests of each kind that may wait for their turn; more are told to come back at once. 0: 32 times --at-once." value-name:"N" default:"0" env:"MUSUBI_IN_LINE"`
	TakeOver    bool   `long:"take-over" description:"Take the place of the musubi that serves the same data: it hands over its listening sockets, answers what was asked and ends, and nobody is refused meanwhile."`
	logging
}

// following is set for who answers handsets and browsers: serve and gateway.
type following struct {
	Traces      string  `long:"traces" description:"Where requests are told of as traces of OpenTelemetry, by OTLP over HTTP (JSON), like http://127.0.0.1:4318/v1/traces: pattern of the address, status, handset, times; no member, no address. Empty: nowhere." value-name:"URL" env:"MUSUBI_TRACES"`
	TracesShare float64 `long:"traces-share" description:"The share of requests that is told of, 0 to 1." value-name:"SHARE" default:"1" env:"MUSUBI_TRACES_SHARE"`
}

// encryption is set for who answers the world: serve and gateway.
type encryption struct {
	TLSListen    string `long:"tls-listen" description:"Address for https, host:port. Empty: TLS is for a proxy in front." value-name:"ADDR" env:"MUSUBI_TLS_LISTEN"`
	TLSCert      string `long:"tls-cert" description:"File of the certificate, with its chain, for --tls-listen." value-name:"FILE" env:"MUSUBI_TLS_CERT" type:"path"`
	TLSKey       string `long:"tls-key" description:"File of its key." value-name:"FILE" env:"MUSUBI_TLS_KEY" type:"path"`
	ACME         bool   `long:"acme" description:"Get certificates for --hosts by ACME and renew them; by this you agree to the terms of who gives them. They are kept below --data." env:"MUSUBI_ACME"`
	ACMEServer   string `long:"acme-server" description:"Directory of the ACME server." value-name:"URL" default:"https://acme-v02.api.letsencrypt.org/directory" env:"MUSUBI_ACME_SERVER"`
	ACMEMail     string `long:"acme-mail" description:"Where the ACME server writes to when something is wrong. Empty: nowhere." value-name:"ADDRESS" env:"MUSUBI_ACME_MAIL"`
	ACMERoots    string `long:"acme-roots" description:"File of certificates by which the ACME server itself is known. Empty: those of this machine." value-name:"FILE" env:"MUSUBI_ACME_ROOTS" type:"path"`
	Plain        string `long:"plain" description:"Who is answered without TLS, beside --tls-listen: nobody, all are sent to https; handsets, that know no TLS of today, whose passwords then are read by who stands between; all." default:"nobody" choice:"nobody" choice:"handsets" choice:"all" env:"MUSUBI_PLAIN"`
	OldTLSListen string `long:"old-tls-listen" description:"Address for the TLS of old handsets, from TLS 1.0 with ciphers that can be broken: for them alone, others are sent to --tls-listen. Needs a certificate with an RSA key. Empty: none." value-name:"ADDR" env:"MUSUBI_OLD_TLS_LISTEN"`
}

// community is set for the social network: serve and core.
type community struct {
	Name          string   `long:"name" description:"Name of the site, on every page and letter. Empty: what its first page was told, or musubi." value-name:"NAME" env:"MUSUBI_NAME"`
	Secure        bool     `long:"secure" description:"Members reach the site by https: cookies are for https only." env:"MUSUBI_SECURE"`
	Stealth       string   `long:"stealth" description:"Members may choose to visit others without a footprint: on or off." default:"off" choice:"on" choice:"off" env:"MUSUBI_STEALTH"`
	SMTP          string   `long:"smtp" description:"Mail server for invitations and notices, smtp://user:password@host:port?from=address, smtps:// for TLS from the first byte; &name=HOST is how we call ourselves. Empty: what the first page was told, or mail waits in the outbox." value-name:"URL" env:"MUSUBI_SMTP"`
	AloneDays     int      `long:"alone-days" description:"Members without friends for so many days are suspended, after a warning at half time. 0: never." value-name:"DAYS" default:"0" env:"MUSUBI_ALONE_DAYS"`
	AlbumMB       int      `long:"album-mb" description:"Room for the photos in a member's albums, in MB, with what was sent where that is kept." value-name:"MB" default:"2000" env:"MUSUBI_ALBUM_MB"`
	Originals     string   `long:"originals" description:"Photos are kept as they were sent too, without place and time, for their owners to fetch: on or off." default:"on" choice:"on" choice:"off" env:"MUSUBI_ORIGINALS"`
	FilmMinutes   int      `long:"film-minutes" description:"The longest film that members may send, in minutes." value-name:"MINUTES" default:"5" env:"MUSUBI_FILM_MINUTES"`
	FilmsMB       int      `long:"member-films-mb" description:"Room for all films of a member, as they are kept, in MB." value-name:"MB" default:"500" env:"MUSUBI_MEMBER_FILMS_MB"`
	ExportMB      int      `long:"export-mb" description:"Room on the disk for the files of all members' exports together, in MB." value-name:"MB" default:"4096" env:"MUSUBI_EXPORT_MB"`
	TopicComments int      `long:"topic-comments" description:"So many comments fill a topic of a community; it goes on in another." value-name:"N" default:"1000" env:"MUSUBI_TOPIC_COMMENTS"`
	MessageDays   int      `long:"message-days" description:"Messages between members are kept for so many days. 0: for ever." value-name:"DAYS" default:"0" env:"MUSUBI_MESSAGE_DAYS"`
	PayURL        string   `long:"pay-url" description:"Where members pay for premium, an address with {reference} in it, by which the provider names the member. Empty: nowhere." value-name:"URL" env:"MUSUBI_PAY_URL"`
	MusicShops    wordlist `long:"music-shops" description:"Where tracks are sold: NAME=URL, with {artist}, {title} and {album} in it and your affiliate tag; several with blanks between. Empty: iTunes, mora and Amazon without a tag." value-name:"NAME=URL" env:"MUSUBI_MUSIC_SHOPS"`
	ReviewShops   wordlist `long:"review-shops" description:"Where what is reviewed is sold, with {title}, {maker} and {code}. Empty: Amazon without a tag." value-name:"NAME=URL" env:"MUSUBI_REVIEW_SHOPS"`
	ProductsURL   string   `long:"products-url" description:"A web service that knows products for reviews, with {words} and {code} in its address; it answers a JSON array of objects with category, title, maker and code. Empty: none is asked." value-name:"URL" env:"MUSUBI_PRODUCTS_URL"`
	Covers        string   `long:"covers" description:"Look up covers of albums at MusicBrainz and the Cover Art Archive, one question a second, and name them this contact of yours, a mail address or a page, as they ask. Only what two members or more hear is asked for. Empty: nobody is asked." value-name:"CONTACT" env:"MUSUBI_COVERS"`
	PlainPlayers  string   `long:"plain-players" description:"Take what music players send by plain http although the site is reached by https: players of 2005 know nothing else, and their keys do nothing but tell plays. on or off." default:"off" choice:"on" choice:"off" env:"MUSUBI_PLAIN_PLAYERS"`
	Push          string   `long:"push" description:"Members who ask for it are told by their browsers that something waits (Web Push): kinds and numbers, sealed, by the push service of each browser. on or off." default:"on" choice:"on" choice:"off" env:"MUSUBI_PUSH"`
	PushReach     list     `long:"push-reach" description:"Push services of your own network, which may be reached although their addresses are private." value-name:"HOST:PORT" env:"MUSUBI_PUSH_REACH"`
	HookSecret    string   `long:"hook-secret" description:"What the provider of payments signs its calls of /hooks/entitlement with. Empty: one that is derived from the secret file; musubi operator hook prints it." value-name:"SECRET" env:"MUSUBI_HOOK_SECRET"`
	UpgradeBackup string   `long:"upgrade-backup" description:"Copy the database before a newer program changes its schema, to musubi.db.before-upgrade beside it: on or off." default:"on" choice:"on" choice:"off" env:"MUSUBI_UPGRADE_BACKUP"`
	MinFreeMB     int      `long:"min-free-mb" description:"Room in MB that stays free on the disk: with less, members can read and nothing is stored, until there is room again. 0: never mind." value-name:"MB" default:"64" env:"MUSUBI_MIN_FREE_MB"`
	shared
	CacheMB int `long:"cache-mb" description:"Memory in MB for what pages read most (members, ties, lists, entries). 0: every page asks the database." value-name:"MB" default:"96" env:"MUSUBI_CACHE_MB"`
	incoming
}

// incoming is set for mail that comes in.
type incoming struct {
	SMTPListen     string `long:"smtp-listen" description:"Address where mail comes in from the world, by SMTP. Empty, as is --lmtp-listen: nothing is posted by mail." value-name:"ADDR" env:"MUSUBI_SMTP_LISTEN"`
	LMTPListen     string `long:"lmtp-listen" description:"Address where mail comes in by LMTP from a mail server of your own." value-name:"ADDR" env:"MUSUBI_LMTP_LISTEN"`
	MailDomain     string `long:"mail-domain" description:"Domain of the addresses for posting by mail. Empty: the first of --hosts." value-name:"NAME" env:"MUSUBI_MAIL_DOMAIN"`
	MailMB         int    `long:"mail-mb" description:"Largest mail that is taken, in MB; a photo in it takes a third more than its file." value-name:"MB" default:"8" env:"MUSUBI_MAIL_MB"`
	MailCert       string `long:"mail-cert" description:"File of the certificate for STARTTLS, with --mail-key." value-name:"FILE" env:"MUSUBI_MAIL_CERT" type:"path"`
	MailKey        string `long:"mail-key" description:"File of its key." value-name:"FILE" env:"MUSUBI_MAIL_KEY" type:"path"`
	MailPeers      list   `long:"mail-peers" description:"Address ranges that may speak LMTP. Empty: this machine." value-name:"CIDR" env:"MUSUBI_MAIL_PEERS"`
	MailAuthID     string `long:"mail-auth-id" description:"Name under which your own mail server before LMTP writes Authentication-Results; it must remove such fields that come from outside. Empty: none are believed." value-name:"NAME" env:"MUSUBI_MAIL_AUTH_ID"`
	MailForged     string `long:"mail-forged" description:"What becomes of mail that its sender's own domain calls forged: hold keeps entries for their owner alone and refuses the rest, post posts it." default:"hold" choice:"hold" choice:"post" env:"MUSUBI_MAIL_FORGED"`
	Registration   string `long:"registration" description:"Who gets a way in by an empty mail to get@ the mail domain: invited, who was, and members who are to log in; open, everybody." default:"invited" choice:"invited" choice:"open" env:"MUSUBI_REGISTRATION"`
	ConfirmHandset string `long:"confirm-handset" description:"Who has to show the mail address of a handset to register, beside the one they were invited at: off, nobody; free, whoever was invited at an address that anybody gets for nothing; all, everybody." default:"off" choice:"off" choice:"free" choice:"all" env:"MUSUBI_CONFIRM_HANDSET"`
	DKIMKey        string `long:"dkim-key" description:"File of a private key (PEM, RSA or Ed25519) that letters are signed with." value-name:"FILE" env:"MUSUBI_DKIM_KEY" type:"path"`
	DKIMSelector   string `long:"dkim-selector" description:"Its selector: the public half stands in the DNS at SELECTOR._domainkey.DOMAIN." value-name:"NAME" default:"musubi" env:"MUSUBI_DKIM_SELECTOR"`
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
	case o.MailMB < 0 || o.MailMB > maxMailMB || o.MailMB == 0 && domain != "":
		return badUsage("--mail-mb %d: expected 1 to %d", o.MailMB, maxMailMB)
	case (o.MailCert == "") != (o.MailKey == ""):
		return badUsage("--mail-cert and --mail-key belong together")
	}
	if _, err := o.mailPair(); err != nil {
		return err
	}
	if _, err := o.peers(); err != nil {
		return err
	}
	if o.DKIMSelector != "" && !selectorName.MatchString(o.DKIMSelector) { // the default has one where there is no key, too
		return badUsage("--dkim-selector %s: expected a name as the DNS has them: letters, digits and hyphens, with single dots between", o.DKIMSelector)
	}
	if o.DKIMKey != "" {
		if err := postman.CheckKey(o.DKIMKey); err != nil {
			return badUsage("--dkim-key: %v; expected a file with a private key in PEM, RSA or Ed25519 (openssl genpkey -algorithm ed25519 makes one)", err)
		}
	}
	switch domain := o.mailDomain(hosts); {
	case o.SMTPListen == "" && o.LMTPListen == "":
		return nil
	case domain == "":
		return badUsage("--smtp-listen and --lmtp-listen need --mail-domain, or --hosts: what stands after the @ of the addresses")
	case !strings.Contains(domain, "."):
		return badUsage("--mail-domain %s: expected a name with a dot: no mail server takes others", domain)
	case o.MailAuthID != "" && o.LMTPListen == "":
		return badUsage("--mail-auth-id is for --lmtp-listen: what comes from the world may have any Authentication-Results")
	}
	return nil
}

var selectorName = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*$`)

// handsets is set for what stands before handsets: serve and gateway.
type handsets struct {
	Redis      string `long:"redis" description:"Redis for handset sessions, fitted pictures and the counting of wrong passwords, redis://host:port/0 or redis+cluster://a,b,c. Empty: in this process, kept under --data." value-name:"URL" env:"MUSUBI_REDIS"`
	Carriers   string `long:"carriers" description:"Directory of your own carrier and handset tables, added to the shipped ones." value-name:"DIR" env:"MUSUBI_CARRIERS" type:"path"`
	Ranges     string `long:"ranges" description:"File of handset gateway address ranges you vouch for. Without it no address is trusted." value-name:"FILE" env:"MUSUBI_RANGES" type:"path"`
	TrustProxy list   `long:"trust-proxies" description:"Address ranges of front proxies whose X-Forwarded-For is believed." value-name:"CIDR" env:"MUSUBI_TRUST_PROXIES"`
}

// foreign is set for a gateway alone: the web application behind it.
type foreign struct {
	Upstream   list   `long:"upstream" description:"The web application behind the gateway (several: load-balanced), or musubi cores." value-name:"URL" env:"MUSUBI_UPSTREAM"`
	Rules      string `long:"rules" description:"File of rules for pages of other applications: what handsets are spared or shown first, picture quality, and what goes out as it is, by host, path and CSS selector (docs/rules.md)." value-name:"FILE" env:"MUSUBI_RULES" type:"path"`
	CoreSecret string `long:"core-secret" description:"The secret file of the musubi core behind this gateway (its DATA/secret, mode 600): its pages are musubi's own, and what the gateway finds out about a handset is signed. Empty: some other web application." value-name:"FILE" env:"MUSUBI_CORE_SECRET" type:"path"`
}

// world is set for a gateway alone that leads to any site.
type world struct {
	Proxy         bool   `long:"proxy" description:"Be the proxy that old browsers and handsets are set up with: they see the web of today, fetched over TLS." env:"MUSUBI_PROXY"`
	Portal        bool   `long:"portal" description:"Be a portal for screens without a proxy setting: http://this-host/~/example.org/ is a site as they can read it." env:"MUSUBI_PORTAL"`
	Archive       string `long:"archive" description:"Directory or WARC file (also .gz) of archived pages: they are answered from it, as they were to the handsets they were made for, transcoded to others." value-name:"PATH" env:"MUSUBI_ARCHIVE" type:"path"`
	ArchiveFor    string `long:"archive-for" description:"Whose handsets the archived pages were made for, where the archive does not tell." value-name:"CARRIER" choice:"docomo" choice:"au" choice:"softbank" env:"MUSUBI_ARCHIVE_FOR"`
	ProxyAllow    list   `long:"proxy-allow" description:"Address ranges that may use proxy and portal. Empty, without a password: only this machine." value-name:"CIDR" env:"MUSUBI_PROXY_ALLOW"`
	ProxyPassword string `long:"proxy-password" description:"Password that lets others in, typed once on a handset." value-name:"PASSWORD" env:"MUSUBI_PROXY_PASSWORD"`
	ProxyReach    list   `long:"proxy-reach" description:"Private addresses, or other ports, that proxy and portal may reach all the same." value-name:"HOST:PORT" env:"MUSUBI_PROXY_REACH"`
	ProxyPorts    list   `long:"proxy-ports" description:"Ports that sites may have beside 80 and 443." value-name:"PORT" env:"MUSUBI_PROXY_PORTS"`
	ProxyRate     int    `long:"proxy-rate" description:"Requests a minute that one client of proxy and portal may make in the long run, a fifth of them at once; more are answered 429. 0: no limit of its own." value-name:"N" default:"600" env:"MUSUBI_PROXY_RATE"`
	ProxyDownload int    `long:"proxy-download-mb" description:"The largest file that goes through proxy and portal, in MB; a larger one is refused by a page that says so." value-name:"MB" default:"1024" env:"MUSUBI_PROXY_DOWNLOAD_MB"`
	ProxyConnect  list   `long:"proxy-connect" description:"Where CONNECT may lead, past all that the gateway does: HOST:PORT, *.HOST:PORT or *:PORT. Empty: nowhere." value-name:"HOST:PORT" env:"MUSUBI_PROXY_CONNECT"`
	ProxyCA       string `long:"proxy-ca" description:"File of certificates (PEM) that are believed beside the system's." value-name:"FILE" env:"MUSUBI_PROXY_CA" type:"path"`
	Bookmarks     string `long:"bookmarks" description:"File of bookmarks for the start page: lines of an address and a title." value-name:"FILE" env:"MUSUBI_BOOKMARKS" type:"path"`
}

// check refuses numbers that mean nothing.
func (c *community) check() error {
	if err := cmp.Or(c.checkShared(), c.checkPay()); err != nil {
		return err
	}
	if _, err := c.sold(); err != nil {
		return err
	}
	if len([]rune(c.Name)) > core.MaxName || strings.ContainsFunc(c.Name, unicode.IsControl) {
		return badUsage("--name %q: expected one line of %d characters at most", c.Name, core.MaxName)
	}
	if _, err := fetch.NewPoster(fetch.Config{Reach: slices.Clone(c.PushReach)}); err != nil {
		return badUsage("--push-reach: %v", err)
	}
	if c.SMTP != "" {
		if _, err := c.openPostman(c.SMTP); err != nil {
			return err
		}
	}
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
	} {
		if n.value < 0 || n.value > maxNumber {
			return badUsage("--%s %d: expected %s, %d at most", n.flag, n.value, n.want, maxNumber)
		}
	}
	if c.MessageDays < 0 || c.MessageDays > maxMessageDays {
		return badUsage("--message-days %d: expected a number of days up to %d, or 0 to keep messages for ever", c.MessageDays, maxMessageDays)
	}
	if c.CacheMB < 0 || c.CacheMB > maxCacheMB {
		return badUsage("--cache-mb %d: expected 0 to %d", c.CacheMB, maxCacheMB)
	}
	return nil
}

// maxNumber bounds what nothing else does: ten terabytes, or days of 27,000 years, are typing errors. maxMessageDays is core's.
const maxNumber, maxMessageDays = 10_000_000, 36500

// maxCacheMB bounds --cache-mb: a terabyte is a typing error.
const maxCacheMB = 1 << 20

// check refuses what would be noticed only when it is needed.
func (o *serving) check() error {
	if o.FilmMB < 0 || o.FilmMB > maxNumber {
		return badUsage("--film-mb %d: expected a number of megabytes, %d at most", o.FilmMB, maxNumber)
	}
	for _, name := range append(slices.Clone(o.Hosts), o.AdminHosts...) {
		if strings.ContainsAny(name, "/@ ") || strings.Trim(name, ".:") == "" {
			return badUsage("--hosts, --admin-hosts: %q is no name of a host; write it like example.org or 192.0.2.1:8080", name)
		}
	}
	_, err := doorLimits(o.AtOnce, o.InLine)
	return err
}

// check refuses tables and ranges that are not there. What is wrong in a list of ranges, the site goes on without, and believes nobody.
func (c *handsets) check() error {
	if _, err := c.proxies(); err != nil {
		return err
	}
	if c.Carriers != "" && !isDir(c.Carriers) {
		return badUsage("--carriers %s: no such directory; expected one with tables of your own (docs/CONTRIBUTING.md)", c.Carriers)
	}
	if c.Ranges == "" {
		return nil
	}
	f, err := os.Open(c.Ranges)
	if err != nil {
		return badUsage("--ranges: %v; expected a file of address ranges that you vouch for", err)
	}
	return f.Close()
}

// checkPay refuses an address by which nobody would be told apart who pays.
func (c *community) checkPay() error {
	if c.PayURL == "" {
		return nil
	}
	u, err := url.Parse(strings.ReplaceAll(c.PayURL, reference, "1"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || !strings.Contains(c.PayURL, reference) {
		return badUsage("--pay-url %s: expected an address with %s in it, like https://pay.example/premium?member=%s: by it the provider tells who has paid", c.PayURL, reference, reference)
	}
	return nil
}

// reference stands in --pay-url for who pays.
const reference = "{reference}"

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
	secret         bool     // itself, not the file of one
}

// settingsOf lists what the commands obey, in the order of their help: read from the flags themselves, so that neither the
// documented file nor the manual can drift from them.
func settingsOf(names ...string) (list []setting) {
	at := map[string]int{}
	parser, err := newParser(new(commands))
	if err != nil {
		panic(err) // the tags do not fit: a fault of the build
	}
	for _, command := range names {
		for _, o := range optionsBelow(parser.Find(command)) {
			env := environmentOf(o)
			i, known := at[o.LongName]
			switch {
			case o.LongName == "config" || env == "":
			case known:
				list[i].commands = append(list[i].commands, command)
			default:
				at[o.LongName] = len(list)
				list = append(list, setting{o.LongName, env, o.Field().Tag.Get("description"), strings.Join(o.Default, ","), []string{command}, isSecret(o.Field().Tag.Get("value-name"))})
			}
		}
	}
	return list
}

// serverCommands are those that read a file of settings.
var serverCommands = []string{"serve", "core", "gateway"}

// defaults are the settings of serve where nobody has set any: neither flags nor environment count.
func defaults() *serveCmd {
	c := new(commands)
	p, err := newParser(c)
	if err == nil {
		_, err = p.ParseArgs([]string{"serve"})
	}
	if err == nil {
		err = findPaths(p)
	}
	if err != nil {
		panic(err) // the tags do not fit: a fault of the build
	}
	return &c.Serve
}

// isSecret says by the placeholder of a setting whether its value is a secret itself.
func isSecret(placeholder string) bool { return placeholder == "SECRET" || placeholder == "PASSWORD" }

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
		if s, ok := value.(string); ok && (strings.Contains(s, "://") || s != "" && isSecret(f.Tag.Get("value-name"))) {
			value = true
		}
		fmt.Fprintf(&b, " %s=%v", strings.ReplaceAll(key, "_", "-"), value)
	}
	return b.String()
}
