package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

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
	To   string `arg:"" help:"New directory for the copy." type:"path"`
	Data string `help:"Directory to copy." default:"./musubi-data" placeholder:"DIR" env:"MUSUBI_DATA" type:"path"`
}

// Run copies the database first and the pictures after it: pictures never change, so every one that the copied database
// names is there. The copy holds the keys of the site: keep it as safe as the site.
func (c *backupCmd) Run(io *std) error {
	if _, err := os.Stat(filepath.Join(c.Data, databaseFile)); err != nil {
		return badUsage("--data %s holds no musubi database", c.Data)
	}
	if err := newDir(c.To); err != nil {
		return badUsage("cannot make the directory of the copy: %v", err)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(c.Data, databaseFile)})
	if err != nil {
		return err
	}
	err = errors.Join(db.Backup(ctx, filepath.Join(c.To, databaseFile)), db.Close())
	for _, name := range backedUp {
		if err == nil {
			err = copyTree(filepath.Join(c.To, name), filepath.Join(c.Data, name))
		}
	}
	if err == nil {
		fmt.Fprintf(io.Out, "copied %s to %s\n", c.Data, c.To)
	}
	return err
}

// restoreCmd makes a data directory from a backup.
type restoreCmd struct {
	From string `arg:"" help:"Directory that musubi backup made." type:"path"`
	Data string `help:"Directory to make; it must not exist or be empty." default:"./musubi-data" placeholder:"DIR" env:"MUSUBI_DATA" type:"path"`
}

// Run checks the copied database before anything is written.
func (c *restoreCmd) Run(io *std) error {
	if err := store.Check(context.Background(), filepath.Join(c.From, databaseFile)); err != nil {
		return badUsage("%s is no whole backup: %v", c.From, err)
	}
	if entries, err := os.ReadDir(c.Data); err == nil && len(entries) > 0 {
		return badUsage("--data %s is not empty; name a new directory, nothing is overwritten", c.Data)
	}
	if err := disk.MakeDir(c.Data); err != nil {
		return err
	}
	for _, name := range append([]string{databaseFile}, backedUp...) {
		if err := copyTree(filepath.Join(c.Data, name), filepath.Join(c.From, name)); err != nil {
			return err
		}
	}
	fmt.Fprintf(io.Out, "restored %s from %s\n", c.Data, c.From)
	return nil
}

// copyTree copies a file or a directory, readable by the owner only. What is not there is nothing to copy.
func copyTree(to, from string) error {
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
		return copyFile(filepath.Join(to, rel), name)
	})
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
