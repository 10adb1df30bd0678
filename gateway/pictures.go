package gateway

import (
	"container/list"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"musubi/core/disk"
	"musubi/transcode/imaging"

	"golang.org/x/sync/singleflight"
)

// A pictureCache keeps fitted pictures as files, bounded in bytes, and remembers which tag a URL had last. It never
// decides who may see a picture: that is asked upstream on every request.
type pictureCache struct {
	dir    string // "": nothing is kept
	max    int64
	shared Shared // nil: every gateway has its own only

	mu    sync.Mutex
	bytes int64
	byKey map[string]*list.Element
	used  *list.List // of pictureFile, most recent first

	hints  map[string]string // URL → tag
	flight singleflight.Group
}

type pictureFile struct {
	key  string
	size int64
}

// maxHints bounds the remembered URLs: 20,000 of some 200 bytes, 4 MB. A full table starts anew.
const maxHints = 20_000

// openPictures takes over what is in dir, which is made if it is not there. Pictures can be made again: something else in
// its place is put aside, and where there can be no directory nothing is kept. The log has a sentence for either.
func openPictures(dir string, limit int64, shared Shared, log *slog.Logger) *pictureCache {
	c := &pictureCache{dir: dir, max: limit, shared: shared, byKey: map[string]*list.Element{}, used: list.New(), hints: map[string]string{}}
	if dir == "" {
		return c
	}
	err := disk.MakeDir(dir)
	if errors.Is(err, fs.ErrExist) {
		var to string
		if to, err = disk.Aside(dir); err == nil {
			log.Warn("what stood in place of the directory of fitted pictures was put aside; they are made again", "file", dir, "now", to)
			err = disk.MakeDir(dir)
		}
	}
	if err == nil {
		err = c.takeOver()
	}
	if err != nil {
		log.Error("no fitted pictures are kept: pages with pictures are slow until the directory can be written and musubi is started again", "directory", dir, "error", err.Error())
		c.dir = ""
	}
	return c
}

// takeOver books the files of earlier runs.
func (c *pictureCache) takeOver() error {
	if err := disk.Sweep(c.dir, time.Now()); err != nil { // half-written when the process ended
		return err
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			c.add(e.Name(), info.Size())
		}
	}
	return nil
}

// add books a file as the most recent and removes what no longer fits. It needs the lock, except while opening.
func (c *pictureCache) add(key string, size int64) {
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.used.PushFront(pictureFile{key, size})
	c.bytes += size
	for c.bytes > c.max && c.used.Len() > 0 {
		c.drop(c.used.Back())
	}
}

func (c *pictureCache) drop(e *list.Element) {
	f := e.Value.(pictureFile)
	c.used.Remove(e)
	delete(c.byKey, f.key)
	c.bytes -= f.size
	os.Remove(filepath.Join(c.dir, f.key))
}

// get finds a picture among one's own files, or else where gateways share them.
func (c *pictureCache) get(key string) (picture, bool) {
	if key == "" {
		return picture{}, false
	}
	if p, ok := c.read(key); ok || c.shared == nil {
		return p, ok
	}
	b, err := c.shared.Get(context.Background(), sharedKey(key))
	if err != nil {
		return picture{}, false
	}
	p, ok := unpack(b)
	if ok {
		c.write(key, b)
	}
	return p, ok
}

// put keeps a picture. Failing to is no error: it is made again next time.
func (c *pictureCache) put(key string, p picture) {
	if c.dir == "" || key == "" || len(p.copyright) > 255 {
		return
	}
	b := p.pack()
	c.write(key, b)
	if c.shared != nil && len(b) <= maxPictureBytes {
		c.shared.Keep(context.Background(), sharedKey(key), b, pictureAge)
	}
}

// pack makes the bytes of a kept picture: four of a checksum of the rest, one of format, one of length of the copyright
// field, the field, the picture.
func (p picture) pack() []byte {
	b := append(make([]byte, packedHead, packedHead+len(p.copyright)+len(p.body)), p.copyright...)
	b = append(b, p.body...)
	b[4], b[5] = byte(p.format), byte(len(p.copyright))
	binary.LittleEndian.PutUint32(b, crc32.Checksum(b[4:], castagnoli))
	return b
}

const packedHead = 6

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// unpack reads what pack made; ok is false for anything else, a damaged picture among it.
func unpack(b []byte) (p picture, ok bool) {
	if len(b) < packedHead || len(b) < packedHead+int(b[5]) || binary.LittleEndian.Uint32(b) != crc32.Checksum(b[4:], castagnoli) {
		return picture{}, false
	}
	end := packedHead + int(b[5])
	return picture{imaging.Formats(b[4]), string(b[packedHead:end]), b[end:]}, true
}

// read takes a picture from its file.
func (c *pictureCache) read(key string) (picture, bool) {
	c.mu.Lock()
	e, ok := c.byKey[key]
	if ok {
		c.used.MoveToFront(e)
	}
	c.mu.Unlock()
	if !ok {
		return picture{}, false
	}
	b, err := os.ReadFile(filepath.Join(c.dir, key))
	p, ok := unpack(b)
	if err != nil || !ok {
		c.mu.Lock()
		if e, ok := c.byKey[key]; ok {
			c.drop(e)
		}
		c.mu.Unlock()
		return picture{}, false
	}
	return p, true
}

// write puts a packed picture into its file. Failing to is no error: it is made again next time.
func (c *pictureCache) write(key string, b []byte) {
	if c.dir == "" || disk.Write(filepath.Join(c.dir, key), b) != nil {
		return
	}
	c.mu.Lock()
	c.add(key, int64(len(b)))
	c.mu.Unlock()
}

// once makes a picture while others who ask for the same wait for it.
func (c *pictureCache) once(key string, fit func() (picture, error)) (picture, error) {
	if key == "" {
		return fit()
	}
	v, err, _ := c.flight.Do(key, func() (any, error) {
		p, err := fit()
		if err == nil {
			c.put(key, p)
		}
		return p, err
	})
	p, _ := v.(picture)
	return p, err
}

// hint returns the tag that a URL's picture had last, "" if not known.
func (c *pictureCache) hint(path, query string) string {
	if c.dir == "" {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if tag := c.hints[path]; tag != "" {
		return tag
	}
	return c.hints[path+"?"+query]
}

// remember notes the tag of a URL's picture. Where the core names a box, the path alone names the picture: its query
// holds the viewer's signature and the box.
func (c *pictureCache) remember(path, query, box, tag string) {
	if c.dir == "" || tag == "" {
		return
	}
	name := path
	if box == "" {
		name += "?" + query
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.hints) >= maxHints {
		clear(c.hints)
	}
	c.hints[name] = tag
}
