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
	"musubi/core/store"
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
	Days  int           `long:"days" description:"With --every, delete copies older than so many days, but never the newest. What members were promised is 35." value-name:"DAYS" default:"35"`
	Data  string        `long:"data" description:"Directory to copy." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
}

// Run copies once, or again and again. The copy holds the keys of the site: keep it as safe as the site.
func (c *backupCmd) Run(io *std) error {
	if _, err := os.Stat(filepath.Join(c.Data, databaseFile)); err != nil {
		return badUsage("--data %s holds no musubi database", c.Data)
	}
	ctx, stop := untilSignal()
	defer stop()
	if c.Every != 0 && (c.Every < time.Second || c.Days < 1) {
		return badUsage("--every %v, --days %d: expected a time such as 24h and a number of days", c.Every, c.Days)
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
		return c.copy(ctx, c.Args.To, "", io)
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

// upload makes one more copy in a bucket; with --every, those that are too old go.
func (c *backupCmd) upload(ctx context.Context, to bucketCopies, io *std) error {
	name, err := to.add(ctx, c.Data)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "copied %s to %s as %s\n", c.Data, to, name)
	if c.Every == 0 {
		return nil
	}
	return to.expire(ctx, time.Duration(c.Days)*24*time.Hour)
}

// copyName is how the directory of a copy is called, by its time; what is being made or was cut short has another name.
const (
	copyName    = "musubi-20060102T150405Z"
	copyUnready = "unfinished"
)

// another makes one more copy, with the pictures of the last one linked, which costs no room, and deletes those that are too old.
func (c *backupCmd) another(ctx context.Context, io *std) error {
	copies := c.copies()
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
	var err error
	for _, old := range copies { // the one just made is not among them
		if at, bad := time.Parse(copyName, old); bad == nil && time.Since(at) > time.Duration(c.Days)*24*time.Hour {
			err = errors.Join(err, os.RemoveAll(filepath.Join(c.Args.To, old)))
		}
	}
	return err
}

// copies are the names of the whole ones, oldest first.
func (c *backupCmd) copies() (names []string) {
	entries, _ := os.ReadDir(c.Args.To) // sorted; none where there is no directory
	for _, e := range entries {
		if _, err := time.Parse(copyName, e.Name()); err == nil && e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// copy copies the database first and the pictures after it: pictures never change, so every one that the copied database names is
// there. last is a copy of before, "" for none.
func (c *backupCmd) copy(ctx context.Context, to, last string, io *std) error {
	if err := newDir(to); err != nil {
		return badUsage("cannot make the directory of the copy: %v", err)
	}
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(c.Data, databaseFile)})
	if err != nil {
		return err
	}
	err = errors.Join(db.Backup(ctx, filepath.Join(to, databaseFile)), db.Close())
	for _, name := range backedUp {
		if err == nil {
			kept := ""
			if last != "" && name == "photos" {
				kept = filepath.Join(last, name)
			}
			err = copyTree(filepath.Join(to, name), filepath.Join(c.Data, name), kept)
		}
	}
	if err == nil {
		fmt.Fprintf(io.Out, "copied %s to %s\n", c.Data, to)
	}
	return err
}

// restoreCmd makes a data directory from a backup.
type restoreCmd struct {
	Args struct {
		From string `positional-arg-name:"FROM" description:"Directory that musubi backup made, or s3://BUCKET/PREFIX for the newest copy there, or s3://BUCKET/PREFIX/NAME for one." required:"1"`
	} `positional-args:"yes"`
	Data string `long:"data" description:"Directory to make; it must not exist or be empty." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
}

// Run checks the copied database before anything is written.
func (c *restoreCmd) Run(io *std) error {
	if bucket.Is(c.Args.From) {
		return c.download(io)
	}
	if err := store.Check(context.Background(), filepath.Join(c.Args.From, databaseFile)); err != nil {
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
	return nil
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
		return fmt.Errorf("%s is not whole, delete it and try again: %w", c.Data, err)
	}
	fmt.Fprintf(io.Out, "restored %s from %s, the copy %s\n", c.Data, from, name)
	return nil
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
