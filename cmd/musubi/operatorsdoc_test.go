package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"musubi/gateway/redis/redistest"
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
	for _, name := range regexp.MustCompile(`(?m)^FileDescriptorName=(.*)$`).FindAllStringSubmatch(read("musubi.socket"), -1) {
		if !slices.Contains(socketFlags, name[1]) {
			t.Errorf("musubi.socket passes on a socket for %q, which is no flag", name[1])
		}
	}
	for _, name := range regexp.MustCompile(`MUSUBI_[A-Z_]+`).FindAllString(read("Containerfile")+read("compose.yaml"), -1) {
		if !slices.ContainsFunc(settingsOf("serve"), func(s setting) bool { return s.env == name }) {
			t.Errorf("the image sets %s, which serve does not have", name)
		}
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

// TestUnitLeavesTheFilmSandbox: the unit takes away nothing that bubblewrap needs, says what status 2 is, and its package ends the socket too.
func TestUnitLeavesTheFilmSandbox(t *testing.T) {
	unit, err := os.ReadFile("../../deploy/musubi.service")
	if err != nil {
		t.Fatal(err)
	}
	for setting, wants := range map[string]string{"RestrictNamespaces": "user mnt pid net ipc uts cgroup", "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX AF_NETLINK",
		"SystemCallFilter": "@system-service ~@privileged @mount capset", "RestartPreventExitStatus": "2"} {
		var has []string
		for _, m := range regexp.MustCompile(`(?m)^`+setting+`=(.*)$`).FindAllSubmatch(unit, -1) {
			has = append(has, string(m[1]))
		}
		if got := strings.Join(has, " "); got != wants {
			t.Errorf("%s is %q, expected %q", setting, got, wants)
		}
	}
	if path, err := exec.LookPath("systemd-analyze"); err == nil {
		for _, set := range []string{"@system-service", "@mount"} {
			if out, err := exec.Command(path, "syscall-filter", set).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		}
	}
	// What the scripts of the package ask of systemd, and that none fails where systemd refuses.
	if _, err := os.Stat("/run/systemd/system"); err == nil {
		return // there is a real one, which is not ours to command
	}
	for script, wants := range map[string]string{"prerm": "disable --now musubi.socket musubi.service", "postinst": "try-restart musubi.service", "postrm": "daemon-reload"} {
		b, err := os.ReadFile("../../deploy/debian/" + script)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		put(t, filepath.Join(dir, "systemctl"), "#!/bin/sh\necho \"$*\" >>"+dir+"/asked\nexit 1\n", 0o755)
		for _, other := range []string{"chown", "chmod", "getent", "install", "cp", "useradd"} {
			put(t, filepath.Join(dir, other), "#!/bin/sh\n", 0o755)
		}
		text := strings.ReplaceAll(string(b), "[ -d /run/systemd/system ]", "true")
		cmd := exec.Command("sh", "-c", text, script, map[string]string{"prerm": "remove", "postinst": "configure", "postrm": "remove"}[script])
		cmd.Env = []string{"PATH=" + dir}
		cmd.Path = "/bin/sh"
		out, err := cmd.CombinedOutput()
		asked, _ := os.ReadFile(filepath.Join(dir, "asked"))
		if err != nil || !strings.Contains(string(asked), wants) {
			t.Errorf("%s: %v\n%s\nit asked systemd: %s", script, err, out, asked)
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

// TestCaddyExample starts Caddy with its example before the program: browsers speak HTTP/2 with it over TLS.
func TestCaddyExample(t *testing.T) {
	need(t, "caddy")
	s := startServe(t, filepath.Join(t.TempDir(), "data"), "--hosts", "musubi.example", "--trust-proxies", "127.0.0.0/8", "--secure")
	text, err := os.ReadFile("../../deploy/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	dir, port := t.TempDir(), freePort(t)
	// Its certificate is one of its own, and it is at a port that anybody may have.
	global := fmt.Sprintf("{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects\n\thttp_port %d\n\thttps_port %d\n\tdefault_bind 127.0.0.1\n\tstorage file_system %s\n}\n", freePort(t), port, dir)
	conf := filepath.Join(dir, "Caddyfile")
	if err := os.WriteFile(conf, []byte(global+strings.ReplaceAll(string(text), "127.0.0.1:8080", strings.TrimPrefix(s.url, "http://"))), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("caddy", "run", "--config", conf, "--adapter", "caddyfile")
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(os.Interrupt)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: "musubi.example"},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		}}}
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		r, err := client.Get("https://musubi.example/")
		if err == nil {
			page, err := io.ReadAll(r.Body)
			r.Body.Close()
			if err != nil || r.StatusCode != 200 || r.ProtoMajor != 2 || !bytes.Contains(page, []byte(`type="password"`)) {
				t.Errorf("through Caddy: %s %s, %v\n%s", r.Proto, r.Status, err, page)
			}
			if cookies := r.Header.Values("Set-Cookie"); len(cookies) > 0 && !strings.Contains(strings.Join(cookies, ";"), "__Host-") {
				t.Errorf("cookies of a site with TLS: %q", cookies)
			}
			return
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("Caddy does not answer: %v\n%s", err, &log)
		}
	}
}

// TestComposeFile: an engine of compose takes the file as it is. Which one would run it is not tried here: none has a registry to ask.
func TestComposeFile(t *testing.T) {
	compose, err := exec.LookPath("docker-compose")
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal(err)
		}
		t.Skip("docker-compose is not there: ", err)
	}
	text, err := os.ReadFile("../../deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]bool{{"", ""}: true, {"read_only: true", "read_only: perhaps"}: false, {"cap_drop", "cap_drops"}: false, {"volumes:\n  data:", "volumes:\n  other:"}: false} {
		name := filepath.Join(t.TempDir(), "compose.yaml")
		put(t, name, strings.Replace(string(text), change[0], change[1], 1), 0o600)
		cmd := exec.Command(compose, "-f", name, "config")
		if out, err := cmd.CombinedOutput(); (err == nil) != want {
			t.Errorf("with %q: %v\n%s", change, err, out)
		}
	}
}

// TestContainerImage: the image that deploy/Containerfile describes starts as nobody in particular on an empty root, with what compose.yaml
// sets, its sessions in Redis, and ends when asked to. There is no engine here: buildah makes it and runs it in a chroot. The compiler's
// image is one of ours, whose make brings the program that the tests have built.
func TestContainerImage(t *testing.T) {
	for _, program := range []string{"buildah", "busybox", "redis-server"} {
		need(t, program)
	}
	if os.Getuid() != 0 {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal("only root may change the root, and this run must not skip anything")
		}
		t.Skip("only root may change the root")
	}
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	buildah := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("buildah", append([]string{"--root", filepath.Join(dir, "root"), "--runroot", filepath.Join(dir, "run"), "--storage-driver", "vfs"}, args...)...)
		var problems bytes.Buffer
		cmd.Stderr = &problems
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("buildah %v: %v\n%s%s", args, err, out, &problems)
		}
		return strings.TrimSpace(string(out))
	}
	compiler := buildah("from", "scratch")
	context := filepath.Join(dir, "context")
	for name, from := range map[string]string{"bin/busybox": "/usr/bin/busybox", "program": program} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(context, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("cp", from, filepath.Join(context, name)).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	put(t, filepath.Join(context, "bin/make"), "#!/bin/sh\n[ \"$1\" = build ] && cp /program \"${2#OUT=}\"\n", 0o755)
	for _, link := range []string{"sh", "mkdir", "cp"} {
		if err := os.Symlink("busybox", filepath.Join(context, "bin", link)); err != nil {
			t.Fatal(err)
		}
	}
	buildah("copy", "-q", compiler, context, "/")
	buildah("config", "--env", "PATH=/bin", compiler)
	text, err := os.ReadFile("../../deploy/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	base := regexp.MustCompile(`(?m)^FROM (\S+) AS build$`).FindSubmatch(text)
	buildah("commit", "-q", compiler, string(base[1]))
	source := filepath.Join(dir, "source")
	for _, name := range []string{"LICENSE", "deploy/licences.txt"} {
		b, err := os.ReadFile(filepath.Join("../..", name))
		if err = errors.Join(err, os.MkdirAll(filepath.Dir(filepath.Join(source, name)), 0o755)); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(source, name), string(b), 0o644)
	}
	buildah("bud", "-q", "--isolation", "chroot", "--pull-never", "-f", "../../deploy/Containerfile", "-t", "musubi", source)
	made := buildah("from", "--pull-never", "localhost/musubi")
	if info, err := os.Stat(filepath.Join(buildah("mount", made), "data")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its data: %v, %v", info, err)
	}

	compose, err := os.ReadFile("../../deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	redis, stop := redistest.Server(t)
	defer stop()
	args := []string{"--root", filepath.Join(dir, "root"), "--runroot", filepath.Join(dir, "run"), "--storage-driver", "vfs", "run", "--isolation", "chroot", "--network", "host"}
	for _, m := range regexp.MustCompile(`(?m)^ +(MUSUBI_[A-Z_]+): (.*)$`).FindAllStringSubmatch(string(compose), -1) {
		args = append(args, "-e", m[1]+"="+strings.ReplaceAll(m[2], "redis:6379", redis))
	}
	// The words of ENTRYPOINT and CMD; the network is that of this machine, where ports may be taken.
	args = append(args, made, "--", "/musubi", "serve", "--listen", fmt.Sprintf("127.0.0.1:%d", port), "--admin-listen", "127.0.0.1:0")
	s := &server{t: t, log: new(safeBuffer)}
	s.start("buildah", args...)
	ask, err := http.NewRequest("GET", s.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Host = "localhost:8080"
	ask.Header.Set("User-Agent", uaDoCoMo)
	if r, err := http.DefaultClient.Do(ask); err != nil || r.StatusCode != 200 {
		t.Errorf("a P903i gets %v, %v", r, err)
	}
	if ready := fetchText(t, s.admin+"/readyz"); ready != "ready\n" { // Redis answers
		t.Errorf("it says of itself: %s", ready)
	}
	if first := s.line(); !strings.Contains(first, "http://localhost:8080/setup") {
		t.Errorf("it says %s", first)
	}
	var pid int
	status, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range status {
		if b, err := os.ReadFile(name); err == nil && bytes.HasPrefix(b, fmt.Appendf(nil, "/musubi\x00serve\x00--listen\x00127.0.0.1:%d\x00", port)) {
			fmt.Sscanf(name, "/proc/%d/cmdline", &pid)
		}
	}
	if info, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); pid == 0 || err != nil || info.Sys().(*syscall.Stat_t).Uid != 65532 {
		t.Fatalf("process %d of %v: %v", pid, info, err)
	}
	syscall.Kill(pid, syscall.SIGTERM)
	io.Copy(io.Discard, s.lines)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v\n%s", err, s.log)
	}
}

// freePort is one that nobody has at this moment.
func freePort(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

// TestPackage is an operator's hour with the Debian package, in a root of its own (deploy/try-package).
func TestPackage(t *testing.T) {
	for _, program := range []string{"dpkg-deb", "unshare", "chroot", "ip"} {
		need(t, program)
	}
	if os.Getuid() != 0 {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal("only root may install, and this run must not skip anything")
		}
		t.Skip("only root may install")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var debs []string
	for _, version := range []string{"1.0", "1.1"} {
		deb := filepath.Join(dir, version+".deb")
		if out, err := exec.Command("../../deploy/deb", path, version, deb).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		debs = append(debs, deb)
	}
	if out, err := exec.Command("../../deploy/try-package", debs...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
