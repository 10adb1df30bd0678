package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// imagesOfARun is how many states of the disk are made of one recording.
const imagesOfARun = 4

// power records what the server asks of the disk while the member writes, and makes of it what a disk may have after a power cut at
// some moment: of what was synced everything, of the rest some of the writes, and the names up to some moment. Each such image must
// start and have all that was acknowledged before the cut.
func (b *bench) power() error {
	data, err := b.fresh("power")
	if err != nil {
		return err
	}
	before := filepath.Join(b.dir, "before")
	if err := copyDir(before, data); err != nil {
		return err
	}
	trace := filepath.Join(b.dir, "trace")
	tracer := []string{"strace", "-f", "-qqq", "-ttt", "-y", "-xx", "-s", "1000000", "-o", trace, "-e", "trace=open,openat,close,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,link,linkat"}
	begun := time.Now()
	s, err := b.start(data, tracer...)
	if err != nil {
		return err
	}
	defer s.kill()
	w, err := s.logIn()
	if err != nil {
		return err
	}
	written := time.Now()
	for i := range mostEntries {
		if err := w.write(fmt.Sprintf("電-%d-号", i)); err != nil {
			return fmt.Errorf("under strace: %w", err)
		}
	}
	ended := time.Now()
	s.kill()
	for i := range imagesOfARun {
		from := written
		if i == 0 { // some power cuts come early
			from = begun
		}
		cut := from.Add(time.Duration(b.random.Int64N(int64(ended.Sub(from)))))
		image := filepath.Join(b.dir, "image")
		if err := rebuild(image, before, data, trace, cut, b.random); err != nil {
			return err
		}
		var said []word
		for _, e := range w.said {
			if e.at.Before(cut) {
				said = append(said, e)
			}
		}
		b.done["power cuts"]++
		b.done["entries acknowledged before something happened"] += len(said)
		if err := b.whole(image, said); err != nil {
			return fmt.Errorf("a cut %v after the start: %w", cut.Sub(begun), err)
		}
	}
	return nil
}

// A write changes a file: bytes at a place, or its length if there are none.
type diskWrite struct {
	at   int64
	text []byte // nil: cut or filled to at
}

func (w diskWrite) apply(b []byte) []byte {
	if w.text == nil {
		if int64(len(b)) >= w.at {
			return b[:w.at]
		}
		return append(b, make([]byte, w.at-int64(len(b)))...)
	}
	if need := w.at + int64(len(w.text)); int64(len(b)) < need {
		b = append(b, make([]byte, need-int64(len(b)))...)
	}
	copy(b[w.at:], w.text)
	return b
}

// A diskFile is a file whatever it is called.
type diskFile struct {
	safe    []byte      // what a power cut leaves
	writes  []diskWrite // since the last sync
	length  int64       // as the program sees it
	through int         // writes that a sync under way takes along
}

func (f *diskFile) write(w diskWrite) {
	f.writes = append(f.writes, w)
	if f.length = max(f.length, w.at+int64(len(w.text))); w.text == nil {
		f.length = w.at
	}
}

func (f *diskFile) sync(n int) {
	for _, w := range f.writes[:n] {
		f.safe = w.apply(f.safe)
	}
	f.writes = f.writes[n:]
}

// A naming gives a name to a file, or takes it away (nil).
type naming struct {
	name string
	file *diskFile
}

// A diskModel is a directory tree: names as the program sees them, names that a power cut leaves, and what happened since to each
// directory, in order.
type diskModel struct {
	from      string // names of the recording begin with from
	now, safe map[string]*diskFile
	changes   map[string][]naming // by directory
	dirs      map[string]bool
	open      map[string]*handle // by descriptor
}

type handle struct {
	file   *diskFile
	at     int64
	append bool
}

// rebuild makes an image of what was before and the recording of a run on data until a moment.
func rebuild(image, before, data, trace string, cut time.Time, random *rand.Rand) error {
	m := &diskModel{from: data, now: map[string]*diskFile{}, safe: map[string]*diskFile{}, changes: map[string][]naming{}, dirs: map[string]bool{".": true}, open: map[string]*handle{}}
	if err := m.load(before); err != nil {
		return err
	}
	if err := m.replay(trace, cut); err != nil {
		return err
	}
	return m.save(image, random)
}

func (m *diskModel) load(before string) error {
	return filepath.WalkDir(before, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(before, name)
		if err != nil || d.IsDir() {
			m.dirs[rel] = true
			return err
		}
		text, err := os.ReadFile(name)
		f := &diskFile{safe: text, length: int64(len(text))}
		m.now[rel], m.safe[rel] = f, f
		return err
	})
}

var (
	traceLine = regexp.MustCompile(`^(\d+) +(\d+)\.(\d+) (?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)$`)
	traceEnd  = regexp.MustCompile(`^(.*)\) += (-?\d+|\?).*$`)
	fdArg     = regexp.MustCompile(`^(\d+)<([^>]*)>`)
	quoted    = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
)

// replay takes the calls of a recording until a moment.
func (m *diskModel) replay(trace string, cut time.Time) error {
	f, err := os.Open(trace)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	begun := map[string]string{} // what a thread has called that has not returned
	for lines.Scan() {
		l := traceLine.FindStringSubmatch(lines.Text())
		if l == nil {
			continue
		}
		seconds, _ := strconv.ParseInt(l[2], 10, 64)
		micros, _ := strconv.ParseInt(l[3], 10, 64)
		if time.Unix(seconds, micros*1000).After(cut) {
			break
		}
		thread, call, args := l[1], l[4], l[5]
		if head, cut := strings.CutSuffix(args, " <unfinished ...>"); cut {
			begun[thread] = head
			m.begin(call, head)
			continue
		}
		if strings.Contains(lines.Text(), "<... ") {
			args = begun[thread] + args
		} else {
			m.begin(call, args)
		}
		end := traceEnd.FindStringSubmatch(args)
		if end == nil {
			continue
		}
		if n, err := strconv.ParseInt(end[2], 10, 64); err == nil && n >= 0 {
			m.call(call, end[1], n)
		}
	}
	return lines.Err()
}

// begin notes which writes a sync takes along: those that were done when it was asked for.
func (m *diskModel) begin(call, args string) {
	if call != "fsync" && call != "fdatasync" {
		return
	}
	if f := m.file(args); f != nil {
		f.through = len(f.writes)
	}
}

// inside is a name below the directory.
func (m *diskModel) inside(name string) (string, bool) {
	if name == m.from {
		return ".", true
	}
	return strings.CutPrefix(name, m.from+"/")
}

// unhex reads a name as strace writes it.
func unhex(s string) string {
	if !strings.HasPrefix(s, `\x`) {
		return s
	}
	b := make([]byte, 0, len(s)/4)
	for i := 0; i+3 < len(s); i += 4 {
		n, _ := strconv.ParseUint(s[i+2:i+4], 16, 8)
		b = append(b, byte(n))
	}
	return string(b)
}

// fd is the descriptor that a call begins with, and the name of what is behind it.
func fd(args string) (number, name string) {
	a := fdArg.FindStringSubmatch(args)
	if a == nil {
		return "", ""
	}
	return a[1], unhex(a[2])
}

func (m *diskModel) file(args string) *diskFile {
	number, _ := fd(args)
	if h := m.open[number]; h != nil {
		return h.file
	}
	return nil
}

// strings are the arguments of a call that are texts.
func texts(args string) (list []string) {
	for _, q := range quoted.FindAllStringSubmatch(args, -1) {
		list = append(list, unhex(q[1]))
	}
	return list
}

// call is one that succeeded, with result n.
func (m *diskModel) call(call, args string, n int64) {
	number, name := fd(args)
	h := m.open[number]
	switch call {
	case "open", "openat":
		m.opened(args, n)
	case "close":
		delete(m.open, number)
	case "lseek":
		if h != nil {
			h.at = n
		}
	case "write":
		if text := texts(args); h != nil && len(text) > 0 {
			at := h.at
			if h.append {
				at = h.file.length
			}
			h.file.write(diskWrite{at, []byte(text[0])[:n]})
			h.at = at + n
		}
	case "pwrite64":
		if text := texts(args); h != nil && len(text) > 0 {
			at, err := strconv.ParseInt(strings.TrimSpace(args[strings.LastIndexByte(args, ',')+1:]), 10, 64)
			if err == nil {
				h.file.write(diskWrite{at, []byte(text[0])[:n]})
			}
		}
	case "ftruncate":
		if at, err := strconv.ParseInt(strings.TrimSpace(args[strings.LastIndexByte(args, ',')+1:]), 10, 64); h != nil && err == nil {
			h.file.write(diskWrite{at, nil})
		}
	case "fsync", "fdatasync":
		if h != nil {
			h.file.sync(min(h.file.through, len(h.file.writes)))
		} else if dir, ok := m.inside(name); ok && m.dirs[dir] {
			m.syncDir(dir)
		}
	case "mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat":
		m.named(call, texts(args))
	}
}

// opened follows a file that is opened, and gives a name to one that is made.
func (m *diskModel) opened(args string, n int64) {
	text := texts(args)
	delete(m.open, fmt.Sprint(n))
	if len(text) == 0 {
		return
	}
	name, ok := m.inside(text[0])
	if !ok || m.dirs[name] {
		return
	}
	f := m.now[name]
	if f == nil {
		if !strings.Contains(args, "O_CREAT") {
			return
		}
		f = &diskFile{}
		m.name(name, f)
	}
	if strings.Contains(args, "O_TRUNC") {
		f.write(diskWrite{0, nil})
	}
	m.open[fmt.Sprint(n)] = &handle{file: f, append: strings.Contains(args, "O_APPEND")}
}

// named follows a change of names.
func (m *diskModel) named(call string, text []string) {
	var names []string
	for _, t := range text {
		name, ok := m.inside(t)
		if !ok {
			return
		}
		names = append(names, name)
	}
	switch {
	case strings.HasPrefix(call, "mkdir") && len(names) == 1:
		m.dirs[names[0]] = true
	case strings.HasPrefix(call, "unlink") && len(names) == 1:
		m.name(names[0], nil)
	case len(names) == 2 && m.now[names[0]] != nil:
		f := m.now[names[0]]
		m.name(names[1], f)
		if !strings.HasPrefix(call, "link") {
			m.name(names[0], nil)
		}
	}
}

func (m *diskModel) name(name string, f *diskFile) {
	if f == nil {
		delete(m.now, name)
	} else {
		m.now[name] = f
	}
	dir := filepath.Dir(name)
	m.changes[dir] = append(m.changes[dir], naming{name, f})
}

func (m *diskModel) syncDir(dir string) {
	m.rename(m.changes[dir])
	delete(m.changes, dir)
}

func (m *diskModel) rename(changes []naming) {
	for _, c := range changes {
		if c.file == nil {
			delete(m.safe, c.name)
		} else {
			m.safe[c.name] = c.file
		}
	}
}

// save writes what the disk has: names up to some moment in each directory, and of what was not synced all, nothing or some.
func (m *diskModel) save(image string, random *rand.Rand) error {
	for _, dir := range slices.Sorted(maps.Keys(m.changes)) {
		m.rename(m.changes[dir][:random.IntN(len(m.changes[dir])+1)])
	}
	if err := os.RemoveAll(image); err != nil {
		return err
	}
	for _, dir := range slices.Sorted(maps.Keys(m.dirs)) {
		if err := os.MkdirAll(filepath.Join(image, dir), 0o700); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.safe)) {
		if strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, ".socket") { // memory, and no file
			continue
		}
		f, mode := m.safe[name], random.IntN(3)
		text := slices.Clone(f.safe)
		for _, w := range f.writes {
			if mode == 1 || mode == 2 && random.IntN(2) == 0 {
				text = w.apply(text)
			}
		}
		if err := os.WriteFile(filepath.Join(image, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
