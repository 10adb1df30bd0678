package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"musubi/carriers"
	"musubi/core/disk"
	"musubi/core/files"
	"musubi/core/store"
	"musubi/core/store/engine"
	"musubi/core/store/survey"
	"musubi/gateway/redis"
	"musubi/transcode/video"
)

// doctorCmd looks at an installation with the settings of musubi serve.
type doctorCmd struct {
	serving
	community
	handsets
	encryption
	following
}

// A diagnosis is what was found of one thing.
type diagnosis struct {
	what string
	good string // what is well, said when there is neither of the others
	cure string // what is wrong and what helps
	mind string // what may be meant so
}

// Run prints a line for each thing it looks at and ends with status 1 when one is wrong. It changes nothing.
func (c *doctorCmd) Run(io *std) error {
	wrong := 0
	for _, look := range []func() diagnosis{c.told, c.directory, c.room, c.schema, c.pages, c.photos, c.settings, c.secrets, c.clock, c.names, c.ports, c.mail, c.front, c.addresses, c.certificate, c.sessions, films} {
		d := look()
		switch {
		case d.cure != "":
			wrong++
			fmt.Fprintf(io.Out, "wrong  %s: %s\n", d.what, d.cure)
		case d.mind != "":
			fmt.Fprintf(io.Out, "mind   %s: %s\n", d.what, d.mind)
		default:
			fmt.Fprintf(io.Out, "ok     %s: %s\n", d.what, d.good)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%s wrong: see the lines that begin so", count(wrong, "thing is", "things are"))
	}
	return nil
}

// told takes up what the first page was told.
func (c *doctorCmd) told() diagnosis {
	d := diagnosis{what: "first settings", good: "those of the first page are read"}
	set, err := c.community.withSetup(c.Data)
	switch {
	case errors.Is(err, fs.ErrPermission):
		d.cure = err.Error() + ": let who runs musubi read it (chown)"
	case err != nil && isDir(c.Data):
		d.cure = err.Error()
	case err == nil:
		c.community = set
	}
	if !exists(filepath.Join(c.Data, setupFile)) {
		d.good = "none were made on a first page"
	}
	return d
}

func (c *doctorCmd) directory() diagnosis {
	d := diagnosis{what: "data directory", good: c.Data}
	info, err := os.Stat(c.Data)
	if err == nil && !info.IsDir() {
		d.cure = c.Data + " is a file: name a directory with --data"
		return d
	}
	if os.IsNotExist(err) {
		d.mind = c.Data + " is not there; the first start makes it"
		return d
	}
	if err != nil {
		d.cure = err.Error() + ": let who runs musubi enter it (chown)"
		return d
	}
	if !disk.Readable(c.Data) || !disk.Writable(c.Data) {
		d.cure = c.Data + " cannot be read and written by who runs this: run it as who runs musubi, or let them have it (chown)"
	} else if info.Mode().Perm()&0o077 != 0 {
		d.cure = fmt.Sprintf("%s can be entered by others (mode %o): run chmod 700 on it", c.Data, info.Mode().Perm())
	}
	for _, name := range []string{databaseFile, "secret", "login-keys", setupFile} {
		if info, err := os.Stat(filepath.Join(c.Data, name)); err == nil && info.Mode().Perm()&0o077 != 0 {
			d.cure = fmt.Sprintf("%s can be read by others (mode %o): run chmod 600 on it", filepath.Join(c.Data, name), info.Mode().Perm())
		}
	}
	return d
}

func (c *doctorCmd) room() diagnosis {
	d := diagnosis{what: "disk"}
	dir := c.Data
	for !isDir(dir) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
	}
	room, err := disk.RoomOf(dir)
	if err != nil {
		d.cure = err.Error() + ": name a --data on a disk that can be looked at"
		return d
	}
	free := room.Free >> 20
	switch d.good = fmt.Sprintf("%d MB free", free); {
	case free < uint64(c.MinFreeMB):
		d.cure = fmt.Sprintf("%d MB are free, less than --min-free-mb %d: nothing is stored until there is room", free, c.MinFreeMB)
	case free < 1024:
		d.mind = d.good + "; photos and backups want more"
	}
	return d
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func (c *doctorCmd) schema() diagnosis {
	d := diagnosis{what: "database", good: "up to date"}
	where := store.Config{Path: filepath.Join(c.Data, databaseFile), URL: c.DB}
	if c.DB == "" {
		if err := isWhole(c.Data, files.Blobs(filepath.Join(c.blobs(c.Data), picturesDir))); err != nil {
			d.cure = err.Error()
			return d
		}
		f, err := os.Open(where.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			d.mind = "none yet"
			return d
		case err != nil:
			d.cure = "--data " + c.Data + " " + unreadable(c.Data, err)
			return d
		}
		f.Close()
	} else if err := c.checkShared(); err != nil {
		d.cure = err.Error()
		return d
	}
	ctx, enough := context.WithTimeout(context.Background(), answersWithin)
	defer enough()
	list, err := store.Migrations(ctx, where)
	switch {
	case errors.Is(err, engine.ErrNewer) || errors.Is(err, engine.ErrOther):
		d.cure = err.Error()
	case err != nil && c.DB != "":
		if d.cure = err.Error(); !strings.Contains(d.cure, "--db") {
			d.cure = fmt.Sprintf("PostgreSQL: %v: see its log, and what the user of --db may do there", err)
		}
	case err != nil && c.isFull():
		d.cure = fmt.Sprintf("it cannot be opened on a full disk (%v): make room, nothing is to be put back", err)
	case err != nil:
		if d.cure = err.Error(); !strings.Contains(d.cure, "musubi restore") {
			d.cure = fmt.Sprintf("%v: chown it to who runs musubi, or, where it is damaged, put it back from a backup (musubi restore)", err)
		}
	}
	for _, m := range list {
		if !m.Applied {
			d.mind = "the next start changes its schema (musubi migrate --plan)"
		}
	}
	return d
}

// readWithin is how long the pages of a database are read at most.
const readWithin = time.Minute

// pages reads the whole file of the database: a page that is damaged is else found by who needs it.
func (c *doctorCmd) pages() diagnosis {
	d, path := diagnosis{what: "pages of the database"}, filepath.Join(c.Data, databaseFile)
	info, err := os.Stat(path)
	switch {
	case c.DB != "":
		d.mind = "pg_amcheck --all looks at those of PostgreSQL"
		return d
	case err == nil && info.Size() > 0 && disk.Readable(path):
	case errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0:
		d.good = "none yet"
		return d
	default:
		d.mind = "they cannot be looked at: see what is said of the database"
		return d
	}
	ctx, enough := context.WithTimeout(context.Background(), readWithin)
	defer enough()
	began := time.Now()
	damage, err := survey.Damage(ctx, path)
	took := time.Since(began).Round(time.Millisecond)
	switch d.good = fmt.Sprintf("%d MB are whole, read in %v", info.Size()>>20, took); {
	case ctx.Err() != nil:
		d.mind = fmt.Sprintf("%d MB are more than can be read in %v; musubi check reads all of it", info.Size()>>20, readWithin)
	case err != nil && c.isFull():
		d.mind = fmt.Sprintf("they cannot be read while the disk is full (%v): make room and ask again", err)
	case err != nil:
		d.cure = fmt.Sprintf("it cannot be read (%v): put it back from a backup (musubi restore)", err)
	case damage != "":
		d.cure = fmt.Sprintf("damaged (%s): who needs that page gets an error. Stop musubi, keep the file, and put it back from the newest backup that is whole (musubi restore, then musubi check)", oneLineOf(damage))
	}
	return d
}

// isFull says whether there is not even the room that SQLite wants to open a database.
func (c *doctorCmd) isFull() bool {
	room, err := disk.RoomOf(c.Data)
	return err == nil && room.Free < 4<<20
}

// photos looks whether the file of each is there; what is in it, musubi check reads.
func (c *doctorCmd) photos() diagnosis {
	d := diagnosis{what: "photos", good: "none yet"}
	path := filepath.Join(c.Data, databaseFile)
	if info, err := os.Stat(path); c.DB == "" && (err != nil || info.Size() == 0 || !disk.Readable(path)) {
		return d
	}
	if c.DB != "" {
		d.mind = "musubi check --db reads them"
		return d
	}
	ctx, enough := context.WithTimeout(context.Background(), readWithin)
	defer enough()
	db, err := openOriginal(ctx, c.Data)
	if err != nil {
		d.mind = "they cannot be looked at: see what is said of the database"
		return d
	}
	defer db.Close()
	if db.older {
		d.mind = "the next start changes the schema; musubi check looks at them then"
		return d
	}
	of, all := files.Blobs(filepath.Join(c.blobs(c.Data), picturesDir)), 0
	var lost []string
	err = survey.EachBlob(ctx, db.DB, func(name string) {
		if all++; !of.Has(name) {
			lost = append(lost, of.Path(name))
		}
	})
	switch {
	case ctx.Err() != nil:
		d.mind = fmt.Sprintf("they are more than can be looked at in %v; musubi check reads all", readWithin)
	case err != nil:
		d.mind = "they cannot be looked at: see what is said of the database"
	case len(lost) > 0:
		d.cure = fmt.Sprintf("the file of %s is lost: %s; put it back there from a backup, or let the same picture be put up again", count(len(lost), "photo", "photos"), named(lost))
	case all > 0:
		d.good = count(all, "file is", "files are") + " there; musubi check reads what is in them"
	}
	return d
}

// settings are those that are refused at a start and that none of the others looks at.
func (c *doctorCmd) settings() diagnosis {
	d := diagnosis{what: "settings", good: "they fit together"}
	if stray := strayNames(os.Environ()); len(stray) > 0 {
		d.mind = "$" + strings.Join(stray, ", $") + ": " + strayCure
	}
	for _, err := range []error{c.community.check(), c.checkMail(c.Hosts), c.handsets.check(), c.serving.check()} {
		if err != nil {
			d.cure = err.Error()
		}
	}
	return d
}

// clock compares the clock with the newest file: one that was written in the future says that the clock was, or is, wrong.
func (c *doctorCmd) clock() diagnosis {
	d := diagnosis{what: "clock", good: time.Now().Format(time.RFC3339)}
	if info, err := os.Stat(filepath.Join(c.Data, databaseFile)); err == nil && time.Until(info.ModTime()) > time.Minute {
		d.cure = fmt.Sprintf("it is %s and the database was written at %s: run a time service", d.good, info.ModTime().Format(time.RFC3339))
	}
	return d
}

func (c *doctorCmd) names() diagnosis {
	d := diagnosis{what: "names", good: fmt.Sprint(c.Hosts)}
	switch {
	case len(c.Hosts) == 0:
		d.mind = "without --hosts the site answers to this machine only"
	case !c.Secure && c.TLSListen == "" && len(c.TrustProxy) == 0 && !strings.Contains(c.Hosts[0], ":") && !strings.HasSuffix(c.Listen, ":80"):
		d.mind = "links in letters lead to port 80 of " + c.Hosts[0] + ": name the proxy that is there (--trust-proxies), or the port (--hosts NAME:PORT)"
	case c.TLSListen != "" && len(c.TrustProxy) == 0 && !strings.Contains(c.Hosts[0], ":") && !strings.HasSuffix(c.TLSListen, ":443"):
		d.mind = "links in letters lead to port 443 of " + c.Hosts[0] + ": name the port (--hosts NAME:PORT) if it is not forwarded from there"
	case !c.Secure && c.TLSListen == "":
		d.mind = "without --secure passwords go as plain text; set it when members come by https"
	}
	return d
}

// ports tries each address. One that is taken is well where a musubi serves this data: it is the one.
func (c *doctorCmd) ports() diagnosis {
	d := diagnosis{what: "ports"}
	var taken, ours, free []string
	for _, p := range [][2]string{{"listen", c.Listen}, {"tls-listen", c.TLSListen}, {"old-tls-listen", c.OldTLSListen}, {"admin-listen", c.AdminListen}, {"smtp-listen", c.SMTPListen}, {"lmtp-listen", c.LMTPListen}} {
		if p[1] == "" {
			continue
		}
		ln, err := listen(p[0], p[1], 1, slog.New(slog.DiscardHandler))
		switch {
		case err == nil:
			ln.Close()
			free = append(free, p[1])
		case errors.Is(err, syscall.EADDRINUSE) && listens(filepath.Join(c.Data, communitySeat), p[1]):
			ours = append(ours, p[1])
		case errors.Is(err, syscall.EADDRINUSE):
			taken = append(taken, "--"+p[0]+" "+p[1])
		default:
			d.cure = err.Error()
		}
	}
	d.good = strings.Join(free, ", ") + " are free"
	if len(ours) > 0 {
		d.good = "musubi listens on " + strings.Join(ours, ", ")
	}
	if len(taken) > 0 {
		d.cure = "another program has " + strings.Join(taken, ", ") + ", no musubi that serves " + c.Data + ": end that one (ss -ltnp shows it), or name another address; where systemd holds it for musubi.socket all is well"
	}
	if host, _, err := net.SplitHostPort(c.AdminListen); err == nil {
		if ip := net.ParseIP(host); host == "" || ip != nil && !ip.IsLoopback() && !ip.IsPrivate() {
			d.cure = "--admin-listen " + c.AdminListen + " is open to everybody, and asks for no login: keep it on 127.0.0.1"
		}
	}
	return d
}

// secrets looks at files that have a secret in them, beside those below the data directory. A group may read them: that of the service.
func (c *doctorCmd) secrets() diagnosis {
	d := diagnosis{what: "secrets", good: "nobody else reads them"}
	named, err := secretFiles(c.Config)
	if err != nil {
		d.cure = err.Error()
		return d
	}
	for _, name := range append(named, c.TLSKey, c.MailKey, c.DKIMKey, c.Seal) {
		info, err := os.Stat(name)
		switch {
		case name == "":
		case err != nil:
			d.cure = fmt.Sprintf("%v: put it there, or take the setting away that names it", err)
		case info.Mode().Perm()&0o007 != 0:
			d.cure = fmt.Sprintf("%s has a secret in it and can be read by everybody (mode %o): run chmod 600 on it", name, info.Mode().Perm())
		}
	}
	return d
}

// answersWithin is how long other services are waited for.
const answersWithin = 5 * time.Second

func (c *doctorCmd) mail() diagnosis {
	d := diagnosis{what: "mail", good: "the mail server answers"}
	if c.SMTP == "" {
		d.mind = "no mail server is set (--smtp): letters wait in the outbox"
		return d
	}
	p, err := c.openPostman(c.SMTP)
	if err == nil {
		ctx, enough := context.WithTimeout(context.Background(), answersWithin)
		defer enough()
		if err = p.Reach(ctx); err != nil {
			err = fmt.Errorf("the mail server does not take us: %w: start it, or correct host, port, user and password in --smtp; letters wait in the outbox meanwhile", err)
		}
	}
	if err != nil {
		d.cure = err.Error()
	}
	return d
}

func (c *doctorCmd) front() diagnosis {
	d := diagnosis{what: "front proxies", good: fmt.Sprint(c.TrustProxy)}
	if _, err := c.proxies(); err != nil {
		d.cure = err.Error()
	} else if len(c.TrustProxy) == 0 {
		d.mind = "none are believed; behind nginx or Caddy set --trust-proxies, or everybody has one address"
	}
	return d
}

func (c *doctorCmd) addresses() diagnosis {
	d := diagnosis{what: "handsets", good: "tables and ranges can be read"}
	if _, err := carriers.New(carriers.Config{Dir: c.Carriers, Ranges: c.Ranges}); err != nil {
		d.cure = err.Error() + ": correct the file, or --ranges or --carriers that name it"
	} else if c.EasyLogin == "on" && c.Ranges == "" {
		d.cure = "--easy-login on needs --ranges FILE"
	}
	return d
}

// certificate looks at how TLS is spoken, where it is.
func (c *doctorCmd) certificate() diagnosis {
	d := diagnosis{what: "TLS", good: "for a proxy in front"}
	if err := c.encryption.check(c.Hosts); err != nil {
		d.cure = err.Error()
		return d
	}
	switch {
	case c.TLSListen == "":
		return d
	case c.ACME:
		d.good = "certificates by " + c.ACMEServer
	default:
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			d.cure = fmt.Sprintf("%v: name a certificate and its key, in PEM, that who runs musubi may read (--tls-cert, --tls-key)", err)
			return d
		}
		switch until := pair.Leaf.NotAfter; {
		case time.Now().After(until):
			d.cure = fmt.Sprintf("%s has been worth nothing since %s: renew it and restart", c.TLSCert, until.Format(time.DateOnly))
		case pair.Leaf.VerifyHostname(c.Hosts[0]) != nil:
			d.cure = fmt.Sprintf("%s is not for %s: get one for that name, or name another first in --hosts", c.TLSCert, c.Hosts[0])
		default:
			d.good = "until " + until.Format(time.DateOnly)
		}
	}
	if d.cure == "" && (c.Plain != "nobody" || c.OldTLSListen != "") {
		d.mind = d.good + "; old handsets are answered in a way that others can read"
	}
	return d
}

func (c *doctorCmd) sessions() diagnosis {
	d := diagnosis{what: "sessions", good: "in this process, kept under --data"}
	if c.Redis == "" {
		return d
	}
	d.good = "Redis answers"
	r, err := redis.Open(c.Redis)
	if err == nil {
		defer r.Close()
		ctx, stop := context.WithTimeout(context.Background(), answersWithin)
		defer stop()
		err = r.Ping(ctx)
	}
	if err != nil {
		d.cure = fmt.Sprintf("Redis does not answer: %v: start it, or correct host, port and password in --redis; without it handsets stay logged out", err)
	}
	return d
}

// films looks for the programs that make handsets' films, and for what keeps them from everything else.
func films() diagnosis {
	d := diagnosis{what: "films"}
	tools, err := video.Find(video.Limits{})
	if err != nil {
		d.mind = err.Error()
		return d
	}
	d.good, d.mind = "ffmpeg is there, within "+string(tools.Jail), tools.Less()
	return d
}
