package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	stdio "io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"musubi/carriers"
	"musubi/core"
	"musubi/core/account"
	"musubi/core/cache"
	"musubi/core/disk"
	"musubi/core/files"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/store"
	"musubi/core/web"
	"musubi/gateway"
	"musubi/gateway/door"
	"musubi/gateway/wire"
	"musubi/transcode/emoji"
	"musubi/transcode/imaging"
)

// coreCmd is the core alone, for gateways that run elsewhere: plain HTTP, canonical markup.
type coreCmd struct {
	serving
	community
}

// Run serves until it is interrupted. Gateways in other processes sign with a key derived from the same secret file
// (musubi gateway --core-secret).
func (c *coreCmd) Run(io *std) error {
	limits, err := doorLimits(c.AtOnce, c.InLine)
	if err != nil {
		return err
	}
	log, base := c.logger(io.Err), context.Background()
	if c.isFirst(c.Data) {
		if err := c.rehearse(base); err != nil {
			return err
		}
	}
	prepare := func(ctx context.Context) error {
		return goesOn(cmp.Or(c.rehearse(ctx), c.foresee(ctx, c.Data, log)))
	}
	return seated(communitySeat, &c.serving, log, prepare, func(ctx context.Context, seat *seat) error {
		return c.run(ctx, seat, limits, io, log)
	})
}

// rehearse opens a core with these settings elsewhere.
func (c *coreCmd) rehearse(ctx context.Context) error {
	return rehearse(ctx, c.Data, func(data string) (stdio.Closer, error) {
		try := *c
		try.serving.at(data)
		try.community.at(data)
		room, err := openCore(ctx, coreOptions{serving: try.serving, community: try.community, serves: true, log: slog.New(slog.DiscardHandler)})
		if err != nil {
			return nil, err
		}
		mails, err := openMail(&try.incoming, try.mailDomain(try.Hosts), room.services, slog.New(slog.DiscardHandler))
		if err = errors.Join(err, mails.Close()); err != nil {
			return nil, errors.Join(err, room.Close())
		}
		return room, nil
	})
}

// run serves in a seat.
func (c *coreCmd) run(ctx context.Context, seat *seat, limits door.Limits, io *std, log *slog.Logger) error {
	if err := ours.bind(log, append(c.incoming.addresses(), [][2]string{{mainSocket, c.Listen}, {"admin-listen", c.AdminListen}}...)); err != nil {
		return err
	}
	room, err := openCore(ctx, coreOptions{serving: c.serving, community: c.community, serves: true, log: log})
	if err != nil {
		return err
	}
	defer room.Close()
	public, err := listen("listen", c.Listen, mostConnections, log)
	if err != nil {
		return err
	}
	defer public.Close()
	back, err := listen("admin-listen", c.AdminListen, mostOperators, log)
	if err != nil {
		return err
	}
	defer back.Close()
	mails, err := openMail(&c.incoming, c.mailDomain(c.Hosts), room.services, log)
	if err != nil {
		return err
	}
	defer mails.Close()
	if len(c.Hosts) == 0 {
		room.site.SetBaseURL(urlOf(public))
	}
	handsets, err := room.openViewer(c.Hosts, urlOf(public))
	if err != nil {
		return err
	}
	defer handsets.Close()
	first, err := room.offerFirst(ctx, "")
	if err != nil {
		return err
	}
	seat.served()
	fmt.Fprintf(io.Out, "core listens on %s, operators on %s\n%s", urlOf(public), urlOf(back), first)
	entry := door.New(limits)
	meters := newCoreMeters()
	server := room.site.Server()
	server.Handler = wire.Guard(meters.count(behind(entry, room.site)))
	o := room.operators()
	o.Hosts, o.Log, o.Pages = c.AdminHosts, log, handsets.pages()
	o.Metrics = append(o.Metrics, meters.set.WritePrometheus, func(w stdio.Writer) { gateway.WriteDoor(w, entry) }, metrics.WriteProcessMetrics)
	o.Reload = newReloader("core", log, reloadLog(func(c *commands) *logging { return &c.Core.logging }), room.reloading(func(c *commands) community { return c.Core.community })).reload
	tellUnit(ctx, o.Ready, log)
	return serve(ctx, post{server: o.Server(), listener: back}, o.Reload, post{server: server, listener: public})
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

// photoMaker makes the stored pictures of an upload with the image stage, as many at once as its gate lets through.
type photoMaker struct {
	gate      imaging.Gate
	originals bool // what was sent is kept too
}

// MakePhoto implements core.PhotoMaker.
func (m *photoMaker) MakePhoto(ctx context.Context, upload []byte) (core.MadePhoto, error) {
	b, info, err := m.gate.Master(ctx, nil, upload)
	if err != nil {
		return core.MadePhoto{}, unmade(err)
	}
	made := core.MadePhoto{Bytes: b, Type: info.ContentType(), Width: info.Width, Height: info.Height}
	if max(info.SourceWidth, info.SourceHeight) <= imaging.MasterSide {
		return made, nil
	}
	if info.Frames == 1 {
		b, wide, err := m.gate.Convert(ctx, nil, upload, imaging.WideLimits)
		if err != nil {
			return core.MadePhoto{}, unmade(err)
		}
		made.Wide = core.MadeFile{Bytes: b, Width: wide.Width, Height: wide.Height}
	}
	if m.originals {
		if made.Original = imaging.Strip(upload); made.Original != nil {
			made.OriginalType = info.SourceFormat.ContentType()
		}
	}
	return made, nil
}

func unmade(err error) error {
	switch {
	case errors.Is(err, imaging.ErrBusy):
		return core.ErrBusy
	case errors.Is(err, imaging.ErrTooLarge):
		return fmt.Errorf("%w (%w: %v)", core.ErrPhotoLarge, core.ErrPhoto, err)
	case errors.Is(err, imaging.ErrFormat):
		return fmt.Errorf("%w (%w: %v)", core.ErrPhotoKind, core.ErrPhoto, err)
	}
	return fmt.Errorf("%w (%v)", core.ErrPhoto, err)
}

// coreRoom is the social network, opened on a data directory: what demo, serve, core and seed share.
type coreRoom struct {
	films    *filmMaker   // nil: films are not taken
	meter    *sharedMeter // nil: the database counts
	data     string
	store    *store.Store
	cache    *cache.Cache // nil: there is none
	counted  countedFigures
	full     fullness
	lost     atomic.Int64 // photos whose file was not there when it was last looked for
	photos   files.Blobs
	services *network.Services
	site     *web.Site
	// gatewayKey is the secret that a gateway signs its verdicts with.
	gatewayKey []byte
	secret     []byte
	stopChores func()
}

// gatewayKeyName is the name under which the key of the gateway's signature is derived from the secret.
const gatewayKeyName = "gateway"

// coreOptions is how a coreRoom is set up: by the settings of a command that serves, or by a directory alone for an
// operator's chore.
type coreOptions struct {
	look    bool // nothing is written, and what cannot be written is looked at all the same
	reading bool // a whole site is being read in: half of one is no reason to stop
	asItIs  bool // an existing schema is not changed, an older one is refused: only what serves changes it, and musubi migrate
	serving
	community
	redis string // counts tries of passwords; empty: the database does
	// serves says that the process goes on: members can export their data, the search index is kept up to date, the settings
	// are noted in the audit log.
	serves bool
	demo   bool // codes of operators open more than once
	log    *slog.Logger
}

// onData is how a chore opens a data directory: without a cache, as commands that only write have it, and as it is.
func onData(dir string, log *slog.Logger) coreOptions {
	return coreOptions{asItIs: true, serving: serving{Data: dir}, log: log}
}

// onDB is onData for a command that takes --db.
func onDB(dir string, where shared, log *slog.Logger) coreOptions {
	o := onData(dir, log)
	o.shared = where
	return o
}

// settings are the operator's choices for the audit log: what bears on members and who gets in, and no password.
func (o *coreOptions) settings() string {
	return "hosts=" + strings.Join(o.Hosts, ",") + " easy-login=" + o.EasyLogin + o.chosen()
}

// freshSecret is the secret of a site whose first start has not come so far that its database is there: only then it gets its name. So a
// secret without a database tells that one was lost.
const freshSecret = "secret.new"

// isWhole refuses a data directory that has lost its database, or its secret: there was a community, and an empty one in its place would be
// taken for it, by the operator's backups first of all.
func isWhole(data string, photos files.Blobs) error {
	database, secret := filepath.Join(data, databaseFile), filepath.Join(data, "secret")
	info, err := os.Stat(database)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil // who opens it says what is wrong
	}
	has := err == nil && info.Size() > 0
	if has && !exists(secret) && !exists(filepath.Join(data, freshSecret)) {
		return fmt.Errorf("%s is missing beside a database: put it back from a backup (musubi restore); with a new one nobody's link, session or easy login would work, so if it is lost for good make it yourself: umask 077; head -c 32 /dev/urandom > %s", secret, secret)
	}
	if has {
		return nil
	}
	left := ""
	switch set := filepath.Join(data, setupFile); {
	case !photos.Empty():
		left = fmt.Sprintf("%s has photos", photos)
	case exists(set):
		left = set + " is that"
	case exists(secret):
		left = secret + " is that"
	default:
		return nil
	}
	return fmt.Errorf("%s is missing or empty, but %s of a community: put the database back (musubi restore), or name another --data for a new one", database, left)
}

// openFile opens the database of a data directory, and its secret.
func (r *coreRoom) openFile(ctx context.Context, o *coreOptions) (err error) {
	if !o.reading {
		if err := isWhole(o.Data, r.photos); err != nil {
			return err
		}
	}
	secret, at := filepath.Join(o.Data, "secret"), filepath.Join(o.Data, "secret")
	if !exists(secret) {
		at = filepath.Join(o.Data, freshSecret)
	}
	open := files.OpenSecret
	if o.look {
		open = files.ReadSecret
	}
	if r.secret, err = open(at); err != nil {
		return err
	}
	if r.store, err = store.Open(ctx, o.upgrading(store.Config{Path: filepath.Join(o.Data, databaseFile), Refuse: r.full.refuse, Look: o.look})); err != nil || at == secret {
		return err
	}
	if err = disk.Place(at, secret); errors.Is(err, fs.ErrNotExist) && exists(secret) { // another process was as early
		err = nil
	}
	if err != nil {
		return errors.Join(err, r.store.Close())
	}
	return nil
}

// openCore opens the database, the pictures and the secret below the data directory. Close it after the last request.
func openCore(ctx context.Context, o coreOptions) (*coreRoom, error) {
	if err := cmp.Or(o.serving.check(), o.community.check(), o.checkMail(o.Hosts)); err != nil {
		return nil, err
	}
	if !o.reading && exists(filepath.Join(o.Data, importMark)) {
		return nil, errHalf(o.Data)
	}
	if err := disk.MakeDir(o.Data); err != nil {
		return nil, err
	}
	if o.Blobs != "" {
		if err := disk.MakeDir(o.Blobs); err != nil {
			return nil, badUsage("--blobs: %w; expected a directory that who runs musubi may make and write in", err)
		}
	}
	films, err := o.filmConfig()
	if err != nil {
		return nil, err
	}
	photos := files.Blobs(filepath.Join(o.blobs(o.Data), "photos"))
	set, err := o.community.withSetup(o.Data)
	if err != nil {
		return nil, err
	}
	r := &coreRoom{data: o.Data, photos: photos}
	node := uint8(0)
	if o.DB == "" {
		err = r.openFile(ctx, &o)
	} else {
		node, err = r.openShared(ctx, &o)
	}
	if err != nil {
		return nil, err
	}
	secret := r.secret
	r.gatewayKey = core.DeriveKey(secret, gatewayKeyName)
	maker, _ := films.Maker.(*filmMaker)
	r.films = maker
	st := r.store
	shops, err := o.community.sold()
	if err != nil {
		return nil, errors.Join(err, r.store.Close())
	}
	settings := network.Config{
		Stores: st.Stores(), Blobs: photos, Photos: &photoMaker{originals: o.Originals != "off"}, Secret: secret, Node: node, EasyLogin: o.EasyLogin == "on", Stealth: o.Stealth == "on",
		HandsetMail: handsetMail, HandsetText: asHandset, MailDomain: o.mailDomain(o.Hosts), MailBytes: o.MailMB << 20, MailHeld: o.MailForged == "hold", OpenToAll: o.Registration == "open", Handset: handsetRules[o.ConfirmHandset],
		AloneLimit: time.Duration(o.AloneDays) * 24 * time.Hour, AlbumMB: o.AlbumMB, Films: films, ExportBytes: int64(o.ExportMB) << 20, MessageDays: o.MessageDays, TopicComments: o.TopicComments,
		Shops: shops.music, ReviewShops: shops.review, Products: shops.products, Covers: shops.covers,
		HookSecret: o.HookSecret, PayURL: o.PayURL, CodesAgain: o.demo,
	}
	if o.serves {
		settings.ExportDir = filepath.Join(o.blobs(o.Data), "exports")
		settings.ImportDir = filepath.Join(o.blobs(o.Data), "imports")
	}
	if o.CacheMB > 0 {
		if r.cache, err = cache.New(ctx, st, cache.Config{Bytes: o.CacheMB << 20}); err == nil {
			settings.Stores = r.cache.Stores()
		}
	}
	if err == nil && set.SMTP != "" && o.serves {
		settings.Mail, err = o.openPostman(set.SMTP)
	}
	if err == nil && o.redis != "" {
		r.meter, err = openMeter(o.redis)
		settings.Meter = r.meter
	}
	if err == nil {
		r.services, err = network.New(settings)
	}
	if err == nil {
		r.site, err = web.New(r.services, web.Config{
			Secret: secret, Name: set.Name, Hosts: o.Hosts, Secure: o.Secure, PlainPlayers: o.PlainPlayers == "on", GatewayKey: r.gatewayKey, Setup: setup{r, o.community}, ReadOnly: r.full.is, Sign: emoji.Word, Fresh: r.store.Fresh, Log: o.log,
		})
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	if o.serves && o.Push == "on" {
		if err := r.usePush(o.PushReach); err != nil {
			return nil, errors.Join(err, st.Close())
		}
	}
	if o.serves {
		if err := r.services.AuditSettings(ctx, o.settings()); err != nil {
			return nil, errors.Join(err, st.Close())
		}
	}
	if r.stopChores = func() {}; !o.look {
		r.runChores(&o)
	}
	return r, nil
}

// handsetRules are the values of --confirm-handset.
var handsetRules = map[string]account.HandsetRule{"free": account.FreeMailHandset, "all": account.EveryHandset}

// handsetMail says whether a mail address is one that a carrier gives to a handset. An iPhone's is read as on a PC.
func handsetMail(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	c := carriers.ByMailDomain(domain)
	return c != carriers.PC && c != carriers.Smartphone
}

// runChores sends mail, throws away what has expired and, where the process goes on, keeps the search index, until Close. Who works on a
// database for a moment, or looks through a copy, does no more than to store what it was asked for.
// What only one process on a database may do, one does; another goes on with it when that one is gone.
func (r *coreRoom) runChores(o *coreOptions) {
	index, minFree, log := o.serves, uint64(o.MinFreeMB)<<20, o.log
	ctx, stop := context.WithCancel(context.Background())
	var chores sync.WaitGroup
	failed := func(what string) func(error) {
		return func(err error) { log.Error(what, "error", err.Error()) }
	}
	chores.Go(func() { r.services.Chores.RunHere(ctx, failed("chores of the core")) })
	r.stopChores = func() { stop(); chores.Wait() }
	if o.asItIs {
		return
	}
	chores.Go(func() {
		r.store.Alone(ctx, "chores", func(ctx context.Context) {
			var once sync.WaitGroup
			once.Go(func() { r.services.Chores.Run(ctx, failed("chores of the core")) })
			once.Go(func() { r.services.Album.RunFilms(ctx, failed("films")) })
			if index {
				once.Go(func() { r.runSweepFiles(ctx, log) })
				once.Go(func() {
					music.Covers{Service: r.services.Music}.Run(ctx, func(err error) { log.Warn("covers of albums", "error", err.Error()) })
				})
			}
			once.Wait()
		})
	})
	chores.Go(func() { // what a killed process began and did not finish; it may be long to look through
		if err := r.photos.Sweep(time.Now().Add(-time.Hour)); err != nil {
			log.Error("unfinished photos", "error", err.Error())
		}
	})
	if index {
		chores.Go(func() { r.full.watch(ctx, r.data, minFree, log) })
		chores.Go(func() {
			r.services.Search.RunSearch(ctx, func(err error) { log.Error("search index", "error", err.Error()) })
		})
	}
}

// Close waits for the chores and the writes under way.
func (r *coreRoom) Close() error {
	r.stopChores()
	return errors.Join(r.store.Close(), r.meter.Close())
}
