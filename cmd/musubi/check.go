package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"musubi/core/files"
	"musubi/core/store/survey"
)

// checkCmd reads everything in a data directory or a backup and says whether it is whole.
type checkCmd struct {
	Data string `long:"data" description:"Directory to read; also one that musubi backup made." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// errNotWhole ends a check that has found something.
var errNotWhole = errors.New("not everything is whole: see the lines with \"wrong\"; restore what is lost from a backup")

// Run prints a line for each thing that it looked at. It works while musubi runs on the directory, too.
func (c *checkCmd) Run(io *std) error {
	ctx, path := context.Background(), filepath.Join(c.Data, databaseFile)
	if _, err := os.Stat(path); err != nil && c.DB == "" {
		return badUsage("--data %s holds no musubi database", c.Data)
	}
	wrong := 0
	say := func(what string, n int) {
		if n == 0 {
			fmt.Fprintf(io.Out, "ok     no %s\n", what)
			return
		}
		wrong++
		fmt.Fprintf(io.Out, "wrong  %d %s\n", n, what)
	}
	if _, err := os.Stat(filepath.Join(c.Data, "secret")); err != nil && c.DB == "" {
		return fmt.Errorf("%s: %w; without it nobody's session or link works: restore it from a backup", filepath.Join(c.Data, "secret"), err)
	}
	o := onDB(c.Data, c.shared, logger(io.Err, slog.LevelWarn))
	o.asItIs = true
	room, err := openCore(ctx, o)
	if err != nil {
		return err
	}
	defer room.Close()
	if damage, err := survey.Integrity(ctx, room.store.Engine()); err != nil || damage != "" {
		return fmt.Errorf("%s is damaged: %s %w; restore it from a backup", path, damage, errors.Join(err, errNotWhole))
	}
	if c.DB == "" {
		fmt.Fprintln(io.Out, "ok     the database is whole")
	} else {
		fmt.Fprintln(io.Out, "-      whether the pages of the database are whole, pg_amcheck --all says")
	}
	if err := survey.Contradictions(ctx, room.store.Engine(), say); err != nil {
		return err
	}
	if err := room.checkPhotos(ctx, say); err != nil {
		return err
	}
	lines, err := room.services.VerifyAudit(ctx)
	if err != nil {
		wrong++
		fmt.Fprintf(io.Out, "wrong  the audit log: %v\n", err)
	} else {
		fmt.Fprintf(io.Out, "ok     %d lines of the audit log follow each other\n", lines)
	}
	if wrong > 0 {
		return errNotWhole
	}
	f, err := survey.Count(ctx, room.store.Engine())
	if err == nil {
		fmt.Fprintf(io.Out, "ok     %d members, %d of them held or gone\n", f.Members[0]+f.Members[1]+f.Members[2], f.Members[1]+f.Members[2])
	}
	return err
}

// checkPhotos reads every picture.
func (r *coreRoom) checkPhotos(ctx context.Context, say func(what string, n int)) error {
	lost, damaged, spare := 0, 0, 0
	err := r.eachBlob(ctx, func(name string) {
		switch {
		case !r.photos.Has(name):
			lost++
		case !r.photos.Whole(ctx, name):
			damaged++
		}
	})
	if err != nil {
		return err
	}
	err = files.Blobs(r.photos).Each(time.Now().Add(-orphanAge), func(names []string) error {
		orphans, err := survey.Orphans(ctx, r.store.Engine(), names)
		spare += len(orphans)
		return err
	})
	say("photos without a file", lost)
	say("photos whose file is damaged", damaged)
	say("files of more than a day that no photo has (the next sweep takes them)", spare)
	return err
}
