package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/disk"
	"musubi/core/outbox"
	"musubi/core/web"
)

// setupFile is where the name of a site and its mail server are kept when nobody sets them where the program is started: the page
// of the first member asks for them. It has the form of a settings file and mode 0600.
const setupFile = "site.conf"

// setup implements web.Setup on a data directory.
type setup struct {
	room *coreRoom
	set  community // as the program was started
}

// MailIsSet implements web.Setup.
func (s setup) MailIsSet() bool { return s.set.SMTP != "" }

// NameIsSet implements web.Setup.
func (s setup) NameIsSet() bool { return s.set.Name != "" }

// Try implements web.Setup.
func (s setup) Try(ctx context.Context, server string, m outbox.Mail) error {
	mail, err := s.set.openPostman(server)
	if err != nil {
		return err
	}
	return mail.Send(ctx, m)
}

// Save implements web.Setup.
func (s setup) Save(name, server string) error {
	text := "# What the page of the first member was told. Flags, environment and --config win over it.\nname = " + name + "\nsmtp = " + server + "\n"
	if err := disk.Write(filepath.Join(s.room.data, setupFile), []byte(text)); err != nil {
		return err
	}
	if s.set.Name == "" {
		s.room.site.SetName(name)
	}
	if server == "" || s.set.SMTP != "" {
		return nil
	}
	mail, err := s.set.openPostman(server)
	if err == nil {
		s.room.services.Outbox.UseMail(mail)
	}
	return err
}

// withSetup is what was set, and for the rest what the first page was told.
func (c community) withSetup(data string) (community, error) {
	name := filepath.Join(data, setupFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	told, err := parseSettings(strings.NewReader(string(b)))
	if err != nil {
		return c, badUsage("%s: %v; correct it, or delete it and set --name and --smtp", name, err)
	}
	if c.Name == "" {
		c.Name = told["name"].value
	}
	if c.SMTP == "" {
		c.SMTP = told["smtp"].value
	}
	return c, nil
}

// offerFirst is what to tell whoever started the program: where the first member comes in, once, if there is none yet. port is what
// has to stand behind the name of the site where no proxy stands in front; "" where there is one.
func (r *coreRoom) offerFirst(ctx context.Context, port string) (line string, err error) {
	token, err := account.First{Service: r.services.Account}.Offer(ctx)
	if errors.Is(err, core.ErrNotStored) {
		return "nobody is a member yet, and nothing can be stored: make room on the disk and start again, for the address where the first one registers\n", nil
	}
	if token == "" || err != nil {
		return "", err
	}
	link := r.site.Link(web.SetupPath(token))
	if u, err := url.Parse(link); err == nil && u.Port() == "" && port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		u.Host += ":" + port
		link = u.String()
	}
	return fmt.Sprintf("nobody is a member yet; the first one registers at %s (works once)\n", link), nil
}
