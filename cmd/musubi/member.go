package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/disk"
	"musubi/core/network"
)

// memberCmd looks a member up, holds or frees an account, and does for a member who asks what they cannot do themselves.
type memberCmd struct {
	Do   string `arg:"" enum:"show,hold,free,export,leave" help:"show: who is it; hold: suspend, which ends all sessions; free: let in again; export: write all that is theirs to a ZIP; leave: take them out of the service for good."`
	Mail string `arg:"" help:"Mail address of the member."`
	Out  string `help:"New file for the export." placeholder:"FILE" type:"path"`
	Data string `help:"Directory of the database." default:"./musubi-data" placeholder:"DIR" env:"MUSUBI_DATA" type:"path"`
}

// Run works on a data directory, also while musubi runs on it.
func (c *memberCmd) Run(io *std) error {
	if (c.Do == "export") != (c.Out != "") {
		return badUsage("--out FILE goes with musubi member export, and only with it")
	}
	if _, err := os.Stat(filepath.Join(c.Data, databaseFile)); err != nil {
		return badUsage("--data %s holds no musubi database", c.Data)
	}
	ctx := context.Background()
	room, err := openCore(ctx, onData(c.Data, logger(io.Err, slog.LevelWarn)))
	if err != nil {
		return err
	}
	defer room.Close()
	m, err := room.services.Account.MemberByMail(ctx, c.Mail)
	if err != nil {
		return badUsage("no member has the address %s", c.Mail)
	}
	switch c.Do {
	case "hold", "free":
		m, err = room.services.Account.SetHeld(ctx, m.ID, c.Do == "hold")
	case "export":
		return c.export(ctx, room.services, m, io)
	case "leave":
		if err := room.services.Chores.Remove(ctx, m.ID, "operator"); err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "%s has left and is hidden from everybody; what they wrote is deleted within %v while musubi runs\n", m.Name, chores.PurgeWithin)
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "id %v\nname %s\nstatus %v\nfriends %d\njoined %s\nlast login %s\n",
		m.ID, m.Name, m.Status, m.Friends, m.CreatedAt.Format("2006-01-02"), m.LastLoginAt.Format("2006-01-02 15:04"))
	return nil
}

// export writes a member's data to a new file that only its owner may read.
func (c *memberCmd) export(ctx context.Context, services *network.Services, m core.Member, io *std) error {
	if _, err := os.Lstat(c.Out); err == nil {
		return badUsage("cannot make the file of the export: %s is there already", c.Out)
	}
	if err := disk.WriteNewTo(c.Out, func(f *os.File) error { return services.Chores.ExportFor(ctx, m, f) }); err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "wrote the data of %s to %s\n", m.Name, c.Out)
	return nil
}
