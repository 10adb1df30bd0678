package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOperatorsDocIsRun executes the commands of docs/operators.md in their order: each must succeed.
func TestOperatorsDocIsRun(t *testing.T) {
	text, err := os.ReadFile("../../docs/operators.md")
	if err != nil {
		t.Fatal(err)
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir, ran := t.TempDir(), 0
	for _, block := range regexp.MustCompile("(?s)```\n(.*?)```").FindAllSubmatch(text, -1) {
		for _, line := range strings.Split(strings.TrimSpace(string(block[1])), "\n") {
			args := strings.Fields(line)
			if args[0] != "musubi" {
				t.Fatalf("no command of ours: %q", line)
			}
			cmd := exec.Command(path, args[1:]...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "MUSUBI_LISTEN=127.0.0.1:0", "MUSUBI_ADMIN_LISTEN=127.0.0.1:0")
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", line, err, said)
			}
			ran++
		}
	}
	if ran < 15 {
		t.Errorf("only %d commands were run", ran)
	}
}

// TestDeployedFiles: the unit starts the program with flags that it has, nginx reads its example, and what alerts and the board ask
// for is in the metrics.
func TestDeployedFiles(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("../../deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	start := regexp.MustCompile(`(?m)^ExecStart=/usr/bin/musubi (.*)$`).FindStringSubmatch(read("musubi.service"))
	if start == nil || !strings.HasPrefix(start[1], "serve ") {
		t.Fatal("the unit does not start musubi serve")
	}
	for name, text := range map[string]string{"musubi.service": start[1], "nginx.conf": read("nginx.conf"), "Caddyfile": read("Caddyfile")} {
		for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(text, -1) {
			if flag[1] != "config" && flag[1] != "secure" && defaultKnown(flag[1]) == false {
				t.Errorf("%s speaks of --%s, which serve does not have", name, flag[1])
			}
		}
	}
	room, err := openCore(t.Context(), onData(t.TempDir(), logger(os.Stderr, 8)))
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	var own bytes.Buffer
	room.writeMetrics(&own)
	known := own.String() + "musubi_requests_total musubi_request_seconds_bucket musubi_request_seconds_sum musubi_request_seconds_count musubi_requests_inside musubi_requests_waiting " +
		"musubi_requests_turned_away_total musubi_page_lost_characters_total musubi_cache_bytes process_resident_memory_bytes"
	for _, name := range []string{"alerts.yml", "grafana.json"} {
		for _, metric := range regexp.MustCompile(`\b(?:musubi|process)_[a-z_]+`).FindAllString(read(name), -1) {
			if !strings.Contains(known, metric) {
				t.Errorf("%s asks for %s, which there is not", name, metric)
			}
		}
	}
}

func defaultKnown(key string) bool {
	for _, s := range settingsOf("serve") {
		if s.key == key {
			return true
		}
	}
	return false
}

// TestNginxExample starts nginx with its example before the program, and a member comes in through it.
func TestNginxExample(t *testing.T) {
	need(t, "nginx")
	s := startServe(t, filepath.Join(t.TempDir(), "data"), "--hosts", "musubi.example", "--trust-proxies", "127.0.0.0/8")
	text, err := os.ReadFile("../../deploy/nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	os.Chmod(dir, 0o755)
	socket := filepath.Join(dir, "front")
	conf := strings.NewReplacer("127.0.0.1:8080", strings.TrimPrefix(s.url, "http://"), "listen 80;", "listen unix:"+socket+";").Replace(string(text))
	if i := strings.Index(conf, "server {\n    listen 443"); i >= 0 { // certificates are the operator's
		conf = conf[:i] + conf[i+strings.Index(conf[i:], "\n}\n")+3:]
	}
	whole := "daemon off; pid " + dir + "/pid; error_log stderr; events {} http { access_log off; client_body_temp_path " + dir + "/b; proxy_temp_path " + dir + "/p; fastcgi_temp_path " + dir +
		"/f; uwsgi_temp_path " + dir + "/u; scgi_temp_path " + dir + "/s;\n" + conf + "\n}\n"
	name := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(name, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("nginx", "-c", name, "-p", dir)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(os.Interrupt)
	page := throughSocket(t, socket, "musubi.example", &log)
	if !strings.Contains(page, "<form") || !strings.Contains(page, `type="password"`) {
		t.Errorf("no login form through nginx:\n%s\n%s", page, &log)
	}
}
