package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parseConfig parses a command line that has only settings.
func parseConfig(t *testing.T, args ...string) (config, error) {
	t.Helper()
	var c config
	file, err := configFile(args)
	if err != nil {
		return c, err
	}
	options := []kong.Option{kong.Exit(func(int) { t.Fatal("kong wants to exit") })}
	if file != nil {
		options = append(options, kong.Resolvers(file))
	}
	p, err := kong.New(&c, options...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return c, err
}

func TestDescribedConfigReadsBackAsTheDefaults(t *testing.T) {
	var out bytes.Buffer
	if err := (describeCmd{}).Run(&std{Out: &out}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "musubi.conf")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	plain, err := parseConfig(t)
	if err != nil {
		t.Fatal(err)
	}
	read, err := parseConfig(t, "--config", name)
	if err != nil {
		t.Fatal(err)
	}
	read.Config = ""
	if got, want := read.Listen+read.AdminListen+read.Data+read.EasyLogin, plain.Listen+plain.AdminListen+plain.Data+plain.EasyLogin; got != want {
		t.Errorf("the described file reads back as %q, the defaults are %q", got, want)
	}
	for _, s := range settings() {
		if s.help == "" || s.env != "MUSUBI_"+strings.ToUpper(strings.ReplaceAll(s.key, "-", "_")) {
			t.Errorf("setting %q: environment %q, help %q", s.key, s.env, s.help)
		}
	}
}

func TestConfigPrecedence(t *testing.T) {
	name := filepath.Join(t.TempDir(), "musubi.conf")
	if err := os.WriteFile(name, []byte("# mine\nlisten = 127.0.0.1:1\nhosts = a.example,b.example\nadmin-listen = 127.0.0.1:2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MUSUBI_ADMIN_LISTEN", "127.0.0.1:3")
	c, err := parseConfig(t, "--config="+name, "--listen", "127.0.0.1:4")
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
		if _, err := (&config{TrustProxy: []string{bad}}).proxies(); err == nil {
			t.Errorf("--trust-proxies %s was accepted", bad)
		}
	}
}

func TestMessageDaysBelowZeroAreRefused(t *testing.T) {
	_, err := openCore(t.Context(), coreOptions{data: t.TempDir(), messageDays: -1})
	if err == nil || !strings.Contains(err.Error(), "--message-days -1") {
		t.Errorf("opening with -1 days: %v", err)
	}
}
