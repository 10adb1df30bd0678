package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core/files"
	"musubi/core/store/pgtest"
	"musubi/core/store/survey"
)

// put writes a file for its owner, or with another mode.
func put(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	if err := errors.Join(os.WriteFile(name, []byte(text), 0o600), os.Chmod(name, mode)); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestDoctorKnowsTheCure: each thing that is wrong is found, and what is said of it ends with what to do.
func TestDoctorKnowsTheCure(t *testing.T) {
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	deaf, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	secret, dir := "smtp://a:hunter2@127.0.0.1:1?from=a@example.jp\n", t.TempDir()
	none := filepath.Join(dir, "none")
	for what, row := range map[string]struct {
		harm func(data string) error
		args string
		want string // a pattern
	}{
		"no secret":   {func(data string) error { return os.Remove(filepath.Join(data, "secret")) }, "", `database: .*secret is missing.*musubi restore`},
		"no database": {func(data string) error { return os.Remove(filepath.Join(data, databaseFile)) }, "", `database: .*musubi\.db is missing.*musubi restore`},
		"a malformed database": {func(data string) error {
			return os.WriteFile(filepath.Join(data, databaseFile), bytes.Repeat([]byte("x"), 9000), 0o600)
		}, "", `database: .*musubi restore`},
		"no PostgreSQL":      {nil, "--db postgres://musubi@127.0.0.1:1/musubi", `database: PostgreSQL does not answer.*start it`},
		"a port of another":  {nil, "--listen " + held.Addr().String(), `ports: another program has --listen ` + held.Addr().String() + `,.*name another`},
		"no such address":    {nil, "--listen 192.0.2.1:80", `ports: .*192\.0\.2\.1.*expected an address of this machine`},
		"a secret for all":   {nil, "--config " + put(t, filepath.Join(dir, "1.conf"), "smtp-file = "+put(t, filepath.Join(dir, "smtp"), secret, 0o644), 0o644), `secrets: .*/smtp has a secret.*644.*chmod 600`},
		"a password for all": {nil, "--config " + put(t, filepath.Join(dir, "2.conf"), "smtp = "+secret, 0o644), `secrets: .*2\.conf has a secret.*chmod 600`},
		"no ranges":          {nil, "--ranges " + none, `handsets: .*none.*correct`},
		"no tables":          {nil, "--carriers " + none, `handsets: .*none.*correct`},
		"a deaf Redis":       {nil, "--redis redis://" + deaf.Addr().String(), `sessions: Redis does not answer.*start it`},
		"no Redis":           {nil, "--redis redis://127.0.0.1:1", `sessions: Redis does not answer.*start it`},
		"mail refused":       {nil, "--smtp smtp://127.0.0.1:1?from=a@example.jp", `mail: the mail server does not take us.*start it`},
		"no certificate":     {nil, "--tls-listen 127.0.0.1:0 --tls-cert " + none + " --tls-key " + none + " --hosts musubi.example", `TLS: .*none.*name a certificate`},
	} {
		data := settled(t)
		if row.harm != nil {
			if err := row.harm(data); err != nil {
				t.Fatal(err)
			}
		}
		out, problem, status := do(t, append([]string{"doctor", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}, strings.Fields(row.args)...)...)
		if status != 1 || !regexp.MustCompile(`(?m)^wrong  `+row.want).MatchString(out) {
			t.Errorf("%s: status %d, want %s\n%s%s", what, status, row.want, out, problem)
		}
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "wrong") && !strings.Contains(line, ": ") {
				t.Errorf("%s: no cure in %s", what, line)
			}
		}
	}
	running := startServe(t, filepath.Join(dir, "running"))
	for address, want := range map[string]string{strings.TrimPrefix(running.url, "http://"): "ok     ports: musubi listens on", held.Addr().String(): "wrong  ports"} { // the other one is not its
		if out, _, _ := do(t, "doctor", "--data", filepath.Join(dir, "running"), "--listen", address, "--admin-listen", "127.0.0.1:0"); !strings.Contains(out, want) {
			t.Errorf("%s while musubi runs:\n%s", address, out)
		}
	}
	running.stop()
	fine := put(t, filepath.Join(dir, "3.conf"), "smtp-file = "+put(t, filepath.Join(dir, "smtp-mine"), secret, 0o640), 0o644) // no secret in it
	if out, _, _ := do(t, "doctor", "--data", none, "--config", fine); !strings.Contains(out, "ok     secrets") {
		t.Errorf("secrets for their owner and group:\n%s", out)
	}
}

// TestSettingsSayWhereTheyStand: an error of a setting names the file and the line, or the variable; a mark of byte order is no part of the
// first line.
func TestSettingsSayWhereTheyStand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, row := range []struct{ text, want string }{
		{"# one\nat-once = many\n", ":2: "}, {"alone-days = -1\n", ":1: "}, {"\n\ncache-mb = -5\n", ":3: "}, {"smtp-file = /nonexist\n", ":1: smtp-file: open /nonexist"},
		{"traces-share = 7\n", ":1: --traces-share 7: expected 0 to 1"}, {"listen = nowhere\n", ":1: --listen nowhere"}, {"\ufefflissten = x\n", `line 1: there is no setting "lissten"`},
		{"easy-login = perhaps\n", ":1: "}, {"mail-mb = -3\n", ":1: --mail-mb"}, {"tls-cert = x\n", ":1: --tls-cert"},
	} {
		name := written(t, row.text)
		_, problem, status := do(t, "serve", "--config", name, "--data", data, "--admin-listen", "127.0.0.1:0")
		if status != 2 || !strings.Contains(problem, name) || !strings.Contains(problem, row.want) {
			t.Errorf("%q: status %d, %swant %s", row.text, status, problem, row.want)
		}
	}
	if c, err := parseServe(t, "--config", written(t, "\ufeffname = むすび村\n")); err != nil || c.Name != "むすび村" {
		t.Errorf("a mark of byte order: %q, %v", c.Name, err)
	}
	t.Setenv("MUSUBI_ALONE_DAYS", "-2")
	if _, problem, _ := do(t, "serve", "--data", data); !strings.Contains(problem, "$MUSUBI_ALONE_DAYS: ") {
		t.Errorf("of the environment: %s", problem)
	}
	if _, problem, _ := do(t, "serve", "--data", data, "--alone-days", "-3"); strings.Contains(problem, "$MUSUBI") {
		t.Errorf("of a flag: %s", problem)
	}
}

// TestReloadSaysWhatItDid: paths that have changed are obeyed, what needs a restart is named, and what is wrong says one thing.
func TestReloadSaysWhatItDid(t *testing.T) {
	data, dir := settled(t), t.TempDir()
	conf := put(t, filepath.Join(dir, "musubi.conf"), "name = 一の村\n", 0o600)
	s := startServe(t, data, "--config", conf)
	hangup := func(text, want string) string {
		t.Helper()
		put(t, conf, text, 0o600)
		from := len(s.log.String())
		s.hangup()
		for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			said := s.log.String()[from:]
			if strings.Contains(said, want) {
				return said
			}
			if time.Since(began) > 10*time.Second {
				t.Fatalf("%q: want %s\n%s", text, want, said)
			}
		}
	}
	if said := hangup("name = 二の村\nranges = "+filepath.Join(dir, "none")+"\n", "not reloaded"); strings.Contains(said, `"reloaded`) || !strings.Contains(said, "none") {
		t.Errorf("a file that is not there:\n%s", said)
	}
	if page := fetchText(t, s.url+"/"); !strings.Contains(page, "一の村") {
		t.Error("half of it was taken")
	}
	if said := hangup("name = 三の村\nalbum-mb = 7\nhosts = elsewhere.example\n", "wait for a restart"); !strings.Contains(said, "album-mb,hosts") || strings.Contains(said, "not reloaded") {
		t.Errorf("what needs a restart:\n%s", said)
	}
	if page := fetchText(t, s.url+"/"); !strings.Contains(page, "三の村") {
		t.Error("what needs none was not taken")
	}
	s.stop()
}

// TestWhoWaitsAndWhoListensElsewhere: a second start says at once for what it waits; a take-over with another address says that the socket stays.
func TestWhoWaitsAndWhoListensElsewhere(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := startServe(t, data)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	second := exec.Command(path, "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	var log safeBuffer
	second.Stderr = &log
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	defer second.Wait()
	defer second.Process.Kill()
	for began := time.Now(); !strings.Contains(log.String(), "waits for it to end"); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 5*time.Second {
			t.Fatalf("it waits and does not say why: %s", log.String())
		}
	}
	second.Process.Kill()
	second.Wait()
	next := startServe(t, data, "--listen", "127.0.0.1:1", "--take-over")
	if next.url != first.url || !strings.Contains(next.log.String(), `"flag":"listen"`) || strings.Contains(next.log.String(), `"flag":"admin-listen"`) {
		t.Errorf("it listens on %s, after %s\n%s", next.url, first.url, next.log.String())
	}
	next.stop()
}

// TestPhotosThatAreLost: a seed leaves none that nobody shows; a copy and what is restored of it say that one is missing; the newest copy
// of a directory is restored by the directory's name.
func TestPhotosThatAreLost(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "seed", "--members", "4", "--photos", "--data", data)
	room, err := openCore(t.Context(), onData(data, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	all := 0
	err = room.photos.Each(time.Now().Add(time.Hour), func(of []string) error {
		all += len(of)
		spare, err := survey.Orphans(t.Context(), room.store.Engine(), of)
		names = append(names, spare...)
		return err
	})
	if err != nil || len(names) > 0 || all == 0 {
		t.Errorf("of %d files nobody shows %d, %v", all, len(names), err)
	}
	lost := ""
	err = errors.Join(survey.EachBlob(t.Context(), room.store.Engine(), func(name string) { lost = name }), room.photos.Delete(t.Context(), lost), room.Close())
	if err != nil || lost == "" {
		t.Fatal(lost, err)
	}
	to := t.TempDir()
	var out, problems bytes.Buffer
	c := &backupCmd{Data: data}
	c.Args.To = to
	if err := c.another(t.Context(), &std{strings.NewReader(""), &out, &problems}); err != nil || !strings.Contains(problems.String(), lost) {
		t.Errorf("the copy: %v, %s", err, &problems)
	}
	name := copiesIn(to)[0]
	if strings.Contains(out.String(), copyUnready) || !strings.Contains(out.String(), filepath.Join(to, name)) {
		t.Errorf("it says that it copied to %s", &out)
	}
	said, problem, status := do(t, "restore", to, "--data", filepath.Join(t.TempDir(), "restored"))
	if status != 1 || !strings.Contains(said, name) || !strings.Contains(problem, lost) {
		t.Errorf("restore: %d %s%s", status, said, problem)
	}
	if said, _, status := do(t, "doctor", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"); status != 1 || !strings.Contains(said, "wrong  photos: the file of 1 photo is lost: "+files.Blobs(filepath.Join(data, picturesDir)).Path(lost)) {
		t.Errorf("doctor: %d\n%s", status, said)
	}
	if said, _, status := do(t, "check", "--data", data); status != 1 || !strings.Contains(said, files.Blobs(filepath.Join(data, picturesDir)).Path(lost)+" is not there") {
		t.Errorf("check: %d\n%s", status, said)
	}
	if _, problem, status := do(t, "backup", to, "--data", data, "--days", "3"); status != 2 || !strings.Contains(problem, "--every") {
		t.Errorf("--days alone: %d %s", status, problem)
	}
}

// TestALostDatabaseAndAFirstStart: a secret without a database is a loss, and refused; a first start that was cut short goes on.
func TestALostDatabaseAndAFirstStart(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--data", data)
	for _, name := range []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm"} {
		os.Remove(filepath.Join(data, name))
	}
	if err := startOn(t, data); err == nil || !strings.Contains(err.Error(), "musubi restore") {
		t.Errorf("a lost database: %v", err)
	}
	for what, left := range map[string]string{"before the database": "", "in the midst of it": databaseFile} {
		data := t.TempDir()
		if err := os.Chmod(data, 0o700); err != nil {
			t.Fatal(err)
		}
		secret, err := files.OpenSecret(filepath.Join(data, freshSecret))
		if err != nil {
			t.Fatal(err)
		}
		if left != "" {
			put(t, filepath.Join(data, left), "", 0o600)
		}
		if err := startOn(t, data); err != nil {
			t.Errorf("cut short %s: %v", what, err)
		}
		if now, err := os.ReadFile(filepath.Join(data, "secret")); err != nil || !bytes.Equal(now, secret) || exists(filepath.Join(data, freshSecret)) {
			t.Errorf("cut short %s: the secret is %x, was %x, %v", what, now, secret, err)
		}
	}
}

// TestSetupLinkHasItsPort: where no proxy is named, the link for the first member has the port.
func TestSetupLinkHasItsPort(t *testing.T) {
	for args, port := range map[string]bool{"--hosts musubi.example": true, "--hosts musubi.example --trust-proxies 127.0.0.0/8": false, "--hosts musubi.example --secure": false, "--hosts musubi.example:99": false} {
		s := startServe(t, filepath.Join(t.TempDir(), "data"), strings.Fields(args)...)
		own := s.url[strings.LastIndex(s.url, ":"):]
		line := s.line()
		if strings.Contains(line, "musubi.example"+own+"/setup") != port {
			t.Errorf("%s: on %s, %s", args, s.url, line)
		}
		s.stop()
	}
}

// TestTextLog: with --log-format text no line is of JSON, those of requests neither; a level above theirs keeps them out.
func TestTextLog(t *testing.T) {
	s := startServe(t, settled(t), "--log-format", "text")
	fetchText(t, s.url+"/")
	s.stop()
	if said := s.log.String(); strings.Contains(said, "{") || !regexp.MustCompile(`(?m)^time=\S+ level=INFO msg=request .*path=/ `).MatchString(said) {
		t.Errorf("the log:\n%s", said)
	}
	quiet := startServe(t, settled(t), "--log-level", "warn")
	fetchText(t, quiet.url+"/")
	quiet.stop()
	if said := quiet.log.String(); strings.Contains(said, `"request"`) {
		t.Errorf("the log of warnings:\n%s", said)
	}
}

// TestSearchIndexThatCannotBeWritten is told of now and then, not five times a second.
func TestSearchIndexThatCannotBeWritten(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(filepath.Join(data, "search.db", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	room, err := openCore(t.Context(), onData(data, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	ctx, enough := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer enough()
	told := 0
	room.services.Search.RunSearch(ctx, func(error) { told++ })
	if told != 1 {
		t.Errorf("it was told of %d times in a second and a half", told)
	}
}

// TestOperatorsOfPostgreSQL: each command of an operator works on such a site; what copies a file says what to do instead.
func TestOperatorsOfPostgreSQL(t *testing.T) {
	url, data := pgtest.Database(t, nil), filepath.Join(t.TempDir(), "data")
	with := func(args string) []string { return append(strings.Fields(args), "--db", url, "--data", data) }
	if said := stdout(t, with("migrate --plan")...); !strings.Contains(said, "pg_dump") || !strings.Contains(said, "missing") {
		t.Errorf("the plan for an empty one:\n%s", said)
	}
	for _, row := range []struct{ args, want string }{
		{"member add haruka@example.jp --name 春香", "春香"}, {"invite natsuki@example.jp", "/register?t="}, {"operator add Aki", "totp"}, {"operator list", "Aki\tall"},
		{"audit query", "add"}, {"audit verify", "the chain is whole"}, {"music find x", ""}, {"music clicks", ""}, {"product find x", ""}, {"product clicks", ""},
		{"migrate --plan", "up to date"}, {"migrate --status", "applied"}, {"migrate", "applied"}, {"check", "1 member, "}, {"doctor --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0", "ok     database"},
	} {
		if said := stdout(t, with(row.args)...); !strings.Contains(said, row.want) {
			t.Errorf("musubi %s: %s, want %s", row.args, said, row.want)
		}
	}
	if _, problem, status := do(t, with("backup "+data+"/copy")...); status != 2 || !strings.Contains(problem, "pg_dump") {
		t.Errorf("backup: %d %s", status, problem)
	}
	if exists(filepath.Join(data, databaseFile)) {
		t.Error("a file was made beside it")
	}
}

// TestWrongWords: no error speaks of Go's types, or of what only the program knows.
func TestWrongWords(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "operator", "add", "Aki", "--data", data)
	for args, want := range map[string]string{
		"audit query --from x": "2007-03-03T12", "backup x --every 5": "24h", "backup x --every 24h --days x": "a number", "serve --at-once x": "a number", "operator end nobody": "operator list",
		"serve --blobs /proc/none --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0": "--blobs", "serve --redis x --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0": "--redis", "serve --carriers /none --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0": "--carriers",
		"serve --listen 192.0.2.1:80": "expected an address", "member show x --db postgres://musubi@127.0.0.1:1/x": "start it",
	} {
		_, problem, status := do(t, append(strings.Fields(args), "--data", data)...)
		said := problem[strings.LastIndex(strings.TrimSpace(problem), "\n")+1:]
		if status == 0 || !strings.Contains(said, want) || regexp.MustCompile(`strconv|main\.|time\.D|\*int|error\.`).MatchString(said) {
			t.Errorf("musubi %s: %d %s", args, status, said)
		}
	}
}

// TestManualHasAName, which is what apropos finds.
func TestManualHasAName(t *testing.T) {
	if page := stdout(t, "man"); !regexp.MustCompile(`\.SH NAME\nmusubi \\- \w.{20,}\n`).MatchString(page) {
		t.Errorf("it begins with %.200s", page)
	}
}
