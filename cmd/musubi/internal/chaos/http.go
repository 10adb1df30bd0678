package main

import (
	"bufio"
	"encoding/json"
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

// A demo is what hostile requests are sent to.
type demo struct {
	cmd  *exec.Cmd
	host string
}

func startDemo(b *bench) (*demo, error) {
	d := &demo{cmd: exec.Command(b.program, "demo", "--json", "--data", filepath.Join(b.dir, "demo"), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")}
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	d.cmd.Stderr = os.Stderr
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	var ready struct {
		URL string `json:"url"`
	}
	if err := json.NewDecoder(out).Decode(&ready); err != nil {
		return nil, fmt.Errorf("the demo did not start: %w", err)
	}
	at, err := url.Parse(ready.URL)
	if err != nil {
		return nil, err
	}
	d.host = at.Host
	return d, nil
}

// attack sends hostile requests for so long.
func (d *demo) attack(long time.Duration, random *rand.Rand) (tries int, err error) {
	for end := time.Now().Add(long); time.Now().Before(end); tries++ {
		if err := one(d.host, random); err != nil {
			return tries, err
		}
	}
	return tries, nil
}

func (d *demo) stop() error {
	d.cmd.Process.Signal(syscall.SIGTERM)
	if err := d.cmd.Wait(); err != nil {
		return fmt.Errorf("the server ended badly: %w", err)
	}
	return nil
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
