package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// nginxConfig serves one file on a port, and the same through proxy_pass on another, with a line in the access log for
// each request as musubi writes one.
const nginxConfig = `daemon off;
worker_processes %[1]d;
pid %[2]s/pid;
error_log %[2]s/error.log;
%[5]s
events { worker_connections 1024; }
http {
	access_log %[2]s/access.log;
	default_type "text/html; charset=utf-8";
	keepalive_requests 1000000;
	client_body_temp_path %[2]s/body; proxy_temp_path %[2]s/proxy; fastcgi_temp_path %[2]s/fastcgi; uwsgi_temp_path %[2]s/uwsgi; scgi_temp_path %[2]s/scgi;
	upstream page { server 127.0.0.1:%[3]d; keepalive 64; keepalive_requests 1000000; }
	server { listen 127.0.0.1:%[3]d; root %[2]s; }
	server { listen 127.0.0.1:%[4]d; location / { proxy_pass http://page; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}
`

// besideNginx measures what this machine can do at all: musubi's login page, and nginx with the bytes of a home page.
func (b *bench) besideNginx(ctx context.Context) (err error) {
	page, err := b.crowd.all[0].phone.Get("/home")
	if err != nil {
		return err
	}
	n, err := startNginx(filepath.Join(b.dir, "nginx"), page.Body)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.stop()) }()
	b.say("\n| beside it, in the same run | pages/s | p50 ms | p99 ms | CPU-µs a page |\n|---|---:|---:|---:|---:|\n")
	plain := func(host string) [][]byte {
		return [][]byte{[]byte("GET /page.html HTTP/1.1\r\nHost: " + host + "\r\n\r\n")}
	}
	for _, row := range []struct {
		name, url string
		requests  [][]byte
		used      func() time.Duration
	}{
		{"musubi, login page, PC", b.site.url, [][]byte{b.crowd.front(0)}, b.site.used},
		{"musubi, login page, docomo P903i", b.site.url, [][]byte{b.crowd.front(1)}, b.site.used},
		{fmt.Sprintf("nginx, static file of %d bytes (a PC's home page)", len(page.Body)), "http://" + n.static, plain(n.static), n.used},
		{"nginx, proxy_pass to nginx with that file", "http://" + n.proxy, plain(n.proxy), n.used},
	} {
		before := row.used()
		r, err := b.wrk(ctx, row.requests, b.length/4, row.url)
		if err != nil {
			return err
		}
		b.say("| %s | %.0f | %.1f | %.1f | %.0f |\n", row.name, r.rate(), r.P50, r.P99, float64((row.used()-before).Microseconds())/float64(r.Requests))
	}
	return nil
}

// nginx is one at work.
type nginx struct {
	cmd           *exec.Cmd
	static, proxy string // addresses
}

func startNginx(dir string, page []byte) (*nginx, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "page.html"), page, 0o644); err != nil {
		return nil, err
	}
	static, err := freePort()
	if err != nil {
		return nil, err
	}
	proxy, err := freePort()
	if err != nil {
		return nil, err
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // the temporary directory is nobody else's
	}
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, 2, dir, static, proxy, user), 0o600); err != nil {
		return nil, err
	}
	n := &nginx{exec.Command("nginx", "-c", config, "-e", filepath.Join(dir, "error.log")), fmt.Sprintf("127.0.0.1:%d", static), fmt.Sprintf("127.0.0.1:%d", proxy)}
	if err := n.cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if c, err := net.Dial("tcp", n.proxy); err == nil {
			return n, c.Close()
		}
		time.Sleep(20 * time.Millisecond)
	}
	why, _ := os.ReadFile(filepath.Join(dir, "error.log"))
	return nil, errors.Join(fmt.Errorf("nginx does not answer\n%s", why), n.stop())
}

func (n *nginx) stop() error {
	n.cmd.Process.Signal(syscall.SIGTERM)
	return n.cmd.Wait()
}

// used is the processor time of the workers.
func (n *nginx) used() (sum time.Duration) {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", n.cmd.Process.Pid))
	for child := range strings.FieldsSeq(string(b)) {
		var pid int
		fmt.Sscan(child, &pid)
		sum += processTime(pid)
	}
	return sum
}

// freePort finds a port of loopback that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
