package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// parseServe parses the settings of a command line of musubi serve.
func parseServe(t *testing.T, args ...string) (serveCmd, error) {
	t.Helper()
	var c commands
	args = append([]string{"serve"}, args...)
	_, _, err := parseInto(&c, args)
	return c.Serve, err
}

// written is a file with a text.
func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "musubi.conf")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// stdout runs a command line that must succeed.
func stdout(t *testing.T, args ...string) string {
	t.Helper()
	var out, problems bytes.Buffer
	if status := run(args, &std{strings.NewReader(""), &out, &problems}); status != 0 {
		t.Fatalf("musubi %v: status %d, %s", args, status, &problems)
	}
	return out.String()
}

func TestDescribedConfigReadsBackAsTheDefaults(t *testing.T) {
	first := filepath.Join(t.TempDir(), "first.conf")
	stdout(t, "config", "init", first)
	for _, name := range []string{written(t, stdout(t, "config", "describe")), first} {
		read, err := parseServe(t, "--config", name)
		if err != nil {
			t.Fatal(err)
		}
		if read.Config = ""; !reflect.DeepEqual(read, *defaults()) {
			t.Errorf("%s reads back as %+v, the defaults are %+v", name, read, *defaults())
		}
	}
	for _, s := range settingsOf(serverCommands...) {
		if s.help == "" || s.env != "MUSUBI_"+strings.ToUpper(strings.ReplaceAll(s.key, "-", "_")) {
			t.Errorf("setting %q: environment %q, help %q", s.key, s.env, s.help)
		}
	}
}

func TestConfigPrecedence(t *testing.T) {
	name := written(t, "# mine\nlisten = 127.0.0.1:1\nhosts = a.example,b.example\nadmin-listen = 127.0.0.1:2\nupstream = http://elsewhere\n")
	t.Setenv("MUSUBI_ADMIN_LISTEN", "127.0.0.1:3")
	c, err := parseServe(t, "--config="+name, "--listen", "127.0.0.1:4")
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:4" || len(c.Hosts) != 2 || c.Hosts[1] != "b.example" {
		t.Errorf("flag over file: %+v", c)
	}
	if c.AdminListen != "127.0.0.1:3" {
		t.Errorf("environment over file: admin-listen is %s", c.AdminListen)
	}
}

// A password needs neither command line nor environment: it may stand in a file of its own.
func TestSecretsFromFiles(t *testing.T) {
	secret := written(t, "smtp://me:secret@mail.example\n")
	for what, set := range map[string]func(){
		"the file names it":        func() { t.Setenv("MUSUBI_CONFIG", written(t, "smtp-file = "+secret)) },
		"the environment names it": func() { t.Setenv("MUSUBI_CONFIG", ""); t.Setenv("MUSUBI_SMTP_FILE", secret) },
	} {
		set()
		if c, err := parseServe(t); err != nil || c.SMTP != "smtp://me:secret@mail.example" {
			t.Errorf("%s: %q, %v", what, c.SMTP, err)
		}
		said := (&coreOptions{community: community{SMTP: "smtp://me:hunter2@mail.example", HookSecret: "hunter2"}}).settings()
		if strings.Contains(said, "hunter2") || !strings.Contains(said, " smtp=true ") || !strings.Contains(said, " hook-secret=true ") {
			t.Errorf("the audit log would have %q", said)
		}
	}
	t.Setenv("MUSUBI_SMTP_FILE", written(t, "two\nlines\n"))
	if _, err := parseServe(t); err == nil || !strings.Contains(err.Error(), "several lines") {
		t.Errorf("two lines for one value: %v", err)
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"no equals sign", "listen\n", "line 1"},
		{"unknown key", "\nlissten = x\n", `line 2: there is no setting "lissten"`},
		{"twice", "data = a\ndata = b\n", "data is set twice"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := parseSettings(strings.NewReader(row.text)); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want one that says %q", err, row.want)
			}
		})
	}
	for _, bad := range []string{"10.0.0.1", "0.0.0.0/0", "::/0", "carrier"} {
		if _, err := (&handsets{TrustProxy: []string{bad}}).proxies(); err == nil {
			t.Errorf("--trust-proxies %s was accepted", bad)
		}
	}
}

func TestNumbersBelowZeroAreRefused(t *testing.T) {
	for flag, c := range map[string]community{
		"message-days": {MessageDays: -1}, "topic-comments": {TopicComments: -1}, "alone-days": {AloneDays: -1}, "album-mb": {AlbumMB: -1}, "export-mb": {ExportMB: -1}, "cache-mb": {CacheMB: -1},
	} {
		if err := c.check(); err == nil || !strings.Contains(err.Error(), "--"+flag+" -1") {
			t.Errorf("%s of -1: %v", flag, err)
		}
	}
}

// What a help offers is obeyed: each flag of the servers stands in a struct that the command embeds, the addresses are those
// that stay, and no command mentions what only another one does.
func TestHelpListsWhatIsObeyed(t *testing.T) {
	for _, row := range []struct{ command, listen, has, hasNot string }{
		{"serve", ":8080", "--smtp --redis --stealth --cache-mb --admin-listen --db --blobs", "--upstream --rules --core-secret"},
		{"core", "127.0.0.1:8082", "--smtp --stealth --admin-listen --alone-days --config --db --blobs", "--redis --upstream --rules --ranges --carriers --trust-proxies"},
		{"gateway", ":8080", "--upstream --rules --core-secret --redis --admin-listen", "--smtp --stealth --cache-mb --album-mb --secure --db --blobs"},
	} {
		help := stdout(t, row.command, "--help")
		offers := func(flag string) bool { return regexp.MustCompile(`(?m)^ .*` + flag + `\b`).MatchString(help) }
		for _, flag := range strings.Fields(row.has) {
			if !offers(flag) {
				t.Errorf("musubi %s --help lacks %s", row.command, flag)
			}
		}
		for _, flag := range strings.Fields(row.hasNot) {
			if strings.Contains(help, "      "+flag) {
				t.Errorf("musubi %s --help offers %s", row.command, flag)
			}
		}
		if got := defaultOf(row.command, "listen"); got != row.listen {
			t.Errorf("musubi %s listens on %s, expected %s", row.command, got, row.listen)
		}
		if as := stdout(t, "help", row.command); as != help {
			t.Errorf("musubi help %s is not musubi %s --help:\n%s", row.command, row.command, as)
		}
	}
	if stdout(t, "--version") != stdout(t, "version") || !strings.Contains(stdout(t, "help"), "serve") {
		t.Error("--version or help say something else than the commands")
	}
}

// Every field of a command is a flag, a command or arguments: one whose tag the parser does not know would be silently lost.
func TestEveryFieldCanBeSet(t *testing.T) {
	var walk func(at reflect.Type)
	walk = func(at reflect.Type) {
		for f := range at.Fields() {
			_, long := f.Tag.Lookup("long")
			_, args := f.Tag.Lookup("positional-args")
			_, command := f.Tag.Lookup("command")
			switch {
			case long || args:
			case command || f.Anonymous:
				walk(f.Type)
			case f.IsExported():
				t.Errorf("%s.%s has no tag that the parser knows: %s", at, f.Name, f.Tag)
			}
		}
	}
	walk(reflect.TypeFor[commands]())
}
