package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/carriers"
	"musubi/core"
	"musubi/core/cache"
	"musubi/core/disk"
	"musubi/core/files"
	"musubi/core/network"
	"musubi/core/postman"
	"musubi/core/store"
	"musubi/core/web"
	"musubi/gateway/door"
	"musubi/gateway/wire"
	"musubi/transcode/imaging"
)

// coreCmd is the core alone, for gateways that run elsewhere: plain HTTP, canonical markup.
type coreCmd struct {
	Listen      string   `help:"Address the core listens on. Keep it where only gateways reach it." default:"127.0.0.1:0" placeholder:"ADDR" env:"MUSUBI_LISTEN"`
	Data        string   `help:"Directory of the database, photos and keys." default:"./musubi-data" placeholder:"DIR" env:"MUSUBI_DATA" type:"path"`
	Hosts       []string `help:"Host names the site answers to." placeholder:"NAME" env:"MUSUBI_HOSTS" sep:","`
	Secure      bool     `help:"The site is reached by https: cookies are for https only." env:"MUSUBI_SECURE"`
	EasyLogin   string   `help:"Easy login by subscriber ID: on or off." enum:"on,off" default:"off" env:"MUSUBI_EASY_LOGIN"`
	Stealth     string   `help:"Members may choose to visit others without a footprint: on or off." enum:"on,off" default:"off" env:"MUSUBI_STEALTH"`
	SMTP        string   `help:"Mail server, smtp://user:password@host:port?from=address. Empty: mail waits in the outbox." placeholder:"URL" env:"MUSUBI_SMTP" name:"smtp"`
	AlbumMB     int      `help:"Room for the photos in a member's albums, in MB." default:"200" placeholder:"MB" env:"MUSUBI_ALBUM_MB" name:"album-mb"`
	ExportMB    int      `help:"Room on the disk for the files of all members' exports together, in MB." default:"4096" placeholder:"MB" env:"MUSUBI_EXPORT_MB" name:"export-mb"`
	MessageDays int      `help:"Messages between members are kept for so many days. 0: for ever." default:"0" placeholder:"DAYS" env:"MUSUBI_MESSAGE_DAYS"`
	CacheMB     int      `help:"Memory in MB for what pages read most (members, ties, lists, entries). 0: every page asks the database." default:"96" placeholder:"MB" env:"MUSUBI_CACHE_MB" name:"cache-mb"`
	AtOnce      int      `help:"Pages answered at once; beside them twice as many forms, and as many that hash a password or bring pictures. More wait for a moment or are told to come back. 0: 4 for each processor and 8 at least, before another web application 256 for each." default:"0" placeholder:"N" env:"MUSUBI_AT_ONCE"`
	InLine      int      `help:"Requests of each kind that may wait for their turn; more are told to come back at once. 0: 32 times --at-once." default:"0" placeholder:"N" env:"MUSUBI_IN_LINE"`
}

// Run serves until it is interrupted. Gateways in other processes sign with a key derived from the same secret file
// (musubi gateway --core-secret).
func (c *coreCmd) Run(io *std) error {
	ctx, stop := untilSignal()
	defer stop()
	log := logger(io.Err, slog.LevelInfo)
	limits, err := doorLimits(c.AtOnce, c.InLine)
	if err != nil {
		return err
	}
	room, err := openCore(ctx, coreOptions{data: c.Data, hosts: c.Hosts, secure: c.Secure, easyLogin: c.EasyLogin == "on", stealth: c.Stealth == "on", smtp: c.SMTP, albumMB: c.AlbumMB, exportMB: c.ExportMB, messageDays: c.MessageDays, cacheMB: c.CacheMB, exports: true, index: true, log: log})
	if err != nil {
		return err
	}
	defer room.Close()
	listener, err := listen("listen", c.Listen, mostConnections, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "core listens on %s\n", urlOf(listener))
	server := room.site.Server()
	server.Handler = wire.Guard(behind(door.New(limits), room.site))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return drain(server, listener)
	}
}

// doorLimits reads --at-once and --in-line.
func doorLimits(atOnce, inLine int) (door.Limits, error) {
	if atOnce < 0 || inLine < 0 {
		return door.Limits{}, badUsage("--at-once %d, --in-line %d: expected numbers of requests, or 0 for the defaults", atOnce, inLine)
	}
	return door.Limits{Inside: atOnce, Line: inLine}, nil
}

// doorKind says by what the core needs for a request which places behind the door it takes.
func doorKind(method, path string, body int) door.Kind {
	return [...]door.Kind{web.NeedsNothing: door.Free, web.NeedsReading: door.Page, web.NeedsWriting: door.Form, web.NeedsLabor: door.Labor}[web.NeedOf(method, path, body)]
}

// behind lets requests in by the door and answers those that there is no room for.
func behind(d *door.Door, site *web.Site) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		kind := doorKind(string(ctx.Method()), string(ctx.Path()), len(ctx.Request.Body()))
		if !d.Enter(kind) {
			site.Crowded(ctx)
			return
		}
		defer d.Leave(kind)
		site.Handler(ctx)
	}
}

// photoMaker makes the stored picture of an upload with the image stage, as many at once as its gate lets through.
type photoMaker struct{ gate imaging.Gate }

// MakePhoto implements core.PhotoMaker.
func (m *photoMaker) MakePhoto(ctx context.Context, upload []byte) (core.MadePhoto, error) {
	b, info, err := m.gate.Master(ctx, nil, upload)
	if errors.Is(err, imaging.ErrBusy) {
		return core.MadePhoto{}, core.ErrBusy
	}
	if err != nil {
		return core.MadePhoto{}, fmt.Errorf("%w (%v)", core.ErrPhoto, err)
	}
	return core.MadePhoto{Bytes: b, Type: info.ContentType(), Width: info.Width, Height: info.Height}, nil
}

// coreRoom is the social network, opened on a data directory: what demo, serve, core and seed share.
type coreRoom struct {
	store    *store.Store
	photos   files.Blobs
	services *network.Services
	site     *web.Site
	// gatewayKey is the secret that a gateway signs its verdicts with.
	gatewayKey []byte
	stopChores func()
}

// gatewayKeyName is the name under which the key of the gateway's signature is derived from the secret.
const gatewayKeyName = "gateway"

// coreOptions is how a coreRoom is set up.
type coreOptions struct {
	data        string // directory; made when it is not there
	hosts       []string
	secure      bool // reached by https
	easyLogin   bool
	stealth     bool
	smtp        string // mail server; "": letters wait in the outbox
	aloneDays   int    // see network.Config.AloneLimit; 0: never
	albumMB     int    // see network.Config.AlbumMB; 0: its default
	exportMB    int    // see network.Config.ExportBytes; 0: its default
	messageDays int    // see network.Config.MessageDays; 0: for ever
	cacheMB     int    // memory of the cache; 0: none, as commands that only write have it
	exports     bool   // members can export their data here: of a process that goes on, not of an operator's chore
	index       bool   // keep the search index up to date: of the processes on a data directory, the one that serves
	log         *slog.Logger
}

// settings are the operator's choices for the audit log: what bears on members and who gets in, and no password.
func (o *coreOptions) settings() string {
	return fmt.Sprintf("hosts=%s secure=%t easy-login=%t stealth=%t smtp=%t alone-days=%d album-mb=%d export-mb=%d message-days=%d",
		strings.Join(o.hosts, ","), o.secure, o.easyLogin, o.stealth, o.smtp != "", o.aloneDays, o.albumMB, o.exportMB, o.messageDays)
}

// maxCacheMB bounds --cache-mb: a terabyte is a typing error.
const maxCacheMB = 1 << 20

// isWhole refuses a data directory that has lost its database: photos are there, so there was a community, and an empty one in its
// place would be taken for it, by the operator's backups first of all.
func isWhole(data string, photos files.Blobs) error {
	database := filepath.Join(data, "musubi.db")
	info, err := os.Stat(database)
	if err == nil && info.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) || photos.Empty() {
		return nil
	}
	return fmt.Errorf("%s is missing or empty, but %s has photos of a community: put the database back (musubi restore), or name another --data for a new one", database, photos)
}

// openCore opens the database, the pictures and the secret below the data directory. Close it after the last request.
func openCore(ctx context.Context, o coreOptions) (*coreRoom, error) {
	if o.albumMB < 0 {
		return nil, badUsage("--album-mb %d: expected a number of megabytes", o.albumMB)
	}
	if o.exportMB < 0 {
		return nil, badUsage("--export-mb %d: expected a number of megabytes", o.exportMB)
	}
	if o.messageDays < 0 {
		return nil, badUsage("--message-days %d: expected a number of days, or 0 to keep messages for ever", o.messageDays)
	}
	if o.cacheMB < 0 || o.cacheMB > maxCacheMB {
		return nil, badUsage("--cache-mb %d: expected 0 to %d", o.cacheMB, maxCacheMB)
	}
	if err := disk.MakeDir(o.data); err != nil {
		return nil, err
	}
	photos := files.Blobs(filepath.Join(o.data, "photos"))
	if err := isWhole(o.data, photos); err != nil {
		return nil, err
	}
	secret, err := files.OpenSecret(filepath.Join(o.data, "secret"))
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, store.Config{Path: filepath.Join(o.data, "musubi.db")})
	if err != nil {
		return nil, err
	}
	r := &coreRoom{store: st, photos: photos, gatewayKey: core.DeriveKey(secret, gatewayKeyName)}
	settings := network.Config{
		Stores: st.Stores(), Blobs: photos, Photos: new(photoMaker), Secret: secret, EasyLogin: o.easyLogin, Stealth: o.stealth,
		HandsetMail: handsetMail,
		AloneLimit:  time.Duration(o.aloneDays) * 24 * time.Hour, AlbumMB: o.albumMB, ExportBytes: int64(o.exportMB) << 20, MessageDays: o.messageDays,
	}
	if o.exports {
		settings.ExportDir = filepath.Join(o.data, "exports")
	}
	if o.cacheMB > 0 {
		var kept *cache.Cache
		if kept, err = cache.New(ctx, st, cache.Config{Bytes: o.cacheMB << 20}); err == nil {
			settings.Stores = kept.Stores()
		}
	}
	if err == nil && o.smtp != "" {
		settings.Mail, err = postman.Open(o.smtp)
	}
	if err == nil {
		r.services, err = network.New(settings)
	}
	if err == nil {
		r.site, err = web.New(r.services, web.Config{
			Secret: secret, Hosts: o.hosts, Secure: o.secure, GatewayKey: r.gatewayKey, Log: o.log,
		})
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	if o.exports { // it serves
		if err := r.services.AuditSettings(ctx, o.settings()); err != nil {
			return nil, errors.Join(err, st.Close())
		}
	}
	r.runChores(o.index, o.log)
	return r, nil
}

// handsetMail says whether a mail address is one that a carrier gives to a handset. An iPhone's is read as on a PC.
func handsetMail(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	c := carriers.ByMailDomain(domain)
	return c != carriers.PC && c != carriers.Smartphone
}

// runChores sends mail, throws away what has expired and, if index says so, keeps the search index, until Close.
func (r *coreRoom) runChores(index bool, log *slog.Logger) {
	ctx, stop := context.WithCancel(context.Background())
	var chores sync.WaitGroup
	chores.Go(func() {
		r.services.Chores.Run(ctx, func(err error) { log.Error("chores of the core", "error", err.Error()) })
	})
	chores.Go(func() { // what a killed process began and did not finish; it may be long to look through
		if err := r.photos.Sweep(time.Now().Add(-time.Hour)); err != nil {
			log.Error("unfinished photos", "error", err.Error())
		}
	})
	if index {
		chores.Go(func() {
			r.services.Search.RunSearch(ctx, func(err error) { log.Error("search index", "error", err.Error()) })
		})
	}
	r.stopChores = func() { stop(); chores.Wait() }
}

// Close waits for the chores and the writes under way.
func (r *coreRoom) Close() error {
	r.stopChores()
	return r.store.Close()
}
