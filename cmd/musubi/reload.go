package main

import (
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"

	"musubi/carriers"
	"musubi/core/postman"
)

// A reloader takes into use what may change while a process runs, all of it or nothing. The rest waits for the next start.
type reloader struct {
	command string
	log     *slog.Logger
	was     map[string]string // each setting as the process has it
	parts   []part
}

// A part of a process gets ready for the settings as they are now, and gives what takes them into use.
type part func(now *commands) (use func(), err error)

// changeable are the settings that a part takes into use.
var changeable = map[string]bool{"log-level": true, "name": true, "smtp": true, "dkim-key": true, "dkim-selector": true, "carriers": true, "ranges": true}

// newReloader is that of a command, as it was started.
func newReloader(command string, log *slog.Logger, parts ...part) *reloader {
	r := &reloader{command: command, log: log, parts: parts}
	_, r.was, _ = r.read() // it has just been read
	return r
}

// read parses the command line of this process again, with the file of settings and the environment as they are now.
func (r *reloader) read() (*commands, map[string]string, error) {
	now := new(commands)
	p, set, err := parseInto(now, os.Args[1:])
	if err != nil {
		return nil, nil, set.tell(err, os.Args[1:])
	}
	values := map[string]string{}
	for _, o := range optionsBelow(p.Find(r.command)) {
		if environmentOf(o) != "" {
			values[o.LongName] = fmt.Sprint(o.Value())
		}
	}
	return now, values, nil
}

// reload is what SIGHUP does.
func (r *reloader) reload() error {
	now, values, err := r.read()
	var ready []func()
	for _, p := range r.parts {
		if err != nil {
			break
		}
		var use func()
		use, err = p(now)
		ready = append(ready, use)
	}
	if err != nil {
		r.log.Error("not reloaded, the old settings stay", "error", err.Error())
		return err
	}
	for _, use := range ready {
		use()
	}
	var waiting []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if changeable[key] {
			r.was[key] = values[key]
		} else if values[key] != r.was[key] {
			waiting = append(waiting, key)
		}
	}
	r.log.Warn("reloaded: level of the log, name of the site, mail server, carrier tables and ranges, where there are such")
	if len(waiting) > 0 {
		r.log.Warn("these settings have changed and wait for a restart", "settings", strings.Join(waiting, ","))
	}
	return nil
}

// reloadLog is the level of the log.
func reloadLog(of func(*commands) *logging) part {
	return func(now *commands) (func(), error) {
		return func() { logLevel.Set(of(now).level()) }, nil
	}
}

// reloading is the name of the site and its mail server.
func (r *coreRoom) reloading(of func(*commands) community) part {
	return func(now *commands) (func(), error) {
		set, err := of(now).withSetup(r.data)
		if err != nil {
			return nil, err
		}
		var mail *postman.Postman
		if set.SMTP != "" {
			if mail, err = set.openPostman(set.SMTP); err != nil {
				return nil, err
			}
		}
		return func() {
			if mail == nil { // a nil *Postman would be a sender
				r.services.Outbox.UseMail(nil)
			} else {
				r.services.Outbox.UseMail(mail)
			}
			r.site.SetName(set.Name)
		}, nil
	}
}

// reloading is carrier tables and ranges, of the files that are named now.
func (r *gatewayRoom) reloading(of func(*commands) *handsets) part {
	return func(now *commands) (func(), error) {
		named := of(now)
		registry, err := carriers.New(carriers.Config{Dir: named.Carriers, Ranges: named.Ranges, Loopback: r.demo})
		if err != nil {
			return nil, err
		}
		return func() {
			r.gateway.SetCarriers(registry)
			r.tellsHandsets.Store(registry)
		}, nil
	}
}
