package main

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	stdio "io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"musubi/core"
	"musubi/core/disk"
	"musubi/core/store"
	"musubi/core/store/survey"
)

// importWhole reads such a file into a new site.
func (c *importCmd) importWhole(io *std) (err error) {
	z, err := zip.OpenReader(c.Args.File)
	if err != nil {
		return badUsage("%s: %v; expected what musubi export wrote", c.Args.File, err)
	}
	defer z.Close()
	var site wholeSite
	if err := readJSON(&z.Reader, wholeIndex, &site); err != nil || site.Format != wholeFormat {
		return badUsage("%s has no %s of a site: expected what musubi export wrote", c.Args.File, wholeIndex)
	}
	if site.Version != wholeVersion {
		return badUsage("%s is of format %d, this program reads %d", c.Args.File, site.Version, wholeVersion)
	}
	if c.DryRun {
		for _, t := range site.Tables {
			fmt.Fprintf(io.Out, "%8d %s\n", t.Rows, t.Name)
		}
		return nil
	}
	ctx, stop := untilSignal()
	defer stop()
	again, err := c.begin(ctx, &z.Reader)
	if err != nil {
		return err
	}
	o := onDB(c.Data, c.shared, logger(io.Err, slog.LevelWarn))
	o.reading = true
	room, err := openCore(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, room.Close()) }()
	if c.DB != "" {
		if _, err := room.store.Engine().Keep(ctx, importMark, again.mark); err != nil {
			return err
		}
	}
	if err := room.store.Clear(ctx, again.begun); err != nil {
		return err
	}
	rows, damaged, err := c.read(ctx, &z.Reader, room, site, io)
	if err != nil {
		return fmt.Errorf("%w (the site in %s is not whole; the same command begins again)", err, c.Data)
	}
	if err := c.end(ctx, room); err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "%d rows of %d tables and %d pictures and films are in %s\n", rows, len(site.Tables), site.Photos-damaged, c.Data)
	return c.missing(ctx, room, damaged, io)
}

// read stores what is in the file.
func (c *importCmd) read(ctx context.Context, z *zip.Reader, room *coreRoom, site wholeSite, io *std) (rows, damaged int, err error) {
	if damaged, err = c.pictures(ctx, z, room, io); err != nil {
		return 0, 0, err
	}
	for _, t := range site.Tables {
		n, err := readTable(ctx, z, room.store, t)
		if err != nil {
			return rows, damaged, fmt.Errorf("%s: %w", t.Name, err)
		}
		rows += n
	}
	return rows, damaged, nil
}

// missing names pictures that rows have and the file had not, or had damaged.
func (c *importCmd) missing(ctx context.Context, room *coreRoom, damaged int, io *std) error {
	lost := 0
	err := survey.EachBlob(ctx, room.store.Engine(), func(name string) {
		if room.photos.Has(name) {
			return
		}
		if lost++; lost <= mostNamed {
			fmt.Fprintf(io.Err, "wrong  %s%s is not in %s, and a row shows it\n", wholePhotos, name, c.Args.File)
		}
	})
	if err == nil && lost+damaged > 0 {
		err = fmt.Errorf("%s lacks %s that the site shows: all else is in %s; put the files back from a backup of the other site (musubi restore), or export it again and read that into a new directory", c.Args.File, count(max(lost, damaged), "picture or film", "pictures and films"), c.Data)
	}
	return err
}

// importMark is in a data directory, and in the database beside it, from the begin of an import of a whole site to its end: nothing is served of
// half a site, and the same command begins again where what is there is its own.
const importMark = "import.begun"

// errHalf refuses half a site.
func errHalf(data string) error {
	return fmt.Errorf("a whole site was being read into %s and did not come to its end: give the same musubi import musubi FILE again, which begins anew, or delete what is there", data)
}

// begun is how far an import was that came before.
type begun struct {
	mark  string // names the import
	begun bool   // what is there is half of a site, and of this import
}

// begin makes a directory ready for a site, with the keys of the other one: links, sessions and easy login go on working.
func (c *importCmd) begin(ctx context.Context, z *zip.Reader) (b begun, err error) {
	mark := filepath.Join(c.Data, importMark)
	was, _ := os.ReadFile(mark)
	b.begun = was != nil
	if !b.begun && (exists(filepath.Join(c.Data, "secret")) || exists(filepath.Join(c.Data, databaseFile))) {
		return b, badUsage("--data %s is a site already: a whole site is read into a new directory", c.Data)
	}
	if b.mark = string(was); b.mark == "" {
		b.mark = rand.Text()
	}
	if c.DB != "" {
		if b.begun, err = c.clearDB(ctx, b.mark); err != nil {
			return b, err
		}
	}
	err = disk.MakeDir(c.Data)
	if err == nil {
		err = disk.Write(mark, []byte(b.mark))
	}
	for _, left := range []string{"secret", freshSecret, loginKeysFile} {
		err = errors.Join(err, removed(filepath.Join(c.Data, left)))
	}
	if c.DB == "" {
		err = errors.Join(err, removed(filepath.Join(c.Data, databaseFile)))
	}
	if err != nil {
		return b, err
	}
	return b, c.keys(z)
}

// clearDB refuses a database in which somebody is, unless half of this import is all that is there. What an empty one keeps of another secret
// it forgets.
func (c *importCmd) clearDB(ctx context.Context, mark string) (again bool, err error) {
	if err := c.checkShared(); err != nil {
		return false, err
	}
	st, err := store.Open(ctx, store.Config{URL: c.DB})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	kept, err := st.Engine().Kept(ctx, importMark)
	if err != nil {
		return false, err
	}
	again = kept == mark
	if !again {
		if err := st.Clear(ctx, false); errors.Is(err, store.ErrNotEmpty) {
			return false, badUsage("the database of --db has members: a whole site is read into an empty one")
		} else if err != nil {
			return false, err
		}
	}
	return again, st.Engine().Forget(ctx, importMark, "secret print", "secret", loginKeysFile)
}

// end says that all is in.
func (c *importCmd) end(ctx context.Context, room *coreRoom) (err error) {
	if c.DB != "" {
		err = room.store.Engine().Forget(ctx, importMark)
	}
	if err == nil {
		err = os.Remove(filepath.Join(c.Data, importMark))
	}
	return err
}

func readJSON(z *zip.Reader, name string, to any) error {
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return json.NewDecoder(stdio.LimitReader(f, wholeLine)).Decode(to)
}

// keys puts the keys of the site there. Beside a file the secret gets its name when that is made, see freshSecret.
func (c *importCmd) keys(z *zip.Reader) error {
	for _, key := range []string{"secret", loginKeysFile} {
		b, err := fs.ReadFile(z, wholeKeys+key)
		if errors.Is(err, fs.ErrNotExist) && key != "secret" {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s has no %s: %w", c.Args.File, wholeKeys+key, err)
		}
		name := key
		if key == "secret" && c.DB == "" {
			name = freshSecret
		}
		if err := disk.Write(filepath.Join(c.Data, name), b); err != nil {
			return err
		}
	}
	return nil
}

// pictures stores them by their content; those that are damaged are named, and stay out.
func (c *importCmd) pictures(ctx context.Context, z *zip.Reader, room *coreRoom, io *std) (damaged int, err error) {
	for _, f := range z.File {
		name, is := strings.CutPrefix(f.Name, wholePhotos)
		if !is || name == "" {
			continue
		}
		if ctx.Err() != nil {
			return damaged, ctx.Err()
		}
		b, err := contentOf(f)
		if sum := sha256.Sum256(b); err != nil || hex.EncodeToString(sum[:]) != name {
			if damaged++; damaged <= mostNamed {
				fmt.Fprintf(io.Err, "wrong  %s of %s is damaged\n", f.Name, c.Args.File)
			}
			continue
		}
		if _, err := room.photos.Put(ctx, b); err != nil {
			return damaged, err
		}
	}
	return damaged, nil
}

// contentOf is a file of a ZIP.
func contentOf(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return stdio.ReadAll(stdio.LimitReader(in, int64(f.UncompressedSize64)+1))
}

// readTable reads the lines of a table. A column that is not there any more would lose what is in it: it is refused.
func readTable(ctx context.Context, z *zip.Reader, to *store.Store, t wholeTable) (n int, err error) {
	tables := to.WholeTables()
	at := slices.IndexFunc(tables, func(x core.Table) bool { return x.Name == t.Name })
	if at < 0 {
		return 0, fmt.Errorf("this program has no such table: read the file with the version that wrote it")
	}
	var columns []string
	for _, c := range t.Columns {
		if !slices.ContainsFunc(tables[at].Fields(), func(f core.Field) bool { return f.Name == c.Name }) {
			return 0, fmt.Errorf("this program has no column %s: read the file with the version that wrote it", c.Name)
		}
		columns = append(columns, c.Name)
	}
	f, err := z.Open(wholeTables + t.Name + ".jsonl")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, wholeLine)
	var rows [][]any
	for lines.Scan() {
		var row map[string]any
		d := json.NewDecoder(strings.NewReader(lines.Text()))
		d.UseNumber()
		if err := d.Decode(&row); err != nil {
			return n, fmt.Errorf("line %d: %w", n+1, err)
		}
		values := make([]any, len(columns))
		for i, c := range t.Columns {
			if values[i], err = asStored(c.Kind, row[c.Name]); err != nil {
				return n, fmt.Errorf("line %d, %s: %w", n+1, c.Name, err)
			}
		}
		n++
		if rows = append(rows, values); len(rows) == wholeBatch {
			if err := to.PutRows(ctx, tables[at], columns, rows); err != nil {
				return n, err
			}
			rows = rows[:0]
		}
	}
	if err := errors.Join(lines.Err(), to.PutRows(ctx, tables[at], columns, rows)); err != nil {
		return n, err
	}
	if n != t.Rows {
		return n, fmt.Errorf("%d lines, expected %d: the file is not whole", n, t.Rows)
	}
	return n, nil
}
