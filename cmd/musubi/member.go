package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/chores"
	"musubi/core/disk"
	"musubi/core/figures"
	"musubi/core/network"
	"musubi/core/operator"
	"musubi/core/outbox"
	"musubi/core/premium"
	"musubi/core/report"
	"musubi/core/store/survey"
	"musubi/core/web"
)

// memberCmd looks a member up, holds or frees an account, and does for a member who asks what they cannot do themselves.
type memberCmd struct {
	Args struct {
		Do   string `positional-arg-name:"add|invite|show|hold|free|premium|export|leave" description:"add: make a member, with a password that is printed; invite: send somebody an invitation and print its link; show: who is it; hold: suspend, which ends all sessions; free: let in again; premium: give them Premium; export: write all that is theirs to a ZIP; leave: take them out of the service for good." required:"1"`
		Mail string `positional-arg-name:"MAIL" description:"Mail address of the member, or of whom to invite." required:"1"`
	} `positional-args:"yes"`
	Name         string `long:"name" description:"Name of the member to add." value-name:"NAME"`
	PasswordFile string `long:"password-file" description:"File with the password of the member to add. Empty: one is made up and printed." value-name:"FILE" type:"path"`
	Reason       string `long:"reason" description:"Of hold: what the member is told when they log in." value-name:"TEXT"`
	Until        string `long:"until" description:"Of hold and premium: the last day." value-name:"YYYY-MM-DD"`
	inviting
	Out  string `long:"out" description:"New file for the export." value-name:"FILE" type:"path"`
	Data string `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// Run works on a data directory, also while musubi runs on it.
func (c *memberCmd) Run(io *std) error {
	if (c.Args.Do == "export") != (c.Out != "") {
		return badUsage("--out FILE goes with musubi member export, and only with it")
	}
	if (c.Args.Do == "add") != (c.Name != "") {
		return badUsage("--name NAME goes with musubi member add, and only with it")
	}
	if err := c.isThere(c.Data); err != nil && c.Args.Do != "add" { // the first one may be added to nothing
		return err
	}
	ctx := context.Background()
	o := onDB(c.Data, c.shared, logger(io.Err, slog.LevelWarn))
	o.look = c.Args.Do == "show" // also on a medium that cannot be written
	room, err := openCore(ctx, o)
	if err != nil {
		return err
	}
	defer room.Close()
	switch c.Args.Do {
	case "add":
		return c.add(ctx, room, io)
	case "invite":
		return c.invite(ctx, room, c.Args.Mail, io)
	}
	m, err := room.services.Account.MemberByMail(ctx, c.Args.Mail)
	if err != nil {
		return badUsage("no member has the address %s", c.Args.Mail)
	}
	switch c.Args.Do {
	case "hold", "free", "premium":
		err = c.change(ctx, room.services, &m)
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
		m.ID, m.Name, m.Status, m.Friends, m.CreatedAt.Format("2006-01-02"), lastLogin(m.LastLoginAt))
	return nil
}

// lastLogin is when somebody logged in last, if they ever did.
func lastLogin(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return at.Format("2006-01-02 15:04")
}

// add makes a member without an invitation.
func (c *memberCmd) add(ctx context.Context, room *coreRoom, io *std) error {
	password := rand.Text()
	if c.PasswordFile != "" {
		var err error
		if password, err = secretFile("--password-file", c.PasswordFile); err != nil {
			return err
		}
	}
	n := account.NewMember{Name: c.Name, Mail: c.Args.Mail, Password: password, DiaryVisibility: core.Friends}
	var check core.Check
	if account.CheckNew(&check, &n); check.Err() != nil {
		return badUsage("cannot make this member: %s", room.site.Wrong(check.Err()))
	}
	m, err := room.services.Account.CreateMember(ctx, n)
	if errors.Is(err, core.ErrMailTaken) {
		return badUsage("%s is a member already", c.Args.Mail)
	}
	if err == nil {
		err = room.services.Audit(ctx, "add", m.ID, "operator", "")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "%s is a member now, id %v\n", m.Name, m.ID)
	if c.PasswordFile == "" {
		fmt.Fprintf(io.Out, "log in with %s and password %s, and choose another in the settings\n", c.Args.Mail, password)
	}
	return nil
}

// inviting is how an invitation is sent.
type inviting struct {
	From string `long:"from" description:"Mail address of the member who invites. Empty: the oldest member." value-name:"MAIL"`
	URL  string `long:"url" description:"Address of the site, for the link that is printed." default:"http://127.0.0.1:8080"`
}

// invite sends an invitation in a member's name and prints its link, for whoever has no mail server.
func (c *inviting) invite(ctx context.Context, room *coreRoom, address string, io *std) error {
	from, err := c.inviter(ctx, room)
	if err != nil {
		return err
	}
	link := ""
	err = room.services.Account.Invite(ctx, from.ID, address, true, "operator", func(seed string) outbox.Mail {
		if seed != "" {
			link = strings.TrimSuffix(c.URL, "/") + web.InvitePath(room.services.Outbox.Token(seed))
		}
		return room.site.InviteLetter(from, seed)
	})
	switch {
	case err != nil:
		return badUsage("cannot invite %s: %s", address, room.site.Wrong(err))
	case link == "":
		return badUsage("%s is a member already", address)
	}
	fmt.Fprintf(io.Out, "%s invites %s; the letter is in the outbox, its link: %s\n", from.Name, address, link)
	return nil
}

func (c *inviting) inviter(ctx context.Context, room *coreRoom) (core.Member, error) {
	if c.From != "" {
		m, err := room.services.Account.MemberByMail(ctx, c.From)
		if err != nil {
			err = badUsage("no member has the address %s", c.From)
		}
		return m, err
	}
	id, err := survey.Oldest(ctx, room.store.Engine())
	if err != nil {
		return core.Member{}, badUsage("nobody is a member yet who could invite; make one with musubi member add MAIL --name NAME")
	}
	return room.store.Desk.Member(ctx, id)
}

// inviteCmd is musubi member invite as a word of its own.
type inviteCmd struct {
	Args struct {
		Mail string `positional-arg-name:"MAIL" description:"Mail address of whom to invite." required:"1"`
	} `positional-args:"yes"`
	inviting
	Data string `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// Run works on a data directory, also while musubi runs on it.
func (c *inviteCmd) Run(io *std) error {
	m := &memberCmd{inviting: c.inviting, Data: c.Data, shared: c.shared}
	m.Args.Do, m.Args.Mail = "invite", c.Args.Mail
	return m.Run(io)
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

// commandLine is who acts from the command line, in the log of what operators did.
var commandLine = operator.Operator{Name: "command line"}

// change holds a member, lets them in again, or gives them Premium.
func (c *memberCmd) change(ctx context.Context, services *network.Services, m *core.Member) error {
	until, err := c.until()
	if err != nil {
		return err
	}
	switch c.Args.Do {
	case "hold":
		reason := c.Reason
		if reason == "" {
			reason = "—"
		}
		err = services.Operator.Hold(ctx, commandLine, report.Measure{Member: m.ID, Reason: reason, Until: until})
	case "free":
		err = services.Operator.Free(ctx, commandLine, m.ID, c.Reason)
	default:
		if until.IsZero() {
			return badUsage("musubi member premium needs --until YYYY-MM-DD, the last day")
		}
		err = services.Premium.Grant(ctx, premium.Entitlement{Member: m.ID, Plan: premium.Premium, Until: until, Source: premium.ByOperator, By: commandLine.Name})
	}
	if errors.As(err, new(core.Invalid)) {
		return badUsage("--until %s: expected a day to come", c.Until)
	}
	if err == nil {
		*m, err = services.Account.MemberByMail(ctx, c.Args.Mail)
	}
	return err
}

// until is the end of the day of --until in Tokyo; zero without one.
func (c *memberCmd) until() (time.Time, error) {
	if c.Until == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, c.Until, figures.Tokyo)
	if err != nil {
		return day, badUsage("--until %s: expected a day as 2007-01-31", c.Until)
	}
	end := day.AddDate(0, 0, 1).Add(-time.Second)
	if end.Before(time.Now()) {
		return end, badUsage("--until %s: that day is over; expected today, or a day to come", c.Until)
	}
	return end, nil
}
