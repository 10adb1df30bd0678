package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"musubi/core"
	"musubi/core/mailpost"
	"musubi/core/seed"
)

// demoCmd runs the whole of musubi on an embedded store with a small lively community in it.
type demoCmd struct {
	Listen      string `long:"listen" description:"Address to listen on. Empty: 127.0.0.1:8080, or a free port where that is taken." value-name:"ADDR" env:"MUSUBI_LISTEN"`
	AdminListen string `long:"admin-listen" description:"Address of health, metrics and the outbox. Empty: 127.0.0.1:8081, or a free port where that is taken." value-name:"ADDR" env:"MUSUBI_ADMIN_LISTEN"`
	SMTPListen  string `long:"smtp-listen" description:"Address for mail that comes in." value-name:"ADDR" default:"127.0.0.1:0" env:"MUSUBI_SMTP_LISTEN"`
	Data        string `long:"data" description:"Directory of the demo's data; the second start keeps it." value-name:"DIR" default:"./musubi-demo" env:"MUSUBI_DATA" type:"path"`
	JSON        bool   `long:"json" description:"Print one line of JSON when ready instead of the explanation."`
}

// demoReady is the line of --json: a public contract (docs/commands.md).
type demoReady struct {
	URL        string       `json:"url"`
	Admin      string       `json:"admin_url"`
	SMTP       string       `json:"smtp"`
	Operator   demoOperator `json:"operator"`
	HookSecret string       `json:"hook_secret"`
	Members    []demoMember `json:"members"`
}

// demoOperator is who runs the demo: what the console at admin_url/operator asks for.
type demoOperator struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	TOTP     string `json:"totp"`
}

type demoMember struct {
	Mail     string `json:"mail"`
	Password string `json:"password"`
	Name     string `json:"name"`
}

// Run serves until Ctrl-C.
func (c demoCmd) Run(io *std) (err error) {
	ctx, stop := untilSignal()
	defer stop()
	defer asAsked(ctx, &err)
	log := logger(io.Err, slog.LevelWarn)
	set := defaults()
	set.PayURL = "https://pay.example/premium?reference={reference}"
	set.Data, set.Listen, set.AdminListen, set.EasyLogin, set.Stealth = c.Data, c.Listen, c.AdminListen, "on", "on"
	set.SMTPListen, set.MailDomain, set.MailForged = c.SMTPListen, demoMailDomain, "post"
	s, err := openSite(ctx, set, true, log, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	community, err := seed.Demo(ctx, s.core.services)
	if err != nil {
		return fmt.Errorf("make the demo community: %w", err)
	}
	key, err := seed.Company(ctx, s.core.services, s.core.secret)
	if err != nil {
		return fmt.Errorf("make the demo's operator: %w", err)
	}
	ready := demoReady{URL: s.gateway.url(), Admin: s.gateway.adminURL(), SMTP: s.mail.address, Operator: demoOperator{seed.OperatorName, key.Password, key.TOTP}, HookSecret: s.core.services.HookSecret}
	for _, l := range community.Logins {
		ready.Members = append(ready.Members, demoMember{l.Mail, l.Password, l.Name})
	}
	develop(ctx, community, log) // what says that it is ready is whole
	screened := make(chan struct{})
	go func() { defer close(screened); project(ctx, s.core, community, log) }() // but for the film, which takes longer
	defer func() { <-screened }()                                               // its writes end before the store is closed
	if c.JSON {
		json.NewEncoder(io.Out).Encode(ready)
	} else {
		post, err := diaryAddress(ctx, s.core, community.Logins[0])
		if err != nil {
			return err
		}
		welcome(io.Out, ready, c.Data, post)
	}
	return s.gateway.serve(ctx, nil)
}

// develop paints the community's pictures.
func develop(ctx context.Context, community *seed.Community, log *slog.Logger) {
	if err := community.Develop(ctx); err != nil && ctx.Err() == nil {
		log.Error("the demo's pictures", "error", err)
	}
}

// project puts a short film up while the demo already answers.
func project(ctx context.Context, room *coreRoom, community *seed.Community, log *slog.Logger) {
	if err := community.Screen(ctx, room.sampleFilm); err != nil && ctx.Err() == nil {
		log.Error("the demo's film", "error", err)
	}
}

// welcome tells a person what is running and what to try.
func welcome(w io.Writer, r demoReady, data, post string) {
	fmt.Fprintf(w, `musubi 結び is running.

  in a browser          %[1]s/
  handsets side by side %[1]s/_/handsets
  operator's console    %[2]s/operator
  outbox and health     %[2]s/

Log in as
`, r.URL, r.Admin)
	for _, m := range r.Members {
		fmt.Fprintf(w, "  %-12s %-28s password %s\n", m.Name, m.Mail, m.Password)
	}
	fmt.Fprintf(w, "\nRun it as %s, password %s; the code is that of an authenticator with the key %s\n", r.Operator.Name, r.Operator.Password, r.Operator.TOTP)
	fmt.Fprintf(w, `
As a handset of 2007:
  curl -A 'DoCoMo/2.0 P903i(c100;TB;W24H12)' %[1]s/ | iconv -f CP932
  %[3]s handset --model P903i --url %[1]s get /
  w3m -header 'User-Agent: DoCoMo/2.0 P903i(c100;TB;W24H12)' %[1]s/

As a handset's mail, an entry in the diary of %[4]s:
  swaks --server %[5]s --from %[6]s --to %[7]s --header 'Subject: hello' --body 'by mail'

EASY LOGIN IS ON and this machine is believed to be every carrier's gateway: on loopback only the User-Agent names the
carrier, and whoever can reach this address can claim any subscriber ID. That is for trying it out; musubi serve does not.

The data is in %[2]s and is kept. Ctrl-C stops.
`, r.URL, data, program(), r.Members[0].Name, r.SMTP, r.Members[0].Mail, post)
}

// demoMailDomain is the demo's, which nobody has (RFC 2606).
const demoMailDomain = "musubi.example"

// diaryAddress is the address to which a member of the demo mails entries.
func diaryAddress(ctx context.Context, room *coreRoom, l seed.Login) (string, error) {
	id, _, err := room.store.Account.Credentials(ctx, l.Mail)
	if err != nil {
		return "", err
	}
	return room.services.Mailpost.Address(ctx, core.Viewer{Member: id}, mailpost.Diary(id))
}

// program is how this program was started, for examples that can be typed again.
func program() string {
	if strings.Contains(os.Args[0], "go-build") {
		return "go run ./cmd/musubi"
	}
	return os.Args[0]
}
