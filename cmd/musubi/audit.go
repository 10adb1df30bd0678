package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"musubi/core"
)

// auditCmd reads the log of what members and operators did, and of what was refused to whom.
type auditCmd struct {
	Args struct {
		Do string `positional-arg-name:"query|verify" description:"query: print the log, a line a row: when, peer, kind, reason, hashed ID, member, client, object, how many, with tabs between and - for nothing; verify: walk its chain of hashes, status 1 when a line was changed or is missing." required:"1"`
	} `positional-args:"yes"`
	Data   string  `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	From   instant `long:"from" description:"Print what happened at this time or later, 2007-03-03T12:00:00+09:00." value-name:"TIME"`
	Until  instant `long:"until" description:"Print what happened before this time." value-name:"TIME"`
	Kind   string  `long:"kind" description:"Print lines of this kind, such as loginfail." value-name:"KIND"`
	Member int64   `long:"member" description:"Print lines about this member, by number." value-name:"ID"`
	shared
}

// Run works on a data directory, also while musubi runs on it, and while none does.
func (c *auditCmd) Run(io *std) error {
	if err := c.isThere(c.Data); err != nil {
		return err
	}
	ctx := context.Background()
	o := onDB(c.Data, c.shared, logger(io.Err, slog.LevelWarn))
	o.look = true // also on a medium that cannot be written
	room, err := openCore(ctx, o)
	if err != nil {
		return err
	}
	defer room.Close()
	if c.Args.Do == "verify" {
		lines, err := room.services.VerifyAudit(ctx)
		if err == nil {
			fmt.Fprintf(io.Out, "the chain is whole: %s\n", count(int(lines), "line", "lines"))
		}
		return err
	}
	out := bufio.NewWriter(io.Out)
	if c.Until.IsZero() {
		c.Until.Time = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	err = room.services.ReadAudit(ctx, c.From.Time, c.Until.Time, func(e core.Entry) error {
		if c.Kind != "" && e.Kind != c.Kind || c.Member != 0 && int64(e.Member) != c.Member {
			return nil
		}
		_, err := out.WriteString(auditLine(e))
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// visible keeps the separators of the log out of its fields.
func visible(r rune) rune {
	if r < ' ' || r == 0x7F {
		return ' '
	}
	return r
}

// auditLine is a line of the log for people and programs.
func auditLine(e core.Entry) string {
	member := ""
	if e.Member != 0 {
		member = e.Member.String()
	}
	fields := []string{e.At.UTC().Format("2006-01-02T15:04:05.000Z"), e.Peer, e.Kind, e.Reason, e.Subject, member, e.Client, e.Object, fmt.Sprint(e.Times)}
	for i, f := range fields {
		if f == "" {
			fields[i] = "-"
		}
		fields[i] = strings.Map(visible, fields[i])
	}
	return strings.Join(fields, "\t") + "\n"
}
