package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"musubi/core/bucket"
	"musubi/core/disk"
	"musubi/core/files"
	"musubi/core/store"
	"musubi/core/store/engine"
	"musubi/core/store/survey"
)

// databaseFile is the database's name below a data directory.
const databaseFile = "musubi.db"

// backedUp is what a backup holds beside the database: keys and pictures. Sessions and fitted pictures come back by
// themselves.
var backedUp = []string{"secret", "login-keys", setupFile, "photos"}

// backupCmd copies a data directory, also while musubi runs on it.
type backupCmd struct {
	Args struct {
		To string `positional-arg-name:"TO" description:"New directory for the copy; with --every, the directory in which each copy gets one of its own. Or a bucket: s3://BUCKET/PREFIX?endpoint=https://HOST, with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY." required:"1"`
	} `positional-args:"yes"`
	Every time.Duration `long:"every" description:"Make a copy each time so much has passed, such as 24h, until it is interrupted, and the first at once." value-name:"TIME"`
	Days  *int          `long:"days" description:"With --every, delete copies older than so many days, but never the newest. Without it 35, which is what members were promised." value-name:"DAYS"`
	Data  string        `long:"data" description:"Directory to copy." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	DB    string        `long:"db" hidden:"yes" env:"MUSUBI_DB"` // to say what copies that
}

// promisedDays is for how long copies are kept of which nobody has said for how long.
const promisedDays = 35

// Run copies once, or again and again. The copy holds the keys of the site: keep it as safe as the site.
func (c *backupCmd) Run(io *std) error {
	if c.DB != "" {
		return badUsage("a PostgreSQL database is copied by its own tools: pg_dump --format=custom --file=FILE with the same address, and after it copy photos of --blobs, secret and %s of --data (docs/scale.md)", loginKeysFile)
	}
	if err := new(database).isThere(c.Data); err != nil {
		return err
	}
	ctx, stop := untilSignal()
	defer stop()
	switch {
	case !bucket.Is(c.Args.To) && within(c.Args.To, c.Data):
		return badUsage("%s is below --data %s: what destroys the one destroys the other; name a directory elsewhere, best on another disk", c.Args.To, c.Data)
	case c.Every != 0 && c.Every < time.Second:
		return badUsage("--every %v: expected a time such as 24h", c.Every)
	case c.Days != nil && c.Every == 0:
		return badUsage("--days is for --every: a single copy deletes none")
	case c.Days != nil && *c.Days < 1:
		return badUsage("--days %d: expected a number of days", *c.Days)
	}
	another := c.another
	if bucket.Is(c.Args.To) {
		to, err := openCopies(ctx, c.Args.To)
		if err != nil {
			return err
		}
		another = func(ctx context.Context, io *std) error { return c.upload(ctx, to, io) }
	}
	switch {
	case c.Every == 0 && bucket.Is(c.Args.To):
		return another(ctx, io)
	case c.Every == 0:
		err := c.copy(ctx, c.Args.To, "", io)
		if err == nil {
			fmt.Fprintf(io.Out, "copied %s to %s\n", c.Data, c.Args.To)
		}
		return err
	case !bucket.Is(c.Args.To):
		if err := disk.MakeDir(c.Args.To); err != nil {
			return badUsage("cannot make the directory of the copies: %v", err)
		}
	}
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	for {
		if err := another(ctx, io); err != nil && ctx.Err() == nil {
			fmt.Fprintln(io.Err, "musubi: this copy failed, the next is tried in its turn:", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// within says whether a path, which need not be there, is a directory or lies below it.
func within(path, dir string) bool {
	at, err := filepath.Abs(path)
	for rest := ""; err == nil; at, rest = filepath.Dir(at), filepath.Join(filepath.Base(at), rest) {
		real, missing := filepath.EvalSymlinks(at)
		if missing != nil && at != filepath.Dir(at) {
			continue
		}
		if dir, err = filepath.EvalSymlinks(dir); err != nil {
			break
		}
		below, bad := filepath.Rel(dir, filepath.Join(real, rest))
		return bad == nil && filepath.IsLocal(below)
	}
	return false
}

// upload makes one more copy in a bucket; with --every, those that are too old go.
func (c *backupCmd) upload(ctx context.Context, to bucketCopies, io *std) error {
	name, err := to.add(ctx, c.Data, io.Err)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "copied %s to %s as %s\n", c.Data, to, name)
	if c.Every == 0 {
		return nil
	}
	return to.expire(ctx, c.kept())
}

// kept is for how long copies are.
func (c *backupCmd) kept() time.Duration {
	days := promisedDays
	if c.Days != nil {
		days = *c.Days
	}
	return time.Duration(days) * 24 * time.Hour
}

// copyName is how the directory of a copy is called, by its time; what is being made or was cut short has another name.
const (
	copyName    = "musubi-20060102T150405Z"
	copyUnready = "unfinished"
)

// another makes one more copy, with the pictures of the last one linked, which costs no room, and deletes those that are too old.
func (c *backupCmd) another(ctx context.Context, io *std) error {
	copies := copiesIn(c.Args.To)
	last := ""
	if len(copies) > 0 {
		last = filepath.Join(c.Args.To, copies[len(copies)-1])
	}
	unready, name := filepath.Join(c.Args.To, copyUnready), time.Now().UTC().Format(copyName)
	if err := os.RemoveAll(unready); err != nil {
		return err
	}
	if err := c.copy(ctx, unready, last, io); err != nil {
		return err
	}
	if err := disk.Place(unready, filepath.Join(c.Args.To, name)); err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "copied %s to %s\n", c.Data, filepath.Join(c.Args.To, name))
	copies = slices.DeleteFunc(copies, func(old string) bool { // the one just made is not among them
		at, bad := time.Parse(copyName, old)
		return bad != nil || time.Since(at) <= c.kept()
	})
	if len(copies) == 0 {
		return nil
	}
	if err := wholeCopy(filepath.Join(c.Args.To, name)); err != nil {
		return fmt.Errorf("the new copy is not whole, so older ones stay: %w", err)
	}
	var err error
	for _, old := range copies {
		err = errors.Join(err, os.RemoveAll(filepath.Join(c.Args.To, old)))
	}
	return err
}

// copiesIn are the names of the whole ones in a directory of --every, oldest first.
func copiesIn(dir string) (names []string) {
	entries, _ := os.ReadDir(dir) // sorted; none where there is no directory
	for _, e := range entries {
		if _, err := time.Parse(copyName, e.Name()); err == nil && e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// copy copies the database first and the pictures after it: pictures never change, so every one that the copied database names is
// there. last is a copy of before, "" for none.
func (c *backupCmd) copy(ctx context.Context, to, last string, io *std) (err error) {
	if err := worthCopying(c.Data); err != nil {
		return err
	}
	if err := newDir(to); err != nil {
		return badUsage("cannot make the directory of the copy: %v", err)
	}
	defer func() {
		if err != nil { // what is no copy is not in the way of the next
			for _, name := range append([]string{databaseFile}, backedUp...) {
				os.RemoveAll(filepath.Join(to, name))
			}
			os.Remove(to)
		}
	}()
	from, err := openOriginal(ctx, c.Data)
	if err != nil {
		return err
	}
	defer from.Close()
	err = from.copyTo(ctx, filepath.Join(to, databaseFile))
	for _, name := range backedUp {
		if err == nil {
			kept := ""
			if last != "" && name == picturesDir {
				kept = filepath.Join(last, name)
			}
			err = copyTree(filepath.Join(to, name), filepath.Join(c.Data, name), kept)
		}
	}
	if err == nil {
		_, err = from.tell(ctx, io.Err, files.Blobs(filepath.Join(to, picturesDir)).Has)
	}
	return err
}

// worthCopying says what a data directory lacks without which its copy would be none: it is the copies that bring it back.
func worthCopying(data string) error {
	if err := isWhole(data, files.Blobs(filepath.Join(data, picturesDir))); err != nil {
		return err
	}
	for _, name := range []string{databaseFile, "secret"} {
		if info, err := os.Stat(filepath.Join(data, name)); err == nil && info.Size() == 0 || errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is missing or empty: nothing is copied, and no older copy deleted; put it back from a backup (musubi restore)", filepath.Join(data, name))
		}
	}
	return nil
}

// An original is a database that is copied as it is, which may be of an older program, and the names of the files that its photos have.
type original struct {
	*engine.DB
	older bool
	blobs []string
}

func openOriginal(ctx context.Context, data string) (*original, error) {
	db, older, err := store.AsItIs(ctx, store.Config{Path: filepath.Join(data, databaseFile)})
	return &original{DB: db, older: older}, err
}

// copyTo copies it, and notes which files its copy needs; an older one has them elsewhere.
func (o *original) copyTo(ctx context.Context, name string) error {
	err := o.Backup(ctx, name)
	if err == nil && !o.older {
		err = survey.EachBlob(ctx, o.DB, func(name string) { o.blobs = append(o.blobs, name) })
	}
	return err
}

// tell says which of the files are not there that are still needed.
func (o *original) tell(ctx context.Context, w io.Writer, has func(name string) bool) (lost []string, err error) {
	for batch := range slices.Chunk(slices.DeleteFunc(o.blobs, has), lookBatch) {
		gone, err := survey.Orphans(ctx, o.DB, batch) // deleted since
		if err != nil {
			return lost, err
		}
		lost = append(lost, slices.DeleteFunc(batch, func(n string) bool { return slices.Contains(gone, n) })...)
	}
	if len(lost) > 0 {
		fmt.Fprintf(w, "musubi: the file of %s is lost already where this was copied from: %s\n", count(len(lost), "photo", "photos"), named(lost))
	}
	return lost, nil
}

// named names some of many.
func named(names []string) string {
	if len(names) <= mostNamed {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:mostNamed], ", ") + " … (musubi check reads all)"
}

// restoreCmd makes a data directory from a backup.
type restoreCmd struct {
	Args struct {
		From string `positional-arg-name:"FROM" description:"Directory that musubi backup made, or that of --every for the newest copy there, or s3://BUCKET/PREFIX for the newest copy there, or s3://BUCKET/PREFIX/NAME for one." required:"1"`
	} `positional-args:"yes"`
	Data string `long:"data" description:"Directory to make; it must not exist or be empty." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
}

// Run checks the copied database before anything is written.
func (c *restoreCmd) Run(io *std) error {
	if bucket.Is(c.Args.From) {
		return c.download(io)
	}
	if copies := copiesIn(c.Args.From); len(copies) > 0 && !exists(filepath.Join(c.Args.From, databaseFile)) {
		c.Args.From = newestWhole(c.Args.From, copies, io.Err)
	}
	if err := wholeCopy(c.Args.From); errors.Is(err, engine.ErrNewer) || errors.Is(err, engine.ErrOther) {
		return fmt.Errorf("%s is not restored: %w", c.Args.From, err)
	} else if err != nil {
		return badUsage("%s is no whole backup: %v", c.Args.From, err)
	}
	if err := c.empty(); err != nil {
		return err
	}
	for _, name := range append([]string{databaseFile}, backedUp...) {
		if err := copyTree(filepath.Join(c.Data, name), filepath.Join(c.Args.From, name), ""); err != nil {
			return err
		}
	}
	fmt.Fprintf(io.Out, "restored %s from %s\n", c.Data, c.Args.From)
	return c.tell(context.Background(), io)
}

// newestWhole is the newest of the copies in a directory that is whole, or the newest where none is; it says which it passes by.
func newestWhole(dir string, copies []string, w io.Writer) string {
	for _, name := range slices.Backward(copies) {
		name = filepath.Join(dir, name)
		err := wholeCopy(name)
		if err == nil {
			return name
		}
		fmt.Fprintf(w, "musubi: %s is no whole backup: %v\n", name, err)
	}
	return filepath.Join(dir, copies[len(copies)-1])
}

// wholeCopy says what a copy lacks without which no site starts.
func wholeCopy(dir string) error {
	if err := wholeDatabase(context.Background(), filepath.Join(dir, databaseFile)); err != nil {
		return err
	}
	secret := filepath.Join(dir, "secret")
	if info, err := os.Stat(secret); err != nil || info.Size() == 0 {
		return fmt.Errorf("%s is missing or empty; links, sessions and easy login are signed with it: take it from another copy", secret)
	}
	return nil
}

// wholeDatabase says what is wrong with a copy of a database: it is damaged, or of a newer program than this one.
func wholeDatabase(ctx context.Context, path string) error {
	if err := store.Check(ctx, path); err != nil {
		return err
	}
	_, err := store.Migrations(ctx, store.Config{Path: path})
	return err
}

// tell says what photos of what was restored have no file, or one with other bytes.
func (c *restoreCmd) tell(ctx context.Context, io *std) error {
	made, err := openOriginal(ctx, c.Data)
	if err != nil {
		return err
	}
	defer made.Close()
	if !made.older {
		err = survey.EachBlob(ctx, made.DB, func(name string) { made.blobs = append(made.blobs, name) })
	}
	photos := files.Blobs(filepath.Join(c.Data, picturesDir))
	var lost, damaged []string
	if err == nil {
		lost, err = made.tell(ctx, io.Err, func(name string) bool {
			has := photos.Has(name)
			if has && !photos.Whole(ctx, name) {
				damaged = append(damaged, photos.Path(name))
			}
			return has
		})
	}
	if err == nil && len(damaged) > 0 {
		fmt.Fprintf(io.Err, "musubi: the file of %s is damaged in the copy: %s; take it from another copy\n", count(len(damaged), "photo", "photos"), named(damaged))
	}
	if n := len(lost) + len(damaged); err == nil && n > 0 {
		err = fmt.Errorf("all but %s came back: the site can start, and shows none there until the file is put in its place", count(n, "photo", "photos"))
	}
	return err
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// empty makes the directory, or refuses one with something in it.
func (c *restoreCmd) empty() error {
	if entries, err := os.ReadDir(c.Data); err == nil && len(entries) > 0 {
		return badUsage("--data %s is not empty; name a new directory, nothing is overwritten", c.Data)
	}
	return disk.MakeDir(c.Data)
}

// download restores a copy from a bucket.
func (c *restoreCmd) download(io *std) error {
	ctx, stop := untilSignal()
	defer stop()
	all, name := splitCopy(c.Args.From)
	from, err := openCopies(ctx, all)
	if err != nil {
		return err
	}
	whole, _, err := from.names(ctx)
	switch {
	case err != nil:
		return err
	case len(whole) == 0:
		return badUsage("%s has no copy that musubi backup made", from)
	case name == "":
		name = whole[len(whole)-1]
	case !slices.Contains(whole, name):
		return badUsage("%s has no whole copy %s; there are %s", from, name, strings.Join(whole, ", "))
	}
	if err := c.empty(); err != nil {
		return err
	}
	if err := from.restore(ctx, name, c.Data); err != nil {
		if os.Remove(c.Data) == nil { // it was refused before anything was written
			return fmt.Errorf("%s, the copy %s, is not restored: %w", from, name, err)
		}
		return fmt.Errorf("%s is not whole, delete it and try again: %w", c.Data, err)
	}
	fmt.Fprintf(io.Out, "restored %s from %s, the copy %s\n", c.Data, from, name)
	return c.tell(ctx, io)
}

// copyTree copies a file or a directory, readable by the owner only. What is not there is nothing to copy.
// kept is a copy of before whose files never change: those that are there already are linked.
func copyTree(to, from, kept string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return disk.MakeDir(filepath.Join(to, rel))
		}
		if kept != "" && same(filepath.Join(kept, rel), d) && os.Link(filepath.Join(kept, rel), filepath.Join(to, rel)) == nil {
			return nil
		}
		return copyFile(filepath.Join(to, rel), name)
	})
}

// same says whether a file of a copy of before is as long as the one that is to be copied.
func same(name string, d fs.DirEntry) bool {
	old, err := os.Lstat(name)
	if err != nil {
		return false
	}
	info, err := d.Info()
	return err == nil && old.Mode().IsRegular() && old.Size() == info.Size()
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return disk.WriteNewTo(to, func(out *os.File) error {
		_, err := io.Copy(out, in)
		return err
	})
}

// newDir makes a directory that must not be there.
func newDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	return disk.SyncDir(filepath.Dir(dir))
}
