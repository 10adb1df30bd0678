package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDocsCommandsAreRun runs every command of ours that stands in a block of README or docs (docs/operators.md has a test that runs its
// commands in their order): those that end succeed, and those that serve say where, and end well when asked to.
func TestDocsCommandsAreRun(t *testing.T) {
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeDocFiles(t, dir)
	if err := os.Symlink(program, filepath.Join(dir, "musubi")); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ours := regexp.MustCompile(`^(?:\./musubi|musubi|go run \./cmd/musubi) ([a-z]+.*)`)
	ran := 0
	for _, name := range append(names, "../../README.md") {
		if filepath.Base(name) == "operators.md" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		inside := false
		for _, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, "```") {
				inside = !inside
				continue
			}
			m := ours.FindStringSubmatch(line)
			if !inside || m == nil || strings.Contains(line, "PORT") || strings.Contains(line, "db.example") { // of a demo, or of a PostgreSQL, that is running
				continue
			}
			command, _, _ := strings.Cut(m[1], "  #")
			// Addresses of a network that is not here.
			command = regexp.MustCompile(`192\.168\.1\.2:8080|0\.0\.0\.0:8080`).ReplaceAllString(command, "127.0.0.1:0")
			ran++
			t.Run(filepath.Base(name)+" "+command, func(t *testing.T) { runDocCommand(t, dir, command) })
		}
	}
	if ran < 8 {
		t.Errorf("only %d commands were found", ran)
	}
}

// runDocCommand runs one in a directory that has what it reads. One that serves is stopped when it has said where it listens.
func runDocCommand(t *testing.T, dir, command string) {
	cmd := exec.Command("sh", "-c", "exec ./musubi "+command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "MUSUBI_LISTEN=127.0.0.1:0", "MUSUBI_ADMIN_LISTEN=127.0.0.1:0")
	var problem bytes.Buffer
	cmd.Stderr = &problem
	switch strings.Fields(command)[0] {
	case "serve", "demo", "gateway", "core":
	default:
		if out, err := cmd.Output(); err != nil {
			t.Errorf("%v\n%s%s", err, out, problem.Bytes())
		}
		return
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(5*time.Minute, func() { cmd.Process.Kill() })
	defer late.Stop()
	said, where := bufio.NewScanner(out), false
	for !where && said.Scan() {
		where = strings.Contains(said.Text(), "http://127.0.0.1:")
	}
	cmd.Process.Signal(syscall.SIGTERM)
	for said.Scan() { // to its end, so that it can be written
	}
	if err := cmd.Wait(); err != nil || !where {
		t.Errorf("it said where: %v, and ended: %v\n%s", where, err, problem.Bytes())
	}
}

// writeDocFiles makes the files that commands of the docs read.
func writeDocFiles(t *testing.T, dir string) {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for i := range 320 * 240 {
		picture.SetRGBA(i%320, i/320, color.RGBA{uint8(i), uint8(i / 320), 90, 255})
	}
	var photo, drawing, archive bytes.Buffer
	if err := jpeg.Encode(&photo, picture, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&drawing, picture); err != nil {
		t.Fatal(err)
	}
	page := "<html><head><title>糸</title></head><body><p>むすぶ</p></body></html>"
	block := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", len(page), page)
	z := gzip.NewWriter(&archive)
	fmt.Fprintf(z, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://keitai.example/\r\nWARC-Date: 2007-01-01T00:00:00Z\r\n"+
		"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", len(block), block)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"photo.jpg": photo.Bytes(), "camera.jpg": photo.Bytes(), "upright.jpg": photo.Bytes(),
		"drawing.png": drawing.Bytes(), "page.html": []byte(page), "keitai.warc.gz": archive.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
