package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The member who writes.
const (
	mail     = "haruka@example.jp"
	password = "hutatsu-no-ito"
)

// settled is a data directory with a member, made once; every attack has a copy of it.
func (b *bench) settled() (string, error) {
	data := filepath.Join(b.dir, "settled")
	if _, err := os.Stat(data); err == nil {
		return data, nil
	}
	secret := filepath.Join(b.dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o600); err != nil {
		return "", err
	}
	if out, err := exec.Command(b.program, "member", "add", mail, "--name", "春香", "--password-file", secret, "--data", data).CombinedOutput(); err != nil {
		return "", fmt.Errorf("member add: %v\n%s", err, out)
	}
	s, err := b.start(data)
	if err != nil {
		return "", err
	}
	defer s.kill()
	return data, s.stop()
}

// fresh is a copy of what is settled.
func (b *bench) fresh(name string) (string, error) {
	from, err := b.settled()
	if err != nil {
		return "", err
	}
	data := filepath.Join(b.dir, name)
	return data, copyDir(data, from)
}

// copyDir copies files, without the sockets that are among them.
func copyDir(to, from string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Mkdir(filepath.Join(to, rel), 0o700)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o600)
	})
}

// A site is a running musubi serve.
type site struct {
	cmd *exec.Cmd
	log bytes.Buffer
	url string
}

// start starts it on a data directory, behind other programs if there are any.
func (b *bench) start(data string, before ...string) (*site, error) {
	s := &site{}
	words := append(before, b.program, "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	s.cmd = exec.Command(words[0], words[1:]...)
	s.cmd.Stderr, s.cmd.WaitDelay = &s.log, 10*time.Second
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	s.url = regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
	if err != nil || s.url == "" {
		s.kill()
		return s, fmt.Errorf("does not start: %q\n%s", line, s.log.String())
	}
	return s, nil
}

// kill is kill -9, of the programs before it, too.
func (s *site) kill() {
	if s.cmd.ProcessState == nil {
		syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		s.cmd.Wait()
	}
}

// stop ends it as its unit does and wants no panic. Its status is its own.
func (s *site) stop() error {
	late := time.AfterFunc(30*time.Second, func() { syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) })
	defer late.Stop()
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGTERM)
	s.cmd.Wait()
	if state, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && state.Signaled() && state.Signal() == syscall.SIGKILL {
		return errors.New("does not end")
	}
	return s.panicked()
}

func (s *site) panicked() error {
	if text := s.log.String(); strings.Contains(text, "panic:") || strings.Contains(text, "goroutine ") || strings.Contains(text, "fatal error:") {
		return fmt.Errorf("it panicked:\n%s", text)
	}
	return nil
}

// A writer is the member's browser.
type writer struct {
	url    string
	client *http.Client
	cookie string
	mu     sync.Mutex
	said   []word // acknowledged
}

// A word is the title of an entry that was acknowledged, and when.
type word struct {
	text string
	at   time.Time
}

var hiddenInput = regexp.MustCompile(`name="k" value="([^"]*)"`)

// logIn opens a browser and comes in.
func (s *site) logIn() (*writer, error) {
	w := &writer{url: s.url, client: &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if err := w.post("/login", "/", url.Values{"mail": {mail}, "password": {password}}); err != nil {
		return nil, fmt.Errorf("the login: %w", err)
	}
	return w, nil
}

// post sends the form to path that stands on a page, and wants it to be done.
func (w *writer) post(path, page string, values url.Values) error {
	text, _, err := w.do(http.MethodGet, page, nil)
	if err != nil {
		return err
	}
	_, form, _ := strings.Cut(text, `action="`+path+`"`)
	if k := hiddenInput.FindStringSubmatch(form); k != nil {
		values.Set("k", k[1])
	}
	_, status, err := w.do(http.MethodPost, path, values)
	if err == nil && status != http.StatusFound {
		err = fmt.Errorf("%s answers %d", path, status)
	}
	return err
}

func (w *writer) do(method, path string, values url.Values) (text string, status int, err error) {
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(values.Encode()))
	if err != nil {
		return "", 0, err
	}
	r.Header.Set("Cookie", w.cookie)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	w.keep(answer.Cookies())
	b, err := io.ReadAll(answer.Body)
	return string(b), answer.StatusCode, err
}

// keep takes cookies, each in the place of the one of its name.
func (w *writer) keep(cookies []*http.Cookie) {
	kept := map[string]string{}
	for _, pair := range strings.Split(w.cookie, "; ") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			kept[name] = value
		}
	}
	for _, c := range cookies {
		kept[c.Name] = c.Value
	}
	var pairs []string
	for name, value := range kept {
		pairs = append(pairs, name+"="+value)
	}
	w.cookie = strings.Join(pairs, "; ")
}

// write writes an entry; what is acknowledged is noted.
func (w *writer) write(title string) error {
	err := w.post("/diary/write", "/diary/write", url.Values{"title": {title}, "body": {"本文"}, "visibility": {"0"}, "send": {"1"}})
	if err == nil {
		w.mu.Lock()
		w.said = append(w.said, word{title, time.Now()})
		w.mu.Unlock()
	}
	return err
}

// whole starts the program on a data directory once more, wants all acknowledged entries there and everything to fit together.
func (b *bench) whole(data string, said []word) error {
	s, err := b.start(data)
	if err != nil {
		return fmt.Errorf("afterwards it %w", err)
	}
	defer s.kill()
	w, err := s.logIn()
	if err != nil {
		return fmt.Errorf("afterwards: %w\n%s", err, s.log.String())
	}
	list, status, err := w.do(http.MethodGet, "/diary/list", nil)
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("afterwards the list of entries answers %d, %v\n%s", status, err, s.log.String())
	}
	for _, e := range said {
		if !strings.Contains(list, e.text) {
			return fmt.Errorf("%s was acknowledged and is gone", e.text)
		}
	}
	if err := w.write("もう一つ"); err != nil {
		return fmt.Errorf("afterwards nothing can be written: %w\n%s", err, s.log.String())
	}
	if err := s.stop(); err != nil {
		return err
	}
	if out, err := exec.Command(b.program, "check", "--data", data).CombinedOutput(); err != nil {
		return fmt.Errorf("musubi check: %v\n%s", err, out)
	}
	return nil
}
