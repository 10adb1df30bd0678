package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"

	"musubi/core/disk"
	"musubi/core/store"
	"musubi/core/store/moving"
)

// movedFile is what the database's file is called once its community lives in PostgreSQL: nobody starts on it by mistake.
const movedFile = "musubi.db.moved"

// moveCmd takes a community from one machine's file to a database that several serve from.
type moveCmd struct {
	From       string `long:"from" description:"Data directory of the community; nobody may serve from it meanwhile." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	To         string `long:"to" description:"PostgreSQL database to move it to, postgres://USER@HOST:PORT/DB?sslmode=…; an empty one." value-name:"URL" required:"true"`
	Blobs      string `long:"blobs" description:"Directory that all processes will share, to copy the photos to. Empty: they stay below --from." value-name:"DIR" type:"path"`
	SecretInDB string `long:"secret-in-db" description:"Also keep the secret and the keys of easy login in the database, as for musubi serve." default:"no" choice:"no" choice:"plain" choice:"sealed"`
	Seal       string `long:"seal" description:"File that seals what --secret-in-db sealed keeps." value-name:"FILE" type:"path"`
}

// Run moves all rows in one transaction and compares them; whoever interrupts it finds everything as it was. What was copied of the photos
// is not copied again.
func (c *moveCmd) Run(io *std) error {
	o := shared{database: database{c.To}, Blobs: c.Blobs, SecretInDB: c.SecretInDB, Seal: c.Seal}
	if err := o.checkShared(); err != nil {
		return err
	}
	file, moved := filepath.Join(c.From, databaseFile), filepath.Join(c.From, movedFile)
	switch {
	case !exists(file) && exists(moved):
		return badUsage("--from %s was moved already: its file is %s now", c.From, moved)
	case !exists(file):
		return badUsage("--from %s holds no musubi database", c.From)
	case exists(moved):
		return badUsage("%s is of a community that was moved before: take it away first", moved)
	}
	ctx, stop := untilSignal()
	defer stop()
	at, cancel := context.WithCancel(ctx)
	cancel() // it does not wait for who serves
	unlock, err := disk.Lock(at, filepath.Join(c.From, communitySeat+".lock"))
	if errors.Is(err, disk.ErrInUse) {
		return badUsage("musubi serves %s: stop it first, what members write meanwhile would be lost", c.From)
	}
	if err != nil {
		return err
	}
	defer unlock()
	if c.Blobs != "" {
		if err := copyMissing(ctx, filepath.Join(c.Blobs, picturesDir), filepath.Join(c.From, picturesDir)); err != nil {
			return err
		}
	}
	secrets := func(to *store.Store) error { // the database knows the site's, and keeps it where that is wanted
		k := keeper{ctx, to, &o}
		_, err := k.secret(c.From)
		if err == nil && o.SecretInDB != "no" {
			err = k.loginKeys(c.From)
		}
		return err
	}
	rows, err := moving.Move(ctx, file, c.To, secrets, func(total int) func(done int) {
		if tell := progress(io, "rows", total); tell != nil {
			return tell
		}
		return func(int) {}
	})
	if errors.Is(err, moving.ErrFilled) {
		return badUsage("--to: %v", err)
	}
	if err == nil {
		err = disk.Place(file, moved)
	}
	if err != nil {
		return err
	}
	blobs := ""
	if c.Blobs != "" {
		blobs = " --blobs " + c.Blobs
	}
	to, err := url.Parse(c.To)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "moved %s, all there and equal; the old file is %s\nstart it with: musubi serve --data %s --db %s%s\n", count(int(rows), "row", "rows"), moved, c.From, to.Redacted(), blobs)
	return nil
}

// copyMissing copies the files of a directory that are not there yet: pictures never change.
func copyMissing(ctx context.Context, to, from string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		copied := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return disk.MakeDir(copied)
		case same(copied, d):
			return nil
		}
		return copyFile(copied, name)
	})
}
