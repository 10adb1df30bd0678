package main

import (
	"context"
	"errors"
	"fmt"
	stdio "io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
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
var errNotWhole = errors.New("not everything is whole, the lines with \"wrong\" say what: restore what is lost from a backup")

// Run prints a line for each thing that it looked at. It works while musubi runs on the directory, too.
func (c *checkCmd) Run(io *std) error {
	ctx, path := context.Background(), filepath.Join(c.Data, databaseFile)
	if err := c.isThere(c.Data); err != nil {
		return err
	}
	wrong := 0
	say := func(what string, n int) {
		if n == 0 {
			fmt.Fprintf(io.Out, "ok     no %s\n", what)
			return
		}
		wrong++
		fmt.Fprintf(io.Out, "wrong  %s: %d\n", what, n)
	}
	if _, err := os.Stat(filepath.Join(c.Data, "secret")); err != nil && c.DB == "" {
		return fmt.Errorf("the secret is missing (%w): without it nobody's session or link works; restore it from a backup", err)
	}
	o := onDB(c.Data, c.shared, logger(io.Err, slog.LevelWarn))
	o.look = true
	room, err := openCore(ctx, o)
	if err != nil {
		return err
	}
	defer room.Close()
	switch damage, err := survey.Integrity(ctx, room.store.Engine()); {
	case err != nil:
		return fmt.Errorf("%s cannot be read whole (%w): restore it from a backup", path, err)
	case damage != "":
		return fmt.Errorf("%s is damaged (%s): restore it from a backup", path, oneLineOf(damage))
	}
	if c.DB == "" {
		fmt.Fprintln(io.Out, "ok     the database is whole")
	} else {
		fmt.Fprintln(io.Out, "-      whether the pages of the database are whole, pg_amcheck --all says")
	}
	if err := survey.Contradictions(ctx, room.store.Engine(), say); err != nil {
		return err
	}
	if err := room.checkPhotos(ctx, io.Out, say); err != nil {
		return err
	}
	lines, err := room.services.VerifyAudit(ctx)
	if err != nil {
		wrong++
		fmt.Fprintf(io.Out, "wrong  the audit log: %v\n", err)
	} else {
		fmt.Fprintf(io.Out, "ok     the audit log is whole: %s\n", count(int(lines), "line", "lines"))
	}
	if wrong > 0 {
		return errNotWhole
	}
	f, err := survey.Count(ctx, room.store.Engine())
	if err == nil {
		fmt.Fprintf(io.Out, "ok     %s, %d of them held or gone\n", count(f.Members[0]+f.Members[1]+f.Members[2], "member", "members"), f.Members[1]+f.Members[2])
	}
	return err
}

// oneLineOf has what SQLite says on several lines on one.
func oneLineOf(text string) string { return strings.Join(strings.Fields(text), " ") }

// count is a number of things.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// mostNamed is how many pictures are named one by one.
const mostNamed = 20

// checkPhotos reads every picture.
func (r *coreRoom) checkPhotos(ctx context.Context, out stdio.Writer, say func(what string, n int)) error {
	lost, damaged, spare := 0, 0, 0
	err := survey.EachBlob(ctx, r.store.Engine(), func(name string) {
		what := ""
		switch {
		case !r.photos.Has(name):
			what = "is not there"
			lost++
		case !r.photos.Whole(ctx, name):
			what = "is damaged"
			damaged++
		}
		if what != "" && lost+damaged <= mostNamed {
			fmt.Fprintf(out, "wrong  %s %s\n", r.photos.Path(name), what)
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
