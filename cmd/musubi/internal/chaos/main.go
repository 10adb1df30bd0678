// Command chaos attacks a running musubi with hostile HTTP: requests that are cut anywhere, whose line ends are bare, whose
// bytes are changed. It builds and starts a demo of its own on loopback, and fails when the server goes, when a malformed or
// unfinished request is answered as if it were one, or when an ordinary page is not answered any more.
//
//	go run ./cmd/musubi/internal/chaos -for 1m
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	long := flag.Duration("for", time.Minute, "how long to attack")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random changes, to see a failure again")
	flag.Parse()
	tries, err := attack(*long, rand.New(rand.NewPCG(*seed, 0)))
	if err != nil {
		fmt.Fprintf(os.Stderr, "chaos: after %d requests of seed %d: %v\n", tries, *seed, err)
		os.Exit(1)
	}
	fmt.Printf("%d hostile requests, and the server answers\n", tries)
}

// attack starts a demo and sends it hostile requests for so long.
func attack(long time.Duration, random *rand.Rand) (tries int, err error) {
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "musubi")
	if out, err := exec.Command("go", "build", "-o", program, "musubi/cmd/musubi").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build: %v\n%s", err, out)
	}
	demo := exec.Command(program, "demo", "--json", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	out, err := demo.StdoutPipe()
	if err != nil {
		return 0, err
	}
	demo.Stderr = os.Stderr
	if err := demo.Start(); err != nil {
		return 0, err
	}
	defer func() {
		demo.Process.Signal(syscall.SIGTERM)
		if ended := demo.Wait(); err == nil && ended != nil {
			err = fmt.Errorf("the server ended badly: %w", ended)
		}
	}()
	var ready struct {
		URL string `json:"url"`
	}
	if err := json.NewDecoder(out).Decode(&ready); err != nil {
		return 0, fmt.Errorf("the demo did not start: %w", err)
	}
	at, err := url.Parse(ready.URL)
	if err != nil {
		return 0, err
	}
	for end := time.Now().Add(long); time.Now().Before(end); tries++ {
		if err := one(at.Host, random); err != nil {
			return tries, err
		}
	}
	return tries, nil
}

// requests are what is damaged: a page, a form, and a form in chunks. H is the host.
var requests = []string{
	"GET / HTTP/1.1\r\nHost: H\r\nUser-Agent: DoCoMo/2.0 P903i(c100;TB;W24H12)\r\n\r\n",
	"POST /login HTTP/1.1\r\nHost: H\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=b&c=d",
	"POST /login HTTP/1.1\r\nHost: H\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n4\r\n&c=d\r\n0\r\nX-T: v\r\n\r\n",
}

// one damages a request in one way and looks at the answer; then an ordinary page must come.
func one(host string, random *rand.Rand) error {
	whole := strings.ReplaceAll(requests[random.IntN(len(requests))], "H\r\n", host+"\r\n")
	at := random.IntN(len(whole))
	sent, refused := whole[:at], true // cut
	switch random.IntN(3) {
	case 0: // a line end without its CR
		for whole[at] != '\r' {
			at = (at + 1) % len(whole)
		}
		sent = whole[:at] + whole[at+1:]
	case 1: // any byte: it may mean something else then, but the server lives
		sent, refused = whole[:at]+string(rune(random.IntN(128)))+whole[at+1:], false
	}
	status, err := send(host, sent)
	if err != nil {
		return fmt.Errorf("%q: %w", sent, err)
	}
	if refused && status != 0 && status < 400 {
		return fmt.Errorf("%q was answered with %d", sent, status)
	}
	if random.IntN(50) == 0 {
		if status, err := send(host, strings.ReplaceAll(requests[0], "H\r\n", host+"\r\n")); err != nil || status != 200 {
			return fmt.Errorf("an ordinary page after %q: %d, %v", sent, status, err)
		}
	}
	return nil
}

// send writes bytes, ends its side and returns the status of the answer, 0 if there was none.
func send(host, text string) (int, error) {
	c, err := net.DialTimeout("tcp", host, 5*time.Second)
	if err != nil {
		return 0, fmt.Errorf("the server does not accept: %w", err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		return 0, nil // it hung up already
	}
	c.(*net.TCPConn).CloseWrite()
	line, _ := bufio.NewReader(c).ReadString('\n')
	if line == "" {
		return 0, nil
	}
	if !strings.HasPrefix(line, "HTTP/1.1 ") || len(line) < 12 {
		return 0, fmt.Errorf("answered %q", line)
	}
	return strconv.Atoi(line[9:12])
}
