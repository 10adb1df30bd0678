package session

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"time"

	"musubi/core/disk"
)

// journalHead begins every journal file.
const journalHead = "musubi sessions 1\n"

// maxRecord bounds one sealed record on disk; jars are bounded far below it.
const maxRecord = 64 << 10

// A journal is the table's changes on disk, in order. Each entry is
//
//	CRC-32 of the rest, length of the value, expiry in Unix milliseconds, key, value
//
// and an empty value means that the record is gone. A torn entry at the end of a file, left by a crash, ends reading.
// The table's lock guards it. All methods accept a nil receiver: no journal, nothing to do.
type journal struct {
	name    string
	file    *os.File
	w       *bufio.Writer
	entries int   // in the file, waste included
	err     error // the first write that failed; the file is rewritten before it is used again
}

const entryHead = 4 + 4 + 8 + len(Key{})

// openJournal reads the file into the table and starts a fresh, tidy one. Sessions can be begun again: a file that is none
// of ours is put aside, and aside is its new name; a disk that takes no file is noted, and tried again by tidy.
func openJournal(name string, t *table) (j *journal, aside string) {
	j = &journal{name: name, w: bufio.NewWriter(io.Discard)}
	switch err := j.read(t); {
	case errors.Is(err, errDamaged):
		if aside, err = disk.Aside(name); err != nil {
			j.note(err)
			return j, ""
		}
	case err != nil:
		j.note(err)
	}
	j.note(j.rewrite(t))
	return j, aside
}

// errDamaged is what is no journal of sessions.
var errDamaged = errors.New("not a journal of sessions")

// read replays the file, if there is one.
func (j *journal) read(t *table) error {
	info, err := os.Lstat(j.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errDamaged
	}
	old, err := os.Open(j.name)
	if err != nil {
		return errDamaged // not ours to read, then: it can be put aside all the same
	}
	defer old.Close()
	return readJournal(old, t)
}

// readJournal replays a file.
func readJournal(r io.Reader, t *table) error {
	br := bufio.NewReader(r)
	head := make([]byte, len(journalHead))
	if n, _ := io.ReadFull(br, head); n > 0 && string(head) != journalHead {
		return errDamaged
	}
	var e [entryHead]byte
	for {
		if _, err := io.ReadFull(br, e[:]); err != nil {
			return nil
		}
		size := binary.LittleEndian.Uint32(e[4:])
		if size > maxRecord {
			return nil
		}
		value := make([]byte, size)
		if _, err := io.ReadFull(br, value); err != nil {
			return nil
		}
		if crc32.Update(crc32.ChecksumIEEE(e[4:]), crc32.IEEETable, value) != binary.LittleEndian.Uint32(e[:]) {
			return nil
		}
		k := Key(e[16:])
		expires := time.UnixMilli(int64(binary.LittleEndian.Uint64(e[8:])))
		if size == 0 || !expires.After(t.now()) {
			t.drop(k)
			continue
		}
		t.put(k, value, expires)
	}
}

// write appends one entry; it reaches the disk with the next tidy.
func (j *journal) write(k Key, value []byte, expires time.Time) error {
	if j == nil {
		return nil
	}
	var e [entryHead]byte
	binary.LittleEndian.PutUint32(e[4:], uint32(len(value)))
	if len(value) > 0 {
		binary.LittleEndian.PutUint64(e[8:], uint64(expires.UnixMilli()))
	}
	copy(e[16:], k[:])
	binary.LittleEndian.PutUint32(e[:], crc32.Update(crc32.ChecksumIEEE(e[4:]), crc32.IEEETable, value))
	j.w.Write(e[:])
	_, err := j.w.Write(value) // a bufio.Writer keeps its first error
	j.entries++
	return j.note(err)
}

func (j *journal) note(err error) error {
	if err != nil && j.err == nil {
		j.err = fmt.Errorf("session: write journal: %w", err)
	}
	return nil // the session is in memory; Ping reports the disk
}

// tidy flushes, and rewrites the file when more than half of it is waste or when writing failed.
func (j *journal) tidy(t *table) {
	if j.err != nil || j.entries > 2*t.used.Len()+1000 {
		j.err = nil
		j.note(j.rewrite(t))
		return
	}
	j.note(j.w.Flush())
}

// rewrite replaces the file by one with the table's records only, and goes on in that one. The old file stays until the new
// one is whole.
func (j *journal) rewrite(t *table) error {
	if err := disk.WriteTo(j.name, func(f *os.File) error { return j.writeAll(f, t) }); err != nil {
		j.w = bufio.NewWriter(io.Discard) // until a rewrite succeeds, which has all that is in memory
		return err
	}
	f, err := os.OpenFile(j.name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if j.file != nil {
		j.file.Close()
	}
	j.file, j.w = f, bufio.NewWriter(f)
	return nil
}

// writeAll writes the whole table.
func (j *journal) writeAll(w io.Writer, t *table) error {
	j.w, j.entries = bufio.NewWriter(w), 0
	j.w.WriteString(journalHead)
	for e := t.used.Back(); e != nil; e = e.Prev() { // oldest first, so that reading restores the order
		r := e.Value.(*record)
		j.write(r.key, r.value, r.expires)
	}
	return j.w.Flush()
}

func (j *journal) failed() error {
	if j == nil {
		return nil
	}
	return j.err
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	err := j.w.Flush()
	if j.file != nil {
		err = errors.Join(err, j.file.Sync(), j.file.Close())
	}
	return errors.Join(j.err, err)
}
