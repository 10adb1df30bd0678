// Package redistest starts real Redis servers for tests.
package redistest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// Needs skips the test without a program, or fails it where all services are promised.
func Needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") == "1" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed", program)
	}
	return path
}

// Server starts a real server on a free port and returns its address and a way to stop it.
func Server(t *testing.T, args ...string) (addr string, stop func()) {
	t.Helper()
	program := Needs(t, "redis-server")
	for range 20 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := ln.Addr().(*net.TCPAddr).Port
		ln.Close()
		if port > 55000 { // a cluster node also listens 10,000 higher
			continue
		}
		cmd := exec.Command(program, append([]string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir()}, args...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var once sync.Once
		stop = func() { once.Do(func() { cmd.Process.Kill(); cmd.Wait() }) }
		t.Cleanup(stop)
		addr = fmt.Sprintf("127.0.0.1:%d", port)
		WaitFor(t, func() bool {
			c, err := net.Dial("tcp", addr)
			if err == nil {
				c.Close()
			}
			return err == nil
		})
		return addr, stop
	}
	t.Fatal("no free port")
	return "", nil
}

// WaitFor waits until something is ready.
func WaitFor(t *testing.T, ready func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ready(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not ready in time")
		}
	}
}

// Cluster starts three servers that are one cluster and returns its URL.
func Cluster(t *testing.T) string {
	t.Helper()
	cli := Needs(t, "redis-cli")
	var nodes []string
	for range 3 {
		addr, _ := Server(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		nodes = append(nodes, addr)
	}
	out, err := exec.Command(cli, append(append([]string{"--cluster", "create"}, nodes...), "--cluster-replicas", "0", "--cluster-yes")...).CombinedOutput()
	if err != nil {
		t.Fatalf("redis-cli: %v\n%s", err, out)
	}
	WaitFor(t, func() bool {
		for _, n := range nodes {
			host, port, _ := net.SplitHostPort(n)
			b, _ := exec.Command(cli, "-h", host, "-p", port, "cluster", "info").Output()
			if !strings.Contains(string(b), "cluster_state:ok") {
				return false
			}
		}
		return true
	})
	return "redis+cluster://" + strings.Join(nodes, ",")
}
