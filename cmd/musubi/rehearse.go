package main

import (
	"context"
	"errors"
	"fmt"
	stdio "io"
	"log/slog"
	"os"
	"path/filepath"

	"musubi/core/files"
	"musubi/core/store"
)

// rehearse opens a server with the settings of another, in a directory of its own and at other addresses: before the place of one that
// serves is taken, or anything is made for a first start, it is told what is wrong with them. What only the real directory and its
// addresses can tell is left out, and certificates by ACME.
func rehearse(ctx context.Context, data string, open func(data string) (stdio.Closer, error)) error {
	if ours.anyGiven() { // sockets that were given are for once
		return nil
	}
	const name = "musubi-rehearsal-"
	dir, err := os.MkdirTemp("", name)
	if err != nil {
		dir, err = os.MkdirTemp(data, name) // a container may have no other place
	}
	if err != nil { // the start itself will tell
		return nil
	}
	defer os.RemoveAll(dir)
	defer ours.forget()
	s, err := open(filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	return errors.Join(s.Close(), ctx.Err())
}

// at has settings lead to a directory, and to addresses that nobody has.
func (o *serving) at(data string) {
	o.Data = data
	anyPort(&o.Listen, &o.AdminListen)
}

func (c *community) at(data string) {
	c.DB, c.SecretInDB, c.Seal = "", "no", ""
	if c.Blobs != "" {
		c.Blobs = filepath.Join(data, "blobs")
	}
	anyPort(&c.SMTPListen, &c.LMTPListen)
}

func (e *encryption) at() {
	anyPort(&e.TLSListen, &e.OldTLSListen)
	if e.ACME {
		e.ACME, e.ACMERoots, e.TLSListen, e.OldTLSListen = false, "", "", ""
	}
}

func anyPort(addresses ...*string) {
	for _, address := range addresses {
		if *address != "" {
			*address = "127.0.0.1:0"
		}
	}
}

// isFirst says whether a data directory has no community yet, and is to have one.
func (o *shared) isFirst(data string) bool {
	return o.DB == "" && !exists(filepath.Join(data, databaseFile))
}

// foresee looks at the database that is to be opened when another process has closed it, while that one still serves from it.
func (o *shared) foresee(ctx context.Context, data string, log *slog.Logger) error {
	where := store.Config{Path: filepath.Join(data, databaseFile), URL: o.DB}
	if err := o.checkShared(); err != nil || o.isFirst(data) {
		return err
	}
	if o.DB == "" {
		if err := isWhole(data, files.Blobs(filepath.Join(o.blobs(data), picturesDir))); err != nil {
			return err
		}
	}
	list, err := store.Migrations(ctx, where)
	if missing := missingIn(list); missing > 0 {
		log.Warn("the schema changes as soon as the one before has ended; who comes meanwhile waits", "changes", missing)
	}
	return err
}

// goesOn says of an error who is not touched by it.
func goesOn(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w; who serves now goes on", err)
}
