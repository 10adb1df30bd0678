package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"musubi/core"
	"musubi/core/seed"
	"musubi/core/store/survey"
)

// seedCmd fills a store with made-up members, for measuring and for trying things out.
type seedCmd struct {
	Members  int    `long:"members" description:"How many members to make." value-name:"N" required:"true"`
	Seed     uint64 `long:"seed" description:"Another number makes other people; the same number makes the same community." default:"1"`
	Photos   bool   `long:"photos" description:"Also give them portraits and pictures (painted once, shared)."`
	Password string `long:"password" description:"Password of all of them." default:"musubi2007"`
	Data     string `long:"data" description:"Directory of the database, photos and keys." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// Run fills the store under --data and tells how to log in. On a terminal a bar on stderr shows the progress.
func (c *seedCmd) Run(io *std) error {
	if c.Members < 1 || c.Members > seed.MaxMembers {
		return badUsage("--members %d: expected a number from 1 to %d", c.Members, seed.MaxMembers)
	}
	if n := len([]rune(c.Password)); n < core.MinPasswordRune || n > core.MaxPasswordRune {
		return badUsage("--password has %d characters, expected %d to %d", n, core.MinPasswordRune, core.MaxPasswordRune)
	}
	ctx, stop := untilSignal()
	defer stop()
	room, err := openCore(ctx, onDB(c.Data, c.shared, logger(io.Err, slog.LevelInfo)))
	if err != nil {
		return err
	}
	started, painted := time.Now(), []string(nil)
	made, err := seed.Fill(ctx, room.services, seed.FillOptions{
		Members: c.Members, Seed: c.Seed, Photos: c.Photos, Password: c.Password, Progress: progress(io, "members", c.Members),
		Painted: func(files []string) { painted = files },
	})
	if err == nil {
		err = room.dropSpare(ctx, painted)
	}
	if err = errors.Join(err, room.Close()); err != nil {
		if errors.Is(err, core.ErrMailTaken) {
			return badUsage("%s has members of --seed %d already; choose another --seed or another --data", c.Data, c.Seed)
		}
		return err
	}
	seconds := time.Since(started).Seconds()
	fmt.Fprintf(io.Out, "%s, %s, %s, %s, %s in %.1f s (%.0f members/s)\nlog in as %s … %s with password %s\n",
		count(made.Members, "member", "members"), count(made.Friendships, "friendship", "friendships"), count(made.Diaries, "diary", "diaries"),
		count(made.Albums, "album", "albums"), count(made.Comments, "comment", "comments"), seconds, float64(made.Members)/seconds,
		seed.Mail(c.Seed, 0), seed.Mail(c.Seed, c.Members-1), c.Password)
	return nil
}

// dropSpare deletes those of some files that nobody shows.
func (r *coreRoom) dropSpare(ctx context.Context, names []string) error {
	spare, err := survey.Orphans(ctx, r.store.Engine(), names)
	for _, name := range spare {
		err = errors.Join(err, r.photos.Delete(ctx, name))
	}
	return err
}

// progress is a bar on stderr when both stdout and stderr are a terminal, otherwise nil.
func progress(io *std, what string, total int) func(done int) {
	for _, w := range []any{io.Out, io.Err} {
		if f, ok := w.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
			return nil
		}
	}
	bar := progressbar.NewOptions(total,
		progressbar.OptionSetWriter(io.Err), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetItsString(what), progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	return func(done int) { _ = bar.Set(done) } // a bar that cannot be drawn stops nobody
}
