package main

import (
	"log/slog"
	"os"

	"musubi/core/postman"
)

// reread parses the command line of this process again, with the file of settings and the environment as they are now.
func reread() (*commands, error) {
	c := new(commands)
	_, err := parseInto(c, os.Args[1:])
	return c, err
}

// reloading takes into use what may change while a process runs: level of the log, name of the site, mail server. The rest waits for
// the next start; what is wrong leaves everything as it was.
func (r *coreRoom) reloading(of func(*commands) (*logging, community), log *slog.Logger) func() error {
	return func() error {
		c, err := reread()
		if err == nil {
			l, set := of(c)
			err = r.reset(l, set)
		}
		if err != nil {
			log.Error("not reloaded, the old settings stay", "error", err.Error())
			return err
		}
		log.Warn("reloaded: level of the log, name of the site, mail server")
		return nil
	}
}

func (r *coreRoom) reset(l *logging, set community) error {
	set, err := set.withSetup(r.data)
	if err != nil {
		return err
	}
	var mail *postman.Postman
	if set.SMTP != "" {
		if mail, err = postman.Open(set.SMTP); err != nil {
			return err
		}
		r.services.Outbox.UseMail(mail)
	} else {
		r.services.Outbox.UseMail(nil)
	}
	r.site.SetName(set.Name)
	logLevel.Set(l.level())
	return nil
}
