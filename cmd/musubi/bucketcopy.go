package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"musubi/core/bucket"
	"musubi/core/disk"
)

// Copies in a bucket share their pictures, which never change: photos/ has each once, and a copy is what lies below its time with a
// list of the pictures that it needs. The list is written last: what has none was cut short.
const (
	pictureList = "photos.list"
	picturesDir = "photos"
)

// spareFor is how long a picture that no copy needs stays: a copy that is being made just now may need it.
const spareFor = 24 * time.Hour

// bucketCopies are the copies of one site in a bucket.
type bucketCopies struct{ *bucket.Bucket }

// openCopies opens an address and sees whether it can be used.
func openCopies(ctx context.Context, address string) (bucketCopies, error) {
	b, err := bucket.Open(address)
	if err == nil {
		err = b.Reach(ctx)
	}
	if err != nil {
		return bucketCopies{}, badUsage("%v", err)
	}
	return bucketCopies{b}, nil
}

// add makes one more copy of a data directory and gives its name. While it runs, a copy of the database stands beside the original.
func (b bucketCopies) add(ctx context.Context, data string, problems io.Writer) (name string, err error) {
	if err := worthCopying(data); err != nil {
		return "", err
	}
	beside, err := besideIt(data)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(beside)
	original, err := openOriginal(ctx, data)
	if err != nil {
		return "", err
	}
	defer original.Close()
	name = time.Now().UTC().Format(copyName)
	to := b.Under(name)
	copied := filepath.Join(beside, databaseFile)
	if err = original.copyTo(ctx, copied); err == nil {
		err = putFile(ctx, to, databaseFile, copied)
	}
	for _, file := range backedUp {
		if err == nil && file != picturesDir {
			err = putFile(ctx, to, file, filepath.Join(data, file))
		}
	}
	if err != nil {
		return "", err
	}
	list, err := b.addPictures(ctx, filepath.Join(data, picturesDir))
	if err != nil {
		return "", err
	}
	if err := to.Put(ctx, pictureList, bytes.NewReader(list), int64(len(list))); err != nil {
		return "", err
	}
	there := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		there[strings.ReplaceAll(strings.TrimSpace(line), "/", "")] = true
	}
	_, err = original.tell(ctx, problems, func(name string) bool { return there[name] })
	return name, err
}

// besideIt makes a directory for the copy of the database, and removes what copies left that were killed.
func besideIt(data string) (dir string, err error) {
	const name = "copy-unfinished-"
	left, _ := filepath.Glob(filepath.Join(data, name+"*"))
	for _, dir := range left {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > spareFor {
			if err := os.RemoveAll(dir); err != nil {
				return "", err
			}
		}
	}
	return os.MkdirTemp(data, name)
}

// putFile copies a file; one that is not there is nothing to copy.
func putFile(ctx context.Context, to *bucket.Bucket, name, from string) error {
	f, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return to.Put(ctx, name, f, info.Size())
}

// addPictures copies those that are not there yet, and gives the list of all.
func (b bucketCopies) addPictures(ctx context.Context, dir string) (list []byte, err error) {
	pictures := b.Under(picturesDir)
	there := make(map[string]int64)
	for o, err := range pictures.Objects(ctx, "") {
		if err != nil {
			return nil, err
		}
		there[o.Name] = o.Size
	}
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && (d.IsDir() || disk.Unfinished(file)) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // deleted since
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		list = append(append(list, name...), '\n')
		if size, has := there[name]; has && size == info.Size() {
			return nil
		}
		return putFile(ctx, pictures, name, file)
	})
	return list, err
}

// names are those of the whole copies, oldest first, and of those cut short.
func (b bucketCopies) names(ctx context.Context) (whole, short []string, err error) {
	var seen []string
	for o, err := range b.Objects(ctx, "musubi-") {
		if err != nil {
			return nil, nil, err
		}
		name, file, _ := strings.Cut(o.Name, "/")
		if _, bad := time.Parse(copyName, name); bad != nil {
			continue
		}
		if !slices.Contains(seen, name) {
			seen = append(seen, name)
		}
		if file == pictureList {
			whole = append(whole, name)
		}
	}
	for _, name := range seen {
		if !slices.Contains(whole, name) {
			short = append(short, name)
		}
	}
	return whole, short, nil
}

// expire deletes copies older than age, but never the newest, and pictures that none of the others needs.
func (b bucketCopies) expire(ctx context.Context, age time.Duration) error {
	whole, short, err := b.names(ctx)
	if err != nil || len(whole) == 0 {
		return err
	}
	old := func(name string) bool {
		at, _ := time.Parse(copyName, name)
		return time.Since(at) > age
	}
	needed, gone := make(map[string]bool), false
	for _, name := range whole {
		if old(name) && name != whole[len(whole)-1] {
			short, gone = append(short, name), true
			continue
		}
		if err := b.needs(ctx, name, func(picture string) error { needed[picture] = true; return nil }); err != nil {
			return err
		}
	}
	for _, name := range short {
		if !old(name) { // one that is being made
			continue
		}
		gone = true
		// The list goes first, so that a copy half deleted is none.
		if err := b.Remove(ctx, path.Join(name, pictureList)); err != nil {
			return err
		}
		for o, err := range b.Objects(ctx, name+"/") {
			if err == nil {
				err = b.Remove(ctx, o.Name)
			}
			if err != nil {
				return err
			}
		}
	}
	if !gone {
		return nil
	}
	for o, err := range b.Objects(ctx, picturesDir+"/") {
		if err == nil && !needed[strings.TrimPrefix(o.Name, picturesDir+"/")] && time.Since(o.Changed) > spareFor {
			err = b.Remove(ctx, o.Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// needs tells of each picture that a copy needs.
func (b bucketCopies) needs(ctx context.Context, name string, picture func(name string) error) error {
	r, _, err := b.Get(ctx, path.Join(name, pictureList))
	if err != nil {
		return err
	}
	defer r.Close()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if err := picture(lines.Text()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// restore writes a copy into a new data directory, the database first.
func (b bucketCopies) restore(ctx context.Context, name, data string) error {
	from := b.Under(name)
	for _, file := range append([]string{databaseFile}, backedUp...) {
		if file == picturesDir {
			continue
		}
		err := getFile(ctx, from, file, filepath.Join(data, file))
		if file != databaseFile && errors.Is(err, fs.ErrNotExist) {
			continue // as where it was copied from
		}
		if err == nil && file == databaseFile {
			if err = wholeDatabase(ctx, filepath.Join(data, file)); err != nil {
				err = errors.Join(err, os.Remove(filepath.Join(data, file)))
			}
		}
		if err != nil {
			return err
		}
	}
	pictures := b.Under(picturesDir)
	return b.needs(ctx, name, func(picture string) error {
		file := filepath.Join(data, picturesDir, filepath.FromSlash(picture))
		if !filepath.IsLocal(filepath.FromSlash(picture)) {
			return fmt.Errorf("%s names %q, which is no picture", pictureList, picture)
		}
		if err := disk.MakeDir(filepath.Dir(file)); err != nil {
			return err
		}
		return getFile(ctx, pictures, picture, file)
	})
}

func getFile(ctx context.Context, from *bucket.Bucket, name, to string) error {
	r, size, err := from.Get(ctx, name)
	if err != nil {
		return err
	}
	defer r.Close()
	return disk.WriteNewTo(to, func(out *os.File) error {
		n, err := io.Copy(out, r)
		if err == nil && n != size {
			err = fmt.Errorf("%s: %d bytes of %d came", name, n, size)
		}
		return err
	})
}

// splitCopy tells the address of all copies from the name of one; "" is the newest.
func splitCopy(address string) (all, name string) {
	place, query, asked := strings.Cut(address, "?")
	place = strings.TrimRight(place, "/")
	if last := path.Base(place); len(last) > 0 {
		if _, err := time.Parse(copyName, last); err == nil {
			place, name = strings.TrimSuffix(place, last), last
		}
	}
	if asked {
		place += "?" + query
	}
	return place, name
}
