package archive

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"

	"musubi/carriers"
)

// The only well-kept readers of WARC bring a crawler or a metrics server along; the format itself is a page (ISO 28500).

// A stored answer is known by where its record lies: the file is read once when it is opened, and again for each page.
type place struct {
	offset  int64 // in the file; of the gzip member where it is compressed
	madeFor carriers.Carrier
}

// maxRecords bounds an archive's answers.
const maxRecords = 5_000_000

// openWARC reads through a file and notes where its answers are. A host of which the file knows nothing, such as the gateway's
// own, stands for the one that most answers come from.
func openWARC(name string, tell *carriers.Registry) (*warc, error) {
	w := &warc{name: name, places: map[string]place{}}
	hosts, agents := map[string]int{}, map[string]carriers.Carrier{}
	err := w.each(func(at int64, r *record) error {
		u, err := url.Parse(strings.Trim(r.field("WARC-Target-URI"), "<>"))
		if err != nil || u.Host == "" {
			return nil
		}
		switch r.field("WARC-Type") {
		case "request":
			if req, err := http.ReadRequest(bufio.NewReader(io.LimitReader(r.block, maxFile))); err == nil {
				if h := tell.Identify(carriers.Request{UserAgent: req.UserAgent()}); setOf(h.Carrier) != carriers.EmojiUnicode {
					agents[r.field("WARC-Record-ID")], agents[addressOf(u)] = h.Carrier, h.Carrier
				}
			}
		case "response", "resource":
			if len(w.places) == maxRecords {
				return errors.New("more than 5,000,000 answers")
			}
			key := addressOf(u)
			w.places[key] = place{at, agents[r.field("WARC-Concurrent-To")]}
			hosts[strings.ToLower(u.Host)]++
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("archive: %s: %w", name, err)
	}
	for key, p := range w.places { // a request may stand behind its answer
		p.madeFor = cmp.Or(p.madeFor, agents[key])
		w.places[key] = p
	}
	for h, n := range hosts {
		if n > hosts[w.main] || n == hosts[w.main] && h < w.main {
			w.main = h
		}
	}
	if w.main == "" {
		return nil, fmt.Errorf("archive: %s holds no answer of a web site; a WARC file, or a directory of pages, is expected", name)
	}
	w.hosts = hosts
	return w, nil
}

// addressOf is an address as places are found by: the scheme makes no difference.
func addressOf(u *url.URL) string {
	host := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(u.Host), ":80"), ":443")
	p := u.EscapedPath()
	if p == "" {
		p = "/"
	}
	if u.RawQuery != "" {
		p += "?" + u.RawQuery
	}
	return host + p
}

// A warc is an open file.
type warc struct {
	name   string
	main   string
	hosts  map[string]int
	places map[string]place
	mu     sync.Mutex // one reading at a time: a disk of old pages is no hot path
}

func (w *warc) find(host, target string) (*page, error) {
	host = strings.TrimSuffix(strings.ToLower(host), ":80")
	if w.hosts[host] == 0 {
		host = w.main
	}
	p, ok := w.places[host+target]
	if !ok {
		return nil, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.read(p)
}

// read reads one answer.
func (w *warc) read(p place) (out *page, err error) {
	f, err := os.Open(w.name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := f.Seek(p.offset, io.SeekStart); err != nil {
		return nil, err
	}
	s := newScanner(f)
	r, err := s.next()
	if err != nil {
		return nil, err
	}
	out = &page{status: http.StatusOK, madeFor: p.madeFor}
	body := io.Reader(r.block)
	if r.field("WARC-Type") == "resource" {
		out.header = http.Header{"Content-Type": {r.field("Content-Type")}}
	} else {
		resp, err := http.ReadResponse(bufio.NewReader(r.block), nil)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		out.status, out.header, body = resp.StatusCode, resp.Header, resp.Body
		if resp.Header.Get("Content-Encoding") == "gzip" {
			if body, err = gzip.NewReader(resp.Body); err != nil {
				return nil, err
			}
		}
	}
	out.body, err = io.ReadAll(io.LimitReader(body, maxFile))
	return out, err
}

// each walks over all records. A member of gzip holds one record, so that each can be found again.
func (w *warc) each(do func(at int64, r *record) error) error {
	f, err := os.Open(w.name)
	if err != nil {
		return err
	}
	defer f.Close()
	s := newScanner(f)
	for {
		at := s.file.at
		r, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = do(at, r)
		}
		if err == nil {
			err = r.skip()
		}
		if err != nil {
			return fmt.Errorf("at byte %d: %w", at, err)
		}
	}
}

// A scanner reads records one after the other, compressed or not.
type scanner struct {
	file       *counted
	compressed bool
	gz         *gzip.Reader
}

// counted knows how far a file has been read. It is read byte by byte where that matters: gzip then reads no further than the
// end of its member.
type counted struct {
	r  *bufio.Reader
	at int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.at += int64(n)
	return n, err
}

func (c *counted) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.at++
	}
	return b, err
}

func newScanner(f *os.File) *scanner {
	at, _ := f.Seek(0, io.SeekCurrent)
	s := &scanner{file: &counted{bufio.NewReaderSize(f, 64<<10), at}}
	magic, _ := s.file.r.Peek(2)
	s.compressed = string(magic) == "\x1f\x8b"
	return s
}

// A record is one record. Its block is to be read, or skipped, before the next.
type record struct {
	header textproto.MIMEHeader
	block  io.Reader
	rest   io.Reader // of the gzip member, nil where there is none
}

func (r *record) field(name string) string { return r.header.Get(name) }

func (r *record) skip() error {
	_, err := io.Copy(io.Discard, r.block)
	if err == nil && r.rest != nil {
		_, err = io.Copy(io.Discard, r.rest)
	}
	return err
}

type byteReader interface {
	io.Reader
	io.ByteReader
}

// next reads the header of the next record; io.EOF is the end of the file.
func (s *scanner) next() (*record, error) {
	if _, err := s.file.r.Peek(1); err != nil {
		return nil, io.EOF
	}
	var src byteReader = s.file
	r := &record{}
	if s.compressed {
		if err := s.member(); err != nil {
			return nil, err
		}
		src = bufio.NewReader(s.gz)
		r.rest = src
	}
	line, err := readLine(src)
	for err == nil && line == "" { // two empty lines end the record before
		line, err = readLine(src)
	}
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(line, "WARC/") {
		return nil, errors.New("no WARC record begins here")
	}
	r.header = textproto.MIMEHeader{}
	for {
		if line, err = readLine(src); err != nil {
			return nil, noEOF(err)
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		r.header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	n, err := strconv.ParseInt(r.field("Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return nil, errors.New("a record without Content-Length")
	}
	r.block = io.LimitReader(src, n)
	return r, nil
}

func (s *scanner) member() (err error) {
	if s.gz == nil {
		s.gz, err = gzip.NewReader(s.file)
	} else {
		err = s.gz.Reset(s.file)
	}
	if err == nil {
		s.gz.Multistream(false)
	}
	return err
}

// maxLine bounds a line of a record's header, bytes.
const maxLine = 64 << 10

func readLine(src io.ByteReader) (string, error) {
	var line []byte
	for len(line) < maxLine {
		b, err := src.ReadByte()
		if err != nil {
			return "", err
		}
		if b == '\n' {
			return string(bytes.TrimSuffix(line, []byte("\r"))), nil
		}
		line = append(line, b)
	}
	return "", errors.New("a header line longer than 64 KiB")
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
