package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	stdio "io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"musubi/core"
	"musubi/core/disk"
	"musubi/core/store"
)

// The whole of a site in one file (docs/export.md): a ZIP of text and pictures that needs no musubi to be read.
const (
	wholeFormat  = "musubi site"
	wholeVersion = 1
	wholeIndex   = "site.json"
	wholeTables  = "tables/"
	wholePhotos  = "photos/"
	wholeKeys    = "keys/"
	wholeBatch   = 500     // rows of one transaction
	wholeLine    = 8 << 20 // bytes of one row
)

// exportCmd writes a whole site into one file.
type exportCmd struct {
	Args struct {
		To string `positional-arg-name:"FILE" description:"New file (ZIP)." required:"1"`
	} `positional-args:"yes"`
	Data string `long:"data" description:"Directory of the database, photos and keys." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// wholeSite is the index of the file.
type wholeSite struct {
	Format  string       `json:"format"`
	Version int          `json:"version"`
	Program string       `json:"program"`
	MadeAt  time.Time    `json:"made_at"`
	Tables  []wholeTable `json:"tables"` // in the order in which they are read in
	Photos  int          `json:"photos"`
}

type wholeTable struct {
	Name    string        `json:"name"`
	Columns []wholeColumn `json:"columns"`
	Rows    int           `json:"rows"`
}

type wholeColumn struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // text, number, flag, time or id
}

// wholeKind says how values of a column are written.
func wholeKind(f core.Field) string {
	switch f.Kind {
	case core.FlagField:
		return "flag"
	case core.TimeField:
		return "time"
	case core.IDField, core.SelfField, core.MemberField, core.AuthorField:
		return "id"
	case core.NumberField, core.VisibilityField, core.FolderField, core.AttachmentField, core.InvitationField, core.NewsField:
		return "number"
	}
	return "text"
}

// asJSON writes a value as the file has it: what does not fit its kind stays as it is.
func asJSON(kind string, v any) any {
	n, number := v.(int64)
	switch {
	case !number:
		return v
	case kind == "flag" && (n == 0 || n == 1):
		return n == 1
	case kind == "time" && n != 0:
		return time.UnixMilli(n).UTC().Format("2006-01-02T15:04:05.000Z")
	case kind == "time":
		return nil
	case kind == "id":
		return strconv.FormatInt(n, 10)
	}
	return n
}

// asStored is the opposite.
func asStored(kind string, v any) (any, error) {
	switch v := v.(type) {
	case nil:
		if kind == "time" {
			return int64(0), nil
		}
		return nil, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case json.Number:
		return v.Int64()
	case string:
		switch kind {
		case "time":
			t, err := time.Parse(time.RFC3339, v)
			return t.UnixMilli(), err
		case "id":
			return strconv.ParseInt(v, 10, 64)
		}
		return v, nil
	}
	return nil, fmt.Errorf("expected a text, a number, true, false or null, found %T", v)
}

// Run writes the file, while musubi serves or not: a database file is copied first, so that all of it is of one moment.
func (c *exportCmd) Run(io *std) (err error) {
	ctx, stop := untilSignal()
	defer stop()
	if _, err := os.Stat(c.Args.To); err == nil {
		return badUsage("%s is there already: expected the name of a new file", c.Args.To)
	}
	room, err := openOwn(c.Data, c.shared, io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, room.Close()) }()
	from := room.store
	if c.DB == "" {
		copied := filepath.Join(filepath.Dir(c.Args.To), "."+filepath.Base(c.Args.To)+".db")
		defer func() { err = errors.Join(err, removed(copied)) }()
		if err := room.store.Backup(ctx, copied); err != nil {
			return err
		}
		if from, err = store.Open(ctx, store.Config{Path: copied}); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, from.Close()) }()
	}
	var site wholeSite
	if err := disk.WriteNewTo(c.Args.To, func(out *os.File) (err error) {
		site, err = c.write(ctx, room, from, out)
		return err
	}); err != nil {
		return err
	}
	rows := 0
	for _, t := range site.Tables {
		rows += t.Rows
	}
	fmt.Fprintf(io.Out, "%s of %d tables and %s in %s: it holds the keys of the site, keep it as safe as the site\n", count(rows, "row", "rows"), len(site.Tables), count(int(site.Photos), "picture or film", "pictures and films"), c.Args.To)
	return nil
}

// removed deletes a file and what SQLite has beside it.
func removed(path string) (err error) {
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		if gone := os.Remove(p); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// write makes the file.
func (c *exportCmd) write(ctx context.Context, room *coreRoom, from *store.Store, out stdio.Writer) (site wholeSite, err error) {
	z := zip.NewWriter(out)
	site = wholeSite{Format: wholeFormat, Version: wholeVersion, Program: version(), MadeAt: time.Now().UTC().Truncate(time.Second)}
	for _, t := range from.WholeTables() {
		w, err := z.Create(wholeTables + t.Name + ".jsonl")
		if err != nil {
			return site, err
		}
		table, err := writeTable(ctx, from, t, w)
		if err != nil {
			return site, err
		}
		site.Tables = append(site.Tables, table)
	}
	err = room.photos.Each(time.Now().Add(time.Hour), func(names []string) error {
		for _, name := range names {
			if err := c.picture(ctx, z, room, name); err != nil {
				return err
			}
			site.Photos++
		}
		return ctx.Err()
	})
	for _, key := range []string{"secret", loginKeysFile} {
		b, missing := os.ReadFile(filepath.Join(c.Data, key))
		if key == "secret" {
			b, missing = room.secret, nil
		}
		if missing == nil && err == nil {
			err = zipped(z, wholeKeys+key, b)
		}
	}
	if err == nil {
		var index []byte
		if index, err = json.MarshalIndent(site, "", "\t"); err == nil {
			err = zipped(z, wholeIndex, append(index, '\n'))
		}
	}
	return site, errors.Join(err, z.Close())
}

func zipped(z *zip.Writer, name string, b []byte) error {
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

// picture puts a picture or film into the file as it is: none gets smaller by being packed.
func (c *exportCmd) picture(ctx context.Context, z *zip.Writer, room *coreRoom, name string) error {
	in, _, err := room.photos.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, core.ErrNotFound) {
		return nil // deleted a moment ago
	}
	if err != nil {
		return err
	}
	defer in.Close()
	w, err := z.CreateHeader(&zip.FileHeader{Name: wholePhotos + name, Method: zip.Store})
	if err == nil {
		_, err = stdio.Copy(w, in)
	}
	return err
}

// writeTable writes a row on each line.
func writeTable(ctx context.Context, from *store.Store, t core.Table, w stdio.Writer) (table wholeTable, err error) {
	table.Name = t.Name
	fields := t.Fields()
	for _, f := range fields {
		table.Columns = append(table.Columns, wholeColumn{f.Name, wholeKind(f)})
	}
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	row := make(map[string]any, len(fields))
	err = from.EachRow(ctx, t, func(values []any) error {
		for i, v := range values {
			row[fields[i].Name] = asJSON(table.Columns[i].Kind, v)
		}
		table.Rows++
		return lines.Encode(row)
	})
	return table, err
}
