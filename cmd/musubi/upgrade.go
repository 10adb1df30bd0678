package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"musubi/core/disk"
	"musubi/core/store"
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
		if o.asItIs { // who looks through a copy wants it as it was
			return fmt.Errorf("it is of an older musubi and lacks %d changes: musubi migrate makes them, with a copy before", len(missing))
		}
		log.Warn("a newer program changes the schema", "changes", len(missing))
		if o.UpgradeBackup == "off" {
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

// migrateCmd brings a database's schema up to date, as every start does, or tells what is missing.
type migrateCmd struct {
	Status bool   `long:"status" description:"Only tell which changes the database has."`
	Plan   bool   `long:"plan" description:"Only tell which changes a start would make."`
	Data   string `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
}

// Run prints one line for each change of the schema.
func (c *migrateCmd) Run(io *std) error {
	ctx, path := context.Background(), filepath.Join(c.Data, databaseFile)
	info, err := os.Stat(path)
	if err != nil {
		return badUsage("--data %s holds no musubi database", c.Data)
	}
	if c.Status && c.Plan {
		return badUsage("--status and --plan: expected one of them")
	}
	if !c.Status && !c.Plan {
		o := onData(c.Data, logger(io.Err, slog.LevelWarn))
		db, err := store.Open(ctx, o.upgrading(store.Config{Path: path}))
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	list, err := store.Migrations(ctx, path)
	missing := 0
	for _, m := range list {
		state := "applied"
		if !m.Applied {
			state = "missing"
			missing++
		}
		if !m.Applied || !c.Plan {
			fmt.Fprintf(io.Out, "%-8s %s\n", state, m.Name)
		}
	}
	if c.Plan && err == nil {
		fmt.Fprintf(io.Out, "%d changes; %d MB are copied to %s first\n", missing, info.Size()>>20, upgradeCopy)
	}
	return err
}
