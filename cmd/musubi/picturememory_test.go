package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// boundedMemory gives a file in which a process writes its number to have so many bytes of memory and no more, with swap; "" where
// this machine lets nobody make such a bound.
func boundedMemory(t *testing.T, bytes int) string {
	t.Helper()
	for _, way := range [][2]string{{"/sys/fs/cgroup", "memory.max"}, {"/sys/fs/cgroup/memory", "memory.limit_in_bytes"}} {
		if way[1] == "memory.max" {
			if kinds, err := os.ReadFile(way[0] + "/cgroup.subtree_control"); err != nil || !strings.Contains(string(kinds), "memory") {
				continue
			}
		}
		dir := filepath.Join(way[0], fmt.Sprintf("musubi-test-%d", os.Getpid()))
		if os.Mkdir(dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { // what was in it is gone by then, or nearly
			for range 50 {
				if os.Remove(dir) == nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
		if os.WriteFile(filepath.Join(dir, way[1]), []byte(strconv.Itoa(bytes)), 0o644) == nil {
			os.WriteFile(filepath.Join(dir, "memory.swap.max"), []byte("0"), 0o644)
			return filepath.Join(dir, "cgroup.procs")
		}
	}
	return ""
}

// peak is the most memory that a process had since it was last asked to forget.
func peak(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	m := regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(text)
	if err != nil || m == nil {
		t.Fatalf("the process is gone: %v", err)
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n << 10
}

func forgetPeak(t *testing.T, pid int) {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o200); err != nil {
		t.Fatal(err)
	}
}

// megapixels40 is a picture of 8000 × 5000, in colours that no file format makes nothing of.
func megapixels40() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 8000, 5000))
	for y := range 5000 {
		row := m.Pix[y*m.Stride : (y+1)*m.Stride]
		for x := range 8000 {
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = byte(x/32), byte(y/20), byte((x/64)*(y/64)), 255
		}
	}
	return m
}

// TestSEC80_PicturesIn512MB: in a container of 512 MB four PNGs of 40 megapixels in a row, a GIF of many frames and fifty JPEGs at
// once are answered, each in its time, and the fifty take less than 256 MB beside what was there (issue 27, number 14).
func TestSEC80_PicturesIn512MB(t *testing.T) {
	if testing.Short() {
		t.Skip("a minute")
	}
	const limit = 512 << 20
	data := filepath.Join(t.TempDir(), "data")
	stdout(t, "member", "add", "haruka@example.jp", "--name", "春香", "--password-file", passwordFile(t), "--data", data)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	procs := boundedMemory(t, limit)
	if procs == "" {
		t.Log("this machine bounds nobody's memory: what the process had is measured instead")
		procs = os.DevNull
	}
	start := func() (*server, *phone) {
		s := &server{t: t, log: new(safeBuffer)}
		s.start("sh", "-c", `echo $$ >"$0"; exec "$@"`, procs, path, "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--album-mb", "2000")
		pc := newPhone(t, s.url, uaPC, true)
		pc.client.Timeout = 5 * time.Minute
		pc.logIn("haruka@example.jp", "hutatsu-no-ito")
		return s, pc
	}
	s, pc := start()
	form := pc.get("/album/edit").must(200)
	place := form.submit(form.form("textarea"), map[string]string{"title": "大きな写真", "visibility": "0", "+send": ""}).must(200).url.RequestURI()

	whole := megapixels40()
	var asPNG, asJPEG, asGIF bytes.Buffer
	if err := png.Encode(&asPNG, whole); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, whole, &jpeg.Options{Quality: 40}); err != nil {
		t.Fatal(err)
	}
	frames := &gif.GIF{}
	for i := range 60 { // 60 × 0.6 megapixels: near the bound of all pixels together
		f := image.NewPaletted(image.Rect(0, 0, 1000, 640), color.Palette{color.White, color.Black, color.RGBA{200, 30, byte(i), 255}})
		for p := range f.Pix {
			f.Pix[p] = byte((p / (i + 1)) % 3)
		}
		frames.Image, frames.Delay = append(frames.Image, f), append(frames.Delay, 10)
	}
	if err := gif.EncodeAll(&asGIF, frames); err != nil {
		t.Fatal(err)
	}
	t.Logf("PNG %d, JPEG %d, GIF %d bytes", asPNG.Len(), asJPEG.Len(), asGIF.Len())

	for i, file := range [][]byte{asPNG.Bytes(), asPNG.Bytes(), asPNG.Bytes(), asPNG.Bytes(), asGIF.Bytes()} {
		if status, text := upload(pc, place, file); status != 200 || !bytes.Contains(text, []byte("入りました")) {
			t.Fatalf("picture %d: %d\n%s\n%s", i, status, text, s.log)
		}
	}
	most := peak(t, s.cmd.Process.Pid)
	if t.Logf("one after the other: %d MB", most>>20); most > limit {
		t.Errorf("%d MB for pictures in a row", most>>20)
	}
	s.stop()
	s, pc = start() // which has had no picture yet
	forgetPeak(t, s.cmd.Process.Pid)
	before := peak(t, s.cmd.Process.Pid)
	var clients sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 50 {
		same := *pc
		clients.Go(func() {
			status, _ := upload(&same, place, asJPEG.Bytes())
			mu.Lock()
			statuses[status]++
			mu.Unlock()
		})
	}
	clients.Wait()
	more := peak(t, s.cmd.Process.Pid) - before
	t.Logf("fifty at once: answers %v, %d MB more than %d MB", statuses, more>>20, before>>20)
	if more > 256<<20 {
		t.Errorf("fifty at once take %d MB more", more>>20)
	}
	if statuses[0] > 0 || statuses[200] == 0 {
		t.Errorf("answers %v: some got none, or nobody's picture was taken", statuses)
	}
	s.stop()
}

// upload puts a picture into an album and gives status and page; 0: no answer came.
func upload(p *phone, place string, file []byte) (int, []byte) {
	page, err := p.request("GET", p.base, place, "", nil)
	if err != nil || page.status != 200 {
		return 503, nil // too many ask for pages
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	f := page.form("file")
	for _, fl := range f.fields {
		if fl.kind == "hidden" {
			m.WriteField(fl.name, fl.value)
		}
	}
	part, err := m.CreateFormFile("file", "picture.jpg")
	if err != nil {
		return 0, nil
	}
	part.Write(file)
	m.WriteField("send", "1")
	m.Close()
	r, err := p.request("POST", page.url, f.action, m.FormDataContentType(), body.Bytes())
	if err != nil {
		return 0, []byte(err.Error())
	}
	return r.status, r.raw
}
