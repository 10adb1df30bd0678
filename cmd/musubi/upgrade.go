package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"musubi/core/disk"
	"musubi/core/store"
	"musubi/core/store/engine"
)

// upgradeCopy is the database as it was before the last change of its schema.
const upgradeCopy = databaseFile + ".before-upgrade"

// upgrading has changes of the schema logged one by one, and the database copied before the first.
func (o *coreOptions) upgrading(c store.Config) store.Config {
	log := o.log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c.Migrated = func(name string, took time.Duration) {
		log.Warn("the schema was changed", "by", name, "ms", took.Milliseconds())
	}
	c.BeforeMigration = func(missing []string, copyTo func(path string) error) error {
		if o.asItIs {
			return fmt.Errorf("it is of an older musubi and lacks %s; run musubi migrate first, which makes them, with a copy before", count(len(missing), "change", "changes"))
		}
		log.Warn("a newer program changes the schema", "changes", len(missing))
		if o.UpgradeBackup == "off" || c.URL != "" { // pg_dump copies that: docs/scale.md
			return nil
		}
		name := filepath.Join(filepath.Dir(c.Path), upgradeCopy)
		fresh := name + ".new"
		if err := os.Remove(fresh); err != nil && !os.IsNotExist(err) {
			return err
		}
		if err := copyTo(fresh); err != nil {
			return fmt.Errorf("the copy before it (--upgrade-backup off goes without): %w", err)
		}
		log.Warn("the database was copied before the change", "to", name)
		return disk.Place(fresh, name)
	}
	return c
}

// missingIn is how many changes are still to be made.
func missingIn(list []engine.Migration) (n int) {
	for _, m := range list {
		if !m.Applied {
			n++
		}
	}
	return n
}

// migrateCmd brings a database's schema up to date, as every start does, or tells what is missing.
type migrateCmd struct {
	Status bool   `long:"status" description:"Only tell which changes the database has."`
	Plan   bool   `long:"plan" description:"Only tell which changes a start would make."`
	Data   string `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	database
}

// Run prints one line for each change of the schema.
func (c *migrateCmd) Run(io *std) error {
	if err := errors.Join(c.checkDB(), c.isThere(c.Data)); err != nil {
		return err
	}
	if c.Status && c.Plan {
		return badUsage("--status and --plan: expected one of them")
	}
	ctx, where := context.Background(), store.Config{Path: filepath.Join(c.Data, databaseFile), URL: c.DB}
	if !c.Status && !c.Plan {
		o := coreOptions{log: logger(io.Err, slog.LevelWarn)}
		db, err := store.Open(ctx, o.upgrading(where))
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	list, err := store.Migrations(ctx, where)
	missing := missingIn(list)
	for _, m := range list {
		state := "applied"
		if !m.Applied {
			state = "missing"
		}
		if !m.Applied || !c.Plan {
			fmt.Fprintf(io.Out, "%-8s %s\n", state, m.Name)
		}
	}
	switch info, no := os.Stat(where.Path); {
	case !c.Plan || err != nil:
	case missing == 0:
		fmt.Fprintln(io.Out, "0 changes: it is up to date")
	case c.DB != "":
		fmt.Fprintf(io.Out, "%s; copy it first: pg_dump --format=custom --file=FILE\n", count(missing, "change", "changes"))
	case no == nil:
		fmt.Fprintf(io.Out, "%s; %d MB are copied to %s first\n", count(missing, "change", "changes"), info.Size()>>20, upgradeCopy)
	}
	return err
}
